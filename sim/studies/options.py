"""What every study can be asked: how often to run, with which numbers, and where."""

import os
from dataclasses import dataclass
from typing import NamedTuple

from sim.errors import OptionError, ScenarioError
from sim.experiment.cluster import Certificates
from sim.experiment.replicate import Band
from sim.report.forms.brief_pdf import can_write_pdf
from sim.scenario.problems import quoted
from sim.words import Text, joined, say

__all__ = ["MOST_WORKERS", "Amount", "Certificates", "Where", "workers_here"]
MOST_WORKERS = 61
"""More than Windows can wait for at the same time."""


class Where(NamedTuple):
    """Where to run.

    Attributes
    ----------
    workers : processes of this machine.
    cluster : address of a scheduler; this machine if empty.
    certificates : for an address that begins with tls://.
    """

    workers: int = 1
    cluster: str = ""
    certificates: Certificates | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """How often to run, and with which numbers.

    Attributes
    ----------
    replications : runs of each scenario; None for as many as the study usually takes.
    seed : root of all random numbers; None for the usual one.
    knowledge : whether to draw what is not known from its ranges.
    per_draw : runs that share a draw of what is not known.
    fitted : whether the runs are draws of a fit.

    Raises
    ------
    OptionError
        If runs are to share draws, but nothing is to be drawn.
    """

    replications: int | None = None
    seed: int | None = None
    knowledge: bool = False
    per_draw: int = 1
    fitted: bool = False

    def __post_init__(self) -> None:
        if self.per_draw > 1 and not self.knowledge:
            raise OptionError(
                "per-draw",
                say(
                    "without --knowledge nothing is drawn that runs could share; add "
                    "--knowledge, or leave --per-draw out"
                ),
            )

    @property
    def runs(self) -> int:
        """Runs of each scenario."""
        return 100 if self.replications is None else self.replications

    @property
    def root(self) -> int:
        """Root of all random numbers."""
        return 1 if self.seed is None else self.seed

    @property
    def band(self) -> Band:
        """What differs between the runs."""
        if self.fitted:
            return "calibrated"
        return "knowledge and chance" if self.knowledge else "chance"

    def at_most(self, usual: int, least: int, why: Text) -> int:
        """Return the most runs of a study that stops when enough is known.

        Parameters
        ----------
        usual : if nobody says how many.
        least : runs that its first look needs.
        why : they are needed.

        Raises
        ------
        OptionError
            If they are fewer.
        """
        if self.replications is None:
            return usual
        if self.replications < least:
            raise OptionError(
                "replications",
                say(
                    "{why} at least {least} runs must be allowed, got {runs}.",
                    why=why,
                    least=least,
                    runs=self.replications,
                ),
            )
        return self.replications


def workers_here() -> int:
    """Return how many processes can work at the same time on this machine."""
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), MOST_WORKERS)
    return min(os.cpu_count() or 1, MOST_WORKERS)


def checked_pdf(pdf: bool) -> bool:
    """Return whether a brief is asked for as PDF.

    Raises
    ------
    OptionError
        If the package that writes it is not installed.
    """
    if pdf and not can_write_pdf():
        raise OptionError(
            "pdf",
            say(
                "a PDF takes the package typst, which is not installed. Install it "
                "where this program runs: pip install typst. Or print brief.html, "
                "which is one page as well."
            ),
        )
    return pdf


def below(error: ScenarioError) -> Text:
    """Return what is wrong with what was asked for: several things on lines below."""
    found = [each.text for each in error.args[0]]
    return found[0] if len(found) == 1 else joined(("\n", joined(found, "\n")), "")


def no_moment(text: str, or_date: bool) -> Text:
    """Return what to write instead of a text that is no local date and time.

    Parameters
    ----------
    text : as it was given.
    or_date : whether a date alone would do.
    """
    if or_date:
        return say(
            "{text} is not a local date and time. Write it as 2016-12-19T08:00 or "
            "2016-12-19.",
            text=quoted(text),
        )
    return say(
        "{text} is not a local date and time. Write it as 2016-12-19T08:00.",
        text=quoted(text),
    )
