"""What can be changed of a case: ready-made changes, and fields by section."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from sim.errors import ScenarioError
from sim.page import reading
from sim.page.asked import PageVisit
from sim.page.changes_so_far import Wrong, by_field, so_far
from sim.page.field_forms import (
    NewPart,
    bounds,
    holders,
    named,
    new_part,
    parts_of,
    section_of,
    sections,
)
from sim.page.filled_in import without
from sim.page.labels import LABELS, filled
from sim.scenario.names import ranges_of
from sim.scenario.nodes import MappingNode
from sim.scenario.paths import is_within
from sim.scenario.ready_made import READY_MADE
from sim.scenario.several.patterns import SitePattern, patterns_in
from sim.studies.library import CaseKind
from sim.studies.proposed_changes import proposed_changes
from sim.words import Text, joined


def shown(asked: PageVisit, wrong: Wrong, anyway: str = "") -> Response:
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
        ready_made=() if more else proposed_changes(reading.case(asked).operation),
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
    parts, patterns = parts_of(tree, section), patterns_in(tree, section)
    forms = [form for part in parts for form in (*part.given, *part.others)]
    new = new_of(asked, tree, add, asked.text("like")) if add else None
    beside: dict[str, list[Text]] = {}
    known = {name: f"#{name}" for name in ("earlier", "name", "into", *READY_MADE)}
    known |= {"evidence": asked.link("evidence", asked.kept().name)}
    headings = _headings(new)
    for path, told in wrong.items():
        form = next((each for each in forms if is_within(path, each.path)), None)
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
        "several": _at(asked, section, "several") if patterns else "",
        "at": lambda add, like="": _at(asked, section, add=add, like=like),
        "taken_away": lambda *parts: _taken_away(asked, tree, section, parts),
        "whole": {
            f"sites.{each.name}": each.whole()
            for each in patterns
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


def new_of(
    asked: PageVisit, tree: MappingNode, add: str, like: str = ""
) -> NewPart | None:
    """Return the inputs of a new part, with examples of the case that comes along."""
    try:
        example = reading.example(asked)
    except ScenarioError:
        example = None  # somebody took it away, or broke it
    return new_part(tree, add, like, example)


def _at(asked: PageVisit, section: str, page: str = "change", **more: str) -> str:
    """Return the address of a page about a section, with the changes so far."""
    query = {name: value for name, value in more.items() if value}
    name = asked.kept().name
    return asked.link(page, name, changes=asked.changes, section=section, **query)


def _plain(asked: PageVisit) -> MappingNode | None:
    """Return what a case says without any changes; None if nobody can read it."""
    try:
        return reading.draft(asked, ()).tree
    except ScenarioError:
        return None
