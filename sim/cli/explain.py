"""`explain`: why a convoy or a group waited, and who waited longest."""

from pathlib import Path

import click

from sim.cli.options import (
    changes_option,
    consent_option,
    fit_option,
    knowledge_option,
    language_option,
    per_draw_option,
    scenario_argument,
    seed_option,
)


@click.command()
@scenario_argument
@changes_option
@click.argument("who", metavar="[CONVOY|SITE/GROUP]", default="")
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
@consent_option
@language_option
def explain(
    *,
    scenario: str,
    who: str,
    replication: int,
    seed: int | None,
    knowledge: bool,
    per_draw: int,
    fit: Path | None,
    consent: bool,
    language: str,
) -> None:
    """Say why a convoy or a group waited.

    Without a name: who waited longest.
    """
    from sim.cli.screen import show, telling
    from sim.studies.explanation import explained
    from sim.studies.options import Amount

    with telling(language) as tell:
        report = explained(
            scenario,
            Amount(1, seed, knowledge, per_draw),
            who=who,
            replication=replication,
            fit=fit,
            consent=consent,
            tell=tell,
        )
    show(report, language, width=140)
