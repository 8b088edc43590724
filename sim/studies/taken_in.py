"""A scenario that somebody brings along becomes a case of the folder, or is renewed."""

import os
from pathlib import Path

from sim.errors import RunError
from sim.messages import in_plain
from sim.scenario.files import SUFFIXES, is_workbook
from sim.scenario.plans import is_name
from sim.scenario.problems import RefusedError, as_name, listed
from sim.scenario.workbook.archive import SUFFIX, parts_of
from sim.studies.folder import in_plain_words
from sim.whole_file import write_whole


def checked_name(name: str) -> str:
    """Return the name of a new case.

    Raises
    ------
    RunError
        If it is none.
    """
    if is_name(name):
        return name
    meant = as_name(name)
    raise RunError(
        f"'{name[:60]}' is not a name: use lower-case letters a to z, digits and "
        f"hyphens{f', as in {meant}' if meant else ''}."
    )


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
    name = checked_name(name or as_name(given.stem))
    if given.suffix.lower() not in SUFFIXES and not is_workbook(Path(given.name)):
        raise RunError(f"a scenario is a file that ends in {listed(SUFFIXES)}.")
    ending = SUFFIX if is_workbook(Path(given.name)) else SUFFIXES[0]
    folder = root / name
    if os.path.lexists(folder):
        raise RunError(f"{name} is there already. Choose another name.")
    with in_plain_words(root):
        folder.mkdir(parents=True)
        write_whole(folder / f"scenario{ending}", contents)
    return folder / f"scenario{ending}"


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
        why = in_plain(error.args[0])
        raise RunError(f"{why}. Bring an Excel workbook (.xlsx).") from error
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
            raise RunError(f"{path.name} is a workbook: change it in a spreadsheet.")
        if path.read_text("utf-8", errors="replace") != before:
            raise RunError(
                f"{path.name} was changed elsewhere meanwhile. Reload the page, and "
                "make the change again."
            )
        write_whole(path, text.encode())
