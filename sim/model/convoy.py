"""A convoy and its journey."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any, Protocol

import simpy

from sim.events import Cause, EventLog, Kind, Trip
from sim.model import invariants
from sim.model.engine import Process
from sim.model.sheet import Chances
from sim.model.ties import Alarm, Tie

if TYPE_CHECKING:
    from sim.model.fleet import Fleet
    from sim.model.flow import Flow
    from sim.model.gate import Gate
    from sim.model.loading import Loading

Passage = Generator[simpy.Event, Any, bool]


Later = tuple["Gate", int, Kind, str, Cause]
"""A turn that has yet to begin: when it does, on the clock of which gate, and what to
write down once it has. To wait for the beginning and again for the end would cost a
convoy two events."""


class Stage(Protocol):
    """Anything a convoy has to get through."""

    def pass_through(self, convoy: Convoy) -> Iterable[simpy.Event]:
        """Take the convoy through, or send it back; give what it waits for."""
        ...


class Convoy:
    """Vehicles under way together: what they carry, and their place in the log.

    Attributes
    ----------
    chances : what chance decides for it, by place.
    laden : on the way from boarding to unloading, or back to where people boarded.
    loading : who rides, or is expected to ride, in each vehicle.
    riders : how many ride, or are expected to, by group.
    people : aboard now; 0 before boarding and after arrival.
    vehicles : that have not been lost.
    came_s : time spent on legs on the way to the site.
    driven_s : since then: the way back if turned back.
    later : a turn that has yet to begin.
    held_by : cause and author of the present hold, if any.
    sent_back : it may not go on: it drives back, or has no vehicle left.
    pardoned_by : stoppages that have detained the convoy and let it go.
    """

    __slots__ = (
        "_flow_name",
        "_taken",
        "_write",
        "came_s",
        "chances",
        "driven_s",
        "env",
        "flow",
        "held_by",
        "laden",
        "later",
        "loading",
        "log",
        "name",
        "pardoned_by",
        "people",
        "riders",
        "sent_back",
        "trip",
        "vehicles",
    )

    def __init__(
        self,
        env: simpy.Environment,
        log: EventLog,
        flow: Flow,
        trip: Trip,
        loading: Loading,
        taken: dict[Fleet, list[int]],
        chances: Chances,
    ) -> None:
        self.env = env
        self.log = log
        self._write = log.write
        self.flow = flow
        self._flow_name = flow.name
        self.chances = chances
        self.laden = self.sent_back = False
        self.later: Later | None = None
        self.trip = trip
        self.name = trip.convoy
        self.loading = loading
        self.riders = loading.riders
        self.people = 0
        self.came_s = self.driven_s = 0
        self.held_by: tuple[str, str] | None = None
        self.pardoned_by: set[str] = set()
        self.vehicles = len(trip.vehicles)
        self._taken = taken

    def turns(self, place: str) -> list[int]:
        """Return how long each vehicle's turn at a station takes; 0 if it was lost."""
        turns = self.chances[place]
        number = len(self.trip.vehicles)
        if number < len(turns):
            turns = turns[:number]
        if self.trip.fates:
            turns = turns.copy()
            for position in self.trip.fates:
                turns[position] = 0
        return turns

    @property
    def expected(self) -> int:
        """People who ride, or are expected to."""
        return sum(self.riders.values())

    def vehicles_left(self) -> dict[Fleet, list[int]]:
        """Return the vehicles that have not been lost, by fleet."""
        if not self.trip.fates:
            return self._taken
        lost = {
            (self.trip.fleets[position], self.trip.vehicles[position])
            for position in self.trip.fates
        }
        return {
            fleet: [number for number in numbers if (fleet.name, number) not in lost]
            for fleet, numbers in self._taken.items()
        }

    def note(
        self,
        kind: Kind,
        place: str,
        cause: Cause | str = "",
        by: str = "",
        time_s: int | None = None,
    ) -> None:
        """Write in the log what happens to this convoy now, or happened since."""
        people = self.people
        self._write(
            (
                self.env._now if time_s is None else time_s,  # type: ignore[arg-type]
                kind,
                place,
                self._flow_name,
                self.name,
                "",
                people,
                self.vehicles,
                cause if people else "",
                by,
            )
        )

    def catch_up(self) -> None:
        """Write down that its turn has begun, if it has."""
        if self.later is not None:
            gate, clock, kind, place, cause = self.later
            if clock <= gate.clock:
                self.later = None
                self.note(kind, place, cause, time_s=gate.spells.time_of(clock))

    def note_groups(self, kind: Kind, place: str) -> None:
        """Write down a change of state of the people aboard, by group."""
        now: int = self.env._now  # type: ignore[assignment] # whole seconds
        flow, name, vehicles = self._flow_name, self.name, self.vehicles
        for crowd, people in self.riders.items():
            self._write(
                (now, kind, place, flow, name, crowd.group, people, vehicles, "", "")
            )

    def hold(self, place: str, cause: Cause, by: str) -> None:
        """Note that the convoy stands, unless it already stands for that reason."""
        if self.held_by != (cause, by):
            self.held_by = (cause, by)
            self.note(Kind.HELD, place, cause, by)
            self._tell_flow()

    def release(self, place: str, cause: Cause | str) -> None:
        """Note that the convoy may go on, if it stood."""
        if self.held_by is not None:
            self.held_by = None
            self.note(Kind.RELEASED, place, cause)
            self._tell_flow()

    def _tell_flow(self) -> None:
        """Let the flow look again why its people wait."""
        if self.people:
            self.flow.vehicles_changed()
        else:
            self.flow.review()

    def board(self, place: str, cause: Cause) -> None:
        """Take the expected people of the site aboard."""
        for crowd, people in self.riders.items():
            crowd.board(people)
            self.people += people
        invariants.everybody_has_a_seat(self)
        self.trip.groups = {
            crowd.group: people for crowd, people in self.riders.items()
        }
        self.trip.loads = list(self.loading.people)
        self.laden = True
        self.note_groups(Kind.ASSIGNED, place)
        kind = Kind.BOARDING if cause is Cause.BOARDING else Kind.QUEUED
        self.note(kind, place, cause)

    def empty(self, kind: Kind, place: str) -> None:
        """Let everybody out: at the destination, or back at the site."""
        for crowd, people in self.riders.items():
            if kind is Kind.ARRIVED:
                crowd.arrive(people)
            else:
                crowd.come_back(people)
        self.note_groups(kind, place)
        self.people = 0
        self.laden = False
        self.riders = {}
        self.loading.shares = {}

    def lose_sight_of(self, people: int, place: str, by: str) -> None:
        """Take people out of the vehicles who neither arrive nor return."""
        for crowd, number in self.loading.take_out(people).items():
            if number:
                crowd.lose_sight_of(number)
                self.people -= number
                self.riders[crowd] -= number
                self.log.record(
                    Kind.UNACCOUNTED,
                    place,
                    self.flow.name,
                    self.name,
                    crowd.group,
                    number,
                    self.vehicles,
                    by=by,
                )
        invariants.everybody_has_a_seat(self)
        self.flow.recount(self)

    def lose_vehicles(self, fleet: str, number: int, place: str, by: str) -> int:
        """Lose up to so many empty vehicles of a fleet; return how many."""
        lost = [
            position
            for position, name in enumerate(self.trip.fleets)
            if name == fleet and position not in self.trip.fates
        ][:number]
        for position in lost:
            self.trip.fates[position] = "lost"
            for crowd, people in self.loading.strike(position).items():
                crowd.expect(-people)
                self.riders[crowd] -= people
        self.vehicles -= len(lost)
        if lost:
            self.log.record(
                Kind.LOST,
                place,
                self.flow.name,
                self.name,
                vehicles=len(lost),
                by=by,
            )
            self.flow.vehicles_lost(fleet, len(lost))
            self.flow.recount(self)
            self.flow.people_free_again()
        return len(lost)

    @property
    def stranded(self) -> bool:
        """Whether no vehicle is left."""
        return not self.vehicles


