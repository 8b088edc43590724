"""What all pages share: templates, looks, labels, and how texts and cells are set."""

import re
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.report.contents import Column, Enumeration, Picture, Table
from sim.report.limits import LIMITS
from sim.words import Levels, Marked, Sentence, Text, Words, say, say_many

_TEMPLATES = Path(__file__).parent / "page"
_LONG = 20
"""Rows of a table that are folded away until they are asked for."""
_LABELS = MappingProxyType(
    {
        "skip": say("Skip to the contents"),
        "contents": say("Contents"),
        "record": say("Simulation, not a record."),
        "read_first": say("Read first"),
        "limits": say("Limits of use"),
    }
)
_DATES = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}(?:[+-]\d{2}:\d{2})?)?")
_WHOLE = r'<span class="whole">\g<0></span>'


def rendered(template: str, words: Words, **more: Any) -> str:
    """Return a page made of a template.

    Parameters
    ----------
    template : name of its file.
    words : in whose language.
    more : what it is made from.
    """
    # Autoescape is off unless asked for; a name that is missing is an error.
    pages = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(_TEMPLATES),
    )
    pages.filters |= {
        "say": words.of,
        "told": lambda text: _dates_whole(words.of(text)),
        "is_table": lambda part: isinstance(part, Table),
        "is_picture": lambda part: isinstance(part, Picture),
        "is_items": lambda part: isinstance(part, Enumeration),
        "is_band": lambda cell: isinstance(cell, Levels),
        "is_long": lambda table: sum(1 for _ in table.rows) > _LONG,
        "ends": _ends,
        "looks": _looks,
    }
    return pages.get_template(template).render(
        words=words,
        labels={**_LABELS, "rows": _rows},
        limits=LIMITS,
        style=Markup((_TEMPLATES / "report.css").read_text("utf-8")),  # noqa: S704
        **more,
    )


def _dates_whole(text: str) -> Markup:
    """Return words of a page in which no date is broken behind a hyphen."""
    return Markup(_DATES.sub(_WHOLE, escape(text)))  # noqa: S704


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
