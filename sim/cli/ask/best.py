"""`ask best`: the best of many plans, under a limit of imbalance."""

from typing import TYPE_CHECKING

import click

from sim.cli.ask.least import Percent
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
@click.option(
    "--choose",
    "choices",
    multiple=True,
    required=True,
    metavar="WHAT=VALUES",
    help="Something that may be chosen, as 'flows.out.headway=1 h to 3 h by 1 h'; may "
    "be given several times: a plan has one value of each.",
)
@click.option(
    "--metric",
    default="t90/all",
    show_default=True,
    metavar="NAME",
    help="By what the best is chosen; a moment that does not come counts as the end.",
)
@click.option(
    "--apart",
    default="",
    metavar="LIMIT",
    help="How far the sides of an agreement may be apart, as '500 people' or '20 %' of "
    "those whom each side is to move.  [default: any]",
)
@click.option(
    "--breaks",
    type=Percent(),
    default="5%",
    show_default=True,
    help="Share of the runs that may break that limit.",
)
@click.option(
    "--matters",
    type=float,
    default=None,
    metavar="WIDTH",
    help="The least difference of means that matters, in the unit of the metric.  "
    "[default: a hundredth]",
)
@click.option(
    "--larger/--smaller",
    "larger",
    default=None,
    help="Whether more or less is better, where it is not known or should be turned.",
)
@click.option(
    "--plans",
    type=int,
    default=60,
    show_default=True,
    help="The most plans to try. If there are no more, all are tried; else a local "
    "search tries so many.",
)
@amount_options
@front_options()
def best(
    *,
    scenario: str,
    choices: tuple[str, ...],
    metric: str,
    apart: str,
    breaks: float,
    matters: float | None,
    larger: bool | None,
    plans: int,
    amount: "Amount",
    front: "Front",
) -> None:
    """Find the best of the plans that you name, as a schedule of tranches.

    WHAT is a path as in `change:` of a variant, or fleets.NAME.vehicles; VALUES a list,
    steps, or whole parts of a file in brackets. -n is the most runs of a plan that is
    compared, 500 if it is not given.
    """
    from sim.studies.ask.best import planned

    front.ask(
        planned,
        scenario,
        choices,
        amount,
        metric=metric,
        apart=apart,
        breaks=breaks,
        matters=matters,
        larger=larger,
        plans=plans,
    )
