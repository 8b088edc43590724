"""People of a site who have arrived, as curves over hours: what sources document."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from sim.inference.as_it_came import as_it_came
from sim.inference.claims import Numbers, RecordEntry
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation
from sim.scenario.moments import earliest
from sim.scenario.origins import sites_of
from sim.scenario.plans import FlowPlan

Windows = Sequence[tuple[float, float]]
"""Hours between which people could move, in order and apart."""


@dataclass(frozen=True, slots=True)
class Totals:
    """People arrived, in straight lines between moments and level outside them.

    Attributes
    ----------
    hours : rising.
    people : never falling.
    """

    hours: tuple[float, ...]
    people: tuple[float, ...]

    @classmethod
    def through(cls, points: Iterable[tuple[float, float]]) -> "Totals":
        """Return a curve through (hour, people); of one hour the most people count."""
        apart = dict(sorted(points))
        return cls(tuple(apart), tuple(apart.values()))

    def at(self, hours: npt.ArrayLike) -> Numbers:
        """Return the people at some hours."""
        return np.asarray(np.interp(np.asarray(hours), self.hours, self.people))

    def between(self, begins_h: float, ends_h: float) -> float:
        """Return the people who arrive between two moments."""
        before, after = self.at([begins_h, ends_h])
        return float(after - before)

    def completed(self, people: float) -> float:
        """Return the first hour at which so many have arrived; infinite if never."""
        for place, total in enumerate(self.people):
            if total >= people:
                if not place:
                    return self.hours[0]
                before, after = self.people[place - 1], total
                share = (people - before) / (after - before)
                first, last = self.hours[place - 1], self.hours[place]
                return first + share * (last - first)
        return inf


def mean_of_sources(series: Sequence[Totals]) -> Totals:
    """Return the mean of what the sources say, at each moment that any speaks of.

    A source counts from its first figure to its last. It is made to never fall.
    """
    moments = sorted({hour for each in series for hour in each.hours})
    means = []
    for hour in moments:
        speaking = [each for each in series if each.hours[0] <= hour <= each.hours[-1]]
        means.append(float(np.mean([each.at(hour) for each in speaking])))
    return Totals(tuple(moments), tuple(np.maximum.accumulate(means).tolist()))


def clipped(windows: Windows, begins_h: float, ends_h: float = inf) -> Windows:
    """Return the parts of windows between two moments."""
    cut = [(max(begin, begins_h), min(end, ends_h)) for begin, end in windows]
    return [(begin, end) for begin, end in cut if begin < end]


def open_windows(operation: Operation, site: str, until_h: float) -> Windows:
    """Return the hours in which no stoppage closed any gate on the way out of a site.

    What may not come is no hindrance.

    Parameters
    ----------
    operation : as it was, or as it was known at a moment; what is closed with an open
        end is expected to open after the mean of what it lasts.
    site : that people leave.
    until_h : how far to look [h after the start].
    """
    operation = as_it_came(operation)
    gates = {
        stage
        for name, flow in operation.flows.items()
        if site in sites_of(operation, name)
        for stage in stages_of(operation, flow)
    }
    closed = [
        (begins_h, min(ends_h, until_h))
        for name, (begins_h, ends_h) in closed_h(operation)
        if gates & set(operation.stoppages[name].closes)
        and not operation.stoppages[name].may_not_come
    ]
    windows = []
    at_h = 0.0
    for begins_h, ends_h in sorted(closed):
        if begins_h > at_h:
            windows.append((at_h, begins_h))
        at_h = max(at_h, ends_h)
    return [*windows, (at_h, until_h)] if at_h < until_h else windows


def closed_h(operation: Operation) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield when each stoppage that has a date begins and ends [h after the start].

    Parameters
    ----------
    operation : with dates for what hangs on something; see `as_it_came`.
    """
    for name, plan in operation.stoppages.items():
        if plan.starts is None:
            continue
        begins_h = earliest(plan.starts) / SECONDS_PER_HOUR
        if plan.until is not None:
            yield name, (begins_h, earliest(plan.until) / SECONDS_PER_HOUR)
        elif plan.lasts is not None:
            yield name, (begins_h, begins_h + plan.lasts.best / SECONDS_PER_HOUR)
        else:
            renewal = operation.agreements[plan.until_agreement or ""]
            again_h = earliest(renewal.in_force or renewal.proposed) / SECONDS_PER_HOUR
            yield name, (begins_h, again_h)


def stages_of(operation: Operation, flow: FlowPlan) -> tuple[str, ...]:
    """Return what the people and vehicles of a flow pass, and where they board."""
    routes = [operation.routes[name] for name in flow.routes]
    passed = (stage for each in routes for stage in (*each.through, *each.inbound))
    return tuple(dict.fromkeys((*passed, *flow.ever_boards_at)))


def documented_series(
    entries: Iterable[RecordEntry], origin: str, begins_h: float
) -> dict[str, Totals]:
    """Return the totals of people arrived from a site, by family.

    A step is added to the family's own total at its beginning or, where it has none
    yet, to the mean of the others'.

    Parameters
    ----------
    entries : documented figures; parts of the people and bounds are left out.
    origin : site.
    begins_h : when nobody had arrived.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    counted = [entry for entry in entries if entry.counts_all_of(origin)]
    for entry in sorted(counted, key=lambda entry: entry.window_h[1]):
        begin_h, end_h = entry.window_h
        family = entry.claim.family
        base = 0.0
        if entry.begins is not None:
            told = [found[family]] if family in found else [*found.values()]
            if told:
                curves = [Totals.through(points) for points in told]
                base = float(mean_of_sources(curves).at(begin_h))
        points = found.setdefault(family, [(begins_h, 0.0)])
        if begin_h > points[-1][0]:
            points.append((begin_h, max(base, points[-1][1])))
        points.append((end_h, max(base + entry.claim.best, points[-1][1])))
    return {family: Totals.through(points) for family, points in found.items()}


def opens_h(operation: Operation, site: str) -> float:
    """Return when the first flow of a site opens [h after the start]."""
    opens = [
        earliest(flow.opens)
        for name, flow in as_it_came(operation).flows.items()
        if site in sites_of(operation, name)
    ]
    return min(opens, default=0) / SECONDS_PER_HOUR


def said_h(
    entries: Sequence[RecordEntry], site: str, metric: str, otherwise: float
) -> float:
    """Return a moment that a figure names [h after the start]."""
    return next(
        (
            entry.claim.best
            for entry in entries
            if entry.figure.metric == metric and entry.figure.origin == site
        ),
        otherwise,
    )
