"""A report as one page that needs no network, no program and no other file."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.report.contents import (
    Column,
    Enumeration,
    MovingPicture,
    Picture,
    Report,
    Table,
)
from sim.report.forms.moving import (
    LABELS,
    SPEEDS,
    USUAL_SPEED,
    data_of,
    flows_of,
    script,
    script_hash,
)
from sim.report.limits import LIMITS
from sim.words import Marked, Number, Sentence, Text, Words, say, say_many

FORM = "html"
_TEMPLATES = Path(__file__).parent / "page"
_LONG = 20
"""Rows of a table that are folded away until they are asked for."""
_LABELS = MappingProxyType(
    {
        "skip": say("Skip to the contents"),
        "contents": say("Contents"),
        "record": say("Simulation, not a record."),
    }
)
_STILL = say(
    "This is one moment of the run. Where the browser runs scripts, it moves; the "
    "script is in this page and asks no network."
)
_PROLOGUE = re.compile(r"^.*?(?=<svg)|<metadata>.*?</metadata>", re.DOTALL)
_SIZE = re.compile(r' (?:width|height)="[\d.]+pt"')
_REFERENCES = re.compile(r'\b(href="#|url\(#)')
_DATES = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}(?:[+-]\d{2}:\d{2})?)?")
_WHOLE = r'<span class="whole">\g<0></span>'
_NAMES = re.compile(r'\bid="([^"]*)"')


def as_html(report: Report, words: Words, drawn: Mapping[str, str]) -> str:
    """Return the page.

    Parameters
    ----------
    report : to show.
    words : in whose language.
    drawn : pictures as SVG, by their name; those that are not there are left out.
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
        "is_moving": lambda part: isinstance(part, MovingPicture),
        "is_items": lambda part: isinstance(part, Enumeration),
        "is_long": lambda table: sum(1 for _ in table.rows) > _LONG,
        "looks": _looks,
    }
    inline = {
        picture.name: Markup(_inline(picture, drawn[picture.name], words))  # noqa: S704
        for picture in report.pictures()
        if picture.name in drawn
    }
    moves = any(isinstance(part, MovingPicture) for part in report.parts(FORM))
    style = "".join(
        (_TEMPLATES / f"{name}.css").read_text("utf-8")
        for name in ("report", *(["moving"] if moves else []))
    )
    return pages.get_template("report.html.j2").render(
        report=report,
        sections=[
            each
            for each in report.sections
            if FORM in each.forms and any(part is not None for part in each.parts)
        ],
        drawn=inline,
        words=words,
        labels={**_LABELS, "rows": _rows},
        limits=LIMITS,
        style=Markup(style),  # noqa: S704
        moves=moves,
        flows_of=flows_of,
        data_of=lambda picture: data_of(picture, words),
        script=script(),
        script_hash=Markup(script_hash()),  # noqa: S704
        moving_labels=LABELS,
        speeds=SPEEDS,
        usual_speed=USUAL_SPEED,
        number=Number,
        still_sentence=_STILL,
    )


def _dates_whole(text: str) -> Markup:
    """Return words of a page in which no date is broken behind a hyphen."""
    return Markup(_DATES.sub(_WHOLE, escape(text)))  # noqa: S704


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


def _inline(picture: Picture, svg: str, words: Words) -> str:
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
    return text
