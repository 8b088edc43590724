"""A text that is a scenario, written as a workbook, and the other way."""

from collections.abc import Iterator
from pathlib import Path

from sim.errors import RunError
from sim.invocation import program
from sim.scenario import find
from sim.scenario.files import SUFFIXES, is_workbook, read_file
from sim.scenario.load import checked
from sim.scenario.nodes import Scalar
from sim.scenario.workbook.archive import SUFFIX
from sim.studies.folder import in_plain_words
from sim.studies.planners_folder import root
from sim.studies.scenario_file import (
    ScenarioFile,
    as_texts,
    as_workbook,
    opened_file,
)
from sim.whole_file import write_whole
from sim.words import Text, joined, say

_TEXT = SUFFIXES[0]


def convert(scenario: str, to: Path | None = None) -> Iterator[Text]:
    """Write a scenario in the other form; yield what was done.

    Parameters
    ----------
    scenario : a file, its name, or a folder, of which every scenario is written.
    to : file or folder to write; beside the scenario if None.

    Raises
    ------
    ScenarioError
        If it is refused.
    EvidenceError
        If its evidence is.
    RunError
        If something else is in the place of a file, or something would be lost.
    ResultsError
        If the disk does not let us.
    """
    pairs = _pairs(scenario, to)
    together = {path.name: there.name for path, there in pairs}
    for path, there in pairs:
        with in_plain_words(there.parent):
            yield _written(path, there, together if len(pairs) > 1 else {})
    yield from _not_kept(*pairs[0])


def _pairs(scenario: str, to: Path | None) -> list[tuple[Path, Path]]:
    """Return what is written where.

    Raises
    ------
    RunError
        If it cannot be told.
    """
    if Path(scenario).is_dir() and to is not None and to.suffix not in SUFFIXES:
        paths = [p for p in sorted(Path(scenario).iterdir()) if p.suffix in SUFFIXES]
        if not paths:
            raise RunError(f"There is no scenario in {scenario}.")
        return [(path, to / path.with_suffix(_other(path)).name) for path in paths]
    path = find(scenario, root())
    there = path.with_suffix(_other(path)) if to is None else to
    if there.is_dir() or not there.suffix:
        there /= path.with_suffix(_other(path)).name
    if there.suffix.lower() != _other(path):
        raise RunError(
            f"{path} is written as {_other(path)}, so {there.name} is no name for it."
        )
    return [(path, there)]


def _other(path: Path) -> str:
    return _TEXT if is_workbook(path) else SUFFIX


def _written(path: Path, there: Path, together: dict[str, str]) -> Text:
    checked(*read_file(path))
    file = opened_file(path)
    extends = file.root.values.get("extends")
    if isinstance(extends, Scalar) and extends.text in together:
        extends.text = together[extends.text]
    files = _contents(file, there)
    for each, contents in files.items():
        _check_free(each, contents, there)
    there.parent.mkdir(parents=True, exist_ok=True)
    for each, contents in files.items():
        write_whole(each, contents)
    return say(
        "Wrote {files}. To check it: {program} check {file}",
        files=joined([str(each) for each in files], ", "),
        program=program(),
        file=str(there),
    )


def _not_kept(path: Path, there: Path) -> Iterator[Text]:
    """Yield what has changed besides the form, and what there is to mind."""
    if is_workbook(there):
        yield say(
            "Comments became notes beside the rows they are about; quotation marks, "
            "blank lines and the order of fields are not kept."
        )
    else:
        yield say(
            "Notes became comments, formulas their values; colours and sheets of your "
            "own are not kept."
        )
    if there.parent == path.parent:
        yield say(
            "Both files are there now: name the one you mean with its ending, and keep "
            "only the one you go on with."
        )


def _contents(file: ScenarioFile, there: Path) -> dict[Path, bytes]:
    if is_workbook(there):
        return {there: as_workbook(file)}
    return {each: text.encode() for each, text in as_texts(file, there).items()}


def _check_free(path: Path, contents: bytes, there: Path) -> None:
    """Check that a file takes nobody's place; a table that says the same may stay.

    Raises
    ------
    RunError
        If it does.
    """
    if path.exists() and (path == there or path.read_bytes() != contents):
        raise RunError(
            f"{path} is there already. Remove it, or name another file to write."
        )
