"""Reasons have words in one place, and everybody else reads their fields."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from sim.events import Cause, Event, Kind, Reason, ReasonKind
from sim.metrics.holds import Hold
from sim.metrics.periods import STATES, Period
from sim.metrics.spans import UNCHARGED, Charge
from sim.metrics.timelines import Line
from sim.report.log_data import events_data
from sim.words import Sentence, reasons
from sim.words.reasons import CAUSES, said, why
from tests.builders import halt, in_words, operation, two_sides
from tests.reasons import closed, sentence, waits_for
from tests.test_metrics_story import Story

SIM = Path(__file__).parents[1] / "sim"
READERS = sorted(
    path
    for path in SIM.rglob("*.py")
    if path.relative_to(SIM).parts[0] not in {"words", "events", "model"}
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
    told = sentence(full(kind))

    assert bool(told) is (kind is not ReasonKind.NONE)
    assert "{" not in told


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (waits_for("villages", "exchange"), "exchange: waits for villages"),
        (full(ReasonKind.NOT_IN_FORCE), "exchange: wounded first"),
        (Reason(ReasonKind.NOT_IN_FORCE, "exchange"), "exchange: not in force yet"),
        (full(ReasonKind.SUSPENDED), "exchange: suspended by 'halt'"),
        (full(ReasonKind.NOTHING_MORE_AGREED), "exchange: nothing more is agreed"),
        (full(ReasonKind.GAVE_UP), "exchange: villages gave up waiting"),
        (full(ReasonKind.CLOSED), "halt"),
        (full(ReasonKind.DETAINED), "halt"),
        (full(ReasonKind.DEADLINE), "deadline"),
        (full(ReasonKind.PRECONDITION), "wounded first"),
    ],
)
def test_a_reason_says_who_or_what(reason, told):
    assert sentence(reason) == told


def test_names_are_told_as_they_are():
    """A note comes from a file, and may hold braces."""
    reason = Reason(ReasonKind.NOT_IN_FORCE, "deal", note="{side}: waits for {0}")

    assert sentence(reason) == "deal: {side}: waits for {0}"


def test_parts_are_told_by_their_titles():
    world = two_sides(
        agreements__deal__title="The exchange",
        sites__south__title="The southern town",
        stoppages={"fire": halt("north-gate", 0, 9, title="Halt of 3 May")},
    )
    suspended = Reason(ReasonKind.SUSPENDED, "deal", stoppage="fire")
    waits = waits_for("south", "deal")

    assert in_words(said(suspended, world)) == (
        "The exchange: suspended by 'Halt of 3 May'"
    )
    assert in_words(said(waits, world)) == "The exchange: waits for The southern town"


def test_a_stoppage_without_a_title_is_told_by_its_cause():
    world = two_sides(stoppages={"fire": halt("north-gate", 0, 9)})

    assert in_words(said(closed("fire"), world)) == "a halt"


def test_a_cause_is_followed_by_what_is_behind_it():
    behind = in_words(why("agreement", waits_for("south"), operation()))

    assert behind == "agreement (swap: waits for south)"
    assert in_words(why("road", Reason(), operation())) == "road"


def test_every_cause_and_every_state_of_an_agreement_has_a_word():
    assert set(reasons.STATES) == STATES
    assert set(CAUSES) == {*Cause, UNCHARGED}


@pytest.mark.parametrize("told", [Event, Charge, Hold, Line, Period])
def test_who_is_behind_something_is_no_sentence(told):
    assert "by" not in told._fields
    assert "reason" in told._fields


def messages():
    """Return what is said of reasons, each with its fields and without a note."""
    every = [reason for kind in ReasonKind for reason in (full(kind), bare(kind))]
    world = operation()
    told = [said(reason, world) for reason in every]
    return {each.one for each in told if isinstance(each, Sentence)}


def bare(kind):
    return Reason(kind, "exchange", "villages", "halt", "bridge")


PHRASES = {
    fixed
    for message in messages()
    for fixed, *_ in Formatter().parse(message)
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
    return bool(MARKS & set(marks)) or (isinstance(on, ast.Call) and _words(on.func))


def _words(made_by):
    """Whether what was called gives a reason in words."""
    if isinstance(made_by, ast.Attribute):
        return made_by.attr == "of" and ast.unparse(made_by.value).endswith("words")
    return isinstance(made_by, ast.Name) and made_by.id in {"said", "why"}


def _says(constant):
    text = constant.value
    return isinstance(text, str) and any(phrase in text for phrase in PHRASES)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('agreement = by.partition(": ")[0]', 1),
        ('links = chain.split(" <- ")', 1),
        ('found = said(reason).startswith("exchange")', 1),
        ('found = words.of(text).startswith("exchange")', 1),
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
    story = Story(100, {"evacuation": "pocket"}, {"buses": "bus"})
    story.start("pocket", civilians=9)
    story.form("evacuation", "first", buses=1)
    story.board("first", civilians=9)
    story.at(60).note(Kind.HELD, "first", "gate", "agreement", waits_for("south"))
    story.count("swap", "north", "first", 9)

    table = events_data(story.log(), operation().clock)
    held, counted = [
        dict(zip(table.columns, row, strict=True)) for row in [*table.rows][-2:]
    ]

    assert list(held) == [
        *("time_s", "local_time", "kind", "place", "flow", "convoy", "group"),
        *("people", "vehicles", "cause", "reason", "agreement", "side", "stoppage"),
        *("at", "note", "units", "tranche"),
    ]
    assert held["local_time"] == "2020-01-01T00:01:00+00:00"
    assert (held["reason"], held["agreement"], held["side"]) == (
        *("waits_for_side", "swap", "south"),
    )
    assert (counted["kind"], counted["place"], counted["units"]) == (
        *("counted", "swap", 9),
    )
