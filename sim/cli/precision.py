"""How well metrics are known after so many runs."""

from rich.console import Console

from sim.cli.screen import show, table
from sim.cli.words import decimal
from sim.metrics.registry import unit_of
from sim.statistics.precision import Known, Look

_NUMBERS = ("mean", "± 95 %", "wanted")


def print_look(screen: Console, look: Look) -> None:
    """Print what was wished for, what came of it, and what it does not show."""
    rows = table("metric", "unit", *_NUMBERS, "", right=_NUMBERS)
    for known in look.known:
        rows.add_row(*_cells(known))
    screen.print()
    show(screen, f"How well the means are known after {look.runs:,} runs", rows)
    if not look.enough:
        screen.print("The most runs allowed (-n) were not enough.")
    for note in look.notes:
        screen.print(note)


def _cells(known: Known) -> tuple[str, ...]:
    return (
        known.wish.metric,
        unit_of(known.wish.metric),
        decimal(known.estimate),
        f"{known.half_width:,.3g}",
        f"{known.most:,.3g}",
        "enough" if known.enough else "not enough",
    )
