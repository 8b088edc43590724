"""Flows that draw on one fleet, or on the same people: who goes first, what is kept."""

import pytest

from sim.events import Kind
from sim.scenario import from_data
from tests.builders import (
    START,
    at,
    changed,
    halt,
    named_first,
    shuttle,
    terms,
    two_sides_data,
)
from tests.logs import crossings, ends, formed, run
from tests.reference.compare import differences

# Who goes first


def two_groups(first="families", buses=2, **changes):
    """Families and wounded of one site, a flow for each, and buses of ten.

    A trip takes an hour there and an hour back.
    """
    data = shuttle(
        **{
            "sites__pocket__groups": {
                "families": {"people": 100, "priority": 9},
                "wounded": {"people": 20, "priority": 1},
            },
            "fleets__buses": {"kind": "bus", "seats": 10, "joins": {START: buses}},
            "flows": {
                group: {
                    "route": "out",
                    "groups": [group],
                    "convoy": {"buses": 1},
                    "at_once": 50,
                    "boarding": "0 min",
                    "unloading": "0 min",
                }
                for group in ("families", "wounded")
            },
        }
    )
    return from_data(named_first(changed(data, **changes), "flows", first))


BOTH = pytest.mark.parametrize("first", ["families", "wounded"])


@BOTH
def test_people_of_higher_priority_take_the_vehicles_whoever_is_named_first(first):
    log = run(two_groups(first))

    assert formed(log, "wounded") == [0, 0]
    assert formed(log, "families") == [120, 120, 240, 240, 360, 360, 480, 480, 600, 600]


@BOTH
def test_a_priority_of_the_fleet_goes_before_that_of_the_people(first):
    log = run(two_groups(first, fleets__buses__priority={"families": 1}))

    assert formed(log, "wounded") == [600, 600]


@BOTH
def test_priority_keeps_no_vehicle_for_people_who_are_not_free(first):
    """The wounded are not to leave before 60: both buses take families at 0."""
    log = run(two_groups(first, flows__wounded__opens=at(60)))

    assert formed(log, "families")[:2] == [0, 0]
    assert formed(log, "wounded") == [120, 120]


@BOTH
def test_a_flow_goes_by_its_best_group_of_which_people_are_free(first):
    """Mixed flows: the one with wounded goes first until they are told off."""
    log = run(
        two_groups(
            first,
            sites__pocket__groups__wounded__people=10,
            flows__wounded__groups=["wounded", "families"],
            flows__wounded__at_once=1,
            buses=1,
        )
    )

    # At 0 the wounded; then whose last convoy set out longest ago, of equal priority.
    assert formed(log, "wounded")[0] == 0
    assert formed(log, "families")[0] == 120
    assert formed(log, "wounded")[1] == 240


def in_turn(flows, first, buses=1, **changes):
    """Flows of the same people and one fleet; a trip takes two hours."""
    data = shuttle(
        sites__pocket__groups__civilians__people=60,
        fleets__buses={"kind": "bus", "seats": 10, "joins": {START: buses}},
        flows={
            name: {
                "route": "out",
                "groups": ["civilians"],
                "convoy": {"buses": 1},
                "boarding": "0 min",
                "unloading": "0 min",
            }
            for name in flows
        },
    )
    return from_data(named_first(changed(data, **changes), "flows", first))


@pytest.mark.parametrize("first", ["a", "b"])
def test_equals_take_turns_and_the_one_named_first_begins(first):
    log = run(in_turn("ab", first))
    second = "b" if first == "a" else "a"

    assert formed(log, first) == [0, 240, 480]
    assert formed(log, second) == [120, 360, 600]


def test_three_equals_take_turns():
    log = run(in_turn("abc", "c"))

    assert [formed(log, flow) for flow in "cab"] == [[0, 360], [120, 480], [240, 600]]


def test_who_has_never_sent_one_goes_before_who_was_served_longest_ago():
    """`c` opens at 200: at 240 it is its turn, and not that of `a`."""
    log = run(in_turn("abc", "a", flows__c__opens=at(200)))

    assert [formed(log, flow) for flow in "abc"] == [[0, 360], [120, 480], [240, 600]]


def test_after_each_convoy_all_look_again():
    """Three buses at 0: one each, though the first could take all three."""
    log = run(in_turn("abc", "a", buses=3, flows__a__at_once=3))

    assert [formed(log, flow)[0] for flow in "abc"] == [0, 0, 0]


# What is kept


def shared(reserve=None, buses=2, first="north", **changes):
    """Both sides of an exchange draw on one fleet; two a side are agreed together."""
    data = two_sides_data(1, 1, terms("simultaneous", 1, 1))
    del data["fleets"]["south-buses"]
    data["fleets"] = {
        "buses": {
            "kind": "bus",
            "seats": 50,
            "joins": {START: buses},
            **({"reserve": reserve} if reserve else {}),
        }
    }
    for side in ("north", "south"):
        data["flows"][side]["convoy"] = {"buses": 1}
    return from_data(named_first(changed(data, **changes), "flows", first))


