"""What past operations say of a new one."""

from collections.abc import Iterable, Iterator
from math import exp, isnan

from sim.past.mixtures import Mixture
from sim.past.quantities import QUANTITIES
from sim.past.reference_class import ReferenceClass, Spread, TooFewOperationsError
from sim.report.contents import (
    Column,
    Data,
    Report,
    Section,
    Table,
    table,
)
from sim.words import Number, Text, joined, say

_ENDS = (0.05, 0.5, 0.95)
CAUTIONS = say(
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
                (_table(spreads), _LEVELS, CAUTIONS),
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
            except TooFewOperationsError:
                continue


def _table(spreads: list[Spread]) -> Table:
    return table(
        say("Past operations"),
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
                joined([short(factor(s)) for _, s in each.deviations], " / "),
            )
            for each in spreads
        ),
    )


def _named(spread: Spread) -> Text:
    return spread.quantity.name


def factor(deviation: float) -> float:
    """Return the factor of one standard deviation of logarithms."""
    return exp(deviation)


def _range(it: Mixture) -> Text:
    return middle_and_ends(it.quantiles(_ENDS))


def middle_and_ends(quantiles: Iterable[float]) -> Text:
    """Return a low, a middle and a high number as one text, also where they agree."""
    low, middle, high = map(short, quantiles)
    return say("{middle} ({low} to {high})", middle=middle, low=low, high=high)


def short(value: float) -> Text:
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
