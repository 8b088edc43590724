"""`resume`: go on with a study that was stopped."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import place_options, results_option

if TYPE_CHECKING:
    from sim.studies.options import Where


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@place_options
@results_option
def resume(*, folder: Path | None, where: "Where", results: Path) -> None:
    """Go on with a study that was stopped, in whatever way.

    Without a folder: list the unfinished studies.
    """
    from sim.studies.unfinished import all_unfinished, found

    if folder is None:
        for path in all_unfinished(results):
            click.echo(path)
        return
    from sim.cli.front import finish
    from sim.cli.screen import telling

    with telling() as tell:
        finish(found(folder), where, tell)
