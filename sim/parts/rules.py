"""How far each side of an agreement may go, given how far the others have come.

A rule is a pure function of the tranches that each side has completed. To add one,
write a file that ends in `RULES.register("name", Rule(...))`.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from sim.parts.vocabulary import Vocabulary


class Terms(Protocol):
    """What a rule may know of the terms."""

    @property
    def ahead(self) -> int:
        """Tranches that a side may be ahead."""
        ...

    @property
    def first(self) -> str | None:
        """The side that goes first."""
        ...


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
    released : tranches that every side had ready, for rules that ask for that.
    """

    __slots__ = ("_rank", "_ranking", "done", "released")

    def __init__(self, done: Mapping[str, int], goes_first: str | None = None) -> None:
        self.done = dict(done)
        self.released = 0
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

    @property
    def least(self) -> int:
        """Fewest tranches that any side has completed."""
        return self._ranking[0][0]


class Rule(NamedTuple):
    """A rule of an agreement.

    Attributes
    ----------
    opens : how many tranches, from the first, are open to a side that is not alone.
    about : what it says, for the reference.
    uses : the fields of the terms that have a meaning for it, and must be given.
    together : a tranche is released when every side has it ready at its gate.
    nobody_ahead : it opens to a side no more than one tranche that another has not
        done, so that policies about who is ahead have no effect.
    """

    opens: Callable[[Terms, str, Standing], int]
    about: str
    uses: tuple[str, ...] = ()
    together: bool = False
    nobody_ahead: bool = False


RULES: Vocabulary[Rule] = Vocabulary("rule")
UNLIMITED = 10**12
"""More than anything that moves: where nothing sets a limit, as with `rest`."""


def open_tranches(rule: Rule, terms: Terms, side: str, standing: Standing) -> int:
    """Return how many tranches are open to a side; all if it is alone."""
    if len(standing.done) == 1:
        return UNLIMITED
    return rule.opens(terms, side, standing)


def _lockstep(terms: Terms, side: str, standing: Standing) -> int:
    return standing.done[standing.slowest_other(side)] + 1


def _simultaneous(terms: Terms, side: str, standing: Standing) -> int:
    return standing.released


def _credit(terms: Terms, side: str, standing: Standing) -> int:
    return standing.done[standing.slowest_other(side)] + 1 + terms.ahead


def _prior(terms: Terms, side: str, standing: Standing) -> int:
    others = standing.done[standing.slowest_other(side)] + 1
    if side == terms.first or terms.first is None:
        return others
    return min(standing.done[terms.first], others)


RULES.register(
    "lockstep",
    Rule(
        _lockstep,
        "a tranche opens when every other side has completed the one before",
        nobody_ahead=True,
    ),
)
RULES.register(
    "simultaneous",
    Rule(
        _simultaneous,
        "a tranche opens when every side has it ready at the gate",
        together=True,
        nobody_ahead=True,
    ),
)
RULES.register(
    "credit",
    Rule(
        _credit,
        "a tranche opens while the side is at most `ahead` tranches ahead of others",
        uses=("ahead",),
    ),
)
RULES.register(
    "prior",
    Rule(
        _prior,
        "in every tranche the side named in `first` goes first",
        uses=("first",),
        nobody_ahead=True,
    ),
)
