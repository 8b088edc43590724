"""Two curves through the figures of a whole operation: points, quickly drawn.

By them hundreds of made-up records are judged, for which ensembles of curves would take
too long (`sim.inference.comparators`). People come at one rate, or at one rate in the
hours in which they could move.
"""

from collections.abc import Mapping, Sequence

from sim.inference.arrival_curves import (
    Totals,
    Windows,
    clipped,
    documented_series,
    mean_of_sources,
    open_windows,
    opens_h,
    said_h,
)
from sim.inference.claims import RecordEntry
from sim.inference.comparators.registry import CONSTANT, OPEN_HOURS
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation


def simple_rates(
    operation: Operation, known: Sequence[RecordEntry], site: str
) -> Mapping[str, Totals]:
    """Return both curves by name; none if the figures known say nothing of a site.

    The last total known is all who leave.

    Parameters
    ----------
    operation : its stoppages say when people could move.
    known : figures that may be used, and no others.
    site : that people leave.
    """
    begins_h = said_h(known, site, "first_arrival", opens_h(operation, site))
    series = documented_series(known, site, begins_h)
    if not series:
        return {}
    mean = mean_of_sources(list(series.values()))
    last_h = said_h(known, site, "last_arrival", mean.hours[-1])
    last_h, people = min(last_h, mean.hours[-1]), mean.people[-1]
    windows = open_windows(operation, site, operation.ends / SECONDS_PER_HOUR)
    could_move = clipped(windows, begins_h, last_h)
    if not could_move or not people > 0:
        return {}
    return {
        CONSTANT: spread_evenly(people, [(begins_h, last_h)]),
        OPEN_HOURS: spread_evenly(people, could_move),
    }


def spread_evenly(people: float, windows: Windows) -> Totals:
    """Return a total that is spread evenly over some hours."""
    length = sum(end - begin for begin, end in windows)
    hours, totals, arrived = [], [], 0.0
    for begin, end in windows:
        hours += [begin, end]
        totals += [arrived, arrived + people * (end - begin) / length]
        arrived = totals[-1]
    return Totals(tuple(hours), tuple(totals))
