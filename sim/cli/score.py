"""`score`: each documented figure beside the runs."""

from typing import TYPE_CHECKING

import click

from sim.cli.options import path_option, scenario_argument, study_options

if TYPE_CHECKING:
    from sim.cli.wanted import Wanted, Where


@click.command()
@scenario_argument
@study_options
@path_option
@click.option("--all", "everything", is_flag=True, help="Show context figures too.")
def score(
    *,
    scenario: str,
    wanted: "Wanted",
    where: "Where",
    path: str,
    everything: bool,
) -> None:
    """Show each documented figure beside the runs: inside or outside.

    \f

    Raises
    ------
    click.exceptions.Exit
        If there are no figures to compare.
    """  # noqa: D301 - where click ends its help
    from sim.cli.comparison import print_comparison
    from sim.cli.scenarios import opened
    from sim.cli.screen import page
    from sim.cli.study import measured

    found = opened(scenario)
    if not any(figure.metric for figure in found.figures):
        click.echo("This scenario has no documented figures to compare.", err=True)
        raise click.exceptions.Exit(1)
    study = measured(found, wanted, where)
    print_comparison(page(width=160), study, path, everything=everything)
