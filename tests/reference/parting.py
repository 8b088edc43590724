"""Convoys that cross in parts, in the reference."""

from dataclasses import replace


class Parting:
    """A part of `Run`."""

    def vehicles_ahead(self, convoy):
        """Return how many of the first vehicles go on without the others."""
        number = min(pact.lets(convoy) for pact in self.pacts_at(convoy))
        halves = convoy.vehicles[:number], convoy.vehicles[number:]
        carry = [any(any(v.load.values()) for v in half) for half in halves]
        return number if all(carry) else 0

    def goes_in_part(self, convoy):
        """Let the first vehicles go on that may; return whether any do."""
        number = self.vehicles_ahead(convoy)
        if not number:
            return False
        convoy.parted += 1
        part = replace(
            convoy,
            name=f"{convoy.name}.{convoy.parted}",
            rank=next(self.numbers),
            vehicles=convoy.vehicles[:number],
            whole=convoy.whole or convoy,
            parted=0,
            detained={},
            pardons={*convoy.pardons},
            passed={*convoy.passed},
            impatient=set(),
        )
        convoy.vehicles = convoy.vehicles[number:]
        self.convoys.append(part)
        for occurrence in self.active:
            if occurrence.halt is not None and convoy in occurrence.met:
                occurrence.met.add(part)
        for pact in self.agreements.values():
            pact.part(convoy, part)
        self.go_on(part)
        return True
