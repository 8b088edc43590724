"""A study under way on the disk: what is to be run, and what has been.

The folder `NAME.unfinished` in the folder of results holds `study.json` (what kind of
study, with which options), each scenario with all its values, the documented figures,
and the replications done. Whatever ends the program, a later start goes on from there.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.errors import RunError
from sim.evidence.figures import Figure
from sim.experiment.drawn import Drawn
from sim.experiment.program import fingerprint
from sim.experiment.store import Folder, Memory, Store
from sim.inference.keeper import runs_kept
from sim.scenario import amended, load, resolved_yaml
from sim.studies.folder import (
    draft_name,
    in_plain_words,
    name_of,
    prepare,
    renamed,
    write_json,
    write_text,
)
from sim.studies.plan import Arm, StudyPlan

ENDING = ".unfinished"
_PLAN = "study.json"
_STEPS = "steps"


@dataclass(slots=True)
class Grip:
    """The right to work on a study, and to say that its folder is needed no more."""

    worthless: bool = False

    def discard(self) -> None:
        """Remove the folder once the study is let go."""
        self.worthless = True


@dataclass(frozen=True, slots=True)
class Underway:
    """A study that is being done, and a folder for what is kept meanwhile."""

    path: Path
    plan: StudyPlan

    @property
    def root(self) -> Path:
        """A folder for what studies share, as pools of runs."""
        return self.path

    @property
    def answers(self) -> Path:
        """Where answers of a simulator are kept."""
        return self.path / "answers"

    @property
    def steps(self) -> Path:
        """Where fits are kept, step by step; made if need be."""
        path = self.path / _STEPS
        path.mkdir(exist_ok=True)
        return path

    def stores(self) -> Sequence[Store]:
        """Return where the replications of each arm are kept: in memory."""
        return [Memory() for _ in self.plan.arms]


@dataclass(frozen=True, slots=True)
class Unfinished(Underway):
    """A study whose folder outlasts the program."""

    @property
    def root(self) -> Path:
        """The folder of all results."""
        return self.path.parent

    @property
    def name(self) -> str:
        """The name of the folder once the study is complete."""
        return name_of(self.plan.title, self.plan.digest, self.plan.began)

    def stores(self) -> Sequence[Folder]:
        """Return where the replications of each arm are kept."""
        return [Folder(self._runs(arm)) for arm in range(len(self.plan.arms))]

    @property
    def kept(self) -> str:
        """What a later start goes on from, in a sentence; empty if there is nothing."""
        if (self.path / _STEPS).exists():
            return "What was fitted is kept, step by step."
        runs = sum(len(store.done()) for store in self.stores())
        runs += runs_kept(self.answers)
        return f"{runs:,} of {self.plan.runs:,} runs are kept." if runs else ""

    @contextmanager
    def held(self) -> Iterator["Grip"]:
        """Keep others from working on it at the same time.

        Raises
        ------
        RunError
            If somebody else does.
        ResultsError
            If the disk does not let us.
        """
        grip = Grip()
        try:
            # SQLite has the one lock of the standard library that is the same on every
            # system and goes away with its holder, however that ends.
            with in_plain_words(self.path), closing(self._locked()):
                yield grip
        finally:
            if grip.worthless:
                _remove(self.path)

    def _locked(self) -> sqlite3.Connection:
        try:
            lock = sqlite3.connect(self.path / "lock", timeout=0)
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise RunError(
                f"another start is at work on {self.path}. Wait until it has ended."
            ) from error
        return lock

    def _runs(self, arm: int) -> Path:
        return self.path / "runs" / str(arm)


def begun(plan: StudyPlan, root: Path) -> Unfinished:
    """Make the folder of a study; return what has not begun yet.

    Raises
    ------
    ResultsError
        If the disk does not take it.
    """
    prepare(root)
    with in_plain_words(root):
        wanted = name_of(plan.title, plan.digest, plan.began)
        draft = draft_name(root)
        draft.mkdir()
        try:
            _write(plan, draft)
            path = renamed(draft, root / wanted, ENDING)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    return Unfinished(path, plan)


def _write(plan: StudyPlan, path: Path) -> None:
    """Write all that a study begins with into a folder."""
    (path / "scenarios").mkdir()
    (path / "figures").mkdir()
    for number, arm in enumerate(_written(plan)):
        write_text(path / "scenarios" / f"{number}.yaml", resolved_yaml(arm.operation))
        rows = [each.model_dump(mode="json", by_alias=True) for each in arm.figures]
        write_json(path / "figures" / f"{number}.json", rows)
        if arm.drawn is not None:
            write_json(path / "figures" / f"{number}-drawn.json", asdict(arm.drawn))
    write_json(path / _PLAN, _facts(plan))


def found(path: Path) -> Unfinished:
    """Return the study in a folder.

    Raises
    ------
    RunError
        If there is none, or if it was begun with another version of the program.
    ResultsError
        If the disk does not let us read it.
    """
    with in_plain_words(path):
        try:
            facts = json.loads((path / _PLAN).read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:
            raise RunError(_not_a_study(path)) from error
        if facts["program"] != fingerprint():
            raise RunError(
                f"{path} was begun with another version of the program, and its runs "
                "cannot be mixed with those of this one. Start the study anew: "
                f"{facts['typed']}"
            )
        base, arms = _arms(path, facts)
    plan = StudyPlan(
        kind=facts["kind"],
        title=facts["title"],
        arms=arms,
        seed=facts["seed"],
        replications=facts["replications"],
        band=facts["band"],
        per_draw=facts["per_draw"],
        options=facts["options"],
        typed=facts["typed"],
        began=datetime.fromisoformat(facts["began"]),
        base=base,
        runs=facts["runs"],
    )
    if plan.digest != facts["digest"]:
        raise RunError(
            f"a scenario in {path} was changed since the study began. Start the study "
            f"anew: {plan.typed}"
        )
    return Unfinished(path, plan)


def all_unfinished(root: Path) -> list[Path]:
    """Return the folders of the studies that were not finished."""
    return sorted(path for path in root.glob(f"*{ENDING}") if (path / _PLAN).is_file())


def _remove(path: Path) -> None:
    """Remove a folder; whatever ends the program, nothing is left that looks whole."""
    gone = path
    with suppress(OSError):
        gone = path.rename(draft_name(path.parent))
    shutil.rmtree(gone, ignore_errors=True)


def _not_a_study(path: Path) -> str:
    others = all_unfinished(path.parent)
    names = ", ".join(str(each) for each in others) or "there is none"
    return (
        f"{path} is not the folder of an unfinished study. Unfinished studies beside "
        f"it: {names}."
    )


def _written(plan: StudyPlan) -> tuple[Arm, ...]:
    """Return the arms that have files of their own."""
    return plan.arms if plan.base is None else (plan.base,)


def _arms(path: Path, facts: Mapping[str, Any]) -> tuple[Arm | None, tuple[Arm, ...]]:
    """Return the base of a study, if it has one, and its arms."""
    if facts["base"] is None:
        return None, tuple(_arm(path, *each) for each in enumerate(facts["arms"]))
    base = _arm(path, 0, facts["base"])
    return base, tuple(
        Arm(name, amended(base.operation, change), base.figures, change)
        for name, change in zip(facts["arms"], facts["changes"], strict=True)
    )


def _arm(path: Path, number: int, name: str) -> Arm:
    operation = load(path / "scenarios" / f"{number}.yaml")
    return Arm(name, operation, _figures(path, number), drawn=_drawn(path, number))


def _drawn(path: Path, arm: int) -> Drawn | None:
    """Return the draws of a fit that an arm takes, None if it takes none."""
    file = path / "figures" / f"{arm}-drawn.json"
    if not file.exists():
        return None
    facts = json.loads(file.read_text("utf-8"))
    return Drawn(
        facts["file"],
        tuple(facts["names"]),
        tuple(map(tuple, facts["values"])),
        tuple(map(tuple, facts["luck"])),
    )


def _figures(path: Path, arm: int) -> tuple[Figure, ...]:
    rows = json.loads((path / "figures" / f"{arm}.json").read_text("utf-8"))
    return tuple(Figure.model_validate(row) for row in rows)


def _facts(plan: StudyPlan) -> dict[str, Any]:
    return {
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
