"""What the choice of a best variant leaves on the disk, and how to repeat it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.experiment.ranking import Ranking
from sim.metrics.registry import METRICS, unit_of
from sim.results.csv_file import write_csv
from sim.results.manifest import Origin, facts_of, hash_of_all
from sim.results.run_folder import name_of, run_folder
from sim.results.several import write_scenarios
from sim.results.tables import Cell, Table, failures_table
from sim.results.text_file import write_json
from sim.statistics.intervals import half_width


def write_ranking(ranking: Ranking, root: Path, origin: Origin) -> Path:
    """Write tables, scenarios and how to repeat it all; return the folder.

    Parameters
    ----------
    ranking : to write.
    root : folder of all results.
    origin : where it came from; the scenario is the first variant.

    Raises
    ------
    ResultsError
        If the disk does not take them; nothing is left then.
    """
    digest = hash_of_all(study.operation for _, study in ranking.studies)
    name = name_of(f"select-{origin.scenario}", digest, origin.began)
    with run_folder(root, name) as run:
        write_csv(run.path / "selection.csv", selection_table(ranking))
        write_csv(run.path / "runs.csv", runs_table(ranking))
        if ranking.left_out:
            write_csv(run.path / "failures.csv", failures_table(ranking.studies))
        files = {f"variant-{n}": arm for n, arm in enumerate(ranking.studies, start=1)}
        arms = write_scenarios(run.path / "scenarios", files)
        write_json(run.path / "run.json", _facts(ranking, origin, arms))
    return run.path


def selection_table(ranking: Ranking) -> Table:
    """Return a row for each variant: its mean, and when it was dropped by whom.

    Mean and interval are of the replications that count for the variant; one that was
    dropped has fewer of them.
    """
    columns = (
        *("variant", "metric", "unit", "mean", "low", "high", "confidence", "counted"),
        *("runs", "failed", "outcome", "dropped_by", "dropped_after", "matters"),
        *("guaranteed", "band", "description"),
    )
    return Table(columns, _rows(ranking))


def runs_table(ranking: Ranking) -> Table:
    """Return a row for each replication that counts, a column for each variant."""
    unit = unit_of(ranking.metric)
    names = [name for name, _ in ranking.studies]
    return Table(
        ("replication", *(f"{name} [{unit}]" for name in names)), _values(ranking)
    )


def _rows(ranking: Ranking) -> Iterator[tuple[Cell, ...]]:
    chosen, contest, metric = ranking.selection, ranking.contest, ranking.metric
    dropped = {row.variant: row for row in chosen.dropped}
    for name, study in ranking.studies:
        numbers, row = ranking.numbers[name], dropped.get(name)
        mean, half = chosen.means[name], half_width(numbers)
        outcome = "best" if name == chosen.best else "dropped" if row else "left"
        yield (
            *(name, metric, unit_of(metric), mean, mean - half, mean + half),
            *(contest.confidence, len(numbers)),
            *(len(study.replications) + len(study.failures), len(study.failures)),
            *(outcome, row and row.by, row and row.after, contest.matters),
            *("yes" if chosen.sure else "no", study.band),
            METRICS[metric.partition("/")[0]].description,
        )


def _values(ranking: Ranking) -> Iterator[tuple[Cell, ...]]:
    columns = [ranking.numbers[name].tolist() for name, _ in ranking.studies]
    longest = max(ranking.numbers, key=lambda name: len(ranking.numbers[name]))
    for place, replication in enumerate(ranking.counted(longest)):
        yield (
            replication,
            *(column[place] if place < len(column) else None for column in columns),
        )


def _facts(
    ranking: Ranking, origin: Origin, arms: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the contents of run.json: those of a run, and what was decided."""
    contest, chosen = ranking.contest, ranking.selection
    ended = datetime.now().astimezone()
    return {
        "selected": {
            "metric": ranking.metric,
            "better": "higher" if contest.larger else "lower",
            "matters": contest.matters,
            "confidence": contest.confidence,
            "procedure": "Kim and Nelson (2001)",
            "first": contest.first,
            "batch": contest.batch,
            "best": chosen.best,
            "guaranteed": chosen.sure,
            "left": list(chosen.left),
            "left_out": list(ranking.left_out),
            "cautions": list(ranking.cautions),
        },
        **facts_of(ranking.studies[0].study.job, contest.most, origin, ended),
        "variants": arms,
    }
