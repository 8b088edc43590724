"""Whom stoppages concern, and those that begin with a convoy, in the reference."""


class Whom:
    """A part of `World`."""

    def concerns(self, occurrence, convoy):
        """Return whether a stoppage is there at all for a convoy."""
        plan = occurrence.plan
        if plan.flows is not None and convoy.flow not in plan.flows:
            return False
        if plan.meets is None:
            return True
        number = occurrence.order.get(convoy)
        last = plan.meets.last
        if number is None or number < plan.meets.first:
            return False
        return last is None or number <= last

    def closing_to(self, convoy, gate):
        """Return what closes a gate to a convoy, the first to begin first."""
        return [o for o in self.closing(gate) if self.concerns(o, convoy)]

    def concerning(self, flow):
        """Return what may keep convoys of a flow from boarding or setting out."""
        occurrences = (
            o for o in self.active if o.plan.flows is None or flow in o.plan.flows
        )
        return list(occurrences)

    def closing_boarding(self, flow, gate):
        """Return what closes a gate at which convoys of a flow board."""
        shut = self.concerning(flow)
        return [o for o in shut if gate in o.plan.closes and o.plan.meets is None]

    def note_coming(self, convoy):
        """Count a convoy with people that comes to a gate; begin what it begins."""
        for occurrence in (o for o in self.closing(convoy.gate) if o.halt):
            self.note_in_order(occurrence, convoy)
        came = self.came_loaded.setdefault((convoy.flow, convoy.gate), [])
        if convoy in came:
            return
        came.append(convoy)
        for halt in self.halts:
            awaited = halt.plan.starts_with
            comes = convoy.flow, len(came), convoy.gate
            begins = awaited and (awaited.flow, awaited.convoy, awaited.at) == comes
            if begins and halt.comes:
                halt.begin()

    def note_standing(self, occurrence):
        """Count who stands before a gate of a stoppage as it begins."""
        standing = [c for c in self.convoys if c.gate in occurrence.plan.closes]
        for convoy in sorted(standing, key=lambda c: c.came):
            stands = convoy.doing == "gate" or (
                convoy.doing == "lanes" and not self.turns_are_over(convoy)
            )
            if stands and convoy.aboard:
                self.note_in_order(occurrence, convoy)

    def note_in_order(self, occurrence, convoy):
        plan = occurrence.plan
        if plan.flows is None or convoy.flow in plan.flows:
            occurrence.order.setdefault(convoy, len(occurrence.order) + 1)
