"""Bays: one pool at a site, whoever boards or unloads there and at whatever gate."""

import pytest

from sim.events import Kind
from tests.builders import START, at, halt, operation, with_post
from tests.logs import arrivals, causes, run, times

ROAD = {"origin": "pocket", "destination": "refuge"}


def ways_out(*gates, stoppages=None, bays=2, **changes):
    """Flows of one town, each of four buses of ten that board for half an hour.

    Each boards at a gate of its, or at none.
    """
    flows = {
        f"by-{gate or 'road'}": {
            "route": f"by-{gate or 'road'}",
            "groups": [f"for-{gate or 'road'}"],
            "convoy": {"buses": 4},
            "boarding": "30 min",
            "unloading": "0 min",
            "returns": False,
            **({"boards_at": gate} if gate else {}),
        }
        for gate in gates
    }
    named = [gate for gate in gates if gate]
    return operation(
        **{
            "sites__pocket": {
                "groups": {f"for-{gate or 'road'}": {"people": 40} for gate in gates},
                "bays": bays,
            },
            "gates": {gate: {} for gate in named},
            "fleets__buses": {
                "kind": "bus",
                "seats": 10,
                "joins": {START: 4 * len(gates)},
            },
            "routes": {
                f"by-{gate or 'road'}": {
                    **ROAD,
                    "through": [*([gate] if gate else []), "road"],
                }
                for gate in gates
            },
            "flows": flows,
            "stoppages": stoppages or {},
            **changes,
        }
    )


def boarded(log):
    return {
        event.flow: event.time_s / 60
        for event in log.events
        if event.kind is Kind.BOARDED
    }


# Bays are one pool, whatever gate people board at


@pytest.mark.parametrize(
    "gates",
    [("north", "south", ""), ("", "north", "south"), ("north", "", "south")],
)
def test_bays_are_shared_by_all_who_board_whatever_gate_they_board_at(gates):
    """Twelve vehicles of 30 min at two bays take three hours, in order of naming."""
    log = run(ways_out(*gates))

    assert sorted(boarded(log).values()) == [60, 120, 180]
    assert list(boarded(log)) == [f"by-{gate or 'road'}" for gate in gates]
    assert [time for time, _ in arrivals(log)] == [120, 180, 240]


def test_who_cannot_board_yet_takes_no_bay():
    """North is closed until 30: its convoy is formed then, behind the others."""
    shut = halt("north", 0, 30)
    log = run(ways_out("north", "south", "", stoppages={"shut": shut}))

    assert boarded(log) == {"by-south": 60, "by-road": 120, "by-north": 180}


def test_vehicles_at_a_bay_stay_there_while_their_gate_is_closed():
    """Two are half full at 15; from 100 they go on, and the others after them."""
    shut = halt("north", 15, 100)
    log = run(ways_out("north", "south", "", stoppages={"shut": shut}))

    assert boarded(log) == {"by-north": 145, "by-south": 205, "by-road": 265}


def test_a_turn_that_ends_as_the_gate_closes_has_ended_and_none_begins():
    """The first two of the north are full at 30; the others use the bays meanwhile.

    South has them from 30 to 90, the road's first two to 120; then the north, open
    since 100 and first to come, takes them before the road's last two.
    """
    shut = halt("north", 30, 100)
    log = run(ways_out("north", "south", "", stoppages={"shut": shut}))

    assert boarded(log) == {"by-south": 90, "by-north": 150, "by-road": 180}


def test_one_bay_of_two_may_be_kept_by_a_pause():
    """The third bus of the north boards from 30 and pauses from 40 to 100.

    The south has the other bay from 30 for three turns, to 120, when the north is full.
    """
    shut = halt("north", 40, 100)
    log = run(
        ways_out(
            "north",
            "south",
            stoppages={"shut": shut},
            flows__by_D_north__convoy={"buses": 3},
            sites__pocket__groups__for_D_north__people=30,
        )
    )

    assert boarded(log) == {"by-north": 120, "by-south": 150}


