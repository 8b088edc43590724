"""What stands in a picture, worded in the reader's language, in the room there is.

The language is set once, by what draws a picture; what runs from right to left begins
every line with an invisible sign that says so, as a line may begin with a name that
runs the other way.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sim.plots import fonts
from sim.words import Number, Text, Words
from sim.words.reasons import CAUSES

_RUNS_LEFT = "\N{RIGHT-TO-LEFT MARK}"
_ISOLATE, _END_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_PIECES = re.compile(r"[^\s./-]*[\s./-]+|[^\s./-]+")
_ENGLISH = Words()
_NOW: ContextVar[Words] = ContextVar("words", default=_ENGLISH)


@contextmanager
def worded_by(words: Words) -> Iterator[None]:
    """Draw with texts in a language."""
    before = _NOW.set(words)
    try:
        yield
    finally:
        _NOW.reset(before)


def runs_left() -> bool:
    """Whether the language of the picture runs from right to left."""
    return _NOW.get().direction == "rtl"


def line_spacing(usual: float) -> float:
    """Return how far lines stand apart; those with marks above their letters more."""
    return usual + 0.25 if runs_left() else usual


def in_words(text: Text) -> str:
    """Return a text in the language of the picture; a name alone is left as it is."""
    if isinstance(text, str):
        return text
    words = _NOW.get().of(text)
    if not runs_left() or not words or isinstance(text, Number):
        return words
    return "\n".join(_RUNS_LEFT + line for line in words.split("\n"))


def apart(name: str) -> str:
    """Return a name that, if it runs the other way, does so by itself.

    Without the invisible signs the words and numbers around it would run so too.
    """
    return _NOW.get().of(name)


def thousands(number: float) -> str:
    """Return a number without decimals, its thousands apart."""
    return numeral(number, ",.0f")


def numeral(number: float, spec: str) -> str:
    """Return a number as Python formats it, its thousands apart."""
    return in_words(Number(number, spec))


def shortened(text: str, most: int) -> str:
    """Return a text on one line and no longer than so many characters."""
    flat = fonts.without_boxes(" ".join(text.split()))
    if len(flat) <= most:
        return flat
    begun = flat[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    return begun + _END_ISOLATE * _within_a_name(begun)


def folded(text: str, width: int, lines: int = 2) -> str:
    """Return a text on so many lines of such a width at most."""
    for most in range(width * lines, 1, -1):
        # Where words are long, so many lines hold fewer letters: the end is cut again.
        found = textwrap.wrap(shortened(text, most), width)
        if len(found) <= lines:
            return _below_each_other(found)
    return shortened(text, width)


def stacked(text: str, width: int, lines: int) -> str:
    """Return a text on so many lines of such a width, broken at any sign of a path."""
    found = [""]
    for piece in _PIECES.findall(shortened(text, width * lines)):
        if found[-1] and len(found[-1] + piece.rstrip()) > width:
            found.append("")
        found[-1] += piece
    return _below_each_other([line.rstrip() for line in found])


def cause_in_words(cause: str) -> str:
    """Return a cause of waiting as reports call it."""
    return in_words(CAUSES.get(cause, cause))


def _within_a_name(line: str) -> bool:
    """Whether a line ends within a name that stands apart."""
    return line.count(_ISOLATE) > line.count(_END_ISOLATE)


def _below_each_other(lines: Iterable[str]) -> str:
    """Return lines of one text; a name that is broken stays apart on each of them."""
    begins, found = "", []
    for line in lines:
        whole = begins + line
        inside = _within_a_name(whole)
        found.append(whole + _END_ISOLATE * inside)
        begins = _RUNS_LEFT * found[0].startswith(_RUNS_LEFT) + _ISOLATE * inside
    return "\n".join(found)
