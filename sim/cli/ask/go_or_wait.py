"""`ask go-or-wait`: go at once with uncertain numbers, or wait for confirmed ones."""

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
@click.argument("variants", metavar="[VARIANT...]", nargs=-1)
@click.option(
    "--confirms",
    multiple=True,
    required=True,
    metavar="PATH",
    help="What is known once somebody has waited, a path under 'uncertain'; may be "
    "given several times.",
)
@click.option("--after", required=True, metavar="TIME", help="How long that takes.")
@click.option(
    "--metric",
    default="waiting/all",
    show_default=True,
    metavar="NAME",
    help="What going and waiting cost.",
)
@amount_options
@front_options()
def go_or_wait(
    *,
    scenario: str,
    variants: tuple[str, ...],
    confirms: tuple[str, ...],
    after: str,
    metric: str,
    amount: "Amount",
    front: "Front",
) -> None:
    """Say whether to go with uncertain numbers, or to wait for confirmed ones.

    SCENARIO and each VARIANT are decisions. What is not known is always drawn.
    """
    from sim.studies.ask.go_or_wait import planned

    front.ask(
        planned,
        scenario,
        variants,
        amount,
        confirms=confirms,
        after=after,
        metric=metric,
    )
