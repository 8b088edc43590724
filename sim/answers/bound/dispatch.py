"""How many convoys of a flow can have set out when, by headway, crews and hours."""

from bisect import bisect_right
from collections.abc import Sequence

from sim.answers.bound.readings import NEVER
from sim.answers.bound.regimes import RegimeSpan
from sim.scenario import Operation
from sim.scenario.pace import Pace

_Windows = tuple[tuple[int, int], ...]


def earliest_departures(
    operation: Operation,
    regimes: Sequence[RegimeSpan],
    rounds_s: Sequence[int],
    most: int,
) -> list[int]:
    """Return when the first, second, ... convoy can set out at the earliest [s].

    Of convoys that bring people to their destination. Each is a headway after the one
    before; and if no more than k may be under way, the one k before has been relieved.

    Parameters
    ----------
    regimes : of one flow, in order, without a gap that matters.
    rounds_s : under each of them, from setting out until a convoy is relieved.
    most : no more than that are asked for.
    """
    windows = [_windows(operation, regime) for regime in regimes]
    headways = [regime.headway_s for regime in regimes]
    found: list[int] = []
    while len(found) < most:
        after_s = _after(regimes, headways, found[-1]) if found else 0
        chances = []
        for regime, open_ in zip(regimes, windows, strict=True):
            first_s = max(regime.begins_s, after_s)
            if len(found) >= regime.at_once:
                before_s = found[len(found) - regime.at_once]
                first_s = max(first_s, _after(regimes, rounds_s, before_s))
            first_s = _within(open_, first_s)
            if first_s < regime.ends_s:
                chances.append(first_s)
        if not chances:
            break
        found.append(min(chances))
    return found


def _after(regimes: Sequence[RegimeSpan], delays_s: Sequence[int], since_s: int) -> int:
    """Return the earliest end of something that begins no earlier than a moment."""
    ends = [
        max(regime.begins_s, since_s) + delay_s
        for regime, delay_s in zip(regimes, delays_s, strict=True)
        if max(regime.begins_s, since_s) < regime.ends_s
    ]
    return min(ends, default=NEVER)


def _windows(operation: Operation, regime: RegimeSpan) -> _Windows:
    if regime.hours is None:
        return ((0, operation.ends),)
    return operation.clock.windows(regime.hours, operation.ends)


def _within(windows: _Windows, moment: int) -> int:
    """Return the first moment from one on that lies in a window."""
    place = max(bisect_right(windows, (moment, -1)) - 1, 0)
    for begins_s, ends_s in windows[place:]:
        if moment < ends_s:
            return max(begins_s, moment)
    return NEVER


class DispatchLimit:
    """The most that may have set out of a flow, by its pace in a day or a week.

    Attributes
    ----------
    unit : what is counted; empty if there is no limit that is certain.
    """

    def __init__(self, operation: Operation, regimes: Sequence[RegimeSpan]) -> None:
        paces = [pace for regime in regimes for pace in regime.at_most]
        kinds = {(pace.unit, pace.period) for pace in paces if pace is not None}
        self.unit = next(iter(kinds))[0] if len(kinds) == 1 else ""
        self._starts: tuple[int, ...] = ()
        self._sums: list[float] = []
        first = next((pace for pace in paces if pace is not None), None)
        if not self.unit or first is None:
            return
        self._starts = first.starts(operation.clock, operation.ends)
        ends = [*self._starts[1:], operation.ends]
        whole: float = 0
        for begins_s, ends_s in zip(self._starts, ends, strict=True):
            whole += _most_in(regimes, begins_s, ends_s)
            self._sums.append(whole)

    def most(self, moment: int) -> float:
        """Return the most that can have set out by a moment."""
        place = bisect_right(self._starts, moment) - 1
        return self._sums[place] if place >= 0 else 0


def _most_in(regimes: Sequence[RegimeSpan], begins_s: int, ends_s: int) -> float:
    """Return the most in one period."""
    paces: list[Pace | None] = [
        pace
        for regime in regimes
        if regime.begins_s < ends_s and regime.ends_s > begins_s
        for pace in regime.at_most
    ]
    numbers = [NEVER if pace is None else pace.number for pace in paces]
    return max(numbers, default=0)
