"""Agreements that may fail, and how a side answers the others, in the reference."""

from tests.reference.chance import luck


class Failing:
    """A part of `Pact`."""

    def plan_failure(self):
        """Decide whether it can come into force at all."""
        plan, self.terms_begun, self.begins_to_fail = self.plan, 0, False
        args = self.world.streams, plan.chance, self.name
        self.doomed = plan.chance is not None and not luck.comes_about(*args)

    def first_in_force(self):
        """Fix when it is given up."""
        plan, world = self.plan, self.world
        if plan.given_up_after is None or self.begins_to_fail:
            return
        self.begins_to_fail = True
        seconds = luck.given_up_after_s(world.streams, plan.given_up_after, self.name)
        world.push(world.now + seconds, 3, (self.rank, 5, 0), self.breach)

    # Policies

    def holds_back(self, place):  # noqa: PLR0911
        """Return whether the side of a place does not use that it is open."""
        policy, tranche = self.plan.parties[place.side].policy, place.first
        others = [side for side in self.plan.parties if side != place.side]
        least = min((self.done(side) for side in others), default=0)
        match policy.kind:
            case "plain":
                return False
            case "tit_for_tat":
                return tranche > least
            case "tolerance":
                return tranche > least + policy.band
            case "balance":
                return self._lead(place.side, others) >= policy.lead
            case "generous":
                drawn = self._drawn(place.side, tranche)
                return tranche > least and drawn >= policy.chance
            case "lever":
                drawn = self._drawn(place.side, tranche)
                return drawn < policy.chance and least <= tranche
            case "batches":
                return self._waits_for_batch(place.side, policy.size)
        raise AssertionError(policy.kind)

    def _drawn(self, side, tranche):
        args = self.world.streams, self.name, side, self.terms_begun, tranche
        return luck.policy_number(*args)

    def _lead(self, side, others):
        places = self.of_side(side).values()
        under_way = [p.units for p in places if p.let_through and not p.counted]
        moved = self.moved(side) + sum(under_way)
        return moved - min((self.moved(other) for other in others), default=0)

    def _waits_for_batch(self, side, size):
        sent = sum(p.let_through for p in self.of_side(side).values())
        own = [c for c in self.world.convoys if self.side_of(c.flow) == side]
        ready = [c for c in own if self.able(c)]
        whole = (sent + len(ready)) // size * size
        comes = any(self._still_comes(c, side) for c in own if c not in ready)
        return sent >= whole and (self.waits(side) or comes)

    def _still_comes(self, convoy, side):
        gate = self.plan.parties[side].gate
        if convoy.phase == "inbound":
            return bool(convoy.riders)
        stages = self.world.route(convoy).through[convoy.stage :]
        let = convoy.let_through and convoy.gate == gate
        moves = convoy.phase == "through" and convoy.aboard > 0
        return moves and gate in stages and gate not in convoy.passed and not let
