"""How often people are stopped, and for how long: the record so far and the class.

Both are memoryless, and their means stay uncertain: a forecast draws them anew for
every run. Halts of past operations are no more spread out than that (decision 17).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import scipy

from sim.inference.class_numbers import HaltClass, class_numbers

Span = tuple[float, float]
"""Hours between which gates were closed."""


@dataclass(frozen=True, slots=True)
class HaltOutlook:
    """What is expected of halts to come.

    Attributes
    ----------
    gap_h, gap_spread : mean of the open hours before a halt: its median, and the
        factor of one standard deviation of what is believed of it.
    halt_h, halt_spread : the same of the mean length.
    """

    gap_h: float
    gap_spread: float
    halt_h: float
    halt_spread: float


def halt_outlook(
    closed: Sequence[Span], moment_h: float, usual: HaltClass | None = None
) -> HaltOutlook:
    """Return what the halts so far and the class say of those to come.

    Halts that overlap are one. One that goes on at the moment has lasted so long
    without an end, and that is all that it says.

    Parameters
    ----------
    closed : when gates were closed; an end after the moment is not known yet.
    moment_h : hours after the start.
    usual : the class; if None, that of the operations that are shipped.
    """
    usual = usual or class_numbers().halts
    halts = merged(closed)
    ended = sum(end <= moment_h for _, end in halts)
    shut_h = sum(min(end, moment_h) - begin for begin, end in halts)
    open_h = max(0.0, moment_h - shut_h)
    return HaltOutlook(
        *_mean(usual.seen * usual.gap_h + open_h, usual.seen + len(halts)),
        *_mean(usual.seen * usual.halt_h + shut_h, usual.seen + ended),
    )


def merged(closed: Sequence[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one."""
    found: list[Span] = []
    for begin, end in sorted(closed):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _mean(hours: float, ends: float) -> tuple[float, float]:
    """Return the mean of what ended so often in some hours: median, and factor.

    What is believed of it is inverse gamma; a lognormal of the same quantiles can be
    written in a scenario.
    """
    low, middle, high = scipy.stats.gamma.isf(
        scipy.stats.norm.cdf([-1.0, 0.0, 1.0]), ends
    ).tolist()
    return hours / middle, (low / high) ** 0.5
