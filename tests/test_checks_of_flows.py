"""Departures, fleets and dates that have no effect: refused, or noted."""

import pytest

from tests.villages import (
    BUSES,
    NORTH,
    SHARED,
    Change,
    added,
    changed,
    noted,
    place,
    refused,
    said,
)


def test_departures_are_times_or_dates_but_not_both() -> None:
    both = added(NORTH, "dispatch_times: [08:00]", "dispatch_dates: [2018-03-02T14:00]")
    (found,) = refused(both)
    assert found.sentence.endswith(
        "flows.north.dispatch_dates: 'north' has both 'dispatch_times' and "
        "'dispatch_dates'. Give one of them."
    )
    assert (found.line, found.column) == place(changed(both), "dispatch_dates")
    for line in both[1].splitlines()[1:]:
        assert noted((NORTH, f"{NORTH}\n{line}")) == []


def test_without_departures_none_can_be_missed() -> None:
    assert "'if_missed' has no meaning without" in said(
        refused(added(NORTH, "if_missed: late"))
    )
    late = added(NORTH, "if_missed: late", "dispatch_times: [08:00]")
    assert noted(late) == []


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["opens: 2018-03-02T15:00"], "is before the flow opens (2018-03-02T15:00)"),
        (["closes: 2018-03-02T14:00"], "is not before the flow closes (2018-03-02T14"),
        (["hours: 06:00 to 14:00"], "lies outside the hours of the flow"),
        (["hours: 20:00 to 06:00"], "lies outside the hours of the flow"),
    ],
)
def test_a_date_at_which_no_convoy_could_set_out_is_refused(
    lines: list[str], fault: str
) -> None:
    dates = "dispatch_dates: [2018-03-02T14:00]"
    change = added(NORTH, dates, *lines)
    (found,) = refused(change)
    assert found.problem.startswith(f"2018-03-02T14:00 {fault}")
    assert (found.line, found.column) == place(changed(change), "2018-03-02T14:00]")


def test_a_date_may_be_when_the_flow_opens_or_its_hours_begin() -> None:
    assert not noted(
        added(
            NORTH,
            "dispatch_dates: [2018-03-02T14:00, 2018-03-03T14:00]",
            "opens: 2018-03-02T14:00",
            "closes: 2018-03-03T14:01",
            "hours: 14:00 to 14:30",
        )
    )


@pytest.mark.parametrize(
    ("dates", "fault"),
    [
        ("2018-03-02T14:00, 2018-03-02T14:00", "is given twice"),
        ("2018-03-02T14:00, 2018-03-02 14:00:00", "is given twice"),
        ("2018-03-06T00:00", "is when the operation ends"),
        ("2018-03-06T00:01", "is after the operation ends"),
        ("2018-02-28T12:00", "is before the operation starts"),
    ],
)
def test_a_date_is_given_once_and_lies_within_the_operation(
    dates: str, fault: str
) -> None:
    assert fault in said(refused(added(NORTH, f"dispatch_dates: [{dates}]")))


@pytest.mark.parametrize(
    ("times", "fault"),
    [
        ("05:00, 08:00", "dispatch_times.0: 05:00 lies outside the hours"),
        ("08:00, 20:00", "dispatch_times.1: 20:00 lies outside the hours"),
        ("05:00, 21:00", "dispatch_times: none of these times lies within the hours"),
        ("08:00, 08:00:00", "dispatch_times.1: 08:00 is given twice"),
    ],
)
def test_a_time_of_day_is_given_once_and_lies_within_the_hours(
    times: str, fault: str
) -> None:
    hours = "hours: 06:00 to 20:00"
    found = refused(added(NORTH, hours, f"dispatch_times: [{times}]"))
    assert fault in said(found)
    assert len(found) == 1
    assert not noted(added(NORTH, hours, "dispatch_times: [06:00, 19:59]"))


def test_times_of_day_that_never_come_are_refused() -> None:
    window = ["opens: 2018-03-02T09:00", "closes: 2018-03-03T08:00"]
    assert "none of these times falls between 2018-03-02T09:00 and" in said(
        refused(added(NORTH, "dispatch_times: [08:00]", *window))
    )
    assert not noted(added(NORTH, "dispatch_times: [08:00, 10:00]", *window))


