"""Opens a case that somebody sent, sees that it is whole, and whether it runs alike."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from sim.errors import RunError, UnusableError
from sim.handover.archive import files_in, shown
from sim.handover.manifest import NAME, Manifest, digest, fingerprint, read_manifest
from sim.handover.rerun import here, rerun
from sim.invocation import program
from sim.report.limits import LIMITS
from sim.studies.cases import opened
from sim.studies.folder import in_plain_words
from sim.whole_file import write_whole
from sim.words import Number, Text, listed, say, say_many

_ASK = "Ask whoever sent it to pack it again; nothing was written."


class RerunTrial(NamedTuple):
    """Whether a case gave the same here as where it was packed, and what was found."""

    alike: bool
    said: tuple[Text, ...]


class Unpacked(NamedTuple):
    """A case that is whole, in a folder of its own.

    Attributes
    ----------
    said : what was found.
    """

    folder: Path
    manifest: Manifest
    said: tuple[Text, ...]

    def tried(self) -> RerunTrial:
        """Run the case as it was run when it was packed; return what differs.

        Raises
        ------
        ScenarioError, EvidenceError
            If this program refuses its scenario.
        """
        was = self.manifest.rerun
        operation = opened(self.folder / self.manifest.scenario).operation
        now = rerun(operation, was.seed, len(was.logs))
        same = sum(one == other for one, other in zip(was.logs, now.logs, strict=True))
        alike = same == len(was.logs)
        found = [_same(same)] if alike else [*_differs(same, self.manifest)]
        return RerunTrial(alike, tuple(found))


def unpacked(path: Path, target: Path | None) -> Unpacked:
    """Open a case in a folder of its own.

    Parameters
    ----------
    path : of the file.
    target : folder, made if need be, in which nothing may be; named after the file,
        in the present folder, if None.

    Raises
    ------
    UnusableError
        If it is no case, or a file of it was changed, is missing or was added; nothing
        is written then.
    RunError
        If there is something in the folder.
    ResultsError
        If the disk does not take it.
    """
    files = files_in(path)
    if NAME not in files:
        raise UnusableError(str(path), f"it has no {NAME}", "Give a file of 'pack'.")
    contents = files.pop(NAME)
    manifest = read_manifest(contents, str(path))
    if problems := [*_problems(files, manifest)]:
        raise UnusableError(str(path), "; ".join(problems), _ASK)
    folder = target or Path(path.name.partition(".")[0])
    with in_plain_words(folder):
        _write(files | {NAME: contents}, folder)
    whole = say_many(
        "{count} file is as it was packed, in {folder}. Fingerprint: {fingerprint}",
        "{count} files are as they were packed, in {folder}. Fingerprint: "
        "{fingerprint}",
        len(files),
        folder=str(folder),
        fingerprint=fingerprint(contents),
    )
    run = say(
        "To run it: {program} run {scenario}",
        program=program(),
        scenario=str(folder / manifest.scenario),
    )
    return Unpacked(folder, manifest, (whole, LIMITS, run))


def _problems(files: Mapping[str, bytes], manifest: Manifest) -> Iterator[str]:
    """Yield which files are not as they were packed."""
    for name, expected in manifest.files.items():
        if name not in files:
            yield f"{shown(name)} is missing"
        elif digest(files[name]) != expected:
            yield f"'{name}' was changed"
    for name in files:
        if name not in manifest.files:
            yield f"'{name}' was added"
    if manifest.scenario not in manifest.files:
        yield "the scenario that it names is not in it"


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder in which nothing is.

    Raises
    ------
    RunError
        If there is something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise RunError(f"{folder} is not empty. Give another folder after the file.")
    for name, contents in files.items():
        there = folder / name
        there.parent.mkdir(parents=True, exist_ok=True)
        write_whole(there, contents)


def _same(count: int) -> Text:
    return say_many(
        "It gives the same here: {count} replication, event by event.",
        "It gives the same here: {count} replications, event by event.",
        count,
    )


def _differs(same: int, manifest: Manifest) -> Iterator[Text]:
    yield say(
        "It does not give the same here: {same} of {whole} replications are alike.",
        same=Number(same),
        whole=Number(len(manifest.rerun.logs)),
    )
    versions = tuple(_versions(manifest.made_with, here()))
    if versions:
        yield say("What differs: {what}.", what=listed(versions))
    else:
        yield say("Program, packages and platform are the same; please report this.")


def _versions(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Text]:
    """Yield which versions differ."""
    for name in {**then, **now}:
        one, other = then.get(name, "-"), now.get(name, "-")
        if one != other:
            yield say(
                "{name} ({here} here, {there} where it was packed)",
                name=name,
                here=other,
                there=one,
            )
