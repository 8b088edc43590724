"""Stoppages for some flows or convoys, or that begin with one; minutes by hand.

Buses of fifty set out at 0, 20 and 40 and come to the gate at 70, 90 and 110.
"""

import pytest

from sim.events import Kind, ReasonKind
from tests.builders import (
    START,
    at,
    halt,
    terms,
    times,
    two_sides,
    with_gate,
    with_post,
)
from tests.logs import causes, formed, run
from tests.reference.compare import differences

THREE = {
    "sites__pocket__groups__civilians__people": 150,
    "fleets__buses__joins": {START: 3},
    "flows__evacuation__at_once": 3,
    "flows__evacuation__headway": "20 min",
    "flows__evacuation__closes": at(60),
}


def two(**settings):
    """Return what there is besides: a second flow, named after, with a bus each."""
    return {
        "fleets__buses__joins": {START: 2},
        "flows__evacuation__at_once": 1,
        "flows__other": {
            "route": "out",
            "groups": ["civilians"],
            "convoy": {"buses": 1},
            "boarding": "10 min",
            "unloading": "5 min",
            "closes": at(300),
            **settings,
        },
    }


def crossed(log, convoy=None):
    return times(log, Kind.CROSSED, convoy, "gate")


# Some convoys: `meets`


def test_only_the_second_convoy_is_held():
    log = run(
        with_gate(
            {"halt": halt("gate", 60, 200, meets={"first": 2, "last": 2})}, **THREE
        )
    )

    assert crossed(log) == [70, 110, 200]


def test_from_the_second_convoy_on_all_are_held():
    log = run(with_gate({"halt": halt("gate", 60, 200, meets={"first": 2})}, **THREE))

    assert crossed(log) == [70, 200, 200]


def test_who_stands_there_is_counted_in_the_order_of_coming():
    """One holds two buses from 70 and 90 to 100; another begins at 95 and meets
    the second of them."""
    log = run(
        with_gate(
            {
                "one": halt("gate", 60, 100),
                "two": halt("gate", 95, 300, meets={"first": 2, "last": 2}),
            },
            **THREE,
        )
    )

    assert [crossed(log, f"evacuation-00{n}") for n in (1, 2, 3)] == [
        [100],
        [300],
        [110],
    ]
    assert causes(log, "gate", "evacuation-002")[:2] == [
        (90, "stoppage", "one"),
        (100, "stoppage", "two"),
    ]


def test_who_stands_at_another_gate_of_it_is_counted_too():
    """At the yard from 10 on, before who comes to the gate at 70: the first."""
    log = run(
        with_gate(
            {
                "yard-shut": halt("yard", 5, 75),
                "two": halt(["gate", "yard"], 60, 300, meets={"first": 2, "last": 2}),
            },
            **{
                **THREE,
                "gates": {"gate": {}, "yard": {}},
                "fleets__buses__joins": {START: 2},
                "routes__out__through": ["yard", "road", "gate", "road"],
                "flows__evacuation__headway": "50 min",
                "sites__pocket__groups__civilians__people": 100,
            },
        )
    )

    assert times(log, Kind.CROSSED, "evacuation-001", "yard") == [75]
    assert times(log, Kind.CROSSED, "evacuation-002", "yard") == [300]


def test_who_came_first_is_counted_first_whichever_gate_is_named_first():
    """At the gate since 70, held by one to 75 and by the other from 75 on; who has
    been in the lane of the post since 72 is the second, and is through at 102."""
    log = run(
        with_post(
            {
                "one": halt("gate", 60, 75),
                "two": halt(["post", "gate"], 75, 300, meets={"last": 1}),
            },
            **two(route="by-post"),
            gates={"gate": {}},
            legs__lane={"time": "62 min"},
            routes__out__through=["road", "gate", "road"],
            routes__by_D_post={
                "origin": "pocket",
                "destination": "refuge",
                "through": ["lane", "post", "road"],
            },
        )
    )

    assert times(log, Kind.CROSSED, "evacuation-001") == [300]
    assert times(log, Kind.CROSSED, "other-001") == [102]


