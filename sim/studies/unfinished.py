"""A study under way on the disk: what is to be run, and what has been.

The folder `NAME.unfinished` in the folder of results holds `study.json` (what kind of
study, with which options), each scenario with all its values, the documented figures,
and the replications done. Whatever ends the program, a later start goes on from there.
"""

import errno
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import ResultsError, RunError, TakenError
from sim.experiment.lock import HeldError, LockError, is_locked, locked
from sim.experiment.program import fingerprint
from sim.experiment.store import Folder, Memory, Store
from sim.inference.keeper import runs_kept
from sim.plain_file import plain_bytes
from sim.studies.folder import (
    FACTS,
    draft_name,
    gone_name,
    in_plain_words,
    name_of,
    prepare,
    renamed,
)
from sim.studies.plan import StudyPlan
from sim.studies.study_file import (
    MOST_MB,
    STUDY_FILE,
    is_sealed,
    read_plan,
    write_plan,
)
from sim.studies.ticket import TICKET_FILE, Ticket, write_ticket
from sim.whole_file import DRAFT

ENDING = ".unfinished"
_STEPS, _RUNS, _LOCK = "steps", "runs", "lock"
_PATIENCE_S = 0.2
"""With who only looks whether anybody is at work."""


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

    def stores(self, jobs: int = 0) -> Sequence[Store]:
        """Return where the replications of each job are kept: in memory.

        Parameters
        ----------
        jobs : how many a study makes of its arms; one of each if 0.
        """
        return [Memory() for _ in range(jobs or len(self.plan.arms))]


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
        return self.path.name.removesuffix(ENDING)

    def stores(self, jobs: int = 0) -> Sequence[Folder]:
        """Return where the replications of each job are kept."""
        return [Folder(*place) for place in self.places(jobs)]

    def places(self, jobs: int = 0) -> list[tuple[Path, str]]:
        """Return the folder of the replications of each job, and what they are of.

        Parameters
        ----------
        jobs : as of `stores`.
        """
        digest = self.plan.digest
        return [
            (self.path / _RUNS / str(job), f"{digest}/{job}")
            for job in range(jobs or len(self.plan.arms))
        ]

    @property
    def kept(self) -> str:
        """What a later start goes on from, in a sentence; empty if there is nothing."""
        if (self.path / _STEPS).exists():
            return "What was fitted is kept, step by step."
        jobs = sum(1 for _ in (self.path / _RUNS).glob("*"))
        runs = sum(len(store.done()) for store in self.stores(jobs))
        runs += runs_kept(self.answers)
        return f"{runs:,} of {self.plan.runs:,} runs are kept." if runs else ""

    @contextmanager
    def held(self) -> Iterator["Grip"]:
        """Keep others from working on it at the same time.

        Nothing in the folder is touched before that is certain.

        Raises
        ------
        TakenError
            If somebody else does.
        RunError
            If it was finished or removed.
        ResultsError
            If the disk does not let us.
        """
        grip, gone = Grip(), None
        try:
            with self._in_plain_words(), self._lock():
                try:
                    self._tidy()
                    yield grip
                finally:
                    if grip.worthless:
                        gone = _out_of_sight(self.path)
        finally:
            if gone is not None:
                shutil.rmtree(gone, ignore_errors=True)

    def cleared(self) -> Path | None:
        """Return where the results of a finished study are; its folder goes then.

        It is left if the program was killed when all had been written. None if the
        study is not finished.
        """
        with self.held() as grip:
            found = self._results()
            if found is not None:
                grip.discard()
        return found

    def _results(self) -> Path | None:
        plan = self.plan
        if not (self.root / self.name).exists():
            # What has its name and a number is of a twin that was asked for as well.
            return None
        ours = (plan.digest, plan.began.isoformat(timespec="seconds"))
        for file in sorted(self.root.glob(f"{self.name}*/{FACTS}")):
            with suppress(OSError, ValueError, AttributeError):
                facts = json.loads(plain_bytes(file, MOST_MB))
                if (facts.get("study_sha256"), facts.get("began")) == ours:
                    return file.parent
        return None

    @contextmanager
    def _lock(self) -> Iterator[None]:
        try:
            with locked(self.path / _LOCK, _PATIENCE_S):
                if not (self.path / STUDY_FILE).is_file():
                    raise RunError(_not_a_study(self.path))
                yield
        except HeldError as error:
            raise TakenError(_taken(self.path)) from error
        except LockError as error:
            if not (self.path / STUDY_FILE).is_file():
                raise RunError(_not_a_study(self.path)) from error
            _, why = error.args
            raise RunError(
                f"{self.path} cannot be kept from others ({why}). Make sure that you "
                "may write there, and delete the file 'lock' in it if it is damaged."
            ) from error

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        """Say so if the folder is gone from under us.

        Raises
        ------
        ResultsError
            If it is, or if the disk does not let us.
        OSError
            If it is nothing that a user could mend.
        """
        try:
            with in_plain_words(self.path):
                yield
        except OSError as error:
            if error.errno != errno.ENOENT or (self.path / STUDY_FILE).exists():
                raise
            why = "it was removed while the study was at work"
            remedy = f"Start the study anew: {self.plan.typed}"
            raise ResultsError(str(self.path), why, remedy) from error

    def _tidy(self) -> None:
        """Remove what somebody began to write who was killed.

        Its ticket is written by others than those who are at work on it.
        """
        for draft in [*self.path.rglob(f"{DRAFT}*")]:
            if draft.name.endswith(f"-{TICKET_FILE}"):
                continue
            if draft.is_dir() and not draft.is_symlink():
                shutil.rmtree(draft, ignore_errors=True)
            else:
                draft.unlink(missing_ok=True)


