"""`ask probability`: how likely it is that so many are out, or inside, by a moment."""

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
@click.argument("goal")
@amount_options
@front_options()
@fit_option
def probability(
    *,
    scenario: str,
    goal: str,
    amount: "Amount",
    front: "Front",
    fit: Path | None,
) -> None:
    """Say how likely a goal is, and how that changes with the moment.

    A goal is written in quotes, as "90 % of SITE arrived by 2016-12-21T12:00", "all of
    SITE/GROUP arrived by day 3 18:00" or "fewer than 500 of all still inside at
    Thursday 08:00".
    """
    from sim.studies.ask.probability import planned

    front.ask(planned, scenario, goal, amount, fit=fit)