def test_who_is_in_a_lane_and_not_concerned_is_not_asked_again():
    """Let through by its agreement at 70, which is suspended at 75."""
    log = run(
        with_post(
            {
                "order": halt("yard", 75, 300, suspends=["deal"]),
                "halt": halt("post", 80, 90, flows=["other"]),
            },
            **two(),
            gates={"yard": {}},
            agreements__deal={
                "parties": {"pocket": {"flows": ["evacuation"], "gate": "post"}},
                "tranches": [{"pocket": "rest"}],
            },
        )
    )

    assert times(log, Kind.CLEARED, "evacuation-001") == [100]


def test_each_occurrence_counts_anew():
    """From 60 to 80 and, twenty minutes later, from 100 on: the first of each."""
    random = {
        "cause": "a halt",
        "closes": ["gate"],
        "every": "20 min",
        "since": at(40),
        "lasts": "20 min",
        "meets": {"last": 1},
    }
    log = run(with_gate({"halt": random}, **THREE))

    assert crossed(log) == [80, 90, 120]


def test_empty_vehicles_pass_a_stoppage_that_meets_the_first():
    log = run(
        with_gate(
            {"halt": halt("gate", 100, 300, meets={"first": 1})},
            routes__out__inbound=["gate"],
            routes__out__back=["gate", "road"],
        )
    )

    assert times(log, Kind.RELIEVED)[0] == 195
    assert formed(log, "evacuation") == [0, 195]


def test_what_meets_some_deters_nobody_unless_it_says_so():
    caught = {"caught": "turn_back", "meets": {"first": 3}}
    free = run(with_gate({"halt": halt("gate", 0, 200, **caught)}, **THREE))
    deterred = run(
        with_gate({"halt": halt("gate", 0, 50, **caught, deters=True)}, **THREE)
    )

    assert formed(free, "evacuation") == [0, 20, 40]
    assert formed(deterred, "evacuation") == [50]


def test_lanes_go_on_for_those_whom_it_does_not_concern():
    """Inspected from 70 to 100 and on to 130; the second, in line, waits to 200."""
    log = run(with_post({"halt": halt("post", 80, 200, meets={"first": 2})}))

    assert times(log, Kind.CLEARED) == [100, 230]
    assert causes(log, "post", "evacuation-002") == [
        (70, "checkpoint queue", ""),
        (80, "stoppage", "halt"),
        (200, "inspection", ""),
        (230, "road", ""),
    ]


def test_who_is_paused_in_the_lane_keeps_it():
    """The first is, from 80 to 200, with 20 minutes left."""
    log = run(with_post({"halt": halt("post", 80, 200, meets={"last": 1})}))

    assert times(log, Kind.CLEARED) == [220, 250]


# Some flows


def test_a_flow_that_it_does_not_concern_passes():
    log = run(with_gate({"halt": halt("gate", 60, 200, flows=["other"])}, **two()))

    assert crossed(log, "evacuation-001") == [70]
    assert crossed(log, "other-001") == [200]


def test_the_gate_is_closed_in_the_log_only_if_it_is_to_all():
    some = run(with_gate({"halt": halt("gate", 60, 200, flows=["other"])}, **two()))
    both = run(
        with_gate(
            {
                "some": halt("gate", 60, 200, flows=["other"]),
                "all": halt("gate", 80, 100),
            },
            **two(),
        )
    )

    assert times(some, Kind.CLOSED) == times(some, Kind.OPENED) == []
    assert (times(both, Kind.CLOSED), times(both, Kind.OPENED)) == ([80], [100])


