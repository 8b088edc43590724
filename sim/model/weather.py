"""Weather that slows driving."""

from bisect import bisect_right

Spell = tuple[int, int, float]
"""When slower driving begins and ends, and its speed factor."""


class Weather:
    """Dated spells of slower driving on one leg.

    Parameters
    ----------
    spells : in time order, apart.
    """

    def __init__(self, spells: list[Spell]) -> None:
        self._spells = spells
        self._ends = [end for _, end, _ in spells]

    def arrival(self, now: int, seconds: int) -> int:
        """Return when a drive of so many good-weather seconds, begun now, ends."""
        left = float(seconds)
        at = float(now)
        for begin, end, factor in self._spells[bisect_right(self._ends, now) :]:
            if begin > at:
                if at + left <= begin:
                    break
                left -= begin - at
                at = float(begin)
            if left <= (end - at) * factor:
                return round(at + left / factor)
            left -= (end - at) * factor
            at = float(end)
        return round(at + left)
