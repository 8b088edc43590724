"""`score`: each documented figure beside the runs."""

from typing import TYPE_CHECKING

import click

from sim.cli.options import path_option, scenario_argument, study_options

if TYPE_CHECKING:
    from sim.experiment.cluster import Certificates


@click.command()
@scenario_argument
@study_options
@path_option
@click.option("--all", "everything", is_flag=True, help="Show context figures too.")
def score(
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
    everything: bool,
) -> None:
    r"""Show each documented figure beside the runs: inside or outside.

    \f

    Raises
    ------
    click.exceptions.Exit
        If there are no figures to compare.
    """
    from sim.cli.comparison import print_comparison
    from sim.cli.places import Where
    from sim.cli.scenarios import opened
    from sim.cli.screen import page
    from sim.cli.study import Wanted, measured

    found = opened(scenario)
    if not any(figure.metric for figure in found.figures):
        click.echo("This scenario has no documented figures to compare.", err=True)
        raise click.exceptions.Exit(1)
    wanted = Wanted(replications, seed, knowledge, per_draw)
    study = measured(found, wanted, Where(workers, cluster, tls))
    print_comparison(page(width=160), study, path, everything=everything)
