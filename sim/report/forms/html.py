"""A report as one page that needs no network, no program and no other file."""

from collections.abc import Mapping

from sim.report.contents import Report
from sim.report.forms.pages import inline, rendered
from sim.words import Words

FORM = "html"


def as_html(report: Report, words: Words, drawn: Mapping[str, str]) -> str:
    """Return the page.

    Parameters
    ----------
    report : to show.
    words : in whose language.
    drawn : pictures as SVG, by their name; those that are not there are left out.
    """
    pictures = {
        picture.name: inline(picture, drawn[picture.name], words)
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
        drawn=pictures,
    )
