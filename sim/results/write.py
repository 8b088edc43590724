"""Writes everything a study leaves into one folder, or nothing."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sim.experiment import Study
from sim.results.csv_file import write_csv
from sim.results.manifest import manifest, scenario_hash
from sim.results.run_folder import name_of, run_folder
from sim.results.tables import events_table, study_tables, vehicles_table
from sim.results.workbook import workbook
from sim.scenario import resolved_yaml


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a study came from.

    Attributes
    ----------
    scenario : its name.
    command : as typed.
    began : local time with its zone.
    """

    scenario: str
    command: str
    began: datetime


def write_study(
    study: Study, root: Path, origin: Origin, *, workers: int = 1, figures: bool = True
) -> Path:
    """Write tables, workbook, pictures and how to repeat it all; return the folder.

    Parameters
    ----------
    study : to write.
    root : folder of all results.
    origin : where the study came from.
    workers : that draw pictures at the same time.
    figures : whether to draw pictures.

    Raises
    ------
    ResultsError
        If the disk does not take them; nothing is left then.
    """
    name = name_of(origin.scenario, scenario_hash(study.operation), origin.began)
    log = study.log_of(study.typical)
    with run_folder(root, name) as run:
        for table_name, table in study_tables(study).items():
            write_csv(run.path / f"{table_name}.csv", table)
        write_csv(run.path / "events.csv", events_table(log, study.operation.clock))
        write_csv(run.path / "vehicles.csv", vehicles_table(log, study.operation))
        (run.path / "results.xlsx").write_bytes(workbook(study, log))
        _write_text(run.path / "scenario.yaml", resolved_yaml(study.operation))
        if figures:
            from sim.figures import draw_all  # noqa: PLC0415 (matplotlib takes a second)

            draw_all(study, log, run.path / "figures", workers)
        facts = manifest(
            study,
            origin.scenario,
            origin.command,
            origin.began,
            datetime.now().astimezone(),
        )
        text = json.dumps(facts, ensure_ascii=False, indent=2)
        _write_text(run.path / "run.json", f"{text}\n")
    return run.path


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
