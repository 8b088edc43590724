"""`compare`: variants beside their base, run by run under the same luck."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    amount_options,
    fit_option,
    front_options,
    metrics_option,
    pdf_option,
    variants_argument,
)

if TYPE_CHECKING:
    from sim.cli.front import Front
    from sim.studies.options import Amount


@click.command()
@click.argument("base")
@variants_argument
@amount_options
@front_options()
@fit_option
@metrics_option
@pdf_option
def compare(
    *,
    base: str,
    variants: tuple[str, ...],
    amount: "Amount",
    front: "Front",
    fit: Path | None,
    metrics: tuple[str, ...],
    pdf: bool,
) -> None:
    """Run variants under the luck of their base and say what they change."""
    from sim.studies.comparison import planned

    front.ask(
        planned,
        base,
        variants,
        amount,
        fit=fit,
        metrics=metrics,
        pdf=pdf,
    )
