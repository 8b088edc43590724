"""`validate`: how far a calibration of a scenario can be trusted."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    LocalTime,
    front_options,
    scenario_argument,
    seed_option,
)

if TYPE_CHECKING:
    from sim.cli.front import Front

_FEWEST_POOL = 500


@click.command()
@scenario_argument
@click.option(
    "--until",
    "seen_until",
    type=LocalTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]),
    default=None,
    metavar="MOMENT",
    help="Local time; figures that end later are left out and foretold. "
    "[default: the midnight after which about a third of the counts end]",
)
@click.option(
    "--reference",
    "reference",
    metavar="FAMILY",
    multiple=True,
    help="Family of sources in the evidence table to take at its word; may be given "
    "several times. "
    "[default: each that counts people, in turn]",
)
@click.option(
    "--sets",
    type=click.IntRange(20, 100_000),
    default=1_000,
    show_default=True,
    help="Made-up records on which the screen is tried.",
)
@click.option(
    "--draws",
    type=click.IntRange(20, 100_000),
    default=300,
    show_default=True,
    help="Draws of each screen.",
)
@click.option(
    "--fit",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    help="Compare with the tempered fit of this scenario in a file fit.npz.",
)
@click.option(
    "--tempered",
    is_flag=True,
    help="Leave-outs and references with tempered fits in place of screens: hours.",
)
@click.option(
    "--particles",
    type=click.IntRange(20, 100_000),
    default=1_000,
    show_default=True,
    help="With --tempered: draws of each fit.",
)
@click.option(
    "--moves",
    type=click.IntRange(1, 1_000),
    default=10,
    show_default=True,
    help="With --tempered: moves of each draw at each step.",
)
@click.option(
    "--pool",
    "pool_runs",
    type=click.IntRange(_FEWEST_POOL, 1_000_000),
    default=20_000,
    show_default=True,
    metavar="RUNS",
    help="Runs at values from the ranges under 'uncertain', kept for later.",
)
@seed_option
@front_options()
def validate(
    *,
    scenario: str,
    seen_until: datetime | None,
    reference: tuple[str, ...],
    sets: int,
    draws: int,
    fit: Path | None,
    tempered: bool,
    particles: int,
    moves: int,
    pool_runs: int,
    seed: int | None,
    front: "Front",
) -> None:
    """Say how far a calibration can be trusted: figures not seen, made-up records."""
    from sim.studies.validation import planned

    front.ask(
        planned,
        scenario,
        seen_until=seen_until,
        reference=reference,
        sets=sets,
        draws=draws,
        fit=fit,
        tempered=tempered,
        particles=particles,
        moves=moves,
        pool=pool_runs,
        seed=seed,
    )
