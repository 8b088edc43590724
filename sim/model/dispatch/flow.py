"""A flow: when it sends a convoy, and why it does not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import simpy

from sim.events import NO_REASON, Cause, EventLog, Kind, Reason
from sim.model.agreement.governor import Governor
from sim.model.convoy import Convoy
from sim.model.dispatch.order import Order
from sim.model.dispatch.pause import Pause
from sim.model.dispatch.timetable import Timetable
from sim.model.fleet import Fleet
from sim.model.gate import Gate
from sim.model.journey import journey
from sim.model.kernel import DISPATCH, NEVER, Alarm, Going
from sim.model.loading import Loading, choose, fill, rides_of, trip_of
from sim.model.luck import Luck
from sim.model.occurrence import Occurrence
from sim.model.sheet import Chances
from sim.model.site import Site
from sim.parts.rules import UNLIMITED
from sim.parts.stages import Stage
from sim.scenario.plans import FlowPlan, RoutePlan

Why = tuple[str, Reason]
"""Why people wait: a cause, and who or what is behind it."""
_NO_VEHICLE: Why = Cause.NO_VEHICLE, NO_REASON
_NO_SERVICE: Why = Cause.NO_SERVICE, NO_REASON


class Flow:
    """Forms convoys out of free vehicles and waiting people, by its plan's rule.

    Attributes
    ----------
    reason : why the people it serves wait, as found when it last looked.
    under_way : its convoys that have set out and not been relieved.
    rivals : other flows that serve people of its groups.
    governors : agreements under which it moves, as they are named.
    people_arrived : so far.
    when_arrived : called at each arrival.
    gates_of_detours : to which its convoys come when they are diverted.
    """

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        plan: FlowPlan,
        route: RoutePlan,
        number: int,
        log: EventLog,
        luck: Luck,
        order: Order,
        site: Site,
        fleets: Mapping[str, Fleet],
        stages: Sequence[Stage[Convoy]],
        gates: Sequence[Gate],
        boarding_gate: Gate,
        timetable: Timetable,
    ) -> None:
        self.name = name
        self.plan = plan
        self.origin, self.destination = route.origin, route.destination
        self.reason: Why = (Cause.NOT_BEGUN, NO_REASON)
        self.under_way: dict[Convoy, None] = {}
        self.crowds = sorted(
            (site.crowds[group] for group in plan.groups), key=lambda c: c.priority
        )
        self.rivals: list[Flow] = []
        self.governors: list[Governor] = []
        self.people_arrived = 0
        self.when_arrived: list[Callable[[], None]] = []
        self.gates_of_detours: list[Gate] = []
        self._env = env
        self._log = log
        self._luck = luck
        self._order = order
        self._site = site
        self._stages = stages
        self._gates = gates
        self._boarding_gate = boarding_gate
        self._timetable = timetable
        self._number = number
        self._fleets = {fleet: fleets[fleet] for fleet in plan.convoy}
        self._lead, self._rides = rides_of(name, plan, self._fleets, self.crowds)
        lead = next(iter(plan.convoy))
        self._fleet_priority = fleets[lead].priority_of(name)
        self._reserves = any(name in f.reserve for f in self._fleets.values())
        self._sent = 0
        self._last_sent_s = -1
        self._next_s = 0
        self._lacks_vehicles = True
        self._dormant_until = 0
        self._pause: Pause | None = None
        self._deterred_by: tuple[Occurrence, Reason] | None = None
        self._alarm_s = -1
        site.serve(self, self.crowds)

    # Looking whether a convoy can be formed

    @property
    def precedence(self) -> tuple[int, int, int, int]:
        """What it goes by among flows of one second; the lowest goes first."""
        if self._reserves and not self.may_send():
            return 0, 0, 0, self._number  # it only sets free what is kept for it
        group = NEVER
        for crowd in self.crowds:
            if crowd.waiting > crowd.expected:
                group = crowd.priority
                break
        return self._fleet_priority, group, self._last_sent_s, self._number

    def review(self) -> None:
        """Look again in this second, once everything else in it has happened."""
        if self._env._now >= self._dormant_until:
            self._order.look(self)

    def look(self) -> bool:
        """Send a convoy if nothing stands in the way; return whether one was sent."""
        now: int = self._env._now  # type: ignore[assignment] # whole seconds
        if now < self._dormant_until:
            return False
        self._lacks_vehicles = False
        why = self._obstacle(now)
        if why is None:
            if self._form(now):
                return True
            why = self._why_no_vehicle()
        if why != self.reason:
            self.reason = why
            self._site.explain_waiting(self.crowds)
        return False

    def _obstacle(self, now: int) -> Why | None:
        timetable = self._timetable
        if now < timetable.opens:
            self._look_at(timetable.opens)
            self._dormant_until = timetable.opens
            return Cause.NOT_BEGUN, NO_REASON
        nobody = not self._somebody_waits()
        coming: Why | None = None
        if nobody and self._anybody_comes():
            coming = self._why_no_vehicle()
        chance = now if timetable.is_plain else timetable.next_chance(now)
        if chance >= timetable.closes:
            self._send_no_more()
            if timetable.is_over(now):
                if coming is None and not self._anybody_comes():
                    self._dormant_until = NEVER
                return coming or _NO_SERVICE
        elif chance > now:
            self._look_at(chance)
        elif timetable.is_plain:
            self._look_at(timetable.closes)
        else:
            self._look_at(min(timetable.shuts(now), timetable.closes))
        if nobody:
            return coming or _NO_SERVICE
        return self._barred() or self._too_early(now, chance)

    def may_send(self) -> bool:
        """Return whether a moment is left at which it may send a convoy."""
        now = max(int(self._env.now), self._timetable.opens)
        return self._timetable.next_chance(now) < self._timetable.closes

    def _send_no_more(self) -> None:
        """Set free what is reserved for it."""
        for fleet in self._fleets.values():
            if fleet.reserve:
                fleet.keep_no_more_for(self.name)

    def _somebody_waits(self) -> bool:
        """Return whether there is anybody for whom no convoy is coming yet."""
        for crowd in self.crowds:  # noqa: SIM110 - any() costs three times as much
            if crowd.waiting > crowd.expected:
                return True
        return False

    def _anybody_comes(self) -> bool:
        """Return whether a convoy is on its way to people who were told off to it."""
        for convoy in self.under_way:  # noqa: SIM110 - any() costs three times as much
            if _comes(convoy):
                return True
        return False

    def _barred(self) -> Why | None:
        """Return the agreement or stoppage that makes setting out pointless."""
        for governor in self.governors:
            if not governor.has_room(self.name):
                return Cause.AGREEMENT, governor.why_no_room()
        if self._pause is not None and self._pause.lasts():
            self._lacks_vehicles = True
            return Cause.AGREEMENT, self._pause.why()
        gate = self._boarding_gate
        if (closer := gate.closer_for(self.name)) is not None:
            return Cause.STOPPAGE, gate.closed_by(closer)
        for gate in self._gates:
            if gate.deterrents:
                deterrent = gate.deterrent_for(self.name)
                if deterrent is not None:
                    return Cause.STOPPAGE, gate.closed_by(deterrent)
        if self._deterred_by is not None:
            occurrence, reason = self._deterred_by
            if not occurrence.is_over:
                return Cause.STOPPAGE, reason
        return None

    def _too_early(self, now: int, chance: int) -> Why | None:
        if chance > now:
            too_early = self._timetable.why_too_early(now)
            return self._held_on_the_way_in() or (too_early, NO_REASON)
        if self._next_s > now:
            self._look_at(self._next_s)
            return self._held_on_the_way_in() or (Cause.HEADWAY, NO_REASON)
        if len(self.under_way) >= self.plan.at_once:
            return self._why_no_vehicle()
        return None

    def _held_on_the_way_in(self) -> Why | None:
        """Return what holds vehicles that were coming for the people, if anything."""
        for convoy in self.under_way:
            if _comes(convoy):
                self._lacks_vehicles = True
                if convoy.held_by is not None:
                    return convoy.held_by
        return None

    def _why_no_vehicle(self) -> Why:
        """Return what stands in the way: nothing is free, or everything is held."""
        self._lacks_vehicles = True
        first: Why | None = None
        for convoy in self.under_way:
            if convoy.held_by is None:
                return _NO_VEHICLE
            first = first or convoy.held_by
        return first or _NO_VEHICLE

    def _look_at(self, moment: int) -> None:
        now: int = self._env._now  # type: ignore[assignment]
        if moment < self._timetable.ends and not now < self._alarm_s <= moment:
            self._alarm_s = moment
            alarm = Alarm(self._env, moment - now, DISPATCH)
            alarm.callbacks.append(self._alarm_rings)

    def _alarm_rings(self, _: simpy.Event) -> None:
        self.review()

    # Forming a convoy

    def _form(self, now: int) -> bool:
        lead, rides, timetable = self._lead, self._rides, self._timetable
        timetable.forget_what_is_missed(now)
        if (rest := timetable.rest) is not None:
            lead = lead.at_most(rest.get(lead.fleet, 0))
            rides = [ride.at_most(rest.get(ride.fleet, 0)) for ride in rides]
        people = vehicles = UNLIMITED
        for governor in self.governors:
            unit = governor.unit
            if unit == "people":
                people = min(people, governor.room(self.name))
            elif unit == "vehicles":
                vehicles = min(vehicles, governor.room(self.name))
        chances = self._luck.of(self._sent + 1)
        loading = choose(lead, rides, self.crowds, chances, people, vehicles)
        if loading is None:
            return False
        left_behind: dict[Fleet, int] = {}
        if timetable.has_departures and min(people, vehicles) < UNLIMITED:
            whole = fill(rides, self.crowds, chances, UNLIMITED, UNLIMITED)
            for fleet, number in whole.vehicles.items():
                if (more := number - loading.vehicles.get(fleet, 0)) > 0:
                    left_behind[fleet] = more
        timetable.made(now, left_behind)
        self._set_out(loading, chances, now)
        return True

    def _set_out(self, loading: Loading, chances: Chances, now: int) -> None:
        self._sent += 1
        self._last_sent_s = now
        if self._pause is not None:
            self._pause.end()
            self._pause = None
        name = f"{self.name}-{self._sent:03d}"
        taken = {
            fleet: fleet.take(number, self.name)
            for fleet, number in loading.vehicles.items()
        }
        trip = trip_of(self.name, self.origin, self.destination, name, taken)
        number = self._order.next_convoy()
        convoy = Convoy(
            self._env, self._log, self, number, trip, loading, taken, chances
        )
        for crowd, people in convoy.riders.items():
            crowd.expect(people)
        self._log.trips.append(trip)
        self.under_way[convoy] = None
        for governor in self.governors:
            governor.formed(convoy)
        if self.plan.headway is not None:
            self._next_s = now + chances["headway"][0]
        if self.rivals:
            self._tell_rivals()
        Going(journey(self._env, convoy, self.origin, self._stages))

    def _tell_rivals(self) -> None:
        """Let flows of the same people look again: fewer of them are left."""
        somebody_left = all(crowd.free for crowd in self.crowds)
        for flow in self.rivals:
            if somebody_left:
                flow.vehicles_changed()
            else:
                flow.review()

    # What convoys and others report

    def vehicles_changed(self) -> None:
        """Look again if it was vehicles that were missing, or held."""
        if self._lacks_vehicles:
            self.review()

    def standstill_changed(self, convoy: Convoy) -> None:
        """Look again why people wait: a convoy stands, or goes on."""
        if convoy.people:
            self.vehicles_changed()
        else:
            self.review()

    def boarded(self) -> None:
        """Tell the agreements if nobody of a group is left at the site."""
        if not all(crowd.waiting for crowd in self.crowds):
            self._tell_who_is_left()
        if not self._somebody_waits() or (
            self.rivals and not all(crowd.free for crowd in self.crowds)
        ):
            self.review()

    def _tell_who_is_left(self) -> None:
        for flow in (self, *self.rivals):
            for governor in flow.governors:
                governor.people_changed(flow.name)

    def arrived(self, convoy: Convoy, people: int) -> None:
        """Tell the agreements, and those who waited for arrivals."""
        self.people_arrived += people
        for governor in self.governors:
            governor.arrived(convoy)
        for call in self.when_arrived:
            call()

    def turned_back(self, convoy: Convoy, reason: Reason) -> None:
        """Take back what the convoy counted for, and whom it was to fetch."""
        if convoy.formed_s == self._env._now:
            self._turned_back_at_once(reason)
        self._tell_who_is_left()
        if not convoy.is_lost:
            for governor in self.governors:
                governor.give_up(convoy)
        if convoy.people:
            self.vehicles_changed()
        else:
            self._people_free_again()

    def diverted(self, convoy: Convoy, place: str, gates: Collection[str]) -> None:
        """Give up its places in agreements whose gates it passes no more."""
        for governor in self.governors:
            governor.diverted(convoy, place, gates)

    def _turned_back_at_once(self, reason: Reason) -> None:
        """Send no convoys, one after the other, that would be turned back as well."""
        if reason.agreement:
            governor = next(g for g in self.governors if g.name == reason.agreement)
            self._pause = Pause(self._env, self, governor)
        else:
            gates = (*self._gates, *self.gates_of_detours)
            gate = next(g for g in gates if g.name == reason.place)
            occurrence = gate.closer_named(reason.stoppage)
            occurrence.when_over.append(self.review)
            self._deterred_by = occurrence, reason

    def free(self) -> list[int]:
        """Return the free vehicles of each fleet, and the free people of each group."""
        vehicles = [fleet.free_for(self.name) for fleet in self._fleets.values()]
        return vehicles + [crowd.free for crowd in self.crowds]

    def people_returned(self) -> None:
        """Look again: people are back at the site."""
        self._tell_who_is_left()
        self._people_free_again()

    def _people_free_again(self) -> None:
        """Look again: there are people for whom no convoy comes any more."""
        for flow in (self, *self.rivals):
            flow.review()

    def recount(self, convoy: Convoy) -> None:
        """Count the convoy anew after it has lost vehicles or people."""
        for governor in self.governors:
            governor.recount(convoy)
        if not convoy.people:
            self._people_free_again()

    def relieve(self, convoy: Convoy) -> None:
        """End a convoy: its vehicles are free again, or have gone for good."""
        gone = not self.plan.returns and convoy.trip.fate == "arrived"
        convoy.note(Kind.RELIEVED, self.origin)
        del self.under_way[convoy]
        for governor in self.governors:
            governor.over(convoy)
        for fleet, vehicles in convoy.vehicles_left().items():
            if gone:
                fleet.lose(len(vehicles), self.name)
            else:
                fleet.give_back(vehicles, self.name)
        self.vehicles_changed()

    # What others want to know

    def standstill(self) -> Why:
        """Return what keeps it: the hold of its first convoy held, or its reason."""
        for convoy in self.under_way:
            if convoy.held_by is not None:
                return convoy.held_by
        everybody_aboard = not any(crowd.waiting for crowd in self.crowds)
        if everybody_aboard and any(convoy.people for convoy in self.under_way):
            return Cause.ROAD, NO_REASON
        return self.reason

    @property
    def moves(self) -> bool:
        """Whether a convoy of its is under way and not held."""
        return any(convoy.held_by is None for convoy in self.under_way)

    @property
    def could_move(self) -> bool:
        """Whether it has people or convoys that could move, now or later."""
        if self.standstill()[0] == Cause.NO_SERVICE:
            return False
        left = any(crowd.waiting or crowd.on_foot for crowd in self.crowds)
        return left or bool(self.under_way)

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        for convoy in self.under_way:
            convoy.let_go()
        self.under_way.clear()
        self.governors.clear()
        self.rivals.clear()
        self.when_arrived.clear()
        self._pause = self._deterred_by = None
        self._boarding_gate.let_go()


def _comes(convoy: Convoy) -> bool:
    """Whether a convoy is on its way to people who were told off to it."""
    return not (convoy.people or convoy.sent_back) and convoy.expected > 0
