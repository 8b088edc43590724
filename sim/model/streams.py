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

Block = tuple[int, int, Callable[[bytes], tuple[float, ...]]]
_ONE = 1.0 - 2.0**-53
"""Just below 1: taken from a number in [1, 2) it leaves one strictly in (0, 1)."""


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
        random, exponent, unpack = _block(count)
        bits = int.from_bytes(state.digest(8 * count), "little")
        doubles = (bits & random | exponent).to_bytes(8 * count, "little")
        return [number - _ONE for number in unpack(doubles)]


@lru_cache(maxsize=1024)
def _block(count: int) -> Block:
    """Return what turns random bits into doubles in [1, 2), all at once.

    The 52 bits of each fraction are random, the exponent is that of 1 (IEEE 754).
    """
    random = int.from_bytes((2**52 - 1).to_bytes(8, "little") * count, "little")
    exponent = int.from_bytes((1023 << 52).to_bytes(8, "little") * count, "little")
    return random, exponent, Struct(f"<{count}d").unpack
