"""Replications as columns: small to send, to keep and to read again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from sim.evidence.questionnaire import Reading
from sim.metrics.deadlocks import Deadlock
from sim.metrics.movements import Movement
from sim.metrics.obstacles import Obstacle

Numbers = npt.NDArray[Any]
Quantity = Literal[
    "parameters",
    "metrics",
    "arrivals",
    "flows",
    "daily",
    "received",
    "unloading",
    "waiting",
    "obstacles",
    "readings",
]
QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)


class Failure(NamedTuple):
    """A replication that raised. It is a row, so one bad run never ends a study."""

    replication: int
    error: str
    trace: str


class Followed(NamedTuple):
    """What is kept of single convoys of a replication, if anything is.

    Attributes
    ----------
    movements : of convoys with people.
    deadlocks : at the end.
    """

    replication: int
    movements: tuple[Movement, ...]
    deadlocks: tuple[Deadlock, ...]


class Layout(NamedTuple):
    """Names of the columns, the same for all replications of an operation.

    Attributes
    ----------
    origins : of `arrivals` and `daily`.
    waiting : pairs of site of origin and cause.
    figures : ids of documented figures.
    received : pairs of destination and group.
    destinations : of `unloading`.
    obstacles : everything that may hold people up; the last is what has no name.
    """

    parameters: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    figures: tuple[str, ...] = ()
    received: tuple[tuple[str, str], ...] = ()
    destinations: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """One replication, as far as tables and pictures need it.

    Attributes
    ----------
    parameters : values drawn for what is not known, by path; empty if none were.
    metrics : every metric by its full name.
    arrivals : people arrived at each moment of the grid, by site of origin.
    flows : the same by flow.
    daily : people arrived on each of `Clock.days`, by site of origin.
    waiting : person-hours by (site of origin, cause).
    readings : what the run says about each documented figure.
    """

    replication: int
    parameters: Mapping[str, float]
    metrics: Mapping[str, float]
    arrivals: Mapping[str, Numbers]
    flows: Mapping[str, Numbers]
    daily: Mapping[str, tuple[int, ...]]
    waiting: Mapping[tuple[str, str], float]
    readings: Mapping[str, Reading | None]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some replications of one operation, in order; the first axis runs over them.

    Attributes
    ----------
    replications : those that did not fail.
    parameters, metrics, waiting : shape (replications, names).
    arrivals, flows : people arrived, shape (replications, names, moments).
    daily : people arrived, shape (replications, origins, days).
    received : people arrived, shape (replications, pairs, hours of the local clock).
    unloading : most vehicles at once that unload or wait to, shape (replications,
        destinations, hours of the local clock).
    obstacles : person-seconds, shape (replications, names); no names in what an earlier
        program kept.
    readings : the four of `Reading`, shape (replications, figures, 4); NaN if it did
        not occur.
    followed : what is kept of single convoys, of those of which anything is.
    """

    layout: Layout
    replications: Numbers
    parameters: Numbers
    metrics: Numbers
    arrivals: Numbers
    flows: Numbers
    daily: Numbers
    received: Numbers
    unloading: Numbers
    waiting: Numbers
    obstacles: Numbers
    readings: Numbers
    failures: tuple[Failure, ...]
    followed: tuple[Followed, ...] = ()

    def __len__(self) -> int:
        """Return how many replications there are that did not fail."""
        return len(self.replications)

    def chosen(self, which: Numbers, failures: Iterable[Failure]) -> "Rows":
        """Return some of the replications that did not fail, and other failures.

        Parameters
        ----------
        which : whether each is among them, or their places.
        failures : in place of those that are there.
        """
        columns = {name: getattr(self, name)[which] for name in QUANTITIES}
        numbers = self.replications[which]
        own = set(numbers.tolist())
        return Rows(
            self.layout,
            numbers,
            **columns,
            failures=tuple(failures),
            followed=tuple(each for each in self.followed if each.replication in own),
        )

    def observed(self) -> Iterator[Observed]:
        """Yield the replications one by one, by the names of their columns."""
        layout = self.layout
        for row, replication in enumerate(self.replications.tolist()):
            yield Observed(
                replication=replication,
                parameters=_named(layout.parameters, self.parameters[row].tolist()),
                metrics=_named(layout.metrics, self.metrics[row].tolist()),
                arrivals=_named(layout.origins, self.arrivals[row]),
                flows=_named(layout.flows, self.flows[row]),
                daily=_named(layout.origins, map(tuple, self.daily[row].tolist())),
                waiting={
                    key: hours
                    for key, hours in _named(layout.waiting, self.waiting[row]).items()
                    if hours
                },
                readings={
                    figure: None if isnan(values[0]) else Reading(*values)
                    for figure, values in zip(
                        layout.figures, self.readings[row].tolist(), strict=True
                    )
                },
            )


def no_rows(failures: Iterable[Failure]) -> Rows:
    """Return failures, and no replication beside them."""
    numbers, counts = np.empty((0, 0)), np.empty((0, 0, 0), np.int32)
    return Rows(
        layout=Layout(),
        replications=np.empty(0, np.int64),
        parameters=numbers,
        metrics=numbers,
        arrivals=counts,
        flows=counts,
        daily=counts,
        received=counts,
        unloading=counts,
        waiting=numbers,
        obstacles=numbers,
        readings=np.empty((0, 0, len(Reading._fields))),
        failures=tuple(failures),
    )


def joined(parts: Sequence[Rows]) -> Rows:
    """Return several parts as one, in order of replication."""
    full = [part for part in parts if len(part)] or list(parts[:1])
    replications = np.concatenate([part.replications for part in full])
    order = np.argsort(replications, kind="stable")
    failures = sorted(failure for part in parts for failure in part.failures)
    columns = {
        name: np.concatenate([getattr(part, name) for part in full])[order]
        for name in QUANTITIES
    }
    return Rows(
        full[0].layout,
        replications[order],
        **columns,
        failures=tuple(failures),
        followed=tuple(sorted(each for part in parts for each in part.followed)),
    )


def _named(names: Sequence[Any], values: Any) -> Mapping[Any, Any]:
    return dict(zip(names, values, strict=True))
