"""`calibrate`: what is not known, drawn so that it agrees with what was documented."""

from typing import TYPE_CHECKING

import click

from sim.cli.options import (
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
    "--screen",
    is_flag=True,
    help="A quick look from one pool of runs, a little too wide, in place of the fit.",
)
@click.option(
    "--reference",
    metavar="FAMILY",
    multiple=True,
    default=("pooled",),
    show_default=True,
    help="Family of sources in the evidence table to take at its word; may be given "
    "several times.",
)
@click.option(
    "--seeds",
    type=click.IntRange(2, 20),
    default=2,
    show_default=True,
    help="Fits that must agree, each with its own seed.",
)
@click.option(
    "--particles",
    type=click.IntRange(20, 100_000),
    default=1_000,
    show_default=True,
    help="Draws of each fit, or of the screen.",
)
@click.option(
    "--moves",
    type=click.IntRange(1, 1_000),
    default=10,
    show_default=True,
    help="Moves of each draw at each step; more are slower and safer.",
)
@click.option(
    "--pool",
    "pool_runs",
    type=click.IntRange(_FEWEST_POOL, 1_000_000),
    default=8_000,
    show_default=True,
    metavar="RUNS",
    help="Runs at values from the ranges under 'uncertain', kept for later.",
)
@seed_option
@front_options()
def calibrate(
    *,
    scenario: str,
    screen: bool,
    reference: tuple[str, ...],
    seeds: int,
    particles: int,
    moves: int,
    pool_runs: int,
    seed: int | None,
    front: "Front",
) -> None:
    """Fit what is not known to the documented figures, and say what that reaches."""
    from sim.studies.calibration import planned

    front.ask(
        planned,
        scenario,
        screen=screen,
        reference=reference,
        seeds=seeds,
        particles=particles,
        moves=moves,
        pool=pool_runs,
        seed=seed,
    )
