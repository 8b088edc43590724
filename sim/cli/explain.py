"""`explain`: why a convoy or a group waited, and who waited longest."""

from pathlib import Path

import click

from sim.cli.options import (
    fit_option,
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
@fit_option
def explain(
    *,
    scenario: str,
    who: str | None,
    replication: int,
    seed: int,
    knowledge: bool,
    per_draw: int,
    fit: Path | None,
) -> None:
    """Say why a convoy or a group waited.

    Without a name: who waited longest.

    \f

    Raises
    ------
    click.BadParameter
        If there is no such convoy, group or replication.
    """  # noqa: D301 - where click ends its help
    from sim.cli.fits import arms_of, wanted_of
    from sim.cli.scenarios import opened
    from sim.cli.screen import page
    from sim.cli.timeline import lines_of, print_longest, print_time_line
    from sim.cli.wanted import Wanted
    from sim.experiment import Job

    wanted = wanted_of(fit, Wanted(1, seed, knowledge, per_draw))
    (arm,) = arms_of(fit, [scenario], [opened(scenario)])
    if arm.drawn is not None and replication >= len(arm.drawn.luck):
        text = f"the fit holds {len(arm.drawn.luck)} draws, counted from 0"
        raise click.BadParameter(text, param_hint="--replication")
    job = Job(arm.operation, (), wanted.seed, wanted.band, per_draw, arm.drawn)
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
    screen.print(f"{who}, replication {replication}, seed {wanted.seed}\n")
    print_time_line(screen, operation, lines)
