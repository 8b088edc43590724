"""`run`: many runs of a scenario, a summary and a folder with everything."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    no_figures_option,
    path_option,
    results_option,
    scenario_argument,
    study_options,
)

if TYPE_CHECKING:
    from sim.cli.places import Where
    from sim.experiment.cluster import Certificates
    from sim.results.unfinished import Unfinished


@click.command()
@scenario_argument
@study_options
@path_option
@results_option
@no_figures_option
def run(
    *,
    scenario: str,
    replications: int,
    seed: int,
    knowledge: bool,
    per_draw: int,
    workers: int,
    cluster: str,
    tls: "Certificates | None",
    path: str,
    results: Path,
    no_figures: bool,
) -> None:
    """Run a scenario many times and keep what comes out."""
    from sim.cli.places import Where
    from sim.cli.scenarios import opened
    from sim.cli.study import Wanted, planned
    from sim.results.run_folder import prepare
    from sim.results.unfinished import begun

    began = datetime.now().astimezone()
    found = opened(scenario)
    prepare(results)
    wanted = Wanted(replications, seed, knowledge, per_draw)
    options = {"path": path, "figures": not no_figures}
    plan = planned("run", found.name, [found], wanted, began, options)
    finish_run(begun(plan, results), Where(workers, cluster, tls))


def finish_run(unfinished: "Unfinished", where: "Where") -> None:
    """Run what is missing, write the results and print the summary.

    Raises
    ------
    click.exceptions.Exit
        If runs failed; what the others say is kept all the same.
    """
    from sim.cli.screen import page
    from sim.cli.study import carried_on
    from sim.cli.summary import print_summary
    from sim.experiment.pool import Here
    from sim.results.write import Origin, write_study

    plan = unfinished.plan
    (arm,) = plan.arms
    with carried_on(unfinished, where) as ((study,), pool):
        folder = write_study(
            study,
            unfinished.root,
            Origin(arm.name, plan.typed, plan.began),
            pool=Here() if where.cluster else pool,
            figures=plan.options["figures"],
        )
        screen = page()
        print_summary(screen, study, plan.options["path"])
    screen.print(f"\nResults: {folder}", soft_wrap=True)
    if study.failures:
        failed = f"{len(study.failures)} of {plan.replications} runs failed"
        click.echo(f"{failed}; why is in failures.csv.", err=True)
        raise click.exceptions.Exit(1)
