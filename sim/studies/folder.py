"""One folder for each run: complete under its name, or not there at all."""

import errno
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sim.errors import ResultsError
from sim.whole_file import DRAFT

REPLICATIONS = "replications"
"""Folder of every replication, among the results of a run."""
FACTS = "run.json"
"""File that says what it takes to get the same results again."""
_GONE = ".gone-"
"""How the names of folders begin that may be removed by whoever comes by."""
_STALE_S = 24 * 3600
_LONGEST_NAME = 80
_CHOOSE = "Choose another folder with --results."
_CAUSES = {
    errno.ENOSPC: ("the disk is full", f"Make room on it. {_CHOOSE}"),
    errno.EDQUOT: ("your share of the disk is full", f"Make room on it. {_CHOOSE}"),
    errno.EROFS: ("the disk is read-only", _CHOOSE),
    errno.EACCES: ("you may not write there", _CHOOSE),
    errno.EPERM: ("you may not write there", _CHOOSE),
    errno.EEXIST: ("it is a file, not a folder", _CHOOSE),
    errno.ENOTDIR: ("a part of its path is a file, not a folder", _CHOOSE),
    errno.ENAMETOOLONG: ("its name is too long for this disk", _CHOOSE),
    errno.EIO: ("the disk reports an error", _CHOOSE),
    errno.EFBIG: (
        "a file would be larger than the system lets this program write",
        "Raise that limit (ulimit -f), or ask for fewer runs.",
    ),
    errno.EMFILE: (
        "this program has as many files open as the system lets it",
        "Raise that limit (ulimit -n), or use fewer --workers.",
    ),
    errno.ENFILE: ("too many files are open on this machine", "Close some programs."),
}


@dataclass(slots=True)
class RunFolder:
    """Where the files of one run are: a draft first, then the finished folder."""

    path: Path


def name_of(scenario: str, digest: str, now: datetime) -> str:
    """Return the name of a run's folder: when, what, and the hash of the scenario.

    Parameters
    ----------
    scenario : its name; characters that some disk refuses become hyphens.
    digest : of the resolved scenario, from `scenario_hash`.
    now : local time.
    """
    plain = re.sub(r"[^\w.-]+", "-", scenario).strip("-.")[:_LONGEST_NAME] or "run"
    return f"{now:%Y-%m-%dT%H%M}_{plain}_{digest[:6]}"


def prepare(root: Path) -> None:
    """Make sure that results can be written, and clear away what old runs left.

    Raises
    ------
    ResultsError
        If they cannot.
    """
    with in_plain_words(root):
        try:
            root.mkdir(parents=True, exist_ok=True)
        except FileNotFoundError as error:  # as below a folder of the system's own
            why = "there can be no folder there"
            raise ResultsError(os.fspath(root), why, _CHOOSE) from error
        probe = draft_name(root)
        probe.mkdir()
        probe.rmdir()
        clear_drafts(root)
        for gone in root.glob(f"{_GONE}*"):
            shutil.rmtree(gone, ignore_errors=True)


@contextmanager
def run_folder(
    root: Path, name: str, drafts: Path | None = None
) -> Iterator[RunFolder]:
    """Give a folder to write in; it gets its name once everything is in it.

    Parameters
    ----------
    root : folder of all results; made if need be.
    name : wanted; a number is added if it is taken.
    drafts : folder on the same disk to write in before that, as that of an unfinished
        study, with which a draft goes that nobody finishes; that of all results if
        None.

    Raises
    ------
    ResultsError
        If it cannot be written; nothing is left then.
    """
    prepare(root)
    with in_plain_words(root):
        run = RunFolder(draft_name(drafts or root))
        run.path.mkdir()
        try:
            yield run
            run.path = renamed(run.path, root / name)
        except BaseException:
            shutil.rmtree(run.path, ignore_errors=True)
            raise


def clear_drafts(root: Path, *, below: bool = False) -> None:
    """Clear away what was being written in a folder a day ago, and is not whole.

    Parameters
    ----------
    below : also in the folders in it.
    """
    for draft in [*(root.rglob if below else root.glob)(f"{DRAFT}*")]:
        _remove_if_stale(draft)


def draft_name(root: Path) -> Path:
    """Return a name for what is not whole yet; it is cleared away a day later."""
    return root / f"{DRAFT}{secrets.token_hex(6)}"


def gone_name(path: Path) -> Path:
    """Return a name for a folder that is to be removed, now or at a later start."""
    return path.with_name(f"{_GONE}{secrets.token_hex(6)}")


def renamed(draft: Path, wanted: Path, ending: str = "") -> Path:
    """Return the first free name, taken by the draft.

    Parameters
    ----------
    draft : to rename.
    wanted : name; a number is added if it is taken.
    ending : of the name, after the number; what has the same name without it counts
        as having taken it.

    Raises
    ------
    OSError
        If the disk refuses for another reason than that the name is taken.
    """
    name, number = wanted.name, 1
    while True:
        target = wanted.with_name(f"{name}{ending}")
        if not target.exists() and not wanted.with_name(name).exists():
            try:
                return draft.rename(target)
            except OSError:
                # Another run may have taken the name in between.
                if not target.exists():
                    raise
        number += 1
        name = f"{wanted.name}-{number}"


def _remove_if_stale(draft: Path) -> None:
    """Remove what an interrupted run left, unless it may still be at work."""
    with suppress(OSError):
        if time.time() - draft.lstat().st_mtime <= _STALE_S:
            return
        if draft.is_dir() and not draft.is_symlink():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)


@contextmanager
def in_plain_words(root: Path) -> Iterator[None]:
    """Turn what the disk says against us into a sentence.

    Raises
    ------
    ResultsError
        With what is wrong, and what to do.
    OSError
        If it is nothing that a user could mend.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _CAUSES:
            raise
        why, remedy = _CAUSES[error.errno]
        raise ResultsError(os.fspath(root), why, remedy) from error


def write_text(path: Path, text: str) -> None:
    """Write a text: UTF-8, one kind of line end, on every system the same."""
    path.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, data: object) -> None:
    """Write data for programs that a person can read too."""
    write_text(path, f"{json.dumps(data, ensure_ascii=False, indent=2)}\n")
