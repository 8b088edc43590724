"""The cases that lie in a folder, each under a name that can stand in an address."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from sim.errors import ScenarioError
from sim.plain_file import is_text
from sim.scenario.files import SUFFIXES, is_workbook, own_tree
from sim.scenario.nodes import Scalar
from sim.studies.folder import draft_name, in_plain_words

_SCENARIO, _PAST = "scenario", "past"
_HIDDEN = (".", "~")
_HEAD = 4_000
"""Bytes in which a file says its title."""
_TITLE = re.compile(
    r"""^operation: *(?P<quote>["']?)(?P<title>.+?)(?P=quote) *$""", re.MULTILINE
)
_FOLDED = re.compile(
    r"^operation: *[>|][+-]? *\n(?P<title>(?:[ \t]+\S.*\n?)+)", re.MULTILINE
)
"""A title over several lines, as a long one is written."""


class CaseKind(StrEnum):
    """Where a case stands among others."""

    CASE = "case"
    VARIANT = "variant"
    PAST = "past operation"


class KeptCase(NamedTuple):
    """A case in the folder.

    Attributes
    ----------
    name : as it is asked for, as in `aleppo-2016/un-path`.
    title : of the operation; its name if the file cannot be read.
    folder : name of the case that it is a variant of, or its own.
    """

    name: str
    path: Path
    title: str
    kind: CaseKind
    folder: str


class Library:
    """The cases below a folder `scenarios`.

    What is asked for by name is looked up among what is there, and no name ever becomes
    part of a path. Links are not followed.

    Parameters
    ----------
    folder : that holds `scenarios`.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "scenarios"
        self._titles: dict[Path, tuple[float, str]] = {}

    def cases(self) -> Mapping[str, KeptCase]:
        """Return all cases by name: those with a folder of their own, then others."""
        found = [*self._in(self.root, ""), *self._in(self.root / _PAST, f"{_PAST}/")]
        return {each.name: each for each in found}

    def remove(self, kept: KeptCase) -> None:
        """Remove a variant; or a case with all that lies in its folder.

        Raises
        ------
        ResultsError
            If the disk does not let us.
        """
        cases = self.cases().values()
        alone = [
            each
            for each in cases
            if each.folder == kept.folder and each.kind is CaseKind.CASE
        ] == [kept]
        with in_plain_words(kept.path.parent):
            if not alone:
                kept.path.unlink(missing_ok=True)
                return
            gone = kept.path.parent.rename(draft_name(self.root))
        shutil.rmtree(gone, ignore_errors=True)  # what is left goes at a later start

    def stamp(self) -> int:
        """Return a number that changes when any file of any case does."""
        return hash(tuple(sorted(_marks(self.root))))

    def _in(self, root: Path, prefix: str) -> Iterator[KeptCase]:
        for folder in _entries(root):
            if folder.is_symlink() or not folder.is_dir() or _is_hidden(folder):
                continue
            files = sorted(filter(_is_scenario, _entries(folder)), key=_first)
            stems = [path.stem for path in files]
            for path in files:
                name = f"{prefix}{folder.name}"
                if stems.count(path.stem) > 1:
                    name = f"{name}/{path.name}"
                elif path.stem != _SCENARIO:
                    name = f"{name}/{path.stem}"
                kind = CaseKind.CASE if path.stem == _SCENARIO else CaseKind.VARIANT
                if prefix:
                    kind = CaseKind.PAST
                yield KeptCase(name, path, self._title(path), kind, folder.name)

    def _title(self, path: Path) -> str:
        """Return what a case calls itself."""
        try:
            changed = path.stat().st_mtime
        except OSError:  # somebody has just taken it away
            return path.stem
        known = self._titles.get(path)
        if known is None or known[0] != changed:
            known = self._titles[path] = (changed, _title_in(path) or path.stem)
        return known[1]


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder; nothing of a link, or if it has gone meanwhile.

    What has a name that is no text is passed over: no address can name it.
    """
    with suppress(OSError):
        if not folder.is_symlink():
            return sorted(each for each in folder.iterdir() if is_text(each.name))
    return []


def _marks(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield what differs once any file below a folder is written anew.

    Others write there meanwhile: what has gone since it was listed is passed over.
    """
    try:
        entries = [*os.scandir(folder)]
    except OSError:
        return
    for entry in entries:
        with suppress(OSError):
            if entry.is_symlink():
                continue
            facts = entry.stat(follow_symlinks=False)
            yield entry.path, facts.st_mtime_ns, facts.st_size
            if entry.is_dir(follow_symlinks=False):
                yield from _marks(Path(entry.path))


def _is_hidden(path: Path) -> bool:
    return path.name.startswith(_HIDDEN)


def _is_scenario(path: Path) -> bool:
    """Return whether a file is a scenario by its name, and no link."""
    named = path.suffix in SUFFIXES and not _is_hidden(path)
    return named and not path.is_symlink() and path.is_file()


def _first(path: Path) -> tuple[bool, str]:
    return path.stem != _SCENARIO, path.name


def _title_in(path: Path) -> str:
    """Return the title in a workbook, or on its own line of a text.

    To read every text to its end would take seconds.
    """
    with suppress(OSError, ScenarioError):
        if is_workbook(path):
            title = own_tree(path)[0].values.get("operation")
            return title.text if isinstance(title, Scalar) else ""
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8", "replace")
        if found := _FOLDED.search(head):
            return " ".join(found["title"].split())
        if found := _TITLE.search(head):
            return found["title"]
    return ""
