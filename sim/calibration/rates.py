"""Two simple curves through the figures of a site that somebody knows.

People come at one rate, or at one rate in the hours in which they could move. Each
meets the last total known, and goes on from there if more people are expected.
"""

from collections.abc import Mapping, Sequence

from sim.calibration.baselines import (
    Totals,
    clipped,
    constant_rate,
    mean_of_sources,
    open_hours_rate,
    spread_evenly,
)
from sim.calibration.naive import documented_series, opens_h
from sim.calibration.open_hours import open_windows
from sim.calibration.record import Documented
from sim.scenario import Operation

CONSTANT, OPEN_HOURS = "constant rate", "open-hours rate"
_S_PER_H = 3600


def simple_rates(
    operation: Operation,
    known: Sequence[Documented],
    site: str,
    expected: float | None = None,
) -> Mapping[str, Totals]:
    """Return both curves by name; none if the figures known say nothing of a site.

    Parameters
    ----------
    operation : its stoppages say when people could move.
    known : figures that may be used, and no others.
    site : that people leave.
    expected : people in all; None if the last total known is all of them.
    """
    begins_h = _said_h(known, site, "first_arrival", opens_h(operation, site))
    series = documented_series(known, site, begins_h)
    if not series:
        return {}
    mean = mean_of_sources(list(series.values()))
    last_h = _said_h(known, site, "last_arrival", mean.hours[-1])
    last_h, so_far = min(last_h, mean.hours[-1]), mean.people[-1]
    until_h = operation.ends / _S_PER_H
    windows = open_windows(operation, site, until_h)
    could_move = clipped(windows, begins_h, last_h)
    if not could_move or not so_far > 0:
        return {}
    line = Totals((begins_h, last_h), (0.0, so_far))
    most = so_far if expected is None else max(so_far, expected)
    return {
        CONSTANT: _joined(
            spread_evenly(so_far, [(begins_h, last_h)]),
            constant_rate(line, last_h, until_h, most),
        ),
        OPEN_HOURS: _joined(
            spread_evenly(so_far, could_move),
            open_hours_rate(line, last_h, until_h, most, windows),
        ),
    }


def _joined(past: Totals, future: Totals) -> Totals:
    """Return a curve that goes on, if there is any time left in which it may."""
    return past.followed_by(future) if future.hours else past


def _said_h(
    known: Sequence[Documented], site: str, metric: str, otherwise: float
) -> float:
    """Return a moment that a figure names [h after the start]."""
    return next(
        (
            entry.claim.best
            for entry in known
            if entry.figure.metric == metric and entry.figure.origin == site
        ),
        otherwise,
    )