def journey(env: simpy.Environment, convoy: Convoy) -> Process:
    """Take one convoy to the site, to the destination and back."""
    flow = convoy.flow
    convoy.note(Kind.FORMED, flow.origin)
    for stage in flow.stages:
        yield from stage.pass_through(convoy)
        if convoy.sent_back:
            yield from _turn_back(env, convoy)
            break
    flow.relieve(convoy)


def _turn_back(env: simpy.Environment, convoy: Convoy) -> Process:
    """Drive back to where the convoy came from; on the way home it was lost."""
    trip = convoy.trip
    if convoy.laden and convoy.stranded:
        trip.fate = "lost"
    elif convoy.laden:
        yield from _back_to_site(env, convoy)
        trip.fate = "returned"
        yield from _drive_back(env, convoy.came_s)
    elif trip.fate != "arrived":
        trip.fate = "lost" if convoy.stranded else "sent back empty"
        yield from _drive_back(env, convoy.driven_s)


def _back_to_site(env: simpy.Environment, convoy: Convoy) -> Process:
    flow = convoy.flow
    for crowd, people in convoy.riders.items():
        crowd.turn_back(people)
    flow.give_up_claims(convoy)
    yield from _drive_back(env, convoy.driven_s)
    convoy.empty(Kind.RETURNED, flow.origin)
    flow.people_returned()


def _drive_back(env: simpy.Environment, seconds: int) -> Process:
    """Drive the way that was come, in the time that it took; gates let it pass."""
    if seconds:
        yield Alarm(env, seconds, Tie.MOVE)
