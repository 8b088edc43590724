"""`export`: every replication of a run as Parquet files."""

from pathlib import Path

import click

from sim.cli.options import language_option


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    help="Folder to write in; the folder parquet in that of the run if not given.",
)
@language_option
def export(*, folder: Path, target: Path | None, language: str) -> None:
    """Write every replication of a run as Parquet files, for programs."""
    from sim.studies.export import write_parquet
    from sim.words import Words

    words = Words(language)
    for written in write_parquet(folder, target):
        click.echo(words.of(written.said))
