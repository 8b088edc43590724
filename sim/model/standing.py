"""How far each side of an agreement has come, and who is slowest."""

from bisect import bisect_left, insort
from collections.abc import Mapping


class Standing:
    """Tranches completed by each side, kept in order from the slowest.

    Parameters
    ----------
    done : tranches completed, by side.
    goes_first : the side that counts as slower than others that have come as far.
        Among the rest the order of naming decides.

    Attributes
    ----------
    done : tranches completed, by side.
    """

    __slots__ = ("_rank", "_ranking", "done")

    def __init__(self, done: Mapping[str, int], goes_first: str | None = None) -> None:
        self.done = dict(done)
        self._rank = {
            name: (name != goes_first, number) for number, name in enumerate(done)
        }
        self._ranking = sorted((count, *self._rank[n], n) for n, count in done.items())

    def set(self, side: str, done: int) -> bool:
        """Note how far a side has come.

        Returns
        -------
        bool
            Whether any other side now waits for somebody else, or for another tranche:
            that can only be so if the two slowest have changed.
        """
        ranking, rank = self._ranking, self._rank[side]
        slowest = ranking[:2]
        del ranking[bisect_left(ranking, (self.done[side], *rank, side))]
        insort(ranking, (done, *rank, side))
        self.done[side] = done
        return ranking[:2] != slowest

    def slowest_other(self, side: str) -> str:
        """Return the side that has completed least, other than `side` itself.

        A side that is alone is its own slowest.
        """
        for *_, name in self._ranking[:2]:
            if name != side:
                return name
        return side
