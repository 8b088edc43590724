"""What to expect as of a moment, and how sure that is."""

from collections.abc import Iterator, Sequence
from math import isfinite

import numpy as np

from sim.inference.calibration.posterior_predictive import LEVEL
from sim.inference.claims import SourceClaim
from sim.inference.forecast.forecast import Forecast
from sim.inference.forecast.quantiles import (
    LEVELS,
    ForecastQuantiles,
    at_levels,
    forecast_quantiles,
)
from sim.inference.scores import is_inside
from sim.report.briefs import brief_of_forecast
from sim.report.contents import (
    READERS,
    Cell,
    Column,
    Data,
    Part,
    Report,
    Section,
    count_or_moment,
    table,
    yes_or_no,
)
from sim.report.followed import whom_it_follows
from sim.report.forecast_tables import DONE, NEARLY, bands, intervals, numbers, picture
from sim.report.limits import NOT_FOR, limits_and_repeat
from sim.report.not_known import forgotten, titled
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.words import (
    Number,
    Text,
    Words,
    joined,
    moment,
    say,
    say_many,
)

_AT = tuple(f"p{round(100 * level)}" for level in LEVELS)
_ENGLISH = Words()


def report_on_forecast(made: Forecast, operation: Operation, *, command: str) -> Report:
    """Return what is expected after a moment.

    Parameters
    ----------
    made : the forecast.
    operation : as it is told afterwards, from which it was made.
    command : with which to repeat it.
    """
    rows = forecast_quantiles(made)
    return Report(
        title=say(
            "{operation}: forecast as of {moment}",
            operation=operation.operation,
            moment=moment(made.then.operation.clock, made.then.moment_s),
        ),
        answer=answer(made, rows),
        sections=(
            Section("known", say("What was known"), (_headline(made),)),
            *whom_it_follows(made),
            Section(
                "expected",
                say("What to expect"),
                (bands(made, rows), numbers(made, rows)),
            ),
            Section(
                "curves",
                say("People arrived, by site of origin"),
                (picture(made),),
                READERS,
            ),
            Section(
                "forgotten",
                say("Without hindsight"),
                tuple(_forgotten(made, operation)),
            ),
            Section("later", say("Published later"), tuple(_later(made))),
            *limits_and_repeat(operation, command, first=NOT_FOR),
        ),
        data={
            "forecast": _expected_data(made, rows),
            "figures": _figures_data(made),
            "forgotten": _forgotten_data(made),
        },
        brief=brief_of_forecast(made, operation, answer(made, rows), command=command),
    )


def answer(made: Forecast, rows: Sequence[ForecastQuantiles]) -> Text:
    """Return when the people of the largest site have arrived, and what it is not for.

    Parameters
    ----------
    made : the forecast.
    rows : from `forecast_quantiles`.
    """
    nearly, every = [row for row in rows if row.site == made.largest and row.is_moment]
    return joined([_nearly_all(made, nearly), _all(made, every), NOT_FOR])


def _nearly_all(made: Forecast, row: ForecastQuantiles) -> Text:
    fields: dict[str, Text] = {
        "share": NEARLY,
        "site": of_site(made.then.operation, row.site),
        **intervals(made, row),
    }
    if isfinite(row.both[2]):
        return say(
            "{share} of the people of {site} are expected to have arrived by {middle} "
            "(50 %: {half}; 90 %: {most}).",
            **fields,
        )
    return say(
        "{share} of the people of {site} are not expected to have arrived in the "
        "{days} days that are run (50 %: {half}; 90 %: {most}).",
        **fields,
        days=Number(made.days_run),
    )


def _all(made: Forecast, row: ForecastQuantiles) -> Text:
    if isfinite(row.both[2]):
        return say(
            "All are expected by {middle} (50 %: {half}; 90 %: {most}).",
            **intervals(made, row),
        )
    return say(
        "That all arrive in this time is not expected (50 %: {half}; 90 %: {most}).",
        **intervals(made, row),
    )


def _headline(made: Forecast) -> Text:
    if not made.known:
        return say(
            "No figure had been published by then; {draws} draws. Bands show knowledge "
            "and chance, the last column chance alone.",
            draws=Number(len(made.outcomes.totals)),
        )
    used = say_many(
        "{count} figure published by then was used; {draws} draws, {distinct} of them "
        "different.",
        "{count} figures published by then were used; {draws} draws, {distinct} of "
        "them different.",
        made.known,
        draws=Number(len(made.outcomes.totals)),
        distinct=Number(made.distinct),
    )
    bands = say("Bands show knowledge and chance, the last column chance alone.")
    return joined([used, _worth(made), bands])


