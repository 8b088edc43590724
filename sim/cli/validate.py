"""`validate`: how far a calibration of a scenario can be trusted."""

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
    from sim.cli.wanted import Where
    from sim.inference.calibration.options import FitOptions
    from sim.inference.calibration.posterior_draws import PosteriorDraws
    from sim.inference.problem import Prepared
    from sim.inference.validation.validation import Trial, Validation
    from sim.results.unfinished import Plan, Unfinished

_FEWEST_POOL = 500


@click.command()
@scenario_argument
@click.option(
    "--until",
    "until_moment",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]),
    default=None,
    metavar="MOMENT",
    help="Local time; figures that end later are left out and foretold. "
    "[default: the midnight after which about a third of the counts end]",
)
@click.option(
    "--reference",
    "families",
    metavar="FAMILY",
    multiple=True,
    help="Family of sources to take at its word, as ICRC; may be given several times. "
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
    help="PosteriorDraws of each screen.",
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
@place_options
@results_option
@no_figures_option
def validate(
    *,
    scenario: str,
    until_moment: datetime | None,
    families: tuple[str, ...],
    sets: int,
    draws: int,
    fit: Path | None,
    tempered: bool,
    particles: int,
    moves: int,
    pool_runs: int,
    seed: int,
    where: "Where",
    results: Path,
    no_figures: bool,
) -> None:
    """Say how far a calibration can be trusted: figures not seen, made-up records."""
    from sim.cli.options import command_as_typed
    from sim.cli.scenarios import opened
    from sim.results.run_folder import prepare
    from sim.results.unfinished import Arm, Plan, begun

    found = opened(scenario)
    plan = Plan(
        command="validate",
        title=f"validate-{found.name}",
        arms=(Arm(*found),),
        seed=seed,
        replications=particles if tempered else draws,
        band="calibrated",
        per_draw=1,
        options={
            "until": until_moment and until_moment.isoformat(timespec="minutes"),
            "families": list(dict.fromkeys(families)),
            "sets": sets,
            "draws": draws,
            "fit": fit and str(fit),
            "tempered": tempered,
            "moves": moves,
            "pool": pool_runs,
            "figures": not no_figures,
        },
        typed=command_as_typed(),
        began=datetime.now().astimezone(),
    )
    _trial(plan, _ready(plan))
    prepare(results)
    finish_validation(begun(plan, results), where)


def finish_validation(unfinished: "Unfinished", where: "Where") -> None:
    """Make what is missing of a validation, write the results and print a summary."""
    from sim.cli.calibrate import told_how_to_go_on
    from sim.cli.screen import page
    from sim.cli.validated import print_validation
    from sim.results.manifest import Origin
    from sim.results.validation import write_validation

    plan = unfinished.plan
    (arm,) = plan.arms
    with unfinished.held() as hold, told_how_to_go_on(unfinished):
        done = _validated(unfinished, where)
        folder = write_validation(
            done,
            unfinished.root,
            Origin(arm.name, plan.typed, plan.began),
            figures=plan.options["figures"],
        )
        hold.discard()
    screen = page(width=135)
    print_validation(screen, done)
    screen.print(f"\nResults: {folder}", soft_wrap=True)


def _validated(unfinished: "Unfinished", where: "Where") -> "Validation":
    from sim.cli.calibrate import POOLS, how_far
    from sim.cli.places import pool_of
    from sim.cli.screen import saying
    from sim.experiment.work import in_order
    from sim.inference.calibration.fit import Calibrator
    from sim.inference.calibration.pool import pool_at, pool_name
    from sim.inference.validation.validation import validated

    ready, wish = _ready(unfinished.plan), _wish(unfinished.plan)
    trial = _trial(unfinished.plan, ready)
    stored = unfinished.root / POOLS / pool_name(ready, wish)
    with pool_of(where, wish.pool) as pool, saying() as say:
        mapper = partial(in_order, pool)

        def tell(what: str, progress: object) -> None:
            say(f"{what}: {how_far(progress)}")

        runs = pool_at(stored, ready, wish, mapper, tell)
        calibrator = Calibrator(ready, wish, runs, unfinished.path, mapper, tell)
        return validated(calibrator, trial)


def _ready(plan: "Plan") -> "Prepared":
    from sim.cli.calibrate import ready_for

    return ready_for(plan.arms[0], plan.options["families"])


def _wish(plan: "Plan") -> "FitOptions":
    from sim.inference.calibration.options import FitOptions, SmcSettings

    moves = plan.options["moves"]
    return FitOptions(
        method="tempered" if plan.options["tempered"] else "screen",
        seeds=(plan.seed,),
        settings=SmcSettings(plan.replications, moves=moves, last_moves=3 * moves),
        pool=plan.options["pool"],
    )


def _trial(plan: "Plan", ready: "Prepared") -> "Trial":
    """Return what is to be tried.

    Raises
    ------
    click.BadParameter
        If the moment leaves no figure out, or the pool is too small.
    """
    from sim.inference.validation.held_out import until
    from sim.inference.validation.reference_sensitivity import counting_people
    from sim.inference.validation.validation import Trial

    options = plan.options
    cut_s = None
    if options["until"] is not None:
        try:
            cut_s = ready.simulator.operation.clock.seconds(options["until"])
            until(ready, cut_s)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--until") from error
    if 2 * options["sets"] >= options["pool"]:
        text = f"take fewer than half of the pool of {options['pool']:,} runs"
        raise click.BadParameter(text, param_hint="--sets")
    return Trial(
        families=tuple(options["families"]) or counting_people(ready),
        cut_s=cut_s,
        sets=options["sets"],
        draws=options["draws"],
        tempered=_tempered(options["fit"], ready),
    )


def _tempered(fit: str | None, ready: "Prepared") -> "PosteriorDraws | None":
    """Return the draws to compare with.

    Raises
    ------
    click.BadParameter
        If they are of another scenario, or not of a tempered fit.
    """
    from sim.inference.calibration.posterior_draws import load_draws

    if fit is None:
        return None
    draws = load_draws(Path(fit))
    about = draws.about
    if about.scenario != ready.scenario or about.method != "tempered":
        text = f"{fit} is not a tempered fit of this scenario as it is now"
        raise click.BadParameter(text, param_hint="--fit")
    return draws
