"""`score`: each documented figure beside the runs."""

from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    amount_options,
    changes_option,
    language_option,
    path_option,
    place_options,
    scenario_argument,
)

if TYPE_CHECKING:
    from sim.studies.options import Amount, Where


@click.command()
@scenario_argument
@changes_option
@amount_options
@place_options
@path_option
@click.option("--all", "everything", is_flag=True, help="Show context figures too.")
@language_option
def score(
    *,
    scenario: str,
    amount: "Amount",
    where: "Where",
    path: str,
    everything: bool,
    language: str,
) -> None:
    """Show each documented figure beside the runs: inside or outside."""
    from sim.cli.screen import show, telling
    from sim.studies.score import scored

    with telling(language) as tell:
        report = scored(
            scenario, amount, where, path=path, everything=everything, tell=tell
        )
    show(report, language, width=160)
