"""How far a tempered fit is, and how long it may still take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log, nan


@dataclass(frozen=True, slots=True)
class Progress:
    """What a user is told while a fit runs.

    Attributes
    ----------
    temperature : from 0, the prior, to 1, the result.
    runs : done so far, those before a resumption included.
    expected_runs : in all, as far as can be told; NaN at the very beginning.
    seconds_left : an estimate; NaN at the very beginning.
    """

    temperature: float
    runs: int
    expected_runs: float
    seconds_left: float


Report = Callable[[Progress], None]
"""Is called with the progress after each chunk of runs."""


def steps_left(temperatures: Sequence[float]) -> float:
    """Return how many temperatures are still to come; NaN before the second.

    Temperatures grow about by the same factor each.

    Parameters
    ----------
    temperatures : so far, rising, above 0.
    """
    if temperatures and temperatures[-1] >= 1:
        return 0.0
    if len(temperatures) < 2:
        return nan
    pace = log(temperatures[-1] / temperatures[0]) / (len(temperatures) - 1)
    return float(ceil(-log(temperatures[-1]) / pace))
