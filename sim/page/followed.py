"""One followed operation: what is expected, what came, and what can be entered."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from starlette.responses import Response

from sim.errors import EvidenceError, OptionError, SimError
from sim.page.asked import NotThereError, PageVisit, text_of
from sim.page.follow import cases_of, folder_of, moment_in
from sim.page.follow_labels import FOLLOW
from sim.page.labels import filled
from sim.page.pass_door import at_the_door, opened, stopped_at_the_door
from sim.page.results import file_in, shown_files
from sim.report.forms.brief_pdf import can_write_pdf
from sim.report.since_last import log_table
from sim.scenario.origins import origins_of
from sim.scenario.titles import of_site
from sim.studies.following.followed import FollowedOperation
from sim.studies.following.forecast import planned
from sim.studies.following.lifecycle import delete, followed_in
from sim.studies.following.lines import changed_in, lines_of
from sim.studies.following.pass_phrase import (
    ENCRYPTS_NOTHING,
    is_protected,
    protect,
    unprotect,
)
from sim.studies.following.said_figure import METRICS
from sim.studies.kept_results import said_in
from sim.words import Number, Text

Wrong = Mapping[str, list[Text]]
_SAID = (
    *("attributed_to", "origin", "metric", "from", "low", "best", "high"),
    *("published", "note", "family", "source", "since", "to"),
)
"""Columns that the form has fields for."""
_AS_WHO_SAYS = frozenset({"family", "source"})
"""Columns that say the same as who says so, unless they say something else."""
_ASKED = frozenset({"as_of", "consent", "phrase"})
"""Options that the form has fields for; others have buttons."""
_EVERY_S = 2
_ACTIVE = frozenset({"waiting", "running"})


def _followed(asked: PageVisit) -> Response:
    """Show an operation, or do with it what a form asks.

    Raises
    ------
    NotThereError
        If there is no such operation, or nothing that can be done so.
    """
    folder = folder_of(asked)
    if (stopped := stopped_at_the_door(asked, folder)) is not None:
        return stopped
    if asked.form is None:
        return _shown(asked, folder, {})
    does = _DOES.get(asked.text("do"))
    if does is None:
        raise NotThereError
    try:
        return does(asked, folder)
    except NotThereError:
        raise
    except OptionError as error:
        option, sentence = error.args
        field = option if option in _ASKED else "form"
        return _shown(asked, folder, {field: [sentence]})
    except SimError as error:
        return _shown(asked, folder, {"form": [text_of(error)]})


def _shown(asked: PageVisit, folder: Path, wrong: Wrong) -> Response:
    followed = followed_in(folder)
    known = followed.known()
    operation, standing = known.operation, known.standing
    entries = [e for queue in _queues(asked) for e in queue.entries()]
    entries.sort(key=lambda entry: entry.began, reverse=True)
    done = [each for each in entries if each.folder is not None]
    active = [each for each in entries if f"{each.standing}" in _ACTIVE]
    response = asked.shown(
        "followed.html.j2",
        status=422 if wrong else 200,
        own=FOLLOW,
        name=folder.name,
        title=operation.operation,
        undo=_labels("undo", standing.undoable),
        redo=_labels("redo", standing.redoable),
        log=log_table(lines_of(standing), operation),
        sites=[(site, of_site(operation, site)) for site in origins_of(operation)],
        groups=_groups(operation),
        metrics=[*METRICS.items()],
        cases=cases_of(asked),
        taken=standing.scenario.name,
        example=f"{followed.local_now():%Y-%m-%dT%H:%M}",
        latest=_told(done[0]) if done else None,
        older=done[1:],
        unfinished=[each for each in entries if each.folder is None],
        active=active,
        clock=followed.clock(),
        protected=is_protected(folder),
        encrypts_nothing=ENCRYPTS_NOTHING,
        can_write_pdf=can_write_pdf(),
        still="still" in asked.query,
        wrong=wrong,
    )
    if active and not wrong and "still" not in asked.query:
        response.headers["refresh"] = f"{_EVERY_S}"
    return response


def _queues(asked: PageVisit) -> tuple[Any, Any]:
    """Return the queue of forecasts, and that of those in full that follow them.

    Raises
    ------
    NotThereError
        If the operation was deleted meanwhile.
    """
    queues = asked.desk.queues
    with queues.undisturbed():
        followed = FollowedOperation(folder_of(asked))
        return queues.shown(followed.forecasts), queues.seen(followed.in_full)


def _labels(name: str, numbers: tuple[int, ...]) -> list[tuple[int, Text]]:
    return [
        (number, filled(FOLLOW[name], number=Number(number)))
        for number in reversed(numbers)
    ]


def _groups(operation: Any) -> list[tuple[str, Text]]:
    names = {name for site in operation.sites.values() for name in site.groups}
    return [("", FOLLOW["everybody"]), *((name, name) for name in sorted(names))]


def _told(entry: Any) -> dict[str, Any]:
    """Return what the page shows of a forecast that is done."""
    return {
        "entry": entry,
        "says": said_in(entry.folder),
        "changed": changed_in(entry.folder),
        "files": shown_files(entry.folder),
    }


# What can be done with it


def _back(asked: PageVisit, folder: Path) -> Response:
    return asked.moved("followed", folder.name)


def _enter(asked: PageVisit, folder: Path) -> Response:
    cells = {name: asked.text(name) for name in _SAID}
    if group := asked.text("group"):
        cells["select"] = f"group={group}"
    followed = followed_in(folder)
    try:
        followed.enter(cells, asked.notes.append)
    except EvidenceError:
        wrong: dict[str, list[Text]] = {}
        for problem in followed.problems(cells).problems:
            if problem.column in _AS_WHO_SAYS and not cells["attributed_to"]:
                continue  # it is taken from there
            field = "group" if problem.column == "select" else problem.column
            wrong.setdefault(_FIELDS.get(field, field), []).append(problem.said)
        return _shown(asked, folder, wrong)
    return _back(asked, folder)


def _undo(asked: PageVisit, folder: Path) -> Response:
    followed_in(folder).undo(_number(asked))
    return _back(asked, folder)


def _redo(asked: PageVisit, folder: Path) -> Response:
    followed_in(folder).redo(_number(asked))
    return _back(asked, folder)


def _number(asked: PageVisit) -> int:
    """Return the number of the entry that a form is about.

    Raises
    ------
    NotThereError
        If it is none.
    """
    text = asked.text("entry")
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise NotThereError
    return int(text)


def _take(asked: PageVisit, folder: Path) -> Response:
    kept = asked.desk.library.cases().get(asked.text("case"))
    if kept is None:
        raise NotThereError
    followed_in(folder).take(kept.path, asked.notes.append)
    return _back(asked, folder)


def _forecast(asked: PageVisit, folder: Path) -> Response:
    followed = FollowedOperation(folder)
    moment = moment_in(asked.text("as_of"), "as_of") or followed.local_now()
    consent = "consent" in asked.given
    pdf = "pdf" in asked.given
    minute = moment.isoformat(timespec="minutes")
    words = ["follow", "forecast", folder.name, "--as-of", minute]
    words += [f"--{name}" for name in ("consent", "pdf") if name in asked.given]
    plan = planned(
        folder, moment, consent=consent, pdf=pdf, caller=asked.caller(*words)
    )
    whole = None
    if plan.options["basis"] is not None and "in_full" in asked.given:
        caller = asked.caller(*words, "--full")
        whole = planned(
            folder, moment, full=True, consent=consent, pdf=pdf, caller=caller
        )
    queues = asked.desk.queues
    with queues.undisturbed():
        folder_of(asked)  # it may have been deleted since
        queues.of(followed.forecasts).add(plan)
        if whole is not None:
            queue = queues.of(followed.in_full, behind=True)
            for each in queue.entries():  # this one will know more
                if f"{each.standing}" == "waiting":
                    queue.remove(each.address)
            queue.add(whole)
    return _back(asked, folder)


def _stop(asked: PageVisit, folder: Path) -> Response:
    return _with_study(asked, folder, "stop")


def _resume(asked: PageVisit, folder: Path) -> Response:
    return _with_study(asked, folder, "resume")


def _remove(asked: PageVisit, folder: Path) -> Response:
    return _with_study(asked, folder, "remove")


def _with_study(asked: PageVisit, folder: Path, does: str) -> Response:
    """Stop a forecast, let it go on, or remove it.

    Raises
    ------
    NotThereError
        If there is none.
    """
    for queue in _queues(asked):
        with suppress(KeyError):
            getattr(queue, does)(asked.text("study"))
            return _back(asked, folder)
    raise NotThereError


def _protect(asked: PageVisit, folder: Path) -> Response:
    protect(folder, asked.given.get("phrase", ""))
    return opened(asked, folder)


def _unprotect(asked: PageVisit, folder: Path) -> Response:
    unprotect(folder)
    return _back(asked, folder)


def _delete(asked: PageVisit, folder: Path) -> Response:
    followed, queues = FollowedOperation(folder), asked.desk.queues
    with queues.undisturbed():
        for each in (followed.forecasts, followed.in_full):
            queues.close(each)
        delete(folder)
    return asked.moved("follow")


_DOES: Mapping[str, Callable[[PageVisit, Path], Response]] = MappingProxyType(
    {
        "enter": _enter,
        "undo": _undo,
        "redo": _redo,
        "take": _take,
        "forecast": _forecast,
        "stop": _stop,
        "resume": _resume,
        "remove": _remove,
        "protect": _protect,
        "unprotect": _unprotect,
        "delete": _delete,
    }
)
"""What a form can ask."""
_FIELDS = MappingProxyType(
    {"bound": "best", "unit": "metric", "id": "best", "claim_group": "best"}
)
"""Fields beside which it stands what is wrong with a column that has none."""


def _door(asked: PageVisit) -> Response:
    """Open it with its pass phrase, or lock it again: nothing that is kept changes."""
    folder = folder_of(asked)
    return _back(asked, folder) if asked.form is None else at_the_door(asked, folder)


# Files


def _evidence(asked: PageVisit) -> Response:
    """Give the table of evidence that all entries amount to."""
    folder = folder_of(asked)
    if (stopped := stopped_at_the_door(asked, folder)) is not None:
        return stopped
    text = followed_in(folder).known().evidence
    headers = {"content-disposition": "attachment; filename=evidence.csv"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _file(asked: PageVisit) -> Response:
    """Give a file of a forecast.

    Raises
    ------
    NotThereError
        If there is none.
    """
    folder = folder_of(asked)
    if (stopped := stopped_at_the_door(asked, folder)) is not None:
        return stopped
    for queue in _queues(asked):
        with suppress(KeyError):
            entry = queue.entry(asked.named["address"])
            if entry.folder is not None:
                return file_in(entry.folder, asked.named["file"])
    raise NotThereError


ROUTES = (
    ("/followed/{operation}", _followed, True),
    ("/followed/{operation}/door", _door, True, True),
    ("/followed/{operation}/evidence.csv", _evidence),
    ("/followed/{operation}/forecast/{address}/{file:path}", _file),
)
