"""The pictures of many runs, each with what it shows in words and its numbers.

They are drawn by `sim.plots`; here stands what else a reader needs, above all one who
cannot see them.
"""

from collections.abc import Sequence
from math import isfinite

from sim.evidence.figures import Figure
from sim.experiment.bands import Band, Bands
from sim.experiment.documented import counts_as_of
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.contents import WORKBOOK, Chart, Column, Group, Picture, Table, table
from sim.report.documented import source_of, when
from sim.report.headlines import of_run
from sim.scenario import Clock
from sim.scenario.titles import of_site
from sim.words import (
    Moment,
    Number,
    Text,
    count,
    joined,
    levels,
    listed,
    moment,
    say,
    share,
)
from sim.words.reasons import CAUSES

_STEP_S = 6 * SECONDS_PER_HOUR
_MOST_ROWS = 80
_TOP_CAUSES = 4


def throughput(bands: Bands) -> Picture | None:
    """Return the cumulative arrivals; None if nobody is to leave."""
    if not bands.leaving:
        return None
    study = bands.study
    clock = study.operation.clock
    shown = [
        say(
            "{site}: {arrived} of {people} people have arrived by the end.",
            site=of_site(study.operation, site),
            arrived=_band(bands.metrics[f"arrived/{site}"]),
            people=count(bands.to_leave[site].median),
        )
        for site in bands.leaving
    ]
    step = max(_STEP_S, study.operation.ends // _MOST_ROWS)
    places = [n for n, second in enumerate(study.grid_s) if second % step < 1800]
    return Picture(
        "throughput",
        of_run(bands),
        joined(
            [
                say("Curves of the people arrived by each moment, median and band."),
                *shown,
            ]
        ),
        (bands,),
        _curves(bands, places, clock),
        _hints(study.figures),
    )


def curves(bands: Bands) -> Table:
    """Return the cumulative arrivals at every moment at which they are kept."""
    clock = bands.study.operation.clock
    every = range(len(bands.study.grid_s))
    chart = Chart("curves", of_run(bands), _documented(bands))
    return _curves(bands, every, clock, forms=WORKBOOK, chart=chart)


def _documented(bands: Bands) -> Table | None:
    """Return who said how many had arrived by when; None if nobody did."""
    study = bands.study
    clock = study.operation.clock
    groups = []
    for site in bands.leaving or study.layout.origins:
        rows = tuple(
            (
                row.id,
                row.family,
                moment(clock, row.middle_s),
                *map(_bound, (row.value, row.low, row.high)),
            )
            for row in counts_as_of(study, site)
            if 0 <= row.middle_s <= study.operation.horizon_s
        )
        if rows:
            groups.append(Group(of_site(study.operation, site), rows))
    if not groups:
        return None
    numbers = (say("best"), say("low"), say("high"))
    return Table(
        say("Documented"),
        say("What sources say of how many had arrived, in the middle of its window"),
        (
            Column(say("figure")),
            Column(say("family")),
            Column(say("local time"), whole=True),
            *(Column(each, number=True) for each in numbers),
        ),
        tuple(groups),
        say("site"),
        WORKBOOK,
    )


def _bound(people: float) -> Text:
    return Number(people) if isfinite(people) else None


def _curves(
    bands: Bands,
    places: Sequence[int],
    clock: Clock,
    forms: frozenset[str] = frozenset({"html"}),
    *,
    chart: Chart | None = None,
) -> Table:
    study = bands.study
    sites = bands.leaving or study.layout.origins
    columns = [bands.curves[site].tolist() for site in sites]
    rows = (
        (
            moment(clock, int(study.grid_s[place])),
            *(
                levels(Number(low[place]), Number(middle[place]), Number(high[place]))
                for low, middle, high in columns
            ),
        )
        for place in places
    )
    titles = (Column(of_site(study.operation, site), number=True) for site in sites)
    return table(
        say("Curves"),
        say("People who had arrived: median (5 % to 95 % of the runs)"),
        (Column(say("local time"), whole=True), *titles),
        rows,
        forms=forms,
        chart=chart,
    )


def days(bands: Bands) -> Picture | None:
    """Return the arrivals of each local day; None if nobody is to leave."""
    if not bands.leaving:
        return None
    study = bands.study
    clock = study.operation.clock
    sites = bands.origins
    rows = [
        (
            Moment(clock.local(start_s).date()),
            *(_band(bands.daily[site][day]) for site in sites),
        )
        for day, start_s in enumerate(bands.day_starts)
    ]
    best = max(
        range(len(rows)),
        key=lambda day: sum(bands.daily[site][day].median for site in sites),
    )
    titles = (Column(of_site(study.operation, site), number=True) for site in sites)
    title = say("Most people arrive on {day}", day=rows[best][0])
    return Picture(
        "daily",
        title,
        say(
            "Bars of the people who arrived on each of {days} local days; most, in the "
            "middle of the runs, on {day}.",
            days=Number(len(rows)),
            day=rows[best][0],
        ),
        (bands,),
        table(
            say("Daily"),
            say("People who arrived each day: median (5 % to 95 % of the runs)"),
            (Column(say("day"), whole=True), *titles),
            rows,
            chart=Chart("columns", title),
        ),
        _hints(study.figures),
    )


def _band(band: Band) -> Text:
    return levels(count(band.p5), count(band.median), count(band.p95))


def _hints(figures: Sequence[Figure]) -> dict[str, Text]:
    """Return who says what each marker shows."""
    return {
        f"figure-{figure.id}": say(
            "{id}: {source}; {when}",
            id=figure.id,
            source=source_of(figure),
            when=when(figure),
        )
        for figure in figures
    }


def waiting(bands: Bands) -> Picture | None:
    """Return why people waited; None if nobody did."""
    study = bands.study
    groups = []
    for origin in study.layout.origins:
        own = {
            cause: band
            for (site, cause), band in bands.waiting.items()
            if site == origin
        }
        whole = sum(band.mean for band in own.values())
        rows = tuple(
            (
                CAUSES.get(cause, cause),
                count(band.mean),
                share(band.mean / whole) if whole else None,
                _band(band),
            )
            for cause, band in own.items()
        )
        if rows:
            groups.append(Group(of_site(study.operation, origin), rows))
    if not groups:
        return None
    worst = [(group.title, group.rows[0]) for group in groups]
    site, row = max(worst, key=lambda each: _person_hours(each[1]))
    title = say(
        "Most waiting of {site}: {cause} ({share})",
        site=site,
        cause=row[0],
        share=row[2],
    )
    return Picture(
        "waiting",
        title,
        say(
            "Bars of person-hours by cause. Most, by site: {causes}.",
            causes=listed(
                say("{site}: {cause} ({share})", site=title, cause=row[0], share=row[2])
                for title, row in worst
            ),
        ),
        (bands,),
        Table(
            say("Waiting"),
            say("Why people waited until they arrived: mean of the runs, by cause"),
            (
                Column(say("cause")),
                Column(say("person-hours"), number=True),
                Column(say("share"), number=True),
                Column(say("person-hours: median (5 % to 95 %)"), number=True),
            ),
            tuple(groups),
            say("site"),
            chart=Chart("bars", title),
            first=_TOP_CAUSES,
        ),
    )


def _person_hours(row: Sequence[Text]) -> float:
    return row[1].value if isinstance(row[1], Number) else 0.0
