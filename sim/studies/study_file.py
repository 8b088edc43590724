"""A study as it was begun, in a folder: its plan, scenarios and figures.

Whoever reads it again gets the very plan that was written, or none: what was changed,
damaged or taken away since is never taken for it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from sim.errors import SimError
from sim.evidence.figures import Figure
from sim.experiment.drawn import Drawn
from sim.experiment.program import fingerprint
from sim.experiment.replicate import Band
from sim.plain_file import plain_bytes
from sim.scenario import amended, load, resolved_yaml
from sim.studies.folder import write_json, write_text
from sim.studies.plan import Arm, StudyPlan

STUDY_FILE = "study.json"
MOST_MB = 256
"""Millions of bytes of any file in the folder of a study."""


def write_plan(plan: StudyPlan, path: Path) -> None:
    """Write all that a study begins with into a folder."""
    (path / "scenarios").mkdir()
    (path / "figures").mkdir()
    for number, arm in enumerate(plan.written):
        write_text(path / "scenarios" / f"{number}.yaml", resolved_yaml(arm.operation))
        rows = [each.model_dump(mode="json", by_alias=True) for each in arm.figures]
        write_json(path / "figures" / f"{number}.json", rows)
        if arm.drawn is not None:
            write_json(path / "figures" / f"{number}-drawn.json", asdict(arm.drawn))
    write_json(path / STUDY_FILE, _facts(plan))


class _Facts(BaseModel):
    """What `study.json` says."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: str
    title: str
    base: str | None
    arms: tuple[str, ...]
    changes: tuple[dict[str, str], ...]
    seed: int
    replications: int
    band: Band
    per_draw: int
    options: dict[str, Any]
    typed: str
    began: datetime
    runs: int
    digest: str
    program: str


_DRAWN = TypeAdapter(Drawn)
_FIGURES = TypeAdapter(tuple[Figure, ...])


def read_plan(path: Path, told: Mapping[str, Any]) -> StudyPlan | None:
    """Return the plan of a study, None if it is not the one that was begun.

    Parameters
    ----------
    path : of its folder.
    told : what `STUDY_FILE` in it says.
    """
    if not is_sealed(told):
        return None
    facts = {key: value for key, value in told.items() if key != "seal"}
    try:
        known = _Facts.model_validate_json(json.dumps(facts))
        base, arms = _arms(path, known)
        plan = StudyPlan(
            arms=arms,
            base=base,
            **known.model_dump(
                exclude={"arms", "base", "changes", "digest", "program"}
            ),
        )
    except (OSError, ValueError, KeyError, SimError, RecursionError):
        return None
    return plan if plan.digest == known.digest else None


def is_sealed(told: Mapping[str, Any]) -> bool:
    """Tell whether what `STUDY_FILE` says was not changed since it was written."""
    facts = dict(told)
    try:
        return bool(facts.pop("seal", None) == _seal(facts))
    except (ValueError, RecursionError):
        return False


def _arms(path: Path, facts: _Facts) -> tuple[Arm | None, tuple[Arm, ...]]:
    """Return the base of a study, if it has one, and its arms."""
    if facts.base is None:
        return None, tuple(_arm(path, *each) for each in enumerate(facts.arms))
    base = _arm(path, 0, facts.base)
    return base, tuple(
        Arm(name, amended(base.operation, change), base.figures, change)
        for name, change in zip(facts.arms, facts.changes, strict=True)
    )


def _arm(path: Path, number: int, name: str) -> Arm:
    operation = load(path / "scenarios" / f"{number}.yaml")
    return Arm(name, operation, _figures(path, number), drawn=_drawn(path, number))


def _drawn(path: Path, arm: int) -> Drawn | None:
    """Return the draws of a fit that an arm takes, None if it takes none."""
    file = path / "figures" / f"{arm}-drawn.json"
    try:
        return _DRAWN.validate_json(plain_bytes(file, MOST_MB))
    except FileNotFoundError:
        return None


def _figures(path: Path, arm: int) -> tuple[Figure, ...]:
    file = path / "figures" / f"{arm}.json"
    return _FIGURES.validate_json(plain_bytes(file, MOST_MB))


def _facts(plan: StudyPlan) -> dict[str, Any]:
    facts = {
        "kind": plan.kind,
        "title": plan.title,
        "base": plan.base and plan.base.name,
        "arms": [arm.name for arm in plan.arms],
        "changes": [dict(arm.change) for arm in plan.arms],
        "seed": plan.seed,
        "replications": plan.replications,
        "band": plan.band,
        "per_draw": plan.per_draw,
        "options": dict(plan.options),
        "typed": plan.typed,
        "began": plan.began.isoformat(),
        "runs": plan.runs,
        "digest": plan.digest,
        "program": fingerprint(),
    }
    return {**facts, "seal": _seal(facts)}


def _seal(facts: Mapping[str, Any]) -> str:
    """Return a hash of all that is told of a study, which nobody changes by mistake."""
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
