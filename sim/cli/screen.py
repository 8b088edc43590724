"""Where words go: results to the output, everything else to the error stream."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from sim.report.contents import Report
from sim.report.forms.terminal import as_terminal
from sim.studies.told import Note, Step, Tell, Told
from sim.words import Words

_A_MINUTE = 60.0


class _Page(Console):
    """Leaves it to the command what a closed output means."""

    def on_broken_pipe(self) -> None:
        """Raise it again.

        Raises
        ------
        BrokenPipeError
            Always.
        """
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def page(width: int = 100) -> Console:
    """Return where results are printed.

    Parameters
    ----------
    width : in a pipe or a file, where nobody says how wide it is.
    """
    plain = not sys.stdout.isatty()
    # Words of a scenario may look like markup; they are never read as such.
    return _Page(
        width=width if plain else None, markup=False, highlight=False, emoji=False
    )


def show(report: Report, language: str, *, width: int = 100) -> None:
    """Print a report.

    Parameters
    ----------
    report : to print.
    language : in which.
    width : in a pipe or a file.
    """
    screen = page(width)
    for part in as_terminal(report, Words(language)):
        screen.print(part)


def aloud(language: str) -> Tell:
    """Return what prints as a result what a study tells."""
    screen, words = page(), Words(language)

    def tell(told: Told) -> None:
        screen.print(words.of(told.said), soft_wrap=True)

    return tell


@contextmanager
def telling(language: str) -> Iterator[Tell]:
    """Show what a study tells: on a terminal in place, else a line a minute."""
    console = _Page(stderr=True, markup=False, highlight=False)
    words = Words(language)
    if not console.is_terminal:
        yield _line_a_minute(console, words)
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None)

        def tell(told: Told) -> None:
            if isinstance(told, Note):
                bar.console.print(words.of(told.said), soft_wrap=True)
                return
            what = words.of(told.what)
            bar.update(task, description=what, completed=told.done, total=told.whole)

        yield tell


def _line_a_minute(console: Console, words: Words) -> Tell:
    due = time.monotonic() + _A_MINUTE

    def tell(told: Told) -> None:
        nonlocal due
        if isinstance(told, Step):
            if time.monotonic() < due:
                return
            due = time.monotonic() + _A_MINUTE
        with suppress(OSError):  # nobody listens, which is no reason to stop
            console.print(words.of(told.said), soft_wrap=True)

    return tell
