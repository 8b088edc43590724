"""`export`: what a run leaves, in the formats of other programs."""

from pathlib import Path

import click

from sim.cli.options import language_option


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "names",
    metavar="NAME",
    multiple=True,
    help="Write this export only; may be given several times. Without it, all that are "
    "possible. What there is: docs/how-to/export.md.",
)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    help="Folder to write in; the folder exports in that of the run if not given.",
)
@language_option
def export(
    *, folder: Path, names: tuple[str, ...], target: Path | None, language: str
) -> None:
    """Write what a run leaves for other programs: tables, maps, logs, checklists."""
    from sim.exports import exported
    from sim.words import Words

    words = Words(language)
    for said in exported(folder, names, target, language):
        click.echo(words.of(said))
