"""How often a sound model comes nearer than simple rates to what it has not seen.

A family that is left out may tell another story than the rest by chance alone: by its
bias, and by how often any source errs. So records are made up on runs of the pool that
are held out; there the model is right. Each family is left out of each record in turn,
as it is of the real one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, isnan

import numpy as np

from sim.calibration.claims import Numbers
from sim.calibration.held_out import without_families
from sim.calibration.left_out import FIT, PRIOR
from sim.calibration.naive import counts_all, window_h
from sim.calibration.nearest import Screen, screen_of
from sim.calibration.pool import Pool
from sim.calibration.prepare import Prepared
from sim.calibration.rates import CONSTANT, OPEN_HOURS, simple_rates
from sim.calibration.record import Documented
from sim.calibration.refit import Asked
from sim.calibration.scores import ard
from sim.calibration.summaries import synthetic_reports

WHO = (FIT, PRIOR, OPEN_HOURS, CONSTANT)
"""Who foretells the counts."""


@dataclass(frozen=True, slots=True)
class ByChance:
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


def by_chance(
    ready: Prepared,
    pool: Pool,
    sets: int,
    draws: int,
    seed: int,
    progress: Callable[[int], None] = lambda done: None,
) -> ByChance | None:
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
    families = without_families(ready)
    if not families:
        return None
    trial = _Trial(ready, pool, families, sets, draws, seed)
    here = trial.ards(ready.reported)
    reports = synthetic_reports(pool.quantities[:sets], ready.claims, seed + 3)
    made_up = []
    for done, reported in enumerate(reports, start=1):
        if row := trial.ards(reported):
            made_up.append(row)
        progress(done)
    return ByChance(here, tuple(made_up)) if here and made_up else None


class _Trial:
    """Screens without each family, which can be asked about any record."""

    def __init__(
        self,
        ready: Prepared,
        pool: Pool,
        families: Sequence[Asked],
        sets: int,
        draws: int,
        seed: int,
    ) -> None:
        self._ready = ready
        self._draws, self._seed = draws, seed
        self._quantities = pool.quantities[sets:]
        self._prior = np.nanmedian(self._quantities, axis=(0, 2))
        told, others = (
            synthetic_reports(self._quantities, ready.claims, each)
            for each in (seed, seed + 1)
        )
        self._screens: list[tuple[Asked, Screen]] = []
        for each in families:
            used = list(each.used)
            made = screen_of(
                pool.points[sets:],
                told[:, used],
                others[:, used],
                [ready.claims[at] for at in used],
                seed,
            )
            self._screens.append((each, made))

    def ards(self, reported: Numbers) -> dict[str, float]:
        """Return the pooled ARD by who foretells; empty if nobody counted anybody."""
        entries = _saying(self._ready.record.entries, reported)
        said: list[float] = []
        foretold: dict[str, list[float]] = {who: [] for who in WHO}
        for asked, screened in self._screens:
            used = list(asked.used)
            found = screened.fit(reported[used], self._draws, self._seed)
            known = [entry for at in used if (entry := entries[at]) is not None]
            for place, entry in enumerate(entries):
                if entry is None or place in asked.used:
                    continue
                site = entry.figure.origin
                if not counts_all(entry, site):
                    continue
                rates = simple_rates(self._ready.simulator.operation, known, site)
                if not rates:
                    continue
                said.append(entry.claim.best)
                runs = self._quantities[found.runs, place]
                foretold[FIT].append(float(np.nanmedian(runs)))
                foretold[PRIOR].append(float(self._prior[place]))
                for name, curve in rates.items():
                    foretold[name].append(curve.between(*window_h(entry)))
        if not sum(said) > 0:
            return {}
        return {who: ard(values, said) for who, values in foretold.items()}


def _times(row: Mapping[str, float], whom: str) -> float:
    if row[whom] > 0:
        return row[FIT] / row[whom]
    return inf if row[FIT] > 0 else 1.0


def _saying(
    entries: Sequence[Documented], reported: Numbers
) -> list[Documented | None]:
    """Return the same figures with other words; None in place of one not reported."""
    found: list[Documented | None] = []
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
