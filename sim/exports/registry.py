"""The exports that there are, and the one door to them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.errors import OptionError, RunError
from sim.exports.contents import Export, Exported, KeptRun, NothingToWriteError
from sim.registry import Registry, UnknownNameError, later
from sim.studies.folder import in_plain_words
from sim.words import Text, Words, say

FOLDER = "exports"
"""Folder of what is exported, among the results of a run."""


EXPORTS: Registry[Export] = Registry(
    "export",
    {
        "parquet": Export(
            say("Every replication as Parquet tables, for programs"),
            later("sim.exports.parquet", "write_parquet"),
        ),
        "hxl": Export(
            say("People and arrivals as HXL-tagged CSV"),
            later("sim.exports.hxl", "write_hxl"),
        ),
        "xes": Export(
            say("The event log as XES, for process mining"),
            later("sim.exports.xes", "write_xes"),
        ),
        "vidigi": Export(
            say("The event log in the columns of vidigi, for animations"),
            later("sim.exports.vidigi", "write_vidigi"),
        ),
    },
)
"""Exports by name; a program may register its own."""


def exported(
    folder: Path,
    names: Sequence[str] = (),
    target: Path | None = None,
    language: str = "en",
) -> Iterator[Text]:
    """Write exports of a run; yield in a sentence each what was written or left out.

    Parameters
    ----------
    folder : with the results of a run.
    names : of exports; all that are possible if none.
    target : folder to write in, made if need be; the folder exports in that of the run
        if None.
    language : of what is written for readers.

    Raises
    ------
    OptionError
        If there is no such export.
    RunError
        If the folder is not that of a run, or an export that was asked for is not
        possible.
    UnusableError
        If something that the folder holds is damaged.
    ResultsError
        If the disk does not take them.
    """
    try:
        chosen = {name: EXPORTS[name] for name in names or EXPORTS}
    except UnknownNameError as error:
        raise OptionError("as", str(error)) from error
    run = KeptRun.of(folder)
    target = target or folder / FOLDER
    words = Words(language)
    for name, export in chosen.items():
        try:
            for written in _written(run, export, target, words):
                yield say("{file}: {what}", file=str(written.path), what=written.said)
        except NothingToWriteError as error:
            (why,) = error.args
            if names:
                says = f"The export '{name}' is not possible: {words.of(why)}"
                raise RunError(says) from error
            yield say("Left out: {export}. {why}", export=name, why=why)


def _written(
    run: KeptRun, export: Export, target: Path, words: Words
) -> Iterator[Exported]:
    with in_plain_words(target):
        target.mkdir(parents=True, exist_ok=True)
        yield from export.write(run, target, words)
