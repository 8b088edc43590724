"""Changes of a case: ready-made ones, fields by section, and what they make different.

What was changed so far stands in the address, so that back, reload and bookmarks work,
and nothing is kept until it is saved as a variant.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from starlette.responses import Response

from sim.errors import EvidenceError, ScenarioError, SimError
from sim.page import reading
from sim.page.asked import (
    MOST_CHANGES,
    TOO_MANY_CHANGES,
    NotThereError,
    PageVisit,
    text_of,
)
from sim.page.field_forms import (
    DROP,
    NewPart,
    added,
    bounds,
    changed,
    holders,
    named,
    new_part,
    parts_of,
    section_of,
    sections,
    without,
)
from sim.page.guard import LONGEST_ADDRESS
from sim.page.labels import LABELS, filled
from sim.scenario import Operation
from sim.scenario.names import ranges_of
from sim.scenario.nodes import MappingNode, Scalar
from sim.scenario.paths import same_moment
from sim.scenario.plans import FleetPlan
from sim.scenario.problems import Problem, with_remedy
from sim.scenario.ready_made import READY_MADE
from sim.scenario.several.patterns import SitePattern, patterns_in
from sim.studies.library import CaseKind
from sim.studies.taken_in import name_of_title
from sim.studies.variant import write_into, write_variant
from sim.words import Sentence, Text, joined, say

Wrong = Mapping[str, list[Text]]
_EARLIER_H = (12, 6, 3, 1)
_THERE = say("'{name}' is there already. Choose another name.")
_NO_NAME = say(
    "'{name}' is not a name: use lower-case letters 'a' to 'z', digits and hyphens."
)
_SHIFT = say(
    "If every date is to move with the start, leave that as it is and take 'Move every "
    "date' instead, with {days}."
)
_NEEDED = say("This is needed.")
_SPARE = 300
"""Signs of an address that links of the page add to it."""


def _change(asked: PageVisit) -> Response:
    """Show what can be changed, take a change, or save those so far."""
    if asked.form is None:
        return _shown(asked, {})
    does = {
        "add": _add,
        "fields": _take,
        "part": _put,
        "variant": _variant,
        "into": _into,
    }
    return does.get(asked.text("do"), _add)(asked)


def _shown(asked: PageVisit, wrong: Wrong, anyway: str = "") -> Response:
    """Show what can be changed.

    What is wrong with the changes so far stands beside the fields that it is about, so
    that it can be mended by further ones: who takes a fleet away goes on with the flows
    that have it.
    """
    kept = asked.kept()
    differs, more = so_far(asked)
    fields: dict[str, Any] = {"sections": (), "parts": (), "section": ""}
    mended_in = {} if asked.changes else {"change": asked.link("text", kept.name)}
    fields |= {"known": mended_in, "headings": {}}
    try:
        draft = reading.draft(asked, asked.changes)
    except ScenarioError:
        pass  # nobody can read it, which is told above
    else:
        more = by_field(draft.problems) if draft.problems else more
        fields = _fields(asked, draft.tree, {**more, **wrong})
    return asked.shown(
        "change.html.j2",
        status=422 if wrong or more else 200,
        kept=kept,
        title=filled(LABELS["change_title"], name=kept.title),
        sound=not more,
        anyway=anyway,
        own=kept.kind is CaseKind.CASE,
        ready_made=() if more else ready_made(reading.case(asked).operation),
        wrong={**more, **wrong},
        **fields,
        **differs,
    )


def _fields(asked: PageVisit, tree: MappingNode, wrong: Wrong) -> dict[str, Any]:
    """Return what a template needs to show the fields of a section.

    Parameters
    ----------
    tree : of the case with the changes so far.
    wrong : by paths; those of fields that are shown get it.
    """
    section, add = asked.text("section"), asked.text("add")
    parts = parts_of(tree, section)
    forms = [form for part in parts for form in (*part.given, *part.others)]
    new = _new(asked, tree, add, asked.text("like")) if add else None
    beside: dict[str, list[Text]] = {}
    known = {name: f"#{name}" for name in ("earlier", "name", "into", *READY_MADE)}
    known |= {"evidence": asked.link("evidence", asked.kept().name)}
    headings = _headings(new)
    for path, told in wrong.items():
        form = next((each for each in forms if _is_in(path, each.path)), None)
        if form is not None:
            beside.setdefault(form.path, []).extend(told)
            part = " ".join(form.field.part[1:])
            said = (part, form.field.heading) if part else (form.field.heading,)
            known[path], headings[path] = f"#{form.id}", joined(said, ": ")
        elif path.startswith("new-"):
            known[path] = f"#{path}"
        elif (there := section_of(path)) and path not in known:
            known[path] = f"{_at(asked, there)}#fields"
    return {
        "sections": sections(),
        "section": section,
        "parts": parts,
        "bounds": bounds,
        "named": named,
        "known": known,
        "headings": headings,
        "beside": beside,
        "holders": holders(section),
        "new": new,
        "several": _several_at(asked, tree, section),
        "at": lambda add, like="": _at(asked, section, add=add, like=like),
        "taken_away": lambda *parts: _taken_away(asked, tree, section, parts),
        "whole": {
            f"sites.{each.name}": each.whole()
            for each in patterns_in(tree, section)
            if isinstance(each, SitePattern)
        },
    }


def _taken_away(
    asked: PageVisit, tree: MappingNode, section: str, parts: Sequence[str]
) -> str:
    """Return the address of a section without some parts, and their ranges."""
    changes, plain = asked.changes, _plain(asked)
    for path in (*parts, *ranges_of(tree, parts)):
        changes = without(plain, path, changes)
    return asked.link("change", asked.kept().name, changes=changes, section=section)


def _headings(new: NewPart | None) -> dict[str, Text]:
    """Return what inputs are called, by their ids: of any page, and of a new part."""
    own: dict[str, Text] = {name: LABELS[name] for name in ("earlier", *READY_MADE)}
    own |= {"name": LABELS["case_name"], "into": LABELS["variant_title"]}
    if new is None:
        return own
    if new.named:
        own["new-name"] = LABELS[f"new_{new.named}"]
    fields = (*new.needed, *new.others)
    return own | {form.id: form.field.heading for form in fields}


def _new(
    asked: PageVisit, tree: MappingNode, add: str, like: str = ""
) -> NewPart | None:
    """Return the inputs of a new part, with examples of the case that comes along."""
    try:
        example = reading.example(asked)
    except ScenarioError:
        example = None  # somebody took it away, or broke it
    return new_part(tree, add, like, example)


def _at(asked: PageVisit, section: str, **more: str) -> str:
    """Return the address of a section, with the changes so far."""
    query = {name: value for name, value in more.items() if value}
    name = asked.kept().name
    return asked.link("change", name, changes=asked.changes, section=section, **query)


def _several_at(asked: PageVisit, tree: MappingNode, section: str) -> str:
    """Return where several parts of a section are added at once; nothing if nowhere."""
    if not patterns_in(tree, section):
        return ""
    name = asked.kept().name
    return asked.link("several", name, changes=asked.changes, section=section)


def _is_in(path: str, field: str) -> bool:
    return f"{path}.".startswith(f"{field}.")


def _plain(asked: PageVisit) -> MappingNode | None:
    """Return what a case says without any changes; None if nobody can read it."""
    try:
        return reading.draft(asked, ()).tree
    except ScenarioError:
        return None


def _take(asked: PageVisit) -> Response:
    """Take the values of fields that were filled in."""
    tree = reading.draft(asked, asked.changes).tree
    return _taken(asked, changed(tree, asked.given, asked.changes))


def _put(asked: PageVisit) -> Response:
    """Put a part beside those there are.

    Raises
    ------
    NotThereError
        If no part may be there.
    """
    draft = reading.draft(asked, asked.changes)
    new = _new(asked, draft.tree, asked.text("add"))
    if new is None:
        raise NotThereError
    name = asked.text("name")
    change, unread = added(new, name, asked.given)
    wrong: dict[str, list[Text]] = {**unread}
    if new.named:
        if not name:
            wrong["new-name"] = [_NEEDED]
        elif same_moment(name) in map(same_moment, new.likes):
            wrong["new-name"] = [filled(_THERE, name=name)]
        elif "=" in name or ("." in name and new.named != "path"):
            wrong["new-name"] = [filled(_NO_NAME, name=name)]
    for form in new.needed:
        if not asked.text(form.input):
            wrong[form.id] = [_NEEDED]
    if wrong:
        return _shown(asked, wrong)
    path = change.partition("=")[0]
    ids = {form.field.steps[-1]: form.id for form in (*new.needed, *new.others)}

    def place(found: str) -> str:
        """Return the input that a problem is about."""
        field = found[len(path) + 1 :].partition(".")[0]
        own = "new-name" if new.named else next(iter(ids.values()), found)
        return ids.get(field, own) if _is_in(found, path) else found

    before = [each for each in asked.changes if each != f"{path}={DROP}"]
    return _taken(asked, [*before, change], place)


def _taken(
    asked: PageVisit, changes: list[str], place: Callable[[str], str] = str
) -> Response:
    """Go on with changes, unless something is wrong with them that was not before.

    Parameters
    ----------
    place : where what is wrong at a path is told.
    """
    section = asked.text("section")
    if asked.text("anyway"):
        _problems(asked, changes)  # refused if nobody can read it so
        return further(asked, changes, section=section)
    before = {(each.path, each.said) for each in _problems(asked, asked.changes)}
    wrong: dict[str, list[Text]] = {}
    for each in _problems(asked, changes):
        if (each.path, each.said) not in before:
            here = section_of(each.path) in ("", section)
            told = told_of(each, where=not here)
            wrong.setdefault(place(each.path) or "form", []).append(told)
    if wrong:
        later = _later_by(asked, changes)
        if later:
            wrong["shift"] = [filled(_SHIFT, days=f"{later:+d} d".lstrip("+"))]
        return _shown(asked, wrong, anyway=asked.text("do"))
    return further(asked, changes, section=section)


def further(asked: PageVisit, changes: list[str], **query: str) -> Response:
    """Go on with changes, if they fit into an address."""
    if is_too_long(asked, changes):
        return _shown(asked, {"form": [TOO_MANY_CHANGES]})
    return asked.moved("change", asked.kept().name, changes=changes, **query)


def is_too_long(asked: PageVisit, changes: list[str]) -> bool:
    """Return whether changes fit into no address, or are more than a page shows."""
    address = asked.link("change", asked.kept().name, changes=changes)
    return len(changes) > MOST_CHANGES or len(address) > LONGEST_ADDRESS - _SPARE


def _later_by(asked: PageVisit, changes: list[str]) -> int:
    """Return by how many days changes let the operation start later; 0 if none do."""
    new = next((each[7:] for each in changes if each.startswith("starts=")), "")
    now = reading.draft(asked, asked.changes).tree.values.get("starts")
    if not new or not isinstance(now, Scalar):
        return 0
    try:
        days = (date.fromisoformat(text[:10]) for text in (new, now.text))
        after, before = days
    except ValueError:
        return 0
    return (after - before).days


def _problems(asked: PageVisit, changes: list[str]) -> tuple[Problem, ...]:
    return reading.draft(asked, changes).problems


def by_field(problems: Iterable[Problem]) -> Wrong:
    """Return what is wrong by the path of the field that it is about."""
    found: dict[str, list[Text]] = {}
    for each in problems:
        found.setdefault(each.path or "change", []).append(told_of(each))
    return found


def _add(asked: PageVisit) -> Response:
    """Add a change to those so far, if it can be made."""
    what, value = asked.text("what"), asked.text("value")
    change = f"{what}={value}"
    wrong = wrong_of(asked, [*asked.changes, change])
    if wrong:
        name = asked.text("form") or "path"
        return _shown(asked, {name: [each for all_ in wrong.values() for each in all_]})
    return further(asked, [*asked.changes, change])


def _variant(asked: PageVisit) -> Response:
    """Save the changes so far as a variant."""
    kept, typed = asked.kept(), asked.text("name").strip()
    taken = {each.rpartition("/")[2] for each in asked.desk.library.cases()}
    try:
        name = name_of_title(typed, taken)
        path = write_variant(
            kept.path,
            name,
            asked.text("title") or ("" if typed == name else typed),
            asked.changes,
            workbook=asked.text("kind") == "workbook",
        )
    except SimError as error:
        return _shown(asked, {"name": [text_of(error)]})
    found = asked.desk.library.cases().values()
    name = next((each.name for each in found if each.path == path), kept.name)
    return asked.moved("case", name)


def _into(asked: PageVisit) -> Response:
    """Make the changes so far in the case itself.

    Raises
    ------
    NotThereError
        If it is a variant or a past operation, which are not changed in this way.
    """
    kept = asked.kept()
    if kept.kind is not CaseKind.CASE:
        raise NotThereError
    try:
        write_into(kept.path, asked.text("title"), asked.changes)
    except SimError as error:
        return _shown(asked, {"into": [text_of(error)]})
    return asked.moved("case", kept.name)


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
        "differs": _differs(asked, wrong),
        "without": lambda change: _without(change, asked.changes),
        "dropped": _dropped,
    }
    return more, wrong


def _differs(asked: PageVisit, wrong: Wrong) -> tuple[Text, ...] | None:
    """Return what the changes make different; None if they cannot be made."""
    if wrong:
        return None
    return reading.differences(asked) if asked.changes else ()


def _without(change: str, changes: Sequence[str]) -> list[str]:
    """Return changes without one; without a part that it adds nothing in it is left."""
    path, _, value = change.partition("=")
    beneath = f"{path.strip()}." if value.lstrip().startswith("{") else "="
    return [each for each in changes if each != change and not each.startswith(beneath)]


def wrong_of(asked: PageVisit, changes: list[str]) -> Wrong:
    """Return what is wrong with changes of a case; nothing if they can be made."""
    try:
        reading.changed(asked, changes)
    except ScenarioError as error:
        return {"change": [told_of(each) for each in error.args[0]]}
    except EvidenceError as error:
        return {"evidence": [getattr(each, "text", each) for each in error.args[0]]}
    except SimError as error:
        return {"change": [text_of(error)]}
    return {}


def told_of(problem: Problem, *, where: bool = True) -> Text:
    """Return what is wrong, without the place among the changes."""
    told = with_remedy(problem.said, problem.advice)
    return joined((problem.path, told), ": ") if problem.path and where else told


def _dropped(change: str) -> Sentence:
    return filled(LABELS["drop_change"], change=change.partition("=")[0])


ROUTES = (("/change/{name:path}", _change, True),)
