"""`ask policies`: policies of the sides of an agreement against each other."""

from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    amount_options,
    changes_option,
    front_options,
    scenario_argument,
)

if TYPE_CHECKING:
    from sim.cli.front import Front
    from sim.studies.options import Amount


@click.command()
@scenario_argument
@changes_option
@click.argument("agreement")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="POLICY",
    help="To try for every side, as plain or 'tolerance band=2'; may be given several "
    "times. [default: the usual ones]",
)
@amount_options
@front_options()
def policies(
    *,
    scenario: str,
    agreement: str,
    policies: tuple[str, ...],
    amount: "Amount",
    front: "Front",
) -> None:
    """Say what comes of policies of the sides against each other."""
    from sim.studies.ask.policies import planned

    front.ask(planned, scenario, agreement, amount, policies=policies)
