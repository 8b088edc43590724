"""Replications of one operation, and what can be asked of them together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.events import RunLog
from sim.evidence.figures import Figure
from sim.evidence.questionnaire import Reading
from sim.experiment.columns import Columns
from sim.experiment.observe import Counts
from sim.experiment.replicate import Band, Job, grid
from sim.experiment.rows import (
    Failure,
    Followed,
    Layout,
    Numbers,
    Observed,
    Quantity,
)
from sim.experiment.store import Store
from sim.metrics.obstacles import Obstacle
from sim.metrics.of_sites import ALL_SITES
from sim.scenario import Operation


class Runs(Sequence[Observed]):
    """The replications that did not fail, one by one, in order.

    For looking at single runs; what is asked of all of them is in `Study`.
    """

    def __init__(self, store: Store, count: int) -> None:
        self._store = store
        self._count = count

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def __iter__(self) -> Iterator[Observed]:
        """Yield them one by one."""
        for rows in self._store.parts():
            yield from rows.observed()

    def __getitem__(self, place: Any) -> Any:
        """Return one of them, or several."""
        return tuple(self)[place]


@dataclass(frozen=True)
class Study:
    """Replications of one operation under one seed.

    Attributes
    ----------
    job : what each replication depends on.
    store : where they are kept.
    """

    job: Job
    store: Store

    def __getstate__(self) -> dict[str, Any]:
        """Return what is sent to other processes: not what was read already."""
        return {"job": self.job, "store": self.store}

    @property
    def operation(self) -> Operation:
        """What was run."""
        return self.job.operation

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Documented figures that were read off each run."""
        return self.job.figures

    @property
    def seed(self) -> int:
        """Root of all random numbers."""
        return self.job.seed

    @property
    def band(self) -> Band:
        """What differs between the replications."""
        return self.job.band

    @property
    def grid_s(self) -> Counts:
        """Moments at which curves are kept [s after the start]."""
        return grid(self.operation.ends)

    @property
    def layout(self) -> Layout:
        """Names of all columns."""
        return self._content.layout

    @property
    def replications(self) -> Numbers:
        """Numbers of the replications that did not fail, in order."""
        return self._content.replications

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Replications that raised, in order."""
        return self._content.failures

    @property
    def runs(self) -> Runs:
        """The replications that did not fail, one by one."""
        return Runs(self.store, len(self.replications))

    @property
    def followed(self) -> Mapping[int, Followed]:
        """What was kept of single convoys, by replication, where anything was."""
        return self._content.followed

    @cached_property
    def typical(self) -> int:
        """The replication whose moments of last arrival lie nearest to the medians."""
        whole = f"last_arrival/{ALL_SITES}"
        names = [
            name
            for name in self.layout.metrics
            if name.startswith("last_arrival/") and name != whole
        ]
        table = np.array([self.metric(name) for name in names]).T
        table = np.nan_to_num(table.reshape(len(self.replications), -1), nan=0.0)
        distance = np.abs(table - np.median(table, axis=0)).sum(axis=1)
        return int(self.replications[int(distance.argmin())])

    def log_of(self, replication: int) -> RunLog:
        """Run one replication again and return everything that happened in it."""
        return self.job.log_of(replication)

    # Columns: one number of every replication

    def metric(self, name: str) -> Numbers:
        """Return a metric of every replication; NaN where it did not come.

        Raises
        ------
        KeyError
            If there is none of this name.
        """
        return self._columns("metrics").column(_place(self.layout.metrics, name))

    def to_leave(self, origin: str) -> Numbers:
        """Return the people who are to leave a site, or `all`: arrived and not.

        Raises
        ------
        KeyError
            If nobody starts there.
        """
        return self.metric(f"arrived/{origin}") + self.metric(f"not_arrived/{origin}")

    def parameter(self, path: str) -> Numbers:
        """Return what every replication drew for a value that is not known.

        Raises
        ------
        KeyError
            If nothing was drawn for it.
        """
        place = _place(self.layout.parameters, path)
        return self._columns("parameters").column(place)

    def hours_of(self, origin: str, cause: str) -> Numbers:
        """Return the person-hours of waiting of every replication under a cause.

        Raises
        ------
        KeyError
            If nobody starts at such a site.
        """
        return self._columns("waiting").column(
            _place(self.layout.waiting, (origin, cause))
        )

    @cached_property
    def held(self) -> Mapping[Obstacle, Numbers]:
        """Person-seconds of every replication by what people waited for, by name.

        Only what anybody waited for, the most first. Those of a run sum to all its
        waiting, to the second.
        """
        table = self._columns("obstacles").take(slice(None))
        columns = zip(self.layout.obstacles, table.T, strict=True)
        found = {name: column for name, column in columns if column.any()}
        return dict(sorted(found.items(), key=lambda each: (-each[1].sum(), each[0])))

    def readings_of(self, figure: str) -> Numbers:
        """Return what every replication says about a figure, shape (replications, 4).

        The four of a `Reading`.

        Raises
        ------
        KeyError
            If the figure was not read.
        """
        wide = len(Reading._fields)
        place = wide * _place(self.layout.figures, figure)
        return self._columns("readings").take(slice(place, place + wide))

    def arrivals_of(self, origin: str) -> Columns:
        """Return the people arrived by each moment of `grid_s`, by site of origin."""
        return self._columns("arrivals", _place(self.layout.origins, origin))

    def arrivals_by(self, flow: str) -> Columns:
        """Return the people arrived by each moment of `grid_s`, by flow."""
        return self._columns("flows", _place(self.layout.flows, flow))

    def daily_of(self, origin: str) -> Columns:
        """Return the people arrived on each local day, by site of origin."""
        return self._columns("daily", _place(self.layout.origins, origin))

    def received_at(self, destination: str, group: str) -> Columns:
        """Return the people arrived in each hour of `Clock.hours`."""
        pair = destination, group
        return self._columns("received", _place(self.layout.received, pair))

    def unloading_at(self, destination: str) -> Columns:
        """Return the most vehicles at once that unload or wait to, in each hour."""
        place = _place(self.layout.destinations, destination)
        return self._columns("unloading", place)

    def _columns(self, quantity: Quantity, place: int = 0) -> Columns:
        content = self._curves if quantity in _CURVES else self._content
        return content.columns[quantity, place]

    @cached_property
    def _content(self) -> "_Content":
        """All columns but curves, put together in one pass over what is kept."""
        return _read(self.store, _NUMBERS)

    @cached_property
    def _curves(self) -> "_Content":
        """Curves, which take most of the room and are often not asked for."""
        return _read(self.store, _CURVES)


_NUMBERS: tuple[Quantity, ...] = (
    "parameters",
    "metrics",
    "waiting",
    "obstacles",
    "readings",
)
_CURVES: tuple[Quantity, ...] = (
    "arrivals",
    "flows",
    "daily",
    "received",
    "unloading",
)


@dataclass(frozen=True, slots=True)
class _Content:
    """What a store holds, as columns by quantity and, of curves, by place of a name."""

    layout: Layout
    replications: Numbers
    failures: tuple[Failure, ...]
    columns: Mapping[tuple[Quantity, int], Columns]
    followed: Mapping[int, Followed]


def _read(store: Store, quantities: Sequence[Quantity]) -> _Content:
    layout = Layout()
    replications: list[Numbers] = [np.empty(0, np.int64)]
    failures: list[Failure] = []
    followed: dict[int, Followed] = {}
    columns: defaultdict[tuple[Quantity, int], Columns] = defaultdict(Columns)
    for rows in store.parts():
        failures += rows.failures
        followed |= {each.replication: each for each in rows.followed}
        if not len(rows):
            continue
        layout = rows.layout
        replications.append(rows.replications)
        for quantity in quantities:
            table = getattr(rows, quantity)
            if quantity not in _CURVES:
                columns[quantity, 0].add(table.reshape(len(rows), -1))
                continue
            for place in range(table.shape[1]):
                columns[quantity, place].add(table[:, place])
    numbers = np.concatenate(replications)
    return _Content(layout, numbers, tuple(failures), columns, followed)


def _place(names: Sequence[object], name: object) -> int:
    """Return where a name stands.

    Raises
    ------
    KeyError
        If it is not there.
    """
    try:
        return names.index(name)
    except ValueError:
        raise KeyError(name) from None
