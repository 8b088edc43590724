"""How well past operations are foretold from each other."""

from collections.abc import Iterator

from sim.inference.past_operations.leave_one_out import (
    LEVELS,
    RIVALS,
    WITHIN,
    LeaveOneOut,
    Method,
)
from sim.report.contents import (
    Column,
    Data,
    Report,
    Section,
    Table,
    table,
    yes_or_no,
)
from sim.report.past import CAUTIONS, factor, middle_and_ends, short
from sim.words import Number, Sentence, decimal, joined, listed, say, share

_METHODS = {
    Method.SIMULATION: say("simulation"),
    Method.EVENLY: say("total spread evenly"),
    Method.RATE: say("rate of Aleppo"),
    Method.OTHERS: say("class's own spread"),
}


def report_on_leave_one_out(done: LeaveOneOut) -> Report:
    """Return each operation foretold from the others, beside simple rivals."""
    return Report(
        title=say("Past operations, each foretold from the others"),
        answer=joined(list(_answer(done))),
        sections=(
            Section(
                "scores",
                say("Scores by operation"),
                (_scores(done), _last_days(done), _how(done)),
            ),
            Section("figures", say("Every figure"), (_figures(done), *_misses(done))),
            Section("cautions", say("To be kept in mind"), (CAUTIONS,)),
        ),
        data={"leave_one_out": _scores_data(done)},
    )


def _answer(done: LeaveOneOut) -> Iterator[Sentence]:
    figures, operations = Number(len(done.rows)), Number(len(done.operations))
    for level in reversed(LEVELS):
        number, fewest = done.inside(level)
        yield say(
            "{number} of {figures} figures are inside their {level} interval, where a "
            "right forecast has {fewest} or more in 97.5 percent of cases.",
            number=Number(number),
            figures=figures,
            level=share(level),
            fewest=Number(fewest),
        )
    yield say(
        "The mean interval score of logarithms is {own}, that of the class's own "
        "spread {others}.",
        own=Number(done.interval_score(Method.SIMULATION), ".2f"),
        others=Number(done.interval_score(Method.OTHERS), ".2f"),
    )
    for rival in RIVALS:
        yield say(
            "The CRPS is below that of the {rival} in {number} of {operations} "
            "operations.",
            rival=_METHODS[rival],
            number=Number(done.beaten(rival)),
            operations=operations,
        )
    yield say(
        "The day of the last departure is within a factor of {factor} in {number} of "
        "{operations}.",
        factor=decimal(WITHIN),
        number=Number(done.in_time),
        operations=operations,
    )


def _how(done: LeaveOneOut) -> Sentence:
    return say(
        "{draws} draws of each method. Every method has the same error of counting, by "
        "a factor of {error}, by how counts of one batch differ. The CRPS and the "
        "interval score are of logarithms, means over the figures of an operation. "
        "Aleppo's rate is {rate} people an hour.",
        draws=Number(done.draws),
        error=Number(factor(done.error), ".2f"),
        rate=Number(done.people_per_h),
    )


def _scores(done: LeaveOneOut) -> Table:
    return table(
        say("Leave one out"),
        say("CRPS of each method, and how many figures are inside"),
        (
            Column(say("operation"), whole=True),
            Column(say("figures"), number=True),
            Column(say("inside 50 %"), number=True),
            Column(say("inside 90 %"), number=True),
            *(Column(each, number=True) for each in _METHODS.values()),
        ),
        (
            (
                each.id,
                Number(len(each.rows)),
                *(
                    Number(sum(row.inside[at] for row in each.rows))
                    for at in range(len(LEVELS))
                ),
                *(Number(each.crps(method), ".2f") for method in Method),
            )
            for each in done.operations
        ),
    )


def _last_days(done: LeaveOneOut) -> Table:
    return table(
        say("Last day"),
        say("Interval score, and the day of the last departure"),
        (
            Column(say("operation"), whole=True),
            Column(say("interval score"), number=True),
            Column(say("that of the class's own spread"), number=True),
            Column(say("last day"), number=True),
            Column(say("documented"), number=True),
            Column(say("ratio"), number=True),
        ),
        (
            (
                each.id,
                Number(each.interval_score(Method.SIMULATION), ".2f"),
                Number(each.interval_score(Method.OTHERS), ".2f"),
                middle_and_ends(each.completion.quantiles) if each.completion else None,
                Number(each.completion.best) if each.completion else None,
                short(each.ratio),
            )
            for each in done.operations
        ),
    )


def _figures(done: LeaveOneOut) -> Table:
    return table(
        say("Figures"),
        say("People who had left, and the day of the last departure"),
        (
            Column(say("figure"), whole=True),
            Column(say("documented"), number=True),
            Column(say("foretold, 5 to 95 %"), number=True),
            Column(say("inside 90 %")),
        ),
        (
            (
                row.figure,
                Number(row.best),
                middle_and_ends(row.quantiles),
                say("inside") if row.inside[LEVELS.index(0.9)] else say("outside"),
            )
            for row in done.rows
        ),
    )


def _misses(done: LeaveOneOut) -> Iterator[Sentence]:
    """Name what was missed."""
    at = LEVELS.index(0.9)
    outside = [row.figure for row in done.rows if not row.inside[at]]
    late = [each.id for each in done.operations if not each.completes_in_time]
    if outside:
        yield say("Outside 90 percent: {figures}.", figures=listed(outside))
    if late:
        yield say(
            "The last day is not within the factor: {operations}.",
            operations=listed(late),
        )
    for rival in RIVALS:
        behind = [each.id for each in done.operations if not each.beats(rival)]
        if behind:
            yield say(
                "No better than the {rival}: {operations}.",
                rival=_METHODS[rival],
                operations=listed(behind),
            )


def _scores_data(done: LeaveOneOut) -> Data:
    return Data(
        (
            *("operation", "figure", "low", "best", "high"),
            *("p05", "p50", "p95", "inside_50", "inside_90"),
            *(f"crps_{m.name.lower()}" for m in Method),
            *(f"interval_score_{m.name.lower()}" for m in Method),
        ),
        [
            (
                *(each.id, row.figure, row.low, row.best, row.high),
                *row.quantiles,
                *map(yes_or_no, row.inside),
                *(row.crps[m] for m in Method),
                *(row.interval_score[m] for m in Method),
            )
            for each in done.operations
            for row in each.rows
        ],
    )
