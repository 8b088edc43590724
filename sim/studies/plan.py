"""What a study is to do: scenarios, how often to run them, and what else was asked."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sim.evidence.figures import Figure
from sim.experiment import Job
from sim.experiment.drawn import Drawn
from sim.experiment.replicate import Band
from sim.scenario import Operation, scenario_hash
from sim.studies import present
from sim.studies.options import Amount
from sim.studies.told import Caller, Note
from sim.words import ENGLISH, say

_NOTHING_UNCERTAIN = say(
    "The scenario has nothing under 'uncertain', so --knowledge draws nothing."
)


@dataclass(frozen=True, slots=True)
class Arm:
    """One scenario of a study.

    Attributes
    ----------
    change : what it changes in the base of the plan, if there is one: values by path.
    drawn : by a fit, in place of what the study would draw.
    """

    name: str
    operation: Operation
    figures: tuple[Figure, ...] = ()
    change: Mapping[str, str] = field(default_factory=dict)
    drawn: Drawn | None = None


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """What a study is to do.

    Attributes
    ----------
    kind : of study, as `run` or `compare`.
    title : what its folder is called after.
    arms : scenarios, each run as often as the others.
    replications : of each arm, at the most.
    options : further ones of its kind; `at_moments` are read off every run.
    typed : the command as typed, or what a program would say.
    base : what all arms are, but for what they change; None if they are scenarios of
        their own. Thousands of arms then take the room of one.
    runs : at the most, of all arms together.
    """

    kind: str
    title: str
    arms: tuple[Arm, ...]
    seed: int
    replications: int
    band: Band
    per_draw: int
    options: Mapping[str, Any]
    typed: str
    began: datetime
    base: Arm | None = None
    runs: int = 0

    @classmethod
    def of(
        cls,
        kind: str,
        arms: "tuple[Arm, ...] | list[Arm]",
        amount: Amount,
        options: Mapping[str, Any],
        caller: Caller,
        **more: Any,
    ) -> "StudyPlan":
        """Return the plan of a study that begins now.

        Parameters
        ----------
        kind : of study.
        arms : scenarios; it is called after the first, or after its base.
        amount : how often to run each, and with which numbers.
        options : further ones of its kind.
        caller : who asks; hears if what is asked for makes no difference.
        more : `base`, `title` and `runs`, where they are not the usual ones.
        """
        if amount.knowledge and not any(each.operation.uncertain for each in arms):
            caller.tell(Note(_NOTHING_UNCERTAIN))
        first = more.get("base") or arms[0]
        title = first.name if kind == "run" else f"{kind}-{first.name}"
        return cls(
            **{
                "kind": kind,
                "title": title,
                "arms": tuple(arms),
                "seed": amount.root,
                "replications": amount.runs,
                "band": amount.band,
                "per_draw": amount.per_draw,
                "options": {**options, **_told(caller)},
                "typed": caller.typed,
                "began": present.now(),
                "runs": len(arms) * amount.runs,
                **more,
            }
        )

    @property
    def language(self) -> str:
        """The language in which the study was asked for."""
        return str(self.options.get("language", ENGLISH))

    @property
    def named(self) -> Arm:
        """The arm that the study is called after."""
        return self.base or self.arms[0]

    def jobs(self) -> list[Job]:
        """Return what a replication of each arm depends on."""
        return [self.job_of(arm) for arm in self.arms]

    def job_of(self, arm: Arm) -> Job:
        """Return what a replication of an arm, or of the base, depends on."""
        return Job(
            *(arm.operation, arm.figures, self.seed, self.band, self.per_draw),
            arm.drawn,
            tuple(self.options.get("at_moments", ())),
            self.options.get("followed", 0),
        )

    @property
    def scenarios(self) -> str:
        """Hash of all scenarios."""
        if self.base is not None:
            changes = [arm.change for arm in self.arms]
            return _hash_of_changes(self.base.operation, changes)
        return hash_of_all(arm.operation for arm in self.arms)

    @property
    def digest(self) -> str:
        """Hash of all that the results depend on, beside the program."""
        told = {
            "kind": self.kind,
            "arms": [arm.name for arm in self.arms],
            "scenarios": self.scenarios,
            "written": [_written_of(arm) for arm in self.written],
            "seed": self.seed,
            "replications": self.replications,
            "band": self.band,
            "per_draw": self.per_draw,
            "options": dict(self.options),
            "runs": self.runs,
        }
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def written(self) -> tuple[Arm, ...]:
        """The arms that are written down in full: all, or only their base."""
        return self.arms if self.base is None else (self.base,)


def _told(caller: Caller) -> dict[str, Any]:
    """Return how a caller wants the report of a study."""
    told: dict[str, Any] = {"pictures": caller.pictures}
    # English goes without saying: studies that were stopped are the same still.
    return told if caller.language == ENGLISH else {**told, "language": caller.language}


def _written_of(arm: Arm) -> dict[str, Any]:
    """Return what an arm takes beside its scenario."""
    return {
        "name": arm.name,
        "figures": [figure.model_dump(mode="json") for figure in arm.figures],
        "drawn": None if arm.drawn is None else asdict(arm.drawn),
    }


def hash_of_all(operations: Iterable[Operation]) -> str:
    """Return one SHA-256 of several operations in their order; of one, its own."""
    hashes = [scenario_hash(operation) for operation in operations]
    if len(hashes) == 1:
        return hashes[0]
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def _hash_of_changes(base: Operation, changes: Sequence[Mapping[str, str]]) -> str:
    """Return one SHA-256 of an operation and of what is changed in it each time."""
    text = json.dumps([dict(change) for change in changes], ensure_ascii=False)
    return hashlib.sha256(f"{scenario_hash(base)}{text}".encode()).hexdigest()
