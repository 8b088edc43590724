"""A report as one page that needs no network, no program and no other file."""

import re
from collections import Counter
from collections.abc import Mapping
from xml.sax.saxutils import escape

from markupsafe import Markup

from sim.report.contents import Picture, Report
from sim.report.forms.pages import rendered
from sim.words import Words

FORM = "html"
_PROLOGUE = re.compile(r"^.*?(?=<svg)|<metadata>.*?</metadata>", re.DOTALL)
_SIZE = re.compile(r' (?:width|height)="[\d.]+pt"')
_REFERENCES = re.compile(r'\b(href="#|url\(#)')
_NAMES = re.compile(r'\bid="([^"]*)"')


def as_html(report: Report, words: Words, drawn: Mapping[str, str]) -> str:
    """Return the page.

    Parameters
    ----------
    report : to show.
    words : in whose language.
    drawn : pictures as SVG, by their name; those that are not there are left out.
    """
    inline = {
        picture.name: Markup(_inline(picture, drawn[picture.name], words))  # noqa: S704
        for picture in report.pictures()
        if picture.name in drawn
    }
    return rendered(
        "report.html.j2",
        words,
        report=report,
        sections=[
            each
            for each in report.sections
            if FORM in each.forms and any(part is not None for part in each.parts)
        ],
        drawn=inline,
    )


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
