"""Who goes first: lines, and what happens in the same second, in both orders."""

import pytest

from sim.events import Kind
from sim.scenario import from_data
from tests.builders import (
    NEVER,
    START,
    at,
    halt,
    named_first,
    terms,
    three_sides,
    two_sides,
    two_sides_data,
    with_gate,
)
from tests.logs import crossings, formed, held, run, times

# Who stands in line goes before who comes


def before_a_post(terms, road="60 min", **changes):
    """North's buses come to their gate at 70 and 130; behind it is one lane."""
    return two_sides(
        2,
        1,
        terms,
        road,
        **{
            "checkpoints": {"post": {"lanes": 1, "inspection": "30 min"}},
            "routes__north__through": ["road", "north-gate", "post", "road"],
            "flows__north__headway": "60 min",
            "sites__south__groups__civilians__people": 50,
            **changes,
        },
    )


def inspected(log):
    return [times(log, Kind.INSPECTED, f"north-00{n}") for n in (1, 2)]


@pytest.mark.parametrize(
    ("unit", "north", "south"),
    [("convoys", 2, 1), ("vehicles", 2, 1), ("people", 100, 50)],
)
def test_who_makes_a_tranche_ready_does_not_go_before_who_stands_in_line(
    unit, north, south
):
    """At 130 the second makes it whole; the first, there since 70, is let go first."""
    log = run(before_a_post(terms("simultaneous", (north, south), unit=unit)))

    assert crossings(log, "north") == [130, 130]
    assert inspected(log) == [[130], [160]]


def test_the_other_side_makes_it_ready_and_the_line_goes_in_its_order():
    log = run(before_a_post(terms("simultaneous", (2, 1)), "180 min"))

    assert crossings(log, "north") == [190, 190]
    assert inspected(log) == [[190], [220]]


@pytest.mark.parametrize("first", ["north", "south"])
def test_both_sides_come_in_the_second_in_which_it_is_ready(first):
    """South comes at 130, too, formed before or after the northern one."""
    data = two_sides_data(
        2,
        1,
        terms("simultaneous", (2, 1)),
        "120 min",
        checkpoints={"post": {"lanes": 1, "inspection": "30 min"}},
        routes__north__through=["road", "north-gate", "post", "road"],
        flows__north__headway="60 min",
    )
    log = run(from_data(named_first(data, "flows", first)))

    assert crossings(log, "north")[:2] == [130, 130]
    assert crossings(log, "south")[0] == 130
    assert inspected(log) == [[130], [160]]


def test_who_was_detained_keeps_his_place_in_the_line():
    """Detained at the gate from 75 to 135, the first still goes before the second.

    The second comes at 130 and stands; the tranche is ready when the detention ends.
    """
    search = halt("north-gate", 75, 80, caught="detain", detained_for="60 min")
    log = run(
        before_a_post(terms("simultaneous", (2, 1)), stoppages={"search": search})
    )

    assert crossings(log, "north") == [135, 135]
    assert inspected(log) == [[135], [165]]


