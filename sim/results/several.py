"""What a study of several scenarios leaves of each: its file, and what it was."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.experiment import NamedStudy
from sim.results.text_file import write_text
from sim.scenario import resolved_yaml, scenario_hash


def write_scenarios(
    folder: Path, studies: Mapping[str, NamedStudy]
) -> list[dict[str, Any]]:
    """Write each scenario with all its values; return what run.json says of each.

    Parameters
    ----------
    folder : to make.
    studies : by the names of their files, without the ending.
    """
    folder.mkdir()
    facts = []
    for file, (name, study) in studies.items():
        write_text(folder / f"{file}.yaml", resolved_yaml(study.operation))
        facts.append(
            {
                "scenario": name,
                "operation": study.operation.operation,
                "scenario_sha256": scenario_hash(study.operation),
                "failed": len(study.failures),
                "file": f"{folder.name}/{file}.yaml",
            }
        )
    return facts
