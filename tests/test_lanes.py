"""Lanes of a checkpoint: who leaves them frees them, and what the time counts as."""

from sim.events import Kind
from tests.builders import START, at, halt, operation, with_post
from tests.logs import arrivals, causes, returns, run, times

# Who leaves frees the lane


def turned_back_once(**changes):
    """Of two buses that come to a lane of three hours at 70, one is sent back."""
    attack = halt("post", 80, 90, caught="turn_back", catches=1)
    return with_post(
        {"attack": attack},
        inspection="180 min",
        flows__evacuation__closes=at(60),
        **changes,
    )


def test_a_convoy_that_was_turned_back_does_not_keep_its_lane():
    """The first is inspected from 70; sent back at 80; the second goes in at 90."""
    log = run(turned_back_once())

    assert returns(log) == [(140, 50)]
    assert times(log, Kind.INSPECTED, "evacuation-002") == [90]
    assert arrivals(log) == [(335, 50)]


def test_nor_do_its_vehicles_that_had_still_to_come():
    """Three buses in one convoy, then one: it is first in the lane at 90."""
    log = run(
        turned_back_once(
            fleets__buses={"kind": "bus", "seats": 25, "joins": {START: 4}},
            flows__evacuation__convoy={"buses": 3},
            flows__evacuation__smallest=1,
        )
    )

    assert returns(log) == [(140, 75)]
    assert times(log, Kind.INSPECTED, "evacuation-002") == [90]
    assert arrivals(log) == [(335, 25)]


def test_a_convoy_in_the_queue_that_is_turned_back_lets_the_third_move_up():
    """All three stand there; `catches` 2: the first in the lane, and the second."""
    log = run(
        with_post(
            {"attack": halt("post", 80, 90, caught="turn_back", catches=2)},
            fleets__buses__joins={START: 3},
            sites__pocket__groups__civilians__people=150,
            flows__evacuation__at_once=3,
            flows__evacuation__closes=at(60),
        )
    )

    assert returns(log) == [(140, 50), (140, 50)]
    assert times(log, Kind.INSPECTED, "evacuation-003") == [90]
    assert arrivals(log) == [(90 + 30 + 60 + 5, 50)]


def test_with_two_lanes_the_third_takes_the_one_that_fell_free():
    """At 90 the second goes on (till 110), the third begins in the other lane."""
    log = run(
        with_post(
            {"attack": halt("post", 80, 90, caught="turn_back", catches=1)},
            lanes=2,
            fleets__buses__joins={START: 3},
            sites__pocket__groups__civilians__people=150,
            flows__evacuation__at_once=3,
            flows__evacuation__closes=at(60),
        )
    )

    assert times(log, Kind.CLEARED) == [110, 120]


def two_roads(stoppages, many=10, catches=1, **changes):
    """Many buses of the one come to a lane of 6 min at 0, one of the other at 5."""
    return operation(
        **{
            "sites__pocket__groups__civilians__people": 10 * many,
            "sites__far": {"groups": {"civilians": {"people": 10}}},
            "fleets__buses": {"kind": "bus", "seats": 10, "joins": {START: many}},
            "fleets__far_D_buses": {"kind": "bus", "seats": 10, "joins": {at(5): 1}},
            "checkpoints": {"bridge": {"lanes": 1, "inspection": "6 min"}},
            "routes__out__through": ["bridge", "road"],
            "routes__far": {
                "origin": "far",
                "destination": "refuge",
                "through": ["bridge", "road"],
            },
            "flows__evacuation": {
                "route": "out",
                "groups": ["civilians"],
                "convoy": {"buses": many},
                "boarding": "0 min",
                "unloading": "0 min",
                "closes": at(1),
            },
            "flows__far": {
                "route": "far",
                "groups": ["civilians"],
                "convoy": {"far-buses": 1},
                "boarding": "0 min",
                "unloading": "0 min",
                "returns": False,
            },
            "stoppages": stoppages,
            **changes,
        }
    )


def test_who_is_detained_in_the_lanes_and_pardoned_has_left_them():
    """Caught at 20, pardoned at 50 and gone; at 140 the lane is empty."""
    shots = halt("bridge", 20, 140, caught="detain", detained_for="30 min", catches=1)
    log = run(two_roads({"shots": shots}))

    assert arrivals(log, "evacuation") == [(50 + 60, 100)]
    assert times(log, Kind.INSPECTED, "far-001") == [140]
    assert arrivals(log, "far") == [(146 + 60, 10)]


def test_who_is_detained_finds_the_post_open_and_goes_to_the_end_of_the_queue():
    """Caught at 20 with 3 of 10 through and 4 min of the fourth left; open from 30.

    The other, come at 5, is inspected from 30 to 36. At 50 the first queues anew for
    4 min and six turns of 6.
    """
    shots = halt("bridge", 20, 30, caught="detain", detained_for="30 min", catches=1)
    log = run(two_roads({"shots": shots}))

    assert times(log, Kind.CLEARED, "far-001") == [36]
    assert times(log, Kind.CLEARED, "evacuation-001") == [50 + 4 + 6 * 6]


