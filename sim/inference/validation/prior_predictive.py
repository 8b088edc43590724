"""How often a sound model comes nearer than simple rates to what it has not seen.

A family that is left out may tell another story than the rest by chance alone: by its
bias, and by how often any source errs. So records are made up on runs of the pool that
are held out; there the model is right. Each family is left out of each record in turn,
as it is of the real one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, isnan
from typing import NamedTuple

import numpy as np

from sim.inference.calibration.options import FitTask
from sim.inference.calibration.pool import PriorPool
from sim.inference.calibration.semiautomatic_abc import Screen, screen_of, told_twice
from sim.inference.claims import Numbers, RecordEntry
from sim.inference.comparators.registry import CONSTANT, OPEN_HOURS
from sim.inference.likelihood import ObservationModel
from sim.inference.problem import Prepared
from sim.inference.scores import ard
from sim.inference.synthetic_reports import synthetic_reports
from sim.inference.validation.held_out import FIT, PRIOR, without_families
from sim.inference.validation.simple_rates import simple_rates

JUDGED = (FIT, PRIOR, OPEN_HOURS, CONSTANT)
"""Who foretells counts of made-up records; rates are points here, not ensembles."""
Counted = tuple[float, dict[str, float]]
"""People documented, and foretold by everybody."""


@dataclass(frozen=True, slots=True)
class PriorPredictive:
    """How near everybody comes to counts of people of a family that is left out.

    Attributes
    ----------
    here : pooled ARD of the record, by who foretells it. The fit is the median of the
        runs that a screen finds, not yet corrected, as it is of the others.
    made_up : the same of each record that was made up.
    """

    here: dict[str, float]
    made_up: tuple[dict[str, float], ...]

    def times(self, whom: str) -> float:
        """Return how many times as far off as somebody the fit is on the record."""
        return _times(self.here, whom)

    def share(self, whom: str, times: float) -> float:
        """Return in how many made-up records it is so many times as far off, or more.

        Parameters
        ----------
        whom : with whom it is compared.
        """
        return float(np.mean([_times(row, whom) >= times for row in self.made_up]))


def prior_predictive(
    ready: Prepared,
    pool: PriorPool,
    sets: int,
    draws: int,
    seed: int,
    progress: Callable[[int], None] = lambda done: None,
) -> PriorPredictive | None:
    """Return how near a fit comes; None if there are not two families with counts.

    Parameters
    ----------
    ready : with the record.
    pool : on whose first runs records are made up; the others are screened.
    sets : records to make up.
    draws : of each screen.
    seed : of reports and draws.
    progress : called with the number of records done so far.
    """
    tasks = without_families(ready)
    if not tasks:
        return None
    quantities = pool.quantities[sets:]
    sources = ObservationModel(ready.claims)
    told, others = told_twice(quantities, sources, seed)
    screens = [
        screen_of(
            pool.points[sets:],
            told[:, task.used],
            others[:, task.used],
            sources.some(task.used).claims,
            seed,
        )
        for task in tasks
    ]
    medians = {
        place: float(np.nanmedian(quantities[:, place]))
        for place, entry in enumerate(ready.record.entries)
        if entry.counts_everybody
    }
    without = _WithoutFamilies(ready, quantities, medians, tasks, screens, draws, seed)
    here = without.ards(ready.reported)
    made_up = []
    reports = synthetic_reports(pool.quantities[:sets], sources, seed + 3)
    for done, reported in enumerate(reports, start=1):
        if row := without.ards(reported):
            made_up.append(row)
        progress(done)
    return PriorPredictive(here, tuple(made_up)) if here and made_up else None


class _WithoutFamilies(NamedTuple):
    """Screens without each family, which can be asked about any record."""

    ready: Prepared
    quantities: Numbers
    medians: Mapping[int, float]
    tasks: Sequence[FitTask]
    screens: Sequence[Screen]
    draws: int
    seed: int

    def ards(self, reported: Numbers) -> dict[str, float]:
        """Return the pooled ARD by who foretells; empty if nobody counted anybody."""
        entries = _saying(self.ready.record.entries, reported)
        rows = [
            row
            for task, screened in zip(self.tasks, self.screens, strict=True)
            for row in self._foretold(task, screened, entries, reported)
        ]
        said = [people for people, _ in rows]
        if not sum(said) > 0:
            return {}
        return {who: ard([row[who] for _, row in rows], said) for who in JUDGED}

    def _foretold(
        self,
        task: FitTask,
        screened: Screen,
        entries: Sequence[RecordEntry | None],
        reported: Numbers,
    ) -> Iterator[Counted]:
        """Yield the counts of one family, of which the others say something."""
        used = list(task.used)
        found = screened.fit(reported[used], self.draws, self.seed)
        known = [entry for at in used if (entry := entries[at]) is not None]
        rates = {
            site: simple_rates(self.ready.operation, known, site)
            for site in self.ready.simulator.sites
        }
        for place, prior in self.medians.items():
            entry = entries[place]
            if entry is None or place in task.used:
                continue
            if curves := rates[entry.figure.origin]:
                median = float(np.nanmedian(self.quantities[found.runs, place]))
                said = {
                    who: curve.between(*entry.window_h) for who, curve in curves.items()
                }
                said |= {FIT: median, PRIOR: prior}
                yield entry.claim.best, said


def _times(row: Mapping[str, float], whom: str) -> float:
    if row[whom] > 0:
        return row[FIT] / row[whom]
    return inf if row[FIT] > 0 else 1.0


def _saying(
    entries: Sequence[RecordEntry], reported: Numbers
) -> list[RecordEntry | None]:
    """Return the same figures with other words; None in place of one not reported."""
    found: list[RecordEntry | None] = []
    for entry, (low, high) in zip(entries, reported.tolist(), strict=True):
        claim = entry.claim
        if isnan(low):
            found.append(None)
        elif (low, high) == (claim.low, claim.high):
            found.append(entry)
        else:
            ends = [end for end in (low, high) if isfinite(end)]
            best = sum(ends) / len(ends)
            new = replace(claim, low=low, best=best, high=high)
            found.append(replace(entry, claim=new))
    return found
