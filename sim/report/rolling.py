"""How good forecasts from one moment after the other were, beside simple ones."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sim.inference.forecast.rolling_origin import (
    SIMULATION,
    RollingScore,
    compared,
    worse_at,
)
from sim.report.contents import (
    READERS,
    Column,
    Data,
    Group,
    Picture,
    Report,
    Section,
    Table,
    table,
)
from sim.report.limits import NOT_FOR, limits_and_repeat
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.words import Moment, Number, Text, joined, say, say_many, share

_HOW_TO_READ = say(
    "Lower is better. Later figures in logarithms, days in people, completion (95 "
    "percent arrived) in hours. The last column counts the moments at which a simple "
    "forecast was nearer to the later figures than the simulation; each moment is a "
    "row of rolling.csv."
)


def report_on_rolling(
    scores: Sequence[RollingScore], operation: Operation, *, command: str
) -> Report:
    """Return how good forecasts were.

    Parameters
    ----------
    scores : of every moment, site and forecaster; at least one.
    operation : as it is told afterwards.
    command : with which to repeat it.
    """
    by_site = {
        site: [score for score in scores if score.site == site]
        for site in dict.fromkeys(score.site for score in scores)
    }
    largest = by_site[max(by_site, key=lambda site: _people(operation, site))]
    return Report(
        title=say(
            "{operation}: forecasts from every morning and evening",
            operation=operation.operation,
        ),
        answer=answer(largest, operation),
        sections=(
            *(_site(own, operation) for own in by_site.values()),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            Section(
                "moments",
                say("From one moment to the next"),
                (_picture(largest, operation),),
                READERS,
            ),
            *limits_and_repeat(operation, command, first=NOT_FOR),
        ),
        data={"rolling": _data(scores)},
    )


def answer(scores: Sequence[RollingScore], operation: Operation) -> Text:
    """Return whether the simulation was nearest, and what forecasts are not for.

    Parameters
    ----------
    scores : of one site.
    operation : as it is told afterwards.
    """
    means = compared(scores)
    (ours,) = (row for row in means if row.forecaster == SIMULATION)
    best = next(row for row in means if row.forecaster != SIMULATION)
    fields: dict[str, Text] = {
        "site": of_site(operation, ours.site),
        "name": best.forecaster,
        "ours": Number(ours.crps, ".2f"),
        "theirs": Number(best.crps, ".2f"),
    }
    if ours.crps <= best.crps:
        nearest = say(
            "The simulation was nearest to the later figures of {site}: its mean CRPS "
            "is {ours}, that of the best simple forecast ({name}) is {theirs}.",
            **fields,
        )
    else:
        nearest = say(
            "A simple forecast ({name}) was nearer to the later figures of {site} than "
            "the simulation: its mean CRPS is {theirs}, and {ours} that of the "
            "simulation.",
            **fields,
        )
    nearer = say_many(
        "The simple one was nearer at {worse} of {count} moment.",
        "The simple one was nearer at {worse} of {count} moments.",
        _moments(scores),
        worse=Number(len(worse_at(scores, best.forecaster))),
    )
    return joined([nearest, nearer, NOT_FOR])


def _people(operation: Operation, site: str) -> float:
    return sum(
        group.ever_there
        for group in operation.sites[site].groups.values()
        if not group.counts_apart
    )


def _moments(scores: Sequence[RollingScore]) -> int:
    return len({score.moment for score in scores})


def _site(scores: Sequence[RollingScore], operation: Operation) -> Section:
    site = scores[0].site
    means = compared(scores)
    (ours,) = (row for row in means if row.forecaster == SIMULATION)
    inside = say(
        "Of the later figures {half} lie inside the 50 % intervals of the simulation "
        "and {most} inside those of 90 %, which are {people} people wide on average.",
        half=share(ours.inside_50),
        most=share(ours.inside_90),
        people=Number(ours.width_90),
    )
    title = of_site(operation, site)
    columns = (
        Column(say("mean CRPS over all moments")),
        Column(say("later figures"), number=True),
        Column(say("by day"), number=True),
        Column(say("completion"), number=True),
        Column(say("nearer than we"), number=True),
    )
    rows = (_cells(scores, row) for row in means)
    shown = table(f"Scores {site}", title, columns, rows)
    return Section(f"site-{site}", title, (shown, inside))


def _cells(scores: Sequence[RollingScore], row: RollingScore) -> tuple[Text, ...]:
    nearer = None
    if row.forecaster != SIMULATION:
        nearer = say(
            "at {worse} of {moments}",
            worse=Number(len(worse_at(scores, row.forecaster))),
            moments=Number(_moments(scores)),
        )
    return (
        row.forecaster,
        Number(row.crps, ".2f"),
        Number(row.crps_days),
        Number(row.completion_h, ".1f"),
        nearer,
    )


def _picture(scores: Sequence[RollingScore], operation: Operation) -> Picture:
    site = of_site(operation, scores[0].site)
    shows = say(
        "For {site}, lines of three scores of each forecaster over the moments of the "
        "forecasts: of later figures, of arrivals by day, and of when nearly all had "
        "arrived. The lower, the better.",
        site=site,
    )
    title = say("Scores from one moment to the next: {site}", site=site)
    arguments = (scores, operation)
    return Picture("rolling", title, shows, arguments, _by_moment(scores))


def _by_moment(scores: Sequence[RollingScore]) -> Table:
    names = tuple(dict.fromkeys(score.forecaster for score in scores))
    moments = [list(own) for _, own in groupby(scores, key=lambda row: row.moment)]

    def rows(field: str, spec: str) -> Iterator[tuple[Text, ...]]:
        for own in moments:
            values = {row.forecaster: getattr(row, field) for row in own}
            cells = (Number(values[name], spec) for name in names)
            yield (Moment(own[0].moment), *cells)

    return Table(
        "Moments",
        say("CRPS of each forecaster by the moment of the forecast"),
        (
            Column(say("moment"), whole=True),
            *(Column(name, number=True) for name in names),
        ),
        (
            Group(say("later figures, logarithms"), tuple(rows("crps", ".2f"))),
            Group(say("arrivals by day, people"), tuple(rows("crps_days", ",.0f"))),
            Group(say("nearly all arrived, h"), tuple(rows("completion_h", ".1f"))),
        ),
        say("score"),
        READERS,
    )


def _data(scores: Sequence[RollingScore]) -> Data:
    """Return a row for each moment, site and forecaster; units in the names."""
    columns = (
        *("moment", "site", "forecaster", "later_figures", "crps_log", "days"),
        *("crps_people_a_day", "crps_completion_h", "inside_50", "inside_90"),
        "width_90_people",
    )
    rows = [
        (
            score.moment.isoformat(timespec="minutes"),
            *(score.site, score.forecaster, score.figures, score.crps, score.days),
            *(score.crps_days, score.completion_h, score.inside_50, score.inside_90),
            score.width_90,
        )
        for score in scores
    ]
    return Data(columns, rows)
