"""What may be wrong with a figure that is entered all the same.

Sources err, correct themselves and count otherwise than before, so that nothing here is
refused; yet whoever has typed a digit too many should hear so at once.
"""

from collections.abc import Iterator, Sequence

from sim.evidence.figures import Figure
from sim.inference.magnitudes import Magnitudes
from sim.scenario import Operation
from sim.words import Number, Text, say

_TOTALS = frozenset({"cumulative_arrivals", "cumulative_departures"})
"""Metrics that count from a beginning on, so that they cannot fall."""


def doubts(
    figure: Figure, others: Sequence[Figure], operation: Operation
) -> Iterator[Text]:
    """Yield what to look at once more.

    Parameters
    ----------
    figure : that was entered.
    others : that were known before.
    operation : of which they speak.
    """
    yield from _more_than_there_are(figure, operation)
    yield from _less_than_before(figure, others)


def _more_than_there_are(figure: Figure, operation: Operation) -> Iterator[Text]:
    least, _ = figure.bounds
    people = Magnitudes.of(operation).people
    if figure.unit == "people" and isinstance(least, float) and least > people:
        yield say(
            "{least} people are more than the {people} that the scenario has in all, "
            "with the most that it holds possible. See whether the number is right; "
            "if it is, the scenario needs more people.",
            least=Number(least),
            people=Number(people),
        )


def _less_than_before(figure: Figure, others: Sequence[Figure]) -> Iterator[Text]:
    """Yield that a total of a source is less than what it had said of before."""
    _, most = figure.bounds
    when = figure.from_
    if figure.metric not in _TOTALS or when is None or not isinstance(most, float):
        return
    for other in others:
        least, _ = other.bounds
        earlier = other.from_ is not None and (other.to or other.from_) <= when
        if (
            earlier
            and _counted(other) == _counted(figure)
            and isinstance(least, float)
            and least > most
        ):
            yield say(
                "{family} had said {before} for an earlier moment ({other}), which is "
                "more than {now}. See whether one of them is wrong, or counts "
                "something else; nobody who has arrived is counted off again.",
                family=figure.family,
                before=Number(least),
                other=other.id,
                now=Number(most),
            )
            return


def _counted(figure: Figure) -> tuple[object, ...]:
    return figure.family, figure.origin, figure.metric, figure.select, figure.since
