"""`upgrade`: a scenario file of an older format, written anew."""

import click

from sim.cli.options import language_option


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--from",
    "assumed",
    type=click.IntRange(min=1),
    metavar="FORMAT",
    help="The file has this format, though it does not say so.",
)
@click.option("--replace", is_flag=True, help="Write over the file, not beside it.")
@language_option
def upgrade(
    *, scenario: str, assumed: int | None, replace: bool, language: str
) -> None:
    """Write a scenario file of an older format anew, and say what changed in it."""
    from sim.studies.upgrade import upgrade as written
    from sim.words import Words

    words = Words(language)
    for said in written(scenario, assumed, replace):
        click.echo(words.of(said))
