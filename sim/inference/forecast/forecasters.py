"""Everybody who foretells the people of a site from one moment, in draws of one form.

All know the same figures, people and closures; how they go on differs. The same errors
of sources go on top of all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from sim.inference.claims import Numbers, RecordEntry
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import known_at_origin, stream_of
from sim.inference.comparators.registry import COMPARATORS, ensembles
from sim.inference.comparators.reporting import reported
from sim.inference.forecast.forecast import Forecast
from sim.inference.simulator import NEARLY_ALL
from sim.metrics.waiting import SECONDS_PER_HOUR

SIMULATION, POOL = "simulation", "pool"
DRAWS = 300
"""Curves of each comparator."""


@dataclass(frozen=True, slots=True)
class SiteDraws:
    """What one forecaster says of a site.

    Attributes
    ----------
    reports : of the later counts of all people arrived, of (draw, figure).
    totals : people arrived, of (draw, moment of the grid of the forecast).
    people : who leave in all, by draw.
    nearly_h, done_h : when nearly all and all have arrived; infinite if not within the
        run.
    """

    reports: Numbers
    totals: Numbers
    people: Numbers
    nearly_h: Numbers
    done_h: Numbers

    def arrivals(self, made: Forecast, begins_s: int, ends_s: int) -> Numbers:
        """Return how many arrive between two moments of the grid, by draw."""
        first, last = (made.grid_s.index(moment) for moment in (begins_s, ends_s))
        return np.asarray(self.totals[:, last] - self.totals[:, first])


def later_counts(made: Forecast, site: str) -> list[int]:
    """Return the places of the later counts of all people arrived from a site."""
    return [at for at in made.later if made.entries[at].counts_all_of(site)]


def forecasters(
    made: Forecast,
    site: str,
    seed: int,
    names: Collection[str] = (SIMULATION, *COMPARATORS),
) -> dict[str, SiteDraws]:
    """Return what the simulation and comparators say, by name.

    Parameters
    ----------
    made : by the simulation.
    site : that people leave.
    seed : of the comparators.
    names : of those who are asked; to leave one out changes no other.
    """
    known = made.entries[: made.known]
    later = [made.entries[at] for at in later_counts(made, site)]
    moment_h = made.then.moment_s / SECONDS_PER_HOUR
    told = known_at_origin(made.then.operation, known, site, moment_h, DRAWS, seed)
    found = {SIMULATION: simulated(made, site)} if SIMULATION in names else {}
    others = [name for name in COMPARATORS if name in names]
    for name, ensemble in ensembles(told, seed, others).items():
        stream = stream_of(seed, site, name, "reports", f"{moment_h:g}")
        found[name] = _drawn(made, ensemble, told.counts, later, stream)
    return found


def simulated(made: Forecast, site: str) -> SiteDraws:
    """Return what the simulation says."""
    place, outcomes = made.sites.index(site), made.outcomes
    return SiteDraws(
        made.reports[:, later_counts(made, site)],
        outcomes.totals[:, place],
        outcomes.people[:, place],
        outcomes.nearly_h[:, place],
        outcomes.done_h[:, place],
    )


def mixed(
    by_name: Mapping[str, SiteDraws],
    weights: Mapping[str, float],
    draws: int,
    stream: np.random.Generator,
) -> SiteDraws:
    """Return draws of all, of each as many as its weight says (a linear pool).

    Parameters
    ----------
    by_name : what everybody says.
    weights : by name, summing to 1.
    draws : of the pool.
    stream : by which they are drawn.
    """
    sizes = {name: len(by_name[name].people) for name in weights}
    return _together(by_name, _shared_out(weights, sizes, draws, stream))


def pool_of(
    made: Forecast,
    site: str,
    weights: Mapping[str, float],
    seed: int,
    said: Mapping[str, SiteDraws] | None = None,
) -> SiteDraws:
    """Return as many draws as the simulation has, of all by their weights.

    Whoever has none of them is not asked: some comparators take a second each.

    Parameters
    ----------
    made, site, seed : as of `forecasters`.
    weights : as of `mixed`.
    said : what all of them say, if they have been asked.
    """
    draws = len(made.outcomes.totals)
    stream = stream_of(seed, POOL, site, made.moment.isoformat())
    if said is not None:
        return mixed(said, weights, draws, stream)
    sizes = dict.fromkeys(weights, DRAWS) | {SIMULATION: draws}
    rows = _shared_out(weights, sizes, draws, stream)
    asked = [name for name, own in rows.items() if len(own)]
    return _together(forecasters(made, site, seed, asked), rows)


def _shared_out(
    weights: Mapping[str, float],
    sizes: Mapping[str, int],
    draws: int,
    stream: np.random.Generator,
) -> dict[str, npt.NDArray[np.int64]]:
    """Return which draws of each are in a pool of all."""
    names = list(weights)
    borders = np.cumsum([weights[name] for name in names])
    places = (np.arange(draws) + stream.random()) / draws
    owner = np.minimum(np.searchsorted(borders, places), len(names) - 1)
    return {
        name: stream.permutation(sizes[name])[
            np.arange(int((owner == at).sum())) % sizes[name]
        ]
        for at, name in enumerate(names)
    }


def _together(
    by_name: Mapping[str, SiteDraws], rows: Mapping[str, npt.NDArray[np.int64]]
) -> SiteDraws:
    """Return some draws of each, one after the other."""
    parts = [(by_name[name], own) for name, own in rows.items() if len(own)]
    return SiteDraws(
        *(
            np.concatenate([getattr(said, field.name)[own] for said, own in parts])
            for field in fields(SiteDraws)
        )
    )


def with_draws(made: Forecast, site: str, said: SiteDraws) -> Forecast:
    """Return a forecast that says of one site what somebody else says.

    Of other figures it says what the simulation does, and so it does of chance alone.
    """
    place, reports = made.sites.index(site), made.reports.copy()
    reports[:, later_counts(made, site)] = said.reports
    changed = {}
    for name in ("totals", "people", "nearly_h", "done_h"):
        values = np.array(getattr(made.outcomes, name), dtype=np.float64)
        values[:, place] = getattr(said, name)
        changed[name] = values
    return replace(made, reports=reports, outcomes=replace(made.outcomes, **changed))


def _drawn(
    made: Forecast,
    ensemble: Ensemble,
    known: Sequence[RecordEntry],
    later: Sequence[RecordEntry],
    stream: np.random.Generator,
) -> SiteDraws:
    return SiteDraws(
        reported(ensemble, known, later, stream),
        ensemble.at(np.array(made.grid_s) / SECONDS_PER_HOUR),
        ensemble.expected,
        ensemble.completed(NEARLY_ALL),
        ensemble.completed(1.0),
    )
