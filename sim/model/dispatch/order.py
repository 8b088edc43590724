"""Which flow looks first for a convoy, of those that are to look in one second."""

from __future__ import annotations

from typing import Protocol

import simpy

from sim.model.kernel import DISPATCH, Alarm, happens_before_flows_look


class Sends(Protocol):
    """A flow, as far as its turn is concerned."""

    @property
    def precedence(self) -> tuple[int, int, int, int]:
        """What it goes by; the lowest goes first."""
        ...

    def look(self) -> bool:
        """Send a convoy if possible; return whether one was sent."""
        ...


class Order:
    """Lets flows look once everything else in a second has happened, each in its turn.

    The first that can sends one convoy; what follows from that in this second happens
    before the others, and it again, look.
    """

    __slots__ = ("_alarmed", "_convoys", "_env", "_to_look")

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self._to_look: dict[Sends, None] = {}
        self._alarmed = False
        self._convoys = 0

    def next_convoy(self) -> int:
        """Return the number of a convoy that is formed now."""
        self._convoys += 1
        return self._convoys

    def look(self, flow: Sends) -> None:
        """Let a flow look in this second."""
        self._to_look[flow] = None
        if not self._alarmed:
            self._alarm()

    def _alarm(self) -> None:
        self._alarmed = True
        Alarm(self._env, 0, DISPATCH).callbacks.append(self._take_turns)

    def _take_turns(self, _: simpy.Event) -> None:
        waiting = self._to_look
        while waiting:
            flow = next(iter(waiting))
            if len(waiting) > 1:
                flow = min(waiting, key=_precedence)
            del waiting[flow]
            if flow.look():
                waiting[flow] = None
                if happens_before_flows_look(self._env):
                    self._alarm()
                    return
        self._alarmed = False

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        self._to_look.clear()


def _precedence(flow: Sends) -> tuple[int, int, int, int]:
    return flow.precedence
