"""`select`: which of several variants is best, with as few runs as that takes."""

from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.metrics import checked_metric
from sim.cli.options import results_option, study_options
from sim.cli.wishes import most_runs

if TYPE_CHECKING:
    from sim.cli.wanted import Wanted, Where
    from sim.experiment import Runner
    from sim.experiment.ranking import Ranking
    from sim.results.unfinished import Arm, Plan, Unfinished
    from sim.statistics.selection import Contest

_FIRST = 20
"""Runs of each variant before the first is dropped, and of each look after that."""


def _one_metric(context: click.Context, option: click.Parameter, name: str) -> str:
    checked_metric(name)
    return name


def _a_width(context: click.Context, option: click.Parameter, width: float) -> float:
    """Return how much matters.

    Raises
    ------
    click.BadParameter
        If it is no such number.
    """
    if not (width > 0 and isfinite(width)):
        raise click.BadParameter(f"a difference that matters is above 0, got {width}.")
    return width


@click.command()
@click.argument("scenario")
@click.argument("variants", metavar="VARIANT...", nargs=-1, required=True)
@click.option(
    "--metric",
    metavar="NAME",
    required=True,
    callback=_one_metric,
    help="By what the best is chosen, as t90/some-site; it must happen in every run.",
)
@click.option(
    "--matters",
    type=float,
    metavar="WIDTH",
    required=True,
    callback=_a_width,
    help="The least difference of means that matters, in the unit of the metric.",
)
@click.option(
    "--larger/--smaller",
    "larger",
    default=None,
    help="Whether more or less is better, where it is not known or should be turned.",
)
@study_options
@results_option
def select(
    *,
    scenario: str,
    variants: tuple[str, ...],
    metric: str,
    matters: float,
    larger: bool | None,
    wanted: "Wanted",
    where: "Where",
    results: Path,
) -> None:
    """Find the best of several scenarios, dropping the others as soon as that is sure.

    -n is the most runs of each, 1,000 if it is not given.
    """
    from sim.cli.scenarios import opened
    from sim.cli.study import planned
    from sim.experiment.ranking import FEWEST
    from sim.results.run_folder import prepare
    from sim.results.unfinished import Arm, begun

    began = datetime.now().astimezone()
    most = most_runs(wanted.replications, FEWEST, "to choose a best")
    wanted = wanted._replace(replications=most)
    arms = [Arm(*opened(each)._replace(figures=())) for each in (scenario, *variants)]
    _check_names([arm.name for arm in arms])
    name = _full_name(arms, metric, wanted)
    options = {"metric": name, "matters": matters, "larger": _side(name, larger)}
    prepare(results)
    title = f"select-{arms[0].name}"
    plan = planned("select", title, arms, wanted, began, options)
    finish_selection(begun(plan, results), where)


def finish_selection(unfinished: "Unfinished", where: "Where") -> None:
    """Run what is missing until one is the best, write the results and print it.

    Raises
    ------
    click.exceptions.Exit
        If runs failed; what the others say is kept all the same.
    """
    from sim.cli.ranking import print_ranking
    from sim.cli.screen import page
    from sim.cli.study import carried_on, tell_failures
    from sim.results.manifest import Origin
    from sim.results.ranking import write_ranking

    plan = unfinished.plan

    def sample(runner: "Runner") -> "Ranking":
        return _ranking(runner, plan)

    with carried_on(unfinished, where, sample) as (ranking, _):
        origin = Origin(plan.arms[0].name, plan.typed, plan.began)
        folder = write_ranking(ranking, unfinished.root, origin)
        print_ranking(page(), ranking)
    click.echo(f"\nResults: {folder}")
    tell_failures([study for _, study in ranking.studies])


def _ranking(runner: "Runner", plan: "Plan") -> "Ranking":
    """Return which variant is best.

    Raises
    ------
    click.BadParameter
        If the metric did not happen in every run.
    RunError
        If too many runs failed.
    """
    from sim.errors import RunError
    from sim.experiment.ranking import NeverCameError, TooFewError, ranked

    names = [arm.name for arm in plan.arms]
    try:
        return ranked(runner, names, plan.options["metric"], _contest(plan))
    except NeverCameError as error:
        raise click.BadParameter(
            f"{error}, and only what happens in every run can be ranked by its mean. "
            "Choose a metric that always happens, such as waiting or not_arrived, let "
            f"the scenario end later, or leave {error.args[1]} out.",
            param_hint="--metric",
        ) from error
    except TooFewError as error:
        raise RunError(f"{error}.") from error


def _contest(plan: "Plan") -> "Contest":
    from sim.statistics.selection import Contest

    return Contest(
        plan.options["matters"],
        larger=plan.options["larger"],
        first=min(_FIRST, plan.replications),
        most=plan.replications,
        batch=_FIRST,
    )


def _check_names(names: Sequence[str]) -> None:
    """Check that variants can be told apart.

    Raises
    ------
    click.BadParameter
        If they cannot.
    """
    for name in names:
        if names.count(name) > 1:
            raise click.BadParameter(
                f"'{name}' is named twice. Name each scenario once; two of the same "
                "name need folders or files of different names.",
                param_hint="VARIANT...",
            )


def _full_name(arms: "Sequence[Arm]", metric: str, wanted: "Wanted") -> str:
    """Return the full name of a metric that every variant has.

    Raises
    ------
    click.BadParameter
        If it is given for several sites, or a variant does not have it.
    """
    from sim.cli.metrics import names_in, no_metric
    from sim.cli.study import tried

    first, *others = arms
    name, *more = names_in(tried(first.operation, wanted), [metric], "--metric")
    if more:
        raise click.BadParameter(
            f"'{metric}' is more than one number: {', '.join((name, *more))}. Name "
            "one of them.",
            param_hint="--metric",
        )
    for arm in others:
        known = tried(arm.operation, wanted).layout.metrics
        if name not in known:
            raise click.BadParameter(
                f"{arm.name}: {no_metric(name, known)}", param_hint="--metric"
            )
    return name


def _side(metric: str, larger: bool | None) -> bool:
    """Return whether more of a metric is better.

    Raises
    ------
    click.BadParameter
        If nobody says so.
    """
    from sim.experiment.compare import better

    if larger is not None:
        return larger
    if not better(metric):
        raise click.BadParameter(
            f"nobody can say in general whether more or less of {metric} is better. "
            "Add --larger if more is, or --smaller if less is.",
            param_hint="--metric",
        )
    return better(metric) > 0
