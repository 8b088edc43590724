"""`resume`: go on with a study that was stopped."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.calibrate import finish_calibration
from sim.cli.compare import finish_comparison
from sim.cli.options import place_options, results_option
from sim.cli.run import finish_run
from sim.cli.select import finish_selection
from sim.cli.sweep import finish_sweep
from sim.cli.validate import finish_validation

if TYPE_CHECKING:
    from sim.cli.wanted import Where

_FINISH = {
    "run": finish_run,
    "compare": finish_comparison,
    "calibrate": finish_calibration,
    "select": finish_selection,
    "sweep": finish_sweep,
    "validate": finish_validation,
}


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@place_options
@results_option
def resume(
    *,
    folder: Path | None,
    where: "Where",
    results: Path,
) -> None:
    """Go on with a study that was stopped, in whatever way.

    Without a folder: list the unfinished studies.
    """
    from sim.results.unfinished import all_unfinished, found

    if folder is None:
        for path in all_unfinished(results):
            click.echo(path)
        return
    study = found(folder)
    _FINISH[study.plan.command](study, where)
