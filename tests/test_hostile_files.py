"""Files that mean harm, or are just broken: each gets a sentence, none a traceback."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import from_text, load
from sim.scenario.tree import decoded

ALIAS_BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

HOSTILE = {
    "nothing": "",
    "blanks": "   \n\n  \n",
    "a comment": "# nothing here\n",
    "a byte order mark": "\ufeff",
    "a word": "hello",
    "a list": "- a\n- b\n",
    "an empty mapping": "{}",
    "a document end": "...\n",
    "empty documents": "---\n---\n",
    "two documents": "operation: a\n---\noperation: b\n",
    "an alias bomb": ALIAS_BOMB,
    "an alias to nothing": "operation: *nobody\n",
    "an alias to itself": "a: &a [*a]\n",
    "a merge key": "base: &b {x: 1}\nsites:\n  <<: *b\n",
    "200,000 brackets": "[" * 200_000,
    "200,000 braces": "{" * 200_000,
    "200,000 dashes": "- " * 200_000,
    "200,000 question marks": "? " * 200_000,
    "deep blocks": "".join(" " * depth + "a:\n" for depth in range(300)),
    "deep and closed": "a: " + "[" * 45 + "]" * 45,
    "many values": "a: [" + "1, " * 60_000 + "1]\n",
    "many keys": "".join(f"key{number}: 1\n" for number in range(30_000)),
    "a long key": "x" * 200_000 + ": 1\n",
    "a long value": "operation: " + "x" * 900_000,
    "a long number": "ends: " + "9" * 900_000,
    "more than 1 MB": "# " + "x" * 1_100_000,
    "a NUL": "operation: a\0b\n",
    "an escape sequence": "operation: \x1b[31mred\n",
    "an escaped escape sequence": 'operation: "\\e[31mred"\n',
    "half a character": 'operation: "\\ud800"\n',
    "a tab": "operation:\n\tx\n",
    "a Python object": "operation: !!python/object/apply:os.system ['true']\n",
    "a local tag": "operation: !secret x\n",
    "an unknown tag handle": "operation: !x!y z\n",
    "a binary": "operation: !!binary aGVsbG8=\n",
    "an unclosed bracket": "sites: [a, b\n",
    "an unclosed brace": "sites: {a: {\n",
    "an unclosed quotation mark": 'operation: "x\n',
    "a closing bracket": "operation: ]\n",
    "a stray colon": "operation: a: b\n",
    "a stray percent sign": "operation: %x\n",
    "a stray backquote": "operation: `x`\n",
    "an unknown escape": 'operation: "\\q"\n',
    "wrong indentation": "sites:\n  a: {}\n b: {}\n",
    "a line without a colon": "operation: a\nsites\nzone: b\n",
    "a list as a key": "[a, b]: c\n",
    "a mapping as a key": "{a: b}: c\n",
    "an empty key": "'': x\n",
    "a null": "operation: null\nsites: ~\n",
    "a YAML version of the future": "%YAML 3.0\n---\noperation: a\n",
    "a zone outside the database": "zone: ../../etc/passwd\nstarts: 2016-01-01T00:00\n",
    "a zone that is a folder": "zone: America/Indiana\nstarts: 2016-01-01T00:00\n",
    "a zone with leap seconds": "zone: right/UTC\nstarts: 2016-01-01T00:00\n",
    "a long zone": "zone: " + "A/" * 5_000 + "\nstarts: 2016-01-01T00:00\n",
    "the year 0": "zone: UTC\nstarts: 0000-01-01T00:00\n",
    "the year 9999": "zone: UTC\nstarts: 9999-12-31T23:59\n",
    "Arabic-Indic digits": "zone: UTC\nstarts: \u0662\u0660\u0661\u0666-01-01T00:00\n",
    "digits without end": "legs: {a: {time: " + "1" * 100_000 + "!}}\n",
    "units without end": "legs: {a: {time: " + "1 h " * 50_000 + "}}\n",
    "words without end": "legs: {a: {time: " + "1 h to " * 30_000 + "}}\n",
    "extends without a file": "extends: base.yaml\n",
    "change without a base": "change: {a: 1}\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_gets_a_sentence(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        from_text(text)
    (found,) = caught.value.args
    assert found
    for problem in found:
        assert problem.problem
        assert len(str(problem)) < 2_000
        assert "\x1b" not in str(problem)
        str(problem).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("operation: حلب".encode("utf-16"), "not UTF-8"),
        ("operation: é".encode("latin-1"), "not UTF-8"),
        (b"operation: a\nzone: \xff\n", "scenario.yaml:2:7: the file is not UTF-8"),
        (b"x" * 2_000_000, "larger than 1 MB"),
    ],
)
def test_other_encodings_and_sizes_get_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        decoded(data, "scenario.yaml")


def test_line_ends_of_every_system_and_a_byte_order_mark_are_read() -> None:
    path = Path(__file__).parents[1] / "scenarios" / "two-towns" / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    expected = from_text(text)
    for other in ("\r\n", "\r"):
        data = ("\ufeff" + text.replace("\n", other)).encode()
        assert from_text(decoded(data, "x")) == expected


def test_a_folder_and_a_missing_file_get_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, f"{tmp_path}/nothing.yaml", "/dev/zero", ""):
        with pytest.raises(ScenarioError):
            load(str(path))


@settings(max_examples=150)
@given(st.text(alphabet="ab:- \n[]{},'\"#&*!|>%@`?~0.1\\\t\r\0é", max_size=60))
def test_any_text_is_an_operation_or_gets_a_sentence(text: str) -> None:
    with pytest.raises(ScenarioError):
        from_text(text)
