"""Replications as columns: small to send, to keep and to read again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isnan, nan
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.events import Cause
from sim.evidence.reading import Reading
from sim.experiment.observe import Observed

Numbers = npt.NDArray[Any]
Quantity = Literal[
    "parameters", "metrics", "arrivals", "flows", "daily", "waiting", "readings"
]
QUANTITIES: tuple[Quantity, ...] = (
    "parameters",
    "metrics",
    "arrivals",
    "flows",
    "daily",
    "waiting",
    "readings",
)


class Failure(NamedTuple):
    """A replication that raised. It is a row, so one bad run never ends a study."""

    replication: int
    error: str
    trace: str


class Layout(NamedTuple):
    """Names of the columns, the same for all replications of an operation.

    Attributes
    ----------
    origins : of `arrivals` and `daily`.
    waiting : pairs of site of origin and cause.
    figures : ids of documented figures.
    """

    parameters: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Some replications of one operation, in order; the first axis runs over them.

    Attributes
    ----------
    replications : those that did not fail.
    parameters, metrics, waiting : shape (replications, names).
    arrivals, flows : people arrived, shape (replications, names, moments).
    daily : people arrived, shape (replications, origins, days).
    readings : low and high, shape (replications, figures, 2); NaN if it did not occur.
    """

    layout: Layout
    replications: Numbers
    parameters: Numbers
    metrics: Numbers
    arrivals: Numbers
    flows: Numbers
    daily: Numbers
    waiting: Numbers
    readings: Numbers
    failures: tuple[Failure, ...]

    def __len__(self) -> int:
        """Return how many replications there are that did not fail."""
        return len(self.replications)

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
                    figure: None if isnan(low) else Reading(low, high)
                    for figure, (low, high) in zip(
                        layout.figures, self.readings[row].tolist(), strict=True
                    )
                },
            )


def stacked(found: Sequence[Observed], failures: Sequence[Failure] = ()) -> Rows:
    """Return replications of one operation as columns.

    Raises
    ------
    ValueError
        If they do not have the same columns: they are not of one operation.
    """
    layout = _layout(found[0]) if found else Layout()
    if any(_layout(row) != layout for row in found):
        raise ValueError("all replications of a study have the same columns")
    missing = (nan, nan)
    return Rows(
        layout=layout,
        replications=np.array([row.replication for row in found], np.int64),
        parameters=_table(found, lambda row: row.parameters.values()),
        metrics=_table(found, lambda row: row.metrics.values()),
        arrivals=_counts(found, lambda row: row.arrivals.values()),
        flows=_counts(found, lambda row: row.flows.values()),
        daily=_counts(found, lambda row: row.daily.values()),
        waiting=_table(
            found, lambda row: [row.waiting.get(key, 0.0) for key in layout.waiting]
        ),
        readings=np.array(
            [
                [missing if r is None else r for r in row.readings.values()]
                for row in found
            ],
            np.float64,
        ).reshape(len(found), len(layout.figures), 2),
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
        full[0].layout, replications[order], **columns, failures=tuple(failures)
    )


def _layout(row: Observed) -> Layout:
    origins = tuple(row.arrivals)
    return Layout(
        parameters=tuple(row.parameters),
        metrics=tuple(row.metrics),
        origins=origins,
        flows=tuple(row.flows),
        waiting=tuple(product(origins, map(str, Cause))),
        figures=tuple(row.readings),
    )


def _table(
    found: Sequence[Observed], values: Callable[[Observed], Iterable[float]]
) -> Numbers:
    rows = [list(values(row)) for row in found]
    return np.array(rows, np.float64) if rows else np.empty((0, 0))


def _counts(
    found: Sequence[Observed], curves: Callable[[Observed], Iterable[Any]]
) -> Numbers:
    rows = [list(curves(row)) for row in found]
    return np.array(rows, np.int32) if rows else np.empty((0, 0, 0), np.int32)


def _named(names: Sequence[Any], values: Any) -> Mapping[Any, Any]:
    return dict(zip(names, values, strict=True))
