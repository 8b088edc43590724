"""`ask sensitivity`: which unknowns and choices matter, and which to find out."""

from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    changes_option,
    front_options,
    metrics_option,
    scenario_argument,
    seed_option,
)

if TYPE_CHECKING:
    from sim.cli.front import Front


@click.command()
@scenario_argument
@changes_option
@metrics_option
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=RANGE",
    help="Something that may be chosen, as 'fleets.buses.seats=40 to 80', beside what "
    "is not known.",
)
@click.option(
    "--points",
    type=int,
    default=64,
    show_default=True,
    help="Of each sample of Sobol's indices, a power of 2.",
)
@click.option(
    "-n",
    "--replications",
    type=click.IntRange(2, 1_000),
    default=None,
    help="Runs of each point, all with the same luck; screening takes ten points an "
    "input, shares --points.  [default: 4]",
)
@seed_option
@front_options()
def sensitivity(
    *,
    scenario: str,
    metrics: tuple[str, ...],
    vary: tuple[str, ...],
    points: int,
    replications: int | None,
    seed: int | None,
    front: "Front",
) -> None:
    """Say which unknowns matter for a number, and which is worth finding out."""
    from sim.studies.ask.sensitivity import planned
    from sim.studies.options import Amount

    front.ask(
        planned,
        scenario,
        Amount(replications, seed),
        metrics=metrics,
        vary=vary,
        points=points,
    )
