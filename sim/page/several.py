"""Several sites or fleets at once: lines that were copied out of a spreadsheet."""

from collections.abc import Mapping

from starlette.responses import Response

from sim.page import reading
from sim.page.asked import NotThereError, PageVisit
from sim.page.change import further
from sim.page.changes_so_far import is_too_long, new_problems, told_of
from sim.page.labels import LABELS, filled
from sim.page.saving import into_case
from sim.scenario.several.made import SeveralParts, several
from sim.scenario.several.patterns import PartPattern, patterns_in
from sim.studies.library import CaseKind
from sim.studies.told import Note
from sim.words import Text, joined, say

_TOO_MANY = say(
    "So many are too long for an address. Save them into the case at once, or paste "
    "them in parts and save in between."
)
_GONE = say(
    "There is no '{name}' any more in whose shape they could be made. Look at the "
    "columns again."
)
_ON_LINE = say("line {line}")


def _several(asked: PageVisit) -> Response:
    """Show the form, or make a part of each line.

    Raises
    ------
    NotThereError
        If there is no part in whose shape any could be made.
    """
    draft = reading.draft(asked, asked.changes)
    patterns = patterns_in(draft.tree, asked.text("section"))
    if not patterns:
        raise NotThereError
    like = asked.text("like")
    pattern = next((each for each in patterns if each.name == like), patterns[0])
    if asked.form is None:
        return _shown(asked, patterns, pattern, {})
    made = several(pattern, asked.given.get("lines", ""))
    wrong = [_beside(number, said) for number, said in made.wrong]
    if pattern.name != like:  # its columns may be others
        wrong = [filled(_GONE, name=like)]
    if wrong:
        return _shown(asked, patterns, pattern, {"lines": wrong})
    changes = [*asked.changes, *made.changes]
    into = asked.text("do") == "into"
    if into:
        wrong = into_case(asked, changes)
    else:
        wrong = [] if asked.text("anyway") else _problems(asked, changes, made)
    if wrong:
        return _shown(asked, patterns, pattern, {"lines": wrong}, anyway=not into)
    if not into and is_too_long(asked, changes):
        return _shown(asked, patterns, pattern, {"lines": [_TOO_MANY]})
    asked.notes.extend(map(Note, made.notes))
    if into:
        return asked.moved("case", asked.kept().name)
    return further(asked, changes, section=pattern.section)


def _problems(asked: PageVisit, changes: list[str], made: SeveralParts) -> list[Text]:
    """Return what is wrong with the new parts, each with its line."""
    return [
        _beside(number, told_of(each, where=not number))
        for each in new_problems(asked, changes)
        for number in (made.line_of(each.path),)
    ]


def _beside(number: int, said: Text) -> Text:
    return joined((filled(_ON_LINE, line=number), said), ": ") if number else said


def _shown(
    asked: PageVisit,
    patterns: list[PartPattern],
    pattern: PartPattern,
    wrong: Mapping[str, list[Text]],
    *,
    anyway: bool = False,
) -> Response:
    kept = asked.kept()
    return asked.shown(
        "several.html.j2",
        status=422 if wrong else 200,
        kept=kept,
        title=filled(LABELS["several_in"], name=kept.title),
        heading=LABELS[f"several {pattern.section}"],
        hint=LABELS[f"several_hint {pattern.section}"],
        shape=filled(LABELS[f"several_shape {pattern.section}"], name=pattern.name),
        patterns=patterns,
        pattern=pattern,
        columns=["name", *pattern.needed, *pattern.others],
        own=kept.kind is CaseKind.CASE,
        anyway=anyway,
        wrong=wrong,
    )


ROUTES = (("/several/{name:path}", _several, True),)
