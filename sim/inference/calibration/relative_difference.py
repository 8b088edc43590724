"""The averaged relative difference of a fit, beside simple rates and a floor.

The floor is how well anything can agree with sources that contradict each other: with
the vague moments of all statements read in the middle of their windows, and with each
moment free within its own. Only what lies below the second is impossible.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from sim.inference.arrival_curves import Windows, clipped, open_windows, said_h
from sim.inference.claims import PARTNERS, Numbers, RecordEntry, Window
from sim.inference.scores import ard
from sim.scenario import Operation

EVERYWHERE = "all sites"
NEAREST = "ARD of the nearest draw"


class RateStep(NamedTuple):
    """A number of people between two moments [h after the start]."""

    begins_h: float
    ends_h: float
    people: float


@dataclass(frozen=True, slots=True)
class CountedStep:
    """People whom a source counted since its last total, or since it began.

    Attributes
    ----------
    place : of the claim.
    before : of the claim with the total before it; None if there is none.
    step : what was documented, windows read by their middles.
    """

    place: int
    before: int | None
    step: RateStep

    def readings(self, quantities: Numbers) -> Numbers:
        """Return what runs say of it, of (run, node)."""
        ends = quantities[:, self.place]
        if self.before is None:
            return np.asarray(ends)
        return np.asarray(ends - quantities[:, self.before][:, list(PARTNERS)])


def counted_steps(entries: Sequence[RecordEntry]) -> dict[str, list[CountedStep]]:
    """Return the people whom claims count, step by step, by site.

    Bounds are left out: a curve can agree with them at no cost.
    """
    found: dict[str, list[CountedStep]] = {entry.figure.origin: [] for entry in entries}
    last: dict[str, int] = {}
    for place, entry in enumerate(entries):
        if not entry.counts_arrivals:
            continue
        before = last.get(entry.claim.counter)
        begins_h, ends_h = entry.window_h
        people = entry.claim.best
        if before is not None:
            begins_h = min(entries[before].window_h[1], ends_h)
            people = max(0.0, people - entries[before].claim.best)
        step = RateStep(begins_h, ends_h, people)
        found[entry.figure.origin].append(CountedStep(place, before, step))
        last[entry.claim.counter] = place
    return found


def conflict_floor(steps: Sequence[RateStep]) -> float:
    """Return the least ARD that any curve can have that never falls.

    A linear programme in the rises between the moments that the figures name.

    Parameters
    ----------
    steps : documented; a total begins where nobody has arrived yet.

    Raises
    ------
    ValueError
        If there are no steps, or nobody in them.
    """
    people = np.array([step.people for step in steps])
    if not people.sum() > 0:
        raise ValueError("a floor needs figures with people in them")
    moments = sorted({moment for step in steps for moment in step[:2]})
    rises, figures = len(moments) - 1, len(steps)
    sums = np.array(
        [
            [step.begins_h <= moment < step.ends_h for moment in moments[:-1]]
            for step in steps
        ],
        dtype=np.float64,
    ).reshape(figures, rises)
    unit = np.eye(figures)
    found = linprog(
        np.r_[np.zeros(rises), np.ones(figures)],
        A_ub=np.block([[sums, -unit], [-sums, -unit]]),
        b_ub=np.r_[people, -people],
        bounds=(0, None),
    )
    return float(found.fun / people.sum())


def free_floor(entries: Sequence[RecordEntry], steps: Sequence[CountedStep]) -> float:
    """Return the least ARD of a curve that never falls, with every moment free.

    A linear programme in the totals at the moments of the statements. Of two moments
    the one whose window ends before that of the other begins has no more people; where
    windows overlap, moments can be found for any totals.

    Parameters
    ----------
    entries : of the record.
    steps : of one site, with people in them.
    """
    windows: dict[tuple[int, ...], Window] = {}
    ends: list[tuple[tuple[int, ...], tuple[int, ...] | None]] = []
    for each in steps:
        entry = entries[each.place]
        end: tuple[int, ...] = (each.place,)
        windows[end] = entry.ends or (0, 0)
        begin: tuple[int, ...] | None = None
        if each.before is not None:
            begin = (each.before,)
        elif entry.begins is not None:
            begin = entry.begins
            windows[begin] = entry.begins
        ends.append((end, begin))
    order = {moment: at for at, moment in enumerate(windows)}
    people = np.array([each.step.people for each in steps])
    totals, figures = len(order), len(steps)
    sums = np.zeros((figures, totals))
    for row, (end, begin) in zip(sums, ends, strict=True):
        row[order[end]] += 1
        if begin is not None:
            row[order[begin]] -= 1
    rising = [
        np.eye(totals)[order[one]] - np.eye(totals)[order[two]]
        for one, (_, ended) in windows.items()
        for two, (begun, _) in windows.items()
        if one != two and ended <= begun
    ]
    unit, none = np.eye(figures), np.zeros((len(rising), figures))
    found = linprog(
        np.r_[np.zeros(totals), np.ones(figures)],
        A_ub=np.block(
            [
                [sums, -unit],
                [-sums, -unit],
                [np.array(rising).reshape(len(rising), totals), none],
            ]
        ),
        b_ub=np.r_[people, -people, np.zeros(len(rising))],
        bounds=(0, None),
    )
    return float(found.fun / people.sum())


@dataclass(frozen=True, slots=True)
class Score:
    """One score.

    Attributes
    ----------
    of : site, source or kind of figure.
    figures : that enter.
    fit, prior : of the draws, and of the prior.
    line, open_hours : of a constant rate, and of one in the hours in which gates were
        open, each the one that fits best in hindsight; NaN if not asked.
    floor : the best that anything can reach; NaN if there is none. For ARD it is that
        of a curve which never falls, moments read in the middle of their windows; for
        CRPS what is expected of somebody who knows the run and nothing of the sources.
    free_floor : that of ARD with every moment free in its window.
    """

    name: str
    of: str
    figures: int
    fit: float
    prior: float
    line: float = nan
    open_hours: float = nan
    floor: float = nan
    free_floor: float = nan


def relative_differences(
    operation: Operation, entries: Sequence[RecordEntry], fit: Numbers, prior: Numbers
) -> Iterable[Score]:
    """Yield the ARD of the median runs, and of the nearest one, without any bias.

    With a bias of the sources a fit could come below the floor, which has none. Of the
    prior no more draws are tried than of the fit, since the nearest of many is nearer.

    Parameters
    ----------
    operation : whose stoppages say when gates were open.
    entries : of the record.
    fit, prior : quantities of (draw, claim, node).
    """
    rows, totals, figures = [], [], 0
    for origin, own in _counted(entries).items():
        steps = [each.step for each in own]
        people = [step.people for step in steps]
        begins_h, ends_h = (
            min(s.begins_h for s in steps),
            max(s.ends_h for s in steps),
        )
        first_h = said_h(entries, origin, "first_arrival", begins_h)
        last_h = said_h(entries, origin, "last_arrival", ends_h)
        rows.append(
            (
                ard(medians(fit, own), people),
                ard(medians(prior, own), people),
                best_rate(steps, [(first_h, last_h)]),
                best_rate(
                    steps, clipped(open_windows(operation, origin, last_h), first_h)
                ),
                conflict_floor(steps),
                free_floor(entries, own),
            )
        )
        totals.append(sum(people))
        figures += len(steps)
        yield Score("ARD", origin, len(steps), *rows[-1])
    if rows:
        whole = np.average(rows, axis=0, weights=totals).tolist()
        yield Score("ARD", EVERYWHERE, figures, *whole)
        ours, theirs = (
            float(relative_differences_of_draws(entries, quantities).min())
            for quantities in (fit, prior[: len(fit)])
        )
        yield Score(
            NEAREST,
            EVERYWHERE,
            figures,
            ours,
            theirs,
            floor=whole[-2],
            free_floor=whole[-1],
        )


def relative_differences_of_draws(
    entries: Sequence[RecordEntry], quantities: Numbers
) -> Numbers:
    """Return the ARD of each draw over all sites.

    The least of them is chosen by the record, as is the one run of a model whose
    parameters were tuned, of which the ARD is usually told (FLEE).

    Parameters
    ----------
    entries : of the record, some of them with people who arrived.
    quantities : of (draw, claim, node).
    """
    own = [each for rows in _counted(entries).values() for each in rows]
    people = [each.step.people for each in own]
    readings = np.array(
        [np.nanmedian(each.readings(quantities), axis=1) for each in own]
    )
    return np.array([ard(reading, people) for reading in readings.T])


def _counted(entries: Sequence[RecordEntry]) -> dict[str, list[CountedStep]]:
    """Return the steps of the sites from which anybody came."""
    return {
        origin: own
        for origin, own in counted_steps(entries).items()
        if sum(each.step.people for each in own) > 0
    }


def best_rate(steps: Sequence[RateStep], windows: Windows) -> float:
    """Return the least ARD that one rate in some hours can have.

    Parameters
    ----------
    steps : documented.
    windows : in which people arrive at that rate, and at no other time.
    """
    people = np.array([step.people for step in steps])
    inside = [clipped(windows, step.begins_h, step.ends_h) for step in steps]
    hours = np.array([sum(end - begin for begin, end in each) for each in inside])
    # The sum of errors is made of straight pieces, so a rate of one figure is best.
    rates = people[hours > 0] / hours[hours > 0]
    return min((ard(rate * hours, people) for rate in rates), default=1.0)


def medians(quantities: Numbers, steps: Sequence[CountedStep]) -> Numbers:
    """Return the median over runs and over the moments that a source may mean."""
    return np.array([np.nanmedian(each.readings(quantities)) for each in steps])
