"""The studies in a folder of results: those that are finished, and those that are not.

What was read once is read again only when its file has changed, so that a page may ask
every second.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sim.errors import ResultsError, RunError
from sim.plain_file import is_text, plain_bytes
from sim.studies.folder import FACTS
from sim.studies.plan import StudyPlan
from sim.studies.study_file import MOST_MB, STUDY_FILE
from sim.studies.unfinished import ENDING, found, refusal, told_in


@dataclass(frozen=True, slots=True)
class Title:
    """What can be told of a study without reading its scenarios.

    Attributes
    ----------
    address : the name of its folder once it is finished, and before.
    path : of its folder now.
    finished : whether that holds results.
    kind, title, typed : as of its plan; empty where nobody can tell.
    refused : why nobody can go on with it; empty if somebody can.
    """

    address: str
    path: Path
    finished: bool
    kind: str
    title: str
    typed: str
    began: datetime
    refused: str = ""

    @property
    def age(self) -> tuple[datetime, list[str], list[int]]:
        """What sorts studies by when they began: to the second, then by number."""
        words = re.split(r"(\d+)", self.address)
        return self.began.replace(microsecond=0), words[::2], [*map(int, words[1::2])]


class Shelf:
    """Finds the studies in a folder of results.

    Parameters
    ----------
    root : the folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._titles: dict[Path, tuple[object, Title]] = {}
        self._plans: dict[Path, tuple[object, StudyPlan | None]] = {}
        self._one_at_a_time = Lock()

    def titles(self) -> dict[str, Title]:
        """Return all studies by their address, those that began last first.

        Of one whose results are there already it is the unfinished folder that counts,
        until somebody has cleared it away.
        """
        with self._one_at_a_time:
            there = {path: self._title(path) for path in self._folders()}
            self._titles = {path: self._titles[path] for path in there}
            self._plans = {p: kept for p, kept in self._plans.items() if p in there}
        every = sorted(there.values(), key=lambda title: title.age, reverse=True)
        unfinished = {each.address for each in every if not each.finished}
        return {
            each.address: each
            for each in every
            if not each.finished or each.address not in unfinished
        }

    def put(self, path: Path, plan: StudyPlan) -> None:
        """Remember the plan of a study that has just begun."""
        with self._one_at_a_time:
            self._plans[path] = (_mark(path / STUDY_FILE), plan)

    def plan(self, title: Title) -> StudyPlan | None:
        """Return the plan of a study; None if it is finished or cannot be read."""
        path = title.path
        if title.finished or title.refused:
            return None
        mark = _mark(path / STUDY_FILE)
        with self._one_at_a_time:
            known, plan = self._plans.get(path, (None, None))
        if known is None or known != mark:
            plan = None
            with suppress(RunError, ResultsError):
                plan = found(path).plan
            with self._one_at_a_time:
                self._plans[path] = (mark, plan)
        return plan

    def _folders(self) -> Iterator[Path]:
        """Yield the folders of studies; links to others are left alone."""
        try:
            entries = [*os.scandir(self.root)]
        except FileNotFoundError:
            return
        for entry in entries:
            with suppress(OSError):
                hidden = entry.name.startswith(".") or not is_text(entry.name)
                if hidden or not entry.is_dir(follow_symlinks=False):
                    continue
                path = self.root / entry.name
                if entry.name.endswith(ENDING) or (path / FACTS).is_file():
                    yield path

    def _title(self, path: Path) -> Title:
        finished = not path.name.endswith(ENDING)
        mark = _mark(path / (FACTS if finished else STUDY_FILE))
        known, title = self._titles.get(path, (None, None))
        if title is None or known != mark:
            title = _finished(path) if finished else _unfinished(path)
            self._titles[path] = (mark, title)
        return title


def _unfinished(path: Path) -> Title:
    try:
        told = told_in(path)
        refused = refusal(path, told)
    except RunError as error:
        told, refused = {}, str(error)
    return _titled(path, path.name.removesuffix(ENDING), told, refused)


def _finished(path: Path) -> Title:
    facts: Any = {}
    with suppress(OSError, ValueError, RecursionError):
        facts = json.loads(plain_bytes(path / FACTS, MOST_MB))
    told = facts if isinstance(facts, dict) else {}
    return _titled(path, path.name, {**told, "typed": told.get("command")}, None)


def _titled(
    path: Path, address: str, told: Mapping[str, Any], refused: str | None
) -> Title:
    """Return what can be told of a study; of words that are missing, nothing.

    Parameters
    ----------
    refused : None if it is finished.
    """
    kind, title, typed = (
        word if isinstance(word := told.get(name), str) else ""
        for name in ("kind", "title", "typed")
    )
    return Title(
        address,
        path,
        refused is None,
        kind,
        title or address,
        typed,
        _when(path, told.get("began")),
        refused or "",
    )


def _when(path: Path, began: object) -> datetime:
    """Return when a study began; if it does not say, when its folder was changed."""
    with suppress(TypeError, ValueError):
        when = datetime.fromisoformat(str(began))
        if when.tzinfo is not None:
            return when
    changed_s = 0.0
    with suppress(OSError):
        changed_s = path.stat().st_mtime
    return datetime.fromtimestamp(changed_s).astimezone()


def _mark(file: Path) -> tuple[int, int] | None:
    """Return what differs once a file is written anew; None if it is not there."""
    with suppress(OSError):
        facts = file.stat()
        return facts.st_mtime_ns, facts.st_size
    return None
