"""A scenario that somebody brings along becomes a case of the folder, or is renewed."""

import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import RunError
from sim.scenario.files import SUFFIXES, is_workbook
from sim.scenario.plans import is_name
from sim.scenario.problems import RefusedError, as_name, listed, quoted
from sim.scenario.several.keys import free, key_of
from sim.scenario.workbook.archive import SUFFIX, parts_of
from sim.studies.folder import in_plain_words
from sim.whole_file import write_whole
from sim.words import Text, say

_OF_PATHS = re.compile(r"[/\\]|^\.")
_LONGEST = 200
"""Letters of a title, which stands in lists and at the head of pages."""


def checked_name(name: str) -> str:
    """Return the name of a new case.

    Raises
    ------
    RunError
        If it is none.
    """
    if is_name(name):
        return name
    raise RunError(no_name(name))


def name_of_title(title: str, taken: Collection[str]) -> str:
    """Return the name of what somebody calls as people write, in any script.

    Parameters
    ----------
    title : as it was typed; a name stays as it is.
    taken : names that are others' already; a name that is made is none of them.

    Raises
    ------
    RunError
        If nothing was typed, the path of a file, or more than a title.
    """
    typed = title.strip()
    if len(typed) > _LONGEST:
        raise RunError(
            say(
                "{name} is too long. Write at most {most} letters.",
                name=quoted(typed),
                most=_LONGEST,
            )
        )
    if is_name(typed) or not typed or _OF_PATHS.search(typed):
        return checked_name(typed)
    key, _ = key_of(typed, "case", taken)
    return checked_name(free(key, taken))


def no_name(name: str) -> Text:
    """Return that something is no name, and what would be one."""
    if meant := as_name(name):
        return say(
            "'{name}' is not a name: use lower-case letters 'a' to 'z', digits and "
            "hyphens, as in {example}.",
            name=name[:60],
            example=meant,
        )
    return say(
        "'{name}' is not a name: use lower-case letters 'a' to 'z', digits and "
        "hyphens.",
        name=name[:60],
    )


def is_there(name: str) -> Text:
    """Return that a name is taken."""
    return say("{name} is there already. Choose another name.", name=name)


def take_in(root: Path, name: str, file: str, contents: bytes) -> Path:
    """Write a scenario as a new case; return its file.

    It is kept though the check may refuse it, so that it can be mended where it lies.

    Parameters
    ----------
    root : folder `scenarios`.
    name : of the case; that of the file if empty.
    file : name that the file had, whose ending says what it is.
    contents : of it.

    Raises
    ------
    RunError
        If the name is none or is taken, or the file is of no kind that is read.
    ScenarioError
        If it is a workbook of a kind that is not read.
    ResultsError
        If the disk does not let us.
    """
    given = Path(file.replace("\\", "/").rpartition("/")[2] or "scenario")
    taken = [path.name for path in root.iterdir()] if root.is_dir() else []
    name = name_of_title(name or as_name(given.stem) or given.stem, taken)
    if given.suffix.lower() not in SUFFIXES and not is_workbook(Path(given.name)):
        endings = listed(SUFFIXES)
        raise RunError(
            say("a scenario is a file that ends in {endings}.", endings=endings)
        )
    ending = SUFFIX if is_workbook(Path(given.name)) else SUFFIXES[0]
    folder = root / name
    if os.path.lexists(folder):
        raise RunError(is_there(name))
    with in_plain_words(root), begun(folder):
        write_whole(folder / f"scenario{ending}", contents)
    return folder / f"scenario{ending}"


@contextmanager
def begun(folder: Path) -> Iterator[None]:
    """Give a new folder to write in; if that fails, nothing of it is left."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def replace_workbook(path: Path, contents: bytes) -> None:
    """Put a workbook that somebody brings along in the place of one.

    It is kept though the check may refuse it, as in `take_in`.

    Raises
    ------
    RunError
        If what is brought is no workbook.
    ResultsError
        If the disk does not let us.
    """
    try:
        parts_of(contents)
    except RefusedError as error:
        why = say("{why}. Bring an Excel workbook (.xlsx).", why=error.args[0])
        raise RunError(why) from error
    with in_plain_words(path.parent):
        write_whole(path, contents)


def renew(path: Path, before: str, text: str) -> None:
    """Write the text of a scenario anew.

    Parameters
    ----------
    before : the text that was changed, as it was read: with a mark in place of each
        byte that is no text.
    text : as it is to be.

    Raises
    ------
    RunError
        If somebody else has changed the file meanwhile, or it is a workbook.
    ResultsError
        If the disk does not let us.
    """
    with in_plain_words(path.parent):
        if is_workbook(path):
            raise RunError(
                say("{file} is a workbook: change it in a spreadsheet.", file=path.name)
            )
        if path.read_text("utf-8", errors="replace") != before:
            raise RunError(
                say(
                    "{file} was changed elsewhere meanwhile. Reload the page, and make "
                    "the change again.",
                    file=path.name,
                )
            )
        write_whole(path, text.encode())