def _worth(made: Forecast) -> Text:
    """Return what draws are worth that have runs in common; None if none have."""
    worth = round(made.effective)
    if made.weighed is not None or worth >= made.distinct:
        return None
    return say(
        "Some of them come from the same run of the beginning: together they are worth "
        "{worth} independent draws.",
        worth=Number(worth),
    )


def _forgotten(made: Forecast, operation: Operation) -> Iterator[Part]:
    yield table(
        say("Without hindsight"),
        say("Without hindsight"),
        (Column(say("not known at that time")), Column(say("assumed instead"))),
        [
            forgotten(titled(change, operation), operation.clock)
            for change in made.then.changes
        ],
    )
    if made.then.late:
        yield say(
            "These ranges rest on rows published later, and are kept: {ranges}.",
            ranges=joined(made.then.late, ", "),
        )


def _later(made: Forecast) -> Iterator[Text]:
    if made.later:
        inside = sum(
            is_inside(made.reports[:, at], *made.entries[at].claim.reported, LEVEL)
            for at in made.later
        )
        yield say(
            "Published later: {inside} of {all} figures lie inside their 90 % interval "
            "(figures.csv).",
            inside=Number(inside),
            all=Number(len(made.later)),
        )


def _expected_data(made: Forecast, rows: Sequence[ForecastQuantiles]) -> Data:
    """Return a row for each day of each site, then for when people have arrived.

    A moment is empty where it lies beyond the days that were run.
    """
    columns = ("site", "what", "from", "to", "unit", "band", *_AT)
    return Data(columns, list(_expected_rows(made, rows)))


def _expected_rows(
    made: Forecast, rows: Sequence[ForecastQuantiles]
) -> Iterator[tuple[Cell, ...]]:
    clock = made.then.operation.clock
    for row in rows:
        told: tuple[Cell, ...]
        if row.is_moment:
            told = (_ENGLISH.of(DONE[row.what]), None, None, "local time")
        else:
            window = (clock.stamp(row.begins_s), clock.stamp(row.ends_s))
            told = ("arrive", *window, "people")
        both = (_cell(made, row, value) for value in row.both)
        chance = (_cell(made, row, value) for value in row.chance)
        yield (row.site, *told, "knowledge and chance", *both)
        yield (row.site, *told, "chance", *chance)


def _cell(made: Forecast, row: ForecastQuantiles, value: float) -> Cell:
    if not row.is_moment:
        return round(value)
    if not isfinite(value):
        return None
    return made.then.operation.clock.stamp(round(value))


def _figures_data(made: Forecast) -> Data:
    """Return a row for each documented figure: used, or published later and predicted.

    Moments are local times.
    """
    columns = ("figure", "site", "metric", "family", "unit", "use", "documented")
    return Data((*columns, *_AT, "inside_90"), list(_figure_rows(made)))


def _figure_rows(made: Forecast) -> Iterator[tuple[Cell, ...]]:
    for place, (figure, claim) in enumerate(
        (entry.figure, entry.claim) for entry in made.entries
    ):
        reports = made.reports[:, place]
        happened = reports[~np.isnan(reports)]
        yield (
            *(claim.name, figure.origin, figure.metric, claim.family, claim.unit),
            "used" if place < made.known else "predicted",
            _read(made, claim, claim.best),
            *(
                [_read(made, claim, value) for value in at_levels(happened)]
                if len(happened)
                else [None] * len(LEVELS)
            ),
            yes_or_no(is_inside(reports, *claim.reported, LEVEL)),
        )


def _read(made: Forecast, claim: SourceClaim, value: float) -> Cell:
    clock = made.then.operation.clock
    return count_or_moment(value, clock, moments=claim.unit == "time")


def _forgotten_data(made: Forecast) -> Data:
    """Return what was not known at the moment, and what was assumed in its place."""
    late = "kept, although all rows that it rests on were published later"
    clock = made.then.operation.clock
    rows: list[tuple[Cell, ...]] = [
        tuple(map(_ENGLISH.of, forgotten(change, clock)))
        for change in made.then.changes
    ]
    rows += [(f"range of {path}", late) for path in made.then.late]
    return Data(("not known", "assumed instead"), rows)
