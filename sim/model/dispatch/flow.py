"""A flow: when it sends a convoy, and why it does not."""

from __future__ import annotations

from collections.abc import Callable

import simpy

from sim.events import NO_REASON, Cause, EventLog, Kind, Reason, ReasonKind
from sim.model.agreement.governor import Governor
from sim.model.convoy import Convoy, Detour, Passable
from sim.model.crowd import Crowd
from sim.model.dispatch.joining import Joining
from sim.model.dispatch.order import Order
from sim.model.dispatch.pause import Pause
from sim.model.dispatch.regime import Regime
from sim.model.fleet import Fleet
from sim.model.gate import Gate
from sim.model.journey import journey
from sim.model.kernel import DISPATCH, NEVER, Alarm, Going
from sim.model.loading import Loading, PickUp, choose, fill, rides_of, trip_of
from sim.model.moments import Told, tell
from sim.model.occurrence import Occurrence
from sim.model.platform import Boarding
from sim.model.reception import Reception
from sim.model.sheet import Chances
from sim.model.site import Site
from sim.parts.rules import UNLIMITED
from sim.parts.stages import Stage

CountsConvoy = Callable[[int, int], None]
"""Takes the people and the vehicles of a convoy."""
Why = tuple[str, Reason]
"""Why people wait: a cause, and who or what is behind it."""
_NO_VEHICLE: Why = Cause.NO_VEHICLE, NO_REASON
_PACE: Why = Cause.HEADWAY, Reason(ReasonKind.FLOW_PACE)
_NO_SERVICE: Why = Cause.NO_SERVICE, NO_REASON


