"""What comes out at the points of a sweep, and which of them is best."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sim.experiment import Study
from sim.experiment.compare import better
from sim.experiment.scales import LOCAL_TIME, Scale
from sim.experiment.sweep import Estimate, Extremes, Sweep
from sim.metrics.registry import metric_of, unit_of
from sim.report import cautions
from sim.report.comparison import urgency
from sim.report.contents import Cell, Data, Report, Section
from sim.report.headlines import of_points, when_or_what
from sim.report.intervals import HOW_MADE, NO_INTERVAL, mean_of
from sim.report.limits import BANDS, limits_and_repeat
from sim.report.run import zone_of
from sim.report.run_data import failures_data
from sim.report.sweep_tables import extremes, numbers, points, values
from sim.scenario import scenario_hash
from sim.statistics.intervals import CONFIDENCE
from sim.words import Number, Text, decimal, joined, say, say_many
from sim.words.inference import named
from sim.words.metrics import in_full, is_moment, with_unit

_HOW_TO_READ = say(
    "±, or both ends: 95 % interval of the mean of one point, by {made}. {none} All "
    "points share their luck, run by run, so the difference of two is surer than their "
    "intervals look. As good, for all that is known: the paired difference from the "
    "best is not significant at 5 %, corrected for all pairs of points. "
    "Best and worst are so among these points and in this model only: nobody has "
    "asked whether the values could be had, and a value between two points may be "
    "better still. It says nothing of what will happen. Hours are those after the "
    "start.",
    made=HOW_MADE,
    none=NO_INTERVAL,
)

_NONE: Mapping[str, Study] = MappingProxyType({})


def report_on_sweep(
    sweep: Sweep, *, command: str, failed: Mapping[str, Study] = _NONE
) -> Report:
    """Return what comes out at the points of a sweep.

    Parameters
    ----------
    sweep : to report.
    command : with which to repeat it.
    failed : studies with runs that failed, by the file of their scenario.
    """
    ends = (extremes(sweep),) if sweep.extremes else ()
    return Report(
        title=say("Base: {operation}", operation=sweep.operation.operation),
        answer=answer(sweep),
        sections=(
            Section(
                "runs",
                say("What was run"),
                (
                    _headline(sweep),
                    *sweep.design.notes,
                    *map(cautions.of_points, sweep.cautions),
                ),
            ),
            Section("points", say("The points"), tuple(points(sweep))),
            Section("extremes", say("Best and worst"), (*ends, *_gaps(sweep))),
            Section(
                "reading", say("How to read it"), (*_failures(sweep), _HOW_TO_READ)
            ),
            *limits_and_repeat(sweep.operation, command),
        ),
        data=sweep_data(sweep, failed),
        headline=_headline_of(sweep),
    )


def _headline_of(sweep: Sweep) -> Text:
    if not sweep.extremes:
        return None
    metric = _asked_first(sweep)
    return of_points(sweep, metric, values(sweep, sweep.extremes[metric].best[0]))


def _asked_first(sweep: Sweep) -> str:
    return min(sweep.extremes, key=lambda metric: _rank(sweep, metric))


def answer(sweep: Sweep) -> Text:
    """Return which point is best by what is asked first, and how sure that is."""
    if not sweep.extremes:
        return joined(
            [
                say("No point is best or worst by any of these metrics."),
                *_why_none(sweep),
            ]
        )
    metric = _asked_first(sweep)
    ends = sweep.extremes[metric]
    best = say_many(
        "By {metric}, point {numbers} has the best mean of {points}: {mean}, with "
        "{values}.",
        "By {metric}, points {numbers} have the best mean of {points}: {mean}, the "
        "first of them with {values}.",
        len(ends.best),
        metric=in_full(metric, sweep.operation),
        numbers=numbers(ends.best),
        points=Number(len(sweep.points)),
        mean=_mean(sweep, metric, ends.best[0]),
        values=values(sweep, ends.best[0]),
    )
    return joined([best, *_beside(sweep, metric, ends)])


def _why_none(sweep: Sweep) -> Iterator[Text]:
    """Say why no point is best: by each metric for one of three reasons."""
    unjudged: list[Text] = []
    absent: list[Text] = []
    alike: list[Text] = []
    for metric, estimates in sweep.estimates.items():
        if not better(metric):
            reason = unjudged
        elif sum(one.always for one in estimates) < 2:
            reason = absent
        else:
            reason = alike
        reason.append(in_full(metric, sweep.operation))
    if alike:
        yield say(
            "The same mean at all points, so that what was varied has no effect on it "
            "here: {metrics}.",
            metrics=joined(alike, ", "),
        )
    if absent:
        yield say(
            "Does not happen in every run of two points or more: {metrics}.",
            metrics=joined(absent, ", "),
        )
    if unjudged:
        yield say(
            "Nobody can say what of it is better: {metrics}.",
            metrics=joined(unjudged, ", "),
        )


def _beside(sweep: Sweep, metric: str, ends: Extremes) -> Iterator[Text]:
    """Say how sure it is that the best is better than others."""
    always = sum(1 for one in sweep.estimates[metric] if one.always)
    if not ends.alike:
        yield say("No other point is as good, for all that is known.")
    elif len(ends.alike) + len(ends.best) == always:
        yield say("All other points are as good, for all that is known.")
    else:
        yield say_many(
            "{count} other point is as good, for all that is known.",
            "{count} other points are as good, for all that is known.",
            len(ends.alike),
        )
    if not set(ends.worst) <= set(ends.alike):
        yield say(
            "Worst: {numbers}, with {mean}.",
            numbers=numbers(ends.worst),
            mean=_mean(sweep, metric, ends.worst[0]),
        )


def _rank(sweep: Sweep, metric: str) -> tuple[int, int]:
    """Return how early a planner asks for a metric, of the first site first."""
    keys = [each.partition("/")[2] for each in sweep.metrics]
    return keys.index(metric.partition("/")[2]), urgency(metric)


def _mean(sweep: Sweep, metric: str, point: int) -> Text:
    found = sweep.estimates[metric][point]
    told = found.interval.untold is None
    if is_moment(metric):
        known = (found.mean, found.interval.low, found.interval.high)
        date, *ends = (
            when_or_what(sweep.studies[point], metric, value)
            for value in (known if told else known[:1])
        )
        if not ends:
            return date
        return say("{date} ({low} to {high})", date=date, low=ends[0], high=ends[1])
    mean = mean_of(found.mean, found.interval) if told else decimal(found.mean)
    return with_unit(mean, metric)


def _headline(sweep: Sweep) -> Text:
    runs = max(sweep.runs)
    size = say_many(
        "{count} point ({design})",
        "{count} points ({design})",
        len(sweep.points),
        design=named(sweep.design.kind),
    )
    each = say_many(
        "{count} run of each, seed {seed}; varied: {fields}.",
        "{count} runs of each, seed {seed}; varied: {fields}.",
        runs,
        seed=str(sweep.base.seed),
        fields=joined((scale.column for scale in sweep.scales), ", "),
    )
    local = any(scale.unit == LOCAL_TIME for scale in sweep.scales)
    zone = zone_of(sweep.operation) if local else None
    return joined([joined([size, each], ", "), BANDS[sweep.base.band], zone])


def _gaps(sweep: Sweep) -> Iterator[Text]:
    for metric, estimates in sweep.estimates.items():
        rare = sum(1 for one in estimates if one.runs and not one.always)
        if rare:
            yield say_many(
                "{metric} did not happen in every run of {count} point; a mean is of "
                "the runs in which it did, and these points are neither best nor "
                "worst.",
                "{metric} did not happen in every run of {count} points; a mean is of "
                "the runs in which it did, and these points are neither best nor "
                "worst.",
                rare,
                metric=in_full(metric, sweep.operation),
            )


def _failures(sweep: Sweep) -> Iterator[Text]:
    for point, failures in enumerate(sweep.failures, start=1):
        if failures:
            first = failures[0]
            yield say_many(
                "{count} run of point {point} failed and is left out; the first, "
                "replication {number}: {error}.",
                "{count} runs of point {point} failed and are left out; the first, "
                "replication {number}: {error}.",
                len(failures),
                point=Number(point),
                number=str(first.replication),
                error=first.error,
            )


def sweep_data(sweep: Sweep, failed: Mapping[str, Study] = _NONE) -> dict[str, Data]:
    """Return the data of a sweep, by the name of their file."""
    data = {
        "sweep": _sweep_data(sweep),
        "points": _points_data(sweep),
        "runs": _runs_data(sweep),
    }
    if failed:
        data["failures"] = failures_data(failed.items())
    return data


def _sweep_data(sweep: Sweep) -> Data:
    """Return a row for each point and metric.

    Mean and interval are of the runs in which it came, and empty without any; a
    quantile over all runs is empty if it lies among those in which it did not come.
    """
    columns = (
        *("point", *(scale.column for scale in sweep.scales), "metric", "unit"),
        *("mean", "low", "high", "confidence", "no_interval"),
        *("p5", "median", "p95", "n", "runs", "came_share", "band", "description"),
    )
    return Data(columns, _estimate_rows(sweep))


def _points_data(sweep: Sweep) -> Data:
    """Return a row for each point: its values, and how many runs it had."""
    columns = ("point", *(scale.column for scale in sweep.scales))
    return Data(
        (*columns, "runs", "failed", "scenario_sha256"),
        [
            (
                *_point_cells(sweep, point),
                *(sweep.runs[point], len(sweep.failures[point])),
                scenario_hash(study.operation),
            )
            for point, study in enumerate(sweep.studies)
        ],
    )


def _runs_data(sweep: Sweep) -> Data:
    """Return a row for each point and replication; points share their luck by it."""
    measured = (f"{name} [{unit_of(name)}]" for name in sweep.metrics)
    return Data(("point", "replication", *measured), _run_rows(sweep))


def _estimate_rows(sweep: Sweep) -> Iterator[tuple[Cell, ...]]:
    for point in range(len(sweep.points)):
        for metric in sweep.metrics:
            found = sweep.estimates[metric][point]
            yield (
                *_point_cells(sweep, point),
                *(metric, unit_of(metric), *_estimate_cells(found), sweep.base.band),
                metric_of(metric).description,
            )


def _estimate_cells(found: Estimate) -> tuple[Cell, ...]:
    mean, (low, high, why, _), band, runs = found
    share = found.came / runs if runs else None
    interval = (mean, low, high, CONFIDENCE, why)
    return (*interval, band.p5, band.median, band.p95, found.came, runs, share)


def _point_cells(sweep: Sweep, point: int) -> tuple[Cell, ...]:
    """Return the number of a point, counted from 1, and its values."""
    own = sweep.points[point]
    return (
        point + 1,
        *(_value(sweep, scale, own[scale.path]) for scale in sweep.scales),
    )


def _value(sweep: Sweep, scale: Scale, text: str) -> Cell:
    if scale.unit == LOCAL_TIME:
        return sweep.operation.clock.stamp(round(scale.numbers[text]))
    return scale.numbers.get(text, text)


def _run_rows(sweep: Sweep) -> Iterator[tuple[Cell, ...]]:
    for point, study in enumerate(sweep.studies, start=1):
        for rows in study.store.parts():
            places = {name: n for n, name in enumerate(rows.layout.metrics)}
            own = [places.get(metric) for metric in sweep.metrics]
            for replication, row in zip(
                rows.replications.tolist(), rows.metrics.tolist(), strict=True
            ):
                measured = (None if place is None else row[place] for place in own)
                yield (point, replication, *measured)
