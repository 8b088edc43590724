"""Who has not arrived at the end is told of once, with what most of them wait for."""

import pytest

from sim.events import Kind
from tests.builders import at, halt, operation, terms, two_sides
from tests.logs import ends, run, waiting


def test_hours_that_begin_again_after_the_end_are_hours_all_the_same():
    """The bus is away till 195; from 120 on the next morning comes after the end."""
    log = run(operation(flows__evacuation__hours="00:00 to 02:00", ends=at(300)))

    assert waiting(log, "pocket") == [(0, "no vehicle", ""), (120, "outside hours", "")]
    assert ends(log) == [("unfinished", "evacuation", "outside hours", "")]


def test_so_are_times_of_day():
    log = run(operation(flows__evacuation__dispatch_times=["01:00"], ends=at(300)))

    assert waiting(log, "pocket") == [(0, "outside hours", "")]
    assert ends(log) == [("unfinished", "evacuation", "outside hours", "")]


def test_a_flow_that_closes_before_the_end_is_no_flow_within_its_hours_or_not():
    log = run(
        operation(
            flows__evacuation__hours="00:00 to 02:00",
            flows__evacuation__closes=at(250),
            ends=at(300),
        )
    )

    assert ends(log) == [("unfinished", "evacuation", "no flow", "")]


def test_who_is_left_is_told_once_with_what_most_wait_for():
    """Fifty on the road, a hundred at home at the end, outside hours."""
    log = run(
        operation(
            sites__pocket__groups__civilians__people=150,
            flows__evacuation__hours="00:00 to 00:40",
            ends=at(60),
        )
    )

    assert ends(log) == [("unfinished", "evacuation", "outside hours", "")]
    [left] = [e for e in log.events if e.kind is Kind.UNFINISHED]
    assert left.people == 150


def test_more_aboard_than_at_home_are_told_of_with_what_holds_them():
    """Fifty held before the gate, ten at home without a bus."""
    log = run(
        operation(
            sites__pocket__groups__civilians__people=60,
            gates={"gate": {}},
            routes__out__through=["road", "gate", "road"],
            stoppages={"halt": halt("gate", 60, 199)},
            ends=at(199),
        )
    )

    assert ends(log)[0] == ("unfinished", "evacuation", "stoppage", "halt")


TILL_ONE = {"flows__north__hours": "00:00 to 01:00", "ends": at(1000)}


def test_a_breach_is_told_of_though_the_hours_are_over():
    """The hours are over from 60 on; from 100 on the next would help nobody."""
    talks = halt("south-gate", 100, 101, breaches=["deal"])
    log = run(two_sides(**TILL_ONE, stoppages={"talks": talks}))

    assert waiting(log, "north") == [
        (0, "no vehicle", ""),
        (60, "outside hours", ""),
        (100, "agreement", "deal: breached"),
    ]
    assert ends(log)[0] == ("deadlock", "north", "agreement", "deal: breached")


def test_so_is_a_suspension_until_it_is_over():
    talks = halt("south-gate", 100, 200, suspends=["deal"])
    log = run(two_sides(**TILL_ONE, stoppages={"talks": talks}))

    assert waiting(log, "north")[1:] == [
        (60, "outside hours", ""),
        (100, "agreement", "deal: suspended by 'talks'"),
        (200, "outside hours", ""),
    ]
    assert ends(log)[0] == ("unfinished", "north", "outside hours", "")


def waits_for_the_second_of_south(**changes):
    """South crosses once; north's third bus waits at its gate for the second."""
    return two_sides(
        3,
        1,
        terms("lockstep", 1, 1, 1),
        sites__north__groups__civilians__people=150,
        flows__north__at_once=3,
        ends=at(1000),
        **changes,
    )


@pytest.mark.parametrize(
    ("later", "cause"),
    [
        ({"dispatch_times": ["00:00"]}, "outside hours"),
        ({"hours": "00:00 to 01:00"}, "outside hours"),
        ({"headway": "20 h"}, "headway"),
    ],
)
def test_who_waits_for_a_departure_after_the_end_is_in_no_deadlock(later, cause):
    changes = {f"flows__south__{field}": value for field, value in later.items()}
    log = run(waits_for_the_second_of_south(**changes))

    assert ends(log) == [
        ("unfinished", "north", "agreement", "deal: waits for south"),
        ("behind", "south", cause, ""),
        ("unfinished", "south", cause, ""),
    ]


def test_who_waits_for_a_bus_that_has_gone_for_good_is():
    log = run(waits_for_the_second_of_south(flows__south__returns=False))

    assert ends(log)[:2] == [
        ("deadlock", "north", "agreement", "deal: waits for south"),
        ("behind", "south", "no vehicle", ""),
    ]


def test_sides_at_night_are_not_a_deadlock():
    """South's hours are over; north waits at its gate for it: nobody is to blame."""
    log = run(
        two_sides(
            2,
            2,
            flows__south__hours="02:00 to 03:00",
            flows__south__at_once=1,
            ends=at(1000),
        )
    )

    assert {kind for kind, *_ in ends(log)} <= {"unfinished", "behind"}
