"""A report as one page that needs no network, no program and no other file."""

from collections.abc import Mapping
from functools import partial

from markupsafe import Markup

from sim.report.contents import MovingPicture, Report
from sim.report.forms.moving import (
    LABELS,
    SPEEDS,
    USUAL_SPEED,
    data_of,
    flows_of,
    script,
    script_hash,
)
from sim.report.forms.pages import inline, rendered, styled
from sim.words import Number, Words, say

FORM = "html"
_STILL = say(
    "This is one moment of the run. Where the browser runs scripts, it moves; the "
    "script is in this page and asks no network."
)


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
    moves = any(isinstance(part, MovingPicture) for part in report.parts(FORM))
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
        moves=moves,
        moving_style=styled("moving"),
        flows_of=flows_of,
        data_of=partial(data_of, words=words),
        script=script(),
        script_hash=Markup(script_hash()),  # noqa: S704
        moving_labels=LABELS,
        speeds=SPEEDS,
        usual_speed=USUAL_SPEED,
        number=Number,
        still_sentence=_STILL,
    )
