"""`run`: many runs of a scenario, a summary and a folder with everything."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    fit_option,
    no_figures_option,
    path_option,
    results_option,
    scenario_argument,
    study_options,
)
from sim.cli.wishes import most_runs, until_option

if TYPE_CHECKING:
    from sim.cli.wanted import Wanted, Where
    from sim.experiment import Runner, Study
    from sim.results.unfinished import Unfinished
    from sim.statistics.precision import Look


@click.command()
@scenario_argument
@study_options
@fit_option
@path_option
@results_option
@no_figures_option
@until_option
def run(
    *,
    scenario: str,
    wanted: "Wanted",
    where: "Where",
    fit: Path | None,
    path: str,
    results: Path,
    no_figures: bool,
    until: tuple[str, ...],
) -> None:
    """Run a scenario many times and keep what comes out."""
    from sim.cli.fits import arms_of, wanted_of
    from sim.cli.scenarios import opened
    from sim.cli.study import planned
    from sim.results.run_folder import prepare
    from sim.results.unfinished import begun

    if until:
        wanted = wanted._replace(replications=most_runs(wanted.replications))
    began = datetime.now().astimezone()
    found = opened(scenario)
    prepare(results)
    wanted = wanted_of(fit, wanted)
    arms = arms_of(fit, [scenario], [found])
    options = {"path": path, "figures": not no_figures, "until": list(until)}
    plan = planned("run", found.name, arms, wanted, began, options)
    finish_run(begun(plan, results), where)


def finish_run(unfinished: "Unfinished", where: "Where") -> None:
    """Run what is missing, write the results and print the summary.

    Raises
    ------
    click.exceptions.Exit
        If runs failed; what the others say is kept all the same.
    """
    from sim.cli.precision import print_look
    from sim.cli.screen import page
    from sim.cli.study import carried_on, tell_failures
    from sim.cli.summary import print_summary
    from sim.experiment.pool import Here
    from sim.results.manifest import Origin
    from sim.results.write import write_study

    plan = unfinished.plan
    (arm,) = plan.arms

    def sample(runner: "Runner") -> "tuple[Study, Look | None]":
        if plan.options["until"]:
            return _until(runner, plan.options["until"], plan.replications)
        return runner.upto(plan.replications)[0], None

    with carried_on(unfinished, where, sample) as ((study, look), pool):
        folder = write_study(
            study,
            unfinished.root,
            Origin(arm.name, plan.typed, plan.began),
            pool=Here() if where.cluster else pool,
            figures=plan.options["figures"],
            look=look,
        )
        screen = page()
        print_summary(screen, study, plan.options["path"])
        if look is not None:
            print_look(screen, look)
    screen.print(f"\nResults: {folder}", soft_wrap=True)
    tell_failures([study])


def _until(runner: "Runner", texts: Sequence[str], most: int) -> "tuple[Study, Look]":
    """Return a study of as many runs as it takes to know what was asked."""
    from sim.cli.wishes import rule_of
    from sim.experiment.until import run_until

    (first,) = runner.upto(1)
    rule = rule_of(texts, most, first)
    names = [wish.metric for wish in rule.wishes]
    (study,), look = run_until(
        runner, rule, lambda studies: {name: studies[0].metric(name) for name in names}
    )
    return study, look
