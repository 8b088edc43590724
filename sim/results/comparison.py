"""What a comparison leaves on the disk: its tables, the scenarios, how to repeat it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.experiment import Comparison
from sim.experiment.compare import Row, better, pairs_of
from sim.metrics.registry import METRICS, unit_of
from sim.results.csv_file import write_csv
from sim.results.manifest import Origin, facts_of, hash_of_all
from sim.results.run_folder import name_of, run_folder
from sim.results.several import write_scenarios
from sim.results.tables import Cell, Table, failures_table
from sim.results.text_file import write_json
from sim.statistics.intervals import CONFIDENCE

_BETTER = {-1: "lower", 0: "", 1: "higher"}


def write_comparison(
    comparison: Comparison, root: Path, origin: Origin, *, figures: bool = True
) -> Path:
    """Write tables, scenarios, a picture and how to repeat it all; return the folder.

    Parameters
    ----------
    comparison : to write.
    root : folder of all results.
    origin : where it came from; the scenario is the base.
    figures : whether to draw the picture.

    Raises
    ------
    ResultsError
        If the disk does not take them; nothing is left then.
    """
    sides = (comparison.base, *comparison.variants)
    digest = hash_of_all(study.operation for _, study in sides)
    with run_folder(
        root, name_of(f"compare-{origin.scenario}", digest, origin.began)
    ) as run:
        write_csv(run.path / "comparison.csv", comparison_table(comparison))
        write_csv(run.path / "pairs.csv", pairs_table(comparison))
        if any(study.failures for _, study in sides):
            write_csv(run.path / "failures.csv", failures_table(sides))
        names = ["base", *(f"variant-{n}" for n in range(1, len(sides)))]
        arms = write_scenarios(
            run.path / "scenarios", dict(zip(names, sides, strict=True))
        )
        if figures:
            _draw(comparison, run.path / "figures")
        write_json(run.path / "run.json", _facts(comparison, origin, arms))
    return run.path


def comparison_table(comparison: Comparison) -> Table:
    """Return a row for each variant and metric.

    Means, difference and interval are of the `pairs` in which the metric happened on
    both sides. An empty `variance_factor` beside a change in no pair at all, or beside
    an interval without width, stands for a division by 0.
    """
    columns = (
        *("variant", "metric", "unit", "better", "base_mean", "variant_mean"),
        *("difference", "low", "high", "confidence", "change_percent", "p", "p_holm"),
        *("pairs", "all_pairs", "only_in_base", "only_in_variant", "differs", "worse"),
        *("worse_share", "at_worst", "variance_factor", "band", "description"),
    )
    return Table(columns, [_cells(comparison, row) for row in comparison.rows])


def pairs_table(comparison: Comparison) -> Table:
    """Return a row for each replication, variant and metric.

    A side on which it did not happen is empty.
    """
    columns = ("replication", "variant", "metric", "unit", "base_value")
    return Table((*columns, "variant_value", "difference"), _pair_rows(comparison))


def _cells(comparison: Comparison, row: Row) -> tuple[Cell, ...]:
    found = row.paired
    return (
        *(comparison.variants[row.variant].name, row.metric, unit_of(row.metric)),
        *(_BETTER[better(row.metric)], found.base, found.variant, found.difference),
        *(found.low, found.high, CONFIDENCE, found.percent, found.p, row.p),
        *(found.n, row.all, row.only_base, row.only_variant, row.differs, row.worse),
        row.worse / row.all if row.worse is not None and row.all else None,
        *(row.at_worst, found.factor, comparison.base.study.band),
        METRICS[row.metric.partition("/")[0]].description,
    )


def _pair_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    for row in comparison.rows:
        name, study = comparison.variants[row.variant]
        unit = unit_of(row.metric)
        pairs = pairs_of(comparison.base.study, study, row.metric)
        for replication, base, variant in zip(
            pairs.replications, pairs.base.tolist(), pairs.variant.tolist(), strict=True
        ):
            change = variant - base
            yield (replication, name, row.metric, unit, base, variant, change)


def _facts(
    comparison: Comparison, origin: Origin, arms: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the contents of run.json: those of a run of the base, and the variants."""
    study, ended = comparison.base.study, datetime.now().astimezone()
    many = len(study.runs) + len(study.failures)
    return {
        "compared": {
            "confidence": CONFIDENCE,
            "tested": comparison.tested,
            "metrics": list(comparison.metrics),
            "cautions": list(comparison.cautions),
        },
        **facts_of(study.job, many, origin, ended),
        **arms[0],
        "variants": arms[1:],
    }


def _draw(comparison: Comparison, folder: Path) -> None:
    from sim.plots.comparison import (  # noqa: PLC0415 (matplotlib takes a second)
        differences,
    )
    from sim.plots.save import save  # noqa: PLC0415

    figure = differences(comparison)
    if figure is not None:
        save(figure, folder, "differences")
