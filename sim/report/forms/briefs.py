"""One page for a meeting: as HTML that prints on one sheet of A4."""

from sim.report.contents import Brief, Report
from sim.report.forms.pages import inline, rendered
from sim.words import Words


def as_brief(brief: Brief, report: Report, words: Words, curve: str) -> str:
    """Return the page, which needs no other file.

    Parameters
    ----------
    brief : of the report.
    report : for the banner that stands above all that it says.
    words : in whose language.
    curve : its picture as SVG; empty if it was not drawn.
    """
    drawn = inline(brief.curve, curve, words) if brief.curve and curve else ""
    return rendered(
        "brief.html.j2",
        words,
        single_page=True,
        brief=brief,
        report=report,
        curve=drawn,
    )
