"""The averaged relative difference of a fit, beside simple rates and a floor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from sim.calibration.baselines import Windows, clipped
from sim.calibration.claims import Numbers
from sim.calibration.floor import Step, conflict_floor, counted_in
from sim.calibration.open_hours import open_windows
from sim.calibration.record import Documented
from sim.calibration.scores import ard
from sim.scenario import Operation

EVERYWHERE = "all sites"
NEAREST = "ARD of the nearest draw"


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
        of a curve which never falls; for CRPS what is expected of somebody who knows
        the run and each source's bias exactly, since single reports err as well.
    """

    name: str
    of: str
    figures: int
    fit: float
    prior: float
    line: float = nan
    open_hours: float = nan
    floor: float = nan


def ards(
    operation: Operation, entries: Sequence[Documented], fit: Numbers, prior: Numbers
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
    sums = np.zeros(6)
    figures = 0
    for origin, own in _counted(entries).items():
        steps = [step for _, step in own]
        places = [place for place, _ in own]
        people = np.array([step.people for step in steps])
        first_h, last_h = _span(entries, origin, steps)
        ards = np.array(
            [
                ard(medians(fit, places), people),
                ard(medians(prior, places), people),
                best_rate(steps, [(first_h, last_h)]),
                best_rate(
                    steps, clipped(open_windows(operation, origin, last_h), first_h)
                ),
                conflict_floor(steps),
                1.0,
            ]
        )
        sums += ards * people.sum()
        figures += len(steps)
        yield Score("ARD", origin, len(steps), *ards[:5].tolist())
    if sums[-1]:
        shares = (sums / sums[-1])[:5].tolist()
        yield Score("ARD", EVERYWHERE, figures, *shares)
        nearest = [
            float(ards_of_draws(entries, quantities).min())
            for quantities in (fit, prior[: len(fit)])
        ]
        yield Score(
            NEAREST, EVERYWHERE, figures, nearest[0], nearest[1], floor=shares[-1]
        )


def ards_of_draws(entries: Sequence[Documented], quantities: Numbers) -> Numbers:
    """Return the ARD of each draw over all sites.

    The least of them is chosen by the record, as is the one run of a model whose
    parameters were tuned, of which the ARD is usually told (FLEE).

    Parameters
    ----------
    entries : of the record, some of them with people who arrived.
    quantities : of (draw, claim, node).
    """
    own = [row for rows in _counted(entries).values() for row in rows]
    places = [place for place, _ in own]
    people = np.array([step.people for _, step in own])
    readings = np.nanmedian(quantities[:, places], axis=2)
    return np.array([ard(reading, people) for reading in readings])


def _counted(entries: Sequence[Documented]) -> dict[str, list[tuple[int, Step]]]:
    """Return the counts of each site from which anybody came, with their places."""
    origins = dict.fromkeys(entry.figure.origin for entry in entries)
    found = {origin: counted_in(entries, origin) for origin in origins}
    return {
        origin: own
        for origin, own in found.items()
        if sum(step.people for _, step in own) > 0
    }


def best_rate(steps: Sequence[Step], windows: Windows) -> float:
    """Return the least ARD that one rate in some hours can have.

    Parameters
    ----------
    steps : documented.
    windows : in which people arrive at that rate, and at no other time.
    """
    people = np.array([step.people for step in steps])
    hours = np.array(
        [
            sum(
                max(0.0, min(step.ends_h, end) - max(step.begins_h, begin))
                for begin, end in windows
            )
            for step in steps
        ]
    )
    # The sum of errors is made of straight pieces, so a rate of one figure is best.
    rates = people[hours > 0] / hours[hours > 0]
    return min((ard(rate * hours, people) for rate in rates), default=1.0)


def _span(
    entries: Sequence[Documented], origin: str, steps: Sequence[Step]
) -> tuple[float, float]:
    """Return the first and last documented arrival, else the ends of the counts."""
    said = {
        entry.figure.metric: entry.claim.best
        for entry in entries
        if entry.figure.origin == origin
    }
    return (
        said.get("first_arrival", min(step.begins_h for step in steps)),
        said.get("last_arrival", max(step.ends_h for step in steps)),
    )


def medians(quantities: Numbers, places: Sequence[int]) -> Numbers:
    """Return the median over runs and over the moments that a source may mean."""
    return np.asarray(np.nanmedian(quantities[:, places], axis=(0, 2)))
