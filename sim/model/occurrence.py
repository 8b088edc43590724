"""What closes gates: the hours of a gate, and stoppages, occurrence by occurrence.

A random stoppage comes again and again; what one occurrence has done, and to whom, is
nothing to the next.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.events import Cause, EventLog, Kind, Reason, ReasonKind
from sim.model.convoy import Convoy
from sim.model.luck import detention_s
from sim.model.streams import Streams
from sim.scenario.plans import StoppagePlan

HOLD, TURN_BACK, DETAIN = "hold", "turn_back", "detain"


Why = tuple[Cause, Reason]
"""Why somebody stands: a cause, and what is behind it."""


class Closure:
    """Something that closes gates for a time, and holds who comes.

    Attributes
    ----------
    reason : what it is, as a reason.
    deters : nobody sets out towards a gate that it closes.
    met : convoys that it has dealt with.
    pardoned : of these, those whom it detained and let go: it bars them no more.
    """

    __slots__ = ("deters", "met", "pardoned", "reason")

    def __init__(self, reason: Reason, *, deters: bool) -> None:
        self.reason = reason
        self.deters = deters
        self.met: set[Convoy] = set()
        self.pardoned: set[Convoy] = set()

    def why_closed(self, place: str) -> Why:
        """Return why who stands before a gate that it closes does."""
        raise NotImplementedError

    def meet(self, convoy: Convoy, place: str) -> str:
        """Deal with a convoy that stands before a gate that it closes.

        Returns
        -------
        str
            What becomes of the convoy, unless it has no vehicle left: `hold`,
            `turn_back` or `detain`.
        """
        raise NotImplementedError


class Curfew(Closure):
    """It is outside the hours of a gate."""

    __slots__ = ()

    def __init__(self, place: str) -> None:
        reason = Reason(ReasonKind.OUTSIDE_HOURS, place=place)
        super().__init__(reason, deters=False)

    def why_closed(self, place: str) -> Why:
        """Return that it is outside hours."""
        return Cause.OUTSIDE_HOURS, self.reason

    def meet(self, convoy: Convoy, place: str) -> str:
        """Hold whoever comes."""
        return HOLD


class Occurrence(Closure):
    """A stoppage from one beginning to its end.

    Attributes
    ----------
    name : of the stoppage.
    is_over : it has ended.
    when_over : called when it ends.
    """

    __slots__ = (
        "_caught",
        "_losses",
        "_number",
        "_plan",
        "_streams",
        "_unaccounted",
        "is_over",
        "name",
        "when_over",
    )

    def __init__(
        self, name: str, plan: StoppagePlan, number: int, streams: Streams
    ) -> None:
        reason = Reason(ReasonKind.STOPPAGE, stoppage=name)
        super().__init__(reason, deters=deters(plan))
        self.name = name
        self.is_over = False
        self.when_over: list[Callable[[], None]] = []
        self._plan = plan
        self._number = number
        self._streams = streams
        self._caught = 0
        self._losses = dict(plan.loses)
        self._unaccounted = plan.unaccounted

    @property
    def afterwards(self) -> str:
        """What follows a detention: `release` or `turn_back`."""
        return self._plan.afterwards

    def why_closed(self, place: str) -> Why:
        """Return that the stoppage closes a gate."""
        reason = Reason(ReasonKind.CLOSED, stoppage=self.name, place=place)
        return Cause.STOPPAGE, reason

    def meet(self, convoy: Convoy, place: str) -> str:
        """Do to a convoy what the plan says."""
        self.met.add(convoy)
        if convoy.people:
            fate = self._fate()
            if self._unaccounted and (fate != HOLD or self._plan.caught == HOLD):
                self._unaccounted -= convoy.lose_sight_of(
                    self._unaccounted, place, self.name
                )
            return fate
        for fleet, number in self._losses.items():
            if number:
                self._losses[fleet] -= convoy.lose_vehicles(
                    fleet, number, place, self.name
                )
        # On the way home there is nowhere else to go to.
        sent_back = self._plan.caught == TURN_BACK and not convoy.has_boarded
        return TURN_BACK if sent_back else HOLD

    def _fate(self) -> str:
        most = self._plan.catches
        if self._plan.caught == HOLD or (most is not None and self._caught >= most):
            return HOLD
        self._caught += 1
        return self._plan.caught

    def detention_s(self, convoy: Convoy) -> int:
        """Return how long it detains a convoy."""
        draw = self._plan.detained_for
        assert draw is not None  # noqa: S101 - the plan checks it
        return detention_s(self._streams, draw, self.name, self._number, convoy.name)

    def record_not_found(self, log: EventLog) -> None:
        """Write down whom and what it was to take, and did not meet."""
        if self._unaccounted:
            log.record(Kind.NOT_FOUND, self.name, people=self._unaccounted)
        for fleet, number in self._losses.items():
            if number:
                reason = Reason(ReasonKind.STOPPAGE, stoppage=self.name, note=fleet)
                log.record(Kind.NOT_FOUND, self.name, vehicles=number, reason=reason)

    def end(self) -> None:
        """Let those look again whom it deterred."""
        self.is_over = True
        for call in self.when_over:
            call()
        self.let_go()

    def let_go(self) -> None:
        """Hold on to nobody any more: it is over, or the run is."""
        self.met.clear()
        self.pardoned.clear()
        self.when_over.clear()


def deters(plan: StoppagePlan) -> bool:
    """Whether nobody sets out towards a gate that such a stoppage closes."""
    if plan.deters is not None:
        return plan.deters
    return plan.caught == TURN_BACK or (
        plan.caught == DETAIN and plan.afterwards == TURN_BACK
    )
