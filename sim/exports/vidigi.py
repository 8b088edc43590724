"""The typical run in the columns of vidigi, which animates who stands where.

An entity is a convoy. What it does at a bay or in a lane uses a resource, numbered
from 1 at each place; everything else is a queue, the road among them. Times are minutes
after the start, as `time`, and dates, as `timestamp`. Columns and words are those of
vidigi 2.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.exports.contents import Exported, KeptRun, NothingToWriteError
from sim.exports.journeys import ConvoyJourney, JourneyStep, journeys
from sim.report.contents import Data
from sim.report.forms.csv_file import write_csv
from sim.words import Words, say, say_many

FILE = "vidigi.csv"
COLUMNS = (
    *("entity_id", "event_type", "event", "time", "pathway", "run_number"),
    *("timestamp", "resource_id", "people", "vehicles"),
)
_USES = frozenset({"boarding", "inspection", "unloading"})
"""What takes a bay or a lane."""
_MINUTE = 60


class _VidigiRow(NamedTuple):
    """A row before its resource is numbered."""

    case: ConvoyJourney
    kind: str
    event: str
    step: JourneyStep


def write_vidigi(run: KeptRun, folder: Path, words: Words) -> Iterator[Exported]:
    """Write the log; yield the file.

    Raises
    ------
    NothingToWriteError
        If no convoy sets out in the typical run.
    UnusableError
        If the log of the run is damaged.
    """
    rows = [row for case in journeys(run.events) for row in _of_case(case)]
    if not rows:
        raise NothingToWriteError(say("No convoy sets out in the typical run."))
    number = int(run.facts.get("typical_replication", 0))
    rows.sort(key=lambda row: row.step.time_s)
    limits = "" if run.ahead is None else words.of(run.ahead.banner.brief)
    write_csv(folder / FILE, Data(COLUMNS, [*_numbered(rows, number)]), limits)
    count = say_many(
        "the typical run, {count} event", "the typical run, {count} events", len(rows)
    )
    yield Exported(folder / FILE, count)


def _of_case(case: ConvoyJourney) -> Iterator[_VidigiRow]:
    yield _VidigiRow(case, "arrival_departure", "arrival", case.steps[0])
    for step in case.steps[1:]:
        if step.what in _USES and step.part != "happens":
            begins = step.part == "begins"
            kind = "resource_use" if begins else "resource_use_end"
            event = _event(step) if begins else f"{_event(step)} ends"
            yield _VidigiRow(case, kind, event, step)
        elif step.part != "ends":  # what comes next ends a queue
            yield _VidigiRow(case, "queue", _event(step), step)
    if case.over:
        yield _VidigiRow(case, "arrival_departure", "depart", case.steps[-1])


def _event(step: JourneyStep) -> str:
    return f"{step.what} {step.place}".strip()


def _numbered(
    rows: Sequence[_VidigiRow], run_number: int
) -> Iterator[tuple[str | int | float | None, ...]]:
    """Yield the rows with the least number that is free at the place of a resource."""
    taken: dict[tuple[str, str], dict[str, int]] = {}
    for case, kind, event, step in rows:
        users = taken.setdefault((step.what, step.place), {})
        resource = None
        if kind == "resource_use":
            numbers = set(users.values())
            resource = next(n for n in range(1, len(users) + 2) if n not in numbers)
            users[case.convoy] = resource
        elif kind == "resource_use_end":
            resource = users.pop(case.convoy, 1)
        yield (
            *(case.convoy, kind, event, step.time_s / _MINUTE, case.flow, run_number),
            *(step.local_time, resource, step.people, step.vehicles),
        )
