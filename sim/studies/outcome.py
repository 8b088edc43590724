"""What a kind of study makes of its plan."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.experiment import Study
from sim.report.contents import Report


def _nothing(folder: Path) -> None:
    """Leave nothing more in a folder."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has come of a study.

    Attributes
    ----------
    report : what it says.
    facts : what run.json says besides what it says of every study.
    files : texts to be written beside the report, by their name.
    leave : leaves what else belongs into the folder of results.
    failed, whole : runs that raised, of how many.
    """

    report: Report
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    leave: Callable[[Path], None] = _nothing
    failed: int = 0
    whole: int = 0


def runs_of(studies: Iterable[Study]) -> dict[str, int]:
    """Return how many runs of studies raised, and how many there were."""
    every = list(studies)
    failed = sum(len(study.failures) for study in every)
    return {
        "failed": failed,
        "whole": failed + sum(len(study.replications) for study in every),
    }
