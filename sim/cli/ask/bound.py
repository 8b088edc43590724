"""`ask bound`: what capacity alone would take, without any waiting."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    amount_options,
    fit_option,
    front_options,
    scenario_argument,
)

if TYPE_CHECKING:
    from sim.cli.front import Front
    from sim.studies.options import Amount


@click.command()
@scenario_argument
@amount_options
@front_options()
@fit_option
def bound(*, scenario: str, amount: "Amount", front: "Front", fit: Path | None) -> None:
    """Say what capacity alone would take, and how much of the runs is waiting.

    A bound that no run can beat, and what is usual, of the same vehicles, convoys,
    lanes, bays and roads without any stoppage or agreement; and what binds them.
    """
    from sim.studies.ask.bound import planned

    front.ask(planned, scenario, amount, fit=fit)
