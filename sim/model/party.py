"""One side of an agreement: what it has promised, claimed and moved."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING

from sim.model import invariants
from sim.model.convoy import Convoy
from sim.model.gate import Gate
from sim.model.ledger import Crowd
from sim.model.standing import Standing
from sim.scenario.plans import TermsPlan

if TYPE_CHECKING:
    from sim.model.flow import Flow

Told = tuple[str | None, str, tuple[int, int, int] | None]
"""Why nobody may pass, whom they wait for; the limit, what was granted and claimed."""
UNLIMITED = 10**12
"""More than anything that moves: what `rest` and a lapsed agreement allow."""


class Party:
    """One side: what it has promised, claimed and moved under the present terms.

    Attributes
    ----------
    claims : units of each convoy formed that has not been let through yet.
    let_through : units of each convoy let through that does not count yet.
    counted : units of each convoy that counts as moved.
    claimed : units of all claims.
    borders : cumulative promises, tranche by tranche.
    open, done : tranches open to it, and completed by it.
    limit : units that may pass under the tranches that are open.
    watchful : to somebody at the gate it matters that others go ahead.
    """

    __slots__ = (
        "_left",
        "_told",
        "borders",
        "claimed",
        "claims",
        "counted",
        "crowds",
        "done",
        "flows",
        "gate",
        "granted",
        "let_through",
        "limit",
        "moved",
        "name",
        "open",
        "ready",
        "watchful",
    )

    def __init__(
        self, name: str, gate: Gate, flows: list[Flow], crowds: Iterable[Crowd]
    ) -> None:
        self.name = name
        self.gate = gate
        self.flows = flows
        self.crowds = tuple(crowds)
        self.claims: dict[Convoy, int] = {}
        self.claimed = 0
        self.let_through: dict[Convoy, int] = {}
        self.counted: dict[Convoy, int] = {}
        self.ready: set[Convoy] = set()
        self.borders: list[int] = []
        self.granted = 0
        self.moved = 0
        self.open = 0
        self.done = 0
        self.limit = 0
        self.watchful = False
        self._left = 0
        self._told: Told = (None, "", None)

    def begin(self, terms: TermsPlan) -> None:
        """Start counting anew under these terms."""
        promises = [tranche.get(self.name, 0) for tranche in terms.tranches]
        self.borders = list(
            accumulate(UNLIMITED if p == "rest" else p for p in promises)
        )
        self.granted = self.moved = self.open = self.done = self.limit = 0
        self.let_through = {}
        self.counted = {}
        self.claims = {c: units_of(c, terms) for c in self.claims}
        self.claimed = sum(self.claims.values())

    def open_up_to(self, tranches: int) -> None:
        """Set how many tranches are open."""
        self.open = tranches
        self.limit = self.borders[tranches - 1] if tranches else 0

    def tell_flows(self) -> None:
        """Let its flows look again whether they may form a convoy."""
        for flow in self.flows:
            flow.review()

    @property
    def nobody_left(self) -> bool:
        """Whether nobody waits at the sites any more, or is driven back there."""
        for crowd in self.crowds:  # noqa: SIM110 - any() costs three times as much
            if crowd.waiting or crowd.driven_back:
                return False
        return True

    def claim(self, convoy: Convoy, units: int) -> None:
        """Promise a convoy its place, and tell the flows that there is less room."""
        self.claims[convoy] = units
        self.claimed += units
        exhausted = not self.room()
        for flow in self.flows:
            if exhausted:
                flow.review()
            else:
                flow.vehicles_changed()

    def claim_anew(self, convoy: Convoy, units: int) -> None:
        """Change what a convoy counts for."""
        self.claimed += units - self.claims[convoy]
        self.claims[convoy] = units

    def give_up(self, convoy: Convoy) -> None:
        """Take back what a convoy counted for."""
        self.claimed -= self.claims.pop(convoy, 0)
        self.ready.discard(convoy)
        counted = self.counted.pop(convoy, 0)
        self.moved -= counted
        self.granted -= counted + self.let_through.pop(convoy, 0)

    def let_pass(self, convoy: Convoy, *, binds: bool) -> None:
        """Let a convoy pass, at the expense of what is agreed if that binds."""
        self.ready.discard(convoy)
        units = self.claims.pop(convoy, 0)
        self.claimed -= units
        if units and binds:
            self.let_through[convoy] = units
            self.granted += units
            invariants.nobody_passes_beyond_what_was_agreed(self)

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

    def tell(self, shut: str | None, missing: str) -> bool:
        """Note what those at the gate find; return whether it is news for them.

        That others went ahead is none, unless it matters to somebody.
        """
        left = self.limit - self.granted
        claims = (self.limit, self.granted, self.claimed) if self.watchful else None
        told = (shut, missing, claims)
        news = left > self._left or told != self._told
        self._left, self._told = left, told
        return news

    def has_ready(self, tranche: int) -> bool:
        """Whether a tranche is at the gate, or all that the side can still bring."""
        if tranche == len(self.borders):
            return True
        ready = sum(self.claims.get(convoy, 0) for convoy in self.ready)
        need = self.borders[tranche] - self.granted
        if need >= UNLIMITED // 2:
            need = 1
        return ready >= need or (self.nobody_left and ready == self.claimed)

    def must_yield(self, convoy: Convoy) -> bool:
        """Return whether a convoy would take the place of one that it has overtaken.

        The other, let through later, would then fit into no tranche.
        """
        if self.granted + self.claimed <= self.limit:
            return False  # the usual case: all may go
        others = [units for other, units in self.claims.items() if other is not convoy]
        if not others:
            return False
        granted = self.granted + self.claims[convoy]
        return not self._fit(others, granted) and (
            self._fit([*self.claims.values()], self.granted)
        )

    def room(self) -> int:
        """Return how many units the next convoy may claim without straddling."""
        begin = self.granted
        now = bisect_right(self.borders, begin)
        if now < len(self.borders):
            # The usual case: all that is claimed fits into the tranche under way.
            left = self.borders[now] - begin - self.claimed
            if left > 0:
                return left
        claims = pending = list(self.claims.values())
        for border in self.borders[now:]:
            room, pending = _packed(pending, border - begin)
            if room > 0 and (
                not claims
                or self._fit([*claims, room], self.granted)
                or not self._fit(claims, self.granted)
            ):
                return room
            begin = border
        return 0

    def _fit(self, pending: list[int], begin: int) -> bool:
        """Return whether claims fit into the tranches; those open count as one."""
        for border in self.borders[max(self.open, 1) - 1 :]:
            _, pending = _packed(pending, border - begin)
            if not pending:
                return True
            begin = max(begin, border)
        return False


def _packed(pending: list[int], room: int) -> tuple[int, list[int]]:
    """Put what fits into a room, first come first served; return what is left."""
    later = []
    for units in pending:
        if units <= room:
            room -= units
        else:
            later.append(units)
    return room, later


def units_of(convoy: Convoy, terms: TermsPlan) -> int:
    """Return what a convoy counts for under these terms."""
    if terms.unit == "convoys":
        return 1
    if terms.unit == "vehicles":
        return convoy.vehicles
    return convoy.expected


def what_is_missing(
    terms: TermsPlan,
    party: Party,
    parties: Mapping[str, Party],
    standing: Standing,
    tranche: int,
) -> str:
    """Return whom a side waits for when it may move no more.

    Parameters
    ----------
    tranche : for `simultaneous`: the one that is to be released next, from 0.
    """
    if party.open == len(party.borders):
        return "nothing more is agreed"
    if terms.rule == "simultaneous":
        others = [name for name in parties if name != party.name]
        late = [name for name in others if not parties[name].has_ready(tranche)]
        return f"waits for {[*late, party.name][0]}"
    return f"waits for {standing.slowest_other(party.name)}"


def released(
    parties: Mapping[str, Party], already: int, done: Mapping[str, int]
) -> int:
    """Return how many tranches are released for all sides at once.

    Each is released when every side has completed the one before and has it ready.
    """
    sides = parties.values()
    latest = min(*done.values(), len(next(iter(sides)).borders) - 1)
    while already <= latest and all(side.has_ready(already) for side in sides):
        already += 1
    return already
