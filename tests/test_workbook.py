"""The workbook: opens on the answer, one type a column, charts to change and copy.

It is read back as any spreadsheet would read it, from the parts of the file.
"""

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from sim.experiment import run_study
from sim.experiment.bands import Bands
from sim.report.contents import Chart, Column, Group, Report, Section, Table, table
from sim.report.forms.workbook import as_workbook
from sim.report.run import report_on_run
from sim.words import (
    Dated,
    Levels,
    Marked,
    Mean,
    Moment,
    Number,
    Words,
    say,
)
from tests.builders import documented_figure, two_sides

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
NOON = datetime(2016, 12, 15, 12)
LINK = '=HYPERLINK("http://example.org","x")'
FORMULAS = ("=1+1", "+1", "-1+2", "@SUM(1)", LINK, "=Answer!$A$1", "Stop!A1")


class Sheet(NamedTuple):
    name: str
    cells: dict[str, str | float]
    formats: dict[str, str]
    xml: str

    def column(self, heading):
        """Return the cells below a heading, with None for what is empty."""
        (place,) = [at for at, cell in self.cells.items() if cell == heading]
        letters, head = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()
        last = max(int(re.sub(r"\D", "", at)) for at in self.cells)
        return [
            self.cells.get(f"{letters}{line}")
            for line in range(int(head) + 1, last + 1)
        ]


def parsed(xml):
    return ET.fromstring(xml)  # noqa: S314 (we wrote it ourselves)


