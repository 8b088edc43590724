"""A flow: when it sends a convoy, and why it does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import simpy

from sim.events import Cause, EventLog, Kind, Trip
from sim.model.agreement import Agreement
from sim.model.convoy import Convoy, Stage, journey
from sim.model.fleet import Fleet
from sim.model.gate import Gate
from sim.model.ledger import Crowd
from sim.model.loading import Loading, fill
from sim.model.party import UNLIMITED
from sim.model.platform import Boarding, Unloading
from sim.model.site import Site
from sim.model.streams import Streams
from sim.model.ties import Alarm, Tie
from sim.model.timetable import NEVER, Timetable
from sim.scenario.plans import FlowPlan

Value = TypeVar("Value")
Reason = tuple[str, str]
"""Why people wait: a cause, and who or what is behind it."""


class Flow:
    """Forms convoys out of free vehicles and waiting people, by its plan's rule.

    Attributes
    ----------
    reason : why the people it serves wait, as found when it last looked.
    under_way : its convoys that have set out and not been relieved.
    """

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        plan: FlowPlan,
        log: EventLog,
        streams: Streams,
    ) -> None:
        self.name = name
        self.plan = plan
        self.reason: Reason = (Cause.NOT_BEGUN, "")
        self.under_way: dict[Convoy, None] = {}
        self.origin = self.destination = ""
        self.site: Site
        self.crowds: list[Crowd] = []
        self.fleets: dict[str, Fleet] = {}
        self.agreements: list[Agreement] = []
        self.inbound: list[Stage] = []
        self.through: list[Stage] = []
        self.back: list[Stage] = []
        self.gates: list[Gate] = []
        self.boarding: Boarding
        self.unloading: Unloading
        self.boarding_gate: Gate
        self.timetable: Timetable
        self.people_arrived = 0
        self.when_arrived: list[Callable[[Flow], None]] = []
        self._env = env
        self._log = log
        self._streams = streams
        self._sent = 0
        self._departures_used = 0
        self._next_s = 0
        self._looking = False
        self._short = True
        self._dormant_until = 0
        self._alarm_s = -1

    # Looking whether a convoy can be formed

    def review(self) -> None:
        """Look again in this second, once everything else in it has happened."""
        if not self._looking and self._env.now >= self._dormant_until:
            self._looking = True
            Alarm(self._env, 0, Tie.DISPATCH).callbacks.append(self._look)

    def _look(self, _: simpy.Event) -> None:
        self._looking = self._short = False
        while (reason := self._obstacle()) is None:
            if not self._form():
                reason = self._why_no_vehicle()
                break
        if reason != self.reason:
            self.reason = reason
            self.site.explain_waiting(self.crowds)

    def _obstacle(self) -> Reason | None:
        now = int(self._env.now)
        timetable = self.timetable
        if now < timetable.opens:
            self._look_at(timetable.opens)
            self._dormant_until = timetable.opens
            return Cause.NOT_BEGUN, ""
        if now >= timetable.closes:
            self._dormant_until = NEVER
            return Cause.NO_SERVICE, ""
        if not any(crowd.free for crowd in self.crowds):
            return self._why_no_vehicle()
        return self._barred() or self._too_early(now)

    def _barred(self) -> Reason | None:
        """Return the agreement or stoppage that makes setting out pointless."""
        for agreement in self.agreements:
            room, why_not = agreement.room(self)
            if not room:
                return Cause.AGREEMENT, why_not
        if (closer := self.boarding_gate.closer) is not None:
            return Cause.STOPPAGE, closer.name
        for gate in self.gates:
            if (closer := gate.closer) is not None and closer.sends_back:
                return Cause.STOPPAGE, closer.name
        return None

    def _too_early(self, now: int) -> Reason | None:
        timetable = self.timetable
        moment = timetable.next_moment(now)
        if timetable.departures:
            moment = max(moment, timetable.departure(now, self._departures_used))
        if moment >= timetable.closes:
            self._dormant_until = NEVER
            return Cause.NO_SERVICE, ""
        if moment > now:
            self._look_at(moment)
            dated = timetable.departures and not timetable.punctual
            too_early = Cause.NOT_BEGUN if dated else Cause.OUTSIDE_HOURS
            return self._held_on_the_way_in() or (too_early, "")
        if self._next_s > now:
            self._look_at(self._next_s)
            return self._held_on_the_way_in() or (Cause.HEADWAY, "")
        if len(self.under_way) >= self.plan.at_once:
            return self._why_no_vehicle()
        return None

    def _held_on_the_way_in(self) -> Reason | None:
        """Return what holds vehicles that were coming for the people, if anything."""
        for convoy in self.under_way:
            if not convoy.people and convoy.held_by is not None:
                return convoy.held_by
        return None

    def _why_no_vehicle(self) -> Reason:
        """Return what stands in the way: nothing is free, or everything is held."""
        self._short = True
        holds = [convoy.held_by for convoy in self.under_way]
        if holds and all(holds):
            return holds[0]  # type: ignore[return-value]
        return Cause.NO_VEHICLE, ""

    def _look_at(self, moment: int) -> None:
        now = int(self._env.now)
        if moment < NEVER and not now < self._alarm_s <= moment:
            self._alarm_s = moment
            Alarm(self._env, moment - now, Tie.DISPATCH).callbacks.append(self._look)

    # Forming a convoy

    def _form(self) -> bool:
        if not self._enough_vehicles():
            return False
        name = f"{self.name}-{self._sent + 1:03d}"
        room, unit = UNLIMITED, "people"
        for agreement in self.agreements:
            allowed, _ = agreement.room(self)
            if agreement.terms.unit != "convoys" and allowed < room:
                room, unit = allowed, agreement.terms.unit
        loading = fill(self._places(name), self.crowds, room, unit)
        lead_name, full = next(iter(self.plan.convoy.items()))
        lead = self.fleets[lead_name]
        number = loading.fleets.count(lead)
        # Too few, unless more could have come and were not needed.
        too_few = number < self._least and number >= min(len(lead.idle), full)
        if not loading.fleets or too_few:
            return False
        self._set_out(name, loading)
        return True

    @property
    def _least(self) -> int:
        """Fewest vehicles of the leading fleet that set out, if as many are needed."""
        lead, full = next(iter(self.plan.convoy.items()))
        return min(self.plan.smallest or full, self.fleets[lead].present)

    def _enough_vehicles(self) -> bool:
        """Whether the vehicles that are free are enough to set out with."""
        lead = self.fleets[next(iter(self.plan.convoy))]
        idle = len(lead.idle)
        if idle >= self._least:
            return any(self.fleets[name].idle for name in self.plan.convoy)
        free = sum(crowd.free for crowd in self.crowds)
        return idle * lead.seats >= free

    def _places(self, name: str) -> list[tuple[Fleet, list[int]]]:
        """Return by fleet how many people each vehicle that could come would take."""
        rows: list[tuple[Fleet, list[int]]] = []
        for fleet_name, full in self.plan.convoy.items():
            fleet = self.fleets[fleet_name]
            number = min(full, len(fleet.idle))
            draw = self.plan.load.get(fleet_name)
            if draw is None:
                places = [fleet.seats] * number
            elif draw.is_fixed:
                places = [min(round(draw.best), fleet.seats)] * number
            else:
                numbers = self._streams.numbers(f"load/{fleet_name}", name, number)
                places = draw.whole_values(numbers)
                if draw.low < 1 or draw.high > fleet.seats:
                    places = [min(max(people, 1), fleet.seats) for people in places]
            rows.append((fleet, places))
        return rows

    def _set_out(self, name: str, loading: Loading) -> None:
        self._sent += 1
        taken = {
            fleet: fleet.take(number)
            for fleet, number in Counter(loading.fleets).items()
        }
        trip = Trip(
            convoy=name,
            flow=self.name,
            origin=self.origin,
            destination=self.destination,
            fleets=_each([(fleet.name, len(n)) for fleet, n in taken.items()]),
            vehicles=[number for numbers in taken.values() for number in numbers],
            seats=_each([(fleet.seats, len(n)) for fleet, n in taken.items()]),
            loads=[0] * len(loading.fleets),
            groups={},
            station_times={},
            fates={},
        )
        convoy = Convoy(self._env, self._log, self, trip, loading, taken)
        for crowd, people in convoy.riders.items():
            crowd.expected += people
        for agreement in self.agreements:
            agreement.claim(convoy)
        self._log.trips.append(trip)
        self.under_way[convoy] = None
        now = int(self._env.now)
        self._departures_used = self.timetable.used_up(now, self._departures_used)
        if (headway := self.plan.headway) is not None:
            numbers_drawn = self._streams.numbers("headway", name, 1)
            self._next_s = now + headway.whole_values(numbers_drawn)[0]
        self._env.process(journey(self._env, convoy))

    # What convoys report

    def vehicles_changed(self) -> None:
        """Look again if it was vehicles that were missing, or held."""
        if self._short:
            self.review()

    def boarded(self) -> None:
        """Tell the agreements that people have left the site."""
        for agreement in self.agreements:
            agreement.people_left(self)

    def people_returned(self) -> None:
        """Look again: people are back at the site."""
        for agreement in self.agreements:
            agreement.review()
        for flow in self.site.flows:
            flow.review()

    def arrived(self, convoy: Convoy, people: int) -> None:
        """Tell the agreements, and those who waited for arrivals."""
        self.people_arrived += people
        for agreement in self.agreements:
            agreement.arrived(convoy)
        for call in self.when_arrived:
            call(self)

    def give_up_claims(self, convoy: Convoy) -> None:
        """Take back what the convoy counted for in agreements."""
        for agreement in self.agreements:
            agreement.give_up(convoy)

    def claim_again(self, convoy: Convoy) -> None:
        """Count the convoy anew after it has lost vehicles."""
        for agreement in self.agreements:
            if convoy.stranded:
                agreement.give_up(convoy)
            else:
                agreement.claim(convoy)

    def vehicles_lost(self, fleet: str, number: int) -> None:
        """Take lost vehicles out of their fleet."""
        self.fleets[fleet].lose(number)

    def relieve(self, convoy: Convoy) -> None:
        """End a convoy: its vehicles are free again, or have gone for good."""
        trip = convoy.trip
        if not trip.groups:
            self._not_boarded(convoy)
        gone = not self.plan.returns and trip.fate == "arrived"
        convoy.note(Kind.RELIEVED, self.origin)
        del self.under_way[convoy]
        for fleet, vehicles in convoy.vehicles_left().items():
            if gone:
                fleet.lose(len(vehicles))
            else:
                fleet.give_back(vehicles)
        self.vehicles_changed()

    def _not_boarded(self, convoy: Convoy) -> None:
        for crowd, people in convoy.riders.items():
            crowd.expected -= people
        self.give_up_claims(convoy)


def _each(values: list[tuple[Value, int]]) -> list[Value]:
    """Return each value as often as it says."""
    return [value for value, times in values for _ in range(times)]
