"""`ask deadlock`: how likely it is that sides wait for each other for ever."""

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
def deadlock(
    *, scenario: str, amount: "Amount", front: "Front", fit: Path | None
) -> None:
    """Say in how many runs people are held in a deadlock, and by which chains.

    Of one that is certain in every run, check says so without running anything.
    """
    from sim.studies.ask.deadlock import planned

    front.ask(planned, scenario, amount, fit=fit)
