"""One side of an agreement: what it has promised, claimed and moved."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING

from sim.model.convoy import Convoy
from sim.model.gate import Gate
from sim.model.ledger import Crowd
from sim.scenario.plans import TermsPlan

if TYPE_CHECKING:
    from sim.model.flow import Flow

UNLIMITED = 10**12
"""More than anything that moves: what `rest` and a lapsed agreement allow."""


class Party:
    """One side: what it has promised, claimed and moved under the present terms.

    Attributes
    ----------
    claims : units of each convoy formed that has not been let through yet.
    let_through : units of each convoy let through that does not count yet.
    counted : units of each convoy that counts as moved.
    borders : cumulative promises, tranche by tranche.
    """

    def __init__(
        self, name: str, gate: Gate, flows: list[Flow], crowds: Iterable[Crowd]
    ) -> None:
        self.name = name
        self.gate = gate
        self.flows = flows
        self.crowds = tuple(crowds)
        self.claims: dict[Convoy, int] = {}
        self.let_through: dict[Convoy, int] = {}
        self.counted: dict[Convoy, int] = {}
        self.ready: set[Convoy] = set()
        self.borders: list[int] = []
        self.granted = 0
        self.moved = 0
        self.open = 0
        self.done = 0
        self._allowed: tuple[int, int, str | None] = (0, 0, None)

    def begin(self, terms: TermsPlan) -> None:
        """Start counting anew under these terms."""
        promises = [tranche.get(self.name, 0) for tranche in terms.tranches]
        self.borders = list(
            accumulate(UNLIMITED if p == "rest" else p for p in promises)
        )
        self.granted = self.moved = self.open = self.done = 0
        self.let_through = {}
        self.counted = {}
        self.claims = {c: units_of(c, terms) for c in self.claims}

    @property
    def limit(self) -> int:
        """Units that may pass under the tranches that are open."""
        return self.borders[min(self.open, len(self.borders)) - 1] if self.open else 0

    @property
    def nobody_left(self) -> bool:
        """Whether nobody waits at the sites any more."""
        return not any(crowd.waiting for crowd in self.crowds)

    def completed(self) -> int:
        """Return how many tranches this side has completed.

        A side that has nobody left has completed what none of its convoys under
        way fits into, so that a shortfall does not bind the others for ever.
        """
        done = bisect_right(self.borders, self.moved)
        if done < len(self.borders) and self.nobody_left:
            pending = [*self.claims.values(), *self.let_through.values()]
            while done < len(self.borders) and not any(
                self.moved + units <= self.borders[done] for units in pending
            ):
                done += 1
        return done

    def news(self, shut: str | None) -> bool:
        """Return whether those who wait at the gate should look again."""
        allowed = (self.limit, self.granted, shut)
        changed = allowed != self._allowed
        self._allowed = allowed
        return changed and bool(self.ready)

    def room(self) -> int:
        """Return how many units the next convoy may claim without straddling."""
        pending = list(self.claims.values())
        begin = self.granted
        for border in self.borders[bisect_right(self.borders, begin) :]:
            room = border - begin
            later = []
            for units in pending:
                if units <= room:
                    room -= units
                else:
                    later.append(units)
            if room > 0:
                return room
            pending, begin = later, border
        return 0


def units_of(convoy: Convoy, terms: TermsPlan) -> int:
    """Return what a convoy counts for under these terms."""
    if terms.unit == "convoys":
        return 1
    if terms.unit == "vehicles":
        return convoy.vehicles
    return convoy.expected
