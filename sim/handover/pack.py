"""Puts a case into one file: what it is, what it rests on, what a re-run gives."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from sim.errors import RunError, ScenarioError, UnusableError
from sim.evidence.table import SOURCES
from sim.formats import CASE
from sim.handover.archive import (
    MOST_FILES,
    MOST_MB,
    as_archive,
    files_of,
    folded,
    name_problem,
)
from sim.handover.manifest import (
    NAME,
    Manifest,
    Rerun,
    digest,
    fingerprint,
)
from sim.handover.rerun import here, rerun
from sim.plain_file import plain_bytes
from sim.report.limits import LIMITS
from sim.scenario import find
from sim.scenario.evidence_file import evidence_file
from sim.scenario.files import SUFFIXES, bases, read_file
from sim.studies.cases import name_of, opened
from sim.studies.folder import FACTS, in_plain_words
from sim.studies.planners_folder import root
from sim.whole_file import write_whole
from sim.words import Text, Words, say_many

ENDING = ".case.zip"
_SCENARIOS = "scenarios"
_RESULTS = "results"
_READ_ME = "README.md"
_FITS = "*.npz"
_NOT_PACKED = frozenset({"exports"})


def packed(
    scenario: str,
    results: Sequence[Path],
    target: Path | None,
    seed: int,
    replications: int,
) -> Iterator[Text]:
    """Write a case as one file; yield what is in it.

    Parameters
    ----------
    scenario : its file or name.
    results : folders of results to take along.
    target : file to write, which must not be there; named after the scenario, in the
        present folder, if None.
    seed, replications : of the small run, by which the case is tried elsewhere.

    Raises
    ------
    ScenarioError, EvidenceError
        If the scenario or its evidence is refused.
    RunError
        If there is a file in the place of the new one, or something cannot be packed.
    ResultsError
        If the disk does not let us.
    """
    case = opened(scenario)
    path = find(scenario, root())
    there = target or Path(f"{case.name.replace('/', '-')}{ENDING}")
    if there.exists():
        raise RunError(f"{there} is there already. Remove it, or give another with -o.")
    with in_plain_words(there.parent):
        files = _of_scenario(path)
        names = _add_results(files, results)
        _refuse_unfit(files)
        contents = _manifest(
            files, names, path, rerun(case.operation, seed, replications)
        )
        archive = as_archive({**files, NAME: contents})
        _refuse_unreadable(archive, there)
        write_whole(there, archive)
    yield from sorted(files)
    yield say_many(
        "Wrote {file}: {count} file. Fingerprint: {fingerprint}",
        "Wrote {file}: {count} files. Fingerprint: {fingerprint}",
        len(files),
        file=str(there),
        fingerprint=fingerprint(contents),
    )


def _manifest(
    files: Mapping[str, bytes], results: Sequence[str], path: Path, found: Rerun
) -> bytes:
    """Return what a case says of itself, as the contents of a file.

    Raises
    ------
    RunError
        If nobody could read it.
    """
    try:
        return Manifest(
            format=CASE.current,
            name=name_of(path),
            scenario=_inside(path, path),
            results=sorted(results),
            files={name: digest(contents) for name, contents in files.items()},
            made_with=here(),
            rerun=found,
            limits_of_use=Words().of(LIMITS),
        ).written()
    except ValidationError as error:
        raise RunError(
            f"the case cannot be packed, as nobody could unpack it: {error}"
        ) from error


def _of_scenario(path: Path) -> dict[str, bytes]:
    """Return a scenario with all that it extends and rests on, by name in the case."""
    needed = {path, *bases(path), *_variants_of(path)}
    for each in tuple(needed):
        table = evidence_file(read_file(each)[0])
        if table is not None:
            needed |= {table, table.with_name(SOURCES)}
        needed.add(each.with_name(_READ_ME))
    needed |= set(path.parent.glob(_FITS))
    return {
        _inside(each, path): plain_bytes(each, MOST_MB)
        for each in sorted(needed)
        if each.is_file()
    }


def _variants_of(path: Path) -> Iterator[Path]:
    """Yield the files beside a scenario that extend it."""
    for other in sorted(path.parent.iterdir()):
        if other.suffix in SUFFIXES and other != path and other.is_file():
            try:
                if path.resolve() in {base.resolve() for base in bases(other)}:
                    yield other
            except ScenarioError:
                continue  # what is no scenario is no variant


def _inside(each: Path, scenario: Path) -> str:
    """Return what a file beside or above a scenario is called in a case."""
    folder = scenario.parent.resolve()
    all_of_them = [
        above for above in (folder, *folder.parents) if above.name == _SCENARIOS
    ]
    above = all_of_them[0].parent if all_of_them else folder.parent
    inside = (each.parent.resolve() / each.name).relative_to(above).as_posix()
    return inside if all_of_them else f"{_SCENARIOS}/{inside}"


def _add_results(files: dict[str, bytes], folders: Sequence[Path]) -> list[str]:
    """Add the files of folders of results; return their names.

    Raises
    ------
    RunError
        If one is none, or two are called the same.
    """
    names: list[str] = []
    for folder in folders:
        if not (folder / FACTS).is_file():
            raise RunError(
                f"{folder} holds no results. Give folders as "
                "results/2026-01-31T1200_aleppo-2016_0123ab."
            )
        name = folder.resolve().name
        if name in names:
            raise RunError(f"two folders of results are called {name}. Rename one.")
        names.append(name)
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not path.is_symlink() and _goes_along(inside):
                to = f"{_RESULTS}/{name}/{inside.as_posix()}"
                files[to] = plain_bytes(path, MOST_MB)
    return names


def _goes_along(inside: Path) -> bool:
    """Return whether a file of a folder of results is packed; hidden ones are not."""
    hidden = any(part.startswith(".") for part in inside.parts)
    return not hidden and inside.parts[0] not in _NOT_PACKED


def _refuse_unreadable(archive: bytes, target: Path) -> None:
    """Refuse to write what `unpack` would not read.

    Raises
    ------
    RunError
        If it would not.
    """
    if len(archive) > MOST_MB * 1_000_000:
        raise RunError(_too_large(len(archive)))
    try:
        files_of(archive, target)
    except UnusableError as error:
        _, problem, _ = error.args
        raise RunError(
            f"the case cannot be packed, as nobody could unpack it: {problem}."
        ) from error


def _too_large(size: int) -> str:
    return f"the case has {size / 1e6:,.0f} MB, more than {MOST_MB}. Leave out results."


def _refuse_unfit(files: Mapping[str, bytes]) -> None:
    """Refuse what `unpack` would refuse.

    Raises
    ------
    RunError
        If there is any.
    """
    taken: dict[str, str] = {}
    for name in files:
        if problem := name_problem(name):
            raise RunError(f"'{name}' cannot be packed: it {problem}. Rename it.")
        if folded(name) in taken:
            raise RunError(
                f"'{name}' and '{taken[folded(name)]}' would be one file on some "
                "disks. Rename one of them."
            )
        taken[folded(name)] = name
    count = len(files) + 1  # with the manifest
    if count > MOST_FILES:
        raise RunError(
            f"the case has {count:,} files, more than {MOST_FILES:,}. Leave out "
            "results."
        )
    size = sum(map(len, files.values()))
    if size > MOST_MB * 1_000_000:
        raise RunError(_too_large(size))
