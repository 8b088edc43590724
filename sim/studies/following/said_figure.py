"""A figure as somebody says it: who, how many, of what, by when, how sure."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType

from sim.evidence.cells import CellProblem, holds, unseen
from sim.evidence.row import COLUMNS
from sim.evidence.vocabulary import MEANINGS
from sim.scenario.problems import hint
from sim.words import Text, joined, say
from sim.words.evidence import counted

METRICS: Mapping[str, Text] = MappingProxyType(
    {name: counted(name) for name in MEANINGS}
)
"""What can be counted, in words, by the name of the metric."""
_MOST_SIGNS = 2_000
_USUAL_METRIC = "cumulative_arrivals"


def completed(cells: Mapping[str, str], name: str, now: datetime) -> dict[str, str]:
    """Return a row of the evidence table with what goes without saying filled in.

    Who says nothing else means people who had arrived, said now and for now, by a
    source that stands for itself, and to be learned from.

    Parameters
    ----------
    cells : by column; those that are empty or absent are filled in.
    name : of the row.
    now : local time.
    """
    said = {column: text.strip() for column, text in cells.items() if text.strip()}
    minute = now.isoformat(timespec="minutes")
    metric = said.get("metric", _USUAL_METRIC)
    meaning = MEANINGS.get(metric)
    usual = {"id": name, "metric": metric, "role": "fit"}
    usual |= {"published": minute, "bound": _bound(said)}
    if meaning is not None and len(meaning.units) == 1:
        usual["unit"] = meaning.units[0]
    if meaning is not None and meaning.when == "as of":
        usual["from"] = said.get("published", minute)
    if who := said.get("attributed_to"):
        usual |= {"family": who, "source": who}
    return {column: text for column, text in (usual | said).items() if text}


def _bound(said: Mapping[str, str]) -> str:
    """Return what kind of statement some numbers are."""
    low, best, high = (said.get(name, "") for name in ("low", "best", "high"))
    if best and not (low or high):
        return "exact"
    if best and low == best == high:
        return "exact"
    if low and high:
        return "about" if best else "interval"
    if low:
        return "at_least"
    return "at_most" if high else ""


def untidy(cells: Mapping[str, str], row: int) -> Iterator[CellProblem]:
    """Yield what no cell of a table may hold, and columns that there are not.

    Parameters
    ----------
    cells : by column.
    row : of the problems.
    """
    for column, text in cells.items():
        if column not in COLUMNS:
            told = joined((say("is not a column."), hint(column, COLUMNS)))
            yield CellProblem(row, column, told)
        if len(text) > _MOST_SIGNS:
            says = say(
                "has {signs} signs; write at most {most}",
                signs=len(text),
                most=_MOST_SIGNS,
            )
            yield CellProblem(row, column, says)
        for what in unseen(text):
            yield CellProblem(row, column, holds(what))


def too_early(published: str, now: datetime, row: int) -> Iterator[CellProblem]:
    """Yield that a figure cannot be known yet.

    Parameters
    ----------
    published : of the figure: a date, or a local date and time.
    now : local time.
    row : of the problem.
    """
    # What is no date at all, or has a zone, is told elsewhere.
    with suppress(ValueError, TypeError):
        if datetime.fromisoformat(published) > now:
            says = say(
                "{published} is still to come; say when it was published",
                published=published,
            )
            yield CellProblem(row, "published", says)
