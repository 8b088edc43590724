"""The folder of a run as an RO-Crate: what an archive needs to know of each file.

It follows the profile Process Run Crate: the run is an action, the program its
instrument, the scenario what it was done with, all other files what came of it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.exports.contents import SCENARIO, Exported, KeptRun, NothingToWriteError
from sim.exports.gaps import gap
from sim.words import Words, say, say_many

FILE = "ro-crate.zip"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_CRATE = "1.1"
"""The version of RO-Crate on which the profile rests."""
_OUR_FOLDER = "exports"
_LICENSE = say("under which licence the results may be used")


def write_ro_crate(run: KeptRun, folder: Path, words: Words) -> Iterator[Exported]:
    """Write the folder of the run, described, as one zip file; yield it.

    Raises
    ------
    NothingToWriteError
        If the package rocrate is not installed.
    UnusableError
        If run.json is damaged.
    """
    try:
        from rocrate.rocrate import ROCrate  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise NothingToWriteError(
            say(
                "It needs the package rocrate, which is not installed: "
                "pip install 'evacuation-convoys[archive]', or pip install rocrate."
            )
        ) from error
    crate = ROCrate(version=_CRATE)
    crate.name = run.operation.operation
    crate.description = words.of(run.remark)
    crate.license = words.of(gap(_LICENSE))
    crate.datePublished = str(run.facts.get("ended", ""))
    files = [*_files(run.folder)]
    entities = {
        (name := path.relative_to(run.folder).as_posix()): crate.add_file(
            str(path), name, properties={"name": path.name}
        )
        for path in files
    }
    _describe(crate, run, entities)
    crate.write_zip(str(folder / FILE))
    yield Exported(folder / FILE, say_many("{count} file", "{count} files", len(files)))


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a run but for what was exported of it; links are left out."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if inside[0] != _OUR_FOLDER and path.is_file() and not path.is_symlink():
            yield path


def _describe(crate: Any, run: KeptRun, entities: dict[str, Any]) -> None:
    """Say how the files came about."""
    facts = run.facts
    program = crate.add_jsonld(_program(facts))
    crate.add_jsonld(
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate"}
    )
    crate.root_dataset["conformsTo"] = crate.get(_PROFILE)
    action = crate.add_action(
        program,
        identifier="#run",
        object=[entities[SCENARIO]],
        result=[each for name, each in entities.items() if name != SCENARIO],
        properties={
            "name": str(facts.get("command", "")),
            "startTime": str(facts.get("began", "")),
            "endTime": str(facts.get("ended", "")),
        },
    )
    crate.root_dataset["mentions"] = [action]


def _program(facts: Any) -> dict[str, Any]:
    project = facts.get("project") or {}
    packages = ", ".join(
        f"{name} {version}" for name, version in (facts.get("packages") or {}).items()
    )
    return {
        "@id": "#program",
        "@type": "SoftwareApplication",
        "name": "evacuation-convoys",
        "softwareVersion": str(project.get("version", "")),
        "identifier": str(project.get("commit") or ""),
        "runtimePlatform": f"Python {facts.get('python', '')}",
        "softwareRequirements": packages,
    }
