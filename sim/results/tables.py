"""The tables of a study: tidy rows, units in the names of columns, one band a row."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sim.evidence.figures import Figure
from sim.evidence.score import PATHS, ScoreRow, score, standing
from sim.experiment import Study
from sim.experiment.rows import Numbers
from sim.metrics.registry import METRICS, unit_of
from sim.results.bands import (
    curve_bands,
    daily_bands,
    day_starts,
    flow_bands,
    knowledge_shares,
    metric_bands,
)
from sim.scenario import Clock
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import shape_at
from sim.statistics.intervals import CONFIDENCE
from sim.statistics.precision import Look

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and the rows below them."""

    columns: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]


def local_time(clock: Clock, time_s: int) -> str:
    """Return a moment as local date and time, always with seconds."""
    return f"{clock.local(time_s):%Y-%m-%dT%H:%M:%S}"


def study_tables(study: Study) -> dict[str, Table]:
    """Return the tables of all runs together, by the name of their file."""
    return {
        "summary": summary_table(study),
        "daily": daily_table(study),
        "curves": curves_table(study),
        "runs": runs_table(study),
        "score": score_table(study),
    }


def summary_table(study: Study) -> Table:
    """Return a row for each metric: what it is and its band.

    A moment that did not come in a run counts as later than all others; a quantile
    is empty if it lies there. `n` counts the runs in which it came.
    """
    rows = [
        (
            name,
            unit_of(name),
            band.mean,
            band.p5,
            band.median,
            band.p95,
            band.n,
            len(study.runs),
            study.band,
            METRICS[name.partition("/")[0]].description,
        )
        for name, band in metric_bands(study).items()
    ]
    columns = ("metric", "unit", "mean", "p5", "median", "p95", "n", "runs", "band")
    return Table((*columns, "description"), rows)


def shares_table(study: Study) -> Table:
    """Return a row for each metric: what varies because of what is not known."""
    spread = ("variance_knowledge", "variance_chance", "share_knowledge")
    return Table(
        (
            "metric",
            "unit",
            *spread,
            "low",
            "high",
            "confidence",
            "draws",
            "runs",
            "note",
        ),
        [
            (
                *(name, unit_of(name), parts.knowledge, parts.chance, parts.share),
                *(parts.low, parts.high, CONFIDENCE, parts.draws, parts.runs),
                " ".join(parts.notes),
            )
            for name, parts in knowledge_shares(study).items()
        ],
    )


def daily_table(study: Study) -> Table:
    """Return a row for each site and local day: the people who arrived."""
    days = [str(study.operation.clock.local(s).date()) for s in day_starts(study)]
    rows = [
        (origin, day, band.p5, band.median, band.p95, band.n, study.band)
        for origin, bands in daily_bands(study).items()
        for day, band in zip(days, bands, strict=True)
    ]
    people = ("p5_people", "median_people", "p95_people")
    return Table(("origin", "day", *people, "n", "band"), rows)


def curves_table(study: Study) -> Table:
    """Return a row for each origin or flow and moment: the people arrived by then."""
    rows: list[tuple[Cell, ...]] = []
    by_origin, by_flow = curve_bands(study), flow_bands(study)
    clock = study.operation.clock
    moments = [(int(s), local_time(clock, int(s))) for s in study.grid_s]
    for of, curves in (("origin", by_origin), ("flow", by_flow)):
        for name, curve in curves.items():
            rows += _curve_rows(of, name, moments, curve, study)
    people = ("p5_people", "median_people", "p95_people")
    return Table(("of", "name", "time_s", "local_time", *people, "band", "n"), rows)


def runs_table(study: Study) -> Table:
    """Return a row for each replication: what was drawn for it, and every metric."""
    parameters, metrics = study.layout.parameters, study.layout.metrics
    drawn = (f"{path}{_unit(path)}" for path in parameters)
    measured = (f"{name} [{unit_of(name)}]" for name in metrics)
    return Table(("replication", *drawn, *measured), _run_rows(study))


def score_rows(study: Study) -> tuple[ScoreRow, ...]:
    """Return each documented figure beside the runs, for the first of the paths."""
    to_seconds = study.operation.clock.seconds
    return score(study.figures, study.readings_of, PATHS[0], study.band, to_seconds)


