"""Writes a scenario with its evidence as a text or as a workbook, and nothing lost."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sim.errors import EvidenceError, RunError, ScenarioError
from sim.evidence.cells import Cells, read_cells
from sim.evidence.row import COLUMNS
from sim.evidence.sheet_looks import evidence_look, sources_look
from sim.evidence.sheets import cells_of, sheet_of
from sim.evidence.table import SOURCES, sources_beside
from sim.evidence.written import as_csv
from sim.scenario.evidence_file import evidence_file
from sim.scenario.files import is_workbook, own_tree, text_of
from sim.scenario.nodes import MappingNode, Scalar
from sim.scenario.same_tree import difference
from sim.scenario.schema import SCHEMA_FILE
from sim.scenario.tree import read_tree
from sim.scenario.workbook.anchors import Notes, comments_in, notes_in, with_comments
from sim.scenario.workbook.appearance import looks_of
from sim.scenario.workbook.excel import as_xlsx
from sim.scenario.workbook.guide import GUIDE
from sim.scenario.workbook.layout import EVIDENCE
from sim.scenario.workbook.pages import pages_of
from sim.scenario.workbook.read import read_workbook
from sim.scenario.workbook.sheets import read_sheets
from sim.scenario.yaml_text import block, spaced

_SCHEMA = Path(SCHEMA_FILE).name


class ScenarioFile(NamedTuple):
    """A scenario as its file has it, with what lies beside it.

    Attributes
    ----------
    root : what it says, without what it extends.
    notes : by what they are about.
    figures, sources : its own tables; None if it has none.
    """

    root: MappingNode
    notes: Notes
    figures: Cells | None = None
    sources: Cells | None = None


def opened_file(path: Path) -> ScenarioFile:
    """Return a scenario as its file has it.

    Raises
    ------
    ScenarioError
        If the file cannot be read.
    EvidenceError
        If its table of evidence cannot be.
    """
    root, problems = own_tree(path)
    if problems:
        raise ScenarioError(tuple(problems))
    table = evidence_file(root)
    if is_workbook(path):
        sheets = read_sheets(path.read_bytes(), path.name, path.parent)
        notes = notes_in(sheets)
    else:
        notes = comments_in(text_of(path))
    if table is None or not table.exists():
        return ScenarioFile(root, notes)
    figures, sources = _tables(table)
    for cells in (figures, sources):
        # Further columns of sources are welcome; they are problems of the first row.
        wrong = [p for p in (cells.problems if cells else ()) if p.row > cells.top]  # type: ignore[union-attr] # there are some
        if cells and wrong:
            raise EvidenceError(cells.told(wrong))
    return ScenarioFile(root, notes, figures, sources)


def _tables(table: Path) -> tuple[Cells | None, Cells | None]:
    """Return the figures and the sources in a file, or in two that lie together."""
    if is_workbook(table):
        sheet = sheet_of(table, EVIDENCE)
        figures = cells_of(sheet, COLUMNS, "note") if sheet else None
    else:
        figures = read_cells(table, COLUMNS, "note")
    return figures, sources_beside(table)


def as_workbook(file: ScenarioFile, *, blank: bool = False) -> bytes:
    """Return a scenario as the contents of a workbook.

    Parameters
    ----------
    blank : whether sheets in which nothing is said yet are there, too.

    Raises
    ------
    RunError
        If something in it fits into no sheet.
    """
    sheets = [*looks_of(pages_of(file.root, blank=blank), file.notes)]
    if file.figures or blank:
        sheets += [evidence_look(file.figures), sources_look(file.sources)]
    title = file.root.values.get("operation")
    named = title.text if isinstance(title, Scalar) else ""
    contents = as_xlsx(named, GUIDE, sheets)
    back, problems = read_workbook(contents, "")
    _check_same(file.root, back, [str(problem) for problem in problems])
    return contents


def as_texts(file: ScenarioFile, path: Path) -> Mapping[Path, str]:
    """Return a scenario as texts by the file that each belongs in.

    Parameters
    ----------
    path : of the scenario; its tables lie beside it.

    Raises
    ------
    RunError
        If something in it cannot be written.
    """
    text = spaced(with_comments(block(_single_first(file.root)), file.notes))
    back, problems = read_tree(text, path.name)
    _check_same(file.root, back, [str(problem) for problem in problems])
    files = {path: _for_editors(path) + text}
    named = file.root.values.get("evidence")
    if file.figures and isinstance(named, Scalar):
        files[path.with_name(named.text)] = as_csv(file.figures)
    if file.sources:
        files[path.with_name(SOURCES)] = as_csv(file.sources)
    return files


def _single_first(root: MappingNode) -> MappingNode:
    """Return a tree in which what is said once stands before the sections."""
    first = [key for key, value in root.values.items() if isinstance(value, Scalar)]
    keys = [*first, *(key for key in root.values if key not in first)]
    return MappingNode(
        root.place,
        {key: root.values[key] for key in keys},
        {key: root.keys[key] for key in keys},
    )


def _check_same(before: MappingNode, after: MappingNode, problems: list[str]) -> None:
    """Check that nothing was lost.

    Raises
    ------
    RunError
        If something was.
    """
    found = problems[0] if problems else difference(before, after)
    if found is not None:
        raise RunError(
            f"{found or 'The file'} cannot be written in the other form without loss. "
            "Keep the file as it is, or write this in another way."
        )


def _for_editors(path: Path) -> str:
    """Return the line by which an editor finds the schema, if that lies near."""
    for up, folder in enumerate(path.resolve().parents[:4]):
        if (folder / _SCHEMA).is_file():
            return f"# yaml-language-server: $schema={'../' * up}{_SCHEMA}\n"
    return ""