def begun(plan: StudyPlan, root: Path, ticket: Ticket | None = None) -> Unfinished:
    """Make the folder of a study; return what has not begun yet.

    Parameters
    ----------
    plan : of it.
    root : folder of all results.
    ticket : its own in a queue, if it stands in one from the beginning.

    Raises
    ------
    ResultsError
        If the disk does not take it.
    """
    prepare(root)
    with in_plain_words(root):
        wanted = name_of(plan.title, plan.scenarios, plan.began)
        draft = draft_name(root)
        draft.mkdir()
        try:
            write_plan(plan, draft)
            if ticket is not None:
                write_ticket(draft, ticket)
            path = renamed(draft, root / wanted, ENDING)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    return Unfinished(path, plan)


def found(path: Path) -> Unfinished:
    """Return the study in a folder.

    Raises
    ------
    RunError
        If there is none, if it was begun with another version of the program, or if
        anything in it was changed, damaged or taken away since.
    ResultsError
        If the disk does not let us read it.
    """
    with in_plain_words(path):
        told = told_in(path)
        if refused := refusal(path, told):
            raise RunError(refused)
        plan = read_plan(path, told)
    if plan is None:
        raise RunError(_changed(path, told))
    return Unfinished(path, plan)


def refusal(path: Path, told: Mapping[str, Any]) -> str:
    """Return why nobody can go on with a study, as far as its own file shows.

    Parameters
    ----------
    path : of its folder.
    told : what its file says.
    """
    if told.get("program") != fingerprint():
        return (
            f"{path} was begun with another version of the program, and its runs "
            "cannot be mixed with those of this one. Start the study anew: "
            f"{told.get('typed', '')}"
        )
    return "" if is_sealed(told) else _changed(path, told)


def _changed(path: Path, told: Mapping[str, Any]) -> str:
    return (
        f"{STUDY_FILE}, a scenario or a figure in {path} was changed since the "
        f"study began, or is damaged or gone. Start the study anew: "
        f"{told.get('typed', '')}"
    )


def told_in(path: Path) -> dict[str, Any]:
    """Return what the file of a study says, whatever that is.

    Raises
    ------
    RunError
        If it says nothing.
    """
    try:
        told = json.loads(plain_bytes(path / STUDY_FILE, MOST_MB))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RunError(_not_a_study(path)) from error
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(
            f"{path / STUDY_FILE} is damaged, so nobody can tell what the study was. "
            "Start it anew, and remove the folder."
        ) from error
    return told if isinstance(told, dict) else {}


def all_unfinished(root: Path) -> list[Path]:
    """Return the folders of the studies that were not finished."""
    return sorted(
        path for path in root.glob(f"*{ENDING}") if (path / STUDY_FILE).is_file()
    )


def at_work_on(path: Path) -> bool:
    """Tell whether another process is at work on the study in a folder."""
    return is_locked(path / _LOCK)


def removed(path: Path) -> None:
    """Remove the folder of a study, whatever is in it.

    Raises
    ------
    TakenError
        If somebody is at work on it.
    ResultsError
        If the disk does not let us.
    """
    with in_plain_words(path):
        try:
            with locked(path / _LOCK, _PATIENCE_S):
                gone = _out_of_sight(path)
        except HeldError as error:
            raise TakenError(_taken(path)) from error
        except LockError:  # as where the file is damaged
            gone = _out_of_sight(path)
        shutil.rmtree(gone)


def _out_of_sight(path: Path) -> Path:
    """Take its name from a folder, so that nobody takes it for a study any more.

    Whatever ends the program then, a later start removes it.
    """
    with suppress(OSError):
        return path.rename(gone_name(path))
    # Windows does not rename a folder as long as we hold a file in it.
    with suppress(OSError):
        (path / STUDY_FILE).unlink()
    return path


def _taken(path: Path) -> str:
    return f"another start is at work on {path}. Wait until it has ended."


def _not_a_study(path: Path) -> str:
    name = path.name.removesuffix(ENDING)
    results = path.with_name(name)
    if name != path.name and (results / FACTS).is_file():
        return f"{path} is not there any more: its study is finished. See {results}."
    others = all_unfinished(path.parent)
    names = ", ".join(str(each) for each in others) or "there is none"
    return (
        f"{path} is not the folder of an unfinished study. Unfinished studies beside "
        f"it: {names}."
    )