def score_table(study: Study) -> Table:
    """Return a row for each documented figure with a metric, beside the runs."""
    said = ("documented_low", "documented_best", "documented_high", "bound")
    who = ("attributed_to", "family", "source", "locator")
    seen = ("simulated_p5", "simulated_median", "simulated_p95", "simulated_share")
    columns = (
        *("id", "origin", "metric", "select", "window", "unit", *said, *who, "role"),
        *(f"standing_{path.lower()}_path" for path in PATHS),
        *(*seen, "inside", "centre_inside", "miss", "band", "note"),
    )
    return Table(columns, [_score_cells(row) for row in score_rows(study)])


def failures_table(studies: Iterable[tuple[str, Study]]) -> Table:
    """Return a row for each replication that failed, and how to repeat it.

    Parameters
    ----------
    studies : with the name of their scenario.
    """
    return Table(
        ("scenario", "replication", "seed", "error", "repeat", "trace"),
        [
            (
                *(name, row.replication, study.seed, row.error),
                *(_repeat(name, study, row.replication), row.trace),
            )
            for name, study in studies
            for row in study.failures
        ],
    )


def precision_table(look: Look) -> Table:
    """Return a row for each metric that was to be known well: how well it is."""
    columns = ("metric", "unit", "mean", "half_width", "wanted", "confidence_percent")
    return Table(
        (*columns, "runs", "came", "enough"),
        [
            (
                *(known.wish.metric, unit_of(known.wish.metric), known.estimate),
                *(known.half_width, known.most, 100 * CONFIDENCE, known.asked),
                *(known.came, "yes" if known.enough else "no"),
            )
            for known in look.known
        ],
    )


def _run_rows(study: Study) -> Iterator[tuple[Cell, ...]]:
    for rows in study.store.parts():
        yield from zip(
            rows.replications.tolist(),
            *rows.parameters.T.tolist(),
            *rows.metrics.T.tolist(),
            strict=True,
        )


def _repeat(scenario: str, study: Study, replication: int) -> str:
    words = ["python", "run.py", "explain", scenario]
    if study.job.drawn is not None:
        words += ["--fit", study.job.drawn.file, "--replication", str(replication)]
        return shlex.join(words)
    words += ["--seed", str(study.seed), "--replication", str(replication)]
    if study.band != "chance":
        words += ["--knowledge", "--per-draw", str(study.job.per_draw)]
    return shlex.join(words)


def _curve_rows(
    of: str,
    name: str,
    moments: Sequence[tuple[int, str]],
    curve: Numbers,
    study: Study,
) -> Iterator[tuple[Cell, ...]]:
    runs = len(study.runs)
    for moment, levels in zip(moments, curve.T.tolist(), strict=True):
        yield (of, name, *moment, *levels, study.band, runs)


def _score_cells(row: ScoreRow) -> tuple[Cell, ...]:
    figure = row.figure
    return (
        *(figure.id, figure.origin, figure.metric, figure.select, window(figure)),
        *(row.unit, *row.documented, figure.bound),
        *(figure.attributed_to, figure.family, figure.source, figure.locator),
        figure.role,
        *(standing(figure, path) for path in PATHS),
        *row.simulated,
        *("yes" if flag else "no" for flag in (row.inside, row.centre_inside)),
        *(row.miss, row.band, figure.note),
    )


def window(figure: Figure) -> str:
    """Return when a figure is about, in local time."""
    since, begin, end = (
        moment and moment.isoformat(timespec="minutes")
        for moment in (figure.since, figure.from_, figure.to)
    )
    parts = [f"since {since}"] if since else []
    if begin:
        parts.append(begin if end in {None, begin} else f"{begin} to {end}")
    return "; ".join(parts)


def unit_in_words(path: str) -> str:
    """Return the unit in which an uncertain field is drawn; counts have none."""
    shape = shape_at(path.split("."))
    return shape.unit if isinstance(shape, Quantity) else ""


def _unit(path: str) -> str:
    unit = unit_in_words(path)
    return f" [{unit}]" if unit else ""
