"""Tables on a terminal: names stay whole, or are broken at their joints."""

import io

import pytest
from rich.console import Console

from sim.report.contents import Column, Section, table
from sim.report.forms.terminal import of_section
from sim.words import Marked, Number, Words

NAME = "aleppo-private-cars-001"
WHY = "agreement (december-18: waits for foua-kafraya/second-part)"


def printed(width, *rows, columns=("who", "where", "why")):
    shown = table(
        "T",
        "A table",
        (*(Column(each) for each in columns), Column("people", number=True)),
        [(*row, Number(1_234)) for row in rows],
    )
    screen = Console(width=width, file=io.StringIO(), markup=False, highlight=False)
    for part in of_section(Section("s", None, (shown,)), Words()):
        screen.print(part)
    return [line.rstrip() for line in screen.file.getvalue().splitlines()]


def column_of(lines, heading, after):
    """Return what stands in one column, line by line."""
    at = next(n for n, line in enumerate(lines) if heading in line)
    begin, end = lines[at].index(heading), lines[at].index(after)
    return [
        line[begin:end].strip() for line in lines[at + 2 :] if line[begin:end].strip()
    ]


@pytest.mark.parametrize("width", [80, 90, 100, 140])
def test_a_name_that_has_room_is_never_broken(width):
    lines = printed(width, (NAME, "ramouseh-to-dahiya", WHY))

    assert column_of(lines, "who", "where") == [NAME]
    assert max(map(len, lines)) <= width


def test_without_room_a_name_is_broken_behind_a_hyphen():
    lines = printed(48, (NAME, "ramouseh-to-dahiya", WHY))

    parts = column_of(lines, "who", "where")
    assert "".join(parts) == NAME
    assert len(parts) > 1
    assert all(part.endswith("-") for part in parts[:-1])
    assert max(map(len, lines)) <= 48


@pytest.mark.parametrize("width", range(30, 150, 7))
def test_no_letter_is_lost_whatever_the_room(width):
    """A grid wider than its page would be cut off at the right."""
    rows = [(NAME, "ramouseh-to-dahiya", WHY), (f"  {NAME}", "x", Marked(WHY, "bad"))]
    letters = sorted("".join("".join(printed(width, *rows)).split()))

    kept = sorted("".join("".join(printed(400, *rows)).split()))
    rule = "\N{BOX DRAWINGS LIGHT HORIZONTAL}"
    assert [c for c in letters if c != rule] == [c for c in kept if c != rule]


def test_an_indented_name_keeps_its_indent():
    lines = printed(82, (f"  {NAME}", "ramouseh-to-dahiya", WHY))

    assert any(line.startswith(f"  {NAME}") for line in lines)
