"""What a kind of study makes of its plan."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

from sim.experiment import NamedStudy, Study
from sim.report.contents import Report
from sim.scenario import resolved_yaml, scenario_hash


def _nothing(folder: Path) -> None:
    """Leave nothing more in a folder."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has come of a study.

    Attributes
    ----------
    report : what it says.
    result : what the report is about.
    facts : what run.json says besides what it says of every study.
    files : texts to be written beside the report, by their name.
    leave : leaves what else belongs into the folder of results.
    failed, whole : runs that raised, of how many.
    """

    report: Report
    result: Any = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    leave: Callable[[Path], None] = _nothing
    failed: int = 0
    whole: int = 0


class RunCounts(TypedDict):
    """How many runs of a study raised, and how many there were."""

    failed: int
    whole: int


def runs_of(studies: Iterable[Study]) -> RunCounts:
    """Return how many runs of studies raised, and how many there were."""
    every = list(studies)
    failed = sum(len(study.failures) for study in every)
    return {
        "failed": failed,
        "whole": failed + sum(len(study.replications) for study in every),
    }


def scenarios_of(
    studies: Mapping[str, NamedStudy],
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the files of several scenarios, and what run.json says of each.

    Parameters
    ----------
    studies : by the names of their files, without folder and ending.
    """
    files, facts = {}, []
    for file, (name, study) in studies.items():
        path = f"scenarios/{file}.yaml"
        files[path] = resolved_yaml(study.operation)
        facts.append(
            {
                "scenario": name,
                "operation": study.operation.operation,
                "scenario_sha256": scenario_hash(study.operation),
                "failed": len(study.failures),
                "file": path,
            }
        )
    return files, facts
