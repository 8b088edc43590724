"""`run`: many runs of a scenario, a summary and a folder with everything."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    amount_options,
    changes_option,
    consent_option,
    fit_option,
    front_options,
    metrics_option,
    path_option,
    pdf_option,
    scenario_argument,
    until_option,
)

if TYPE_CHECKING:
    from sim.cli.front import Front
    from sim.studies.options import Amount


@click.command()
@scenario_argument
@changes_option
@amount_options
@front_options()
@fit_option
@path_option
@metrics_option
@until_option
@consent_option
@pdf_option
def run(
    *,
    scenario: str,
    amount: "Amount",
    front: "Front",
    fit: Path | None,
    path: str,
    metrics: tuple[str, ...],
    until: tuple[str, ...],
    consent: bool,
    pdf: bool,
) -> None:
    """Run a scenario many times and keep what comes out."""
    from sim.studies.run import planned

    front.ask(
        planned,
        scenario,
        amount,
        fit=fit,
        path=path,
        metrics=metrics,
        until=until,
        consent=consent,
        pdf=pdf,
    )
