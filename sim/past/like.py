"""`like past operations`: what a scenario takes from the reference class, in words.

    like past operations
    like past operations, weekly
    like past operations, of 8000 people, in syria
    like past operations, deal, in syria, without WAER17 and BARZ17

After the first words come, in any order, a class within the quantity, how many people
the operation is about, the war in which it is, and operations that are left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sim.past.facts import past_operations
from sim.past.mixtures import Mixture
from sim.past.quantities import QUANTITIES
from sim.past.reference_class import ReferenceClass, Spread

BEGINS = "like past operations"
ENDS = (0.05, 0.95)
"""Levels at which a range of the class and the words that stand for it agree."""
_NORMAL = 1.6448536269514722
"""Standard deviations from the middle to these ends."""
_LEAST_FACTOR, _MOST_FACTOR = 1.01, 10.0


class UnknownWordError(ValueError):
    """Words that mean nothing here. Args: the words, what is known instead."""

    def __str__(self) -> str:
        words, known = self.args
        return f"{words!r} means nothing here; known: {', '.join(known)}"


@dataclass(frozen=True)
class Like:
    """What the words ask for.

    Attributes
    ----------
    part : class within a quantity; empty for all.
    instead : `release` or `total`, which ask for another quantity; empty for none.
    war : in which the operation is; empty for one of its own.
    without : operations that are left out.
    people : that the operation is about; None if that is not to count.
    """

    part: str = ""
    instead: str = ""
    war: str = ""
    without: frozenset[str] = frozenset()
    people: int | None = None

    def spread(self, quantity: str) -> Spread:
        """Return what the class says of a quantity.

        Raises
        ------
        UnknownWordError
            If the quantity has no such class, or needs one.
        KeyError
            If people say nothing of the quantity.
        TooFewOperationsError
            If the class has too few values.
        """
        classes = QUANTITIES[quantity].classes
        if self.part not in classes:
            raise UnknownWordError(self.part or BEGINS, tuple(filter(None, classes)))
        known = ReferenceClass(self.without)
        return known.spread(quantity, self.part, self.war, self.people)


def read_like(text: str) -> Like:
    """Return what words ask for.

    Raises
    ------
    UnknownWordError
        If a part of them means nothing.
    """
    first, *others = (part.strip() for part in " ".join(text.split()).split(","))
    if first.casefold() != BEGINS:
        raise UnknownWordError(first, (BEGINS,))
    known = past_operations()
    wars = {row.war for row in known.operations.values()}
    found: dict[str, str] = {}
    people: int | None = None
    without = frozenset[str]()
    for words in others:
        if match := re.fullmatch(r"without (.+)", words, re.IGNORECASE):
            named = re.split(r"\s+and\s+", match[1], flags=re.IGNORECASE)
            without |= {_one_of(key.upper(), list(known.operations)) for key in named}
            continue
        if match := re.fullmatch(r"of ([1-9]\d{0,7}) people", words, re.IGNORECASE):
            if people not in {None, int(match[1])}:
                raise UnknownWordError(words, (f"of {people} people",))
            people = int(match[1])
            continue
        what, word = "part", words.lower()
        if match := re.fullmatch(r"in ([a-z-]+)", word):
            what, word = "war", _one_of(match[1], sorted(wars))
        elif word in {RELEASE, TOTAL}:
            what = "instead"
        else:
            word = _one_of(word, [*_PARTS, RELEASE, TOTAL])
        if found.setdefault(what, word) != word:
            raise UnknownWordError(f"{found[what]}, {word}", ("one of them",))
    return Like(**found, without=without, people=people)


RELEASE = "release"
"""Of a halt: from boarding to release."""
TOTAL = "total"
"""Of people: how many left operations in all, whatever was announced."""
_PARTS = tuple(
    dict.fromkeys(part for each in QUANTITIES.values() for part in each.parts)
)


def _one_of(word: str, known: Sequence[str]) -> str:
    if word not in known:
        raise UnknownWordError(word, tuple(known))
    return word


def in_words(it: Mixture) -> tuple[float, float]:
    """Return the median, and the factor of the lognormal that stands for a range.

    As a ratio, its range from 5 to 95 percent is as wide as that of the class.
    """
    low, high = it.quantiles(ENDS)
    factor = (high / low) ** (1 / (2 * _NORMAL))
    return it.quantile(0.5), min(max(factor, _LEAST_FACTOR), _MOST_FACTOR)
