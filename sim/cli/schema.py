"""`schema`: what a scenario file may say, for editors."""

import click


@click.command()
@click.option(
    "--write",
    is_flag=True,
    help="Renew the schema in scenarios/ and the reference in docs/ instead.",
)
def schema(write: bool) -> None:
    """Print the JSON Schema of scenario files."""
    from sim.studies.schema import renewed
    from sim.studies.schema import schema as of_scenarios
    from sim.words import Words

    click.echo(Words().of(renewed()) if write else of_scenarios())
