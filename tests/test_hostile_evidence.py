"""Evidence that a spreadsheet, or somebody, made into something else, on the page."""

import io
from datetime import datetime

import pytest
from openpyxl import Workbook

from sim.evidence.row import COLUMNS
from sim.evidence.table import MOST_ROWS
from sim.scenario.problems import nearest
from tests.page_desk import a_page

CASE = "aleppo-2016"
NEEDED = "id,origin,attributed_to,family,source,role"
ROW = {
    "id": "r1",
    "origin": "east-aleppo",
    "metric": "cumulative_arrivals",
    "from": "2016-12-16T00:00",
    "best": "100",
    "bound": "exact",
    "unit": "people",
    "attributed_to": "A",
    "family": "A",
    "source": "S1",
    "role": "check",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with a_page(tmp_path_factory.mktemp("evidence")) as page:
        yield page


def file(page, case=CASE):
    return page.folder / f"scenarios/{case}/evidence.csv"


def text(**cells):
    row = ROW | cells
    line = ",".join(f'"{row.get(name, "")}"' for name in COLUMNS)
    return f"{','.join(COLUMNS)}\n{line}\n".encode()


def workbook(cells=(), title="evidence", header=COLUMNS, merged=""):
    row = ROW | {"from": datetime(2016, 12, 16), "best": 100} | dict(cells)
    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(header)
    for name in ("r1", "r2"):
        sheet.append([(row | {"id": name}).get(column) for column in COLUMNS])
    if merged:
        sheet.merge_cells(merged)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


TABLES = {
    "an empty file": (b"", "is empty"),
    "only ends of lines": (b"\n\n\n", "is empty"),
    "only a header": (f"{','.join(COLUMNS)}\n".encode(), ""),
    "a mark of its order": (b"\xef\xbb\xbf" + text(), "is right"),
    "nested quotes": (text(note='a ""b"" \n""c""'), "is right"),
    "an open quotation mark": (text() + b'"abc', "open quotation mark"),
    "UTF-16": (text().decode().encode("utf-16"), "is UTF-16"),
    "UTF-16 without its mark": (text().decode().encode("utf-16-be"), "as UTF-16 does"),
    "Latin letters of one byte": (
        text(note="\xe9").decode().encode("latin-1"),
        "UTF-8",
    ),
    "Arabic digits": (text(best="\u0661\u0662"), "write people in digits alone, as 12"),
    "an Arabic heading": (
        text().replace(b"origin", "\u0645\u0648\u0642\u0639".encode()),
        "is not a column",
    ),
    "a blank that does not break": (text(best="1\u00a0000"), "digits alone, as 1000"),
    "one around a heading": (text().replace(b"id,", "\u00a0id,".encode()), "is right"),
    "a day as Excel counts it": (text(**{"from": "42720.5"}), "is not a local date"),
    "a cell without an end": (text(note="x" * 200_000), "field limit"),
    "a workbook of before 2007": (b"\xd0\xcf\x11\xe0" + b"x" * 99, "is a workbook"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ""),
    "a workbook": (workbook(), "is a copy of row 2"),
    "one without the sheet": (workbook(title="Sheet1"), "has no sheet"),
    "one with a day as Excel counts it": (workbook({"from": 42720.5}), "local date"),
    "one with a formula": (workbook({"best": "=50+50"}), "formula"),
    "one with merged cells": (workbook(merged="B2:B3"), "merged"),
    "one with an Arabic heading": (
        workbook(header=("\u0631\u0642\u0645", *COLUMNS[1:])),
        "is not a column",
    ),
    "one that is cut": (workbook()[:900], ""),
}


@pytest.mark.parametrize(("contents", "says"), TABLES.values(), ids=TABLES)
def test_a_table_is_right_or_told_as_a_mistake(contents, says, page):
    """In both languages, on the page of evidence and on that of the case."""
    before = file(page).read_bytes()
    sent = page.fill(
        f"en/evidence/{CASE}",
        do="bring",
        table="evidence",
        files={"file": ("table.csv", contents)},
    )
    told = sent if sent.status_code == 422 else page.get(f"/en/evidence/{CASE}")
    if sent.status_code == 422:
        assert file(page).read_bytes() == before

    assert says in told.text
    assert page.get(f"/ar/evidence/{CASE}").status_code == 200
    for language in ("en", "ar"):
        assert page.get(f"/{language}/case/{CASE}").status_code == 200


def test_a_table_of_any_length_is_answered_by_one_sentence(page):
    rows = "".join(f"r{n},a,b,b,c,check\n" for n in range(MOST_ROWS + 1))
    page.fill(
        f"en/evidence/{CASE}",
        do="bring",
        table="evidence",
        files={"file": ("long.csv", f"{NEEDED}\n{rows}".encode())},
    )
    shown = page.get(f"/en/evidence/{CASE}").text

    assert "holds 10001 rows, and at most 10000 are read" in shown
    assert shown.count("<li") < 50


def test_of_very_many_mistakes_the_first_are_shown_and_no_form_that_cannot_be_sent(
    page,
):
    rows = "".join(f"r{n},a,b,b,{'c' * 60},chec\n" for n in range(6_000))
    page.fill(
        f"en/evidence/{CASE}",
        do="bring",
        table="evidence",
        files={"file": ("long.csv", f"{NEEDED}\n{rows}".encode())},
    )
    shown = page.get(f"/en/evidence/{CASE}")

    assert shown.text.count('<a href="#evidence-') == 200
    assert 'id="text-evidence"' not in shown.text
    assert len(shown.content) < 1_000_000


def test_nobody_waits_for_the_likeness_of_names_in_a_table_of_any_length():
    """Among very many it is found by one letter alone, not by how alike all are."""
    few = [f"row-{n}" for n in range(100)]
    many = [f"row-{n}" for n in range(1_000)]

    assert nearest("row-7x", many) == "row-7"
    assert nearest("row-7xyz", few) == "row-7"
    assert nearest("row-7xyz", many) == ""


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_a_table_with_other_ends_of_lines_can_be_changed(end, page):
    """A browser sends them all alike, which is no change by somebody else."""
    contents = text().replace(b"\n", end.encode())
    file(page, "two-towns").write_bytes(contents)
    before = contents.decode().replace(end, "\r\n")
    answer = page.fill(
        "en/evidence/two-towns",
        do="text",
        table="evidence",
        before=before,
        text=before.replace("r1", "r7"),
    )

    assert answer.status_code == 303
    assert "r7" in file(page, "two-towns").read_text("utf-8")


def test_a_table_of_another_encoding_can_be_replaced_by_its_text(page):
    contents = text().decode().encode("utf-16-le")
    file(page, "two-towns").write_bytes(contents)
    shown = contents.decode("utf-8", "replace").replace("\0", "\ufffd")
    answer = page.fill(
        "en/evidence/two-towns",
        do="text",
        table="evidence",
        before=shown,
        text=text().decode(),
    )

    assert answer.status_code == 303
    assert file(page, "two-towns").read_bytes() == text()


def test_a_table_that_is_too_large_to_be_read_is_told(page):
    with file(page, "two-towns").open("wb") as table:
        table.truncate(21_000_000)

    assert "it is larger than 20 MB" in page.get("/en/evidence/two-towns").text


@pytest.mark.parametrize("part", ["change", "run", "compare", "ask"])
def test_very_many_changes_in_an_address_are_told(part, page):
    """Each is shown with a link that holds all others."""
    changes = "&".join(f"change=a{n}%3Db" for n in range(1_500))
    answer = page.get(f"/en/{part}/two-towns?{changes}")

    assert answer.status_code == 422
    assert "So many changes" in answer.text
    assert len(answer.content) < 100_000
