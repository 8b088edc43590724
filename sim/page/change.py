"""Changes of a case: ready-made ones, fields by section, and what they make different.

What was changed so far stands in the address, so that back, reload and bookmarks work,
and nothing is kept until it is saved as a variant.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from starlette.responses import Response

from sim.errors import ScenarioError, SimError
from sim.page import reading
from sim.page.asked import PageVisit
from sim.page.field_forms import bounds, changed, parts_of, sections
from sim.page.labels import LABELS, filled
from sim.scenario import Operation
from sim.scenario.plans import FleetPlan
from sim.scenario.problems import Problem, with_remedy
from sim.scenario.ready_made import READY_MADE
from sim.studies.variant import write_variant
from sim.words import Sentence, Text, joined

Wrong = Mapping[str, list[Text]]
_EARLIER_H = (12, 6, 3, 1)


def _change(asked: PageVisit) -> Response:
    """Show what can be changed, take a change, or save those so far."""
    if asked.form is None:
        return _shown(asked, {})
    does = {"add": _add, "fields": _take, "variant": _variant}
    return does.get(asked.text("do"), _add)(asked)


def _shown(asked: PageVisit, wrong: Wrong) -> Response:
    kept = asked.kept()
    differs, more = so_far(asked)
    return asked.shown(
        "change.html.j2",
        status=422 if wrong or more else 200,
        kept=kept,
        title=filled(LABELS["change_title"], name=kept.title),
        ready_made=() if more else ready_made(reading.case(asked).operation),
        wrong={**more, **wrong},
        **_fields(asked, {} if more else {**wrong}),
        **differs,
    )


def _fields(asked: PageVisit, wrong: Wrong) -> dict[str, Any]:
    """Return what a template needs to show the fields of a section."""
    if wrong_of(asked, asked.changes):
        return {"sections": (), "parts": (), "section": "", "known": ()}
    operation = reading.case(asked).operation
    section = asked.text("section")
    parts = parts_of(operation, section)
    forms = [form for part in parts for form in (*part.given, *part.others)]
    return {
        "sections": sections(operation),
        "section": section,
        "parts": parts,
        "bounds": bounds,
        "known": {
            **{name: name for name in ("shift", "name", *READY_MADE)},
            **{form.path: form.id for form in forms},
        },
        "open": {form.path for form in forms if form.path in wrong},
    }


def _take(asked: PageVisit) -> Response:
    """Take the values of fields that were filled in."""
    operation = reading.case(asked).operation
    changes = changed(operation, asked.given, asked.changes)
    wrong: dict[str, list[Text]] = {}
    try:
        reading.changed(asked, changes)
    except ScenarioError as error:
        for problem in error.args[0]:
            wrong.setdefault(problem.path, []).append(_told(problem, where=False))
    except SimError as error:
        wrong["form"] = [str(error)]
    if wrong:
        return _shown(asked, wrong)
    section = asked.text("section")
    return asked.moved("change", asked.kept().name, changes=changes, section=section)


def _add(asked: PageVisit) -> Response:
    """Add a change to those so far, if it can be made."""
    what, value = asked.text("what"), asked.text("value")
    change = f"{what}={value}"
    wrong = wrong_of(asked, [*asked.changes, change])
    if wrong:
        name = asked.text("form") or "path"
        return _shown(asked, {name: [each for all_ in wrong.values() for each in all_]})
    return asked.moved("change", asked.kept().name, changes=[*asked.changes, change])


def _variant(asked: PageVisit) -> Response:
    """Save the changes so far as a variant."""
    kept = asked.kept()
    try:
        path = write_variant(
            kept.path,
            asked.text("name"),
            asked.text("title"),
            asked.changes,
            workbook=asked.text("kind") == "workbook",
        )
    except SimError as error:
        return _shown(asked, {"name": [str(error)]})
    found = asked.desk.library.cases().values()
    name = next((each.name for each in found if each.path == path), kept.name)
    return asked.moved("case", name)


class ReadyForm(NamedTuple):
    """A ready-made change as a form.

    Attributes
    ----------
    name : of the form, by which its label is known.
    what : the change.
    value : to begin with, which can be made as it stands.
    """

    name: str
    what: str
    value: str


def ready_made(operation: Operation) -> tuple[ReadyForm, ...]:
    """Return the ready-made changes of an operation, with values that are its own."""
    middle = f"{operation.clock.local(operation.ends // 2):%Y-%m-%dT%H:%M}"
    forms = [ReadyForm("shift", "shift", "24 h")]
    for name, plan in operation.agreements.items():
        dates = [at for at in (plan.proposed, plan.in_force) if isinstance(at, int)]
        fits = [
            hours
            for hours in _EARLIER_H
            if dates and dates[0] >= timedelta(hours=hours).total_seconds()
        ]
        if fits:
            forms.append(ReadyForm("earlier", "shift", f"-{fits[0]} h from {name}"))
            break
    for name, plan in operation.agreements.items():
        if len(plan.parties) > 1:
            value = f"{[*plan.parties][-1]} of {name} from {middle} for 1 d"
            forms.append(ReadyForm("other-side-stops", "other-side-stops", value))
            break
    for name, fleet in operation.fleets.items():
        if _there(fleet, operation.ends // 2) > 1:
            value = f"{name} from {middle}"
            forms.append(ReadyForm("half-the-fleet", "half-the-fleet", value))
            break
    if operation.legs:
        forms.append(ReadyForm("curfew", "curfew", "06:00 to 18:00"))
    return tuple(forms)


def _there(fleet: FleetPlan, second: int) -> int:
    """Return how many vehicles a fleet has at a moment; 0 if nobody can tell."""
    there = 0
    for sign, numbers in ((1, fleet.joins), (-1, fleet.leaves)):
        for moment, number in numbers.items():
            if not isinstance(moment, int):
                return 0
            there += sign * number * (moment <= second)
    return there


def so_far(asked: PageVisit) -> tuple[dict[str, Any], Wrong]:
    """Return what a template needs to show changes so far, and what is wrong."""
    wrong = wrong_of(asked, asked.changes)
    more: dict[str, Any] = {
        "differs": () if wrong or not asked.changes else reading.differences(asked),
        "without": lambda change: [each for each in asked.changes if each != change],
        "dropped": _dropped,
    }
    return more, wrong


def wrong_of(asked: PageVisit, changes: list[str]) -> Wrong:
    """Return what is wrong with changes of a case; nothing if they can be made."""
    try:
        reading.changed(asked, changes)
    except ScenarioError as error:
        return {"change": [_told(each) for each in error.args[0]]}
    except SimError as error:
        return {"change": [str(error)]}
    return {}


def _told(problem: Problem, *, where: bool = True) -> Text:
    """Return what is wrong, without the place among the changes."""
    told = with_remedy(problem.said, problem.advice)
    return joined((problem.path, told), ": ") if problem.path and where else told


def _dropped(change: str) -> Sentence:
    return filled(LABELS["drop_change"], change=change)


ROUTES = (("/change/{name:path}", _change, True),)
