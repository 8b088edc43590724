"""`schema`: what a scenario file may say, for editors."""

import click

from sim.cli.options import language_option


@click.command()
@click.option(
    "--write",
    is_flag=True,
    help="Renew the schema in scenarios/ and the reference in docs/ instead.",
)
@language_option
def schema(*, write: bool, language: str) -> None:
    """Print the JSON Schema of scenario files."""
    from sim.studies.schema import renewed
    from sim.studies.schema import schema as of_scenarios
    from sim.words import Words

    click.echo(Words(language).of(renewed()) if write else of_scenarios())
