"""`docs/changing.md` names what there is, and counts it as it is."""

import re

import pytest

from tests.commands import ROOT

PAGE = (ROOT / "docs/changing.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| [^-|]+ \|", line)]
SOURCES = {
    path: path.read_text("utf-8") for path in sorted((ROOT / "sim").rglob("*.py"))
}
COUNTED = re.findall(r"\| [^|]*`(\w+)`(?: in `([^`]+)`)? \|\s*\d*\s*\| (\d+) \|", PAGE)


def is_there(path):
    """Whether a file or folder is there; what a reader names himself is any name."""
    pattern = path.rstrip("/").replace("NAME", "*").replace("LANGUAGE", "*")
    return any(ROOT.glob(pattern)) or any((ROOT / "sim").rglob(pattern))


@pytest.mark.parametrize("row", ROWS)
def test_files_and_names_of_a_row_are_there(row):
    for named in re.findall(r"`([^` ]+)`", row):
        if "/" in named or named.endswith(".py"):
            assert is_there(named), named
        elif named.isidentifier():
            found = re.compile(rf"\b{named}\b")
            assert any(map(found.search, SOURCES.values())), named


@pytest.mark.parametrize(("word", "folder", "files"), COUNTED)
def test_a_thing_is_known_to_so_many_files(word, folder, files):
    within = ROOT / (folder or "sim")
    know = [
        path
        for path, source in SOURCES.items()
        if path.is_relative_to(within) and word in source.lower()
    ]
    assert len(know) == int(files), know


def test_what_is_counted_is_found():
    assert len(COUNTED) == PAGE.split("| of |")[1].split("\n\n")[0].count("\n| ")
