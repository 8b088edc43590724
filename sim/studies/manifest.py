"""What it takes to get the same results again, and what they may be used for."""

import os
import platform
import shutil
import subprocess
import tomllib
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.compiled import in_use
from sim.formats import RESULTS
from sim.report.limits import BANDS, LIMITS
from sim.scenario import scenario_hash
from sim.studies.plan import StudyPlan

_PACKAGES = (
    "simpy",
    "numpy",
    "scipy",
    "matplotlib",
    "pydantic",
    "PyYAML",
    "XlsxWriter",
    "python-calamine",
    "Jinja2",
    "Babel",
    "duckdb",
    "starlette",
    "uvicorn",
    "python-multipart",
)
_MORE = ("click", "rich", "duckdb", "tzdata")
_PROJECT = Path(__file__).resolve().parents[2]


def facts_of(plan: StudyPlan, ended: datetime) -> dict[str, Any]:
    """Return what it takes to run a study again, as run.json says it.

    Parameters
    ----------
    plan : of the study; of several scenarios, the first or the base is named.
    ended : now, with its zone.
    """
    arm = plan.named
    return {
        "scenario": arm.name,
        "operation": arm.operation.operation,
        "zone": arm.operation.zone,
        "scenario_sha256": scenario_hash(arm.operation),
        "seed": plan.seed,
        "replications": plan.replications,
        "band": plan.band,
        "fit": None if arm.drawn is None else arm.drawn.file,
        "runs_per_draw": plan.per_draw,
        "band_means": BANDS[plan.band].one,
        **provenance(plan, ended),
    }


def provenance(plan: StudyPlan, ended: datetime) -> dict[str, Any]:
    """Return what was typed, when, with which programs, and for what it is not."""
    return {
        "format": RESULTS.current,
        "command": plan.typed,
        "study_sha256": plan.digest,
        "began": plan.began.isoformat(timespec="seconds"),
        "ended": ended.isoformat(timespec="seconds"),
        **program_facts(),
        "limits_of_use": LIMITS.one,
    }


def program_facts() -> dict[str, Any]:
    """Return with which programs something is run here, and on what machine."""
    return {
        "project": {"version": _project_version(), **_commit()},
        "model": "compiled" if in_use() else "plain Python",
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
