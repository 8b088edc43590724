"""`schema`: what a scenario file may say, for editors."""

import json

import click


@click.command()
@click.option(
    "--write",
    is_flag=True,
    help="Renew the schema in scenarios/ and the reference in docs/ instead.",
)
def schema(write: bool) -> None:
    """Print the JSON Schema of scenario files."""
    from sim.scenario.schema import REFERENCE_FILE, SCHEMA_FILE, json_schema
    from sim.scenario.schema import write as renew
    from sim.studies.cases import root

    if write:
        renew(root())
        click.echo(f"Wrote {SCHEMA_FILE} and {REFERENCE_FILE}.")
    else:
        click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
