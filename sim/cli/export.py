"""`export`: every replication of a run as Parquet files."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    help="Folder to write in; the folder parquet in that of the run if not given.",
)
def export(folder: Path, target: Path | None) -> None:
    """Write every replication of a run as Parquet files, for programs."""
    from sim.studies.export import write_parquet
    from sim.words import Words

    words = Words()
    for written in write_parquet(folder, target):
        click.echo(words.of(written.said))