def test_of_two_stoppages_at_one_gate_one_may_concern_another_flow():
    for settings in ({}, {"until": at(200)}):
        log = run(
            with_gate(
                {
                    "mine": halt("gate", 60, 100),
                    "theirs": {**halt("gate", 60, 200, flows=["other"]), **settings},
                },
                **two(),
            )
        )

        assert crossed(log, "evacuation-001") == [100]
        assert crossed(log, "other-001") == [200]
        assert causes(log, "gate", "other-001")[:2] == [
            (70, "stoppage", "mine"),
            (100, "stoppage", "theirs"),
        ]


def test_who_stands_goes_on_when_the_one_ends_that_concerns_them():
    """In the second in which another flow's begins."""
    log = run(
        with_gate(
            {
                "mine": halt("gate", 60, 100, flows=["evacuation"]),
                "theirs": halt("gate", 100, 200, flows=["other"]),
            },
            **two(),
        )
    )

    assert crossed(log, "evacuation-001") == [100]
    assert crossed(log, "other-001") == [70]


def test_boarding_pauses_for_the_flow_that_it_concerns():
    """Both board from 0 to 10 at the gate; the other stops from 5 to 65."""
    log = run(
        with_gate(
            {"halt": halt("gate", 5, 65, flows=["other"])},
            **two(boards_at="gate"),
            flows__evacuation__boards_at="gate",
            routes__out__through=["road"],
        )
    )

    assert times(log, Kind.BOARDED, "evacuation-001") == [10]
    assert times(log, Kind.BOARDED, "other-001") == [70]


def test_a_flow_sets_out_that_it_does_not_deter():
    log = run(
        with_gate(
            {"halt": halt("gate", 0, 200, caught="turn_back", flows=["other"])}, **two()
        )
    )

    assert formed(log, "evacuation")[0] == 0
    assert formed(log, "other") == []  # all are away by 200


def test_who_did_not_board_at_a_gate_closed_to_another_flow_is_formed():
    log = run(
        with_gate(
            {"halt": halt("gate", 0, 100, flows=["other"])},
            **two(boards_at="gate"),
            flows__evacuation__boards_at="gate",
            routes__out__through=["road"],
        )
    )

    assert formed(log, "evacuation")[0] == 0
    assert formed(log, "other") == [100]


# Begun by a convoy


def begins_with(convoy, **settings):
    if "until" not in settings:
        settings = {"lasts": "100 min", **settings}
    return {
        "cause": "a halt",
        "closes": ["gate"],
        "starts_with": {"flow": "evacuation", "convoy": convoy, "at": "gate"},
        **settings,
    }


def test_the_second_convoy_is_held_for_a_while():
    """It comes at 90 and stands until 190; with `meets`, it alone does."""
    everybody = run(with_gate({"halt": begins_with(2)}, **THREE))
    itself = run(with_gate({"halt": begins_with(2, meets={"last": 1})}, **THREE))

    assert crossed(everybody) == [70, 190, 190]
    assert crossed(itself) == [70, 110, 190]


def test_the_log_says_with_whose_coming_it_began():
    log = run(with_gate({"halt": begins_with(2)}, **THREE))
    [began] = [e for e in log.events if e.kind is Kind.STOPPAGE_BEGAN]

    assert began.time_s == 90 * 60
    assert began.reason.kind is ReasonKind.CONVOY_CAME
    assert (began.reason.place, began.reason.note) == ("gate", "evacuation-002")


def test_who_stands_in_line_is_met_before_who_begins_it():
    """The first is held from 70 on; both are turned back at 90, catches take one."""
    log = run(
        with_gate(
            {
                "one": halt("gate", 60, 100),
                "two": begins_with(2, caught="turn_back", catches=1, deters=False),
            },
            **THREE,
        )
    )

    assert times(log, Kind.TURNED_BACK, "evacuation-001") == [90]
    assert times(log, Kind.TURNED_BACK, "evacuation-002") == []


