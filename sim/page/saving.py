"""Keeps changes of a case: as a variant, or in the case itself."""

from collections.abc import Sequence

from starlette.responses import Response

from sim.errors import SimError
from sim.page.asked import NotThereError, PageVisit, text_of
from sim.page.change_shown import shown
from sim.studies.library import CaseKind
from sim.studies.taken_in import name_of_title
from sim.studies.variant import write_into, write_variant
from sim.words import Text


def save_variant(asked: PageVisit) -> Response:
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
        return shown(asked, {"name": [text_of(error)]})
    found = asked.desk.library.cases().values()
    name = next((each.name for each in found if each.path == path), kept.name)
    return asked.moved("case", name)


def save_into(asked: PageVisit) -> Response:
    """Make the changes so far in the case itself; raises as `into_case`."""
    if wrong := into_case(asked, asked.changes):
        return shown(asked, {"into": wrong})
    return asked.moved("case", asked.kept().name)


def into_case(asked: PageVisit, changes: Sequence[str]) -> list[Text]:
    """Write changes into the case itself; return why that was not done.

    Raises
    ------
    NotThereError
        If it is a variant or a past operation, which are not changed in this way.
    """
    kept = asked.kept()
    if kept.kind is not CaseKind.CASE:
        raise NotThereError
    try:
        write_into(kept.path, asked.text("title"), changes)
    except SimError as error:
        return [text_of(error)]
    return []
