"""`select`: which of several variants is best, with as few runs as that takes."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    command_as_typed,
    results_option,
    scenario_argument,
    study_options,
    variants_argument,
)

if TYPE_CHECKING:
    from sim.studies.options import Amount, Where


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
@study_options
@results_option
def select(
    *,
    scenario: str,
    variants: tuple[str, ...],
    metric: str,
    matters: float,
    larger: bool | None,
    amount: "Amount",
    where: "Where",
    results: Path,
) -> None:
    """Find the best of several scenarios, dropping the others as soon as that is sure.

    -n is the most runs of each, 1,000 if it is not given.
    """
    from sim.cli.front import begin
    from sim.cli.screen import telling
    from sim.studies import selection as study

    with telling() as tell:
        plan = study.planned(
            scenario,
            variants,
            amount,
            metric=metric,
            matters=matters,
            larger=larger,
            typed=command_as_typed(),
            tell=tell,
        )
        begin(plan, results, where, tell)
