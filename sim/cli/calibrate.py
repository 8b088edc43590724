"""`calibrate`: what is not known, drawn so that it agrees with what was documented."""

from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    no_figures_option,
    place_options,
    results_option,
    scenario_argument,
    seed_option,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.cli.wanted import Where
    from sim.inference.calibration.fit import Fit
    from sim.inference.calibration.options import FitOptions
    from sim.inference.problem import Prepared
    from sim.results.unfinished import Arm, Plan, Unfinished

_POOLED = "pooled"
POOLS = "pools"
"""Folder, beside the results, of pools that later calibrations use again."""
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
    "reference",
    metavar="FAMILY",
    multiple=True,
    default=(_POOLED,),
    show_default=True,
    help="Family of sources to take at its word, as ICRC; may be given several times.",
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
@place_options
@results_option
@no_figures_option
def calibrate(
    *,
    scenario: str,
    screen: bool,
    reference: tuple[str, ...],
    seeds: int,
    particles: int,
    moves: int,
    pool_runs: int,
    seed: int,
    where: "Where",
    results: Path,
    no_figures: bool,
) -> None:
    """Fit what is not known to the documented figures, and say what that reaches."""
    from sim.cli.options import command_as_typed
    from sim.cli.scenarios import opened
    from sim.results.run_folder import prepare
    from sim.results.unfinished import Arm, Plan, begun

    began = datetime.now().astimezone()
    found = opened(scenario)
    plan = Plan(
        command="calibrate",
        title=f"calibrate-{found.name}",
        arms=(Arm(*found),),
        seed=seed,
        replications=particles,
        band="calibrated",
        per_draw=1,
        options={
            "screen": screen,
            "reference": [each for each in reference if each != _POOLED],
            "seeds": seeds,
            "moves": moves,
            "pool": pool_runs,
            "figures": not no_figures,
        },
        typed=command_as_typed(),
        began=began,
    )
    ready_for(plan.arms[0], plan.options["reference"])
    prepare(results)
    finish_calibration(begun(plan, results), where)


def finish_calibration(unfinished: "Unfinished", where: "Where") -> None:
    """Make what is missing of a calibration, write the results and print a summary."""
    from sim.cli.fitted import print_calibration
    from sim.cli.screen import page
    from sim.results.calibration import Calibration, write_calibration
    from sim.results.manifest import Origin

    plan = unfinished.plan
    (arm,) = plan.arms
    with unfinished.held() as hold, told_how_to_go_on(unfinished):
        done = Calibration.of(_fit(unfinished, where))
        folder = write_calibration(
            done,
            unfinished.root,
            Origin(arm.name, plan.typed, plan.began),
            figures=plan.options["figures"],
        )
        hold.discard()
    screen = page(width=125)
    print_calibration(screen, done)
    screen.print(f"\nResults: {folder}", soft_wrap=True)


def _fit(unfinished: "Unfinished", where: "Where") -> "Fit":
    from sim.cli.places import pool_of
    from sim.cli.screen import saying
    from sim.experiment.work import in_order
    from sim.inference.calibration.fit import Calibrator
    from sim.inference.calibration.options import FitTask
    from sim.inference.calibration.pool import pool_at, pool_name

    plan = unfinished.plan
    wish = _wish(plan)
    ready = ready_for(plan.arms[0], plan.options["reference"])
    stored = unfinished.root / POOLS / pool_name(ready, wish)
    with pool_of(where, wish.pool) as pool, saying() as say:
        mapper = partial(in_order, pool)

        def tell(what: str, progress: object) -> None:
            say(f"{what}: {how_far(progress)}")

        runs = pool_at(stored, ready, wish, mapper, tell)
        calibrator = Calibrator(ready, wish, runs, unfinished.path, mapper, tell)
        reference = tuple(sorted(set(plan.options["reference"])))
        return calibrator.fit(FitTask.of_all("fit", ready, reference))


def ready_for(arm: "Arm", families: "Sequence[str]") -> "Prepared":
    """Return all that a calibration needs.

    Parameters
    ----------
    arm : scenario and documented figures.
    families : of sources that must be there.

    Raises
    ------
    click.BadParameter
        If nothing can be calibrated, or a family of sources is not there.
    """
    from sim.inference.problem import prepared

    try:
        ready = prepared(arm.operation, arm.figures)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="SCENARIO") from error
    if not ready.claims:
        text = "it has no documented figures with the role 'fit'"
        raise click.BadParameter(text, param_hint="SCENARIO")
    _check_families(families, sorted({claim.family for claim in ready.claims}))
    return ready


def _check_families(wanted: "Sequence[str]", known: "Sequence[str]") -> None:
    """Refuse a family of sources that has no figure.

    Raises
    ------
    click.BadParameter
        With those that have.
    """
    for family in wanted:
        if family not in known:
            text = f"no figure of a family {family!r}. There are: {', '.join(known)}."
            raise click.BadParameter(text, param_hint="--reference")


def _wish(plan: "Plan") -> "FitOptions":
    from sim.inference.calibration.options import FitOptions, SmcSettings

    wanted = plan.options
    return FitOptions(
        method="screen" if wanted["screen"] else "tempered",
        seeds=tuple(
            plan.seed + place
            for place in range(1 if wanted["screen"] else wanted["seeds"])
        ),
        settings=SmcSettings(
            particles=plan.replications,
            moves=wanted["moves"],
            last_moves=3 * wanted["moves"],
        ),
        pool=wanted["pool"],
    )


def how_far(progress: object) -> str:
    """Return how far something is, and how long it may still take."""
    from math import isnan

    from sim.inference.calibration.progress import Progress

    if not isinstance(progress, Progress):
        done, whole = progress if isinstance(progress, tuple) else (0, 0)
        return f"{done:,} of {whole:,}"
    if isnan(progress.seconds_left):
        return f"{progress.runs:,} runs; how many there will be is not known yet"
    minutes = progress.seconds_left / 60
    left = f"{minutes:,.0f} min" if minutes >= 1 else "less than a minute"
    return (
        f"{progress.runs:,} of about {progress.expected_runs:,.0f} runs, temperature "
        f"{progress.temperature:.3g} of 1, about {left} left"
    )


@contextmanager
def told_how_to_go_on(unfinished: "Unfinished") -> "Iterator[None]":
    """Say how to go on if the user stops it.

    Raises
    ------
    click.exceptions.Exit
        If the user does.
    RunError
        If worker processes break down.
    """
    from sim.cli.study import BROKEN
    from sim.errors import RunError

    try:
        yield
    except KeyboardInterrupt as stop:
        click.echo(
            "Stopped. What was fitted is kept, step by step. To go on:\n"
            f"  python run.py resume {unfinished.path}",
            err=True,
        )
        raise click.exceptions.Exit(130) from stop
    except BrokenExecutor as error:
        raise RunError(BROKEN) from error
