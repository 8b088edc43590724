"""A scenario file of an older format, written anew, and what changed in it."""

from collections.abc import Iterator
from pathlib import Path

from sim.errors import OptionError, RunError
from sim.formats import SCENARIO
from sim.invocation import program
from sim.scenario import find
from sim.scenario.files import is_workbook, read_file, text_of
from sim.scenario.upgrades import Change, Upgraded, upgraded
from sim.studies.folder import in_plain_words
from sim.studies.planners_folder import root
from sim.whole_file import write_whole
from sim.words import Number, Text, say


def upgrade(scenario: str, assumed: int | None, replace: bool) -> Iterator[Text]:
    """Write a scenario file in the format of now; yield what was done.

    Parameters
    ----------
    scenario : the file, or its name.
    assumed : its format, if it says none.
    replace : whether to write over the file, and not beside it.

    Raises
    ------
    ScenarioError
        If the file is refused.
    RunError
        If there is a file in the place of the new one.
    OptionError
        If a format is assumed of a workbook.
    ResultsError
        If the disk does not let us.
    """
    path = find(scenario, root())
    if is_workbook(path):
        if assumed is not None:
            raise OptionError(
                "from", say("a workbook says its format itself, or has none.")
            )
        read_file(path)
        yield _has_it(path)
        return
    with in_plain_words(path.parent):
        found = upgraded(path, text_of(path), assumed)
        if found.before == SCENARIO.current:
            yield _has_it(path)
            return
        there = path if replace else _beside(path)
        write_whole(there, found.text.encode())
    yield from _said(path, there, found)


def _has_it(path: Path) -> Text:
    return say(
        "{file} has format {format} already; nothing was written.",
        file=path.name,
        format=Number(SCENARIO.current),
    )


def _beside(path: Path) -> Path:
    """Return where the new file is written.

    Raises
    ------
    RunError
        If there is a file.
    """
    there = path.with_name(f"{path.stem}.format-{SCENARIO.current}{path.suffix}")
    if there.exists():
        raise RunError(f"{there} is there already. Remove it, or use --replace.")
    return there


def _said(path: Path, there: Path, found: Upgraded) -> Iterator[Text]:
    for version in range(found.before + 1, SCENARIO.current + 1):
        yield say(
            "Format {format}: {change}",
            format=Number(version),
            change=SCENARIO.changes[version],
        )
        for change in found.changes:
            if change.version == version:
                yield _changed(path, change)
    yield say(
        "Wrote {file}. Look through what is named above, then: {program} check {file}",
        file=str(there),
        program=program(),
    )


def _changed(path: Path, change: Change) -> Text:
    where = f"{path.name}:{change.line}" if change.line else path.name
    return say(
        "{where}: uncertain.{path}: what is drawn is the middle of '{present}' now. To "
        "keep one value for a whole run, write one value in that field.",
        where=where,
        path=change.path,
        present=change.present,
    )
