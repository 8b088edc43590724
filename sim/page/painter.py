"""Who draws the pictures of what the runs so far say: once for each report.

Pictures are drawn in a process of their own, so that the page answers meanwhile.
"""

from collections import OrderedDict
from contextlib import ExitStack
from threading import Lock
from typing import TYPE_CHECKING, Self

from sim.report.contents import Picture, Report
from sim.words import Text

if TYPE_CHECKING:
    from sim.report.forms.files import Draws

_MOST = 16


class Painter:
    """Draws pictures, one at a time; a context, which ends who draws.

    Parameters
    ----------
    apart : whether in a process of its own.
    """

    def __init__(self, *, apart: bool = False) -> None:
        self._apart = apart
        self._draws: Draws | None = None
        self._stack = ExitStack()
        self._drawn: OrderedDict[tuple[str, str, str], tuple[Report, str]]
        self._drawn = OrderedDict()
        self._one_at_a_time = Lock()

    def __enter__(self) -> Self:
        """Begin nothing yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the process, if there is one."""
        with self._one_at_a_time:
            self._stack.close()

    def get_ready(self) -> None:
        """Start the process and let it load what it takes."""
        with self._one_at_a_time:
            self._begun()

    def svg(self, address: str, report: Report, picture: Picture, language: str) -> str:
        """Return a picture of what a report says of a study.

        Parameters
        ----------
        address : of the study.
        """
        key = (address, picture.name, language)
        notice: Text = None if report.banner is None else report.banner.brief
        with self._one_at_a_time:
            known = self._drawn.get(key)
            if known is None or known[0] is not report:
                svg = self._begun()(picture, language, notice)
                known = self._drawn[key] = (report, svg)
            self._drawn.move_to_end(key)
            while len(self._drawn) > _MOST:
                self._drawn.popitem(last=False)
            return known[1]

    def _begun(self) -> "Draws":
        """Return what draws."""
        from sim.report.forms import files  # noqa: PLC0415 (no first page needs it)

        if self._draws is None:
            self._draws = files.picture_alone
            if self._apart:
                self._draws = self._stack.enter_context(files.drawn_apart())
        return self._draws