@pytest.mark.parametrize(
    ("leaves", "fault"),
    [
        ("2018-03-01T05:00: 4", "4 vehicles leave at 2018-03-01T05:00, but none has"),
        ("2018-03-01T05:59: 1", "1 vehicle leaves at 2018-03-01T05:59, but none has"),
        ("2018-03-01T09:00: 8", "8 vehicles leave at 2018-03-01T09:00, but only 6 hav"),
        (
            "2018-03-01T09:00: 4, 2018-03-02T05:00: 4",
            "8 vehicles leave by 2018-03-02T05:00, but only 6 have joined by then",
        ),
        ("2018-03-03T00:00: 11", "11 vehicles leave 'buses', but only 10 join"),
    ],
)
def test_nobody_is_withdrawn_who_has_not_joined(leaves: str, fault: str) -> None:
    change = added(BUSES, f"leaves: {{{leaves}}}")
    (found,) = refused(change)
    assert found.problem.startswith(fault)


def test_who_joins_and_leaves_at_one_moment_has_joined() -> None:
    assert not noted(added(BUSES, "leaves: {2018-03-01T06:00: 6, 2018-03-02T06:00: 4}"))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            "reserve: {wounded: 2}",
            "reserved for 'wounded', which takes none of 'buses'",
        ),
        (
            "reserve: {north: 8, south: 3}",
            "11 vehicles of 'buses' are reserved, but onl",
        ),
        (
            "priority: {wounded: 1}",
            "convoys of 'wounded' are led by 'cars', not by 'bu",
        ),
        (
            "priority: {south: 1}",
            "convoys of 'south' are led by 'coaches', not by 'bus",
        ),
        ("reserve: {nroth: 2}", "'nroth' is not a flow. Did you mean 'north'?"),
    ],
)
def test_reserves_and_priorities_are_of_flows_that_use_the_fleet(
    line: str, fault: str
) -> None:
    assert fault in said(refused(added(BUSES, line), SHARED))


def test_seats_that_carry_nobody_are_said_to_carry_none() -> None:
    assert "in this flow: it carries none, the flow serves families" in said(
        refused(added(BUSES, "carries: []"))
    )


def test_reserves_for_each_side_of_a_shared_fleet_are_fine() -> None:
    assert not noted(added(BUSES, "reserve: {north: 8, south: 2}"), SHARED)


def test_a_reserve_or_a_priority_against_nobody_is_noted() -> None:
    lines = added(BUSES, "reserve: {north: 2}", "priority: {north: 1}")
    assert "no other flow than 'north' takes vehicles of 'buses'" in said(noted(lines))
    assert "'north', so its priority decides nothing" in said(noted(lines))


def test_a_priority_for_people_whom_two_flows_serve_has_an_effect() -> None:
    rival = ("groups: [wounded]", "groups: [families, wounded]")
    cars = ("carries: [wounded]", "priority: {wounded: 1}")
    assert not noted(rival, cars)


def test_a_fleet_that_no_flow_uses_is_noted() -> None:
    spare = added(
        "  coaches: {kind: bus, seats: 50, joins: {2018-03-01T00:00: 5}}",
        "spare: {kind: bus, seats: 50, joins: {2018-03-01T00:00: 5}}",
    )
    (found,) = noted(spare)
    assert found.problem == "no flow takes vehicles of 'spare'"
    assert (found.line, found.column) == place(changed(spare), "spare:")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (
            ("2018-03-02T06:00: 4", "2018-03-06T00:00: 4"),
            "fleets.buses.joins.2018-03-06",
        ),
        (
            added(BUSES, "leaves: {2018-03-06T00:00: 1}"),
            "fleets.buses.leaves.2018-03-0",
        ),
        (added(NORTH, "opens: 2018-03-06T00:00"), "flows.north.opens"),
        (
            (
                "    unit: vehicles\n    t",
                "    requires: {talks: {on: 2018-03-06T00:00}}\n"
                "    unit: vehicles\n    t",
            ),
            "agreements.swap.requires.talks.on",
        ),
        (
            ("starts: 2018-03-02T08:00", "starts: 2018-03-06T00:00"),
            "stoppages.halt.sta",
        ),
        (
            ("2018-03-02T12:00:", "2018-03-06T00:00:"),
            "agreements.swap.amendments.2018-",
        ),
        (
            added("        unit: vehicles", "deadline: 2018-03-06T00:00"),
            "agreements.swap.amendments.2018-03-02T12:00.deadline",
        ),
    ],
)
def test_what_would_happen_when_the_operation_ends_is_noted(
    change: Change, path: str
) -> None:
    found = said(noted(change))
    assert f": {path}" in found
    assert "this never happens: the operation ends then" in found


@pytest.mark.parametrize(
    "change",
    [
        added(NORTH, "closes: 2018-03-06T00:00"),
        ("until: 2018-03-02T00:00", "until: 2018-03-06T00:00"),
        ("lasts: 2 h", "until: 2018-03-06T00:00"),
    ],
)
def test_what_lasts_may_last_until_the_operation_ends(change: Change) -> None:
    assert not noted(change)
