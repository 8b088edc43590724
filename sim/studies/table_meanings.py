"""What there is to know of tables of evidence and sources before one is filled in."""

import csv
import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from sim.evidence.columns import (
    EVIDENCE_MEANINGS,
    METRIC_MEANINGS,
    SOURCE_MEANINGS,
    WORD_MEANINGS,
    ColumnMeaning,
)
from sim.evidence.vocabulary import MEANINGS, Meaning
from sim.studies.evidence_tables import TableName
from sim.words import Sentence


class TableMeanings(NamedTuple):
    """What there is to know of a table before anybody fills it in.

    Attributes
    ----------
    columns : all that it may have.
    metrics : by name, what each counts, and in which units, windows and keys.
    words : by column, what its words mean; of `from` and of `select` those of metrics.
    example : its header and a row, as text.
    """

    columns: tuple[ColumnMeaning, ...]
    metrics: Mapping[str, tuple[Sentence, Meaning]]
    words: Mapping[str, Mapping[str, Sentence]]
    example: str


def _example(columns: Sequence[ColumnMeaning]) -> str:
    text = io.StringIO()
    filled = [each for each in columns if each.example]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([each.name for each in filled])
    writer.writerow([each.example for each in filled])
    return text.getvalue()


TABLE_MEANINGS: Mapping[TableName, TableMeanings] = MappingProxyType(
    {
        "evidence": TableMeanings(
            EVIDENCE_MEANINGS,
            {name: (METRIC_MEANINGS[name], MEANINGS[name]) for name in MEANINGS},
            WORD_MEANINGS,
            _example(EVIDENCE_MEANINGS),
        ),
        "sources": TableMeanings(SOURCE_MEANINGS, {}, {}, _example(SOURCE_MEANINGS)),
    }
)