def opened(data):
    """Return the sheets of a workbook, and its charts, as they are in the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    strings = [
        "".join(text.text or "" for text in entry.iter(f"{{{NS['m']}}}t"))
        for entry in parsed(parts["xl/sharedStrings.xml"])
    ]
    styles = parsed(parts["xl/styles.xml"])
    codes = {
        each.get("numFmtId"): each.get("formatCode")
        for each in styles.iterfind(".//m:numFmt", NS)
    }
    looks = [
        codes.get(each.get("numFmtId"), "") for each in styles.find("m:cellXfs", NS)
    ]
    names = [
        sheet.get("name")
        for sheet in parsed(parts["xl/workbook.xml"]).iterfind(".//m:sheet", NS)
    ]
    sheets = []
    for number, name in enumerate(names, start=1):
        xml = parts[f"xl/worksheets/sheet{number}.xml"].decode()
        cells, formats = {}, {}
        for cell in parsed(xml).iter(f"{{{NS['m']}}}c"):
            assert cell.find("m:f", NS) is None, "a formula"
            held = cell.find("m:v", NS)
            if held is not None:
                text = cell.get("t") == "s"
                cells[cell.get("r")] = (
                    strings[int(held.text)] if text else float(held.text)
                )
                formats[cell.get("r")] = looks[int(cell.get("s", 0))]
        sheets.append(Sheet(name, cells, formats, xml))
    charts = [
        parsed(parts[name])
        for name in sorted(parts)
        if name.startswith("xl/charts/chart")
    ]
    return sheets, charts


def series(chart):
    """Return the name and the ranges of each series of a chart."""
    for one in chart.iter(f"{CHART}ser"):
        name = one.find(f"{CHART}tx").find(f"{CHART}v").text
        ranges = [
            one.find(f"{CHART}{kind}/{{*}}*/{CHART}f")
            for kind in ("xVal", "yVal", "cat", "val")
        ]
        yield told(name), [each.text for each in ranges if each is not None]


def title_of(chart):
    return told("".join(chart.find(f".//{CHART}title").itertext()))


def told(name):
    """Return a name without the sign that keeps it from being a place."""
    return name.replace("\N{WORD JOINER}", "")


def report_of(*tables, **more):
    section = Section("s", "A section", tables)
    return Report("A title", "The answer.", (section,), {}, **more)


def sheet_of(shown):
    """Return the sheet of one table that is not the first."""
    first = table("First", "First", (Column("a"),), [("x",)])
    sheets, _ = opened(as_workbook(report_of(first, shown), Words()))
    return sheets[-1]


@pytest.fixture(scope="module")
def study():
    times = {"south_road": "50 min to 70 min", "legs__road__time": "50 min to 70 min"}
    world = two_sides(operation="Two sides", sites__north__title=LINK, **times)
    figure = documented_figure(origin="north")
    return run_study(world, (figure,), seed=1, replications=4)


@pytest.fixture(scope="module")
def book(study):
    log = study.log_of(study.typical)
    report = report_on_run(study, log, name="test", command="python run.py run test")
    return report, *opened(as_workbook(report, Words()))


def test_it_opens_on_the_answer(book):
    report, (first, *_), _ = book

    assert first.name == "Answer"
    assert first.cells["A1"] == Words().of(report.headline)
    assert first.cells["A2"] == Words().of(report.answer)
    assert "Who arrived when" in first.cells.values()
    assert "<drawing " in first.xml


def test_no_column_holds_two_types(book):
    _, sheets, _ = book
    for sheet in sheets:
        if sheet.name == "About":
            continue
        head = 6 if sheet.name == "Answer" else 2
        types = {}
        for place, cell in sheet.cells.items():
            letters, line = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()
            if int(line) > head:
                dated = "yy" in sheet.formats[place]
                kind = "moment" if dated else type(cell).__name__
                types.setdefault(letters, set()).add(kind)
        assert all(len(kinds) == 1 for kinds in types.values()), sheet.name


def test_numbers_words_and_moments_of_one_column_go_apart():
    cells = [Number(7), Moment(NOON), say("in no run"), None]
    shown = sheet_of(
        table("T", "T", (Column("what"), Column("how", number=True)),
              [(f"row {n}", cell) for n, cell in enumerate(cells)])
    )  # fmt: skip

    assert shown.column("how") == [7.0, None, None, None]
    assert shown.column("how, local time") == [None, 42719.5, None, None]
    assert shown.column("remark") == [None, None, "how: in no run", None]


def test_a_band_a_mean_and_a_dated_mean_are_numbers_of_their_own():
    rows = [
        ("a", Levels(Number(2), Number(1), Number(3)), Mean(10.0, 9.5, 10.5),
         Dated(Mean(36.0, 34.0, 38.0), Moment(NOON))),
        ("b", Number(5), Marked(say("best {mean}", mean=Mean(8.0, 7.9, 8.1)), "strong"),
         say("in no run")),
    ]  # fmt: skip
    headings = ("what", "band", "mean", "when")
    columns = [Column(each, number=each != "what") for each in headings]
    shown = sheet_of(table("T", "T", columns, rows))

    assert shown.column("band, 5 %") == [1, 5]
    assert shown.column("band, median") == [2, 5]
    assert shown.column("band, 95 %") == [3, 5]
    assert shown.column("mean, mean") == [10, 8]
    assert shown.column("mean, 95 % from") == [9.5, 7.9]
    assert shown.column("mean, 95 % to") == [10.5, 8.1]
    assert shown.column("when, mean") == [36, None]
    assert shown.column("when, local time") == [42719.5, None]
    assert shown.column("remark") == [
        None,
        "mean: best 8.000 ± 0.100; when: in no run",
    ]


def test_a_small_p_is_a_number_that_is_shown_as_small():
    value = Number(2e-9, ".3f", least=0.001)
    shown = sheet_of(table("T", "T", (Column("what"), Column("p", number=True)),
                           [("a", value)]))  # fmt: skip

    assert shown.column("p") == [2e-9]
    assert '[<0.001]"<0.001";0.000' in shown.formats.values()


@pytest.mark.parametrize("text", FORMULAS)
def test_no_title_becomes_a_formula(text):
    """Not in a cell, and not in the names of a chart, which spreadsheets evaluate."""
    days = [(Moment(NOON.date()), Number(1)), (Moment(NOON.date()), Number(2))]
    shown = Table(
        "T",
        text,
        (Column("day"), Column(text, number=True)),
        (Group(None, tuple(days)),),
        chart=Chart("columns", text),
    )
    report = replace(report_of(shown), title=text, answer=text, headline=text)
    sheets, charts = opened(as_workbook(report, Words()))

    assert sheets[0].cells["A1"] == text
    assert title_of(charts[0]) == text
    assert [name for name, _ in series(charts[0])] == [text]


def test_curves_draw_the_medians_and_what_sources_say(study, book):
    """The values that a chart shows are read where it says they stand."""
    _, sheets, charts = book
    curves = next(sheet for sheet in sheets if sheet.name == "Curves")
    drawn = dict(series(charts[0]))
    name = f"{LINK}, median"
    _, values = drawn[name]

    sheet, first, last = re.fullmatch(
        r"'?(\w+)'?!\$([A-Z]+\$\d+):\$([A-Z]+\$\d+)", values
    ).groups()
    column, head = first.split("$")
    found = [
        curves.cells[f"{column}{line}"]
        for line in range(int(head), int(last.split("$")[1]) + 1)
    ]
    assert sheet == "Curves"
    assert found == Bands(study).curves["north"][1].tolist()
    said = next(sheet for sheet in sheets if sheet.name == "Documented")
    assert said.column("best") == [100.0]
    assert drawn[f"documented: {LINK}"][1].startswith("Documented!")


def in_the_legend(chart):
    gone = {
        int(entry.find(f"{CHART}idx").get("val"))
        for entry in chart.iter(f"{CHART}legendEntry")
    }
    names = [name for name, _ in series(chart)]
    return [name for number, name in enumerate(names) if number not in gone]


def test_the_median_is_what_stands_out_of_a_chart(book):
    _, _, (curves, days, *_) = book

    assert in_the_legend(curves) == [
        f"{LINK}, median",
        "south, median",
        f"documented: {LINK}",
    ]
    # As many arrive on a day in all runs, so there is no band around them.
    assert [name for name, _ in series(days)] == [LINK, "south"]


def test_there_are_charts_of_curves_days_and_waiting_that_say_something(book):
    report, _, charts = book
    titles = [title_of(chart) for chart in charts]

    assert titles[0] == Words().of(report.headline)
    assert titles[1].startswith("Most people arrive on 2020-01-01")
    assert titles[2].startswith("Most waiting of ")
    kinds = ("scatterChart", "barChart", "barChart", "barChart")
    for chart, kind in zip(charts, kinds, strict=True):
        assert chart.find(f".//{CHART}{kind}") is not None


def test_every_sheet_prints_on_a4_as_wide_as_a_page(book):
    _, sheets, _ = book
    for sheet in sheets:
        assert 'paperSize="9"' in sheet.xml, sheet.name
        assert "fitToPage" in sheet.xml
        assert 'fitToHeight="0"' in sheet.xml


def test_headings_are_repeated_on_paper_and_stay_on_screen(book, study):
    _, sheets, _ = book
    log = study.log_of(study.typical)
    report = report_on_run(study, log, name="test", command="python run.py run test")
    with zipfile.ZipFile(io.BytesIO(as_workbook(report, Words()))) as file:
        names = file.read("xl/workbook.xml").decode()
    for sheet in sheets[2:]:
        assert re.search(rf"Print_Titles[^>]*>'?{sheet.name}'?!\$1:\$2<", names)
        assert 'state="frozen"' in sheet.xml


def test_a_wide_sheet_is_turned_and_a_narrow_one_is_not():
    wide = table("T", "T", [Column(f"column {n}") for n in range(30)], [("x",) * 30])
    narrow = table("T", "T", (Column("a"),), [("x",)])

    assert 'orientation="landscape"' in sheet_of(wide).xml
    assert 'orientation="portrait"' in sheet_of(narrow).xml


def test_moments_are_dates(study, book):
    """Counted in days from the end of 1899, as spreadsheets do, and shown as dates."""
    _, (first, *_), _ = book
    dates = [place for place, code in first.formats.items() if code.startswith("yyyy")]
    middle = np.median([run.metrics["t100/north"] for run in study.runs])

    days = (datetime(2020, 1, 1) - datetime(1899, 12, 30)).days + middle / 24
    assert any(first.cells[place] == pytest.approx(days, abs=1e-5) for place in dates)
