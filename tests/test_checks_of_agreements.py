"""Terms that have no effect, or another one than it seems: refused, or noted."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sim.parts.rules import RULES, Rule
from tests.villages import (
    BUSES,
    NORTH,
    SHARED,
    added,
    changed,
    noted,
    place,
    refused,
    said,
)


@pytest.fixture
def spread_rule() -> Iterator[None]:
    """A rule from outside, which has `ahead` in its terms."""
    RULES.register("spread", Rule(lambda terms, *_: terms.ahead, "x", uses=("ahead",)))
    yield
    RULES.forget("spread")


@pytest.mark.parametrize(
    ("below", "line", "fault"),
    [
        (
            "    unit: vehicles\n    t",
            "ahead: 2",
            "'ahead' has no meaning for the rule ",
        ),
        (
            "    unit: vehicles\n    t",
            "first: north",
            "'first' has no meaning for the r",
        ),
        (
            "        unit: vehicles",
            "first: south",
            "2018-03-02T12:00.first: 'first' has",
        ),
        (
            "        unit: vehicles",
            "rule: prior",
            "the rule 'prior' needs 'first'. Add ",
        ),
        (
            "        unit: vehicles",
            "rule: credit",
            "the rule 'credit' needs 'ahead'. A",
        ),
    ],
)
def test_terms_say_what_their_rule_needs_and_no_more(
    below: str, line: str, fault: str
) -> None:
    first, _, rest = below.partition("\n")
    indent = " " * (len(first) - len(first.lstrip()))
    new = f"{first}\n{indent}{line}" + (f"\n{rest}" if rest else "")
    assert fault in said(refused((below, new)))


@pytest.mark.usefixtures("spread_rule")
def test_what_a_registered_rule_uses_is_checked_too() -> None:
    terms = "        unit: vehicles"
    assert "the rule 'spread' needs 'ahead'" in said(
        refused(added(terms, "rule: spread"))
    )
    assert "Leave it out, or write the rule 'credit' or 'spread'" in said(
        refused(added(terms, "ahead: 1"))
    )
    assert not noted(added(terms, "rule: spread", "ahead: 1"))


@pytest.mark.parametrize("day", ["2018-03-02T12:00", "2018-03-01T06:00"])
def test_a_new_deadline_lies_after_its_amendment(day: str) -> None:
    terms = "        unit: vehicles"
    deadline = added(terms, f"deadline: {day}")
    (found,) = refused(deadline)
    assert found.problem == "the new deadline is over when the amendment begins"
    assert (found.line, found.column) == place(changed(deadline), day + "\n        tr")
    assert not noted(added(terms, "deadline: 2018-03-02T12:01"))


@pytest.mark.parametrize(
    ("north", "unit", "tranches", "full"),
    [
        (5, "vehicles", "{north: 4, south: 5}", "5 vehicles"),
        (10, "vehicles", "{north: 5, south: 5}", "10 vehicles"),
        (5, "people", "{north: 200, south: 300}", "250 people"),
    ],
)
def test_a_convoy_larger_than_any_tranche_is_noted(
    north: int, unit: str, tranches: str, full: str
) -> None:
    old = "    unit: vehicles\n    tranches:\n      - {north: 5, south: 5}"
    new = f"    unit: {unit}\n    tranches:\n      - {tranches}"
    (found,) = noted((old, new), (NORTH, f"    convoy: {{buses: {north}}}"))
    assert found.problem.startswith(f"a full convoy of 'north' has {full}, but no")
    assert found.problem.endswith("it is sent in parts")
    assert found.path == "agreements.swap.tranches"


@pytest.mark.parametrize(
    ("unit", "tranches"),
    [
        ("vehicles", "{north: 7, south: 5}"),
        ("people", "{north: 250, south: 250}"),
        ("convoys", "{north: 1, south: 1}"),
    ],
)
def test_a_convoy_that_fits_into_a_tranche_is_fine(unit: str, tranches: str) -> None:
    old = "    unit: vehicles\n    tranches:\n      - {north: 5, south: 5}"
    assert not noted((old, f"    unit: {unit}\n    tranches:\n      - {tranches}"))


def test_a_convoy_larger_than_a_tranche_of_an_amendment_is_noted() -> None:
    old = "tranches: [{north: rest, south: rest}]"
    (found,) = noted((old, "tranches: [{north: 4, south: 5}]"))
    assert found.path == "agreements.swap.amendments.2018-03-02T12:00.tranches"


def test_a_departure_that_may_find_less_room_than_it_needs_is_noted() -> None:
    old = "      - {north: 5, south: 5}"
    dates = added(NORTH, "dispatch_dates: [2018-03-02T14:00]")
    uneven = (old, "      - {north: 7, south: 5}")
    assert "it may be sent in parts" in said(noted(dates, uneven))
    assert not noted(dates, (old, "      - {north: 10, south: 5}"))


def test_sides_that_draw_on_one_fleet_can_lock_each_other() -> None:
    (found,) = noted(SHARED)
    assert found.sentence.partition(": ")[2] == (
        "agreements.swap: 'north' and 'south' draw on 'buses': one may fill all "
        "vehicles and wait at its gate for the other, which then has none. Write "
        "'fleets.buses.reserve' with a flow of each side."
    )
    assert noted(SHARED, added(BUSES, "reserve: {north: 8}")) == [
        replace(found, line=found.line + 1)
    ]


def test_a_lapse_needs_a_deadline() -> None:
    lapses = ("  swap:", "  swap:\n    after_deadline: lapse")
    assert "no deadline after which it could lapse" in said(noted(lapses))
    ends = (
        "  swap:",
        "  swap:\n    after_deadline: lapse\n    deadline: 2018-03-04T00:00",
    )
    assert not noted(ends)


@pytest.mark.parametrize(
    ("deadline", "what", "fault"),
    [
        ("2018-03-02T12:00", "breach", "it is amended at its deadline"),
        ("2018-03-02T12:00", "lapse", "it is amended at its deadline"),
        ("2018-03-02T11:00", "lapse", "a lapsed agreement is not amended"),
        ("2018-03-02T11:00", "breach", ""),
        ("2018-03-02T13:00", "lapse", ""),
    ],
)
def test_an_amendment_that_comes_too_late_is_noted(
    deadline: str, what: str, fault: str
) -> None:
    lines = f"  swap:\n    deadline: {deadline}\n    after_deadline: {what}"
    found = said(noted(("  swap:", lines)))
    assert fault in found
    assert bool(fault) == bool(found)


def test_an_amendment_at_the_deadline_may_put_it_off() -> None:
    lines = "  swap:\n    deadline: 2018-03-02T12:00"
    new = added("        unit: vehicles", "deadline: 2018-03-04T00:00")
    assert not noted(("  swap:", lines), new)


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ("{arrived: {wounded: 21}}", "21 people of 'wounded' are to arrive, but it ha"),
        ("{arrived: {wounded: 20}}", ""),
        ("{on: 2018-03-04T00:00}", "it happens when the deadline is over"),
        ("{on: 2018-03-03T23:59}", ""),
    ],
)
def test_a_precondition_that_is_never_met_is_noted(condition: str, fault: str) -> None:
    pledge = (
        "stoppages:\n",
        "  pledge:\n"
        "    parties: {south: {flows: [south], gate: south-gate}}\n"
        "    tranches: [{south: rest}]\n"
        "    deadline: 2018-03-04T00:00\n"
        f"    requires: {{it: {condition}}}\n"
        "stoppages:\n",
    )
    found = said(noted(pledge))
    assert fault in found
    assert bool(fault) == bool(found)


@pytest.mark.parametrize("proposed", ["", "    proposed: 2018-03-03T00:00\n"])
def test_an_agreement_that_bars_those_it_waits_for_is_noted(proposed: str) -> None:
    pledge = (
        "stoppages:\n",
        "  pledge:\n"
        "    parties: {south: {flows: [south], gate: south-gate}}\n"
        f"    tranches: [{{south: rest}}]\n{proposed}"
        "    requires: {swap-done: {agreement: swap}}\n"
        "stoppages:\n",
    )
    found = said(noted(pledge))
    assert bool(found) == (not proposed)
    if found:
        assert "nobody of 'south' passes until 'pledge' is in force" in found