@pytest.mark.parametrize("first", ["north", "south"])
def test_flows_that_take_turns_share_what_is_there(first):
    log = run(shared(first=first))

    assert crossings(log, "north") == crossings(log, "south") == [70, 265]


def test_one_side_may_take_all_and_lock_both():
    """South opens at 5, when both buses are with the north: it waits for ever."""
    log = run(shared(flows__south__opens=at(5)))

    assert crossings(log, "north") == crossings(log, "south") == []
    assert ends(log)[0] == ("deadlock", "north", "agreement", "deal: waits for south")
    assert ends(log)[-1] == ("unfinished", "south", "no vehicle", "")


@pytest.mark.parametrize("reserve", [{"south": 1}, {"north": 1, "south": 1}])
def test_what_is_reserved_for_the_other_side_is_not_taken(reserve):
    log = run(shared(reserve, flows__south__opens=at(5)))

    assert formed(log, "north")[0] == 0
    assert formed(log, "south")[0] == 5
    assert crossings(log, "north") == crossings(log, "south") == [75, 270]


def test_a_reserve_counts_what_a_flow_has_under_way():
    """Of three one is kept for the south, which takes it; north takes the others."""
    log = run(shared({"south": 1}, buses=3, first="south", flows__south__at_once=1))

    assert formed(log, "south")[0] == 0
    assert formed(log, "north") == [0, 0]


def test_each_side_keeps_to_what_is_its_own_and_one_may_stay_idle():
    """Two for the south and one for the north, of which the third joins at 300.

    At 5 the south takes one; the other is kept by each for the other until 300.
    """
    log = run(
        shared(
            {"north": 1, "south": 2},
            flows__south__opens=at(5),
            fleets__buses__joins={START: 2, at(300): 1},
        )
    )

    assert formed(log, "south")[:2] == [5, 300]
    assert formed(log, "north")[0] == 300
    assert crossings(log, "north")[0] == crossings(log, "south")[0] == 370


def test_a_reserve_ends_when_a_flow_sends_no_more():
    """South closes at 100, its bus is back at 285: the north sends it."""
    log = run(
        shared(
            {"south": 1},
            flows__south__opens=at(90),
            flows__south__closes=at(100),
            sites__north__groups__civilians__people=150,
            sites__south__groups__civilians__people=50,
            agreements__deal__tranches=[{"north": 3, "south": 1}],
            agreements__deal__rule="lockstep",
            fleets__buses__joins={START: 1, at(60): 1},
        )
    )

    assert formed(log, "south") == [90]
    assert formed(log, "north") == [60, 255, 285]


@pytest.mark.parametrize(
    ("later", "minutes"),
    [({}, [60, 180, 300, 420]), ({at(300): {"hours": "05:00 to 22:00"}}, [60, 180])],
)
def test_a_reserve_rests_while_no_phase_lets_a_flow_send(later, minutes):
    """The wounded go by car until 60; a later phase lets them send again from 300 on.

    Back at 180 and 300, the bus that is kept for them is kept while they may.
    """
    cars = {"convoy": {"cars": 1}, "hours": "00:00 to 01:00"}
    operation = two_groups(
        buses=1,
        ends=at(500),
        fleets__buses__reserve={"wounded": 1},
        fleets__cars={"kind": "private", "seats": 5, "joins": {START: 1}},
        flows__wounded__opens=at(20),
        flows__wounded__phases={at(10): cars, **later},
    )

    assert formed(run(operation), "families") == minutes
    assert differences(operation, 0) == []


def test_the_bus_that_was_kept_is_anybodys_when_it_is_back():
    """Kept for the wounded of 200; back at 320, when that flow has closed."""
    log = run(
        two_groups(
            buses=1,
            sites__pocket__groups__wounded__people=10,
            flows__wounded__opens=at(200),
            flows__wounded__closes=at(300),
            fleets__buses__reserve={"wounded": 1},
        )
    )

    assert formed(log, "wounded") == [200]
    assert formed(log, "families")[0] == 320


def test_vehicles_of_the_reserve_that_are_destroyed_are_kept_anew():
    """South's bus is lost on its way in at 60; the next to come free is its own."""
    log = run(
        shared(
            {"south": 1},
            gates__approach={},
            routes__south__inbound=["road", "approach"],
            stoppages={"attack": halt("approach", 50, 61, loses={"buses": 1})},
            agreements__deal__rule="credit",
            agreements__deal__ahead=1,
        )
    )

    assert formed(log, "south")[:2] == [0, 195]
    assert formed(log, "north")[0] == 0


def test_people_wait_for_a_vehicle_when_what_is_free_is_kept_for_others():
    log = run(
        two_groups(
            buses=1,
            flows__wounded__opens=at(200),
            fleets__buses__reserve={"wounded": 1},
        )
    )
    families = [
        (e.time_s / 60, str(e.cause))
        for e in log.events
        if e.kind is Kind.WAITING and e.group == "families"
    ]

    assert families[:2] == [(0, "not begun"), (0, "no vehicle")]


def test_a_reserve_of_a_flow_that_has_not_opened_is_kept_from_the_start():
    log = run(shared({"south": 1}, flows__south__opens=at(999), ends=at(1000)))

    assert formed(log, "north") == [0]
