"""What somebody asks of the page, and the ways to answer."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.datastructures import FormData, QueryParams, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sim.errors import EvidenceError, OptionError, RunError, ScenarioError, SimError
from sim.invocation import program
from sim.page.guard import Doorway
from sim.page.labels import LABELS, LANGUAGES, filled
from sim.page.painter import Painter
from sim.page.queues import Queues
from sim.report.forms.pages import templates
from sim.studies.library import KeptCase, Library
from sim.studies.told import Caller, Told
from sim.words import ENGLISH, Text, Words, joined, languages, say

if TYPE_CHECKING:
    from sim.studies.cases import Scenario
    from sim.studies.queue import Queue

_MOST_TOLD = 200
MOST_CHANGES = 200
"""Changes beside a case: each is shown with a link that holds all others."""
TOO_MANY_CHANGES = say(
    "So many changes are too long for an address. Save those so far as a variant, and "
    "go on from there."
)
_TEMPLATES = Path(__file__).parent / "templates"


class NotThereError(SimError):
    """There is nothing at an address."""

    def __str__(self) -> str:
        return "There is nothing here."


def text_of(error: SimError) -> Text:
    """Return what an error says, to be worded in the language of the page."""
    match error:
        case OptionError():
            text: Text = error.args[1]
        case ScenarioError() | EvidenceError():
            text = joined((getattr(each, "text", each) for each in error.args[0]), "\n")
        case RunError():
            text = error.args[0]
        case _:
            text = str(error)
    return text


def direction_of(language: str) -> str:
    """Return the direction of a language, which a name at its beginning hides."""
    return Words(language).direction if language in languages() else "auto"


def with_one_line_end(text: str) -> str:
    """Return a text as it was before a browser sent it, which knows one line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Desk:
    """What the page works with.

    Attributes
    ----------
    folder : the planner's, with `scenarios` in it.
    queues : of studies, and of the forecasts of each followed operation.
    language : in which the page opens.
    told : what whoever asked for something should know, by the address that answers.
    painter : of what the runs so far say.
    """

    folder: Path
    queues: Queues
    language: str = ENGLISH
    told: dict[str, list[Text]] = field(default_factory=dict)
    painter: Painter = field(default_factory=Painter)

    @property
    def queue(self) -> "Queue":
        """The queue of studies; whoever is early waits for it."""
        return self.queues.studies()

    @cached_property
    def library(self) -> Library:
        """The cases in the folder."""
        return Library(self.folder)


@dataclass(frozen=True)
class PageVisit:
    """A request, as far as a page needs it.

    Attributes
    ----------
    named : the parts of the address that name something.
    query : what stands behind it.
    form : what was filled in; None where somebody only looks.
    cookies : that the browser sent.
    """

    desk: Desk
    door: Doorway
    language: str
    path: str
    named: Mapping[str, str]
    query: QueryParams
    form: FormData | None = None
    cookies: Mapping[str, str] = field(default_factory=dict)
    notes: list[Told] = field(default_factory=list)

    @cached_property
    def words(self) -> Words:
        """Words texts in the language of the address."""
        return Words(self.language)

    @property
    def given(self) -> Mapping[str, str]:
        """What was filled in, or stands in the address if nothing was."""
        source = self.query if self.form is None else self.form
        return {
            key: value for key, value in source.multi_items() if isinstance(value, str)
        }

    def text(self, name: str, default: str = "") -> str:
        """Return what was filled in under a name, without blanks around it."""
        return self.given.get(name, default).strip()

    def texts(self, name: str) -> list[str]:
        """Return all that was filled in or chosen under a name."""
        source = self.query if self.form is None else self.form
        return [each for each in source.getlist(name) if isinstance(each, str)]

    def file(self, name: str) -> UploadFile | None:
        """Return the file that was sent under a name, if one was."""
        found = None if self.form is None else self.form.get(name)
        return found if isinstance(found, UploadFile) and found.filename else None

    @property
    def changes(self) -> list[str]:
        """The changes that are asked for beside a case, none of them empty.

        Raises
        ------
        RunError
            If they are more than a page can show.
        """
        found = [each for each in self.texts("change") if each.strip()]
        if len(found) > MOST_CHANGES:
            raise RunError(TOO_MANY_CHANGES)
        return found

    @property
    def language_of_results(self) -> str:
        """In which a study is to speak: as chosen, or that of the page."""
        chosen = self.text("language")
        return chosen if chosen in languages() else self.language

    def kept(self) -> KeptCase:
        """Return the case that the address names.

        Raises
        ------
        NotThereError
            If there is none.
        """
        found = self.desk.library.cases().get(self.named["name"])
        if found is None:
            raise NotThereError
        return found

    def scenario(self) -> "Scenario":
        """Return that case with the changes that are asked for beside it."""
        from sim.studies.cases import Changed  # noqa: PLC0415 (no first page needs it)

        path = self.kept().path
        return Changed(str(path), tuple(self.changes)) if self.changes else path

    def caller(self, *words: str) -> Caller:
        """Return who asks for a study, with the command that asks for the same.

        Parameters
        ----------
        words : of the command, after the program.
        """
        changes = [word for each in self.changes for word in ("--change", each)]
        language = self.language_of_results
        spoken = [] if language == ENGLISH else ["--language", language]
        typed = shlex.join([*program().split(), *words, *changes, *spoken])
        return Caller(typed, tell=self.notes.append, language=language)

    def link(self, *steps: str, changes: Sequence[str] = (), **query: str) -> str:
        """Return an address within the page, in the same language."""
        path = "/".join(quote(step, safe="/") for step in (self.language, *steps))
        pairs = [*query.items(), *(("change", each) for each in changes)]
        return f"/{path}?{urlencode(pairs)}" if pairs else f"/{path}"

    def shown(self, template: str, *, status: int = 200, **more: Any) -> Response:
        """Return a page made of a template."""
        page = templates(self.language, _TEMPLATES).get_template(template)
        text = page.render(
            asked=self,
            link=self.link,
            page=LABELS,
            filled=filled,
            direction_of=direction_of,
            secret=self.door.secret,
            writable=self.door.writable,
            of_results=self.language_of_results,
            noted=self._noted(),
            all_languages=[(each, LANGUAGES.get(each, each)) for each in languages()],
            languages=[
                (each, LANGUAGES.get(each, each), self._in(each))
                for each in languages()
                if each != self.language
            ],
            **more,
        )
        # What somebody else has written into a folder may hold half a letter.
        return HTMLResponse(text.encode("utf-8", "replace"), status)

    def moved(self, *steps: str, changes: Sequence[str] = (), **query: str) -> Response:
        """Return that the answer is at another address, where notes are told."""
        told, there = self.desk.told, "/".join(steps)
        told.pop(there, None)  # it was of what was done before
        if self.notes:
            told[there] = [each.said for each in self.notes]
            while len(told) > _MOST_TOLD:
                del told[next(iter(told))]
        return RedirectResponse(self.link(*steps, changes=changes, **query), 303)

    def said(self, text: Text) -> str:
        """Return a text in words."""
        return self.words.of(text)

    def _noted(self) -> list[Text]:
        """Return what was noted of what is at this address, and just now."""
        before = self.desk.told.get(self.path.strip("/").partition("/")[2], [])
        return [*before, *(each.said for each in self.notes)]

    def _in(self, language: str) -> str:
        """Return the address of the same page in another language."""
        rest = self.path.split("/", 2)[2:]
        path = quote("/".join(["", language, *rest]))
        return f"{path}?{self.query}" if self.query else path
