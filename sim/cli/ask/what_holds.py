"""`ask what-holds`: what people wait for, and what would help."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    amount_options,
    changes_option,
    fit_option,
    front_options,
    scenario_argument,
)

if TYPE_CHECKING:
    from sim.cli.front import Front
    from sim.studies.options import Amount


@click.command()
@scenario_argument
@changes_option
@amount_options
@front_options()
@fit_option
def what_holds(
    *, scenario: str, amount: "Amount", front: "Front", fit: Path | None
) -> None:
    """Say what holds an operation: stoppages, agreements, checkpoints, vehicles.

    Person-hours by each of them, what it would be without it, and the chain of events
    that ends with the last arrival.
    """
    from sim.studies.ask.what_holds import planned

    front.ask(planned, scenario, amount, fit=fit)
