"""Stages of kinds that were added: what they are given of a run."""

from __future__ import annotations

from operator import index

import simpy

from sim.events import Cause, Kind
from sim.model.convoy import Convoy
from sim.model.kernel import MOVE, Alarm, Process
from sim.parts.stages import Passing, Stage

QUEUED, INSPECTED, CLEARED = Kind.QUEUED, Kind.INSPECTED, Kind.CLEARED
DEPARTED, ROAD, INSPECTION = Kind.DEPARTED, Cause.ROAD, Cause.INSPECTION


class Added:
    """A stage of a kind that was added, as the rest of the model sees it."""

    __slots__ = ("_stage", "name")

    def __init__(self, name: str, stage: Stage[Passing]) -> None:
        self.name = name
        self._stage = stage

    def pass_through(self, convoy: Convoy) -> Process:
        """Let the convoy through as its kind does, and write down that it goes on."""
        yield from self._stage.pass_through(Visit(convoy, self.name))
        convoy.note(CLEARED, self.name, ROAD)


class Visit:
    """A convoy that passes a stage: what is promised of it in `Passing`."""

    __slots__ = ("_convoy", "_place")

    def __init__(self, convoy: Convoy, place: str) -> None:
        self._convoy = convoy
        self._place = place

    @property
    def name(self) -> str:
        """Name of the convoy."""
        return self._convoy.name

    @property
    def flow(self) -> str:
        """Flow that it belongs to."""
        return self._convoy.flow

    @property
    def vehicles(self) -> int:
        """How many vehicles it has."""
        return self._convoy.vehicles

    @property
    def people(self) -> int:
        """How many people are aboard."""
        return self._convoy.people

    @property
    def is_loaded(self) -> bool:
        """Whether it is between boarding and unloading."""
        return self._convoy.laden

    @property
    def now_s(self) -> int:
        """Seconds after the operation starts."""
        return int(self._convoy.env.now)

    def drawn(self, field: str) -> list[int]:
        """Return what chance decided: for the convoy, or for each vehicle."""
        convoy = self._convoy
        state = "loaded" if convoy.laden else "empty"
        values = convoy.turns(f"{self._place}/{field}/{state}")
        if len(values) == 1:
            return values
        return [v for i, v in enumerate(values) if i not in convoy.trip.fates]

    def wait(self, seconds: int, cause: str) -> simpy.Event:
        """Stand for so long, charged to a cause."""
        kind = INSPECTED if cause == INSPECTION else QUEUED
        alarm = self._alarm(seconds)
        self._convoy.note(kind, self._place, Cause(cause))
        return alarm

    def drive(self, seconds: int) -> simpy.Event:
        """Be under way for so long."""
        alarm = self._alarm(seconds)
        self._convoy.note(DEPARTED, self._place, ROAD, self._convoy.why_there)
        self._convoy.driven_s += seconds
        return alarm

    def _alarm(self, seconds: int) -> Alarm:
        """Return what happens so much later.

        Raises
        ------
        ValueError
            If the time is negative.
        """
        if index(seconds) < 0:  # `index` refuses fractions
            raise ValueError(f"{self._place}: {seconds} s is a negative time")
        return Alarm(self._convoy.env, seconds, MOVE + self._convoy.number)
