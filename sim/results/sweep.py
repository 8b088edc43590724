"""What a sweep leaves on the disk: its tables, its base, how to repeat it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.experiment import NamedStudy, Study
from sim.experiment.scales import LOCAL_TIME, Scale
from sim.experiment.sweep import Estimate, Sweep
from sim.metrics.registry import METRICS, unit_of
from sim.results.csv_file import write_csv
from sim.results.manifest import Origin, facts_of, hash_of_changes
from sim.results.run_folder import name_of, run_folder
from sim.results.several import write_scenarios
from sim.results.tables import Cell, Table, failures_table, local_time
from sim.results.text_file import write_json, write_text
from sim.scenario import resolved_yaml, scenario_hash
from sim.statistics.intervals import CONFIDENCE

_SCENARIOS = "scenarios"


def write_sweep(
    sweep: Sweep,
    studies: Sequence[Study],
    root: Path,
    origin: Origin,
    *,
    figures: bool = True,
) -> Path:
    """Write tables, the base, pictures and how to repeat it all; return the folder.

    Parameters
    ----------
    sweep : to write.
    studies : of each point.
    root : folder of all results.
    origin : where it came from; the scenario is the base.
    figures : whether to draw pictures.

    Raises
    ------
    ResultsError
        If the disk does not take them; nothing is left then.
    """
    digest = hash_of_changes(sweep.operation, sweep.points)
    name = name_of(f"sweep-{origin.scenario}", digest, origin.began)
    with run_folder(root, name) as run:
        write_csv(run.path / "sweep.csv", sweep_table(sweep))
        write_csv(run.path / "points.csv", points_table(sweep, studies))
        write_csv(run.path / "runs.csv", runs_table(sweep, studies))
        write_text(run.path / "scenario.yaml", resolved_yaml(sweep.operation))
        if any(sweep.failures):
            _write_failures(run.path, studies)
        if figures:
            _draw(sweep, run.path / "figures")
        write_json(run.path / "run.json", _facts(sweep, origin))
    return run.path


def sweep_table(sweep: Sweep) -> Table:
    """Return a row for each point and metric.

    Mean and interval are of the runs in which it came, and empty without any; a
    quantile over all runs is empty if it lies among those in which it did not come.
    """
    columns = (
        *("point", *(scale.column for scale in sweep.scales), "metric", "unit"),
        *("mean", "low", "high", "confidence", "p5", "median", "p95", "n", "runs"),
        *("came_share", "band", "description"),
    )
    return Table(columns, _estimate_rows(sweep))


def points_table(sweep: Sweep, studies: Sequence[Study]) -> Table:
    """Return a row for each point: its values, and how many runs it had."""
    columns = ("point", *(scale.column for scale in sweep.scales))
    return Table(
        (*columns, "runs", "failed", "scenario_sha256"),
        [
            (
                *_point_cells(sweep, point),
                *(sweep.runs[point], len(sweep.failures[point])),
                scenario_hash(study.operation),
            )
            for point, study in enumerate(studies)
        ],
    )


def runs_table(sweep: Sweep, studies: Sequence[Study]) -> Table:
    """Return a row for each point and replication; points share their luck by it."""
    measured = (f"{name} [{unit_of(name)}]" for name in sweep.metrics)
    return Table(("point", "replication", *measured), _run_rows(sweep, studies))


def _estimate_rows(sweep: Sweep) -> Iterator[tuple[Cell, ...]]:
    for point in range(len(sweep.points)):
        for metric in sweep.metrics:
            found = sweep.estimates[metric][point]
            yield (
                *_point_cells(sweep, point),
                *(metric, unit_of(metric), *_numbers(found), sweep.base.band),
                METRICS[metric.partition("/")[0]].description,
            )


def _numbers(found: Estimate) -> tuple[Cell, ...]:
    mean, half, band, runs = found
    interval = (mean, mean - half, mean + half, CONFIDENCE)
    share = found.came / runs if runs else None
    return (*interval, band.p5, band.median, band.p95, found.came, runs, share)


def _point_cells(sweep: Sweep, point: int) -> tuple[Cell, ...]:
    """Return the number of a point, counted from 1, and its values."""
    values = sweep.points[point]
    return (
        point + 1,
        *(_value(sweep, scale, values[scale.path]) for scale in sweep.scales),
    )


def _value(sweep: Sweep, scale: Scale, text: str) -> Cell:
    if scale.unit == LOCAL_TIME:
        return local_time(sweep.operation.clock, round(scale.numbers[text]))
    return scale.numbers.get(text, text)


def _run_rows(sweep: Sweep, studies: Sequence[Study]) -> Iterator[tuple[Cell, ...]]:
    for point, study in enumerate(studies, start=1):
        for rows in study.store.parts():
            names = {name: n for n, name in enumerate(rows.layout.metrics)}
            places = [names.get(metric) for metric in sweep.metrics]
            values = rows.metrics.tolist()
            for replication, row in zip(
                rows.replications.tolist(), values, strict=True
            ):
                yield (
                    *(point, replication),
                    *(None if place is None else row[place] for place in places),
                )


def _write_failures(folder: Path, studies: Sequence[Study]) -> None:
    """Write which runs failed, and the scenarios with which to repeat them."""
    failed = {
        f"point-{point}": study
        for point, study in enumerate(studies, start=1)
        if study.failures
    }
    named = {name: NamedStudy(name, study) for name, study in failed.items()}
    write_scenarios(folder / _SCENARIOS, named)
    paths = {f"{_SCENARIOS}/{name}.yaml": study for name, study in failed.items()}
    write_csv(folder / "failures.csv", failures_table(paths.items()))


def _facts(sweep: Sweep, origin: Origin) -> Mapping[str, Any]:
    """Return the contents of run.json: those of the base, and what was varied."""
    whole = [
        runs + len(failed)
        for runs, failed in zip(sweep.runs, sweep.failures, strict=True)
    ]
    ended = datetime.now().astimezone()
    return {
        "swept": {
            "design": sweep.design.kind,
            "varied": [_scale_facts(scale) for scale in sweep.scales],
            "points": len(sweep.points),
            "metrics": list(sweep.metrics),
            "confidence": CONFIDENCE,
            "notes": list(sweep.design.notes),
            "cautions": list(sweep.cautions),
        },
        **facts_of(sweep.base, max(whole), origin, ended),
        "failed": sum(map(len, sweep.failures)),
        "file": "scenario.yaml",
    }


def _scale_facts(scale: Scale) -> dict[str, Any]:
    return {"path": scale.path, "unit": scale.unit, "values": list(scale.levels)}


def _draw(sweep: Sweep, folder: Path) -> None:
    from sim.plots.save import save  # noqa: PLC0415 (matplotlib takes a second)
    from sim.plots.sweep import pictures  # noqa: PLC0415

    for name, figure in pictures(sweep):
        save(figure, folder, name)
