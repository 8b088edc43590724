"""How many documented figures a set of runs covers, and by how much it misses others.

A score says which figures lie within what was simulated. It does not say which source
is right: sources that contradict each other cannot all be covered.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.evidence.figures import Figure, ToSeconds, number_of
from sim.evidence.paths import Standing, series, standing
from sim.evidence.vocabulary import MEANINGS
from sim.metrics.registry import HOURS

Band = Literal["chance", "knowledge and chance", "calibrated"]
"""What differs between the runs that a band is over."""
_LOWEST, _MIDDLE, _HIGHEST = 0.05, 0.5, 0.95
_SAME_COUNT = 0.01
_INFINITE = float("inf")
_NAN = float("nan")

Readings = npt.NDArray[np.float64]
"""What runs say about a figure: the four of `questionnaire.Reading`, a row for each;
NaN where it does not occur."""
ReadingsOf = Callable[[str], Readings]


class Documented(NamedTuple):
    """What a figure says, as numbers; moments are hours after the start.

    Where the source sets no bound `low` is -inf or `high` inf; `best` may be NaN.
    """

    low: float
    best: float
    high: float


class Simulated(NamedTuple):
    """What runs say about a figure, in its unit; moments are hours after the start.

    Attributes
    ----------
    low, middle, high : 5 %, 50 % and 95 % of the runs in which it occurs, each a value
        that a run has.
    occurs : share of the runs in which it occurs.
    nearest : of all values that a run has, the one nearest to what is documented.
    """

    low: float
    middle: float
    high: float
    occurs: float
    nearest: float


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One documented figure beside what was simulated.

    Attributes
    ----------
    standing : what the figure is to a fit along this path.
    unit : of the numbers: the figure's, or `h after start` for moments.
    inside : whether the band and the documented interval overlap, and some run has,
        at some moment that the figure may mean, a value in the interval. Never, if the
        thing does not occur in at least half of the runs.
    centre_inside : whether the simulated median lies in the documented interval.
    miss : how far the band lies above (positive) or below the interval or, if they
        overlap, the nearest value that a run has; 0 if one has a value inside, NaN if
        the thing occurs in no run.
    band : what the band is over.
    path : family whose counts it is shown for; empty if there is only one story.
    """

    figure: Figure
    path: str
    standing: Standing
    band: Band
    unit: str
    documented: Documented
    simulated: Simulated
    inside: bool
    centre_inside: bool
    miss: float

    @property
    def between(self) -> bool:
        """Whether the band is about the interval, but no run has a value in it."""
        return self.miss != 0 and _apart(self.simulated, self.documented) == 0


class Tally(NamedTuple):
    """How many figures of a set are inside."""

    inside: int
    all: int


def score(
    figures: Sequence[Figure],
    readings_of: ReadingsOf,
    path: str,
    band: Band,
    to_seconds: ToSeconds,
) -> tuple[ScoreRow, ...]:
    """Return each documented figure beside what the runs say.

    Parameters
    ----------
    figures : of the table; those without a metric are left out.
    readings_of : what every run says about a figure, given its id.
    path : family whose counts of people count as fitted; empty for all.
    band : what differs between the runs.
    to_seconds : turns local times into seconds after the start.
    """
    rivals = series(figures)
    return tuple(
        _row(
            figure,
            readings_of(figure.id),
            path,
            standing(figure, path, rivals),
            band,
            to_seconds,
        )
        for figure in figures
        if figure.metric
    )


def documented(figure: Figure, to_seconds: ToSeconds) -> Documented:
    """Return what a figure says as numbers; moments in hours after the start."""
    low, high = figure.bounds
    numbers = (number_of(value, to_seconds) for value in (low, figure.best, high))
    low_h, best_h, high_h = numbers
    return Documented(
        -_INFINITE if low_h is None else low_h,
        _NAN if best_h is None else best_h,
        _INFINITE if high_h is None else high_h,
    )


def tallies(rows: Iterable[ScoreRow]) -> dict[Standing, Tally]:
    """Return how many rows of a score are inside, by what they are to a fit."""
    found: dict[Standing, Tally] = {}
    for row in rows:
        inside, all_rows = found.get(row.standing, (0, 0))
        found[row.standing] = Tally(inside + row.inside, all_rows + 1)
    return found


def _row(
    figure: Figure,
    found: Readings,
    path: str,
    stand: Standing,
    band: Band,
    to_seconds: ToSeconds,
) -> ScoreRow:
    said = documented(figure, to_seconds)
    seen = _simulated(found, said)
    miss = _apart(seen, said)
    if miss == 0 and abs(gap := _beyond(seen.nearest, said)) > _written_to(figure):
        miss = gap
    often = seen.occurs >= 0.5
    return ScoreRow(
        figure=figure,
        path=path,
        standing=stand,
        band=band,
        unit=HOURS if figure.unit == "time" else figure.unit,
        documented=said,
        simulated=seen,
        inside=often and miss == 0,
        centre_inside=often and said.low <= seen.middle <= said.high,
        miss=miss,
    )


def _simulated(found: Readings, said: Documented) -> Simulated:
    """Return the band: from the low readings' 5 % to the high readings' 95 %."""
    given = found[~np.isnan(found[:, 0])]
    if not len(given):
        return Simulated(_NAN, _NAN, _NAN, 0.0, _NAN)
    low, high, middle, nearest = given.T
    return Simulated(
        _quantile(low, _LOWEST),
        _quantile(middle, _MIDDLE),
        _quantile(high, _HIGHEST),
        len(given) / len(found),
        min(nearest.tolist(), key=lambda value: abs(_beyond(value, said))),
    )


def _quantile(values: Readings, level: float) -> float:
    """Return a quantile that is one of the values."""
    return float(np.quantile(values, level, method="inverted_cdf"))


def _apart(seen: Simulated, said: Documented) -> float:
    """Return how far a band lies above or below an interval; 0 if they overlap."""
    if not seen.occurs:
        return _NAN
    if seen.low > said.high:
        return seen.low - said.high
    return min(0.0, seen.high - said.low)


def _beyond(value: float, said: Documented) -> float:
    """Return how far a value lies above or below an interval; 0 within it."""
    return max(0.0, value - said.high) + min(0.0, value - said.low)


def _written_to(figure: Figure) -> float:
    """Return by how much a value may differ and still be what is written.

    Counts are the same within a hundredth, since a hundred runs do not come to every
    number; times are written to the minute, and other numbers to half of their last
    digit.
    """
    meaning = MEANINGS[figure.metric]
    if meaning.quantity == "count":
        given = [abs(value) for value in figure.bounds if isinstance(value, float)]
        return _SAME_COUNT * min(given, default=0.0)
    if meaning.quantity == "moment":
        return 0.5 / 60
    numbers = [value for value in figure.bounds if isinstance(value, float)]
    return 0.5 * 10.0 ** -max(map(decimals, numbers), default=0)


def decimals(value: float) -> int:
    """Return how many decimals it takes to write a number as it was given."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
