"""Writes everything a study leaves into one folder, or nothing."""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from sim.events import RunLog
from sim.experiment import Study
from sim.experiment.pool import Pool
from sim.experiment.store import settle
from sim.results.csv_file import write_csv
from sim.results.log_tables import events_table, vehicles_table
from sim.results.manifest import Origin, manifest
from sim.results.run_folder import name_of, run_folder
from sim.results.tables import (
    failures_table,
    precision_table,
    shares_table,
    study_tables,
)
from sim.results.text_file import write_json, write_text
from sim.results.workbook import workbook
from sim.scenario import resolved_yaml, scenario_hash
from sim.statistics.precision import Look

_FIGURES = "figures"
REPLICATIONS = "replications"


def write_study(
    study: Study,
    root: Path,
    origin: Origin,
    *,
    pool: Pool | None = None,
    figures: bool = True,
    look: Look | None = None,
) -> Path:
    """Write tables, workbook, pictures and how to repeat it all; return the folder.

    Parameters
    ----------
    study : to write.
    root : folder of all results.
    origin : where the study came from.
    pool : where pictures are drawn meanwhile, on this machine; in this process if None.
    figures : whether to draw pictures.
    look : how well metrics are known, if that decided the number of runs.

    Raises
    ------
    ResultsError
        If the disk does not take them; nothing is left then.
    """
    name = name_of(origin.scenario, scenario_hash(study.operation), origin.began)
    log = study.log_of(study.typical)
    with run_folder(root, name) as run:
        finish = _begin_to_draw(study, log, run.path, pool) if figures else None
        _write_data(run.path, study, log)
        if study.job.per_draw > 1:
            write_csv(run.path / "shares.csv", shares_table(study))
        if look is not None:
            write_csv(run.path / "precision.csv", precision_table(look))
        if study.failures:
            table = failures_table([(origin.scenario, study)])
            write_csv(run.path / "failures.csv", table)
        if finish is not None:
            finish()
        ended = datetime.now().astimezone()
        write_json(run.path / "run.json", manifest(study, origin, ended))
    return run.path


def _write_data(folder: Path, study: Study, log: RunLog) -> None:
    tables = {
        **study_tables(study),
        "events": events_table(log, study.operation.clock),
        "vehicles": vehicles_table(log, study.operation),
    }
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table)
    (folder / "results.xlsx").write_bytes(workbook(study, log))
    write_text(folder / "scenario.yaml", resolved_yaml(study.operation))
    if study.store.lasting:
        settle(study.store, folder / REPLICATIONS)


def _begin_to_draw(
    study: Study, log: RunLog, folder: Path, pool: Pool | None
) -> Callable[[], None]:
    """Let the pool draw pictures; return what waits for them."""
    size = pool.size if pool is not None else 1
    shares = [slice(first, None, size) for first in range(size)]
    work = [partial(_draw, study, log, folder / _FIGURES, share) for share in shares]
    drawing: list[Future[None] | None] = [None] * size
    if pool is not None and size > 1:
        with suppress(BrokenExecutor):
            drawing = [pool.submit(draw) for draw in work]

    def finish() -> None:
        for draw, future in zip(work, drawing, strict=True):
            try:
                if future is None:
                    draw()
                else:
                    future.result()
            except BrokenExecutor:
                draw()

    return finish


def _draw(study: Study, log: RunLog, folder: Path, share: slice) -> None:
    """Draw a share of the pictures; runs in a worker."""
    from sim.plots import FIGURES, draw  # noqa: PLC0415 (matplotlib takes a second)

    for name in list(FIGURES)[share]:
        draw(name, study, log, folder)
