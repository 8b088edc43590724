"""Which font draws which letters, and what stands for a title that none can draw.

The font that comes with matplotlib draws Latin, Greek, Cyrillic, Arabic and more. For
other letters a picture takes a font that the machine has, if it has one.
"""

import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from matplotlib.font_manager import fontManager
from matplotlib.ft2font import FT2Font

FONT = "DejaVu Sans"
_MISSING = re.compile(r"Glyph (\d+) \(")
_UNFIT = re.compile("Last Resort|Emoji")
"""Fonts of boxes, and of coloured bitmaps, which matplotlib cannot scale."""
_LEFT_OUT = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Fonts:
    """What one picture is written in.

    Attributes
    ----------
    families : in which a letter is looked for, one after the other.
    undrawable : letters that none of them has.
    left_out : titles with such letters, for which something else was written.
    """

    families: tuple[str, ...] = (FONT,)
    undrawable: frozenset[str] = frozenset()
    left_out: set[str] = field(default_factory=set)


_USUAL = Fonts()
_NOW: ContextVar[Fonts] = ContextVar("fonts", default=_USUAL)


def families() -> list[str]:
    """Return the fonts of the picture that is being drawn."""
    return [*_NOW.get().families]


def drawable(title: str, key: str) -> str:
    """Return a title, or the key of what it is of if it cannot be drawn in full."""
    fonts = _NOW.get()
    if fonts.undrawable.isdisjoint(title):
        return title
    fonts.left_out.add(title)
    return key


def without_boxes(text: str) -> str:
    """Return a text with an ellipsis for letters that cannot be drawn."""
    undrawable = _NOW.get().undrawable
    if undrawable.isdisjoint(text):
        return text
    # Marks above and below letters are not missed by themselves, but go with them.
    unfit = undrawable | {sign for sign in text if unicodedata.category(sign) == "Mn"}
    signs = "".join(map(re.escape, sorted(unfit)))
    return re.sub(rf"[{signs}](?:\s*[{signs}])*", _LEFT_OUT, text)


@contextmanager
def missing() -> Iterator[set[str]]:
    """Collect the letters that matplotlib misses; it says of them so by warnings."""
    found: set[str] = set()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield found
    for warning in caught:
        if match := _MISSING.match(str(warning.message)):
            found.add(chr(int(match[1])))
        else:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )


@contextmanager
def written_in(letters: frozenset[str]) -> Iterator[Fonts]:
    """Draw with fonts of the machine that have some letters, if there are any."""
    families, rest = _found(letters)
    fonts = Fonts((FONT, *families), rest)
    before = _NOW.set(fonts)
    try:
        yield fonts
    finally:
        _NOW.reset(before)


@cache
def _found(letters: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the fewest fonts that have most of some letters, and the other letters."""
    families: list[str] = []
    has = _letters_by_family(letters)
    rest = set(letters)
    while has:
        best = max(has, key=lambda name: (len(has[name] & rest), name))
        if not has[best] & rest:
            break
        families.append(best)
        rest -= has.pop(best)
    return tuple(families), frozenset(rest)


def _letters_by_family(letters: frozenset[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in fontManager.ttflist:
        if entry.style != "normal" or entry.name in found or _UNFIT.search(entry.name):
            continue
        try:
            codes = FT2Font(entry.fname).get_charmap()
        except (OSError, RuntimeError):  # gone meanwhile, or of a kind it cannot read
            continue
        if own := {letter for letter in letters if ord(letter) in codes}:
            found[entry.name] = own
    return found
