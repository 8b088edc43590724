"""How far a tempered fit is, and how long it may still take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log, nan
from time import monotonic

from sim.inference.calibration.options import SmcSettings


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


class Telling:
    """Tells the user how far a fit is.

    Parameters
    ----------
    report : called with the progress.
    settings : of the fit; they settle how many runs are to come.
    """

    def __init__(self, report: Report, settings: SmcSettings) -> None:
        self._report, self._settings = report, settings
        self._began_s = monotonic()
        self._before: int | None = None

    def runs(self, before: Sequence[float], runs: int, temperature: float) -> None:
        """Report that so many runs are done.

        Parameters
        ----------
        before : temperatures that are done with.
        runs : so far. Those of the first call were done before this session.
        temperature : now.
        """
        if self._before is None:
            self._before = runs
            return
        steps = len(before) + steps_left(before) - 1
        fit = self._settings
        expected = fit.particles * (1 + fit.moves * steps + fit.last_moves)
        pace_s = (monotonic() - self._began_s) / max(1, runs - self._before)
        # Not max(0, x): it would turn a NaN into a promise.
        left_s = pace_s * (expected - min(runs, expected))
        self._report(Progress(temperature, runs, expected, left_s))


Tell = Callable[[str, Progress | tuple[int, int]], None]
"""Is told what is being done, and how far it is: done of all, or a fit's progress."""
