"""Tables that planners open in a spreadsheet, and other programs read as CSV."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.formulas import guarded
from sim.whole_file import write_whole

_UNSEEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def write_table(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows as CSV in UTF-8 with its mark, without which letters are guessed at.

    What a spreadsheet would take for a formula begins with an apostrophe; characters
    that no editor shows become blanks.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def _cell(text: str) -> str:
    return _UNSEEN.sub(" ", guarded(text))
