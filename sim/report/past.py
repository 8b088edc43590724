"""What past operations say of a new one, and how well they foretell each other."""

from collections.abc import Iterator
from math import isnan

from sim.inference.past_operations.leave_one_out import (
    LEVELS,
    RIVALS,
    WITHIN,
    LeaveOneOut,
    Method,
    Scored,
)
from sim.past.mixtures import Mixture
from sim.past.reference_class import (
    QUANTITIES,
    ReferenceClass,
    Spread,
    TooFewError,
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
from sim.words import Number, Sentence, Text, decimal, joined, listed, say, share

_ENDS = (0.05, 0.5, 0.95)
_METHODS = {
    Method.SIMULATION: say("simulation"),
    Method.EVENLY: say("total spread evenly"),
    Method.RATE: say("rate of Aleppo"),
    Method.OTHERS: say("class's own spread"),
}
_CAUTIONS = say(
    "These operations took place and were counted; those that were called off left few "
    "numbers, so that delays and stops are too low here. Most are of one war, with one "
    "fleet and the same hosts. Many of the agreements were criticised as forced "
    "displacement; that somebody left says nothing of free choice."
)


def report_on_class(known: ReferenceClass, war: str) -> Report:
    """Return the ranges of a class, each with what it rests on.

    Parameters
    ----------
    known : the class.
    war : in which the new operation is; empty for a war of its own.
    """
    spreads = list(_spreads(known, war))
    facts = known.known
    return Report(
        title=say("What past operations say of a new one"),
        answer=say(
            "{facts} documented facts of {operations} operations; ranges go from 5 to "
            "95 percent.",
            facts=Number(len(facts.facts)),
            operations=Number(len(facts.operations)),
        ),
        sections=(
            Section(
                "class",
                say("Ranges for a new operation"),
                (_table(spreads), _LEVELS, _CAUTIONS),
            ),
        ),
        data={"past": _data(spreads)},
    )


_LEVELS = say(
    "An operation's own middle is what is not known of a load, a size or an interval; "
    "one value has what differs from batch to batch in it. The last column says by "
    "which factor one standard deviation multiplies between wars, operations and "
    "batches."
)


def _spreads(known: ReferenceClass, war: str) -> Iterator[Spread]:
    for quantity in QUANTITIES.values():
        for part in quantity.classes:
            try:
                yield known.spread(quantity.name, part, war)
            except TooFewError:
                continue


def _table(spreads: list[Spread]) -> Table:
    return table(
        "Past operations",
        say("Quantities of the class"),
        (
            Column(say("quantity"), whole=True),
            Column(say("class"), whole=True),
            Column(say("operations"), number=True),
            Column(say("values"), number=True),
            Column(say("an operation's middle"), number=True),
            Column(say("one value"), number=True),
            Column(say("factors"), number=True),
        ),
        (
            (
                _named(each),
                each.part or say("all"),
                Number(each.operations),
                Number(each.values),
                _range(each.middle) if each.within else None,
                _range(each.value),
                joined([_short(_factor(s)) for _, s in each.deviations], " / "),
            )
            for each in spreads
        ),
    )


def _named(spread: Spread) -> Text:
    return spread.quantity.name


def _factor(deviation: float) -> float:
    return float(2.718281828459045**deviation)


def _range(it: Mixture) -> Text:
    low, middle, high = it.quantiles(_ENDS)
    return say(
        "{middle} ({low} to {high})",
        middle=_short(middle),
        low=_short(low),
        high=_short(high),
    )


def _short(value: float) -> Text:
    """Return three digits of a number."""
    if isnan(value):
        return None
    rounded = float(f"{value:.3g}")
    size = abs(rounded)
    return Number(rounded, f",.{0 if size >= 100 else 1 if size >= 10 else 2}f")


def _data(spreads: list[Spread]) -> Data:
    return Data(
        (
            *("quantity", "class", "unit", "operations", "values"),
            *(
                f"{what}_{level}"
                for what in ("middle", "value")
                for level in (5, 50, 95)
            ),
            *("between_wars", "between_operations", "between_batches"),
        ),
        [
            (
                each.quantity.name,
                each.part or "all",
                each.quantity.unit or "1",
                each.operations,
                each.values,
                *each.middle.quantiles(_ENDS),
                *each.value.quantiles(_ENDS),
                *([s for _, s in each.deviations] or (None, None, None)),
            )
            for each in spreads
        ],
    )


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
            Section("cautions", say("To be kept in mind"), (_CAUTIONS,)),
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
        error=Number(_factor(done.error), ".2f"),
        rate=Number(done.people_per_h),
    )


def _scores(done: LeaveOneOut) -> Table:
    return table(
        "Leave one out",
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
        "Last day",
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
                _quantiles(each.completion) if each.completion else None,
                Number(each.completion.best) if each.completion else None,
                _short(each.ratio),
            )
            for each in done.operations
        ),
    )


def _quantiles(row: Scored) -> Text:
    low, middle, high = row.quantiles
    return say(
        "{middle} ({low} to {high})",
        middle=_short(middle),
        low=_short(low),
        high=_short(high),
    )


def _figures(done: LeaveOneOut) -> Table:
    return table(
        "Figures",
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
                _quantiles(row),
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
