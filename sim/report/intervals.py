"""Intervals of means in words, and why there is none where so few runs cannot tell."""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Literal

from sim.statistics.intervals import LEAST_APART, Interval, Untold, share_interval
from sim.words import Mean, Number, Sentence, Text, joined, say

HOW_MADE = say(
    "Student's t, widened for skewed numbers by Hall's transformation (1992)"
)
NO_INTERVAL = say(
    "A dash stands where so few runs cannot tell. No interval knows of "
    "what no run has shown: in 100 runs that may be what happens in up to 3 of 100."
)
DASH = "-"


def mean_of(value: float, interval: Interval, sign: Literal["", "+"] = "") -> Mean:
    """Return a mean with its interval, in words that also say if it never varies."""
    if interval.untold is Untold.SAME:
        return Mean(value, value, value, sign)
    return Mean(value, interval.low, interval.high, sign)


def half_of(interval: Interval) -> Text:
    """Return half the width of an interval, or a dash."""
    half = interval.half
    return Number(half, ",.3g") if isfinite(half) else DASH


def why_untold(interval: Interval, runs: int) -> Sentence | None:
    """Return why so few runs tell no interval of a mean; None if they tell one.

    Parameters
    ----------
    interval : of the mean.
    runs : that it would rest on.
    """
    match interval.untold:
        case Untold.FEW:
            return say(
                "So few runs cannot tell how far the mean may be off: {runs}.",
                runs=Number(runs),
            )
        case Untold.FEW_APART:
            return say(
                "So few runs cannot tell how far the mean may be off: only {apart} of "
                "{runs} differ much from the rest, and it takes {least}.",
                apart=Number(interval.apart),
                runs=Number(runs),
                least=Number(LEAST_APART),
            )
        case Untold.SAME:
            return say("It is the same in all {runs} runs.", runs=Number(runs))
        case None:
            return None


def untold(means: Iterable[tuple[Text, Interval, int]]) -> Iterator[Text]:
    """Say of which means so few runs tell no interval.

    Parameters
    ----------
    means : what each is of, its interval, and how many runs it rests on. Those that
        never vary are left out: their cells say so.
    """
    rare = [
        say(
            "{mean} ({apart} of {runs})",
            mean=name,
            apart=Number(interval.apart),
            runs=Number(runs),
        )
        for name, interval, runs in means
        if interval.untold in {Untold.FEW, Untold.FEW_APART}
    ]
    if rare:
        yield say(
            "So few runs cannot tell how far these means may be off, since fewer than "
            "{least} runs differ much from the rest: {means}.",
            least=Number(LEAST_APART),
            means=joined(rare, "; "),
        )


def share_between(count: int, runs: int) -> Text:
    """Return between what the share lies of which so many runs were counted."""
    low, high = share_interval(count, runs)
    return say(
        "95 % interval {low} to {high} of all",
        low=Number(low, ".0%"),
        high=Number(high, ".0%"),
    )
