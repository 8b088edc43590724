"""Random numbers by name, so that variants share their luck.

A number depends on the seed, the replication and the names it is asked for, on
nothing else: not on what was drawn before, on other convoys, on workers or on the
platform. The name of a block is hashed (BLAKE2, RFC 7693) into the key of a Philox
generator, whose output numpy keeps the same for ever. Salmon et al., Parallel Random
Numbers: As Easy as 1, 2, 3 (SC 2011), describe why such counter-based, keyed streams
serve simulation.
"""

from collections.abc import Sequence
from hashlib import blake2b
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TWO_WORDS = Struct("<2Q").unpack
Numbers = NDArray[np.float64]
LEAST = 2.0**-54
"""Put in place of 0, so that every number lies strictly between 0 and 1."""


class Streams:
    """All random numbers of one replication.

    Parameters
    ----------
    seed : root of all numbers.
    replication : which repetition this is. Several numbers in its place are *parts of
        luck*: every block uses the one that the hash of its name chooses, so that one
        part can be renewed while all blocks of the others stay as they were. One part
        is the same as its plain number.
    """

    __slots__ = ("_philox", "_random", "_roots", "_state")

    def __init__(self, seed: int, replication: int | Sequence[int]) -> None:
        parts = (replication,) if isinstance(replication, int) else tuple(replication)
        self._roots = [
            blake2b(f"{seed}/{part}/".encode(), digest_size=16) for part in parts
        ]
        self._philox = np.random.Philox(key=0)
        self._random = np.random.Generator(self._philox).random
        state: Any = self._philox.state
        # Plain whole numbers: the generator takes them faster than those of numpy.
        state["state"]["counter"] = state["buffer"] = (0, 0, 0, 0)
        self._state = state

    def numbers(self, place: str, who: str, count: int) -> list[float]:
        """Return `count` numbers strictly between 0 and 1.

        Parameters
        ----------
        place : where, or what for.
        who : the stoppage, agreement or convoy that asks.
        count : how many; a longer block begins with the shorter one.
        """
        name = f"{place}\0{who}"
        block = np.empty(count)
        self.fill([block], [name], self.part_of(name))
        return [number or LEAST for number in block.tolist()]

    def part_of(self, name: str) -> int:
        """Return which part of luck a name has a share in."""
        number = len(self._roots)
        if number == 1:
            return 0
        digest = blake2b(name.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "little") % number

    def fill(
        self, blocks: Sequence[Numbers] | Numbers, names: Sequence[str], part: int
    ) -> None:
        """Fill each block with numbers from 0 up to but not including 1, by its name.

        Parameters
        ----------
        blocks : contiguous arrays.
        names : one for each of them.
        part : whose luck they share; see `part_of`.
        """
        root, philox, random = self._roots[part], self._philox, self._random
        state = self._state
        for block, name in zip(blocks, names, strict=True):
            hashed = root.copy()
            hashed.update(name.encode())
            # To give the one generator another key is ten times as fast as to make one.
            state["state"]["key"] = _TWO_WORDS(hashed.digest())
            philox.state = state
            random(out=block)
