"""Files that nobody should open as a workbook: a sentence each, and no harm."""

import io
import random
import zipfile
from contextlib import suppress
from time import process_time

import pytest

from sim.errors import ScenarioError
from sim.scenario import load
from sim.scenario.load import checked
from sim.scenario.nodes import table_at, table_of
from sim.scenario.workbook.read import read_workbook
from tests.workbooks import bytes_of, contents, plain_book, two_towns

SHEET = "xl/worksheets/sheet1.xml"


def parts():
    with zipfile.ZipFile(io.BytesIO(small())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def small():
    return contents(plain_book(legs=[["legs", "time"], ["road", "1 h"]]))


def packed(found):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def changed(name, old, new):
    found = parts()
    assert old in found[name]
    return packed({**found, name: found[name].replace(old, new)})


def with_part(name, data=b"x"):
    return packed({**parts(), name: data})


def lying_about_its_size():
    """Declares 10 bytes of a part that unpacks to far more."""
    bomb = bytearray(with_part("xl/media/a.bin", b"\0" * 3_000_000))
    for sign, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = bomb.rfind(sign)
        bomb[at + offset : at + offset + 4] = (10).to_bytes(4, "little")
    return bytes(bomb)


def unplaced_far_away():
    """A row says that it is far away, its cells say nothing."""
    found = parts()
    sheet = found[SHEET].replace(b'<row r="2"', b'<row r="999999"')
    for place in (b' r="A2"', b' r="B2"'):
        assert place in sheet
        sheet = sheet.replace(place, b"")
    return packed({**found, SHEET: sheet})


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet'
HOSTILE = {
    "a bomb": (lambda: with_part("xl/media/a.bin", b"\0" * 61_000_000), "unpacks to"),
    "a lying bomb": (lying_about_its_size, "damaged"),
    "many parts": (
        lambda: packed({**parts(), **{f"x/{n}": b"" for n in range(2100)}}),
        "unpacks to",
    ),
    "entities": (
        lambda: changed(SHEET, b"<worksheet", ENTITIES),
        "declares entities",
    ),
    "macros": (lambda: with_part("xl/vbaProject.bin"), "macros"),
    "old macros": (lambda: with_part("xl/macrosheets/sheet1.xml"), "macros"),
    "other workbooks": (
        lambda: with_part("xl/externalLinks/externalLink1.xml"),
        "values from other workbooks",
    ),
    "a far row": (lambda: changed(SHEET, b'r="B2"', b'r="B1048576"'), "row 1,048,576"),
    "a far column": (lambda: changed(SHEET, b'r="B2"', b'r="XFD2"'), "column 16,384"),
    "no place": (lambda: changed(SHEET, b'r="B2"', b'r="B99999999999"'), "damaged"),
    "a far row unplaced": (unplaced_far_away, "reaches to row"),
    "no such part": (
        lambda: packed({k: v for k, v in parts().items() if k != SHEET}),
        "damaged",
    ),
    "cut off": (lambda: small()[:-400], "damaged"),
    "another archive": (lambda: packed({"a.txt": b"x"}), "no workbook"),
    "an OpenDocument sheet": (
        lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "OpenDocument",
    ),
    "a binary workbook": (lambda: packed({"xl/workbook.bin": b"x"}), "xlsb"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old kind"),
    "a password": (
        lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "a text": (lambda: b"operation: x\n", "whatever its name says"),
    "nothing": (lambda: b"", "the file is empty"),
}


@pytest.mark.parametrize(("make", "words"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_answered_with_a_sentence(make, words):
    with pytest.raises(ScenarioError, match=words) as raised:
        read_workbook(make(), "case.xlsx")
    assert str(raised.value).startswith("case.xlsx")


def test_the_small_workbook_itself_is_read():
    _, problems = read_workbook(small(), "case.xlsx")
    assert not problems


@pytest.mark.parametrize("ending", [".xlsm", ".xls", ".ods", ".xlsb"])
def test_workbooks_of_other_kinds_are_told_by_their_name(tmp_path, ending):
    path = tmp_path / f"case{ending}"
    path.write_bytes(small())
    with pytest.raises(ScenarioError, match="Save it as an Excel workbook"):
        load(path)


def test_a_workbook_with_the_name_of_a_text_is_told_so(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_bytes(small())
    with pytest.raises(ScenarioError, match=r"ends in \.xlsx"):
        load(path)


def test_too_large_a_file_is_not_opened(tmp_path):
    path = tmp_path / "case.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(5_000_001))
    with pytest.raises(ScenarioError, match="larger than 5 MB"):
        load(path)


def test_a_long_sheet_takes_no_more_than_a_second():
    """It takes seven if each row is looked for among all others."""
    sites = [["sites", "bays"], *([f"site-{n}", 3] for n in range(4_000))]
    data = contents(plain_book(sites=sites))
    begun = process_time()
    root, problems = read_workbook(data, "case.xlsx")

    assert process_time() - begun < 1
    assert not problems
    assert len(table_at(root, "sites").values) == 4_000


def test_text_never_becomes_a_formula_or_a_link():
    data = {"operation": "=cmd|'/c calc'!A1", "about": "https://example.org"}
    with zipfile.ZipFile(io.BytesIO(bytes_of(table_of(data)))) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert b"<hyperlink " not in archive.read(name)


def test_damaged_workbooks_are_read_or_refused():
    whole = contents(two_towns())
    rng = random.Random(1)  # noqa: S311
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        with suppress(ScenarioError):
            checked(*read_workbook(bytes(data), "case.xlsx"))
