"""`resume`: go on with a study that was stopped."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import front_options, same_language_option

if TYPE_CHECKING:
    from sim.cli.front import Front


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@front_options(pictures=False, language=same_language_option)
def resume(*, folder: Path | None, front: "Front") -> None:
    """Go on with a study that was stopped, in whatever way.

    Without a folder: list the unfinished studies.
    """
    from sim.studies.finish import finished_before
    from sim.studies.unfinished import all_unfinished, found
    from sim.words import Words

    if folder is not None:
        study = found(folder)
        results = study.cleared()
        if results is None:
            front.finish(study)
        else:
            language = front.language or study.plan.language
            click.echo(Words(language).of(finished_before(results)))
        return
    for path in all_unfinished(front.results):
        click.echo(path)
