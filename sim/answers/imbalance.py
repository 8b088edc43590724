"""How far the sides of an agreement are apart in a run, and a limit on that."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.events import RunLog
from sim.experiment import Job
from sim.metrics.arrivals import people_to_leave
from sim.metrics.curves import Curve
from sim.metrics.exchange import greatest_imbalance, moved
from sim.model import no_search_for_garbage
from sim.scenario import Operation
from sim.scenario.origins import served_by
from sim.statistics.intervals import Numbers

_PARTS = 100
"""Of a percent, in which shares of a side are reckoned."""
_TWO = 2


@dataclass(frozen=True, slots=True)
class ImbalanceLimit:
    """How far the sides of an agreement may be apart.

    Attributes
    ----------
    most : people by which one side may be ahead of another, or percent.
    percent : whether it is percent of those whom each side is to move.
    breaks : share of the runs that may break it.
    """

    most: float
    percent: bool
    breaks: float

    def excess(self, leads: Numbers) -> float:
        """Return by how much too many runs break it; 0 if the limit is kept."""
        if not len(leads):
            return 0.0
        allowed = int(self.breaks * len(leads) + 1e-9)
        return max(0.0, float(np.sort(leads)[::-1][allowed]) - self.most)


class Lead(NamedTuple):
    """When the sides of an agreement were furthest apart in a run.

    Attributes
    ----------
    amount : people by which one was ahead, or percent.
    step : the most of the side ahead that counted in one moment, in the same unit.
    """

    amount: float
    step: float = 0.0
    time_s: int = 0
    agreement: str = ""
    ahead: str = ""
    behind: str = ""


def leads_of(percent: bool, job: Job, replications: range) -> list[tuple[int, float]]:
    """Return by how much sides were apart in some runs; runs in a worker."""
    with no_search_for_garbage():
        return [
            (each, lead_in(job.log_of(each), job.operation, percent=percent).amount)
            for each in replications
        ]


def lead_in(log: RunLog, operation: Operation, *, percent: bool) -> Lead:
    """Return when the sides of an agreement were furthest apart in a run.

    Parameters
    ----------
    log : of the run.
    operation : that was run.
    percent : whether people are counted in percent of those whom each side is to move.
    """
    found = Lead(0.0)
    leaving = people_to_leave(log) if percent else {}
    parts = _PARTS if percent else 1
    for name, plan in operation.agreements.items():
        if len(plan.parties) < _TWO:
            continue
        curves = moved(log, name, plan.parties)
        if percent:
            for side, party in plan.parties.items():
                flows = [operation.flows[flow] for flow in party.flows]
                own = {
                    who for flow in flows for who in served_by(flow, operation.routes)
                }
                whole = sum(leaving.get(who, 0) for who in own)
                curves[side] = _in_parts(curves[side], whole)
        most = greatest_imbalance(curves)
        if most.amount / parts > found.amount:
            steps = np.diff(curves[most.ahead].totals, prepend=0)
            found = Lead(
                *(most.amount / parts, float(steps.max()) / parts, most.time_s),
                *(name, most.ahead, most.behind),
            )
    return found


def _in_parts(curve: Curve, whole: int) -> Curve:
    """Return a curve in hundredths of a percent of a whole."""
    parts = 100 * _PARTS
    return Curve(
        curve.times_s, tuple(parts * each // (whole or 1) for each in curve.totals)
    )
