"""`select`: which of several variants is best, with as few runs as that takes."""

from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    amount_options,
    front_options,
    scenario_argument,
    variants_argument,
)

if TYPE_CHECKING:
    from sim.cli.front import Front
    from sim.studies.options import Amount


@click.command()
@scenario_argument
@variants_argument
@click.option(
    "--metric",
    metavar="NAME",
    required=True,
    help="By what the best is chosen, as t90/some-site; it must happen in every run.",
)
@click.option(
    "--matters",
    type=float,
    metavar="WIDTH",
    required=True,
    help="The least difference of means that matters, in the unit of the metric.",
)
@click.option(
    "--larger/--smaller",
    "larger",
    default=None,
    help="Whether more or less is better, where it is not known or should be turned.",
)
@amount_options
@front_options(pictures=False)
def select(
    *,
    scenario: str,
    variants: tuple[str, ...],
    metric: str,
    matters: float,
    larger: bool | None,
    amount: "Amount",
    front: "Front",
) -> None:
    """Find the best of several scenarios, dropping the others as soon as that is sure.

    -n is the most runs of each, 1,000 if it is not given.
    """
    from sim.studies.selection import planned

    front.ask(
        planned,
        scenario,
        variants,
        amount,
        metric=metric,
        matters=matters,
        larger=larger,
    )
