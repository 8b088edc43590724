"""What closes gates: the hours of a gate, and stoppages, occurrence by occurrence.

A random stoppage comes again and again; what one occurrence has done, and to whom, is
nothing to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sim.events import Cause, EventLog, Kind, Reason, ReasonKind
from sim.model.convoy import Convoy, Detour
from sim.model.luck import detention_s, stoppage_patience_s
from sim.model.streams import Streams
from sim.scenario.plans import StoppagePlan

HOLD, TURN_BACK, DETAIN, DIVERT = "hold", "turn_back", "detain", "divert"
Detours = Mapping[str, Detour]
"""The other way of convoys that are diverted, by gate."""
NO_DETOURS: Detours = MappingProxyType({})
Why = tuple[Cause, Reason]
"""Why somebody stands: a cause, and what is behind it."""


class Closure:
    """Something that closes gates for a time, and holds who comes.

    Attributes
    ----------
    reason : what it is, as a reason.
    deters : nobody whom it concerns sets out towards a gate that it closes.
    concerns_all : it closes its gates to everybody.
    met : convoys that it has dealt with.
    pardoned : of these, those whom it detained and let go: it bars them no more.
    """

    __slots__ = ("concerns_all", "deters", "met", "pardoned", "reason")

    def __init__(
        self, reason: Reason, *, deters: bool, concerns_all: bool = True
    ) -> None:
        self.reason = reason
        self.deters = deters
        self.concerns_all = concerns_all
        self.met: set[Convoy] = set()
        self.pardoned: set[Convoy] = set()

    def why_closed(self, place: str) -> Why:
        """Return why who stands before a gate that it closes does."""
        raise NotImplementedError

    def concerns_flow(self, flow: str) -> bool:
        """Whether it concerns a flow as such, whichever of its convoys comes."""
        return self.concerns_all

    def deters_flow(self, flow: str) -> bool:
        """Whether a flow sends no convoy towards its gates, if it deters."""
        return self.concerns_all

    def concerns(self, convoy: Convoy) -> bool:
        """Whether it closes its gates to a convoy that has come to one of them."""
        return self.concerns_all

    def note_coming(self, convoy: Convoy) -> None:
        """Note that a convoy has come to one of its gates, or stands there already."""

    def meet(self, convoy: Convoy, place: str) -> str:
        """Deal with a convoy that stands before a gate that it closes.

        Returns
        -------
        str
            What becomes of the convoy, unless it has no vehicle left: `hold`,
            `turn_back`, `detain` or `divert`.
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
        "_came",
        "_caught",
        "_detours",
        "_flows",
        "_lives",
        "_losses",
        "_losses_loaded",
        "_number",
        "_plan",
        "_streams",
        "_unaccounted",
        "is_over",
        "name",
        "when_over",
    )

    def __init__(
        self,
        name: str,
        plan: StoppagePlan,
        number: int,
        streams: Streams,
        detours: Detours = NO_DETOURS,
    ) -> None:
        reason = Reason(ReasonKind.STOPPAGE, stoppage=name)
        super().__init__(
            reason, deters=deters(plan), concerns_all=not is_selective(plan)
        )
        self.name = name
        self.is_over = False
        self.when_over: list[Callable[[], None]] = []
        self._plan = plan
        self._number = number
        self._streams = streams
        self._detours = detours
        self._flows = plan.flows
        self._came: dict[int, int] = {}
        self._caught = 0
        self._losses = dict(plan.loses)
        self._losses_loaded = dict(plan.loses_loaded)
        self._lives = plan.lives_lost
        self._unaccounted = plan.unaccounted

    def concerns_flow(self, flow: str) -> bool:
        """Whether it concerns a flow as such, whichever of its convoys comes."""
        return self._plan.meets is None and self._is_for(flow)

    def deters_flow(self, flow: str) -> bool:
        """Whether a flow sends no convoy towards its gates, if it deters."""
        return self._is_for(flow)

    def _is_for(self, flow: str) -> bool:
        return self._flows is None or flow in self._flows

    def concerns(self, convoy: Convoy) -> bool:
        """Whether it closes its gates to a convoy that has come to one of them."""
        if self.concerns_all:
            return True
        meets = self._plan.meets
        if meets is None:
            return self._is_for(convoy.flow)
        number = self._came.get(convoy.whole, 0)
        return meets.first <= number and (meets.last is None or number <= meets.last)

    def note_coming(self, convoy: Convoy) -> None:
        """Count a convoy that comes with people; its parts count with it."""
        came = self._came
        if convoy.people and convoy.whole not in came and self._is_for(convoy.flow):
            came[convoy.whole] = len(came) + 1

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
            fate = self._fate(convoy, place)
            if fate != HOLD or self._plan.caught == HOLD:
                self._take(convoy, place)
            return fate
        for fleet, number in self._losses.items():
            if number:
                self._losses[fleet] -= convoy.lose_vehicles(
                    fleet, number, place, self.name
                )
        # On the way home there is nowhere else to go to.
        sent_back = self._plan.caught == TURN_BACK and not convoy.has_boarded
        return TURN_BACK if sent_back else HOLD

    def _fate(self, convoy: Convoy, place: str) -> str:
        plan = self._plan
        if plan.caught == HOLD or self._caught == plan.catches:
            return HOLD
        if plan.caught == DIVERT and self.detour(convoy, place) is None:
            return HOLD
        self._caught += 1
        return plan.caught

    def _take(self, convoy: Convoy, place: str) -> None:
        """Take out of a convoy with people who and what is to be lost of it."""
        losses = self._losses_loaded
        struck = convoy.first_vehicles(losses) if losses else []
        for kind, people in (
            (Kind.LIVES_LOST, self._lives),
            (Kind.UNACCOUNTED, self._unaccounted),
        ):
            if people:
                lost = convoy.lose_people(kind, people, struck, place, self.name)
                if kind is Kind.UNACCOUNTED:
                    self._unaccounted -= lost
                else:
                    self._lives -= lost
        if struck:
            for position in struck:
                losses[convoy.trip.fleets[position]] -= 1
            convoy.lose_loaded_vehicles(struck, place, self.name)

    def detour(self, convoy: Convoy, place: str) -> Detour | None:
        """Return the other way from a gate, None if the convoy cannot go there.

        It is on that way already, or there is no room for its people at the end of it.
        """
        detour = self._detours.get(place)
        if detour is None or detour.route == convoy.route:
            return None
        return detour if detour.has_room_for(convoy) else None

    def detention_s(self, convoy: Convoy) -> int:
        """Return how long it detains a convoy."""
        draw = self._plan.detained_for
        assert draw is not None  # noqa: S101 - the plan checks it
        return detention_s(self._streams, draw, self.name, self._number, convoy.name)

    def patience_s(self, convoy: Convoy) -> int | None:
        """Return how long a convoy with people stands there, None if for ever."""
        draw = self._plan.gives_up_after
        if draw is None or not convoy.people:
            return None
        return stoppage_patience_s(
            self._streams, draw, self.name, self._number, convoy.name
        )

    def why_not(self, convoy: Convoy) -> Reason | None:
        """Return why the convoy may not pass, None if it may, or has nobody aboard."""
        if self.is_over or convoy in self.pardoned or not convoy.people:
            return None
        return self.reason

    def gave_up(self, convoy: Convoy, place: str) -> Reason:
        """Return the reason for which a convoy turns back whose patience is over."""
        return Reason(ReasonKind.STOOD_TOO_LONG, stoppage=self.name, place=place)

    def record_not_found(self, log: EventLog) -> None:
        """Write down whom and what it was to take, and did not meet."""
        if self._unaccounted:
            log.record(Kind.NOT_FOUND, self.name, people=self._unaccounted)
        for fleet, number in self._losses.items():
            if number:
                reason = Reason(ReasonKind.STOPPAGE, stoppage=self.name, note=fleet)
                log.record(Kind.NOT_FOUND, self.name, vehicles=number, reason=reason)
        if self._lives:
            log.record(Kind.NOT_STRUCK, self.name, people=self._lives)
        for fleet, number in self._losses_loaded.items():
            if number:
                reason = Reason(ReasonKind.STOPPAGE, stoppage=self.name, note=fleet)
                log.record(Kind.NOT_STRUCK, self.name, vehicles=number, reason=reason)

    def end(self) -> None:
        """Let those look again whom it deterred."""
        self.is_over = True
        for call in self.when_over:
            call()
        self.let_go()

    def let_go(self) -> None:
        """Hold on to nobody any more: it is over, or the run is."""
        self._came.clear()
        self.met.clear()
        self.pardoned.clear()
        self.when_over.clear()


def is_selective(plan: StoppagePlan) -> bool:
    """Whether such a stoppage leaves its gates open to some convoys."""
    return plan.flows is not None or plan.meets is not None


def deters(plan: StoppagePlan) -> bool:
    """Whether nobody sets out towards a gate that such a stoppage closes."""
    if plan.deters is not None:
        return plan.deters
    if plan.meets is not None:  # whom it will meet, nobody knows who sets out
        return False
    return plan.caught == TURN_BACK or (
        plan.caught == DETAIN and plan.afterwards == TURN_BACK
    )
