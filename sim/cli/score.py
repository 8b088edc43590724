"""`score`: each documented figure beside the runs."""

import click

from sim.cli.options import study_options


@click.command()
@study_options
@click.option("--all", "everything", is_flag=True, help="Show context figures too.")
def score(
    *,
    scenario: str,
    replications: int,
    seed: int,
    workers: int,
    knowledge: bool,
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
    from sim.cli.scenarios import opened
    from sim.cli.screen import page
    from sim.cli.study import Wanted, studied

    found = opened(scenario)
    if not any(figure.metric for figure in found.figures):
        click.echo("This scenario has no documented figures to compare.", err=True)
        raise click.exceptions.Exit(1)
    with studied(found, Wanted(replications, seed, workers, knowledge)) as (study, _):
        pass
    print_comparison(page(width=160), study, path, everything=everything)
