"""What stoppages say of flows, convoys and losses: refused or noted, with a remedy."""

import pytest

from tests.villages import HALT, Change, added, noted, refused, said

AROUND: Change = (
    "flows:\n",
    "  around: {origin: north, destination: camp, through: [road, post, way-back]}\n"
    "flows:\n",
)
STARTS: Change = ("    starts: 2018-03-02T08:00\n", "")


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["flows: [nobody]"], "'nobody' is not a flow"),
        (["flows: [south]"], "it stops nobody: no flow goes through 'post'"),
        (["flows: [north, south]"], "'south' does not go through 'post'"),
        (["meets: {first: 3, last: 2}"], "comes before the first, 3. Write 3 or more"),
        (["meets: {from: 3}"], "meets.from"),
        (["caught: divert"], "diverts convoys, but not where to"),
        (["to: from-south"], "'to' has no meaning for 'caught: hold'"),
        (["caught: divert", "to: nowhere"], "'nowhere' is not a route"),
        (
            ["caught: divert", "to: from-south"],
            "the route 'from-south' does not go through 'post'",
        ),
        (["caught: divert", "to: from-north"], "take the route 'from-north' already"),
        (["gives_up_after: 2 h"], "it is over before anybody's patience is"),
        (
            ["caught: turn_back", "gives_up_after: 1 h"],
            "no convoy with people is held, so none gives up",
        ),
        (["loses_loaded: {coaches: 1}"], "'coaches' goes through 'post' with people"),
        (["loses_loaded: {lorries: 1}"], "'lorries' is not a fleet"),
        (["lives_lost: -1"], "lives_lost"),
        (
            ["starts_with: {flow: north, convoy: 1, at: post}"],
            "needs exactly one of starts, starts_with, every",
        ),
    ],
)
def test_what_has_no_meaning_or_effect_is_refused(lines: list[str], fault: str) -> None:
    assert fault in said(refused(added(HALT, *lines)))


@pytest.mark.parametrize(
    ("starts_with", "fault"),
    [
        ("{flow: north, convoy: 1, at: yard}", "'north' does not go through 'yard'"),
        ("{flow: nobody, convoy: 1, at: post}", "'nobody' is not a flow"),
        ("{flow: north, convoy: 1, at: nowhere}", "'nowhere' is not a gate"),
        ("{flow: north, convoy: 0, at: post}", "starts_with.convoy"),
    ],
)
def test_a_stoppage_begins_with_a_convoy_that_comes(
    starts_with: str, fault: str
) -> None:
    found = refused(STARTS, added(HALT, f"starts_with: {starts_with}"))

    assert fault in said(found)


def test_a_stoppage_that_meets_loaded_convoys_destroys_no_empty_ones() -> None:
    lines = ["meets: {first: 2}", "loses: {buses: 1}"]

    assert "Write 'loses_loaded'" in said(refused(added(HALT, *lines)))


@pytest.mark.parametrize(
    ("field", "gate"),
    [
        ("meets: {first: 2}", "return-gate"),
        ("lives_lost: 2", "return-gate"),
        ("gives_up_after: 1 h", "approach"),
    ],
)
def test_what_is_about_people_needs_a_gate_that_they_pass(
    field: str, gate: str
) -> None:
    found = refused(("closes: [post]", f"closes: [{gate}]"), added(HALT, field))

    assert found


@pytest.mark.parametrize(
    "lines",
    [
        ["flows: [north]"],
        ["meets: {first: 2, last: 3}"],
        ["gives_up_after: 1 h"],
        ["loses_loaded: {buses: 2}", "lives_lost: 3", "unaccounted: 2"],
        ["caught: turn_back", "catches: 1", "gives_up_after: 1 h"],
    ],
)
def test_what_has_an_effect_is_not_noted(lines: list[str]) -> None:
    assert not noted(added(HALT, *lines))


def test_a_route_onto_which_convoys_are_diverted_is_one_that_is_taken() -> None:
    halt = added(HALT, "caught: divert", "to: around")

    assert not noted(AROUND, halt)
    assert "no flow takes the route 'around'" in said(noted(AROUND))


def test_a_convoy_that_comes_after_everybody_is_noted() -> None:
    """Six hundred in convoys of two hundred and fifty, and twenty wounded in eight."""
    meets = noted(added(HALT, "flows: [north]", "meets: {first: 4}"))
    begins = noted(
        STARTS, added(HALT, "starts_with: {flow: north, convoy: 4, at: post}")
    )

    assert "about 3 convoys carry everybody who passes" in said(meets)
    assert "about 3 convoys of 'north' carry all its people" in said(begins)
