"""What a finished study left in its folder: files to hand on, and what it says."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from pydantic import BaseModel

from sim.plain_file import is_text, plain_bytes
from sim.report.contents import Report
from sim.studies.folder import FACTS
from sim.words import ENGLISH, Words

SAYS = "says"
"""What run.json calls what the study says, in the language of its report."""
_MOST_MB = 20
_IN_MEMORY = 4_000_000
_DATE = (1980, 1, 1, 0, 0, 0)


def says(report: Report, language: str) -> dict[str, object]:
    """Return what a study says, for run.json: its answer, and what pictures show."""
    words = Words(language)
    said = SaidByStudy(
        language=language,
        title=words.of(report.title),
        headline=words.of(report.headline),
        answer=words.of(report.answer),
        pictures={
            picture.name: words.of(picture.alternative) for picture in report.pictures()
        },
    )
    return {SAYS: said.model_dump()}


class SaidByStudy(BaseModel):
    """What a finished study says, as run.json has it; nothing if it does not.

    Attributes
    ----------
    pictures : what each shows, by its name.
    """

    language: str = ENGLISH
    title: str = ""
    headline: str = ""
    answer: str = ""
    pictures: dict[str, str] = {}


def said_in(folder: Path) -> SaidByStudy:
    """Return what a finished study says; nothing if that cannot be read."""
    with suppress(OSError, ValueError, AttributeError, RecursionError):
        told = json.loads(plain_bytes(folder / FACTS, _MOST_MB)).get(SAYS)
        return SaidByStudy.model_validate(told or {})
    return SaidByStudy()


def files_in(folder: Path) -> dict[str, Path]:
    """Return all files of a folder by their path in it; links are passed over.

    So is what has a name that is no text, which no address and no zip file can hold,
    and a folder that has gone meanwhile.
    """
    return dict(sorted(_below(folder, "")))


def _below(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            name = f"{prefix}{entry.name}"
            if not is_text(name):
                continue
            if entry.is_file(follow_symlinks=False):
                yield name, Path(entry.path)
            elif entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                yield from _below(Path(entry.path), f"{name}/")


def _is_junction(entry: "os.DirEntry[str]") -> bool:
    """Return whether a folder of Windows leads elsewhere, as far as Python can tell."""
    asks = getattr(entry, "is_junction", None)  # since 3.12
    return bool(asks and asks())


def packed(folder: Path) -> IO[bytes]:
    """Return all files of a folder as one zip file, to be read and closed."""
    target = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller does
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for name, path in files_in(folder).items():
            info = ZipInfo(f"{folder.name}/{name}", _DATE)
            with path.open("rb") as source, archive.open(info, "w") as into:
                while block := source.read(1 << 20):
                    into.write(block)
    target.seek(0)
    return target
