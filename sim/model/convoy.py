"""A convoy: vehicles under way together, what they carry, and what is told of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from operator import gt
from typing import NamedTuple, Protocol

import simpy

from sim.errors import BrokenInvariantError
from sim.events import NO_REASON, Cause, EventLog, Kind, Reason, ReasonKind, Trip
from sim.model.crowd import Crowd
from sim.model.fleet import Fleet
from sim.model.kernel import MOVE, Alarm
from sim.model.loading import Loading, PickUp
from sim.model.reception import Reception
from sim.model.sheet import Chances
from sim.model.station import Booking, Door, Station
from sim.parts.stages import Stage

Later = tuple[Booking, Kind, str, Cause]
"""A turn that has yet to begin: its booking, and what to write down once it has. To
wait for the beginning and again for the end would cost a convoy two events."""


class Detour(NamedTuple):
    """Another way on from a gate, for convoys that are diverted there.

    Attributes
    ----------
    route, destination : onto which, and where it leads.
    gates : stages that the convoy comes to with people aboard from there on.
    stages : these, and unloading.
    back : what follows for vehicles that return.
    reception : of the destination, None if it takes in any number.
    """

    route: str
    destination: str
    gates: Collection[str]
    stages: Sequence[Stage[Convoy]]
    back: Sequence[Stage[Convoy]]
    reception: Reception | None

    def has_room_for(self, convoy: Convoy) -> bool:
        """Whether the destination takes a convoy in; it has a place where it goes."""
        if self.reception is None or convoy.trip.destination == self.destination:
            return True
        return self.reception.room >= convoy.people


class Passable(Protocol):
    """A gate, as far as a part of a convoy goes through."""

    @property
    def name(self) -> str:
        """Name of the gate."""
        ...

    def go_on(self, convoy: Convoy) -> Iterable[simpy.Event]:
        """Go through, for one that may."""
        ...

    def spare(self, convoy: Convoy, part: Convoy) -> None:
        """Let nothing that closes it do to a part what it has done to the whole."""
        ...


class Dispatcher(Protocol):
    """Whoever sent the convoy, and is told what becomes of it."""

    @property
    def name(self) -> str:
        """Name of the flow."""
        ...

    def standstill_changed(self, convoy: Convoy) -> None:
        """Note that the convoy stands, or goes on."""
        ...

    def boarded(self) -> None:
        """Note that people have left the site."""
        ...

    def pick_up_at(self, convoy: Convoy, site: str) -> PickUp | None:
        """Return whom the convoy takes on at a site on its way; None if nobody."""
        ...

    def room_for_more(self, convoy: Convoy) -> int:
        """Return how many more people the convoy may have."""
        ...

    def picked_up(self, convoy: Convoy, site: str, people: int) -> None:
        """Note that the convoy has been at a site on its way, and whom it took on."""
        ...

    def set_out(self, convoy: Convoy) -> None:
        """Note that the convoy sets out with people."""
        ...

    def arrived(self, convoy: Convoy, people: int) -> None:
        """Note that so many people of the convoy have arrived."""
        ...

    def turned_back(self, convoy: Convoy, reason: Reason) -> None:
        """Note that the convoy drives back, or is over, without having arrived."""
        ...

    def diverted(self, convoy: Convoy, place: str, way: Detour) -> None:
        """Note that the convoy goes on over another way, and let it."""
        ...

    def walk_back(self, people: int) -> None:
        """Note that so many more people go back on foot, or so many fewer."""
        ...

    def people_changed(self) -> None:
        """Note that people are back at the site."""
        ...

    def recount(self, convoy: Convoy) -> None:
        """Note that the convoy has lost people or vehicles."""
        ...

    def part(self, convoy: Convoy, vehicles: int) -> Convoy:
        """Make a convoy of the first vehicles of another."""
        ...

    def send_on(self, part: Convoy, gate: Passable) -> None:
        """Let a part of a convoy go through a gate at which the others stand."""
        ...

    def relieve(self, convoy: Convoy) -> None:
        """Note that the journey is over."""
        ...


class Convoy:
    """Vehicles under way together: what they carry, and their place in the log.

    Attributes
    ----------
    number : among all convoys, in the order in which they were formed, from 1.
    formed_s : when it was formed.
    chances : what chance decides for it, by place.
    laden : on the way from boarding to unloading, or back to where people boarded.
    loading : who rides, or is expected to ride, in each vehicle.
    riders : how many ride, or are expected to, by group.
    people : aboard now; 0 before boarding and after arrival.
    vehicles : that have not been lost.
    came_s : time spent on legs on the way to the site.
    driven_s : since then: the way back if turned back.
    picked_up : where it has taken people on since, and what it had driven by then.
    booking : at a station, as long as it is there.
    later : a turn that has yet to begin.
    route : that it set out on, or was diverted onto last.
    why_there : why it is on that route, if it was diverted.
    detour : what it goes through from here, if it was just diverted.
    held_by : cause and reason of the present hold, if any.
    place_in_line : where it stands, or last stood, among all who came to a gate.
    parts : how many have gone on without the others.
    whole : the number of the convoy that it is, or was, part of.
    sent_back : it may not go on: it drives back, or has no vehicle left.
    leaves_way : so it is, or it was just diverted.
    """

    __slots__ = (
        "_taken",
        "_write",
        "booking",
        "came_s",
        "chances",
        "detour",
        "dispatcher",
        "driven_s",
        "env",
        "flow",
        "formed_s",
        "held_by",
        "laden",
        "later",
        "leaves_way",
        "loading",
        "log",
        "name",
        "number",
        "parts",
        "people",
        "picked_up",
        "place_in_line",
        "riders",
        "route",
        "sent_back",
        "trip",
        "vehicles",
        "whole",
        "why_there",
    )

    def __init__(
        self,
        env: simpy.Environment,
        log: EventLog,
        dispatcher: Dispatcher,
        number: int,
        trip: Trip,
        loading: Loading,
        taken: dict[Fleet, list[int]],
        chances: Chances,
        route: str,
    ) -> None:
        self.env = env
        self.log = log
        self._write = log.write
        self.dispatcher = dispatcher
        self.flow = trip.flow
        self.number = self.whole = number
        self.parts = 0
        self.formed_s: int = env._now  # type: ignore[assignment] # whole seconds
        self.chances = chances
        self.laden = self.sent_back = self.leaves_way = False
        self.booking: Booking | None = None
        self.later: Later | None = None
        self.trip = trip
        self.name = trip.convoy
        self.loading = loading
        self.riders = loading.riders
        self.people = 0
        self.came_s = self.driven_s = 0
        self.picked_up: dict[str, int] = {}
        self.route = route
        self.why_there = NO_REASON
        self.detour: Sequence[Stage[Convoy]] | None = None
        self.held_by: tuple[str, Reason] | None = None
        self.place_in_line = 0
        self.vehicles = len(trip.vehicles)
        self._taken = taken

    # What it is made of

    @property
    def expected(self) -> int:
        """People who ride, or are expected to."""
        return sum(self.riders.values())

    @property
    def has_boarded(self) -> bool:
        """Whether it has taken people aboard, be they there still or not."""
        return bool(self.trip.groups)

    @property
    def is_lost(self) -> bool:
        """Whether no vehicle is left."""
        return not self.vehicles

    def turns(self, place: str) -> list[int]:
        """Return how long each vehicle's turn at a station takes."""
        turns = self.chances[place]
        number = len(self.trip.vehicles)
        return turns[:number] if number < len(turns) else turns

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

    def loads(self) -> list[int]:
        """Return how many people ride in each vehicle that has not been lost."""
        if not self.trip.fates:
            return self.loading.people
        lost = self.trip.fates
        return [n for i, n in enumerate(self.loading.people) if i not in lost]

    def split(self, vehicles: int, number: int) -> Convoy:
        """Let the first vehicles go on without the others, as a convoy of their own.

        They keep their people and share the luck of the whole; what has befallen it so
        far has befallen them.

        Parameters
        ----------
        vehicles : how many, of those that have not been lost; fewer than there are.
        number : of the part, among all convoys.
        """
        trip, lost = self.trip, self.trip.fates
        there = [at for at in range(len(trip.vehicles)) if at not in lost]
        cut = there[vehicles]
        self.parts += 1
        taken: dict[Fleet, list[int]] = {}
        for fleet, numbers in self._taken.items():
            before = min(len(numbers), cut - sum(map(len, taken.values())))
            taken[fleet] = numbers[:before]
            self._taken[fleet] = numbers[before:]
        part = Convoy(
            self.env,
            self.log,
            self.dispatcher,
            number,
            trip.split(cut, f"{self.name}.{self.parts}"),
            self.loading.split(cut),
            taken,
            # What is drawn for the whole convoy is one value, and the same for all.
            {at: v[:cut] if len(v) > 1 else v for at, v in self.chances.items()},
            self.route,
        )
        self.chances = {
            at: v[cut:] if len(v) > 1 else v for at, v in self.chances.items()
        }
        part.formed_s, part.whole = self.formed_s, self.whole
        part.why_there = self.why_there
        part.came_s, part.driven_s = self.came_s, self.driven_s
        part.picked_up = self.picked_up.copy()
        part.laden, part.place_in_line = self.laden, self.place_in_line
        part.vehicles = vehicles
        part.people = part.expected
        self.vehicles -= vehicles
        self.people -= part.people
        for each in (part, self):
            each.trip.groups = by_group(each.riders)
            each.check()
        return part

    def check(self) -> None:
        """Check that whoever is aboard has a seat.

        Raises
        ------
        BrokenInvariantError
            If more ride in a vehicle than it has seats, or somebody rides in none.
        """
        loading, seats = self.loading, self.trip.seats
        riders = list(self.riders.values())
        if True in map(gt, loading.people, seats) or riders != [
            sum(share) for share in loading.shares.values()
        ]:
            raise BrokenInvariantError(
                "whoever is aboard has a seat",
                (self.name, loading.people, seats, riders),
            )

    # What is told of it

    def note(
        self,
        kind: Kind,
        place: str,
        cause: Cause | str = "",
        reason: Reason = NO_REASON,
        time_s: int | None = None,
    ) -> None:
        """Write in the log what happens to this convoy now, or happened since."""
        people = self.people
        self._write(
            (
                self.env._now if time_s is None else time_s,  # type: ignore[arg-type]
                kind,
                place,
                self.flow,
                self.name,
                "",
                people,
                self.vehicles,
                cause if people else "",
                reason,
                0,
                0,
                "",
            )
        )

    def note_parted(self, part: Convoy, place: str) -> None:
        """Write down who goes on with a part, and who stays behind."""
        for convoy, sign in ((self, -1), (part, 1)):
            for crowd, people in part.riders.items():
                if people:
                    self.log.record(
                        Kind.PARTED,
                        place,
                        self.flow,
                        convoy.name,
                        crowd.group,
                        sign * people,
                        convoy.vehicles,
                        Cause.ROAD if convoy is part else "",
                        origin=crowd.site,
                    )
        if self.held_by is not None:
            self.note(Kind.HELD, place, *self.held_by)

    def note_groups(self, kind: Kind, place: str, riders: Mapping[Crowd, int]) -> None:
        """Write down a change of state of people of it, by origin and group."""
        now: int = self.env._now  # type: ignore[assignment] # whole seconds
        flow, name, vehicles = self.flow, self.name, self.vehicles
        for crowd, people in riders.items():
            if people:
                self._write(
                    (
                        now,
                        kind,
                        place,
                        flow,
                        name,
                        crowd.group,
                        people,
                        vehicles,
                        "",
                        NO_REASON,
                        0,
                        0,
                        crowd.site,
                    )
                )

    # What it does at a station

    def book(self, station: Station, turns: list[int], door: Door) -> Booking:
        """Give each vehicle left its turn, behind all who came before."""
        if self.trip.fates:
            turns = turns.copy()
            for position in self.trip.fates:
                turns[position] = 0
        booking = station.book(turns, door, self.trip.fates, self.number)
        self.booking = booking
        return booking

    def leave_station(self, booking: Booking, what_and_where: tuple[str, str]) -> None:
        """Note that all its turns have ended, and when each did."""
        if self.later is not None:
            self.catch_up()
        ends = booking.over()
        self.booking = None
        times = self.trip.station_times
        times.note(what_and_where, booking.starts, booking.turns, ends)

    def begin_later(
        self, booking: Booking, kind: Kind, place: str, cause: Cause
    ) -> None:
        """Note what to write down once the first of its turns has begun."""
        self.later = booking, kind, place, cause

    def catch_up(self) -> None:
        """Write down that its turn has begun, if it has."""
        if self.later is not None:
            booking, kind, place, cause = self.later
            first = booking.first
            if first <= self.env._now:
                self.later = None
                self.note(kind, place, cause, time_s=first)

    # How it stands, goes on and turns back

    def hold(self, place: str, cause: Cause, reason: Reason) -> None:
        """Note that the convoy stands, unless it already stands for that reason."""
        held_by = cause, reason
        if self.held_by != held_by:
            self.held_by = held_by
            kind = Kind.DETAINED if cause is Cause.DETENTION else Kind.HELD
            self.note(kind, place, cause, reason)
            self.dispatcher.standstill_changed(self)

    def release(self, place: str, cause: Cause | str) -> None:
        """Note that the convoy may go on, if it stood."""
        if self.held_by is not None:
            self.held_by = None
            self.note(Kind.RELEASED, place, cause)
            self.dispatcher.standstill_changed(self)

    def turn_back(self, place: str, reason: Reason) -> None:
        """Note that the convoy drives back from here, or has no vehicle left to."""
        self.sent_back = self.leaves_way = True
        self.held_by = None
        if not self.is_lost:
            self.note(Kind.TURNED_BACK, place, Cause.ROAD, reason)
        if self.trip.fate != "arrived":
            for crowd, people in self.riders.items():
                if self.laden:
                    crowd.turn_back(people)
                else:
                    crowd.expect(-people)
            self.dispatcher.turned_back(self, reason)
        else:
            self.dispatcher.standstill_changed(self)

    def divert(self, place: str, way: Detour, stoppage: str) -> None:
        """Go on over another route from a gate of it."""
        kind = ReasonKind.DIVERTED
        self.why_there = Reason(kind, stoppage=stoppage, place=place, note=way.route)
        self.route = way.route
        self.leaves_way = True
        self.held_by = None
        self.trip.diverted_at = place
        self.trip.destination = way.destination
        self.note(Kind.DIVERTED, place, Cause.ROAD, self.why_there)
        self.dispatcher.diverted(self, place, way)
        self.dispatcher.standstill_changed(self)

    # What happens to its people and vehicles

    def board(self, place: str, cause: Cause) -> None:
        """Take the expected people of the site aboard."""
        for crowd, people in self.riders.items():
            crowd.board(people)
            self.people += people
        self.check()
        self.trip.groups = {
            crowd.group: people for crowd, people in self.riders.items()
        }
        self.trip.loads = list(self.loading.people)
        self.laden = True
        self.note_groups(Kind.ASSIGNED, place, self.riders)
        kind = Kind.BOARDING if cause is Cause.BOARDING else Kind.QUEUED
        self.note(kind, place, cause)
        self.dispatcher.boarded()

    def seats_left(self) -> list[int]:
        """Return how many seats each vehicle has left; none if it has been lost."""
        lost, people = self.trip.fates, self.loading.people
        return [
            0 if at in lost else seats - people[at]
            for at, seats in enumerate(self.trip.seats)
        ]

    def take_on(self, place: str, boarded: Mapping[Crowd, list[int]]) -> None:
        """Take more people aboard, at a site on the way.

        Parameters
        ----------
        boarded : by group, how many of it board each vehicle; they have seats.
        """
        riders = {crowd: sum(share) for crowd, share in boarded.items()}
        for crowd, people in riders.items():
            crowd.expect(people)
            crowd.board(people)
            self.people += people
        self.loading.take_on(boarded)
        self.check()
        trip = self.trip
        trip.groups = by_group(self.riders)
        for share in boarded.values():
            trip.loads = [sum(both) for both in zip(trip.loads, share, strict=True)]
        self.picked_up[place] = self.driven_s
        self.note_groups(Kind.ASSIGNED, place, riders)
        self.dispatcher.picked_up(self, place, sum(riders.values()))

    def arrive(self, place: str) -> None:
        """Let everybody out at the destination."""
        for crowd, people in self.riders.items():
            crowd.arrive(people)
        people = self.people
        self.note_groups(Kind.ARRIVED, place, self.riders)
        self._empty()
        self.trip.fate = "arrived"
        self.dispatcher.arrived(self, people)

    def come_back(self, place: str) -> None:
        """Let everybody out who boarded there; at its origin it is empty then."""
        riders = self.riders
        if self.picked_up:
            riders = {c: people for c, people in riders.items() if c.site == place}
        for crowd, people in riders.items():
            crowd.come_back(people)
        self.note_groups(Kind.RETURNED, place, riders)
        if place == self.trip.origin:
            self._empty()
            self.trip.fate = "returned"
        else:
            self.people -= sum(riders.values())
            self.loading.let_out(riders)
        self.dispatcher.people_changed()

    def _empty(self) -> None:
        self.people = 0
        self.laden = False
        self.riders = {}
        self.loading.shares = {}

    def lose_people(
        self, kind: Kind, people: int, first: Sequence[int], place: str, stoppage: str
    ) -> int:
        """Take people out of the vehicles who neither arrive nor return.

        Parameters
        ----------
        kind : `UNACCOUNTED` or `LIVES_LOST`.
        first : positions of the vehicles out of which they are taken first.

        Returns
        -------
        int
            How many: no more than are aboard.
        """
        lost = min(people, self.people)
        reason = Reason(ReasonKind.STOPPAGE, stoppage=stoppage)
        for crowd, number in self.loading.take_out(lost, first).items():
            if number:
                crowd.lose(number)
                self._leave_vehicles(kind, crowd, number, place, reason)
        self.check()
        self.dispatcher.recount(self)
        return lost

    def _leave_vehicles(
        self, kind: Kind, crowd: Crowd, number: int, place: str, reason: Reason
    ) -> None:
        """Note that people of a group are aboard no more."""
        self.people -= number
        self.riders[crowd] -= number
        self.log.record(
            kind,
            place,
            self.flow,
            self.name,
            crowd.group,
            number,
            self.vehicles,
            reason=reason,
            origin=crowd.site,
        )

    def first_vehicles(self, numbers: Mapping[str, int]) -> list[int]:
        """Return the positions of the first vehicles left, up to so many of a fleet."""
        left = dict(numbers)
        found = []
        for position, fleet in enumerate(self.trip.fleets):
            if left.get(fleet, 0) and position not in self.trip.fates:
                left[fleet] -= 1
                found.append(position)
        return found

    def lose_vehicles(self, fleet: str, number: int, place: str, stoppage: str) -> int:
        """Lose up to so many empty vehicles of a fleet; return how many."""
        lost = self.first_vehicles({fleet: number})
        if not lost:
            return 0
        for position in lost:
            for crowd, people in self.loading.strike(position).items():
                crowd.expect(-people)
                self.riders[crowd] -= people
        self._destroy(lost, place, stoppage)
        self.dispatcher.recount(self)
        return len(lost)

    def lose_loaded_vehicles(
        self, lost: Sequence[int], place: str, stoppage: str
    ) -> None:
        """Lose vehicles; who is in them moves to free seats, or goes back on foot."""
        left_over: dict[Crowd, int] = {}
        for position in lost:
            self.trip.fates[position] = "lost"
        for position in lost:
            riders = self.loading.strike(position)
            for crowd, people in sorted(riders.items(), key=_priority):
                moved = self._move_on(crowd, people)
                left_over[crowd] = left_over.get(crowd, 0) + people - moved
        self._destroy(lost, place, stoppage)
        on_foot = {crowd: people for crowd, people in left_over.items() if people}
        if on_foot:
            self._set_down(on_foot, place, stoppage)
        self.check()
        self.dispatcher.recount(self)

    def _move_on(self, crowd: Crowd, people: int) -> int:
        """Move people to free seats, the first there are; return how many."""
        seats = [
            0 if position in self.trip.fates else number
            for position, number in enumerate(self.trip.seats)
        ]
        return self.loading.seat(crowd, people, seats)

    def _set_down(self, riders: Mapping[Crowd, int], place: str, stoppage: str) -> None:
        """Let people set out on foot for their site who have no vehicle any more."""
        reason = Reason(ReasonKind.CLOSED, stoppage=stoppage, place=place)
        for crowd, people in riders.items():
            crowd.set_down(people)
            self._leave_vehicles(Kind.SET_DOWN, crowd, people, place, reason)
        self.dispatcher.walk_back(sum(riders.values()))
        for site in dict.fromkeys(crowd.site for crowd in riders):
            there = {c: people for c, people in riders.items() if c.site == site}
            way_s = self.driven_s - self.picked_up.get(site, 0)
            alarm = Alarm(self.env, way_s, MOVE + self.number)
            alarm.callbacks.append(partial(self._are_back, site, there))
        self._note_on_foot(Kind.ON_FOOT, riders, place, Cause.ROAD, reason)

    def _are_back(self, site: str, riders: Mapping[Crowd, int], _: simpy.Event) -> None:
        """Note that those who went on foot are back at their site."""
        for crowd, people in riders.items():
            crowd.return_on_foot(people)
        self._note_on_foot(Kind.RETURNED, riders, site)
        self.dispatcher.walk_back(-sum(riders.values()))
        self.dispatcher.people_changed()

    def _note_on_foot(
        self,
        kind: Kind,
        riders: Mapping[Crowd, int],
        place: str,
        cause: str = "",
        reason: Reason = NO_REASON,
    ) -> None:
        name = f"{self.name}-on-foot"
        for crowd, people in riders.items():
            self.log.record(
                kind,
                place,
                self.flow,
                name,
                crowd.group,
                people,
                cause=cause,
                reason=reason,
                origin=crowd.site,
            )

    def _destroy(self, lost: Sequence[int], place: str, stoppage: str) -> None:
        """Note that vehicles are lost, out of which everybody has been taken."""
        now = int(self.env.now)
        for position in lost:
            self.trip.fates[position] = "lost"
            if self.booking is not None:
                self.booking.drop(position, now)
        self.vehicles -= len(lost)
        fleets = [self.trip.fleets[position] for position in lost]
        self.log.record(
            Kind.LOST,
            place,
            self.flow,
            self.name,
            vehicles=len(lost),
            reason=Reason(ReasonKind.STOPPAGE, stoppage=stoppage),
        )
        for of_fleet in self._taken:
            if number := fleets.count(of_fleet.name):
                of_fleet.lose(number, self.flow)

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        self.booking = None
        self.later = None


def by_group(riders: Mapping[Crowd, int]) -> dict[str, int]:
    """Return people by group, wherever they are from."""
    people: dict[str, int] = {}
    for crowd, number in riders.items():
        if number:
            people[crowd.group] = people.get(crowd.group, 0) + number
    return people


def _priority(riders: tuple[Crowd, int]) -> int:
    return riders[0].priority
