"""An ensemble: many curves of people arrived, each as good a guess as the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from sim.inference.claims import MIDDLES, PARTNERS, Numbers, RecordEntry, Window
from sim.metrics.waiting import SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Curves in straight lines between the same hours, and level outside them.

    Attributes
    ----------
    hours : rising [h after the start].
    people : arrived, of (draw, hour); never falling.
    expected : who leave in all, of each draw.
    """

    hours: Numbers
    people: Numbers
    expected: Numbers

    def chosen(self, draws: npt.NDArray[np.int64]) -> "Ensemble":
        """Return some of the draws, as often as they are named."""
        return Ensemble(self.hours, self.people[draws], self.expected[draws])

    def at(self, hours: npt.ArrayLike) -> Numbers:
        """Return the people at some hours, of (draw, hour)."""
        asked = np.clip(np.asarray(hours, float), self.hours[0], self.hours[-1])
        after = np.clip(np.searchsorted(self.hours, asked), 1, len(self.hours) - 1)
        begins, ends = self.hours[after - 1], self.hours[after]
        share = (asked - begins) / (ends - begins)
        low, high = self.people[:, after - 1], self.people[:, after]
        return np.asarray(low + share * (high - low))

    def between(self, begins_h: float, ends_h: float) -> Numbers:
        """Return who arrive between two moments, by draw."""
        before, after = self.at([begins_h, ends_h]).T
        return np.asarray(after - before)

    def completed(self, share: float) -> Numbers:
        """Return when a share of all who leave has arrived [h]; infinite if never."""
        wanted = share * self.expected
        reached = self.people >= wanted[:, None] - 1e-6
        first = self.hours[np.argmax(reached, axis=1)]
        return np.where(reached.any(axis=1), first, inf)

    def counted(self, entries: Sequence[RecordEntry]) -> Numbers:
        """Return what counts would find, of (draw, entry, node of its window)."""
        found = [self._counted(entry) for entry in entries]
        return np.stack(found, axis=1) if found else np.empty((len(self.people), 0, 5))

    def _counted(self, entry: RecordEntry) -> Numbers:
        ends = self.at(_nodes_h(entry.ends or (0, 0)))
        if entry.begins is None:
            return ends
        begins = self.at(_nodes_h(entry.begins)[list(PARTNERS)])
        return np.asarray(np.maximum(ends - begins, 0.0))


def _nodes_h(window: Window) -> Numbers:
    earliest, latest = window
    return (earliest + np.array(MIDDLES) * (latest - earliest)) / SECONDS_PER_HOUR
