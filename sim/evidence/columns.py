"""What stands in the columns of both tables, as messages: the words of the rules.

The reference, the sheets of a workbook and the planner's page tell it from here.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sim.evidence.row import CHOICES, COLUMNS, NEEDED, EvidenceRow
from sim.evidence.table import SOURCE_COLUMNS
from sim.evidence.vocabulary import BOUNDS, KEYS, MEANINGS, ROLES, WINDOWS
from sim.messages import Sentence

EXAMPLE_ROW: Mapping[str, str] = MappingProxyType(
    {
        "id": "V-01",
        "origin": "northtown",
        "metric": "cumulative_arrivals",
        "select": "group=families",
        "since": "2016-12-15T06:00",
        "from": "2016-12-15T20:00",
        "to": "2016-12-15T23:00",
        "low": "450",
        "best": "500",
        "high": "550",
        "bound": "about",
        "unit": "people",
        "method": "",
        "attributed_to": "Example Relief",
        "family": "Example Relief",
        "source": "situation-report-3",
        "locator": "p. 2",
        "claim_group": "evening-15",
        "rests_on": "",
        "role": "check",
        "published": "2016-12-17",
        "confidence": "B",
        "note": "Invented; the source says 'about 500 by the evening'.",
    }
)
"""A row of invented evidence, as one is written."""
_OF_SOURCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "key": ("As in the column `source` of the evidence.", "situation-report-3"),
        "title": ("Title of the document.", "Situation report no. 3"),
        "publisher": ("Who published it.", "Example Relief"),
        "date": ("When it was published.", "2016-12-17"),
        "address": ("Where it can be found.", "https://example.org/report-3"),
    }
)


class ColumnMeaning(NamedTuple):
    """What readers are told of a column.

    Attributes
    ----------
    meaning : in a sentence or more; names of columns and words stand in backticks.
    needed : whether no row may leave it empty.
    words : of which it takes one; none if it takes others.
    example : of a cell; empty if it is mostly empty.
    """

    name: str
    meaning: Sentence
    needed: bool
    words: tuple[str, ...]
    example: str


def _columns() -> Iterator[ColumnMeaning]:
    for column, field in zip(COLUMNS, EvidenceRow.model_fields.values(), strict=True):
        yield ColumnMeaning(
            column,
            Sentence(" ".join((field.description or "").split())),
            column in NEEDED,
            CHOICES.get(column, ()),
            EXAMPLE_ROW[column],
        )


EVIDENCE_MEANINGS: tuple[ColumnMeaning, ...] = tuple(_columns())
SOURCE_MEANINGS: tuple[ColumnMeaning, ...] = tuple(
    ColumnMeaning(name, Sentence(meaning), name == "key", (), example)
    for name in SOURCE_COLUMNS
    for meaning, example in (_OF_SOURCES[name],)
)
METRIC_MEANINGS: Mapping[str, Sentence] = MappingProxyType(
    {name: Sentence(meaning.says) for name, meaning in MEANINGS.items()}
)
"""What each metric counts; its units, keys and window are in `MEANINGS`."""
WORD_MEANINGS: Mapping[str, Mapping[str, Sentence]] = MappingProxyType(
    {
        column: MappingProxyType({word: Sentence(says[word]) for word in says})
        for column, says in {
            "from": WINDOWS,
            "select": {
                key: says
                for key, says in KEYS.items()
                if any(key in meaning.selects for meaning in MEANINGS.values())
            },
            "bound": BOUNDS,
            "role": ROLES,
        }.items()
    }
)
"""By column, what its words mean; of `from` those by which a metric says what `from`
and `to` mean, of `select` its keys."""


def every_message() -> Iterator[Sentence]:
    """Yield what there is to say of all columns, metrics and words."""
    for column in (*EVIDENCE_MEANINGS, *SOURCE_MEANINGS):
        yield column.meaning
    yield from METRIC_MEANINGS.values()
    for says in WORD_MEANINGS.values():
        yield from says.values()
