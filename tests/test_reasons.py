"""Reasons have words in one place, and everybody else reads their fields."""

import ast
from pathlib import Path
from string import Formatter

import pytest
from sim.report.reasons import WORDS, sentence, why

from sim.events import Event, Kind, Reason, ReasonKind
from sim.explain import Line
from sim.metrics.holds import Hold
from sim.metrics.periods import STATES, Period
from sim.metrics.spans import Charge
from sim.report import states
from tests.builders import operation
from tests.reasons import waits_for
from tests.test_metrics_story import Story

SIM = Path(__file__).parents[1] / "sim"
READERS = sorted(
    path
    for path in SIM.rglob("*.py")
    if path.relative_to(SIM).parts[0] not in {"report", "events", "model"}
)
PARTING = {
    *("partition", "rpartition", "split", "rsplit", "startswith", "endswith"),
    *("removeprefix", "removesuffix", "find", "index"),
}
MARKS = {": ", " <- ", " (", ")"}
"""What stood between the parts of a sentence."""


def full(kind):
    """Return a reason of a kind with something in every field."""
    return Reason(kind, "exchange", "villages", "halt", "bridge", "wounded first")


@pytest.mark.parametrize("kind", ReasonKind)
def test_every_kind_of_reason_has_words(kind):
    said = sentence(full(kind))

    assert bool(said) is (kind is not ReasonKind.NONE)
    assert "{" not in said


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (waits_for("villages", "exchange"), "exchange: waits for villages"),
        (full(ReasonKind.NOT_IN_FORCE), "exchange: wounded first"),
        (Reason(ReasonKind.NOT_IN_FORCE, "exchange"), "exchange: not in force yet"),
        (full(ReasonKind.SUSPENDED), "exchange: suspended by halt"),
        (full(ReasonKind.NOTHING_MORE_AGREED), "exchange: nothing more is agreed"),
        (full(ReasonKind.GAVE_UP), "exchange: villages gave up waiting"),
        (full(ReasonKind.CLOSED), "halt"),
        (full(ReasonKind.DETAINED), "halt"),
        (full(ReasonKind.DEADLINE), "deadline"),
        (full(ReasonKind.PRECONDITION), "wounded first"),
    ],
)
def test_a_reason_says_who_or_what(reason, said):
    assert sentence(reason) == said


def test_names_are_told_as_they_are():
    """A note comes from a file, and may hold braces."""
    reason = Reason(ReasonKind.NOT_IN_FORCE, "deal", note="{side}: waits for {0}")

    assert sentence(reason) == "deal: {side}: waits for {0}"


def test_a_cause_is_followed_by_what_is_behind_it():
    assert why("agreement", waits_for("south")) == "agreement (swap: waits for south)"
    assert why("road", Reason()) == "road"


def test_every_state_of_an_agreement_has_a_word():
    assert set(states.STATES) == STATES


@pytest.mark.parametrize("told", [Event, Charge, Hold, Line, Period])
def test_who_is_behind_something_is_no_sentence(told):
    assert "by" not in told._fields
    assert "reason" in told._fields


PHRASES = {
    fixed
    for words in WORDS.values()
    for fixed, *_ in Formatter().parse(words)
    if " " in fixed.strip(": ")
}


def parsed(source):
    """Return the pieces of a program that look as if they took a sentence apart."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and _takes_apart(node))
        or (isinstance(node, ast.Constant) and id(node) not in docs and _says(node))
    ]


def _takes_apart(call):
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in PARTING:
        return False
    marks = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    on = call.func.value
    made = isinstance(on, ast.Call) and isinstance(on.func, ast.Name)
    return bool(MARKS & set(marks)) or (made and on.func.id in {"sentence", "why"})


def _says(constant):
    text = constant.value
    return isinstance(text, str) and any(phrase in text for phrase in PHRASES)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('agreement = by.partition(": ")[0]', 1),
        ('links = chain.split(" <- ")', 1),
        ('found = sentence(reason).startswith("exchange")', 1),
        ('WAITS_FOR = ": waits for "', 1),
        ('"""A reason, as `exchange: waits for villages`."""', 0),
        ('name = metric.partition("/")[0]', 0),
    ],
)
def test_what_takes_a_sentence_apart_is_found(source, found):
    assert len(parsed(source)) == found


@pytest.mark.parametrize("path", READERS, ids=lambda path: str(path.relative_to(SIM)))
def test_nobody_takes_a_sentence_apart(path):
    assert not parsed(path.read_text(encoding="utf-8"))


def test_the_table_of_events_has_the_fields_of_reasons():
    # Imported here: it takes the model along.
    from sim.results.log_tables import events_table  # noqa: PLC0415

    story = Story(100, {"evacuation": "pocket"}, {"buses": "bus"})
    story.start("pocket", civilians=9)
    story.form("evacuation", "first", buses=1)
    story.board("first", civilians=9)
    story.at(60).note(Kind.HELD, "first", "gate", "agreement", waits_for("south"))
    story.count("swap", "north", "first", 9)

    table = events_table(story.log(), operation().clock)
    held, counted = [
        dict(zip(table.columns, row, strict=True)) for row in [*table.rows][-2:]
    ]

    assert list(held) == [
        *("time_s", "local_time", "kind", "place", "flow", "convoy", "group"),
        *("people", "vehicles", "cause", "reason", "agreement", "side", "stoppage"),
        *("at", "note", "units", "tranche"),
    ]
    assert held["local_time"] == "2020-01-01T00:01:00"
    assert (held["reason"], held["agreement"], held["side"]) == (
        *("waits_for_side", "swap", "south"),
    )
    assert (counted["kind"], counted["place"], counted["units"]) == (
        *("counted", "swap", 9),
    )
