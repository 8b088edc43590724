"""Read an evidence table, and say everything that is wrong with it at once."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.errors import EvidenceError
from sim.evidence.figures import CHOICES, COLUMNS, Figure
from sim.evidence.rules import InconsistentFigureError
from sim.plain_file import plain_bytes

Row = tuple[int, dict[str, str]]
"""Number of the row as a spreadsheet shows it, the header being 1, and its cells."""
_WIDEST = 60
_MOST_MB = 20


def load_figures(
    path: Path, to_seconds: Callable[[str], int] | None = None
) -> tuple[Figure, ...]:
    """Return the figures of a table, in its order.

    Parameters
    ----------
    path : CSV file with the columns of `COLUMNS`, in any order, in UTF-8.
    to_seconds : turns local times of the operation into seconds, as
        `sim.scenario.clock.Clock.seconds`. A `ValueError` says, first, what is wrong
        with a time that the clocks of the zone skip or show twice. Without it, such
        times are taken.

    Raises
    ------
    EvidenceError
        If the table cannot be read or a row is not valid. Each problem is a sentence
        with file, row and column, what stands there, and what to do.
    """
    header, rows, problems = _cells(path)
    problems += _about_header(path, header)
    if set(COLUMNS) - set(header):
        raise EvidenceError(tuple(problems))
    figures: list[tuple[int, Figure]] = []
    for number, cells in rows:
        filled = {column: cells[column] for column in COLUMNS if cells[column]}
        try:
            figures.append((number, Figure.model_validate(filled)))
        except ValidationError as error:
            problems += [
                f"{path}:row {number}:{sentence}"
                for details in error.errors()
                for sentence in _sentences(details, cells)
            ]
    problems += _repeated_ids(path, rows)
    problems += _counted_twice(path, figures)
    problems += _bases_that_are_nowhere(path, rows, figures)
    if to_seconds is not None:
        problems += _no_moments(path, figures, to_seconds)
    if problems:
        raise EvidenceError(tuple(problems))
    return tuple(figure for _, figure in figures)


def _cells(path: Path) -> tuple[list[str], list[Row], list[str]]:
    """Return the header, the rows, and sentences on rows of the wrong length.

    Raises
    ------
    EvidenceError
        If there is no table to be read.
    """
    try:
        raw = plain_bytes(path, _MOST_MB)
        lines = list(
            csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        )
    except OSError as error:
        raise EvidenceError((f"{path}: cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        place = raw.count(b"\n", 0, error.start) + 1
        raise EvidenceError(
            (f"{path}:line {place}: is not UTF-8; save it as CSV UTF-8",)
        ) from error
    except csv.Error as error:
        raise EvidenceError(
            (f"{path}: is not a CSV table ({error}); look for an open quotation mark",)
        ) from error
    if not lines:
        raise EvidenceError((f"{path}: is empty; the first row names the columns",))
    header = [name.strip() for name in lines[0]]
    rows = []
    problems = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) == len(header):
            cells = (cell.strip() for cell in line)
            rows.append((number, dict(zip(header, cells, strict=True))))
        else:
            problems.append(
                f"{path}:row {number}: has {len(line)} cells, the header has "
                f"{len(header)}; put cells with commas in quotation marks"
            )
    return header, rows, problems


def _about_header(path: Path, header: Sequence[str]) -> Iterator[str]:
    if len(header) == 1 and ";" in header[0]:
        yield f"{path}:row 1: cells are separated by ';'; save it with commas"
        return
    for name in header:
        if name not in COLUMNS:
            yield f"{path}:row 1:{_clip(name)}: is not a column{_near(name, COLUMNS)}"
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield f"{path}:row 1:{_clip(name)}: comes twice; keep one"
    for name in COLUMNS:
        if name not in header:
            yield f"{path}:row 1:{name}: is missing; add the column, it may be empty"


def _sentences(details: ErrorDetails, cells: Mapping[str, str]) -> Iterator[str]:
    """Return what pydantic found, each with its column."""
    cause = details.get("ctx", {}).get("error")
    if isinstance(cause, InconsistentFigureError):
        (found,) = cause.args
        for column, sentence in found:
            yield f"{column}: {sentence}"
        return
    column = str(details["loc"][0])
    value = cells.get(column, "")
    if details["type"] == "missing":
        yield f"{column}: is empty; fill it in"
    elif column in CHOICES:
        allowed = CHOICES[column]
        yield (
            f"{column}: '{_clip(value)}' is not one of {', '.join(allowed)}"
            f"{_near(value, allowed)}"
        )
    elif cause is not None:
        yield f"{column}: {cause}"
    else:
        yield f"{column}: '{_clip(value)}': {details['msg']}"


def _repeated_ids(path: Path, rows: Sequence[Row]) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, cells in rows:
        name = cells["id"]
        if name and first.setdefault(name, number) != number:
            yield (
                f"{path}:row {number}:id: '{_clip(name)}' is also the id of row "
                f"{first[name]}; give each row its own"
            )


def _counted_twice(path: Path, figures: Sequence[tuple[int, Figure]]) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, figure in figures:
        claim = figure.claim_group
        if figure.role != "fit" or not claim:
            continue
        if first.setdefault(claim, number) != number:
            yield (
                f"{path}:row {number}:claim_group: '{_clip(claim)}' is already "
                f"fitted by row {first[claim]}, and one claim counts once; make "
                "one of them a check"
            )


def _bases_that_are_nowhere(
    path: Path, rows: Sequence[Row], figures: Sequence[tuple[int, Figure]]
) -> Iterator[str]:
    known = [cells["id"] for _, cells in rows]
    for number, figure in figures:
        for name in figure.bases:
            if name not in known or name == figure.id:
                yield (
                    f"{path}:row {number}:rests_on: '{_clip(name)}' is not the id of "
                    f"another row{_near(name, known)}"
                )


def _no_moments(
    path: Path,
    figures: Sequence[tuple[int, Figure]],
    to_seconds: Callable[[str], int],
) -> Iterator[str]:
    """Say which times are not exactly one moment by the clocks of the zone."""
    for number, figure in figures:
        for name, field in Figure.model_fields.items():
            value = getattr(figure, name)
            if isinstance(value, datetime):
                try:
                    to_seconds(value.isoformat(timespec="minutes"))
                except ValueError as error:
                    # Its advice may be an offset, which a table has no room for.
                    problem = error.args[0]
                    yield (
                        f"{path}:row {number}:{field.alias or name}: {problem}; write "
                        "a time that the clocks of the operation show once"
                    )


def _near(word: str, known: Sequence[str]) -> str:
    match = get_close_matches(word[:_WIDEST], known, n=1)
    return f"; did you mean '{match[0]}'?" if match else ""


def _clip(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDEST else flat[: _WIDEST - 3] + "..."
