"""`run`: many runs of a scenario, a summary and a folder with everything."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    command_as_typed,
    fit_option,
    no_figures_option,
    path_option,
    results_option,
    scenario_argument,
    study_options,
    until_option,
)

if TYPE_CHECKING:
    from sim.studies.options import Amount, Where


@click.command()
@scenario_argument
@study_options
@fit_option
@path_option
@results_option
@no_figures_option
@until_option
def run(
    *,
    scenario: str,
    amount: "Amount",
    where: "Where",
    fit: Path | None,
    path: str,
    results: Path,
    no_figures: bool,
    until: tuple[str, ...],
) -> None:
    """Run a scenario many times and keep what comes out."""
    from sim.cli.front import begin
    from sim.cli.screen import telling
    from sim.studies import run as study

    with telling() as tell:
        plan = study.planned(
            scenario,
            amount,
            fit=fit,
            path=path,
            until=until,
            pictures=not no_figures,
            typed=command_as_typed(),
            tell=tell,
        )
        begin(plan, results, where, tell)
