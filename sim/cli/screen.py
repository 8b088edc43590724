"""Where words go: results to the output, everything else to the error stream."""

import sys
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

_A_MINUTE = 60.0


def page(width: int = 100) -> Console:
    """Return where results are printed.

    Parameters
    ----------
    width : in a pipe or a file, where nobody says how wide it is.
    """
    plain = not sys.stdout.isatty()
    # Words of a scenario may look like markup; they are never read as such.
    return Console(
        width=width if plain else None, markup=False, highlight=False, emoji=False
    )


def table(
    *columns: str, right: Container[str] = (), whole: Container[str] = ()
) -> Table:
    """Return an empty table with few lines to trip over.

    Parameters
    ----------
    columns : their names.
    right : names of those with numbers, which are never broken over lines.
    whole : names of others that are never broken over lines.
    """
    rows = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in columns:
        number = name in right
        rows.add_column(
            name,
            justify="right" if number else "left",
            no_wrap=number or name in whole,
            overflow="fold",
        )
    return rows


def show(screen: Console, title: str, rows: Table) -> None:
    """Print a table under its title, with an empty line after it."""
    screen.print(Text(title, style="bold"))
    screen.print(rows)
    screen.print()


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """Show how far something is: a bar on a terminal, else a line a minute.

    Parameters
    ----------
    total : number of steps.
    what : is being done.
    """
    console = Console(stderr=True, markup=False, highlight=False)
    if not console.is_terminal:
        yield _line_a_minute(console, total, what)
        return
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def saying() -> Iterator[Callable[[str], None]]:
    """Show a sentence that changes: on a terminal in place, else once a minute."""
    console = Console(stderr=True, markup=False, highlight=False)
    if console.is_terminal:
        with console.status("") as status:
            yield status.update
        return
    due = time.monotonic() + _A_MINUTE

    def say(words: str) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + _A_MINUTE
            console.print(words, soft_wrap=True)

    yield say


def _line_a_minute(console: Console, total: int, what: str) -> Callable[[int], None]:
    due = time.monotonic() + _A_MINUTE

    def show(done: int) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + _A_MINUTE
            console.print(f"{what}: {done} of {total}")

    return show
