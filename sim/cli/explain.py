"""`explain`: why a convoy or a group waited, and who waited longest."""

import click

from sim.cli.options import (
    knowledge_option,
    per_draw_option,
    scenario_argument,
    seed_option,
)


@click.command()
@scenario_argument
@click.argument("who", metavar="[CONVOY|SITE/GROUP]", required=False)
@click.option(
    "--replication",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Which of the runs to explain.",
)
@seed_option
@knowledge_option
@per_draw_option
def explain(
    *,
    scenario: str,
    who: str | None,
    replication: int,
    seed: int,
    knowledge: bool,
    per_draw: int,
) -> None:
    r"""Say why a convoy or a group waited.

    Without a name: who waited longest.

    \f

    Raises
    ------
    click.BadParameter
        If there is no such convoy or group.
    """
    from sim.cli.scenarios import opened
    from sim.cli.screen import page
    from sim.cli.study import Wanted
    from sim.cli.timeline import lines_of, print_longest, print_time_line
    from sim.experiment import Job

    band = Wanted(1, seed, knowledge, per_draw).band
    job = Job(opened(scenario).operation, (), seed, band, per_draw)
    operation, _ = job.world(replication)
    log = job.log_of(replication)
    screen = page(width=140)
    if who is None:
        print_longest(screen, operation, log)
        return
    try:
        lines = lines_of(operation, log, who)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="CONVOY|SITE/GROUP") from error
    screen.print(f"{who}, replication {replication}, seed {seed}\n")
    print_time_line(screen, operation, lines)
