"""`run`: many runs of a scenario, a summary and a folder with everything."""

from datetime import datetime
from pathlib import Path

import click

from sim.cli.options import command_as_typed, study_options


@click.command()
@study_options
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    default="results",
    show_default=True,
    help="Folder in which the folder of this run is made.",
)
@click.option("--no-figures", is_flag=True, help="Draw no pictures.")
def run(
    *,
    scenario: str,
    replications: int,
    seed: int,
    workers: int,
    knowledge: bool,
    path: str,
    results: Path,
    no_figures: bool,
) -> None:
    r"""Run a scenario many times and keep what comes out.

    \f

    Raises
    ------
    click.exceptions.Exit
        If runs failed; what the others say is kept all the same.
    """
    from sim.cli.scenarios import opened
    from sim.cli.screen import page
    from sim.cli.study import Wanted, studied
    from sim.cli.summary import print_summary
    from sim.results.run_folder import prepare
    from sim.results.write import Origin, write_study

    began = datetime.now().astimezone()
    found = opened(scenario)
    prepare(results)
    with studied(found, Wanted(replications, seed, workers, knowledge)) as (
        study,
        pool,
    ):
        origin = Origin(found.name, command_as_typed(), began)
        folder = write_study(
            study, results, origin, pool=pool, workers=workers, figures=not no_figures
        )
    screen = page()
    print_summary(screen, study, path)
    screen.print(f"\nResults: {folder}", soft_wrap=True)
    if study.failures:
        failed = f"{len(study.failures)} of {replications} runs failed"
        click.echo(f"{failed}; why is in failures.csv.", err=True)
        raise click.exceptions.Exit(1)
