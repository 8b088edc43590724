"""Random numbers by name, so that variants share their luck.

A number depends on the seed, the replication and the names it is asked for, on
nothing else: not on what was drawn before, on other convoys, on workers or on the
platform. Names are hashed by SHAKE-128 (FIPS 202), whose output of any length is
read as a block of numbers; Salmon et al., Parallel Random Numbers: As Easy as
1, 2, 3 (SC 2011), describe why such counter-based streams serve simulation.
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import shake_128
from struct import Struct

_SCALE = 2.0**-52


class Streams:
    """All random numbers of one replication."""

    def __init__(self, seed: int, replication: int) -> None:
        self._root = shake_128(f"{seed}/{replication}/".encode())

    def numbers(self, place: str, who: str, count: int) -> list[float]:
        """Return `count` numbers strictly between 0 and 1.

        Parameters
        ----------
        place : where, or what for.
        who : the convoy, stoppage or agreement that asks.
        count : how many; a longer block begins with the shorter one.
        """
        state = self._root.copy()
        state.update(f"{place}\0{who}".encode())
        words = _words(count)(state.digest(8 * count))
        return [((word >> 12) + 0.5) * _SCALE for word in words]


@lru_cache(maxsize=1024)
def _words(count: int) -> Callable[[bytes], tuple[int, ...]]:
    return Struct(f"<{count}Q").unpack
