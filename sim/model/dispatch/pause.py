"""Why a flow sends no convoy after one that gave up as it set out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import simpy

from sim.events import Reason
from sim.model.agreement.governor import Governor
from sim.model.agreement.machine import Answer
from sim.model.crowd import Crowd
from sim.model.fleet import Fleet
from sim.model.kernel import OVER, Alarm


class Pauses(Protocol):
    """A flow, as far as its pause is concerned."""

    @property
    def name(self) -> str:
        """Name of the flow."""
        ...

    def free(self) -> Mapping[Fleet | Crowd, int]:
        """Return the free vehicles of each fleet, and the free people of each group."""
        ...

    def review(self) -> None:
        """Look again in this second."""
        ...


class Pause:
    """Lasts as long as the agreement would answer the next convoy as that one."""

    __slots__ = ("_answer", "_flow", "_free", "_governor")

    def __init__(
        self, env: simpy.Environment, flow: Pauses, governor: Governor
    ) -> None:
        self._flow = flow
        self._governor = governor
        self._answer: Answer | None = None
        self._free: Mapping[Fleet | Crowd, int] = {}
        governor.when_told[flow.name] = flow.review
        Alarm(env, 0, OVER).callbacks.append(self._remember)

    def _remember(self, _: simpy.Event) -> None:
        """Note what would have been the answer once the second is over."""
        self._answer = self._governor.answer(self._flow.name)
        self._free = self._flow.free()

    def lasts(self) -> bool:
        """Return whether the next convoy would give up as well."""
        if self._answer is None:
            return True
        same = self._governor.answer(self._flow.name) == self._answer
        before = self._free  # of what a phase has added, nothing
        more = (n > before.get(what, 0) for what, n in self._flow.free().items())
        return same and not any(more)

    def why(self) -> Reason:
        """Return what the people wait for."""
        return self._governor.why_held_back(self._flow.name)

    def end(self) -> None:
        """Ask for no more news."""
        del self._governor.when_told[self._flow.name]
