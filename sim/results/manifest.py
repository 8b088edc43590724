"""What it takes to get the same results again, and what they may be used for."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.experiment import Study
from sim.scenario import Operation
from sim.scenario.written import data_of

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


def scenario_hash(operation: Operation) -> str:
    """Return the SHA-256 of an operation with all its values.

    Names keep the order of the file, since that has a meaning: the first fleet of a
    convoy leads it.
    """
    data = json.dumps(data_of(operation), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()


def manifest(
    study: Study, scenario: str, command: str, began: datetime, ended: datetime
) -> dict[str, Any]:
    """Return the contents of run.json.

    Parameters
    ----------
    study : that was run.
    scenario : its name.
    command : as typed.
    began, ended : with their zone.
    """
    return {
        "scenario": scenario,
        "operation": study.operation.operation,
        "zone": study.operation.zone,
        "scenario_sha256": scenario_hash(study.operation),
        "seed": study.seed,
        "replications": len(study.runs) + len(study.failures),
        "failed": len(study.failures),
        "band": study.band,
        "runs_per_draw": study.job.per_draw,
        "band_means": BANDS[study.band],
        "typical_replication": study.typical,
        **provenance(command, began, ended),
        "limits_of_use": LIMITS,
    }


def provenance(command: str, began: datetime, ended: datetime) -> dict[str, Any]:
    """Return what was typed, when, and with which programs; as of `manifest`."""
    return {
        "command": command,
        "began": began.isoformat(timespec="seconds"),
        "ended": ended.isoformat(timespec="seconds"),
        "project": {"version": _project_version(), **_commit()},
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": _versions(),
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
