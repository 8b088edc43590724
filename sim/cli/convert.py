"""`convert`: a scenario as a workbook if it is a text, and the other way."""

from pathlib import Path

import click


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.argument(
    "to", metavar="[TO]", required=False, type=click.Path(path_type=Path), default=None
)
def convert(scenario: str, to: Path | None) -> None:
    """Write a text scenario as a workbook, or a workbook as a text, nothing lost.

    TO is the file to write, or a folder; beside the scenario if left out. The tables of
    evidence and sources come along. SCENARIO may be a folder if TO is one: all its
    scenarios are written, and variants extend the new files.
    """
    from sim.studies.convert import convert as written
    from sim.words import Words

    words = Words()
    for said in written(scenario, to):
        click.echo(words.of(said))
