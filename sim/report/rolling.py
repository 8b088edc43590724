"""How good forecasts from one moment after the other were, beside comparators."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sim.inference.comparators.registry import COMPARATORS
from sim.inference.forecast.forecasters import POOL, SIMULATION
from sim.inference.forecast.pool_choice import PoolChoice
from sim.inference.forecast.rolling_origin import (
    CHOSEN,
    SHIPPED,
    Rolling,
    compared,
    worse_at,
)
from sim.inference.forecast.rolling_score import RollingScore
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
from sim.report.rolling_differences import convoys, differences, inside
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.words import Moment, Number, Text, joined, say, say_many, share

_HOW_TO_READ = say(
    "Lower is better. Later figures in logarithms (CRPS and weighted interval score), "
    "days in people, completion (95 percent arrived) in hours. All are distributions "
    "with the same reporting errors. What was shipped and the comparator chosen before "
    "follow earlier moments alone; the best comparator in hindsight is the first of "
    "those below. The last column counts the moments at which a forecaster was nearer "
    "to the later figures than what was shipped; each moment is a row of rolling.csv."
)
_DEPENDENT = say(
    "Intervals of differences draw blocks of moments, which foretell the same figures; "
    "of so few moments they are a guide."
)
_SHOWN = (SIMULATION, POOL, SHIPPED, CHOSEN)


def report_on_rolling(done: Rolling, operation: Operation, *, command: str) -> Report:
    """Return how good forecasts were.

    Parameters
    ----------
    done : scores of every moment, site and forecaster; at least one.
    operation : as it is told afterwards.
    command : with which to repeat it.
    """
    sites = dict.fromkeys(score.site for score in done.scores)
    by_site = {site: done.of(site).scores for site in sites}
    largest = by_site[max(by_site, key=lambda site: _people(operation, site))]
    return Report(
        title=say(
            "{operation}: forecasts from every morning and evening",
            operation=operation.operation,
        ),
        answer=answer(largest, operation),
        sections=(
            *(_site(own, operation) for own in by_site.values()),
            Section(
                "followed",
                say("Whom it follows"),
                (_followed(done.choices, operation),),
            ),
            Section("reading", say("How to read it"), (_HOW_TO_READ, _DEPENDENT)),
            Section(
                "moments",
                say("From one moment to the next"),
                (_picture(largest, operation),),
                READERS,
            ),
            *limits_and_repeat(operation, command, first=NOT_FOR),
        ),
        data={"rolling": _data(done.scores), "weights": _weights_data(done.choices)},
    )


def answer(scores: Sequence[RollingScore], operation: Operation) -> Text:
    """Return how near what is shipped was, and what forecasts are not for.

    Parameters
    ----------
    scores : of one site.
    operation : as it is told afterwards.
    """
    means = {row.forecaster: row for row in compared(scores)}
    shipped, chosen = means[SHIPPED], means[CHOSEN]
    fields: dict[str, Text] = {
        "site": of_site(operation, shipped.site),
        "ours": Number(shipped.crps, ".2f"),
        "theirs": Number(chosen.crps, ".2f"),
    }
    if shipped.crps <= chosen.crps:
        nearest = say(
            "What is shipped was as near to the later figures of {site} as the "
            "comparator that earlier moments would have chosen, or nearer: its mean "
            "CRPS is {ours}, that of the comparator {theirs}.",
            **fields,
        )
    else:
        nearest = say(
            "The comparator that earlier moments would have chosen was nearer to the "
            "later figures of {site} than what is shipped: its mean CRPS is {theirs}, "
            "and {ours} that of what is shipped.",
            **fields,
        )
    nearer = say_many(
        "The comparator was nearer at {worse} of {count} moment.",
        "The comparator was nearer at {worse} of {count} moments.",
        _moments(scores),
        worse=Number(len(worse_at(scores, CHOSEN))),
    )
    return joined([nearest, nearer, convoys(scores), NOT_FOR])


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
    title = of_site(operation, site)
    columns = (
        Column(say("mean CRPS over all moments")),
        Column(say("later figures"), number=True),
        Column(say("interval score"), number=True),
        Column(say("by day"), number=True),
        Column(say("completion"), number=True),
        Column(say("nearer than what is shipped"), number=True),
    )
    rows = (_cells(scores, row) for row in means)
    shown = table(say("Scores {site}", site=site), title, columns, rows)
    text = joined([inside(scores), *differences(scores), convoys(scores)])
    return Section(f"site-{site}", title, (shown, text))


def _cells(scores: Sequence[RollingScore], row: RollingScore) -> tuple[Text, ...]:
    nearer = None
    if row.forecaster != SHIPPED:
        nearer = say(
            "at {worse} of {moments}",
            worse=Number(len(worse_at(scores, row.forecaster))),
            moments=Number(_moments(scores)),
        )
    return (
        row.forecaster,
        Number(row.crps, ".2f"),
        Number(row.interval_score, ".2f"),
        Number(row.crps_days),
        Number(row.completion_h, ".1f"),
        nearer,
    )


def _followed(choices: Sequence[PoolChoice], operation: Operation) -> Table:
    """Return whom earlier moments would have followed, and the simulation's weight."""
    return table(
        say("Followed"),
        say("Whom earlier moments would have followed"),
        (
            Column(say("moment"), whole=True),
            Column(say("site")),
            Column(say("figures so far"), number=True),
            Column(say("shipped")),
            Column(say("simulation in the pool"), number=True),
            Column(say("comparator chosen")),
        ),
        (
            (
                Moment(choice.moment),
                of_site(operation, choice.site),
                Number(choice.figures),
                choice.shipped,
                share(choice.weights[SIMULATION]),
                choice.comparator,
            )
            for choice in choices
        ),
    )


