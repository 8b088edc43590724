"""`check`: say everything that is wrong with scenarios and their evidence."""

import click

from sim.cli.options import language_option


@click.command()
@click.argument("scenarios", metavar="SCENARIO...", nargs=-1, required=True)
@language_option
def check(*, scenarios: tuple[str, ...], language: str) -> None:
    """Say what is wrong with scenarios and their evidence, or may not be meant.

    \f

    Raises
    ------
    click.exceptions.Exit
        If any is refused.
    """  # noqa: D301 - where click ends its help
    from sim.studies.check import verdict_on
    from sim.words import Words

    words = Words(language)
    refused = False
    for verdict in map(verdict_on, scenarios):
        for problem in verdict.problems:
            click.echo(problem, err=True)
        click.echo(words.of(verdict.said), err=verdict.case is None)
        for note in verdict.notes:
            click.echo(words.of(note), err=True)
        refused = refused or verdict.case is None
    if refused:
        raise click.exceptions.Exit(1)
