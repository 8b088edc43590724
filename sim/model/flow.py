"""A flow: when it sends a convoy, and why it does not."""

from __future__ import annotations

from collections.abc import Callable

import simpy

from sim.events import Cause, EventLog, Kind
from sim.model.agreement import Agreement
from sim.model.convoy import Convoy, Stage, journey
from sim.model.engine import Going
from sim.model.fleet import Fleet
from sim.model.gate import Gate
from sim.model.ledger import Crowd
from sim.model.loading import (
    Loading,
    Ride,
    enough_vehicles,
    fill,
    too_few,
    trip_of,
)
from sim.model.luck import Luck
from sim.model.party import UNLIMITED
from sim.model.sheet import Chances
from sim.model.site import Site
from sim.model.ties import Alarm, Tie
from sim.model.timetable import NEVER, Timetable
from sim.scenario.plans import FlowPlan

DISPATCH = Tie.DISPATCH
Reason = tuple[str, str]
"""Why people wait: a cause, and who or what is behind it."""


class Flow:
    """Forms convoys out of free vehicles and waiting people, by its plan's rule.

    Attributes
    ----------
    reason : why the people it serves wait, as found when it last looked.
    stages : of the whole journey.
    under_way : its convoys that have set out and not been relieved.
    rivals : other flows that serve people of its groups.
    """

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        plan: FlowPlan,
        log: EventLog,
        luck: Luck,
    ) -> None:
        self.name = name
        self.plan = plan
        self.reason: Reason = (Cause.NOT_BEGUN, "")
        self.under_way: dict[Convoy, None] = {}
        self.origin = self.destination = ""
        self.site: Site
        self.crowds: list[Crowd] = []
        self.fleets: dict[str, Fleet] = {}
        self.lead: Ride
        self.rides: list[Ride] = []
        self.agreements: list[Agreement] = []
        self.stages: list[Stage] = []
        self.gates: list[Gate] = []
        self.rivals: list[Flow] = []
        self.boarding_gate: Gate
        self.timetable: Timetable
        self.people_arrived = 0
        self.when_arrived: list[Callable[[Flow], None]] = []
        self._env = env
        self._log = log
        self._luck = luck
        self._sent = 0
        self._departures_used = 0
        self._next_s = 0
        self._open_until = 0
        self._looking = False
        self._to_start: list[Convoy] = []
        self._short = True
        self._dormant_until = 0
        self._alarm_s = -1

    # Looking whether a convoy can be formed

    def start(self) -> None:
        """Look for the first time, and again when the flow closes."""
        if self.plan.closes is not None:
            self._look_at(self.plan.closes)
        self.review()

    def review(self) -> None:
        """Look again in this second, once everything else in it has happened."""
        if not self._looking and self._env._now >= self._dormant_until:
            self._looking = True
            Alarm(self._env, 0, DISPATCH).callbacks.append(self._look)

    def _look(self, _: simpy.Event) -> None:
        self._looking = self._short = False
        now: int = self._env._now  # type: ignore[assignment] # whole seconds
        while (reason := self._obstacle(now)) is None:
            if not self._form(now):
                reason = self._why_no_vehicle()
                break
        if reason != self.reason:
            self.reason = reason
            self.site.explain_waiting(self.crowds)
        for convoy in self._to_start:
            Going(journey(self._env, convoy))
        self._to_start.clear()

    def _obstacle(self, now: int) -> Reason | None:
        timetable = self.timetable
        if now < timetable.opens:
            self._look_at(timetable.opens)
            self._dormant_until = timetable.opens
            return Cause.NOT_BEGUN, ""
        if now >= timetable.closes:
            self._dormant_until = NEVER
            return Cause.NO_SERVICE, ""
        if not self._somebody_waits():
            coming = any(not c.people and c.expected for c in self.under_way)
            return self._why_no_vehicle() if coming else (Cause.NO_SERVICE, "")
        return self._barred() or self._too_early(now)

    def _somebody_waits(self) -> bool:
        """Return whether there is anybody for whom no convoy is coming yet."""
        for crowd in self.crowds:  # noqa: SIM110 - any() costs three times as much
            if crowd.waiting > crowd.expected:
                return True
        return False

    def _barred(self) -> Reason | None:
        """Return the agreement or stoppage that makes setting out pointless."""
        for agreement in self.agreements:
            room, why_not = agreement.room(self)
            if not room:
                return Cause.AGREEMENT, why_not
        if (closer := self.boarding_gate.closer) is not None:
            return Cause.STOPPAGE, closer.name
        for gate in self.gates:
            if gate.deterrent is not None:
                return Cause.STOPPAGE, gate.deterrent.name
        return None

    def _too_early(self, now: int) -> Reason | None:
        timetable = self.timetable
        if now >= self._open_until or timetable.departures:
            moment = now
            if timetable.departures:
                moment = timetable.departure(now, self._departures_used)
            moment = timetable.next_moment(moment)
            if moment >= timetable.closes:
                self._dormant_until = NEVER
                return Cause.NO_SERVICE, ""
            if moment > now:
                self._look_at(moment)
                dated = timetable.departures and not timetable.punctual
                too_early = Cause.NOT_BEGUN if dated else Cause.OUTSIDE_HOURS
                return self._held_on_the_way_in() or (too_early, "")
            self._open_until = timetable.shuts(now)
        self._look_at(self._open_until)
        if self._next_s > now:
            self._look_at(self._next_s)
            return self._held_on_the_way_in() or (Cause.HEADWAY, "")
        if len(self.under_way) >= self.plan.at_once:
            return self._why_no_vehicle()
        return None

    def _held_on_the_way_in(self) -> Reason | None:
        """Return what holds vehicles that were coming for the people, if anything."""
        for convoy in self.under_way:
            if not convoy.people and convoy.expected:
                self._short = True
                if convoy.held_by is not None:
                    return convoy.held_by
        return None

    def _why_no_vehicle(self) -> Reason:
        """Return what stands in the way: nothing is free, or everything is held."""
        self._short = True
        first: Reason | None = None
        for convoy in self.under_way:
            if convoy.held_by is None:
                return Cause.NO_VEHICLE, ""
            first = first or convoy.held_by
        return first or (Cause.NO_VEHICLE, "")

    def _look_at(self, moment: int) -> None:
        if moment < NEVER:
            now: int = self._env._now  # type: ignore[assignment]
            if not now < self._alarm_s <= moment:
                self._alarm_s = moment
                alarm = Alarm(self._env, moment - now, DISPATCH)
                alarm.callbacks.append(self._look)

    # Forming a convoy

    def _form(self, now: int) -> bool:
        lead, rides = self.lead, self.rides
        if not enough_vehicles(lead, rides, self.crowds):
            return False
        people = vehicles = UNLIMITED
        for agreement in self.agreements:
            unit = agreement.terms.unit
            if unit == "people":
                people = min(people, agreement.room(self)[0])
            elif unit == "vehicles":
                vehicles = min(vehicles, agreement.room(self)[0])
        chances = self._luck.of(self._sent + 1)
        loading = fill(rides, self.crowds, chances, people, vehicles)
        if not loading.people or (
            too_few(loading, lead) and sum(loading.people) < people
        ):
            return False
        self._set_out(loading, chances, now)
        return True

    def _set_out(self, loading: Loading, chances: Chances, now: int) -> None:
        self._sent += 1
        name = f"{self.name}-{self._sent:03d}"
        taken = {
            fleet: fleet.take(number) for fleet, number in loading.vehicles.items()
        }
        trip = trip_of(self, name, loading, taken)
        convoy = Convoy(self._env, self._log, self, trip, loading, taken, chances)
        for crowd, people in convoy.riders.items():
            crowd.expect(people)
        for agreement in self.agreements:
            agreement.claim(convoy)
        self._log.trips.append(trip)
        self.under_way[convoy] = None
        self._departures_used = self.timetable.used_up(now, self._departures_used)
        if self.plan.headway is not None:
            self._next_s = now + chances["headway"][0]
        if self.rivals:
            self._tell_rivals()
        self._to_start.append(convoy)

    def _tell_rivals(self) -> None:
        """Let flows of the same people look again: fewer of them are left."""
        somebody_left = all(crowd.free for crowd in self.crowds)
        for flow in self.rivals:
            if somebody_left:
                flow.vehicles_changed()
            else:
                flow.review()

    # What convoys report

    def vehicles_changed(self) -> None:
        """Look again if it was vehicles that were missing, or held."""
        if self._short:
            self.review()

    def boarded(self) -> None:
        """Tell the agreements that people have left the site."""
        for flow in (self, *self.rivals):
            for agreement in flow.agreements:
                agreement.people_left(flow)
        if not self._somebody_waits() or (
            self.rivals and not all(crowd.free for crowd in self.crowds)
        ):
            self.review()

    def people_returned(self) -> None:
        """Look again: people are back at the site."""
        for flow in (self, *self.rivals):
            for agreement in flow.agreements:
                agreement.review()
        self.people_free_again()

    def people_free_again(self) -> None:
        """Look again: there are people for whom no convoy comes any more."""
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
        for flow in self.rivals:
            for agreement in flow.agreements:
                agreement.review()

    def recount(self, convoy: Convoy) -> None:
        """Count the convoy anew after it has lost vehicles or people."""
        for agreement in self.agreements:
            agreement.recount(convoy)

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
            crowd.expect(-people)
        self.give_up_claims(convoy)
        self.people_free_again()

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        self.under_way.clear()
        self.agreements.clear()
        self.rivals.clear()
        self.when_arrived.clear()
        self.boarding_gate.let_go()
