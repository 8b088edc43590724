"""What a study says in a line: above its page, its pictures and its charts."""

from math import isfinite, isnan

from sim.experiment import Comparison, Study
from sim.experiment.bands import Band, Bands
from sim.experiment.compare import Row
from sim.experiment.ranking import Ranking
from sim.experiment.sweep import Sweep
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.words import Number, Text, count, decimal, moment, say, say_many
from sim.words.metrics import (
    is_moment,
    name_of,
    of_key,
    with_unit,
)


def of_run(bands: Bands) -> Text:
    """Return when the last people of the largest site arrive, or how many do not."""
    if not bands.leaving:
        return say("Nobody is to leave.")
    site = bands.leaving[0]
    band = bands.metrics[f"t100/{site}"]
    title, runs = of_site(bands.study.operation, site), len(bands.study.runs)
    if not isfinite(band.median):
        return say_many(
            "{site}: {left} people have not arrived by the end",
            "{site}: {left} people have not arrived by the end ({low} to {high})",
            runs,
            site=title,
            **left_at(bands, site),
        )
    if not isfinite(band.p95):
        return say(
            "{site}: all arrived by {middle}, but in {unfinished} of {count} runs not "
            "by the end",
            site=title,
            middle=moment(bands.study.operation.clock, band.median * SECONDS_PER_HOUR),
            unfinished=unfinished(bands, band),
            count=Number(runs),
        )
    return say_many(
        "{site}: all arrived by {middle}",
        "{site}: all arrived by {middle} ({low} to {high})",
        runs,
        site=title,
        **dates(bands, band),
    )


def left_at(bands: Bands, site: str) -> dict[str, Text]:
    """Return how many people of a site have not arrived by the end, with the band."""
    left = bands.metrics[f"not_arrived/{site}"]
    levels = {"left": left.median, "low": left.p5, "high": left.p95}
    return {key: count(people) for key, people in levels.items()}


def unfinished(bands: Bands, band: Band) -> Text:
    """Return in how many runs something did not come by the end."""
    return Number(len(bands.study.runs) - band.n)


def dates(bands: Bands, band: Band) -> dict[str, Text]:
    """Return when something comes, with its band."""
    clock = bands.study.operation.clock
    levels = {"middle": band.median, "low": band.p5, "high": band.p95}
    return {
        key: moment(clock, hours * SECONDS_PER_HOUR) for key, hours in levels.items()
    }


def of_change(comparison: Comparison, row: Row) -> Text:
    """Return what a variant changes of one metric, and between which bounds."""
    _, study = comparison.variants[row.variant]
    found, metric = row.paired, row.metric
    fields = _of_metric(metric, comparison.base.study.operation)
    fields["variant"] = study.operation.operation
    if not row.significant:
        return say("{variant}: no sure change of {what} ({whose})", **fields)
    less = found.difference < 0
    if is_moment(metric):
        fields["way"] = say("earlier") if less else say("later")
    else:
        fields["way"] = say("less") if less else say("more")
    ends = (-found.high, -found.low) if less else (found.low, found.high)
    fields["size"], fields["interval"] = _size(abs(found.difference), ends, metric)
    if metric.startswith("t100/"):
        return say("{variant}: {whose} out {size} {way}{interval}", **fields)
    return say("{variant}: {what} ({whose}) {size} {way}{interval}", **fields)


def of_selection(ranking: Ranking) -> Text:
    """Return which variant is best by what, or that nobody knows yet."""
    chosen, metric = ranking.selection, ranking.metric
    study = dict(ranking.studies)[chosen.best]
    fields = _of_metric(metric, study.operation)
    if not chosen.sure:
        return say("{whose}, {what}: not decided which variant is best", **fields)
    return say(
        "{whose}, {what}: {variant} is best, {mean}",
        variant=study.operation.operation,
        mean=when_or_what(study, metric, chosen.means[chosen.best]),
        **fields,
    )


def of_points(sweep: Sweep, metric: str, values: Text) -> Text:
    """Return which point of a sweep is best by a metric, if one surely is.

    Parameters
    ----------
    metric : of those by which some point is best.
    values : of the fields at that point.
    """
    ends, fields = sweep.extremes[metric], _of_metric(metric, sweep.operation)
    always = sum(1 for one in sweep.estimates[metric] if one.always)
    if len(ends.alike) + len(ends.best) == always:
        return say("{whose}, {what}: no point is surely better than others", **fields)
    point = ends.best[0]
    return say(
        "{whose}, {what}: best with {values}, {mean}",
        values=values,
        mean=when_or_what(
            sweep.studies[point], metric, sweep.estimates[metric][point].mean
        ),
        **fields,
    )


def _of_metric(metric: str, operation: Operation) -> dict[str, Text]:
    key = metric.partition("/")[2]
    return {"what": name_of(metric), "whose": of_key(operation, key)}


def when_or_what(study: Study, metric: str, value: float, *, unit: bool = True) -> Text:
    """Return a mean in a sentence, with its unit; a moment as local time."""
    if is_moment(metric):
        return moment(study.operation.clock, value * SECONDS_PER_HOUR)
    return with_unit(decimal(value), metric) if unit else decimal(value)


def _size(value: float, ends: tuple[float, float], metric: str) -> tuple[Text, Text]:
    """Return how large a change is with its unit, and its interval if it has one."""
    small = max(value, *ends) < (100 if is_moment(metric) else 10)
    shape = ",.1f" if small else ",.0f"
    low, high = ends
    size = with_unit(Number(value, shape), metric)
    if isnan(low) or isnan(high) or low == high:
        return size, None
    interval = say(
        " ({low} to {high})", low=Number(low, shape), high=Number(high, shape)
    )
    return size, interval
