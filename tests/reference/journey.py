"""The journey of convoys in the reference: drives, gates, stations, turning back."""

from functools import partial

from tests.reference.chance import luck
from tests.reference.roads import FAR_S
from tests.reference.stations import Stations

LOADED = {"inbound": "empty", "through": "loaded", "back": "empty"}


class Journey(Stations):
    """What convoys do; a part of `Run`."""

    def advance(self, convoy):
        """Let a convoy go on until it has to wait."""
        self.mover = convoy
        route = self.route(convoy)
        stages = getattr(route, convoy.phase)
        if convoy.stage < len(stages):
            place = stages[convoy.stage]
            if place in self.plan.legs:
                self.drive(convoy, place)
            else:
                self.come(convoy, place, "gate")
        elif convoy.phase == "inbound":
            boards_at = convoy.plan.boards_at
            if boards_at:
                self.come(convoy, boards_at, "square")
            else:
                self.board(convoy)
        elif convoy.phase == "through":
            draws = convoy.chances[f"{route.destination}/unloading"]
            self.enter(convoy, "unloading", route.destination, None, draws)
        else:
            self.relieve(convoy)

    def drive(self, convoy, leg):
        if leg in self.roads:
            self.come_to_leg(convoy, leg)
        else:
            base = self.base_s(convoy, leg)
            self.under_way(convoy, self.drive_s(leg, base, self.now))

    def base_s(self, convoy, leg):
        return convoy.chances[f"{leg}/{LOADED[convoy.phase]}"][0]

    def under_way(self, convoy, seconds):
        """Let a convoy drive so long."""
        if convoy.phase == "inbound":
            convoy.inbound_s += seconds
        elif convoy.phase == "through":
            convoy.loaded_s += seconds
        convoy.doing = "road"

        def end():
            convoy.stage += 1
            self.advance(convoy)

        self.push(self.now + seconds, 6, (convoy.rank,), end)

    # Gates

    def come(self, convoy, gate, doing):
        """Come to a gate and join the line; the look that follows lets it go on."""
        convoy.doing, convoy.gate = doing, gate
        convoy.came = next(self.numbers)
        convoy.visit += 1
        convoy.let_through, convoy.left, convoy.impatient = False, None, set()
        self._begin_patience(convoy)
        if doing == "gate" and convoy.phase == "through" and convoy.aboard:
            self.note_coming(convoy)

    def _begin_patience(self, convoy):
        visit = convoy.visit
        for pact in self.agreements.values():
            side = pact.side_of(convoy.flow)
            if side is None or convoy.phase != "through":
                continue
            party = pact.plan.parties[side]
            if party.gate != convoy.gate or party.gives_up_after is None:
                continue
            args = self.streams, party.gives_up_after, pact.name, convoy.name
            ends = self.now + luck.patience_s(*args)

            def end(pact=pact):
                if convoy.visit == visit:
                    convoy.impatient.add(pact.name)

            self.push(ends, 6, (convoy.rank,), end)

    def can_look(self, convoy):
        """Return whether a convoy goes on, or meets a stoppage, as it looks."""
        if self.not_met(convoy):
            return True
        if convoy.detained or not convoy.in_line or self.bars(convoy):
            return False
        if convoy.doing == "square" or not self.forbidden(convoy):
            return True
        return self.vehicles_ahead(convoy) > 0

    def looks(self, convoy):
        """Deal with what closes the gate, or go on; return whether any."""
        for occurrence in self.not_met(convoy):
            occurrence.halt.meet(convoy, occurrence)
            return True
        if convoy.detained or not convoy.in_line:
            return False
        barred = bool(self.bars(convoy))
        if convoy.doing == "square":
            if not barred:
                self.board(convoy)
            return not barred
        if barred:
            return False
        if self.forbidden(convoy):
            return self.goes_in_part(convoy)
        self.go_on(convoy)
        return True

    def forbidden(self, convoy):
        """Return the agreements that do not let a convoy pass."""
        if not convoy.aboard or convoy.let_through or convoy.phase != "through":
            return []
        whole = len(convoy.vehicles)
        return [pact for pact in self.pacts_at(convoy) if pact.lets(convoy) < whole]

    def pacts_at(self, convoy):
        """Return the agreements of the gate where a convoy is."""
        found = []
        for pact in self.agreements.values():
            side = pact.side_of(convoy.flow)
            if side and pact.plan.parties[side].gate == convoy.gate:
                found.append(pact)
        return found

    def go_on(self, convoy):
        gate = convoy.gate
        if convoy.phase == "through" and not convoy.let_through:
            for pact in self.agreements.values():
                side = pact.side_of(convoy.flow)
                here = side and pact.plan.parties[side].gate == gate
                if here and pact.governs and convoy in pact.places:
                    pact.places[convoy].let_through = True
        convoy.let_through = True
        if self.closing_to(convoy, gate):
            self.cross(convoy)
        elif gate in self.releases or gate in self.plan.checkpoints:
            state = LOADED[convoy.phase]
            draws = convoy.chances.get(f"{gate}/{state}", ())
            self.enter(convoy, "lanes", gate, gate, draws, convoy.left)
        else:
            self.cross(convoy)

    def cross(self, convoy):
        gate = convoy.gate
        row = (self.now, convoy.name, gate, convoy.aboard)
        self.outcome.crossings.append(row)
        if convoy.phase == "through":
            convoy.passed.add(gate)
            self.count(convoy, "crossing", gate)
            self.moments.moves(convoy, "crossed", gate)
        convoy.gate, convoy.doing = None, "road"
        convoy.stage += 1
        convoy.visit += 1
        self.advance(convoy)

    def count(self, convoy, counted_at, gate=None):
        for pact in self.agreements.values():
            side = pact.side_of(convoy.flow)
            at = pact.terms.counted_at == counted_at
            here = side and gate in {None, pact.plan.parties[side].gate}
            if at and here and convoy.aboard:
                pact.count(convoy)

    def not_met(self, convoy):
        """Return what closes the gate or lanes where a convoy stands, and is new."""
        if convoy.doing == "lanes":
            if self.turns_are_over(convoy):
                return []
        elif not convoy.in_line:
            return []
        closing = self.closing_to(convoy, convoy.gate)
        halts = [o for o in closing if o.halt is not None]
        return [o for o in halts if convoy not in o.met]

    def turns_are_over(self, convoy):
        """Whether all have ended: one that ends in the second of a closing has."""
        return all(t.done or t.until == self.now for t in self.turns(convoy))

    def leave_station(self, convoy):
        doing = convoy.doing
        self.forget_turns(convoy)
        if doing == "lanes":
            self.cross(convoy)
        elif doing == "boarding":
            self.set_out(convoy)
        else:
            self.arrive(convoy)

    def set_out(self, convoy):
        """Leave the site with people, as soon as that is let."""
        plan, clock, now = convoy.plan, self.plan.clock, self.now
        far, goes = self.plan.horizon_s + FAR_S, [now]
        windows = ((0, far),)
        if plan.release_hours is not None:
            windows = clock.windows(plan.release_hours, far)
            goes += [since for since, _ in windows if since > now]
        if plan.release_times:
            goes = [t for t in clock.moments(plan.release_times, far) if t >= now]
        goes = [t for t in goes if any(s <= t < u for s, u in windows)]
        if goes and min(goes) == now:
            self.moments.moves(convoy, "set out")
            convoy.phase, convoy.stage, convoy.doing = "through", 0, "road"
            self.advance(convoy)
        else:
            convoy.doing = "released"
            if goes:
                act = partial(self.set_out, convoy)
                self.push(min(goes), 6, (convoy.rank,), act)

    # Boarding, arriving, turning back

    def board(self, convoy):
        route, flow = self.route(convoy), convoy.plan
        for group, people in convoy.riders.items():
            self.crowd[route.origin, group] -= people
        convoy.boarded, convoy.gate = True, None
        self.look_whether_empty(route.origin)
        draws = convoy.chances[f"{route.origin}/boarding"]
        self.enter(convoy, "boarding", route.origin, flow.boards_at, draws)

    def arrive(self, convoy):
        self.count(convoy, "arrival")
        self.moments.moves(convoy, "arrived")
        for group, people in convoy.riders.items():
            if people:
                self.outcome.arrivals.append((self.now, convoy.name, group, people))
                self.arrived[convoy.flow] += people
                self.present[self.route(convoy).destination] += people
        for vehicle in convoy.vehicles:
            vehicle.load = {}
        returns = convoy.plan.returns
        convoy.phase, convoy.stage, convoy.doing = "back", 0, "road"
        if returns:
            self.advance(convoy)
        else:
            self.relieve(convoy)

    def turn_back(self, convoy):
        self.forget_turns(convoy)
        convoy.phase, convoy.doing, convoy.gate = "home", "road", None
        convoy.detained, convoy.visit = {}, convoy.visit + 1
        for pact in self.agreements.values():
            pact.give_up(convoy)
        if not convoy.boarded:
            for vehicle in convoy.vehicles:
                vehicle.load = {}
        seconds = convoy.loaded_s if convoy.boarded else convoy.inbound_s
        self.push(self.now + seconds, 6, (convoy.rank,), lambda: self.come_home(convoy))

    def come_home(self, convoy):
        origin = self.origin(convoy)
        for group, people in convoy.riders.items():
            if people:
                self.crowd[origin, group] += people
                self.outcome.returned.append((self.now, convoy.name, group, people))
        for vehicle in convoy.vehicles:
            vehicle.load = {}
        if not convoy.boarded:
            self.relieve(convoy)
        else:
            after = self.now + convoy.inbound_s
            self.push(after, 6, (convoy.rank,), lambda: self.relieve(convoy))

    def has_lost(self, convoy):
        """Note in agreements that a convoy has lost people or vehicles."""
        for vehicle in convoy.vehicles:
            vehicle.load = {g: n for g, n in vehicle.load.items() if n}
        moves = convoy.phase in {"inbound", "through"}
        for pact in self.agreements.values():
            if moves and not convoy.riders:
                pact.give_up(convoy, counted=False)
            elif moves:
                pact.shrink(convoy)
        if not convoy.vehicles:
            self.forget_turns(convoy)
            self.over(convoy)

    def relieve(self, convoy):
        if convoy.plan.returns or convoy.phase == "home":
            for vehicle in convoy.vehicles:
                if self.owed[vehicle.fleet]:
                    self.owed[vehicle.fleet] -= 1
                else:
                    self.idle[vehicle.fleet] += 1
        self.over(convoy)

    def over(self, convoy):
        convoy.phase, convoy.gate, convoy.doing = "over", None, "over"
        convoy.detained = {}
        convoy.visit += 1
        self.convoys.remove(convoy)
        self.owe_what_is_there()
