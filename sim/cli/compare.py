"""`compare`: variants beside their base, run by run under the same luck."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    command_as_typed,
    fit_option,
    metrics_option,
    no_figures_option,
    results_option,
    study_options,
    variants_argument,
)

if TYPE_CHECKING:
    from sim.studies.options import Amount, Where


@click.command()
@click.argument("base")
@variants_argument
@study_options
@fit_option
@metrics_option
@results_option
@no_figures_option
def compare(
    *,
    base: str,
    variants: tuple[str, ...],
    amount: "Amount",
    where: "Where",
    fit: Path | None,
    metrics: tuple[str, ...],
    results: Path,
    no_figures: bool,
) -> None:
    """Run variants under the luck of their base and say what they change."""
    from sim.cli.front import begin
    from sim.cli.screen import telling
    from sim.studies import comparison as study

    with telling() as tell:
        plan = study.planned(
            base,
            variants,
            amount,
            fit=fit,
            metrics=metrics,
            pictures=not no_figures,
            typed=command_as_typed(),
            tell=tell,
        )
        begin(plan, results, where, tell)
