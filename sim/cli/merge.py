"""`merge`: two people's edits of one scenario or evidence table as one file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.revisions import Side

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("base", type=_FILE)
@click.argument("mine", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.option(
    "-o",
    "--output",
    "target",
    type=_FILE,
    help="File to write, which must not be there; beside MINE if not given.",
)
@click.option(
    "--prefer",
    type=click.Choice(["mine", "theirs"]),
    help="Where both changed the same, take this side, and say so. Without it nothing "
    "is written then.",
)
def merge(
    base: Path, mine: Path, theirs: Path, target: Path | None, prefer: "Side | None"
) -> None:
    """Write what two people made of BASE, in MINE and THEIRS, as one file."""
    from sim.revisions import merged_files
    from sim.words import Words

    words = Words()
    for said in merged_files(base, mine, theirs, target, prefer):
        click.echo(words.of(said))
