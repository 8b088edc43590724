"""Checks that the evidence a scenario names is in the table beside it."""

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path

from sim.messages import say
from sim.plain_file import plain_bytes
from sim.scenario.evidence_file import evidence_file
from sim.scenario.nodes import Items, MappingNode, Node, Scalar
from sim.scenario.problems import Problem, hint, quoted
from sim.scenario.workbook.archive import MOST_MB, SUFFIX
from sim.scenario.workbook.layout import EVIDENCE
from sim.scenario.workbook.rows import rows_of
from sim.scenario.workbook.sheets import read_sheets
from sim.scenario.workbook.values import as_text

_MOST_MB = 20


def evidence_problems(root: MappingNode) -> Iterator[Problem]:
    """Return what is wrong with the evidence that a scenario names.

    A table that is not there is no error: the copy of a scenario among the results
    lies without it. Nor is one that cannot be read, which is told with its figures.
    """
    named = root.values.get("evidence")
    if not isinstance(named, Scalar) or named.place.source.folder is None:
        return
    if "/" in named.text or "\\" in named.text or named.text.startswith("."):
        yield named.place.problem(
            "evidence",
            named.text,
            say(
                "{named} is not the name of a file beside the scenario",
                named=quoted(named.text),
            ),
            say("Write for example evidence.csv."),
        )
        return
    table = evidence_file(root)
    known = dict.fromkeys(sorted(_ids(table))) if table else {}
    if known:
        yield from _unknown(root, (), known)


def _ids(path: Path) -> frozenset[str]:
    """Return the ids in an evidence table.

    There are none if there is no such table, or if it cannot be read: who reads its
    figures says what is wrong with it.
    """
    try:
        if path.suffix.lower() == SUFFIX:
            return frozenset(_in_workbook(path))
        text = plain_bytes(path, _MOST_MB).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""))
        if "id" not in (rows.fieldnames or ()):
            return frozenset()
        return frozenset(row["id"].strip() for row in rows if row["id"])
    except (OSError, ValueError, csv.Error):
        return frozenset()


def _in_workbook(path: Path) -> Iterator[str]:
    for sheet in read_sheets(plain_bytes(path, MOST_MB), path.name, path.parent):
        if sheet.name.casefold() == EVIDENCE:
            rows = rows_of(sheet, ())
            for row in rows.numbers:
                if (held := rows.held(row, "id")) is not None:
                    yield as_text(held)


def _unknown(
    node: Node, path: tuple[str, ...], known: Collection[str]
) -> Iterator[Problem]:
    if isinstance(node, MappingNode):
        for key, value in node.values.items():
            yield from _unknown(value, (*path, key), known)
    if not isinstance(node, Items):
        return
    for number, item in enumerate(node.items):
        cites = path[-1:] == ("evidence",) and isinstance(item, Scalar)
        if not cites:
            yield from _unknown(item, (*path, str(number)), known)
        elif isinstance(item, Scalar) and item.text not in known:
            yield item.place.problem(
                ".".join((*path, str(number))),
                item.text,
                say(
                    "{item} is not an id in the evidence table", item=quoted(item.text)
                ),
                hint(item.text, known),
            )
