"""An operation as it was on its eve: its scenario, what was announced, what came."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from sim.errors import EvidenceError, ScenarioError
from sim.evidence.figures import Figure
from sim.evidence.table import load_figures
from sim.inference.claims import Numbers
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.past.facts import past_operations
from sim.scenario import Operation, load

PEOPLE, DAYS = "people announced", "days announced"
"""Units of the rows that say what was announced; such a row may have no number."""
COUNT, LAST = "cumulative_departures", "last_crossing"
"""Metrics of the rows that are foretold: people who had left, and when the last did."""
_H_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class PastCase:
    """A past operation, seen from its eve.

    Attributes
    ----------
    id : key of it among past operations.
    operation : its scenario.
    counts : documented totals of people who had left, in the order of time.
    last : when the last left, if that is documented.
    announced : people by site, where a number was.
    days : announced for all of it; None if none were.
    opens_h : when the first may set out, in hours after the start.
    """

    id: str
    operation: Operation
    counts: tuple[Figure, ...]
    last: Figure | None
    announced: dict[str, float]
    days: float | None
    opens_h: float

    def hours(self, moment: object) -> float:
        """Return a local moment in hours after the first may set out.

        Raises
        ------
        TypeError
            If it is none.
        """
        if not isinstance(moment, datetime):
            raise TypeError(f"{moment!r} is not a moment")
        second = self.operation.clock.seconds(moment.isoformat(timespec="minutes"))
        return second / SECONDS_PER_HOUR - self.opens_h

    @property
    def count_hours(self) -> tuple[float, ...]:
        """When each total holds, in hours after the first may set out."""
        return tuple(self.hours(each.from_) for each in self.counts)

    def days_until(self, hours: Numbers) -> Numbers:
        """Return on which day after the first may set out some hours end, from 1 on.

        Documents tell the day of the last departure, not its hour.
        """
        begins = self.operation.clock.local(round(self.opens_h * SECONDS_PER_HOUR))
        since_midnight = begins.hour + begins.minute / 60
        found: Numbers = np.floor((since_midnight + hours) / _H_PER_DAY) + 1
        return found

    @property
    def origins(self) -> tuple[str, ...]:
        """The sites of which totals are documented."""
        return tuple(dict.fromkeys(each.origin for each in self.counts))


def cases_in(folder: Path) -> tuple[PastCase, ...]:
    """Return the cases of a folder, a folder each, by name.

    Raises
    ------
    ScenarioError
        If there is none, a scenario is wrong, or its class has the operation itself.
    EvidenceError
        If a table of figures is wrong, or has no total.
    """
    paths = sorted(folder.glob("*/scenario.yaml"))
    if not paths:
        raise ScenarioError((f"there are no scenarios in {folder}",))
    return tuple(_case(path) for path in paths)


def _case(path: Path) -> PastCase:
    name = path.parent.name
    if name not in past_operations().operations:
        raise ScenarioError((f"{path}: {name} is not a past operation",))
    _check_left_out(path, name)
    operation = load(path)
    figures = load_figures(path.with_name(str(operation.evidence)), operation)
    counts = tuple(each for each in figures if each.metric == COUNT)
    if not counts:
        raise EvidenceError((f"{path}: no row of {COUNT}; add one",))
    opens = [flow.opens for flow in operation.flows.values()]
    if not all(isinstance(each, int) for each in opens):
        raise ScenarioError((f"{path}: every flow needs a date in 'opens'",))
    announced = {each.origin: each.best for each in figures if each.unit == PEOPLE}
    (days,) = [each.best for each in figures if each.unit == DAYS] or [None]
    return PastCase(
        name,
        operation,
        tuple(sorted(counts, key=lambda each: str(each.from_))),
        next((each for each in figures if each.metric == LAST), None),
        {site: float(n) for site, n in announced.items() if isinstance(n, float)},
        days if isinstance(days, float) else None,
        min(each for each in opens if isinstance(each, int)) / SECONDS_PER_HOUR,
    )


def _check_left_out(path: Path, name: str) -> None:
    """Check that nothing is taken from a class that has the operation itself.

    Raises
    ------
    ScenarioError
        If something is.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [
        f"{path}:{number}: the class has {name} itself; add 'without {name}'"
        for number, line in enumerate(lines, start=1)
        if "like past operations" in line.casefold() and not _left_out(line, name)
    ]
    if found:
        raise ScenarioError(tuple(found))


def _left_out(line: str, name: str) -> bool:
    """Return whether every wish in a line leaves an operation out."""
    _, *wishes = line.casefold().split("like past operations")
    return all(f"without {name.casefold()}" in wish for wish in wishes)
