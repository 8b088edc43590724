"""Workbooks for tests: one of a scenario, with cells of it changed as planners do."""

import io

from openpyxl import Workbook, load_workbook

from sim.scenario.files import own_tree
from sim.scenario.nodes import table_of
from sim.scenario.workbook.appearance import looks_of
from sim.scenario.workbook.excel import as_xlsx
from sim.scenario.workbook.pages import pages_of
from sim.scenario.workbook.read import read_workbook
from tests.commands import ROOT

TWO_TOWNS = ROOT / "scenarios" / "two-towns" / "scenario.yaml"


def bytes_of(root, *, blank=False, **shape):
    """Return a tree as the contents of a workbook."""
    pages = pages_of(root, blank=blank, **shape)
    return as_xlsx("test", ["Read this."], [*looks_of(pages, {}, **shape)])


def of_data(data):
    """Return the contents of a workbook that says what nested data do."""
    return bytes_of(table_of(data))


def two_towns():
    """Return the shipped example as a workbook of openpyxl, with all its sheets."""
    return load_workbook(io.BytesIO(bytes_of(own_tree(TWO_TOWNS)[0], blank=True)))


def contents(book):
    """Return what is in the file of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def column(sheet, head):
    """Return the letters of the column with a head."""
    return next(cell.column_letter for cell in sheet[1] if cell.value == head)


def row(sheet, *names):
    """Return the number of the row about something."""
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if cells[: len(names)] == names:
            return number
    raise KeyError(names)


def put(book, sheet, names, head, value, number_format=None):
    """Write a cell, found by what its row is about and its head; return its name."""
    page = book[sheet]
    place = f"{column(page, head)}{row(page, *names)}"
    page[place].value = value
    if number_format:
        page[place].number_format = number_format
    return f"{sheet}!{place}"


def read(book):
    """Return the tree of a workbook, and what is wrong with it."""
    data = book if isinstance(book, bytes) else contents(book)
    return read_workbook(data, "case.xlsx")


def plain_book(**sheets):
    """Return a workbook with rows by sheet."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for cells in rows:
            page.append(cells)
    return book
