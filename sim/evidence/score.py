"""How many documented figures a set of runs covers, and by how much it misses others.

A score says which figures lie within what was simulated. It does not say which source
is right: sources that contradict each other cannot all be covered.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.evidence.figures import Figure
from sim.evidence.reading import ToSeconds

Band = Literal["chance", "knowledge and chance", "calibrated"]
"""What differs between the runs that a band is over."""
Path = Literal["ICRC", "UN"]
"""A reference series of cumulative counts. The record cannot decide between them, so
a fit follows one and is shown for both; the name is that of a source family."""
Standing = Literal["fit", "check", "context", "other path"]
"""What a figure is to a fit along one path."""
PATHS: tuple[Path, ...] = ("ICRC", "UN")
_LOWEST, _MIDDLE, _HIGHEST = 0.05, 0.5, 0.95
_INFINITE = float("inf")
_NAN = float("nan")

Readings = npt.NDArray[np.float64]
"""What runs say about a figure: low and high of each; NaN where it does not occur."""
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
    low, middle, high : 5 %, 50 % and 95 % of the runs in which it occurs.
    occurs : share of the runs in which it occurs.
    """

    low: float
    middle: float
    high: float
    occurs: float


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One documented figure beside what was simulated.

    Attributes
    ----------
    standing : what the figure is to a fit along this path.
    unit : of the numbers: the figure's, or `h after start` for moments.
    inside : whether the band and the documented interval overlap. Never, if the thing
        does not occur in at least half of the runs.
    centre_inside : whether the simulated median lies in the documented interval.
    miss : how far the band lies above (positive) or below the interval; 0 if they
        overlap, NaN if the thing occurs in no run.
    band : what the band is over.
    """

    figure: Figure
    path: Path
    standing: Standing
    band: Band
    unit: str
    documented: Documented
    simulated: Simulated
    inside: bool
    centre_inside: bool
    miss: float


class Tally(NamedTuple):
    """How many figures of a set are inside."""

    inside: int
    all: int


def score(
    figures: Iterable[Figure],
    readings_of: ReadingsOf,
    path: Path,
    band: Band,
    to_seconds: ToSeconds,
) -> tuple[ScoreRow, ...]:
    """Return each documented figure beside what the runs say.

    Parameters
    ----------
    figures : of the table; those without a metric are left out.
    readings_of : what every run says about a figure, given its id.
    path : which reference series counts as fitted.
    band : what differs between the runs.
    to_seconds : turns local times into seconds after the start.
    """
    return tuple(
        _row(figure, readings_of(figure.id), path, band, to_seconds)
        for figure in figures
        if figure.metric
    )


def fitted(figures: Iterable[Figure], path: Path) -> tuple[Figure, ...]:
    """Return the figures that a fit along a path may see."""
    return tuple(figure for figure in figures if standing(figure, path) == "fit")


def standing(figure: Figure, path: Path) -> Standing:
    """Return what a figure is to a fit along a path.

    The paths differ in their counts of people; a fit row that counts something else
    belongs to every path, whoever says it.
    """
    other = figure.family in PATHS and figure.family != path
    if figure.role == "fit" and other and figure.unit in {"people", ""}:
        return "other path"
    return figure.role


def documented(figure: Figure, to_seconds: ToSeconds) -> Documented:
    """Return what a figure says as numbers; moments in hours after the start."""
    low, best, high = (
        _number(value, to_seconds) for value in (figure.low, figure.best, figure.high)
    )
    if figure.bound == "exact":
        low = high = best
    return Documented(
        -_INFINITE if low is None else low,
        _NAN if best is None else best,
        _INFINITE if high is None else high,
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
    path: Path,
    band: Band,
    to_seconds: ToSeconds,
) -> ScoreRow:
    said, seen = documented(figure, to_seconds), _simulated(found)
    miss = _distance(seen, said)
    often = seen.occurs >= 0.5
    return ScoreRow(
        figure=figure,
        path=path,
        standing=standing(figure, path),
        band=band,
        unit="h after start" if figure.unit == "time" else figure.unit,
        documented=said,
        simulated=seen,
        inside=often and miss == 0,
        centre_inside=often and said.low <= seen.middle <= said.high,
        miss=miss,
    )


def _simulated(found: Readings) -> Simulated:
    """Return the band: from the low readings' 5 % to the high readings' 95 %."""
    given = found[~np.isnan(found[:, 0])]
    if not len(given):
        return Simulated(_NAN, _NAN, _NAN, 0.0)
    return Simulated(
        float(np.quantile(given[:, 0], _LOWEST)),
        float(np.quantile(given.mean(axis=1), _MIDDLE)),
        float(np.quantile(given[:, 1], _HIGHEST)),
        len(given) / len(found),
    )


def _distance(seen: Simulated, said: Documented) -> float:
    if not seen.occurs:
        return _NAN
    if seen.low > said.high:
        return seen.low - said.high
    return min(0.0, seen.high - said.low)


def _number(value: float | datetime | None, to_seconds: ToSeconds) -> float | None:
    if isinstance(value, datetime):
        return to_seconds(value.isoformat(timespec="minutes")) / 3600
    return value
