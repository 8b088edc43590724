"""What all pages share: templates, looks, labels, and how texts and cells are set."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.report.contents import Column, Enumeration, MovingPicture, Picture, Table
from sim.report.limits import LIMITS
from sim.words import Levels, Marked, Sentence, Text, Words, say, say_many

_TEMPLATES = Path(__file__).parent / "page"
_LONG = 20
"""Rows of a table that are folded away until they are asked for."""
LABELS = MappingProxyType(
    {
        "skip": say("Skip to the contents"),
        "contents": say("Contents"),
        "record": say("Simulation, not a record."),
        "read_first": say("Read first"),
        "certainty": say("How sure that is"),
        "assumed": say("What is assumed"),
        "limits": say("Limits of use"),
        "repeat": say("How to repeat it"),
    }
)
_PROLOGUE = re.compile(r"^.*?(?=<svg)|<metadata>.*?</metadata>", re.DOTALL)
_SIZE = re.compile(r' (?:width|height)="[\d.]+pt"')
_REFERENCES = re.compile(r'\b(href="#|url\(#)')
_NAMES = re.compile(r'\bid="([^"]*)"')
WHOLE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?:[+-]\d{2}:\d{2})?)?|\d[\d.,]* [%٪]"
)
"""What no line may end within: dates, and per cent behind their number."""
_CODE = re.compile(r"`([^`]+)`")
"""What is to be typed as it stands."""
_IN_ONE = r'<span class="whole">\g<0></span>'


def rendered(
    template: str, words: Words, *, single_page: bool = False, **more: Any
) -> str:
    """Return a page made of a template.

    Parameters
    ----------
    template : name of its file.
    words : in whose language.
    single_page : whether it prints on one sheet, which needs no words at its foot.
    more : what it is made from.
    """
    return (
        templates(words.language)
        .get_template(template)
        .render(single_page=single_page, style=styled("report"), **more)
    )


@cache
def templates(language: str, *folders: Path) -> Environment:
    """Return the templates of pages in a language, made ready once.

    Parameters
    ----------
    folders : of further templates, which may build on these.
    """
    words = Words(language)
    # Autoescape is off unless asked for; a name that is missing is an error.
    pages = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader([*folders, _TEMPLATES]),
    )
    pages.filters |= {
        "say": words.of,
        "told": lambda text: _unbroken(words.of(text)),
        "unbroken": _unbroken,
        "coded": lambda text: _coded(words.of(text)),
        "steps": lambda text: Markup(escape(words.of(text)).replace(".", ".<wbr>")),  # noqa: S704
        "quoted": lambda text: _quoted(words.of(text)),
        "is_table": lambda part: isinstance(part, Table),
        "is_picture": lambda part: isinstance(part, Picture),
        "is_moving": lambda part: isinstance(part, MovingPicture),
        "is_items": lambda part: isinstance(part, Enumeration),
        "is_band": lambda cell: isinstance(cell, Levels),
        "is_long": lambda table: sum(1 for _ in table.rows) > _LONG,
        "ends": _ends,
        "looks": _looks,
    }
    pages.globals |= {
        "words": words,
        "labels": {**LABELS, "rows": _rows},
        "limits": LIMITS,
    }
    return pages


def styled(name: str) -> Markup:
    """Return a style sheet.

    Parameters
    ----------
    name : of its file, without the ending.
    """
    return Markup((_TEMPLATES / f"{name}.css").read_text("utf-8"))  # noqa: S704


def inline(picture: Picture, svg: str, words: Words) -> Markup:
    """Return a picture that shares a page with others, with hints for the pointer.

    Names within it get that of the picture before them and, if several parts share
    one, a number after it, so that no two on a page are the same.
    """
    text = _SIZE.sub("", _PROLOGUE.sub("", svg), count=2)
    text = _REFERENCES.sub(rf"\1{picture.name}-", text)
    taken = Counter[str]()

    def own(name: re.Match[str]) -> str:
        taken[name[1]] += 1
        again = f"-{taken[name[1]]}" if taken[name[1]] > 1 else ""
        return f'id="{picture.name}-{name[1]}{again}"'

    text = _NAMES.sub(own, text)
    for part, hint in picture.hints.items():
        told = f"<title>{escape(words.of(hint))}</title>"
        opening = f'<g id="{picture.name}-{part}">'
        text = text.replace(opening, opening + told)
    return Markup(text)  # noqa: S704


def _unbroken(text: str) -> Markup:
    """Return words of a page in which no line ends within a date, or before its %."""
    return Markup(WHOLE.sub(_IN_ONE, escape(text)))  # noqa: S704


def _coded(text: str) -> Markup:
    """Return a text that breaks within no date, what is typed set apart from it."""
    marked = _CODE.sub(r'<code dir="ltr">\1</code>', str(_unbroken(text)))
    return Markup(marked)  # noqa: S704


def _quoted(text: str) -> Markup:
    """Return words as a string of a style sheet, which cannot end it early."""
    plain = "".join(
        letter if letter.isalnum() or letter == " " else f"\\{ord(letter):x} "
        for letter in text
    )
    return Markup(f'"{plain}"')  # noqa: S704


def _ends(band: Levels) -> Sentence:
    """Return between what most of a band lies."""
    return say("{low} to {high}", low=band.low, high=band.high)


def _rows(table: Table) -> Sentence:
    return say_many(
        "{title}: {count} row",
        "{title}: {count} rows",
        sum(1 for _ in table.rows),
        title=table.title,
    )


def _looks(column: Column, cell: Text) -> str:
    """Return the classes of a cell."""
    found = ["number"] * column.number + ["whole"] * column.whole
    return " ".join([*found, *([cell.mark] if isinstance(cell, Marked) else [])])
