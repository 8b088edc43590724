"""The evidence of a case: its figures and their sources, and what is wrong there."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import islice
from typing import Literal

from starlette.responses import Response

from sim.errors import SimError
from sim.page import reading
from sim.page.asked import NotThereError, PageVisit, text_of, with_one_line_end
from sim.page.labels import LABELS, filled
from sim.studies.evidence_tables import (
    TABLE_COLUMNS,
    ShownTable,
    bring_table,
    renew_table,
)
from sim.studies.library import CaseKind
from sim.studies.table_meanings import TABLE_MEANINGS
from sim.words import Text

_MOST_ROWS = 500
"""Of a table that are shown, and of further ones with mistakes."""
_MOST_SHOWN = 200
"""Mistakes of a table: whoever mends these sees the others."""
_MOST_TEXT = 400_000
"""Signs of a table that a form of the page can send, as it was and as it is to be."""


def _evidence(asked: PageVisit) -> Response:
    """Show the tables, take one in, or save its text.

    Raises
    ------
    NotThereError
        If there is no such table, or it is nobody's to change.
    """
    kept = asked.kept()
    if asked.form is None:
        return _shown(asked, {})
    name: Literal["evidence", "sources"]
    match asked.text("table"):
        case "evidence" | "sources" as name if kept.kind is not CaseKind.PAST:
            pass
        case _:
            raise NotThereError
    try:
        if asked.text("do") == "text":
            before = with_one_line_end(asked.given.get("before", ""))
            text = with_one_line_end(asked.given.get("text", ""))
            there = next(each for each in reading.tables(asked) if each.name == name)
            if before == with_one_line_end(there.text):
                before = there.text
            renew_table(kept.path, name, before, text)
        elif (sent := asked.file("file")) is not None:
            bring_table(kept.path, name, sent.file.read())
    except SimError as error:
        where = "text" if asked.text("do") == "text" else "file"
        return _shown(asked, {f"{where}-{name}": [text_of(error)]})
    return asked.moved("evidence", kept.name)


def _shown(asked: PageVisit, wrong: Mapping[str, list[Text]]) -> Response:
    kept = asked.kept()
    tables = reading.tables(asked)
    return asked.shown(
        "evidence.html.j2",
        status=422 if wrong else 200,
        kept=kept,
        title=filled(LABELS["evidence_of"], name=kept.title),
        tables=[(each, *_by_row(each)) for each in map(_in_short, tables)],
        unsure=any(each.problems for each in tables),
        most_text=_MOST_TEXT,
        columns={name: ", ".join(each) for name, each in TABLE_COLUMNS.items()},
        meanings=TABLE_MEANINGS,
        past=kept.kind is CaseKind.PAST,
        typed=asked.given.get("text") if wrong else None,
        on=asked.text("table"),
        wrong=wrong,
    )


def _in_short(table: ShownTable) -> ShownTable:
    return table._replace(problems=table.problems[:_MOST_SHOWN])


def _by_row(
    table: ShownTable,
) -> tuple[list[tuple[int, tuple[str, ...]]], dict[int, list[tuple[str, Text]]]]:
    """Return the rows that are shown, and what is wrong by row, with the column."""
    wrong: dict[int, list[tuple[str, Text]]] = defaultdict(list)
    for each in table.problems:
        wrong[each.row].append((each.column, each.said))
    few = table.rows[:_MOST_ROWS]
    bad = (row for row in table.rows[_MOST_ROWS:] if row[0] in wrong)
    return [*few, *islice(bad, _MOST_ROWS)], dict(wrong)


ROUTES = (("/evidence/{name:path}", _evidence, True),)