def test_who_comes_back_from_detention_waits_behind_who_came_meanwhile():
    """Both are detained; the first is let go at 50, the second at 50 in its turn.

    The second is in the lane at 90, when the first, of 40 min more, is through.
    """
    shots = halt("bridge", 20, 30, caught="detain", detained_for="30 min")
    log = run(two_roads({"shots": shots}))

    assert times(log, Kind.CLEARED, "evacuation-001") == [90]
    assert times(log, Kind.CLEARED, "far-001") == [96]
    assert causes(log, "bridge", "far-001") == [
        (5, "checkpoint queue", ""),
        (20, "detention", "shots"),
        (50, "checkpoint queue", ""),
        (90, "inspection", ""),
        (96, "road", ""),
    ]


def test_detention_then_turning_back_frees_the_lane_as_well():
    shots = halt(
        "bridge",
        20,
        30,
        caught="detain",
        detained_for="30 min",
        afterwards="turn_back",
        catches=1,
    )
    log = run(two_roads({"shots": shots}))

    assert times(log, Kind.CLEARED, "far-001") == [36]
    # It has driven for no time: it is back at once.
    assert returns(log, "evacuation") == [(50, 100)]


# Detained in the queue


def test_who_is_detained_in_the_queue_is_charged_with_detention():
    """Both are caught at 80 for five hours; at 380 the first has 20 min left."""
    search = halt("post", 80, 90, caught="detain", detained_for="5 h")
    log = run(with_post({"search": search}))

    assert causes(log, "post", "evacuation-001") == [
        (70, "inspection", ""),
        (80, "detention", "search"),
        (380, "inspection", ""),
        (400, "road", ""),
    ]
    assert causes(log, "post", "evacuation-002") == [
        (70, "checkpoint queue", ""),
        (80, "detention", "search"),
        (380, "checkpoint queue", ""),
        (400, "inspection", ""),
        (430, "road", ""),
    ]


def test_who_is_detained_in_the_queue_and_turned_back_was_never_inspected():
    search = halt(
        "post", 80, 90, caught="detain", detained_for="5 h", afterwards="turn_back"
    )
    log = run(with_post({"search": search}, flows__evacuation__closes=at(60)))

    assert causes(log, "post", "evacuation-002") == [
        (70, "checkpoint queue", ""),
        (80, "detention", "search"),
        (380, "road", "search"),
    ]
    assert returns(log) == [(440, 50), (440, 50)]


def test_who_is_held_in_the_queue_is_charged_with_the_stoppage():
    log = run(with_post({"halt": halt("post", 80, 380)}))

    assert causes(log, "post", "evacuation-002") == [
        (70, "checkpoint queue", ""),
        (80, "stoppage", "halt"),
        (380, "checkpoint queue", ""),
        (400, "inspection", ""),
        (430, "road", ""),
    ]


def test_who_is_detained_twice_in_the_queue_stands_until_the_last_is_over():
    """Caught at 80 for an hour and at 100 for two: until 220."""
    log = run(
        with_post(
            {
                "one": halt("post", 80, 90, caught="detain", detained_for="60 min"),
                "two": halt("post", 100, 110, caught="detain", detained_for="2 h"),
            }
        )
    )

    assert causes(log, "post", "evacuation-002")[1:4] == [
        (80, "detention", "one"),
        (100, "detention", "two"),
        (220, "checkpoint queue", ""),
    ]
    assert times(log, Kind.CLEARED) == [240, 270]


# Empty vehicles at a station


def test_vehicles_destroyed_in_the_queue_let_those_behind_them_move_up():
    """Three of a convoy are inspected on the way in from 60 for 30 min each.

    At 70 the first is destroyed: the second begins in its lane when the post opens.
    """
    log = run(
        operation(
            checkpoints={"post": {"lanes": 1, "inspection": "30 min"}},
            routes__out__inbound=["road", "post"],
            sites__pocket__groups__civilians__people=150,
            fleets__buses__joins={START: 3},
            flows__evacuation__convoy={"buses": 3},
            stoppages={"attack": halt("post", 70, 80, loses={"buses": 1})},
        )
    )

    assert times(log, Kind.CLEARED, "evacuation-001") == [80 + 60]


def test_a_convoy_destroyed_in_the_lane_leaves_it_to_the_next():
    """On the way back both come at 135; the first goes in, and is lost at 140."""
    log = run(
        operation(
            checkpoints={"post": {"lanes": 1, "inspection": "30 min"}},
            routes__out__back=["road", "post"],
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
            stoppages={"attack": halt("post", 140, 150, loses={"buses": 1})},
        )
    )

    assert times(log, Kind.CLEARED) == [180]
    assert [e.vehicles for e in log.events if e.kind is Kind.LOST] == [1]
