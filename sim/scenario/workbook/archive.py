"""Looks at a file before anything reads it as a workbook.

What could harm is refused here: files that unpack to far more than they are, entities,
macros, values of other workbooks; and files of other kinds, each with what to do.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from sim.messages import Number, Text, say
from sim.scenario.problems import RefusedError
from sim.zip_directory import directory_exceeds

MOST_MB = 5
_MOST_UNPACKED = 60_000_000
_MOST_PARTS = 2_000
_LARGEST_DIRECTORY = 1_000 * _MOST_PARTS
"""Bytes."""
_BLOCK = 1_000_000
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_SAVE = say("Save it as an Excel workbook (.xlsx).")
SUFFIX = ".xlsx"
OTHER_SUFFIXES: Mapping[str, Text] = {
    ".xlsm": say("it is a workbook with macros, which are not read"),
    ".xlsb": say("it is a binary workbook (.xlsb)"),
    ".xls": say("it is a workbook of the old kind (.xls)"),
    ".ods": say("it is an OpenDocument sheet (.ods)"),
}
"""Workbooks that are not read, and why."""
_MACROS = re.compile(r"xl/(vbaProject\.bin|macrosheets/)", re.IGNORECASE)
_OUTSIDE = re.compile(r"xl/externalLinks/", re.IGNORECASE)
_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_IS_PROTECTED = (
    say("the workbook is protected by a password"),
    say("Save it without one."),
)
_TOO_LARGE = (
    say(
        "the workbook unpacks to more than {most} MB",
        most=Number(_MOST_UNPACKED / 1e6, ".0f"),
    ),
    say("Delete pictures and sheets that are not needed."),
)
DAMAGED = (
    say("the workbook is damaged"),
    say("Open it in a spreadsheet and save it anew."),
)
"""What is wrong with a workbook that cannot be read through, and what to do."""
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def parts_of(data: bytes) -> Mapping[str, bytes]:
    """Return the parts of a workbook, by name, if it can be read without harm.

    Raises
    ------
    RefusedError
        If it is none, or may not be read.
    """
    if not data.startswith(_ZIP):
        raise RefusedError(*_no_archive(data))
    if directory_exceeds(data, _LARGEST_DIRECTORY):
        raise RefusedError(*_TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            _check_names(names)
            if "mimetype" in names and b"opendocument" in archive.read("mimetype"):
                raise RefusedError(OTHER_SUFFIXES[".ods"], _SAVE)
            parts = _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise RefusedError(*DAMAGED) from error
    except RuntimeError as error:  # what zipfile says of a part with a password
        raise RefusedError(*_IS_PROTECTED) from error
    _check_parts(parts)
    return parts


def _check_names(names: list[str]) -> None:
    """Check what the parts of an archive are called.

    Raises
    ------
    RefusedError
        If it is no workbook, or holds what is not read.
    """
    if len(names) > _MOST_PARTS:
        raise RefusedError(*_TOO_LARGE)
    if any(_MACROS.match(name) for name in names):
        raise RefusedError(OTHER_SUFFIXES[".xlsm"], _SAVE)
    if "xl/workbook.bin" in names:
        raise RefusedError(OTHER_SUFFIXES[".xlsb"], _SAVE)
    if any(_OUTSIDE.match(name) for name in names):
        raise RefusedError(
            say("it takes values from other workbooks"),
            say("Copy these cells and paste them as values, then save it."),
        )
    if len(set(names)) < len(names):
        raise RefusedError(
            say("the workbook is damaged: a part is in it twice"),
            say("Open it in a spreadsheet and save it anew."),
        )


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the parts of an archive, of which no more is unpacked than is allowed.

    Raises
    ------
    RefusedError
        If there is more.
    """
    room = _MOST_UNPACKED
    if sum(each.file_size for each in archive.infolist()) > room:
        raise RefusedError(*_TOO_LARGE)
    parts = {}
    for name in archive.namelist():
        blocks = []
        with archive.open(name) as part:
            while block := part.read(_BLOCK):
                room -= len(block)
                if room < 0:
                    raise RefusedError(*_TOO_LARGE)
                blocks.append(block)
        parts[name] = b"".join(blocks)
    return parts


def _check_parts(parts: Mapping[str, bytes]) -> None:
    """Check what the parts of a workbook hold.

    Raises
    ------
    RefusedError
        If it is no workbook, or holds what is not read.
    """
    if "[Content_Types].xml" not in parts or "xl/workbook.xml" not in parts:
        raise RefusedError(say("it is an archive, but no workbook"), _SAVE)
    if b"macroEnabled" in parts["[Content_Types].xml"]:
        raise RefusedError(OTHER_SUFFIXES[".xlsm"], _SAVE)
    for name, part in parts.items():
        is_wide = name.endswith((".xml", ".rels")) and part.startswith(_WIDE)
        if is_wide or _DECLARED.search(part):
            raise RefusedError(
                say(
                    "its part {name} declares entities, as no spreadsheet writes it",
                    name=name,
                ),
                say("Open it in a spreadsheet and save it anew."),
            )


def _no_archive(data: bytes) -> tuple[Text, Text]:
    """Return what a file is that is no archive, and what to do."""
    if _PROTECTED in data:
        return _IS_PROTECTED
    if data.startswith(_COMPOUND):
        return OTHER_SUFFIXES[".xls"], _SAVE
    if not data:
        return say("the file is empty"), _SAVE
    return (
        say("it is no workbook, whatever its name says"),
        say("Give a text that is a scenario a name that ends in .yaml."),
    )
