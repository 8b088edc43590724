"""Intervals of means in words, and why there is none where so few runs cannot tell."""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Literal

from sim.statistics.intervals import LEAST_APART, Interval, Untold, share_interval
from sim.statistics.shares import Shares
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


def change_of(difference: float, interval: Interval) -> Text:
    """Return a change with its interval; alone if it has none, as for a sentence.

    There a unit follows, and neither a dash nor words can stand before it.
    """
    if interval.untold:
        return Number(difference, "+,.1f")
    return mean_of(difference, interval, "+")


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
        case Untold.FAR_OUT:
            return say("Some runs lie so far out that so few cannot tell.")
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
    share = between(*share_interval(count, runs))
    return say("95 % interval {share} of all", share=share)


def between(low: float, high: float) -> Text:
    """Return between what a share lies, in percent."""
    return say("{low} to {high}", low=Number(low, ".0%"), high=Number(high, ".0%"))


def notes_of_shares(parts: Shares) -> Iterator[Text]:
    """Say what shares of knowledge and chance do not show."""
    if parts.left_out:
        yield say(
            "{runs} runs in which it did not happen are left out.",
            runs=Number(parts.left_out),
        )
    if parts.empty:
        yield say(
            "{draws} draws without a run that counts are left out.",
            draws=Number(parts.empty),
        )
    if parts.estimate < 0:
        yield say(
            "What is not known shows no effect of its own: its variance, estimated as "
            "{variance}, is taken as 0.",
            variance=Number(parts.estimate, ".3g"),
        )
    if parts.chance == 0 and parts.estimate == 0:
        yield say("Nothing varies.")
    elif parts.chance == 0:
        yield say("The runs of a draw are all the same: chance makes no difference.")
