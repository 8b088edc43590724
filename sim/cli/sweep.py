"""`sweep`: a scenario with other values in some of its fields, point by point."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from sim.cli.metrics import metrics_option
from sim.cli.options import (
    no_figures_option,
    results_option,
    scenario_argument,
    study_options,
)

if TYPE_CHECKING:
    from sim.cli.scenarios import Opened
    from sim.cli.wanted import Wanted, Where
    from sim.experiment import Runner, Study
    from sim.experiment.designs import Design, Kind
    from sim.results.unfinished import Arm, Plan, Unfinished
    from sim.scenario import Clock

_KINDS: "MappingProxyType[str, Kind]" = MappingProxyType(
    {"grid": "grid", "lhs": "latin hypercube", "sobol": "sobol"}
)


@click.command()
@scenario_argument
@click.option(
    "--vary",
    metavar="PATH=VALUES",
    multiple=True,
    required=True,
    help="A field and its values, as fleets.buses.seats='40, 50' or "
    "legs.road.time='2 h to 6 h by 1 h'. May be given several times.",
)
@click.option(
    "--design",
    "kind",
    type=click.Choice(list(_KINDS)),
    default=None,
    help="All values with all others (grid), or points spread over intervals: a Latin "
    "hypercube (lhs) or a Sobol design.  [default: grid, or lhs with --points]",
)
@click.option(
    "--points",
    type=click.IntRange(1),
    default=None,
    help="How many points, for all but a grid.",
)
@study_options
@metrics_option
@results_option
@no_figures_option
def sweep(
    *,
    scenario: str,
    vary: tuple[str, ...],
    kind: str | None,
    points: int | None,
    wanted: "Wanted",
    where: "Where",
    metrics: tuple[str, ...],
    results: Path,
    no_figures: bool,
) -> None:
    """Run a scenario with other values in some of its fields, and say what they do.

    A path is dotted, as in 'change:' of a variant.
    """
    from sim.cli.metrics import names_in
    from sim.cli.scenarios import opened
    from sim.cli.study import planned, tried
    from sim.results.run_folder import prepare
    from sim.results.unfinished import begun

    began = datetime.now().astimezone()
    found = opened(scenario)._replace(figures=())
    made = _design(vary, found.operation.clock, kind, points, wanted.seed)
    base, arms, notes = _arms(found, made, wanted)
    prepare(results)
    names = names_in(tried(arms[0].operation, wanted), metrics, "--metric")
    options = {
        "design": made.kind,
        "notes": [*made.notes, *notes],
        "metrics": list(names),
        "figures": not no_figures,
    }
    title = f"sweep-{found.name}"
    plan = planned("sweep", title, arms, wanted, began, options, base)
    _tell_size(plan)
    finish_sweep(begun(plan, results), where)


def finish_sweep(unfinished: "Unfinished", where: "Where") -> None:
    """Run what is missing, write the results and print the points.

    Raises
    ------
    click.exceptions.Exit
        If runs failed; what the others say is kept all the same.
    """
    from sim.cli.points import print_points
    from sim.cli.screen import page
    from sim.cli.study import carried_on, tell_failures
    from sim.experiment.sweep import swept
    from sim.results.manifest import Origin
    from sim.results.sweep import write_sweep

    plan = unfinished.plan
    base = plan.base or plan.arms[0]

    def sample(runner: "Runner") -> "tuple[Study, ...]":
        return runner.tried(plan.replications)

    with carried_on(unfinished, where, sample) as (studies, _):
        found = swept(
            plan.job_of(base), _design_of(plan), studies, plan.options["metrics"]
        )
        folder = write_sweep(
            found,
            studies,
            unfinished.root,
            Origin(base.name, plan.typed, plan.began),
            figures=plan.options["figures"],
        )
        print_points(page(), found)
    click.echo(f"\nResults: {folder}")
    tell_failures(studies)


def _design(
    vary: Sequence[str], clock: "Clock", kind: str | None, points: int | None, seed: int
) -> "Design":
    """Return the points that the words of the command mean.

    Raises
    ------
    click.BadParameter
        If they mean none.
    """
    from sim.errors import ScenarioError
    from sim.experiment.designs import design

    try:
        return design(
            vary, clock, kind=_KINDS[kind] if kind else None, points=points, seed=seed
        )
    except ScenarioError as error:
        raise click.BadParameter(_lines(error), param_hint="--vary") from error


def _arms(
    found: "Opened", made: "Design", wanted: "Wanted"
) -> "tuple[Arm, list[Arm], list[str]]":
    """Return the base, its points, and what is not drawn because it is varied.

    Raises
    ------
    click.BadParameter
        If a point is not allowed.
    """
    from sim.errors import ScenarioError
    from sim.experiment.sweep import freed, points_of
    from sim.results.unfinished import Arm

    notes: list[str] = []
    operation = found.operation
    try:
        if wanted.knowledge:
            operation, dropped = freed(operation, made)
            notes += [
                f"{path} is varied, so no run draws it from its range."
                for path in dropped
            ]
        operations = points_of(operation, made)
    except ScenarioError as error:
        raise click.BadParameter(_lines(error), param_hint="--vary") from error
    arms = [
        Arm(f"point {number}", each, (), point)
        for number, (each, point) in enumerate(
            zip(operations, made.points, strict=True), start=1
        )
    ]
    return Arm(found.name, operation), arms, notes


def _lines(error: Exception) -> str:
    """Return what is wrong: one thing on the same line, several below it."""
    text = str(error)
    return f"\n{text}" if "\n" in text else text


def _design_of(plan: "Plan") -> "Design":
    """Return the design of a sweep that was begun."""
    from sim.experiment.designs import Design

    points = tuple(arm.change for arm in plan.arms)
    notes = tuple(plan.options["notes"])
    return Design(plan.options["design"], tuple(points[0]), points, notes)


def _tell_size(plan: "Plan") -> None:
    points, each = len(plan.arms), plan.replications
    click.echo(
        f"{points:,} point{'s' * (points != 1)}, {each:,} run{'s' * (each != 1)} of "
        f"each: {points * each:,} runs.",
        err=True,
    )
