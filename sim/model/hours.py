"""Hours of the day: when something may be, and what closes a place outside them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache

import simpy

from sim.model.kernel import CLOSE, NEVER, OPEN, Alarm, Process
from sim.scenario.clock import Clock, Hours

Windows = tuple[tuple[int, int], ...]
"""Times in which something may be, from and up to but not including [s]."""


@lru_cache(maxsize=256)
def windows_of(clock: Clock, hours: Hours, horizon: int) -> Windows:
    """Return hours of the day as windows, day by day."""
    return clock.windows(hours, horizon)


def next_within(windows: Windows, now: int) -> int:
    """Return the first moment from now on that lies in a window; `NEVER` if none."""
    at = bisect_right(windows, (now, NEVER)) - 1
    if at >= 0 and now < windows[at][1]:
        return now
    return windows[at + 1][0] if at + 1 < len(windows) else NEVER


def keep_hours(
    env: simpy.Environment,
    windows: Windows,
    order: int,
    close: Callable[[], None],
    open_: Callable[[], None],
) -> Process:
    """Close a place whenever its hours end, and open it when they begin.

    Parameters
    ----------
    order : among all that opens or closes in one second.
    """
    if not windows or windows[0][0] > 0:
        yield Alarm(env, 0, CLOSE + order)
        close()
    for begins, ends in windows:
        if begins > 0:
            yield Alarm(env, begins - int(env.now), OPEN + order)
            open_()
        yield Alarm(env, ends - int(env.now), CLOSE + order)
        close()
