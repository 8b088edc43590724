"""What stoppages do to convoys in the reference: fates, losses, patience."""

from tests.reference.chance import luck


class Fates:
    """A part of `Halt`."""

    def meet(self, convoy, occurrence):
        """Deal with a convoy that stands before a gate of this stoppage."""
        occurrence.met.add(convoy)
        fate = self._fate(convoy, occurrence)
        if not convoy.aboard:
            self._destroy(convoy, occurrence)
        elif fate == self.plan.caught:
            self._strike(convoy, occurrence)
        if convoy.phase == "over":
            return
        if fate == "turn_back":
            self.deter(convoy, occurrence)
            self.world.turn_back(convoy)
        elif fate == "divert":
            self._divert(convoy)
        else:
            if fate == "detain":
                self._detain(convoy, occurrence)
            if convoy.aboard and self.plan.gives_up_after is not None:
                self._begin_patience(convoy, occurrence)

    def _fate(self, convoy, occurrence):
        plan = self.plan
        if not convoy.aboard:
            back = plan.caught == "turn_back" and not convoy.boarded
            return "turn_back" if back else "hold"
        many = plan.catches is not None and occurrence.caught >= plan.catches
        if many or (plan.caught == "divert" and not self._can_divert(convoy)):
            return "hold"
        occurrence.caught += 1
        return plan.caught

    # Diversion

    def _can_divert(self, convoy):
        world, to = self.world, self.plan.to
        if to == world.way(convoy):
            return False
        there = world.plan.routes[to].destination
        room = world.room_at(there)
        same = there == world.route(convoy).destination
        return same or room is None or room >= convoy.aboard

    def _divert(self, convoy):
        world, gate = self.world, convoy.gate
        world.outcome.diverted.append((world.now, convoy.name, gate))
        world.forget_turns(convoy)
        convoy.detour = self.plan.to
        through = world.route(convoy).through
        convoy.stage = through.index(gate) + 1
        for pact in world.agreements.values():
            side = pact.side_of(convoy.flow)
            own = side and pact.plan.parties[side].gate
            if own and own not in {*convoy.passed, *through[convoy.stage :]}:
                pact.give_up(convoy)
        convoy.gate, convoy.doing, convoy.detained = None, "road", {}
        convoy.visit += 1
        world.advance(convoy)

    # Patience

    def _begin_patience(self, convoy, occurrence):
        world = self.world
        args = world.streams, self.plan.gives_up_after, self.name
        seconds = luck.stoppage_patience_s(*args, occurrence.number, convoy.name)

        def end():
            convoy.tired.add(occurrence)

        world.push(world.now + seconds, 6, (convoy.rank,), end)

    # Losses

    def deter(self, convoy, occurrence):
        """Deter the flow of a convoy that got nowhere at all."""
        if convoy.formed_s == self.world.now:
            occurrence.deterred.add(convoy.flow)

    def _strike(self, convoy, occurrence):
        """Take people and loaded vehicles out of a convoy that is caught."""
        outcome = self.world.outcome
        chosen = self._choose(convoy, occurrence.loses_loaded)
        order = chosen + [v for v in convoy.vehicles if v not in chosen]
        for what in ("lives_lost", "unaccounted"):
            left = getattr(occurrence, what)
            taken = self._take(convoy, order, left)
            setattr(occurrence, what, left - sum(taken.values()))
            getattr(outcome, what).extend(self._rows(convoy, taken))
        self._remove(convoy, occurrence, chosen, self._empty(convoy, chosen))

    def _rows(self, convoy, by_group):
        now = self.world.now
        return [(now, convoy.name, group, n) for group, n in by_group.items() if n]

    def _choose(self, convoy, left):
        """Choose the first vehicles of so many of each fleet."""
        chosen = []
        for vehicle in convoy.vehicles:
            if left.get(vehicle.fleet, 0):
                left[vehicle.fleet] -= 1
                chosen.append(vehicle)
        return chosen

    def by_priority(self, convoy):
        """Return the groups of a convoy in the order in which they board."""
        groups = self.world.plan.sites[self.world.origin(convoy)].groups
        return sorted(convoy.plan.groups, key=lambda g: groups[g].priority)

    def _take(self, convoy, vehicles, number):
        taken = dict.fromkeys(self.by_priority(convoy), 0)
        for vehicle in vehicles:
            for group in taken:
                less = min(vehicle.load.get(group, 0), number)
                if less:
                    vehicle.load[group] -= less
                    taken[group] += less
                    number -= less
        return taken

    def _empty(self, convoy, chosen):
        """Let who is in vehicles that are destroyed find seats; return who does not."""
        fleets = self.world.plan.fleets
        left = [v for v in convoy.vehicles if v not in chosen]
        on_foot = dict.fromkeys(self.by_priority(convoy), 0)
        for vehicle in chosen:
            for group in on_foot:
                people = vehicle.load.pop(group, 0)
                for other in left:
                    fleet = fleets[other.fleet]
                    if fleet.carries is None or group in fleet.carries:
                        free = fleet.seats - sum(other.load.values())
                        if moves := min(people, free):
                            other.load[group] = other.load.get(group, 0) + moves
                            people -= moves
                on_foot[group] += people
        return on_foot

    def tell_what_is_left(self, occurrence, when):
        """Tell whom and what it was to take, and did not meet."""
        left = self.world.outcome.left
        for kind, people, by_fleet in (
            ("not_found", occurrence.unaccounted, occurrence.loses),
            ("not_struck", occurrence.lives_lost, occurrence.loses_loaded),
        ):
            numbers = {"": people, **by_fleet}
            left += [(when, self.name, kind, f, n) for f, n in numbers.items() if n]

    def _destroy(self, convoy, occurrence):
        """Destroy vehicles of a convoy without people."""
        self._remove(convoy, occurrence, self._choose(convoy, occurrence.loses), {})

    def _remove(self, convoy, occurrence, gone, on_foot):
        world = self.world
        if gone:
            world.outcome.lost.append((world.now, convoy.name, len(gone)))
            convoy.vehicles = [v for v in convoy.vehicles if v not in gone]
            world.owe_what_is_there()
            world.remove_turns(convoy, gone)
            if not convoy.vehicles:
                self.deter(convoy, occurrence)
        if any(on_foot.values()):
            world.walk_back(convoy, {group: n for group, n in on_foot.items() if n})
        world.has_lost(convoy)


class OnFoot:
    """Who goes back without a vehicle; a part of `World`."""

    def walk_back(self, convoy, people):
        """Let people go back to their site on foot."""
        walk, name = (
            (self.origin(convoy), convoy.flow, people),
            f"{convoy.name}-on-foot",
        )
        self.on_foot.append(walk)
        for group, number in people.items():
            self.outcome.on_foot.append((self.now, name, group, number))

        def come():
            self.on_foot.remove(walk)
            for group, number in people.items():
                self.crowd[walk[0], group] += number
                self.outcome.returned.append((self.now, name, group, number))

        self.push(self.now + convoy.loaded_s, 6, (convoy.rank,), come)

    def walking(self, site, group):
        return sum(p.get(group, 0) for origin, _, p in self.on_foot if origin == site)
