"""Every replication of a study as Parquet files, for programs.

One folder for each table, one file in it for each part of the study, so that memory
does not grow with the number of runs; DuckDB, pandas and polars read such a folder as
one table.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.evidence.questionnaire import Reading
from sim.evidence.vocabulary import SECONDS_PER_UNIT
from sim.experiment.replicate import grid
from sim.experiment.rows import Numbers, Rows
from sim.exports.contents import Exported, KeptRun
from sim.report.forms.csv_file import LIMITS
from sim.scenario import Clock, Operation
from sim.words import Words, say_many

Columns = Mapping[str, Numbers]


FOLDER = "parquet"


def write_parquet(run: KeptRun, folder: Path, words: Words) -> Iterator[Exported]:
    """Write the replications of a run; yield the tables.

    Raises
    ------
    UnusableError
        If some of them are damaged.
    """
    import duckdb  # noqa: PLC0415 (no other command needs it)

    # Else what another run left there would be read as a part of this one.
    for older in (folder / FOLDER).glob("*/[0-9]*.parquet"):
        older.unlink()
    limits = "" if run.ahead is None else words.of(run.ahead.banner.brief)
    written: dict[str, int] = {}
    with duckdb.connect() as database:
        for number, rows in enumerate(run.parts()):
            for name, columns in tables_of(rows, run.operation).items():
                path = folder / FOLDER / name / f"{number:06d}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                count = len(next(iter(columns.values())))
                noted = {LIMITS: np.full(count, limits, object)} if limits else {}
                database.register("part", {**columns, **noted})
                database.table("part").write_parquet(str(path))
                written[name] = written.get(name, 0) + count
    for name, count in written.items():
        said = say_many("{count} row", "{count} rows", count)
        yield Exported(folder / FOLDER / name, said)


def tables_of(rows: Rows, operation: Operation) -> dict[str, Columns]:
    """Return replications as tidy tables, by name; columns name their unit."""
    layout = rows.layout
    readings = np.moveaxis(rows.readings, 2, 0)
    return {
        "runs": {
            "replication": rows.replications,
            **dict(zip(layout.parameters, rows.parameters.T, strict=True)),
            **dict(zip(layout.metrics, rows.metrics.T, strict=True)),
        },
        **_over_time(rows, operation),
        "waiting": {
            **_by_pair(rows, ("origin", "cause"), layout.waiting),
            "person_hours": rows.waiting.ravel(),
        },
        "obstacles": {
            **_by_pair(rows, ("kind", "name"), layout.obstacles),
            "person_hours": rows.obstacles.ravel() / SECONDS_PER_UNIT["h"],
        },
        "readings": {
            **_long(rows, {"figure": layout.figures}),
            **{
                name: values.ravel()
                for name, values in zip(Reading._fields, readings, strict=False)
            },
        },
    }


def _over_time(rows: Rows, operation: Operation) -> dict[str, Columns]:
    """Return the tables of moments, days and hours."""
    layout, clock = rows.layout, operation.clock
    moments, ends = grid(operation.ends), operation.ends
    days = [str(clock.local(second).date()) for second in clock.days(ends)]
    hours = [clock.stamp(second) for second in clock.hours(ends)]
    places = ("destination", "group")
    return {
        "arrivals": {
            **_at_moments(rows, "origin", layout.origins, moments, clock),
            "people": rows.arrivals.ravel(),
        },
        "flows": {
            **_at_moments(rows, "flow", layout.flows, moments, clock),
            "people": rows.flows.ravel(),
        },
        "daily": {
            **_long(rows, {"origin": layout.origins, "day": days}),
            "people": rows.daily.ravel(),
        },
        "received": {
            **_by_pair(rows, places, layout.received, {"local_time": hours}),
            "people": rows.received.ravel(),
        },
        "unloading": {
            **_long(rows, {"destination": layout.destinations, "local_time": hours}),
            "vehicles": rows.unloading.ravel(),
        },
    }


def _by_pair(
    rows: Rows,
    names: tuple[str, str],
    pairs: Sequence[tuple[str, str]],
    axes: Mapping[str, Sequence[Any]] = MappingProxyType({}),
) -> dict[str, Numbers]:
    """Return what each value of a table by pairs, and further axes, stands for."""
    columns = _long(rows, {"pair": range(len(pairs)), **axes})
    texts = np.array([tuple(map(str, pair)) for pair in pairs], object)
    named = texts.reshape(-1, 2)[columns.pop("pair")]
    return {**columns, names[0]: named[:, 0], names[1]: named[:, 1]}


def _at_moments(
    rows: Rows, what: str, names: Sequence[str], moments: Numbers, clock: Clock
) -> dict[str, Numbers]:
    columns = _long(rows, {what: names, "time_s": moments})
    local = [clock.stamp(int(second)) for second in moments]
    texts = np.array(local, object)
    columns["local_time"] = np.tile(texts, len(rows) * len(names))
    return columns


def _long(
    rows: Rows, axes: Mapping[str, Sequence[Any] | Numbers]
) -> dict[str, Numbers]:
    """Return what each value of a table of several axes stands for."""
    lengths = [len(rows), *map(len, axes.values())]
    values = [rows.replications, *map(_column, axes.values())]
    names = ["replication", *axes]
    return {
        name: np.broadcast_to(
            value.reshape([-1 if axis == place else 1 for axis in range(len(lengths))]),
            lengths,
        ).ravel()
        for place, (name, value) in enumerate(zip(names, values, strict=True))
    }


def _column(values: Sequence[Any] | Numbers) -> Numbers:
    texts = isinstance(values, (list, tuple))
    return np.array(values, object if texts else np.int64)
