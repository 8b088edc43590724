"""`forecast`: what to expect as of a moment, from what was published by then."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    LocalTime,
    consent_option,
    front_options,
    scenario_argument,
    seed_option,
)

if TYPE_CHECKING:
    from sim.cli.front import Front

_MINUTE = "%Y-%m-%dT%H:%M"


@click.command()
@scenario_argument
@click.option(
    "--as-of",
    "moment",
    type=LocalTime([_MINUTE]),
    metavar="LOCAL TIME",
    help="Use only what was published by then, as 2016-12-19T08:00.",
)
@click.option(
    "--rolling",
    is_flag=True,
    help="Forecast from every morning and evening, and score each beside comparators.",
)
@click.option(
    "--pool",
    type=click.IntRange(1, 1_000_000),
    default=1_500,
    show_default=True,
    metavar="RUNS",
    help="Runs for each forecast, of which those that fit the figures are kept.",
)
@click.option(
    "--draws",
    type=click.IntRange(1, 100_000),
    default=300,
    show_default=True,
    help="Draws that each forecast rests on.",
)
@seed_option
@consent_option
@front_options()
def forecast(
    *,
    scenario: str,
    moment: datetime | None,
    rolling: bool,
    pool: int,
    draws: int,
    seed: int | None,
    consent: bool,
    front: "Front",
) -> None:
    """Say what to expect as of a moment, and how sure that is.

    Nothing is used that was published, or began, after the moment. New figures of a
    running operation are new rows of the evidence table. Not for timing live
    movements.

    \f

    Raises
    ------
    click.UsageError
        If neither a moment nor --rolling is given, or both are.
    """  # noqa: D301 - where click ends its help
    if (moment is None) is not rolling:
        raise click.UsageError("give one of --as-of LOCAL TIME and --rolling")
    from sim.studies.forecast import planned

    front.ask(
        planned,
        scenario,
        moment,
        pool=pool,
        draws=draws,
        seed=seed,
        consent=consent,
    )