def slow_and_fast(**changes):
    """A slow bus formed first comes at 130, a fast one stands at the gate since 70."""
    return with_gate(
        **{
            "gates": {"gate": {}, "by-way": {}},
            "checkpoints": {"post": {"lanes": 1, "inspection": "30 min"}},
            "legs__long_D_road": {"time": "120 min"},
            "routes__out__through": ["long-road", "gate", "post", "road"],
            "fleets__fast_D_buses": {"kind": "bus", "seats": 50, "joins": {START: 1}},
            "routes__fast": {
                "origin": "pocket",
                "destination": "refuge",
                "through": ["road", "gate", "post", "road"],
            },
            "flows__fast": {
                "route": "fast",
                "groups": ["civilians"],
                "convoy": {"fast-buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
            "stoppages": {"halt": halt("gate", 60, 130)},
            **changes,
        }
    )


@pytest.mark.parametrize("gate", ["gate", "by-way"])
def test_who_stands_goes_before_who_comes_though_he_was_formed_first(gate):
    """The gate opens at 130 as the slow bus comes, there or at another, open gate."""
    log = run(slow_and_fast(routes__out__through=["long-road", gate, "post", "road"]))

    assert times(log, Kind.INSPECTED, "fast-001") == [130]
    assert times(log, Kind.INSPECTED, "evacuation-001") == [160]


def test_of_those_who_come_in_one_second_the_first_formed_goes_first():
    """Nobody stands in line: a slow bus of 0 and a fast one of 60 meet at 130."""
    log = run(slow_and_fast(flows__fast__opens=at(60), stoppages={}))

    assert times(log, Kind.INSPECTED, "evacuation-001") == [130]
    assert times(log, Kind.INSPECTED, "fast-001") == [160]


def test_of_those_who_stand_the_first_to_come_goes_first():
    """Both are held until 200; the fast one came at 70, the slow one at 130."""
    log = run(slow_and_fast(stoppages={"halt": halt("gate", 60, 200)}))

    assert times(log, Kind.INSPECTED, "fast-001") == [200]
    assert times(log, Kind.INSPECTED, "evacuation-001") == [230]


def test_the_line_goes_by_coming_at_whichever_gate():
    """The slow one's gate is closed as well; both open in the same second."""
    halts = {"one": halt("by-way", 60, 200), "two": halt("gate", 60, 200)}
    log = run(
        slow_and_fast(
            routes__out__through=["long-road", "by-way", "post", "road"],
            stoppages=halts,
        )
    )

    assert times(log, Kind.INSPECTED, "fast-001") == [200]
    assert times(log, Kind.INSPECTED, "evacuation-001") == [230]


# A second in which gates open and close


@pytest.mark.parametrize("first", ["shut", "open"])
def test_a_gate_that_opens_and_closes_in_one_second_lets_nobody_pass(first):
    halts = {"open": halt("gate", 60, 100), "shut": halt("gate", 100, 180)}
    log = run(with_gate({first: halts[first], **halts}))

    assert times(log, Kind.CROSSED, "evacuation-001") == [180]


def test_a_stoppage_that_begins_as_it_ends_holds_who_stands_there_and_no_other():
    """From 60 to 61 nobody is there; one of no length at 70 stops nobody either."""
    log = run(with_gate({"halt": halt("gate", 60, 70)}))

    assert not times(log, Kind.HELD)
    assert times(log, Kind.CROSSED)[0] == 70


def test_an_agreement_of_this_second_lets_those_pass_who_come_in_it():
    """It is in force at 70: its convoys were formed before it was proposed, at 60."""
    log = run(
        two_sides(
            terms=terms("lockstep"),
            agreements__deal__proposed=at(60),
            agreements__deal__in_force=at(70),
        )
    )

    assert crossings(log, "north")[0] == crossings(log, "south")[0] == 70
    assert not held(log, "north")


def test_an_agreement_that_is_broken_in_this_second_lets_nobody_pass():
    attack = halt("south-gate", 70, 71, breaches=["deal"])
    log = run(two_sides(terms=terms("lockstep"), stoppages={"attack": attack}))

    assert crossings(log, "north") == crossings(log, "south") == []


def test_a_stoppage_that_ends_in_the_second_of_the_deadline_comes_first():
    """Resumed and lapsed at 100: nothing is left to wait for."""
    talks = halt("south-gate", 60, 100, suspends=["deal"])
    log = run(
        two_sides(
            terms=terms("prior", first="south"),
            agreements__deal__deadline=at(100),
            agreements__deal__after_deadline="lapse",
            flows__south__opens=NEVER,
            stoppages={"talks": talks},
        )
    )

    assert crossings(log, "north")[0] == 100


def test_vehicles_that_join_and_leave_in_one_second_are_gone_before_flows_look():
    """Two join and two leave at 30; the first bus is back at 195."""
    log = run(
        with_gate(
            fleets__buses__joins={START: 1, at(30): 2},
            fleets__buses__leaves={at(30): 2},
            flows__evacuation__at_once=3,
        )
    )

    assert formed(log, "evacuation") == [0, 195]


# Lockstep ties


@pytest.mark.parametrize("first", ["north", "south"])
@pytest.mark.parametrize("rule", ["lockstep", "simultaneous"])
def test_sides_that_come_in_one_second_cross_in_it_whoever_is_named_first(rule, first):
    data = two_sides_data(2, 2, terms(rule, 1, 1))
    log = run(from_data(named_first(data, "flows", first)))

    assert crossings(log, "north") == crossings(log, "south") == [70, 70]


@pytest.mark.parametrize("first", ["north", "south"])
def test_the_side_that_goes_first_may_come_in_the_same_second(first):
    data = two_sides_data(1, 1, terms("prior", 1, 1, first="south"))
    log = run(from_data(named_first(data, "flows", first)))

    assert crossings(log, "north") == crossings(log, "south") == [70, 265]


@pytest.mark.parametrize("last", ["north", "south", "west"])
def test_three_sides_are_released_together_whoever_comes_last(last):
    """Two come at 70, the last at 190."""
    changes = {
        f"routes__{side}__through": [
            "later-road" if side == last else "road",
            f"{side}-gate",
            "road",
        ]
        for side in ("north", "south", "west")
    }
    log = run(three_sides(legs__later_D_road={"time": "180 min"}, **changes))

    assert [crossings(log, s)[0] for s in ("north", "south", "west")] == [190] * 3
