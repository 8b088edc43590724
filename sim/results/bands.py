"""What the runs of a study say together: quantiles, and how many runs they rest on."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor, inf, isfinite, isnan
from typing import NamedTuple

import numpy as np

from sim.experiment import Study
from sim.experiment.observe import Counts

LEVELS = (0.05, 0.5, 0.95)


class Band(NamedTuple):
    """Quantiles over the runs of a study.

    What did not come in a run (a NaN) counts as later than all that came, so a
    quantile is infinite if so many runs lack it.

    Attributes
    ----------
    p5, median, p95 : 5 %, 50 % and 95 % of all runs lie below.
    mean : NaN if any run lacks it.
    n : runs in which it came.
    """

    p5: float
    median: float
    p95: float
    mean: float
    n: int


def band_of(values: Iterable[float]) -> Band:
    """Return the quantiles of one number over the runs."""
    ranked = sorted(inf if isnan(value) else float(value) for value in values)
    came = sum(map(isfinite, ranked))
    low, middle, high = (_quantile(ranked, level) for level in LEVELS)
    mean = sum(ranked) / len(ranked) if came == len(ranked) else float("nan")
    return Band(low, middle, high, mean, came)


def metric_bands(study: Study) -> dict[str, Band]:
    """Return the band of every metric, by its full name."""
    return {
        name: band_of(run.metrics[name] for run in study.runs)
        for name in study.runs[0].metrics
    }


def to_leave_bands(study: Study) -> dict[str, Band]:
    """Return the people who are to leave each site: arrived and not arrived."""
    return {
        origin: band_of(
            run.metrics[f"arrived/{origin}"] + run.metrics[f"not_arrived/{origin}"]
            for run in study.runs
        )
        for origin in study.runs[0].arrivals
    }


def waiting_bands(study: Study) -> dict[tuple[str, str], Band]:
    """Return person-hours of waiting by (site of origin, cause), most first."""
    keys = dict.fromkeys(key for run in study.runs for key in run.waiting)
    bands = {
        key: band_of(run.waiting.get(key, 0.0) for run in study.runs) for key in keys
    }
    order = sorted(bands, key=lambda key: (key[0], -bands[key].mean, key[1]))
    return {key: bands[key] for key in order}


def day_starts(study: Study) -> list[int]:
    """Return when each local day of the run begins [s], the first with the run."""
    return study.operation.clock.days(study.operation.ends)


def daily_bands(study: Study) -> dict[str, list[Band]]:
    """Return the people who arrived on each day of `day_starts`, by origin."""
    return {
        origin: [
            band_of(day)
            for day in zip(*(r.daily[origin] for r in study.runs), strict=True)
        ]
        for origin in study.runs[0].daily
    }


def curve_bands(curves: Sequence[Mapping[str, Counts]]) -> dict[str, Counts]:
    """Return three rows for each curve: its p5, median and p95 at each moment.

    Parameters
    ----------
    curves : of each run, by name, as `Observed.arrivals`.
    """
    return {
        name: np.quantile(np.array([run[name] for run in curves]), LEVELS, axis=0)
        for name in curves[0]
    }


def _quantile(ranked: Sequence[float], level: float) -> float:
    """Return a quantile of numbers in rising order, between the two next to it."""
    position = level * (len(ranked) - 1)
    below, above = ranked[floor(position)], ranked[ceil(position)]
    # Two infinities, or an exact position, must not be subtracted.
    return below if below == above else below + (above - below) * (position % 1)
