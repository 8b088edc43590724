"""What was reported of a figure and what draws predict for it, in cells of tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isnan
from types import MappingProxyType

from sim.inference.calibration.options import Method
from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Clock, Operation
from sim.scenario.units import FieldUnit, field_unit
from sim.words import Marked, Number, Text, levels, moment, say

OUTSIDE = Marked(say("outside"), "bad")
METHODS: Mapping[Method, Text] = MappingProxyType(
    {"screen": say("Screen"), "tempered": say("Tempered fit")}
)
_DAY_AND_HOUR = "%d. %H:%M"
"""Full dates would make the tables too wide."""


def reported(check: PredictiveCheck, clock: Clock) -> Text:
    """Return what a source said of a figure."""
    low, high = (_value(check, end, clock) for end in (check.low, check.high))
    if check.low == -inf:
        return say("at most {value}", value=high)
    if check.high == inf:
        return say("at least {value}", value=low)
    return _between(low, high)


def predicted(check: PredictiveCheck, clock: Clock) -> Text:
    """Return the median and the 90 % interval of the reports that are predicted."""
    if isnan(check.middle):
        return say("in no run")
    ends = (check.least, check.middle, check.most)
    return levels(*(_value(check, end, clock) for end in ends))


def between(check: PredictiveCheck, clock: Clock) -> Text:
    """Return the 90 % interval of the reports that are predicted."""
    if isnan(check.middle):
        return say("in no run")
    low, high = (_value(check, end, clock) for end in (check.least, check.most))
    return _between(low, high)


@dataclass(frozen=True, slots=True)
class ParameterCells:
    """Cells about one parameter, in the unit in which its file gives it.

    Attributes
    ----------
    path : of the field.
    operation : whose file it is.
    """

    path: str
    operation: Operation

    @property
    def name(self) -> Text:
        """The path, with the unit if it has one."""
        unit = self._unit.name
        return f"{self.path} [{unit}]" if unit else self.path

    @property
    def _unit(self) -> FieldUnit:
        return field_unit(self.operation, self.path)

    def levels(self, values: Sequence[float]) -> Text:
        """Return 5, 50 and 95 percent of a parameter in base units."""
        return levels(*map(self.value, values))

    def between(self, values: Sequence[float]) -> Text:
        """Return 5 and 95 of the same percents."""
        low, _, high = map(self.value, values)
        return _between(low, high)

    def value(self, value: float) -> Text:
        """Return a value in base units, as exactly as anybody needs it."""
        if self._unit.is_moment:
            return moment(self.operation.clock, value, _DAY_AND_HOUR)
        number = self._unit.of(value)
        return Number(number, ",.0f" if abs(number) >= 100 else ".3g")


def moments_of(hours: Sequence[float], clock: Clock) -> Text:
    """Return 5, 50 and 95 percent of hours after the start, as moments."""
    return levels(*(_moment(clock, each) for each in hours))


def two_places(value: float) -> Number:
    """Return a number with two decimals; nothing is shown if it is not known."""
    return Number(value, ".2f")


def _between(low: Text, high: Text) -> Text:
    return low if low == high else say("{low} to {high}", low=low, high=high)


def _value(check: PredictiveCheck, value: float, clock: Clock) -> Text:
    if check.claim.scale == "hours":
        return _moment(clock, value)
    return Number(max(0.0, value))


def _moment(clock: Clock, hours: float) -> Text:
    return moment(clock, hours * SECONDS_PER_HOUR, _DAY_AND_HOUR)