def unloads_at(arrives, **changes):
    """A bus from afar unloads for five minutes at the one bay of the pocket."""
    return operation(
        **{
            "sites__pocket__bays": 1,
            "sites__far": {"groups": {"civilians": {"people": 50}}},
            "legs__lane": {"time": f"{arrives - 10} min"},
            "routes__in": {
                "origin": "far",
                "destination": "pocket",
                "through": ["lane"],
            },
            "fleets__far_D_buses": {"kind": "bus", "seats": 50, "joins": {START: 1}},
            "flows__in": {
                "route": "in",
                "groups": ["civilians"],
                "convoy": {"far-buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
            "fleets__buses__joins": {START: 2},
            "flows__evacuation__convoy": {"buses": 2},
            "flows__evacuation__boarding": "30 min",
            **changes,
        }
    )


def test_a_vehicle_that_was_lost_has_no_bay():
    """Of the two buses of the second convoy one is destroyed on the way in, at 5.

    The other comes at 6. The bay is taken from 0 to 10 and, with a pause from 8 to 12
    after which two minutes of the first turn and all of the second are left, to 24.
    """
    log = run(
        operation(
            gates={"approach": {}, "gate": {}},
            sites__pocket__bays=1,
            fleets__buses__joins={START: 4},
            routes__out__inbound=["approach"],
            flows__evacuation__convoy={"buses": 2},
            flows__evacuation__at_once=2,
            flows__evacuation__headway="5 min",
            flows__evacuation__boards_at="gate",
            sites__pocket__groups__civilians__people=200,
            stoppages={
                "attack": halt("approach", 1, 6, loses={"buses": 1}),
                "halt": halt("gate", 8, 12),
            },
        )
    )

    assert causes(log, convoy="evacuation-002")[:5] == [
        (6, "loading bay", ""),
        (8, "stoppage", "halt"),
        (12, "loading bay", ""),
        (24, "boarding", ""),
        (34, "road", ""),
    ]


def test_who_unloads_waits_for_those_who_board():
    """Two board from 0 to 60; the bus that comes at 25 has the bay then."""
    log = run(unloads_at(25))

    assert causes(log, "pocket", "in-001") == [
        (25, "loading bay", ""),
        (60, "unloading", ""),
    ]
    assert arrivals(log, "in") == [(65, 50)]


def test_who_boards_waits_for_those_who_unload():
    """The bus comes at 20 and unloads to 25; those who come at 24 board from 25."""
    log = run(unloads_at(20, flows__evacuation__opens=at(24)))

    assert causes(log, "pocket", "evacuation-001") == [
        (24, "loading bay", ""),
        (25, "boarding", ""),
        (85, "road", ""),
    ]


# Bays of the refuge


def at_the_refuge(**changes):
    """Two buses come to the one bay of the refuge at 70 and unload for an hour."""
    return operation(
        **{
            "sites__refuge__bays": 1,
            "fleets__buses__joins": {START: 2},
            "flows__evacuation__at_once": 2,
            "flows__evacuation__unloading": "60 min",
            **changes,
        }
    )


def test_waiting_for_a_bay_at_the_refuge_is_no_unloading():
    log = run(at_the_refuge())

    assert causes(log, "refuge", "evacuation-002") == [
        (70, "loading bay", ""),
        (130, "unloading", ""),
    ]
    assert times(log, Kind.QUEUED, place="refuge") == [70]
    assert times(log, Kind.UNLOADING, place="refuge")[-1] == 130
    assert arrivals(log) == [(130, 50), (190, 50)]


def test_a_convoy_unloads_from_its_first_vehicle_on():
    """Both in one convoy: nobody of it waits for a bay once the first has it."""
    log = run(
        at_the_refuge(
            flows__evacuation__convoy={"buses": 2}, flows__evacuation__at_once=1
        )
    )

    assert causes(log, "refuge", "evacuation-001") == [(70, "unloading", "")]
    assert arrivals(log) == [(190, 100)]


def test_the_third_convoy_waits_for_the_first_bay_of_two():
    """Two buses, then one: bays from 70 to 130; the third unloads from 130."""
    log = run(
        at_the_refuge(
            sites__refuge__bays=2,
            fleets__buses__joins={START: 3},
            flows__evacuation__at_once=3,
            sites__pocket__groups__civilians__people=150,
        )
    )

    assert [time for time, _ in arrivals(log)] == [130, 130, 190]
    assert causes(log, "refuge", "evacuation-003") == [
        (70, "loading bay", ""),
        (130, "unloading", ""),
    ]


def test_with_a_bay_for_each_nobody_waits():
    log = run(at_the_refuge(sites__refuge__bays=2))

    assert [time for time, _ in arrivals(log)] == [130, 130]
    assert not times(log, Kind.QUEUED, place="refuge")


# A turn that begins after the last event


def test_a_turn_that_begins_after_the_last_event_is_told_of():
    """Three buses at two bays: the second convoy boards from 30; all ends at 50."""
    log = run(
        operation(
            ends=at(50),
            sites__pocket__bays=2,
            sites__pocket__groups__civilians__people=40,
            fleets__buses={"kind": "bus", "seats": 10, "joins": {START: 4}},
            flows__evacuation__convoy={"buses": 3},
            flows__evacuation__smallest=1,
            flows__evacuation__at_once=2,
            flows__evacuation__boarding="30 min",
        )
    )

    assert causes(log, convoy="evacuation-002") == [
        (0, "loading bay", ""),
        (30, "boarding", ""),
    ]


@pytest.mark.parametrize(
    ("ends", "then"), [(99, []), (100, []), (101, [(100, "inspection", "")])]
)
def test_so_is_an_inspection_that_begins_before_the_end(ends, then):
    """The second bus queues from 70 to 100; what happens at the end does not."""
    log = run(with_post(ends=at(ends)))

    assert causes(log, "post", "evacuation-002") == [
        (70, "checkpoint queue", ""),
        *then,
    ]


def test_so_is_an_unloading():
    log = run(at_the_refuge(ends=at(150)))

    assert causes(log, "refuge", "evacuation-002")[-1] == (130, "unloading", "")


def test_so_is_an_inspection_that_a_halt_has_put_off():
    """Closed from 80 to 95, the lane is free at 115; all ends at 120."""
    log = run(with_post({"halt": halt("post", 80, 95)}, ends=at(120)))

    assert causes(log, "post", "evacuation-002") == [
        (70, "checkpoint queue", ""),
        (80, "stoppage", "halt"),
        (95, "checkpoint queue", ""),
        (115, "inspection", ""),
    ]