@pytest.mark.parametrize("first", ["search", "attack"])
def test_it_acts_after_one_that_begins_by_date_in_that_second(first):
    """The search of 70 detains five for good; the attack, begun then, turns back."""
    search = {"caught": "detain", "detained_for": "30 min", "unaccounted": 5}
    stoppages = {
        "search": halt("gate", 70, 300, **search),
        "attack": begins_with(1, caught="turn_back", deters=False),
    }
    operation = with_gate(
        {first: stoppages[first], **stoppages}, flows__evacuation__closes=at(30)
    )

    log = run(operation)

    assert times(log, Kind.UNACCOUNTED) == times(log, Kind.TURNED_BACK) == [70]
    assert differences(operation, 0) == []


def test_who_has_come_in_that_second_and_is_still_to_look_stands_there():
    """Two leave the gate at 100; the second begins the search of both at the bridge."""
    search = {"caught": "detain", "detained_for": "30 min", "meets": {}}
    starts_with = {"flow": "evacuation", "convoy": 2, "at": "bridge"}
    stoppages = {
        "halt": halt("gate", 60, 100),
        "search": begins_with(2, closes=["bridge"], starts_with=starts_with, **search),
    }
    operation = with_gate(
        stoppages,
        **THREE,
        gates={"gate": {}, "bridge": {}},
        routes__out__through=["road", "gate", "bridge", "road"],
    )

    assert times(run(operation), Kind.CROSSED, place="bridge") == [130, 130, 140]
    assert differences(operation, 0) == []


def test_it_may_close_a_gate_elsewhere():
    """It begins at 70, as the first comes to the gate; the bridge is reached at 130."""
    log = run(
        with_gate(
            {"halt": begins_with(1, closes=["bridge"])},
            **THREE,
            gates={"gate": {}, "bridge": {}},
            routes__out__through=["road", "gate", "road", "bridge"],
        )
    )

    assert crossed(log) == [70, 90, 110]
    assert times(log, Kind.CROSSED, place="bridge") == [170, 170, 170]


def test_one_that_ends_before_it_begins_meets_nobody():
    log = run(with_gate({"halt": begins_with(2, until=at(90))}, **THREE))

    assert crossed(log) == [70, 90, 110]
    assert times(log, Kind.STOPPAGE_BEGAN) == times(log, Kind.STOPPAGE_ENDED) == [90]


def test_whose_turn_ends_as_it_begins_is_not_counted():
    """Turns from 70, 100 and 130: at 100 the second stands there and is the first."""
    log = run(
        with_post(
            {"halt": halt("post", 100, 300, meets={"first": 2, "last": 2})}, **THREE
        )
    )

    assert times(log, Kind.CROSSED, place="post") == [100, 130, 330]


# Who moves up because others are met


def with_south_late(*, buses, **changes):
    """North-001, -002, ... are at the gate at 70, 90, ..., the south at 610."""
    return two_sides(
        buses,
        1,
        terms("lockstep", 1, 1, 1),
        south_road="600 min",
        sites__north__groups__civilians__people=50 * buses,
        flows__north__at_once=buses,
        flows__north__headway="20 min",
        **changes,
    )


def test_nobody_moves_up_before_all_that_begin_in_a_second_have():
    """Two halts at 100, each of one convoy: whoever formed first goes first at 300."""
    log = run(
        with_south_late(
            buses=2,
            agreements__deal__proposed=at(50),
            agreements__deal__in_force=at(200),
            stoppages={
                "one": halt("north-gate", 100, 300, meets={"last": 1}),
                "two": halt("north-gate", 100, 300, meets={"first": 2}),
            },
        )
    )

    assert times(log, Kind.CROSSED, "north-001", "north-gate") == [300]
    assert times(log, Kind.CROSSED, "north-002", "north-gate") == [610]


def test_nobody_moves_up_because_of_a_stoppage_that_is_over_as_it_begins():
    stops = halt("north-gate", 120, 120, meets={"last": 1}, until_agreement="deal")
    del stops["until"]
    log = run(with_south_late(buses=3, stoppages={"halt": stops}))

    assert times(log, Kind.CROSSED, "north-001", "north-gate") == [70]
    assert times(log, Kind.CROSSED, "north-002", "north-gate") == [610]
