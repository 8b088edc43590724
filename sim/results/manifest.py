"""What it takes to get the same results again, and what they may be used for."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.compiled import in_use
from sim.experiment import Job, Study
from sim.scenario import Operation, scenario_hash

LIMITS = (
    "A simulation of groups of people for study and planning, built on public sources "
    "that contradict each other. It does not say what happened or what will happen, "
    "which source is right, or who is to blame, and must not be used to find, target "
    "or judge persons or parties."
)
BANDS: Mapping[str, str] = {
    "chance": "The runs share the values of the scenario file; bands show chance only, "
    "not what is unknown about the world.",
    "knowledge and chance": "What is not known is drawn from the ranges of the "
    "scenario file; bands show both this and chance.",
    "calibrated": "Each run is a draw of a fit to the documented figures: what is not "
    "known, and chance, as far as the record says anything about them.",
}
_PACKAGES = (
    "simpy",
    "numpy",
    "scipy",
    "matplotlib",
    "pydantic",
    "PyYAML",
    "XlsxWriter",
)
_MORE = ("click", "rich", "tzdata")
_PROJECT = Path(__file__).resolve().parents[2]


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


def hash_of_all(operations: Iterable[Operation]) -> str:
    """Return one SHA-256 of several operations in their order; of one, its own."""
    hashes = [scenario_hash(operation) for operation in operations]
    if len(hashes) == 1:
        return hashes[0]
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def hash_of_changes(base: Operation, changes: Sequence[Mapping[str, str]]) -> str:
    """Return one SHA-256 of an operation and of what is changed in it each time."""
    text = json.dumps([dict(change) for change in changes], ensure_ascii=False)
    return hashlib.sha256(f"{scenario_hash(base)}{text}".encode()).hexdigest()


def manifest(study: Study, origin: Origin, ended: datetime) -> dict[str, Any]:
    """Return the contents of run.json of a study.

    Parameters
    ----------
    study : that was run.
    origin : where it came from.
    ended : now, with its zone.
    """
    return {
        **facts_of(study.job, len(study.runs) + len(study.failures), origin, ended),
        "failed": len(study.failures),
        "typical_replication": study.typical,
    }


def facts_of(
    job: Job, replications: int, origin: Origin, ended: datetime
) -> dict[str, Any]:
    """Return what it takes to run a scenario again.

    Parameters
    ----------
    job : of the scenario; of the base, if there are several.
    replications : of each scenario.
    origin : where the study came from.
    ended : now, with its zone.
    """
    return {
        "scenario": origin.scenario,
        "operation": job.operation.operation,
        "zone": job.operation.zone,
        "scenario_sha256": scenario_hash(job.operation),
        "seed": job.seed,
        "replications": replications,
        "band": job.band,
        "fit": None if job.drawn is None else job.drawn.file,
        "runs_per_draw": job.per_draw,
        "band_means": BANDS[job.band],
        **provenance(origin, ended),
    }


def provenance(origin: Origin, ended: datetime) -> dict[str, Any]:
    """Return what was typed, when, with which programs, and for what it is not."""
    return {
        "command": origin.command,
        "began": origin.began.isoformat(timespec="seconds"),
        "ended": ended.isoformat(timespec="seconds"),
        "project": {"version": _project_version(), **_commit()},
        "model": "compiled" if in_use() else "plain Python",
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": _versions(),
        "limits_of_use": LIMITS,
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in (*_PACKAGES, *_MORE):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _project_version() -> str:
    """Return the version of this project, whether it is installed or a folder."""
    try:
        text = (_PROJECT / "pyproject.toml").read_text("utf-8")
        return str(tomllib.loads(text)["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        pass
    try:
        return metadata.version("evacuation-convoys")
    except metadata.PackageNotFoundError:
        return "unknown"


def _commit() -> dict[str, str | bool | None]:
    """Return the commit of the code, and whether that was changed; None if unknown."""
    unknown: dict[str, str | bool | None] = {"commit": None, "changed_since": None}
    top = _git("rev-parse", "--show-toplevel")
    # A copy without its own history may lie within somebody else's.
    if top is None or not top or Path(top).resolve() != _PROJECT:
        return unknown
    changes = _git("status", "--porcelain", "--", "sim")
    return {
        "commit": _git("rev-parse", "HEAD"),
        "changed_since": None if changes is None else bool(changes),
    }


def _git(*arguments: str) -> str | None:
    """Return what git says of the project's folder; None without git or history."""
    git = shutil.which("git")
    if git is None:
        return None
    # Asking must not write: a lock could disturb whoever works in the folder.
    quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    command = [git, "-C", str(_PROJECT), *arguments]
    try:
        said = subprocess.run(  # noqa: S603 (words of our own, no shell)
            command, capture_output=True, text=True, timeout=10, check=True, env=quiet
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return said.stdout.strip()
