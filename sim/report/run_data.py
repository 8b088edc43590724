"""Tidy rows of a study for programs: units in the names of columns, one band a row."""

import shlex
from collections.abc import Iterable, Iterator, Sequence

from sim.evidence.paths import paths_of
from sim.evidence.score import ScoreRow
from sim.evidence.vocabulary import ALL_FAMILIES
from sim.experiment import Study
from sim.experiment.bands import Bands
from sim.experiment.rows import Numbers
from sim.invocation import program
from sim.metrics.registry import metric_of, unit_of
from sim.report.contents import Cell, Data, count_or_moment, yes_or_no
from sim.report.documented import fit_along, rows_of, window
from sim.report.intervals import notes_of_shares
from sim.report.receiving import nights_data, receiving_data
from sim.scenario import Clock, Operation
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import shape_at
from sim.scenario.uncertain import set_by
from sim.statistics.intervals import CONFIDENCE
from sim.statistics.precision import Look
from sim.words import Words, joined
from sim.words.metrics import is_moment


def run_data(bands: Bands) -> dict[str, Data]:
    """Return the data of all runs together, by the name of their file."""
    study = bands.study
    return {
        "summary": summary_data(bands),
        "daily": daily_data(bands),
        "curves": curves_data(bands),
        "receiving": receiving_data(bands),
        "nights": nights_data(bands),
        "runs": runs_data(study),
        "score": score_data(study),
        **({"shares": shares_data(bands)} if study.job.per_draw > 1 else {}),
    }


def summary_data(bands: Bands) -> Data:
    """Return a row for each metric: what it is and its band.

    A moment that did not come in a run counts as later than all others; a quantile
    is empty if it lies there. `n` counts the runs in which it came. What is hours
    after the start is told as local times as well.
    """
    study = bands.study
    clock = study.operation.clock
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
            *_local_times(name, (band.p5, band.median, band.p95), clock),
            metric_of(name).description,
        )
        for name, band in bands.metrics.items()
    ]
    columns = ("metric", "unit", "mean", "p5", "median", "p95", "n", "runs", "band")
    local = ("p5_local_time", "median_local_time", "p95_local_time")
    return Data((*columns, *local, "description"), rows)


def _local_times(metric: str, hours: Sequence[float], clock: Clock) -> tuple[Cell, ...]:
    """Return hours after the start as local times; nothing of any other number."""
    if not is_moment(metric):
        return (None,) * len(hours)
    return tuple(count_or_moment(each, clock, moments=True) for each in hours)


def shares_data(bands: Bands) -> Data:
    """Return a row for each metric: what varies because of what is not known."""
    spread = ("variance_knowledge", "variance_chance", "share_knowledge")
    return Data(
        (
            "metric",
            "unit",
            *spread,
            "low",
            "high",
            "confidence",
            "no_interval",
            "draws",
            "runs",
            "note",
        ),
        [
            (
                *(name, unit_of(name), parts.knowledge, parts.chance, parts.share),
                *(parts.low, parts.high, CONFIDENCE, parts.untold),
                *(parts.draws, parts.runs),
                Words().of(joined(notes_of_shares(parts))),
            )
            for name, parts in bands.knowledge_shares.items()
        ],
    )


def daily_data(bands: Bands) -> Data:
    """Return a row for each site and local day: the people who arrived."""
    study = bands.study
    days = [str(study.operation.clock.local(s).date()) for s in bands.day_starts]
    rows = [
        (origin, day, band.p5, band.median, band.p95, band.n, study.band)
        for origin, bands in bands.daily.items()
        for day, band in zip(days, bands, strict=True)
    ]
    people = ("p5_people", "median_people", "p95_people")
    return Data(("origin", "day", *people, "n", "band"), rows)


def curves_data(bands: Bands) -> Data:
    """Return a row for each origin or flow and moment: the people arrived by then."""
    study = bands.study
    rows: list[tuple[Cell, ...]] = []
    by_origin, by_flow = bands.curves, bands.flows
    clock = study.operation.clock
    moments = [(int(s), clock.stamp(int(s))) for s in study.grid_s]
    for of, curves in (("origin", by_origin), ("flow", by_flow)):
        for name, curve in curves.items():
            rows += _curve_rows(of, name, moments, curve, study)
    people = ("p5_people", "median_people", "p95_people")
    return Data(("of", "name", "time_s", "local_time", *people, "band", "n"), rows)


def runs_data(study: Study) -> Data:
    """Return a row for each replication: what was drawn for it, and every metric."""
    parameters, metrics = study.layout.parameters, study.layout.metrics
    drawn = (with_unit(study.operation, name) for name in parameters)
    measured = (f"{name} [{unit_of(name)}]" for name in metrics)
    return Data(("replication", *drawn, *measured), _run_rows(study))


def score_data(study: Study) -> Data:
    """Return a row for each documented figure with a metric, beside the runs.

    `fit_on_path` names the families along whose path it is fitted; `all` if it is
    along each.
    """
    said = ("documented_low", "documented_best", "documented_high", "bound")
    who = ("attributed_to", "family", "source", "locator")
    seen = ("simulated_p5", "simulated_median", "simulated_p95", "simulated_share")
    columns = (
        *("id", "origin", "metric", "select", "window", "unit", *said, *who, "role"),
        *("fit_on_path", *seen, "simulated_nearest"),
        *("inside", "centre_inside", "miss", "band", "note"),
    )
    paths = paths_of(study.figures, ALL_FAMILIES)
    along = {
        figure: ALL_FAMILIES if of == paths else "; ".join(of)
        for figure, of in fit_along(study.figures, paths).items()
    }
    rows = [_score_cells(row, along[row.figure.id]) for row in rows_of(study)]
    return Data(columns, rows)


def failures_data(studies: Iterable[tuple[str, Study]]) -> Data:
    """Return a row for each replication that failed, and how to repeat it.

    Parameters
    ----------
    studies : with the name of their scenario.
    """
    return Data(
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


def precision_data(look: Look) -> Data:
    """Return a row for each metric that was to be known well: how well it is."""
    columns = ("metric", "unit", "mean", "low", "high", "half_width")
    return Data(
        (
            *(*columns, "no_interval", "wanted", "confidence_percent"),
            *("runs", "came", "enough"),
        ),
        [
            (
                *(
                    known.target.metric,
                    unit_of(known.target.metric),
                    known.estimate,
                ),
                *(known.interval.low, known.interval.high, known.interval.half),
                *(known.interval.untold, known.most, 100 * CONFIDENCE, known.asked),
                *(known.came, yes_or_no(known.enough)),
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
    words = [*program().split(), "explain", scenario]
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


def _score_cells(row: ScoreRow, along: str) -> tuple[Cell, ...]:
    figure = row.figure
    return (
        *(figure.id, figure.origin, figure.metric, figure.select, window(figure)),
        *(row.unit, *row.documented, figure.bound),
        *(figure.attributed_to, figure.family, figure.source, figure.locator),
        *(figure.role, along),
        *row.simulated,
        *map(yes_or_no, (row.inside, row.centre_inside)),
        *(row.miss, row.band, figure.note),
    )


def unit_in_words(operation: Operation, name: str) -> str:
    """Return the unit in which something uncertain is drawn; counts have none."""
    path = set_by(operation, name)[0]
    shape = shape_at(path.split("."))
    return shape.unit if isinstance(shape, Quantity) else ""


def with_unit(operation: Operation, name: str) -> str:
    """Return something uncertain with the unit in which it is drawn, if it has one."""
    unit = unit_in_words(operation, name)
    return f"{name} [{unit}]" if unit else name
