"""Tables that are printed and handed on by themselves, each a page of its own."""

from sim.report.contents import Handout, Report
from sim.report.forms.pages import rendered
from sim.words import Words


def as_handout(handout: Handout, report: Report, words: Words) -> str:
    """Return the page of one handout, which needs no other file.

    Parameters
    ----------
    handout : one of the report.
    report : for the banner that stands above all that it says.
    words : in whose language.
    """
    return rendered("handout.html.j2", words, handout=handout, report=report)
