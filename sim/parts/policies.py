"""How a side answers the other: whether it goes on when the terms would let it.

To add a policy, write a file that ends in `POLICIES.register("name", Policy(...))`.
"""

from collections.abc import Callable
from typing import NamedTuple

from sim.parts.rules import Standing
from sim.parts.vocabulary import Vocabulary


class Policy(NamedTuple):
    """What a side does with what the terms allow.

    Attributes
    ----------
    holds_back : whether a side does not go on, given the tranches that each has
        completed.
    about : what it says, for the reference.
    """

    holds_back: Callable[[str, Standing], bool]
    about: str


POLICIES: Vocabulary[Policy] = Vocabulary("policy")


def _never(side: str, standing: Standing) -> bool:
    return False


POLICIES.register("plain", Policy(_never, "goes on whenever the terms let it"))
