"""What two scenarios, or two evidence tables, say differently."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import RunError
from sim.revisions.data import Path as Steps
from sim.revisions.data import changes, in_one_order
from sim.revisions.said import said, said_of_row
from sim.revisions.tables import is_table, rows_in
from sim.scenario import Operation, find, load, scenario_hash
from sim.scenario.written import data_of
from sim.studies.planners_folder import root
from sim.words import Text, say


def differences(one: str, other: str) -> Iterator[Text]:
    """Yield in sentences what the second of two files says differently; nothing if so.

    Scenarios are compared with all that they extend and with their defaults, so that
    `60 min` and `1 h` are the same; tables row by row, by the ids of rows.

    Parameters
    ----------
    one, other : scenarios, by file or name; or evidence tables.

    Raises
    ------
    ScenarioError, EvidenceError
        If one of them cannot be read.
    RunError
        If one is a scenario and the other a table.
    """
    tables = [is_table(Path(each)) for each in (one, other)]
    if all(tables):
        before, after = (rows_in(Path(each)) for each in (one, other))
        yield from map(said_of_row, changes(before, after))
        return
    if any(tables):
        raise RunError(
            f"{one} and {other} cannot be compared: one is a table, the other a "
            "scenario. Give two of a kind."
        )
    yield from of_operations(*(load(find(each, root())) for each in (one, other)))


def of_operations(one: Operation, other: Operation) -> Iterator[Text]:
    """Yield in sentences what the second of two operations says differently."""
    before, after = data_of(one), data_of(other)
    titles = _titles(before) | _titles(after)
    found = [said(change, titles) for change in changes(before, after)]
    yield from found
    if not found and scenario_hash(one) != scenario_hash(other):
        yield say(
            "Only the order of names differs, which decides ties and which fleet leads "
            "a convoy."
        )
    elif found and not in_one_order(before, after):
        yield say(
            "The order of names differs too, which decides ties and which fleet leads "
            "a convoy."
        )


def _titles(data: Mapping[str, Any]) -> dict[Steps, str]:
    """Return the titles of parts, by their paths."""
    stages = data.get("stages", {})
    sections: dict[Steps, Any] = {
        **{(name,): section for name, section in data.items() if name != "stages"},
        **{("stages", kind): section for kind, section in stages.items()},
    }
    return {
        (*path, name): str(part["title"])
        for path, section in sections.items()
        if isinstance(section, dict)
        for name, part in section.items()
        if isinstance(part, dict) and "title" in part
    }