class Flow:
    """Forms convoys out of free vehicles and waiting people, by its plan's rule.

    Attributes
    ----------
    reason : why the people it serves wait, as found when it last looked.
    under_way : its convoys that have set out and not been relieved, and how it worked
        when they did; of one that was diverted with the way that it goes since.
    rivals : other flows that serve people of its groups, or pick them up.
    joining : people whom its convoys pick up on the way, now or in a later phase.
    reserved_in : fleets that keep vehicles for it, whether it sends any of them now.
    governors : agreements under which it moves, as they are named.
    people_arrived : so far.
    when_begun, when_over : who is told when its first convoy is formed, and when all
        whom it can move have arrived.
    when_set_out, when_arrived : who is told of each convoy with people that sets out,
        and of each arrival.
    """

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        number: int,
        log: EventLog,
        order: Order,
        site: Site,
        regime: Regime,
    ) -> None:
        self.name = name
        self.origin = site.name
        self.reason: Why = (Cause.NOT_BEGUN, NO_REASON)
        self.under_way: dict[Convoy, Regime] = {}
        self.crowds: list[Crowd] = []
        self._on_the_way_in: dict[Convoy, None] = {}
        self.rivals: list[Flow] = []
        self.joining: list[Joining] = []
        self.reserved_in: list[Fleet] = []
        self.governors: list[Governor] = []
        self.people_arrived = 0
        self._arrived_at: dict[str, int] = {}
        self.when_begun: list[Told] = []
        self.when_set_out: list[CountsConvoy] = []
        self.when_arrived: list[CountsConvoy] = []
        self.when_over: list[Told] = []
        self._env = env
        self._log = log
        self._order = order
        self._site = site
        self._number = number
        self._sent = 0
        self._parts_under_way = 0
        self._last_sent_s = -1
        self._next_s = 0
        self._lacks_vehicles = True
        self._dormant_until = 0
        self._is_over = False
        self._on_foot = 0
        self._keeps = True
        self._pause: Pause | None = None
        self._deterred_by: tuple[Occurrence, Reason] | None = None
        self._alarm_s = -1
        self._work_as(regime)
        site.serve(self, self.crowds)

    # How it works

    def _work_as(self, regime: Regime) -> None:
        self._regime = regime
        plan, fleets = regime.plan, regime.fleets
        self.plan = plan
        self.destination = regime.destination
        self.crowds = regime.crowds
        self._luck = regime.luck
        self._gates = regime.gates
        self._boarding_gate = regime.boarding_gate
        self._timetable = regime.timetable
        self._quota = regime.quota
        self._reception = regime.reception
        if regime.reception is not None:
            regime.reception.receive(self)
        self._fleets = fleets
        joining = [crowd for at in regime.pick_ups.values() for crowd in at.crowds]
        self._lead, self._rides = rides_of(
            self.name, plan, regime.largest, fleets, self.crowds, joining
        )
        self._size_is_drawn = any(ride.size for ride in self._rides)
        self._fleet_priority = self._lead.fleet.priority_of(self.name)
        for gate in regime.gates:
            self._hear(gate.when_deterrent_changed, self.review)
        self._hear(regime.boarding_gate.when_changed, self.review)
        for fleet in fleets.values():
            self._hear(fleet.when_changed, self.vehicles_changed)

    def _hear(self, calls: list[Callable[[], None]], call: Callable[[], None]) -> None:
        if call not in calls:
            calls.append(call)

    def enter(self, regime: Regime) -> None:
        """Work in another way from now on; convoys under way go on as they set out."""
        now = int(self._env.now)
        regime.timetable.go_on_from(self._timetable, now)
        if regime.quota is not None:
            regime.quota.go_on_from(self._quota)
        before = self.crowds
        self._work_as(regime)
        self._dormant_until, self._keeps = 0, True
        self._site.serve_others(self, before, self.crowds)
        self.begin_pick_ups()
        for each in self.joining:
            each.explain()
        self.vehicles_changed()
        self.review()
        for flow in self.rivals:
            flow.review()

    def open(self) -> None:
        """Begin: the moment at which it opens has come."""
        self._timetable.open(int(self._env.now))
        self._dormant_until = 0
        self.review()

    def close(self) -> None:
        """Send no convoy any more: the moment at which it closes has come."""
        self._timetable.close(int(self._env.now))
        self.review()

    def depart(self) -> None:
        """Send a convoy: the moment of one of its departures has come."""
        self._timetable.depart(int(self._env.now))
        self.review()

    # Looking whether a convoy can be formed

    @property
    def precedence(self) -> tuple[int, int, int, int]:
        """What it goes by among flows of one second; the lowest goes first."""
        if self.reserved_in and not self.may_send():
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
            self._look_at(self._luck.next_day(now))
        if self.when_over:
            self._look_whether_over()
        if why != self.reason:
            self.reason = why
            self._site.explain_waiting(self.crowds)
            for each in self.joining:
                each.explain()
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
        is_closed = now >= timetable.closes
        if is_closed or (chance >= timetable.closes and not timetable.awaited):
            self._send_no_more()
            if timetable.is_over(now):
                if coming is None and not self._anybody_comes():
                    self._dormant_until = NEVER
                return coming or _NO_SERVICE
        elif chance > now:
            is_missed = timetable.misses(now)
            self._look_at(now + 1 if is_missed else min(chance, timetable.closes))
        elif timetable.is_plain:
            self._look_at(timetable.closes)
        else:
            self._look_at(min(timetable.shuts(now), timetable.closes))
        if nobody:
            return coming or _NO_SERVICE
        return self._barred() or self._no_room() or self._too_early(now, chance)

    def may_send(self) -> bool:
        """Return whether a moment is left at which it may send a convoy."""
        return self._timetable.may_send_after(int(self._env.now))

    def _send_no_more(self) -> None:
        """Set free what is reserved for it, at least until another phase begins."""
        if self._keeps:
            self._keeps = False
            for fleet in self.reserved_in:
                fleet.reserve_is_free()

    def _somebody_waits(self) -> bool:
        """Return whether there is anybody for whom no convoy is coming yet."""
        for crowd in self.crowds:  # noqa: SIM110 - any() costs three times as much
            if crowd.waiting > crowd.expected:
                return True
        return False

    def _anybody_comes(self) -> bool:
        """Return whether a convoy is on its way to people who were told off to it."""
        return bool(self._coming())

    def _coming(self) -> dict[Convoy, None]:
        """Return the convoys on their way to people who were told off to them.

        Who no longer is never is again: thousands of cars are not looked through anew.
        """
        found = self._on_the_way_in
        if found and not all(map(_comes, found)):
            found = self._on_the_way_in = {c: None for c in found if _comes(c)}
        return found

    def _barred(self) -> Why | None:
        """Return the agreement or stoppage that makes setting out pointless."""
        for governor in self.governors:
            if not governor.has_room(self.name):
                return Cause.AGREEMENT, governor.why_no_room()
        if self._pause is not None and self._pause.lasts():
            self._lacks_vehicles = True
            return Cause.AGREEMENT, self._pause.why()
        gate = self._boarding_gate
        if gate.closers and (closer := gate.closer_for(self.name)):
            return gate.why_closed(closer)
        for gate in self._gates:
            if gate.deterrents and (closer := gate.deterrent_for(self.name)):
                return gate.why_closed(closer)
        if self._deterred_by is not None:
            occurrence, reason = self._deterred_by
            if not occurrence.is_over:
                return Cause.STOPPAGE, reason
        return None

    def _no_room(self) -> Why | None:
        if self._reception is None or self._reception.room > 0:
            return None
        return Cause.FULL, self._reception.full

    def _too_early(self, now: int, chance: int) -> Why | None:
        if chance > now:
            too_early = self._timetable.why_too_early(now)
            return self._held_on_the_way_in() or (too_early, NO_REASON)
        if self._next_s > now:
            self._look_at(self._next_s)
            return self._held_on_the_way_in() or (Cause.HEADWAY, NO_REASON)
        if self._quota is not None and not self._quota.left(now):
            self._look_at(self._quota.renewed(now))
            return self._held_on_the_way_in() or _PACE
        if len(self.under_way) - self._parts_under_way >= self.plan.at_once:
            return self._why_no_vehicle()
        return None

    def _held_on_the_way_in(self) -> Why | None:
        """Return what holds vehicles that were coming for the people, if anything."""
        for convoy in self._coming():
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
        chances = self._luck.of(self._sent + 1, now)
        timetable.forget_what_is_missed(now)
        if (rest := timetable.rest) is not None:
            lead = lead.at_most(rest.get(lead.fleet, 0))
            rides = [ride.at_most(rest.get(ride.fleet, 0)) for ride in rides]
        elif self._size_is_drawn:
            lead = lead.of_size_drawn(chances)
            rides = [ride.of_size_drawn(chances) for ride in rides]
        people, vehicles = self._room(now)
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

    def _room(self, now: int) -> tuple[int, int]:
        """Return how many people and vehicles the next convoy may have at most."""
        people = vehicles = UNLIMITED
        if self._reception is not None:
            people = self._reception.room
        limits = [(each.unit, each.room(self.name)) for each in self.governors]
        if self._quota is not None:
            limits.append((self._quota.unit, self._quota.left(now)))
        for unit, room in limits:
            if unit == "people":
                people = min(people, room)
            elif unit == "vehicles":
                vehicles = min(vehicles, room)
        return people, vehicles

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
            self._env,
            self._log,
            self,
            number,
            trip,
            loading,
            taken,
            chances,
            self.plan.route,
        )
        for crowd, people in convoy.riders.items():
            crowd.expect(people)
        self._log.trips.append(trip)
        self.under_way[convoy] = self._regime
        self._on_the_way_in[convoy] = None
        for each in self.joining:
            if each.place in self._regime.pick_ups:
                each.bound_for[convoy] = None
        if self._quota is not None:
            self._quota.use(now, convoy.expected, convoy.vehicles)
        for governor in self.governors:
            governor.formed(convoy)
        if self.plan.headway is not None:
            self._next_s = now + chances["headway"][0]
        if self.rivals:
            self._tell_rivals()
        if self._sent == 1:
            tell(self.when_begun)
        if self._reception is not None:
            self._reception.expect(convoy, convoy.expected)
            self._reception.changed()
        convoy.note(Kind.FORMED, self.origin)
        Going(journey(self._env, convoy, self.origin, self._regime.stages))

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
        if self._site.when_empty:
            self._site.look_whether_empty()
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
        there = convoy.trip.destination
        self._arrived_at[there] = self._arrived_at.get(there, 0) + people
        self._recount_at_destination(convoy)
        for governor in self.governors:
            governor.arrived(convoy)
        for call in self.when_arrived:
            call(people, convoy.vehicles)
        if self.when_over:
            self._look_whether_over()

    def set_out(self, convoy: Convoy) -> None:
        """Tell who waits for people to set out."""
        for call in self.when_set_out:
            call(convoy.people, convoy.vehicles)

    def _look_whether_over(self) -> None:
        """Tell once if nobody is left whom it could move, and nobody is under way."""
        if self._is_over or self._sent == 0:
            return
        if self._on_foot or any(c.people or _comes(c) for c in self.under_way):
            return
        ever = *self.crowds, *self._site.served_later_by(self)
        if self.may_send() and any(c.free or _is_awaited(c) for c in ever):
            return
        self._is_over = True
        tell(self.when_over)

    def turned_back(self, convoy: Convoy, reason: Reason) -> None:
        """Take back what the convoy counted for, and whom it was to fetch."""
        if convoy.formed_s == self._env._now:
            self._turned_back_at_once(convoy, reason)
        self._tell_who_is_left()
        if (there := self._recount_at_destination(convoy)) is not None:
            there.changed()
        if not convoy.is_lost:
            for governor in self.governors:
                governor.give_up(convoy)
        for each in self.joining:
            each.passes_by(convoy)
        if convoy.people:
            self.vehicles_changed()
        else:
            self._people_free_again()

    def diverted(self, convoy: Convoy, place: str, way: Detour) -> None:
        """Give up its places where it does not come, and have it go the other way."""
        before = self.under_way[convoy]
        stages = [*way.stages, *(way.back if before.plan.returns else ())]
        self.under_way[convoy] = before._replace(
            destination=way.destination, stages=stages, reception=way.reception
        )
        convoy.detour = stages
        if before.reception is not None:
            before.reception.expect(convoy, 0)
        self._recount_at_destination(convoy)
        for reception in (before.reception, way.reception):
            if reception is not None:
                reception.changed()
        for governor in self.governors:
            governor.diverted(convoy, place, way.gates)
        for each in self.joining:
            if each.place not in way.gates:
                each.passes_by(convoy)

    def _turned_back_at_once(self, convoy: Convoy, reason: Reason) -> None:
        """Send no convoys, one after the other, that would be turned back as well."""
        if reason.agreement:
            governor = next(g for g in self.governors if g.name == reason.agreement)
            self._pause = Pause(self._env, self, governor)
        else:
            stages = (*self.under_way[convoy].stages, self._boarding_gate)
            gate = next(
                stage
                for stage in stages
                if isinstance(stage, Gate) and stage.name == reason.place
            )
            occurrence = gate.closer_named(reason.stoppage)
            occurrence.when_over.append(self.review)
            self._deterred_by = occurrence, reason

    def free(self) -> dict[Fleet | Crowd, int]:
        """Return the free vehicles of each fleet, and the free people of each group."""
        free: dict[Fleet | Crowd, int] = {crowd: crowd.free for crowd in self.crowds}
        for fleet in self._fleets.values():
            free[fleet] = fleet.free_for(self.name)
        return free

    def walk_back(self, people: int) -> None:
        """Note that so many more people go back on foot, or so many fewer."""
        self._on_foot += people

    def people_changed(self) -> None:
        """Look again: people have come to the site or left it, or have got ready."""
        self._tell_who_is_left()
        self._people_free_again()

    def _people_free_again(self) -> None:
        """Look again: there are people for whom no convoy comes any more."""
        for flow in (self, *self.rivals):
            flow.review()
            for each in flow.joining:
                each.look_again()
            if flow.when_over:
                flow._look_whether_over()

    def recount(self, convoy: Convoy) -> None:
        """Count the convoy anew after it has lost vehicles or people."""
        self._tell_who_is_left()
        for governor in self.governors:
            governor.recount(convoy)
        if (there := self._recount_at_destination(convoy)) is not None:
            there.changed()
        if not convoy.people:
            self._people_free_again()

    def _recount_at_destination(self, convoy: Convoy) -> Reception | None:
        """Tell the destination how many come with a convoy now; return it."""
        there = self.under_way[convoy].reception
        if there is not None:
            there.expect(convoy, 0 if convoy.sent_back else convoy.expected)
        return there

    def part(self, convoy: Convoy, vehicles: int) -> Convoy:
        """Make a convoy of the first vehicles of another."""
        part = convoy.split(vehicles, self._order.next_convoy())
        self._log.trips.append(part.trip)
        self.under_way[part] = self.under_way[convoy]
        self._parts_under_way += 1
        for each_part in (convoy, part):
            self._recount_at_destination(each_part)
        for each in self.joining:
            if convoy in each.bound_for:
                each.bound_for[part] = None
        for stage in self.under_way[part].stages:
            if isinstance(stage, Gate):
                stage.spare(convoy, part)
        for governor in self.governors:
            governor.parted(convoy, part)
        self.vehicles_changed()
        return part

    def send_on(self, part: Convoy, gate: Passable) -> None:
        """Let a part of a convoy go through a gate at which the others stand."""
        stages = self.under_way[part].stages
        boards = (n for n, s in enumerate(stages) if isinstance(s, Boarding))
        boarding = next(boards, -1)  # who was diverted is on the way from there
        at = next(n for n, s in enumerate(stages) if n > boarding and _is(s, gate))
        passing, behind = gate.go_on(part), stages[at + 1 :]
        Going(journey(self._env, part, self.origin, behind, passing))

    # Picking people up on the way

    def begin_pick_ups(self) -> None:
        """Note where convoys that set out from now on pick people up."""
        for each in self.joining:
            each.has_begun |= each.place in self._regime.pick_ups

    def pick_up_at(self, convoy: Convoy, site: str) -> PickUp | None:
        """Return whom a convoy takes on at a site on its way; None if nobody."""
        if site in convoy.picked_up:
            return None
        return self.under_way[convoy].pick_ups.get(site)

    def room_for_more(self, convoy: Convoy) -> int:
        """Return how many more people a convoy may have under way."""
        rooms = [governor.room_for_more(convoy) for governor in self.governors]
        if (there := self.under_way[convoy].reception) is not None:
            rooms.append(there.room)
        if self._quota is not None and self._quota.unit == "people":
            rooms.append(self._quota.left(int(self._env.now)))
        return max(min(rooms, default=UNLIMITED), 0)

    def picked_up(self, convoy: Convoy, site: str, people: int) -> None:
        """Count who has joined a convoy, and tell who has to do with them."""
        here = next(each for each in self.joining if each.place == site)
        if people:
            if self._quota is not None:
                self._quota.use_more(int(self._env.now), people)
            for governor in self.governors:
                governor.recount(convoy)
            if (there := self._recount_at_destination(convoy)) is not None:
                there.changed()
            here.boarded()
            self.people_changed()
        here.passes_by(convoy)

    def relieve(self, convoy: Convoy) -> None:
        """End a convoy: its vehicles are free again, or have gone for good."""
        regime = self.under_way.pop(convoy)
        gone = not regime.plan.returns and convoy.trip.fate == "arrived"
        convoy.note(Kind.RELIEVED, self.origin)
        if self._parts_under_way and self._has_other_parts(convoy):
            self._parts_under_way -= 1
        for governor in self.governors:
            governor.over(convoy)
        for fleet, vehicles in convoy.vehicles_left().items():
            if gone:
                fleet.lose(len(vehicles), self.name)
            else:
                fleet.give_back(vehicles, self.name)
        self.vehicles_changed()

    def _has_other_parts(self, convoy: Convoy) -> bool:
        return any(other.whole == convoy.whole for other in self.under_way)

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

    def serves(self, crowd: Crowd, for_reason: Why) -> bool:
        """Whether it serves people of a group, or picks them up, who wait for that."""
        if crowd in self.crowds:
            return self.reason == for_reason
        return any(
            each.serves(crowd) and each.reason == for_reason for each in self.joining
        )

    def people_coming_to(self, destination: str) -> int:
        """Return who is told off to its convoys or aboard and has not arrived there."""
        return sum(
            convoy.expected
            for convoy, regime in self.under_way.items()
            if regime.destination == destination and not convoy.sent_back
        )

    def people_arrived_at(self, destination: str) -> int:
        """Return how many it has brought there so far."""
        return self._arrived_at.get(destination, 0)

    @property
    def awaits_people(self) -> bool:
        """Whether people are still to get ready, to come, or to come back."""
        return any(map(_is_awaited, self.crowds))

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        for convoy in self.under_way:
            convoy.let_go()
        self.under_way.clear()
        self._on_the_way_in.clear()
        self.joining.clear()
        self.governors.clear()
        self.rivals.clear()
        for calls in (self.when_begun, self.when_over):
            calls.clear()
        self.when_set_out.clear()
        self.when_arrived.clear()
        self._pause = self._deterred_by = None
        self._boarding_gate.let_go()


def _is(stage: Stage[Convoy], gate: Passable) -> bool:
    return isinstance(stage, Gate) and stage.name == gate.name


def _is_awaited(crowd: Crowd) -> bool:
    """Whether people of a group are still to get ready, to come, or to come back."""
    return crowd.to_come > 0 or crowd.driven_back > 0


def _comes(convoy: Convoy) -> bool:
    """Whether a convoy is on its way to people who were told off to it."""
    return not (convoy.people or convoy.sent_back) and convoy.expected > 0
