"""A site, and why the people there wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.events import Cause, EventLog, Kind
from sim.model.ledger import Crowd

if TYPE_CHECKING:
    from sim.model.flow import Flow, Reason

# A group that several flows serve waits for the one that is nearest to moving.
_NEAREST = (
    Cause.NO_VEHICLE,
    Cause.HEADWAY,
    Cause.DETENTION,
    Cause.OUTSIDE_HOURS,
    Cause.STOPPAGE,
    Cause.AGREEMENT,
    Cause.NOT_BEGUN,
    Cause.NO_SERVICE,
)
_RANK = {str(cause): rank for rank, cause in enumerate(_NEAREST)}


class Site:
    """The groups of one site and the flows that serve them."""

    def __init__(self, name: str, log: EventLog) -> None:
        self.name = name
        self.crowds: dict[str, Crowd] = {}
        self.flows: list[Flow] = []
        self._log = log
        self._served_by: dict[Crowd, list[Flow]] = {}

    def start(self) -> None:
        """Write down who is there when the operation begins."""
        for crowd in self.crowds.values():
            self._log.record(
                Kind.STARTED, self.name, group=crowd.group, people=crowd.people
            )
            if crowd.stayed:
                self._log.record(
                    Kind.STAYED, self.name, group=crowd.group, people=crowd.stayed
                )
        self.explain_waiting(list(self.crowds.values()))

    def explain_waiting(self, crowds: list[Crowd]) -> None:
        """Write down why these groups wait, where the reason has changed."""
        for crowd in crowds:
            reason = self._nearest(crowd)
            if crowd.cause != reason:
                crowd.cause = cause, by = reason
                self._log.record(
                    Kind.WAITING,
                    self.name,
                    group=crowd.group,
                    people=crowd.waiting,
                    cause=cause,
                    by=by,
                )

    def _nearest(self, crowd: Crowd) -> Reason:
        """Return why a group waits: the reason of the flow nearest to moving."""
        flows = self._served_by.get(crowd)
        if flows is None:
            flows = [flow for flow in self.flows if crowd in flow.crowds]
            self._served_by[crowd] = flows
        if not flows:
            return Cause.NO_SERVICE, ""
        reason = flows[0].reason
        for flow in flows[1:]:
            if _RANK[flow.reason[0]] < _RANK[reason[0]]:
                reason = flow.reason
        return reason

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        self.flows.clear()
        self._served_by.clear()
