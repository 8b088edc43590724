"""`compare`: variants beside their base, run by run under the same luck."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    amount_options,
    changes_of_base,
    fit_option,
    front_options,
    metrics_option,
    pdf_option,
)

if TYPE_CHECKING:
    from sim.cli.front import Front
    from sim.studies.options import Amount


@click.command()
@click.argument("base")
@click.argument("variants", metavar="[VARIANT...]", nargs=-1)
@changes_of_base
@amount_options
@front_options()
@fit_option
@metrics_option
@pdf_option
def compare(
    *,
    base: str,
    variants: tuple[str, ...],
    changes: tuple[str, ...],
    amount: "Amount",
    front: "Front",
    fit: Path | None,
    metrics: tuple[str, ...],
    pdf: bool,
) -> None:
    """Run variants under the luck of their base and say what they change.

    With --change, the base with these changes is the last variant.
    """  # noqa: DOC501 - the text is the command's help
    from sim.studies.cases import Changed
    from sim.studies.comparison import planned

    changed = (Changed(base, changes),) if changes else ()
    if not variants and not changed:
        raise click.UsageError("Name a VARIANT, or a --change of the base.")
    front.ask(
        planned,
        base,
        (*variants, *changed),
        amount,
        fit=fit,
        metrics=metrics,
        pdf=pdf,
    )
