"""Whom a stoppage takes, how many, and whether others set out towards it."""

import pytest

from sim.events import Kind
from tests.builders import START, at, halt, operation, two_sides, with_gate
from tests.logs import arrivals, crossings, formed, returns, run, times, waiting
from tests.logs import unaccounted as lost


def not_found(log):
    return [
        (e.time_s / 60, e.people, e.vehicles)
        for e in log.events
        if e.kind is Kind.NOT_FOUND
    ]


def ten_buses(bomb, **changes):
    """Ten convoys of sixty that come to the gate together at 70."""
    return with_gate(
        {"bomb": halt("gate", 60, 390, **bomb)},
        **{
            "sites__pocket__groups__civilians__people": 600,
            "fleets__buses": {"kind": "bus", "seats": 60, "joins": {START: 10}},
            "flows__evacuation__at_once": 10,
            "flows__evacuation__closes": at(30),
            **changes,
        },
    )


# People unaccounted for


def test_more_than_one_convoy_has_are_taken_from_the_next():
    """Of 126 sixty of the first, sixty of the second, six of the third."""
    log = run(ten_buses({"unaccounted": 126}))

    assert lost(log) == [(70, 60), (70, 60), (70, 6)]
    assert sorted(arrivals(log)) == [(455, 54), *[(455, 60)] * 7]
    assert not not_found(log)


@pytest.mark.parametrize("caught", ["turn_back", "detain"])
def test_no_more_are_taken_than_are_caught(caught):
    """One of ten is caught: sixty of 126; that 66 were not found is said at 390."""
    bomb = {"unaccounted": 126, "caught": caught, "catches": 1}
    if caught == "detain":
        bomb["detained_for"] = "30 min"
    log = run(ten_buses(bomb))

    assert lost(log) == [(70, 60)]
    assert not_found(log) == [(390, 66, 0)]
    assert len(arrivals(log)) == 9


def test_those_who_come_later_are_met_as_well():
    """A bus every ten minutes: 60, 60 and 6 of those who come at 70, 80 and 90."""
    log = run(
        ten_buses(
            {"unaccounted": 126},
            flows__evacuation__headway="10 min",
            flows__evacuation__closes=at(55),
        )
    )

    assert lost(log) == [(70, 60), (80, 60), (90, 6)]


def test_nobody_comes_and_nobody_is_found():
    log = run(ten_buses({"unaccounted": 126}, flows__evacuation__opens=at(29)))
    none = run(
        with_gate({"bomb": halt("gate", 10, 20, unaccounted=5)}),
    )

    assert sum(people for _, people in lost(log)) == 126
    assert not_found(none) == [(20, 5, 0)]


def test_people_are_taken_from_the_first_vehicle_on_and_by_priority():
    """Two buses, sick and others in the first: the sick, of priority 1, first."""
    log = run(
        with_gate(
            {"bomb": halt("gate", 60, 100, caught="turn_back", unaccounted=55)},
            sites__pocket__groups={
                "civilians": {"people": 80},
                "sick": {"people": 20, "priority": 1},
            },
            flows__evacuation__groups=["civilians", "sick"],
            flows__evacuation__convoy={"buses": 2},
            fleets__buses__joins={START: 2},
        )
    )

    taken = {e.group: e.people for e in log.events if e.kind is Kind.UNACCOUNTED}
    assert taken == {"sick": 20, "civilians": 35}
    assert sum(people for _, people in returns(log)) == 45


def test_a_convoy_that_has_lost_everybody_goes_on_empty():
    """Its bus is held until 100, at the refuge at 160 and home at 225."""
    log = run(with_gate({"bomb": halt("gate", 60, 100, unaccounted=50)}))

    assert lost(log) == [(70, 50)]
    assert formed(log, "evacuation") == [0, 225]


def test_nobody_is_taken_out_of_empty_vehicles():
    """The bus comes to the gate at 70 and, empty, at 135, when it is closed."""
    log = run(
        with_gate(
            {"bomb": halt("gate", 120, 350, unaccounted=4)},
            routes__out__back=["gate", "road"],
        )
    )

    assert lost(log) == []
    assert not_found(log) == [(350, 4, 0)]


# Vehicles destroyed


def on_the_way_in(attack, buses=4, **changes):
    """Convoys of two buses that come empty to the approach at 60."""
    return operation(
        **{
            "gates": {"approach": {}},
            "routes__out__inbound": ["road", "approach"],
            "sites__pocket__groups__civilians__people": 200,
            "fleets__buses__joins": {START: buses},
            "flows__evacuation__convoy": {"buses": 2},
            "flows__evacuation__at_once": 2,
            "stoppages": {"attack": halt("approach", 30, 90, **attack)},
            **changes,
        }
    )


def destroyed(log):
    return [
        (e.time_s / 60, e.convoy, e.vehicles) for e in log.events if e.kind is Kind.LOST
    ]


def test_more_vehicles_than_one_convoy_has_are_taken_from_the_next():
    log = run(on_the_way_in({"loses": {"buses": 3}}))

    assert destroyed(log) == [
        (60, "evacuation-001", 2),
        (60, "evacuation-002", 1),
    ]
    assert arrivals(log)[0] == (90 + 75, 50)


