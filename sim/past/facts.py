"""The documented facts of past operations: three tables, read and checked at once."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic import ValidationError as InvalidRowError

from sim.errors import EvidenceError

FOLDER = Path(__file__).parent
OPERATIONS, FACTS, SOURCES = "operations.csv", "facts.csv", "sources.csv"
_PEOPLE, _HOURS = ("people",), ("hours",)


class FactKind(NamedTuple):
    """How a fact of one kind is to be understood.

    Attributes
    ----------
    says : one sentence.
    units : that it may have.
    kinds : of it; empty if there is one only.
    whole : whether it counts.
    needs_value : whether a row without any number would say nothing.
    """

    says: str
    units: tuple[str, ...]
    kinds: tuple[str, ...] = ("",)
    whole: bool = False
    needs_value: bool = True


CAUSES = (
    *("reciprocity", "receiving side", "departure side", "third party", "on the way"),
    *("inspection", "logistics", "security", "terms", "assembly", "night", "people"),
)
"""Why a convoy stood, in one word or two."""
MEANINGS: Mapping[str, FactKind] = {
    "people_announced": FactKind("People said to leave.", _PEOPLE, whole=True),
    "people_left": FactKind("People who left.", _PEOPLE, whole=True),
    "left_over_announced": FactKind(
        "People who left over people announced: on the list of the last days, or by "
        "the deal or registration.",
        ("ratio",),
        ("list", "deal"),
    ),
    "people_of_batch": FactKind(
        "People of one batch, or of one day.", _PEOPLE, ("batch", "day"), whole=True
    ),
    "vehicles_of_batch": FactKind(
        "Vehicles of one batch, by their kind.",
        ("vehicles",),
        ("bus", "truck", "minibus", "mixed"),
        whole=True,
    ),
    "people_per_vehicle": FactKind(
        "People on a vehicle, mean of a batch.", _PEOPLE, ("bus", "truck", "minibus")
    ),
    "batches_per_period": FactKind(
        "Batches a day or a week.", ("a day", "a week"), ("daily", "weekly")
    ),
    "between_batches": FactKind("From one batch to the next.", _HOURS),
    "days_without_departure": FactKind(
        "Days without a departure, of so many.", ("days",), whole=True
    ),
    "delay_of_start": FactKind("From the time set to the first departure.", _HOURS),
    "boarding_to_release": FactKind(
        "From first boarding to release, or to arrival where only that is told.", _HOURS
    ),
    "on_the_road": FactKind("On the road, without the main wait.", _HOURS),
    "distance": FactKind("Length of the way.", ("km",)),
    "halt": FactKind("Length of a halt, by its cause.", _HOURS, CAUSES, False, False),
    "cause_of_halt": FactKind("Cause of a halt.", ("",), CAUSES, False, False),
    "agreed_pause": FactKind("Pause agreed for an operation.", _HOURS),
    "stopped": FactKind(
        "What was refused, sent back, called off or arrested.",
        ("people", "vehicles", "buses", "teams", "batches", "days", "operations"),
        ("refused", "returned", "aborted", "arrested"),
        whole=True,
    ),
    "end_not_clear": FactKind("Its end is not known.", ("",), ("",), False, False),
}
"""Every kind of fact, by its name."""

Rhythm = Literal["daily", "weekly", "stages", "once"]


def _day_or_minute(text: object) -> object:
    if not isinstance(text, str):
        return text
    moment = datetime.fromisoformat(text)
    return moment if "T" in text else moment.date()


def _nothing(text: object) -> object:
    return None if text == "" else text


Word = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+$")]
Day = Annotated[datetime | date, BeforeValidator(_day_or_minute)]
MaybeDay = Annotated[Day | None, BeforeValidator(_nothing)]
MaybeNumber = Annotated[float | None, BeforeValidator(_nothing)]
MaybeWhole = Annotated[int | None, BeforeValidator(_nothing)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class OperationRow(_Row):
    """A past operation.

    Attributes
    ----------
    id, title : short key, and places.
    war : operations of one war are not independent.
    rhythm : as it went: batches day by day, about weekly, in stages some days apart, or
        all at once.
    """

    id: Key
    title: Word
    war: Annotated[str, StringConstraints(pattern=r"^[a-z-]+$")]
    rhythm: Rhythm


class SourceRow(_Row):
    """A document. An address of `-` means that there is none."""

    key: Word
    title: Word
    address: Annotated[str, StringConstraints(pattern=r"^(https?://|-|[a-z])")]


class FactRow(_Row):
    """One documented fact.

    Attributes
    ----------
    id, operation : key of the row, and of the operation.
    quantity, kind, unit : what it is, as in `MEANINGS`.
    batch, number : name of the batch, and its place among all batches, if known.
    begins, ends : local dates or minutes.
    low, best, high : least, best and greatest value that the source supports.
    of : out of how many.
    attributed_to, source, locator : who says so, and where it was found.
    confidence : A one text states it plainly; B weak or partial; C in part assumed.
    pooled : of batches: whether it enters pooled figures.
    note : what a reader must know.
    """

    id: Word
    operation: Key
    quantity: Word
    kind: str
    batch: str
    number: MaybeWhole
    begins: Day
    ends: MaybeDay
    low: MaybeNumber
    best: MaybeNumber
    high: MaybeNumber
    of: MaybeWhole
    unit: str
    attributed_to: Word
    source: Word
    locator: str
    confidence: Literal["A", "B", "C"]
    pooled: Literal["yes", "no", ""]
    note: str

    @property
    def value(self) -> float | None:
        """The best value, or else the least, or else the greatest; None if none."""
        given = (self.best, self.low, self.high)
        return next((value for value in given if value is not None), None)


class PastOperations(NamedTuple):
    """All that is documented.

    Attributes
    ----------
    operations, sources : by key.
    facts : in the order of the table.
    """

    operations: Mapping[str, OperationRow]
    facts: tuple[FactRow, ...]
    sources: Mapping[str, SourceRow]


@cache
def past_operations() -> PastOperations:
    """Return the facts that are shipped with the program."""
    return read_facts(FOLDER)


def read_facts(folder: Path) -> PastOperations:
    """Return the facts in a folder with `operations.csv`, `facts.csv`, `sources.csv`.

    Raises
    ------
    EvidenceError
        With a sentence for everything that is wrong: a row that cannot be read or says
        nothing, a unit or kind that does not fit, a count that is not whole, values out
        of order, a name that is nowhere or never used, a halt whose cause is missing.
    """
    problems: list[str] = []
    operations = _table(folder / OPERATIONS, OperationRow, problems)
    sources = _table(folder / SOURCES, SourceRow, problems)
    facts = _table(folder / FACTS, FactRow, problems)
    known = PastOperations(
        {row.id: row for row in operations}, tuple(facts), {s.key: s for s in sources}
    )
    problems += _repeated("operation", [row.id for row in operations])
    problems += _repeated("source", [row.key for row in sources])
    problems += _repeated("fact", [row.id for row in facts])
    problems += _names(known)
    for row in facts:
        problems += [f"{FACTS}: {row.id}: {each}" for each in _wrong(row)]
    problems += _halts(facts)
    if problems:
        raise EvidenceError(tuple(problems))
    return known


def _table(path: Path, kind: type[Any], problems: list[str]) -> list[Any]:
    """Return the rows that can be read; what is wrong with others is added."""
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, cells in enumerate(csv.DictReader(file, strict=True), start=2):
            given = {
                {"from": "begins", "to": "ends"}.get(str(key), str(key)): value
                for key, value in cells.items()
            }
            try:
                rows.append(kind.model_validate(given))
            except InvalidRowError as error:
                problems += [
                    f"{path.name}:row {number}:{'.'.join(map(str, each['loc']))}: "
                    f"{each['input']!r}: {each['msg']}"
                    for each in error.errors(include_url=False)
                ]
    return rows


def _repeated(what: str, keys: Sequence[str]) -> Iterator[str]:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"the {what} {key} is there twice; give each a key of its own"


def _names(known: PastOperations) -> Iterator[str]:
    """Say which operations and sources are nowhere, and which are never named."""
    for name, there, used in (
        ("operation", set(known.operations), {row.operation for row in known.facts}),
        ("source", set(known.sources), {row.source for row in known.facts}),
    ):
        for key in sorted(used - there):
            yield f"{FACTS}: the {name} {key} is in no table; add it"
        for key in sorted(there - used):
            yield f"the {name} {key} has no fact; add one, or take it away"


def _wrong(row: FactRow) -> Iterator[str]:
    """Say what does not fit together in one row."""
    meaning = MEANINGS.get(row.quantity)
    if meaning is None:
        yield f"{row.quantity!r} is no quantity; one of {', '.join(MEANINGS)}"
        return
    if row.unit not in meaning.units:
        yield f"the unit {row.unit!r} does not fit; one of {', '.join(meaning.units)}"
    if row.kind not in meaning.kinds:
        yield f"the kind {row.kind!r} does not fit; one of {', '.join(meaning.kinds)}"
    given = [each for each in (row.low, row.best, row.high) if each is not None]
    if not given and meaning.needs_value:
        yield "has no value; give one, or say it in another row"
    if given != sorted(given) or any(each < 0 for each in given):
        yield f"the values {given} are not in order, from 0 up"
    if meaning.whole and any(each % 1 for each in given):
        yield f"counts are whole, and {given} are not"
    if row.quantity == "days_without_departure" and row.of is None:
        yield "needs the number of all days"
    if row.of is not None and row.value is not None and row.value > row.of:
        yield f"{row.value:,.15g} of {row.of} is too many"
    if row.ends is not None and _day(row.ends) < _day(row.begins):
        yield "ends before it begins"


def _halts(facts: Iterable[FactRow]) -> Iterator[str]:
    """Say which halts lack the row of their cause, or the other way round."""
    halts, causes = (
        {
            (row.operation, row.kind, row.begins, row.ends, row.source): row.id
            for row in facts
            if row.quantity == quantity
        }
        for quantity in ("halt", "cause_of_halt")
    )
    for key in halts.keys() ^ causes.keys():
        name = halts.get(key) or causes[key]
        yield f"{FACTS}: {name}: a halt and its cause need a row each that agree"


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def day_of(moment: date | datetime) -> date:
    """Return the day of a date or of a minute."""
    return _day(moment)
