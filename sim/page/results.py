"""The files that a study left, one by one or all together."""

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import IO, NamedTuple
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from sim.page.asked import NotThereError, PageVisit
from sim.report.forms.files import PICTURES
from sim.report.forms.moving import script_hash
from sim.studies.folder import REPLICATIONS
from sim.studies.kept_results import files_in, packed

_KINDS = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".pdf": "application/pdf",
        ".csv": "text/csv; charset=utf-8",
        ".json": "application/json",
        ".yaml": "text/plain; charset=utf-8",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""Of files by their ending; all others are bytes."""
_SHOWN = frozenset({".html", ".svg", ".png", ".pdf"})
"""Endings of files that a browser shows; it keeps the others."""
_READ = (
    *("report.html", "brief.html", "brief.pdf", "movements.html", "receiving.html"),
    "results.xlsx",
)
_BLOCK = 1 << 18


class ShownFiles(NamedTuple):
    """The files of a study as a page lists them.

    Attributes
    ----------
    read : names of those for readers.
    pictures : names of the pictures, without folder and ending.
    others : names and sizes [bytes] of those for programs.
    """

    read: list[str]
    pictures: list[str]
    others: list[tuple[str, int]]


def shown_files(folder: Path) -> ShownFiles:
    """Return which files a study left."""
    found = files_in(folder)
    pictures = [
        Path(name).stem
        for name in found
        if name.startswith(f"{PICTURES}/") and name.endswith(".svg")
    ]
    others = [
        (name, path.stat().st_size)
        for name, path in found.items()
        if name not in _READ and not name.startswith((PICTURES, REPLICATIONS))
    ]
    return ShownFiles([name for name in _READ if name in found], pictures, others)


def _folder(asked: PageVisit) -> Path:
    """Return the folder of results that the address names.

    Raises
    ------
    NotThereError
        If there is none.
    """
    try:
        entry = asked.desk.queue.entry(asked.named["address"])
    except KeyError as error:
        raise NotThereError from error
    if entry.folder is None:
        raise NotThereError
    return entry.folder


def _file(asked: PageVisit) -> Response:
    """Give one file; looked up among those there are.

    Raises
    ------
    NotThereError
        If it is none of them.
    """
    return file_in(_folder(asked), asked.named["file"])


def file_in(folder: Path, name: str) -> Response:
    """Give a file of a folder of results; looked up among those there are.

    Raises
    ------
    NotThereError
        If it is none of them.
    """
    path = files_in(folder).get(name)
    if path is None:
        raise NotThereError
    ending = path.suffix.lower()
    headers = {"content-security-policy": _policy(ending)}
    if ending in _SHOWN:
        # A page in a sandbox may have no opener policy of its own.
        headers["cross-origin-opener-policy"] = "unsafe-none"
    else:
        headers["content-disposition"] = _as_file(path.name)
    kind = _KINDS.get(ending, "application/octet-stream")
    return Response(path.read_bytes(), media_type=kind, headers=headers)


def _policy(ending: str) -> str:
    """Return what a file that somebody may have changed may do: next to nothing."""
    script = f"; script-src {script_hash()}" if ending == ".html" else ""
    # Browsers show PDF by a program of their own, which a sandbox keeps out.
    sandbox = "" if ending == ".pdf" else "; sandbox allow-scripts"
    return (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors 'none'{script}{sandbox}"
    )


def _all(asked: PageVisit) -> Response:
    """Give all files of a study as one."""
    folder = _folder(asked)
    headers = {"content-disposition": _as_file(f"{folder.name}.zip")}
    return StreamingResponse(
        _blocks(packed(folder)), media_type="application/zip", headers=headers
    )


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK):
            yield block


def _as_file(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"


ROUTES = (
    ("/study/{address}/all.zip", _all),
    ("/study/{address}/files/{file:path}", _file),
)
