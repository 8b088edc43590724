"""What is wrong with a scenario can be told in Arabic as well as in English."""

import ast
import csv
import io
from functools import cache
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from sim.errors import EvidenceError, ScenarioError
from sim.evidence.table import read_evidence
from sim.scenario import from_text
from sim.scenario.position import read_position
from sim.scenario.problems import Problem, RefusedError, hint, quoted
from sim.words import Joined, Listed, Sentence, Words, say
from sim.words.catalogues import LOCALE
from tests.commands import ROOT

ENGLISH, ARABIC = Words(), Words("ar")
ISOLATED = "\N{FIRST STRONG ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}"
SCENARIO = (ROOT / "scenarios/two-towns/scenario.yaml").read_text(encoding="utf-8")
ENTRIES = read_po(BytesIO((LOCALE / "ar.po").read_bytes()), locale="ar")
TRANSLATED = {
    each.id if isinstance(each.id, str) else each.id[0]
    for each in ENTRIES
    if each.string and all(each.string)
}
SAID_BY = {"RefusedError", "Finding", "problem", "Problem", "_note"}
SAID_BY |= {"CellProblem", "TableProblem", "of_table", "OptionError"}
"""Whatever says that something is wrong."""


def broken():
    """Yield scenarios with a line left out or spoilt."""
    lines = SCENARIO.splitlines()
    for number, line in [*enumerate(lines)][::6]:
        if line.strip() and not line.lstrip().startswith("#"):
            before, after = lines[:number], lines[number + 1 :]
            yield "\n".join([*before, *after])
            yield "\n".join([*before, line.replace(": ", ": ~", 1), *after])
            yield "\n".join([*before, line.replace(": ", ": 3 x ", 1), *after])


def sentences(text):
    """Return what is wrong with a scenario, nothing if nothing is."""
    try:
        from_text(text)
    except ScenarioError as error:
        return error.args[0]
    return ()


def in_arabic(text):
    """Whether every message in a text is translated; of what is wrong, in all of it.

    Names, and other words of a scenario's author, are of no language.
    """
    match text:
        case Problem(said=said, advice=advice):
            parts = [part for part in (said, advice) if part]
            return all(not isinstance(part, str) and in_arabic(part) for part in parts)
        case Sentence(one=one, fields=fields):
            return one in TRANSLATED and all(in_arabic(value) for _, value in fields)
        case Joined(texts=texts) | Listed(texts=texts):
            return all(map(in_arabic, texts))
    return True


@pytest.fixture(scope="module")
def found():
    """Return what is wrong with scenarios of which a line is broken."""
    return {problem for text in broken() for problem in sentences(text)}


def test_every_error_of_broken_scenarios_is_in_arabic(found):
    assert len({getattr(each.said, "one", each.said) for each in found}) > 10
    assert [str(each) for each in found if not in_arabic(each)] == []


def test_an_error_is_in_english_what_its_text_is(found):
    assert {ENGLISH.of(each) for each in found} == {each.sentence for each in found}


def test_names_and_values_stand_by_themselves():
    problem = Problem(
        "a.yaml",
        3,
        7,
        "fleets.buses.seats",
        "many",
        say("{found} is too long", found=quoted("many")),
    )

    said = ARABIC.of(problem)

    assert ISOLATED.format("a.yaml:3:7") in said
    assert ISOLATED.format("fleets.buses.seats") in said
    assert f"«{ISOLATED.format('many')}»" in said


def test_what_to_do_is_told_too():
    refusal = RefusedError(
        say("{flow} is not a flow", flow=quoted("nrth")), hint("nrth", ["north"])
    )

    assert str(refusal) == "'nrth' is not a flow. Did you mean 'north'?"
    assert "هل تقصد" in ARABIC.of(refusal)


@pytest.mark.parametrize("text", ["137.2, -36.2", "37.2 E, 36.2 N"])
def test_what_is_to_be_typed_is_the_same_in_arabic(text):
    """No comma and no sign of the language is put into it: it is read as it stands."""
    with pytest.raises(RefusedError) as refused:
        read_position(text)
    before, after = ISOLATED.split("{}")
    *_, typed = ARABIC.of(refused.value).split(before)

    assert read_position(typed.partition(after)[0])


def test_what_is_no_message_is_known_to_be_english():
    problem = Problem("", 0, 0, "", "", "nobody has made a message of this")

    assert not in_arabic(problem)
    assert not in_arabic(say("nobody has translated this"))
    assert not in_arabic(say("Known: {names}.", names=say("nobody translated this")))
    assert in_arabic(say("Keep one of them."))


def words_in(node):
    """Yield English that is written out and is no message."""
    match node:
        case ast.Constant(value=str() as text):
            if " " in text.strip():
                yield text
        case ast.JoinedStr(values=values):
            said = [v.value for v in values if isinstance(v, ast.Constant)]
            if " " in "".join(said).strip():
                yield "".join(said)
        case ast.IfExp(body=body, orelse=other):
            yield from (*words_in(body), *words_in(other))


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "sim/answers/goals.py",
        *(
            path
            for part in ("scenario", "evidence", "studies", "page")
            for path in sorted((ROOT / "sim" / part).rglob("*.py"))
        ),
    ],
    ids=lambda path: str(path.relative_to(ROOT / "sim")),
)
def test_whatever_is_wrong_is_said_by_a_message(path: Path):
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in SAID_BY:
                found += [word for each in node.args for word in words_in(each)]

    assert found == []


# Of the evidence table


TEMPLATE = (ROOT / "scenarios/evidence-template.csv").read_text(encoding="utf-8")
SPOILT = (
    "",
    "x",
    "-1",
    "0.5",
    "2016-12-15",
    "2017-12-15T12:00",
    "all",
    "kind=x",
    "a+a",
)
"""What is put into each cell of a row, one after the other."""


def wrong_tables(path):
    """Yield what is wrong with tables of which a cell, or the whole, is spoilt."""
    header, *rows = csv.reader(io.StringIO(TEMPLATE))
    for number, row in enumerate(rows):
        for column, word in product(range(len(header)), SPOILT):
            spoilt = [*row[:column], word, *row[column + 1 :]]
            yield from of_table(path, [header, *rows[:number], spoilt])
    for lines in (
        [header, header],
        [header[1:]],
        [["x", *header]],
        [header, ["x"]],
        [],
    ):
        yield from of_table(path, lines)
    for text in ("\ufffe", "a;b\n", "\x00", '"'):
        yield from of_text(path, text)


@cache
def two_towns():
    return from_text(SCENARIO)


def of_table(path, lines):
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return of_text(path, text.getvalue())


def of_text(path, text):
    path.write_text(text, encoding="utf-8")
    try:
        read_evidence(path, two_towns())
    except EvidenceError as error:
        return error.args[0]
    return ()


def test_every_error_of_broken_evidence_is_in_arabic(tmp_path):
    found = {*wrong_tables(tmp_path / "evidence.csv")}
    messages = {getattr(each.said, "one", each.said) for each in found}

    assert len(messages) > 25
    assert [str(each) for each in found if isinstance(each.said, str)] == []
    assert [str(each) for each in found if not in_arabic(each.text)] == []
    assert all(ENGLISH.of(each.text) == str(each) for each in found)
