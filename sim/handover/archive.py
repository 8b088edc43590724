"""Packed cases as zip files: the same files give the same bytes; hostile ones are told.

What is read came from somebody else. Nothing is taken from it before all of it has been
looked at, and no name in it decides where anything is written but by plain rules.
"""

import io
import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from sim.errors import UnusableError
from sim.plain_file import plain_bytes
from sim.zip_directory import directory_exceeds

MOST_MB = 300
_MOST_BYTES = MOST_MB * 1_000_000
MOST_FILES = 5_000
_MANY = f"it holds more than {MOST_FILES:,} files"
_LONGEST = 200
_LARGEST_DIRECTORY = MOST_FILES * (46 + 4 * _LONGEST)
"""Bytes: of each file its fixed fields, and its name in UTF-8."""
_DEEPEST = 12
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = (stat.S_IFREG | 0o644) << 16
_ENCRYPTED = 0x1
_UNFIT = re.compile(
    '[\x00-\x1f\x7f-\x9f<>:"|?*\\\\\u2028-\u202e\u2066-\u2069\ud800-\udfff]'
)
"""Characters that some system does not take in a name, or that hide what it is."""
_DEVICES = re.compile(r"(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[0-9¹²³])")
_BROKEN = (
    *(BadZipFile, zlib.error, struct.error, EOFError, ValueError, OSError),
    *(RuntimeError, NotImplementedError),
)
"""What reading a damaged archive raises."""
_FETCH = "Fetch it once more."
_SEND = "Do not open it by other means; ask whoever sent it for another."


def as_archive(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip file; the same files give the same bytes everywhere.

    They are stored as they are, since what packs them smaller differs by machine.
    """
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name in sorted(files):
            info = ZipInfo(name, _DATE)
            info.create_system = _UNIX
            info.external_attr = _PLAIN_FILE
            archive.writestr(info, files[name])
    return buffer.getvalue()


def files_in(path: Path) -> dict[str, bytes]:
    """Return the files of an archive that somebody sent, by name.

    Raises
    ------
    UnusableError
        If it is no zip file, is damaged, or holds anything but plain files of names
        and sizes that a case can have.
    """
    try:
        contents = plain_bytes(path, MOST_MB)
    except OSError as error:
        raise UnusableError(
            str(path), str(error.strerror), "Check its name."
        ) from error
    return files_of(contents, path)


def files_of(contents: bytes, path: Path) -> dict[str, bytes]:
    """Return the files of an archive, by name.

    Parameters
    ----------
    contents : of the archive.
    path : where it is, or is to be, for what is said.

    Raises
    ------
    UnusableError
        If it is no zip file, is damaged, or holds anything but plain files of names
        and sizes that a case can have.
    """
    try:
        if directory_exceeds(contents, _LARGEST_DIRECTORY):
            raise UnusableError(str(path), _MANY, _SEND)
        with ZipFile(io.BytesIO(contents)) as archive:
            entries = archive.infolist()
            for problem in _problems(entries):
                raise UnusableError(str(path), problem, _SEND)
            return {entry.filename: _read(archive, entry, path) for entry in entries}
    except _BROKEN as error:
        problem = "it is no zip file, or is damaged"
        raise UnusableError(str(path), problem, _FETCH) from error


def _read(archive: ZipFile, entry: ZipInfo, path: Path) -> bytes:
    """Return what is in an entry.

    Raises
    ------
    UnusableError
        If it is damaged, or more than it says.
    """
    name = shown(entry.filename)
    try:
        with archive.open(entry) as file:
            contents = file.read(entry.file_size + 1)
    except _BROKEN as error:
        raise UnusableError(str(path), f"{name} is damaged", _FETCH) from error
    if len(contents) != entry.file_size:
        raise UnusableError(str(path), f"{name} is larger than it says", _SEND)
    return contents


def _problems(entries: list[ZipInfo]) -> Iterator[str]:
    """Yield what no case holds."""
    if len(entries) > MOST_FILES:
        yield _MANY
    if sum(entry.file_size for entry in entries) > _MOST_BYTES:
        yield f"what it holds is larger than {MOST_MB} MB"
    taken: dict[str, str] = {}
    for entry in entries:
        yield from _of_entry(entry)
        if problem := name_problem(entry.filename):
            yield f"{shown(entry.filename)} {problem}"
        plain = folded(entry.filename)
        if plain in taken:
            one, other = shown(taken[plain]), shown(entry.filename)
            yield f"{one} and {other} would be one file on some disks"
        taken[plain] = entry.filename
    for name in taken:
        above = name.rpartition("/")[0]
        while above:
            if above in taken:
                yield f"{shown(taken[above])} is a file and a folder"
            above = above.rpartition("/")[0]


def _of_entry(entry: ZipInfo) -> Iterator[str]:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    name = shown(entry.filename)
    if entry.flag_bits & _ENCRYPTED:
        yield f"{name} is encrypted"
    if kind not in {0, stat.S_IFREG}:
        yield f"{name} is a link or a device, not a file"
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        yield f"{name} is compressed in a way that is not read"


def name_problem(name: str) -> str:
    """Return what is wrong with the name of a file in a case; empty if nothing is."""
    return next(_name_problems(name), "")


def _name_problems(name: str) -> Iterator[str]:
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or re.match("[A-Za-z]:", name):
        yield "names a place outside the folder"
    if any(part in {".", ".."} for part in parts):
        yield "leads out of the folder"
    if not all(parts):
        yield "is no name of a file"
    if len(name) > _LONGEST or len(parts) > _DEEPEST:
        yield "is too long or too deep"
    if _UNFIT.search(name):
        yield "has a character that no name may have"
    for part in parts:
        if part.startswith("."):
            yield "begins with a dot, which hides it on many systems"
        if part.endswith((".", " ")) or part.startswith(" "):
            yield "ends or begins in a way that Windows changes"
        if _DEVICES.fullmatch(part.partition(".")[0].rstrip().lower()):
            yield "is the name of a device on Windows"


def folded(name: str) -> str:
    """Return one spelling for names that some disk takes for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())


def shown(name: str) -> str:
    """Return a name of somebody else's as it may stand in a sentence."""
    return f"'{_UNFIT.sub('?', name)[:_LONGEST]}'"
