"""One page for a meeting as PDF, by the package typst, which needs no other program."""

import json
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sim.report.contents import Brief, Report
from sim.report.forms.pages import LABELS, WHOLE
from sim.words import Text, Words

_SHEET = Path(__file__).parent / "page" / "brief.typ"
_LABELS = ("certainty", "assumed", "limits", "repeat", "record")


def can_write_pdf() -> bool:
    """Return whether the package for it is installed."""
    return find_spec("typst") is not None


def as_pdf(brief: Brief, report: Report, words: Words, curve: str) -> bytes:
    """Return the contents of a PDF; the same brief gives the same bytes.

    Parameters
    ----------
    brief, report, words, curve : as of `as_brief`.
    """
    import matplotlib as mpl  # noqa: PLC0415 (it takes a second)

    typst: Any = import_module("typst")  # an extra
    # Letters of all languages come along with matplotlib, wherever this runs.
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    told = json.dumps(_told(brief, report, words, curve), ensure_ascii=False)
    made: bytes = typst.compile(
        str(_SHEET),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,  # the same sheet on every machine
        sys_inputs={"brief": told},
    )
    return made


def _told(brief: Brief, report: Report, words: Words, curve: str) -> dict[str, Any]:
    """Return all that the sheet says, in words."""

    def told(text: Text) -> str:
        return WHOLE.sub(lambda part: part[0].replace(" ", "\xa0"), words.of(text))

    def of(texts: tuple[Text, ...]) -> list[str]:
        return [told(text) for text in texts if text is not None]

    banner = report.banner
    causes = brief.causes
    return {
        "language": words.language,
        "direction": words.direction,
        "banner": [] if banner is None else of((banner.brief, *banner.texts)),
        "cautions": words.cautions,
        "labels": {name: words.of(LABELS[name]) for name in _LABELS},
        **{
            name: told(getattr(brief, name)) for name in ("title", "question", "answer")
        },
        **{
            name: of(getattr(brief, name))
            for name in ("certainty", "assumed", "limits", "repeat")
        },
        "curve": curve,
        "shown": "" if brief.curve is None else told(brief.curve.alternative),
        "about_causes": "" if causes is None else words.of(causes.title),
        "causes": []
        if causes is None
        else [
            [words.of(column.heading) for column in causes.columns],
            *([words.of(cell) for cell in row] for row in causes.rows),
        ],
    }
