"""Tables and the picture of what to expect as of a moment."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from sim.inference.claims import Numbers
from sim.inference.forecast.forecast import Forecast
from sim.inference.forecast.quantiles import ForecastQuantiles, curve_quantiles
from sim.inference.simulator import NEARLY_ALL
from sim.report.contents import READERS, Chart, Column, Group, Picture, Table, table
from sim.scenario.titles import of_site
from sim.words import (
    Levels,
    Moment,
    Number,
    Sentence,
    Text,
    Words,
    count,
    joined,
    moment,
    say,
)

NEARLY = Number(NEARLY_ALL, ".0%")
DONE: Mapping[str, Sentence] = MappingProxyType(
    {
        "nearly": say("{share} have arrived", share=NEARLY),
        "all": say("all have arrived"),
    }
)
"""What a moment is, in words."""


def bands(made: Forecast, rows: Sequence[ForecastQuantiles]) -> Table:
    """Return what is expected, each interval in one column."""
    columns = (
        Column(None, whole=True),
        Column(say("median"), number=True),
        Column(say("50 %")),
        Column(say("90 %")),
        Column(say("90 %, chance alone")),
    )

    def cells(row: ForecastQuantiles) -> tuple[Text, ...]:
        alone = _between(made, row, row.chance[0], row.chance[4])
        return (*intervals(made, row).values(), alone)

    return _expected(made, rows, columns, cells, frozenset({"terminal", "html"}))


def numbers(made: Forecast, rows: Sequence[ForecastQuantiles]) -> Table:
    """Return what is expected, each end of an interval in a column of its own."""
    columns = (
        Column(None),
        Column(say("5 %"), number=True),
        Column(say("25 %"), number=True),
        Column(say("median"), number=True),
        Column(say("75 %"), number=True),
        Column(say("95 %"), number=True),
        Column(say("5 %, chance alone"), number=True),
        Column(say("95 %, chance alone"), number=True),
    )

    def cells(row: ForecastQuantiles) -> tuple[Text, ...]:
        values = (*row.both, row.chance[0], row.chance[4])
        return tuple(_value(made, row, value) for value in values)

    return _expected(made, rows, columns, cells, frozenset({"workbook"}))


def _expected(
    made: Forecast,
    rows: Sequence[ForecastQuantiles],
    columns: tuple[Column, ...],
    cells: Callable[[ForecastQuantiles], tuple[Text, ...]],
    forms: frozenset[str],
) -> Table:
    groups = tuple(
        Group(
            of_site(made.then.operation, site),
            tuple((_what(made, row), *cells(row)) for row in rows if row.site == site),
        )
        for site in made.sites
    )
    title = say("Who arrives on each day, and when people have arrived")
    return Table(say("Expected"), title, columns, groups, say("site"), forms)


def _what(made: Forecast, row: ForecastQuantiles) -> Text:
    if row.is_moment:
        return DONE[row.what]
    day = Moment(made.then.operation.clock.local(row.begins_s).date())
    if row.begins_s == made.then.moment_s:
        return say("arrive, rest of {day}", day=day)
    return say("arrive, {day}", day=day)


def picture(made: Forecast) -> Picture:
    """Return who has arrived by when, up to the moment and after it."""
    operation, curves = made.then.operation, curve_quantiles(made)
    by_the_end = (
        say(
            "{site}: {people} by {ends}.",
            site=of_site(operation, site),
            people=_people(levels[:, -1]),
            ends=moment(operation.clock, made.grid_s[-1]),
        )
        for site, levels in curves.items()
    )
    shows = say(
        "Curves of the people arrived by each moment, the median with bands of 50 and "
        "90 %, and marks for documented totals: filled if they were known at the "
        "moment of the forecast, hollow if they were published later. Median (5 % to "
        "95 % of the draws):"
    )
    title = say("People arrived, by site of origin")
    columns = (Column(of_site(operation, site), number=True) for site in curves)
    shown = table(
        say("Curves"),
        say("People who have arrived: median (5 % to 95 % of the draws)"),
        (Column(say("local time"), whole=True), *columns),
        (
            (
                moment(operation.clock, second),
                *(_people(levels[:, place]) for levels in curves.values()),
            )
            for place, second in enumerate(made.grid_s)
        ),
        forms=READERS,
        chart=Chart("curves", title),
    )
    return Picture(
        "forecast", title, joined([shows, *by_the_end]), (made, curves), shown
    )


def _people(levels: Numbers) -> Text:
    low, _, middle, _, high = levels.tolist()
    return Levels(count(middle), count(low), count(high))


def intervals(made: Forecast, row: ForecastQuantiles) -> dict[str, Text]:
    """Return the `middle`, between what `half` of the draws lie, and 90 % (`most`)."""
    return {
        "middle": _value(made, row, row.both[2]),
        "half": _between(made, row, row.both[1], row.both[3]),
        "most": _between(made, row, row.both[0], row.both[4]),
    }


def _value(made: Forecast, row: ForecastQuantiles, value: float) -> Text:
    return moment(made.then.operation.clock, value) if row.is_moment else count(value)


def _between(made: Forecast, row: ForecastQuantiles, *ends: float) -> Text:
    low, high = (_value(made, row, end) for end in ends)
    # Moments of the same minute are one to a reader.
    if Words().of(low) == Words().of(high):
        return low
    return say("{low} to {high}", low=low, high=high)
