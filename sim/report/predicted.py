"""What was reported of a figure and what draws predict for it, in cells of tables."""

from collections.abc import Sequence
from math import inf, isnan

from sim.inference.calibration.options import Method
from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.scenario import Clock
from sim.words import Marked, Number, Text, levels, moment, say

OUTSIDE = Marked(say("outside"), "bad")
METHODS: dict[Method, Text] = {
    "screen": say("Screen"),
    "tempered": say("Tempered fit"),
}
_DAY_AND_HOUR = "%d. %H:%M"
"""Full dates would make the tables too wide."""


def reported(check: PredictiveCheck, clock: Clock) -> Text:
    """Return what a source said of a figure."""
    low, high = (_value(check, end, clock) for end in (check.low, check.high))
    if check.low == -inf:
        return say("at most {value}", value=high)
    if check.high == inf:
        return say("at least {value}", value=low)
    return say("{low} to {high}", low=low, high=high)


def predicted(check: PredictiveCheck, clock: Clock) -> Text:
    """Return the median and the 90 % interval of the reports that are predicted."""
    if isnan(check.middle):
        return say("in no run")
    low, middle, high = (
        _value(check, value, clock) for value in (check.least, check.middle, check.most)
    )
    return levels(low, middle, high)


def between(check: PredictiveCheck, clock: Clock) -> Text:
    """Return the 90 % interval of the reports that are predicted."""
    if isnan(check.middle):
        return say("in no run")
    low, high = (_value(check, end, clock) for end in (check.least, check.most))
    return say("{low} to {high}", low=low, high=high)


def levels_of(values: Sequence[float]) -> Text:
    """Return 5, 50 and 95 percent of a number, as exactly as anybody needs it."""
    low, middle, high = (
        Number(value, ",.0f" if abs(value) >= 100 else ".3g") for value in values
    )
    return levels(low, middle, high)


def moments_of(hours: Sequence[float], clock: Clock) -> Text:
    """Return 5, 50 and 95 percent of hours after the start, as moments."""
    low, middle, high = (_moment(clock, each) for each in hours)
    return levels(low, middle, high)


def two_places(value: float) -> Number:
    """Return a number with two decimals; nothing is shown if it is not known."""
    return Number(value, ".2f")


def _value(check: PredictiveCheck, value: float, clock: Clock) -> Text:
    if check.claim.scale == "hours":
        return _moment(clock, value)
    return Number(max(0.0, value))


def _moment(clock: Clock, hours: float) -> Text:
    return moment(clock, hours * 3600, _DAY_AND_HOUR)