def test_vehicles_that_were_not_found_are_said():
    log = run(on_the_way_in({"loses": {"buses": 3}}, buses=2))

    assert destroyed(log) == [(60, "evacuation-001", 2)]
    assert not_found(log) == [(90, 0, 1)]


def test_vehicles_are_destroyed_before_the_rest_is_sent_back():
    """One of two is lost at 60, the other drives back for an hour and boards at 180."""
    log = run(on_the_way_in({"loses": {"buses": 1}, "caught": "turn_back"}, buses=2))

    assert destroyed(log) == [(60, "evacuation-001", 1)]
    assert formed(log, "evacuation")[:2] == [0, 120]


def test_vehicles_with_people_are_not_destroyed():
    log = run(with_gate({"attack": halt("gate", 60, 100, loses={"buses": 1})}))

    assert destroyed(log) == []
    assert not_found(log) == [(100, 0, 1)]


def test_people_told_off_to_a_bus_that_is_lost_ride_in_the_next():
    """Two buses of two are lost at 60; at 60 the other two set out for them."""
    log = run(on_the_way_in({"loses": {"buses": 2}}, flows__evacuation__at_once=1))

    assert formed(log, "evacuation")[:2] == [0, 60]


# Who is deterred


SEARCH = {"caught": "detain", "detained_for": "30 min"}


def day_of_search(**settings):
    """A bus for 150 people and a search of its gate from 60 to 1500."""
    return with_gate(
        {"search": halt("gate", 60, 1500, **{**SEARCH, **settings})},
        sites__pocket__groups__civilians__people=150,
    )


def test_a_search_that_lets_go_deters_nobody():
    """Each trip is detained for half an hour: 225 min there and back."""
    log = run(day_of_search())

    assert arrivals(log) == [(165, 50), (390, 50), (615, 50)]


def test_a_search_that_is_said_to_deter_deters():
    """The bus is home at 225; it sets out when the search is over."""
    log = run(day_of_search(deters=True))

    assert formed(log, "evacuation") == [0, 1500, 1695]
    assert (60, "stoppage", "search") in waiting(log, "pocket")


def test_a_search_that_turns_back_deters_unless_it_is_said_not_to():
    """Home at 160, it would set out; if not deterred it is sent back again at 330."""
    deterred = run(day_of_search(afterwards="turn_back"))
    undeterred = run(day_of_search(afterwards="turn_back", deters=False))

    assert formed(deterred, "evacuation")[:2] == [0, 1500]
    assert formed(undeterred, "evacuation")[:3] == [0, 160, 320]


def test_a_halt_deters_only_if_it_is_said_to():
    log = run(with_gate({"halt": halt("gate", 60, 300, deters=True)}))
    plain = run(with_gate({"halt": halt("gate", 60, 300)}))

    # The bus is held at 70 in both; a second could set out at any time.
    assert formed(log, "evacuation") == formed(plain, "evacuation") == [0, 425]
    more = {
        "fleets__buses__joins": {START: 1, at(100): 1},
        "flows__evacuation__at_once": 2,
    }
    log = run(with_gate({"halt": halt("gate", 60, 300, deters=True)}, **more))
    plain = run(with_gate({"halt": halt("gate", 60, 300)}, **more))
    assert formed(log, "evacuation")[:2] == [0, 300]
    assert formed(plain, "evacuation")[:2] == [0, 100]


@pytest.mark.parametrize("first", ["halt", "attack"])
@pytest.mark.parametrize(("halted", "attacked"), [(60, 61), (61, 60), (60, 60)])
def test_what_deters_behind_another_stoppage_deters(halted, attacked, first):
    stoppages = {
        "halt": halt("gate", halted, 100),
        "attack": halt("gate", attacked, 300, caught="turn_back"),
    }
    log = run(with_gate({first: stoppages[first], **stoppages}))

    assert formed(log, "evacuation")[:2] == [0, 300]


@pytest.mark.parametrize("stages", ["inbound", "back"])
def test_only_gates_on_the_way_in_and_out_deter(stages):
    """A gate on the way home is no reason not to set out."""
    changes = {f"routes__out__{stages}": ["gate", "road"]}
    log = run(
        with_gate(
            {"attack": halt("gate", 0, 300, caught="turn_back")},
            routes__out__through=["road"],
            ends=at(400),
            **changes,
        )
    )

    assert formed(log, "evacuation")[0] == (300 if stages == "inbound" else 0)


def test_a_convoy_under_way_goes_on_towards_what_deters():
    """The attack begins at 20, while the bus is on the road: it is sent back at 70."""
    log = run(with_gate({"attack": halt("gate", 20, 200, caught="turn_back")}))

    assert times(log, Kind.TURNED_BACK) == [70]
    assert formed(log, "evacuation")[:2] == [0, 200]


def test_what_deters_one_side_holds_the_other_at_its_gate():
    """South has not set out when north comes at 70; its second waits until 370."""
    log = run(
        two_sides(
            2,
            1,
            stoppages={"attack": halt("south-gate", 0, 300, caught="turn_back")},
        )
    )

    assert crossings(log, "north") == [70, 370]
    assert crossings(log, "south")[0] == 370