def _weights_data(choices: Sequence[PoolChoice]) -> Data:
    columns = ("moment", "site", "forecaster", "weight")
    return Data(
        columns,
        [
            (
                choice.moment.isoformat(timespec="minutes"),
                choice.site,
                name,
                weight,
            )
            for choice in choices
            for name, weight in choice.weights.items()
        ],
    )


def shown(scores: Sequence[RollingScore]) -> list[RollingScore]:
    """Return the scores that a picture can show without becoming a thicket."""
    best = next(r.forecaster for r in compared(scores) if r.forecaster in COMPARATORS)
    return [row for row in scores if row.forecaster in (*_SHOWN, best)]


def _picture(scores: Sequence[RollingScore], operation: Operation) -> Picture:
    site = of_site(operation, scores[0].site)
    shows = say(
        "For {site}, lines of three scores of the main forecasters over the moments of "
        "the forecasts: of later figures, of arrivals by day, and of when nearly all "
        "had arrived. The lower, the better.",
        site=site,
    )
    title = say("Scores from one moment to the next: {site}", site=site)
    arguments = (shown(scores), operation)
    return Picture("rolling", title, shows, arguments, _by_moment(shown(scores)))


def _by_moment(scores: Sequence[RollingScore]) -> Table:
    names = tuple(dict.fromkeys(score.forecaster for score in scores))
    moments = [list(own) for _, own in groupby(scores, key=lambda row: row.moment)]

    def rows(field: str, spec: str) -> Iterator[tuple[Text, ...]]:
        for own in moments:
            values = {row.forecaster: getattr(row, field) for row in own}
            cells = (Number(values[name], spec) for name in names)
            yield (Moment(own[0].moment), *cells)

    return Table(
        say("Moments"),
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
        *("width_90_people", "interval_score_log"),
    )
    rows = [
        (
            score.moment.isoformat(timespec="minutes"),
            *(score.site, score.forecaster, score.figures, score.crps, score.days),
            *(score.crps_days, score.completion_h, score.inside_50, score.inside_90),
            *(score.width_90, score.interval_score),
        )
        for score in scores
    ]
    return Data(columns, rows)
