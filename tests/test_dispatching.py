"""When flows send convoys: departures that are missed, and moments that are over."""

import pytest

from tests.builders import START, at, halt, operation
from tests.logs import ends, formed, run, waiting

# Departures


def departing(stoppages=None, buses=8, **changes):
    """Buses for four loads that board at a square."""
    return operation(
        **{
            "gates": {"square": {}},
            "routes__out__through": ["square", "road"],
            "flows__evacuation__boards_at": "square",
            "flows__evacuation__at_once": buses,
            "fleets__buses__joins": {START: buses},
            "sites__pocket__groups__civilians__people": 200,
            "stoppages": stoppages or {},
            **changes,
        }
    )


DATES = [at(0), at(90), at(100), at(300)]
SHUT = {"shut": halt("square", 60, 180)}


@pytest.mark.parametrize(
    ("if_missed", "sent"),
    [
        ({}, [0, 180, 180, 300]),
        ({"flows__evacuation__if_missed": "late"}, [0, 180, 180, 300]),
        ({"flows__evacuation__if_missed": "next"}, [0, 300, 300, 300]),
        ({"flows__evacuation__if_missed": "drop"}, [0, 300]),
    ],
    ids=["dates", "late", "next", "drop"],
)
def test_dates_that_are_missed_go_late_or_as_it_is_said(if_missed, sent):
    """Those of 90 and 100 fall into a closing of the square from 60 to 180."""
    log = run(departing(SHUT, flows__evacuation__dispatch_dates=DATES, **if_missed))

    assert formed(log, "evacuation") == sent


@pytest.mark.parametrize(
    ("if_missed", "sent"),
    [
        ({}, [300, 1530, 1740, 2970]),
        ({"flows__evacuation__if_missed": "late"}, [180, 300, 1530, 1740]),
        ({"flows__evacuation__if_missed": "next"}, [300, 300, 1530, 1740]),
        ({"flows__evacuation__if_missed": "drop"}, [300, 1530, 1740, 2970]),
    ],
    ids=["times", "late", "next", "drop"],
)
def test_times_of_day_that_are_missed_are_dropped_or_as_it_is_said(if_missed, sent):
    times = ["01:30", "05:00"]
    log = run(departing(SHUT, flows__evacuation__dispatch_times=times, **if_missed))

    assert formed(log, "evacuation") == sent


@pytest.mark.parametrize(
    ("if_missed", "sent"),
    [("late", [0, 195, 390]), ("next", [0, 300]), ("drop", [0, 300])],
)
def test_a_departure_is_missed_for_want_of_a_bus(if_missed, sent):
    """The one bus is away from 0 to 195, and, sent again, for as long."""
    log = run(
        departing(
            buses=1,
            legs__road={"time": "90 min"},
            flows__evacuation__dispatch_dates=[at(0), at(100), at(300)],
            flows__evacuation__if_missed=if_missed,
        )
    )

    assert formed(log, "evacuation") == sent


def test_a_missed_departure_waits_for_the_hours():
    """The date of 100 is missed; from 120 on nobody sets out before 06:00."""
    log = run(
        departing(
            {"shut": halt("square", 60, 180)},
            flows__evacuation__hours="06:00 to 02:00",
            flows__evacuation__dispatch_dates=[at(100)],
        )
    )

    assert formed(log, "evacuation") == [360]


def test_a_missed_departure_is_lost_when_the_flow_closes():
    log = run(
        departing(
            SHUT,
            flows__evacuation__dispatch_dates=[at(0), at(90)],
            flows__evacuation__closes=at(150),
        )
    )

    assert formed(log, "evacuation") == [0]
    assert waiting(log, "pocket")[-1] == (150, "no flow", "")


def test_a_departure_can_be_made_in_its_second_though_the_gate_opens_in_it():
    log = run(
        departing(
            {"shut": halt("square", 60, 90)},
            flows__evacuation__dispatch_dates=[at(90)],
            flows__evacuation__if_missed="drop",
        )
    )

    assert formed(log, "evacuation") == [90]


def test_before_a_date_it_has_not_begun_and_before_a_time_it_is_out_of_hours():
    dated = run(departing(flows__evacuation__dispatch_dates=[at(60)], ends=at(80)))
    timed = run(departing(flows__evacuation__dispatch_times=["01:00"], ends=at(80)))

    assert waiting(dated, "pocket") == [(0, "not begun", ""), (60, "no flow", "")]
    assert waiting(timed, "pocket") == [(0, "outside hours", "")]


# What is over is over


ONCE = {
    "flows__evacuation__dispatch_dates": [at(0)],
    "flows__evacuation__hours": "00:00 to 20:00",
    "fleets__buses__joins": {START: 1},
    "sites__pocket__groups__civilians__people": 100,
    "ends": at(5 * 1440),
}


def test_when_the_only_departure_is_used_no_stoppage_is_in_the_way():
    """Fifty are left at 0; that the square is closed from 1170 is nothing to them."""
    log = run(departing({"shut": halt("square", 1170, 1260)}, **ONCE))

    assert waiting(log, "pocket") == [(0, "no flow", "")]
    assert ends(log) == [("unfinished", "evacuation", "no flow", "")]


def under_a_deal(**changes):
    return departing(
        **{
            **ONCE,
            "agreements": {
                "deal": {
                    "parties": {"one": {"flows": ["evacuation"], "gate": "square"}},
                    "tranches": [{"one": "rest"}],
                    "amendments": {at(1920): {"tranches": [{"one": "rest"}]}},
                }
            },
            **changes,
        }
    )


def test_nor_is_an_agreement_that_is_broken_and_in_force_again():
    """Broken at 1170, amended at 1920: no deadlock, whoever looked in between."""
    attack = halt("square", 1170, 1180, breaches=["deal"])
    log = run(under_a_deal(stoppages={"attack": attack}))

    assert waiting(log, "pocket") == [(0, "no flow", "")]
    assert ends(log) == [("unfinished", "evacuation", "no flow", "")]


def test_nor_is_an_agreement_that_stays_broken():
    attack = halt("square", 1170, 1180, breaches=["deal"])
    log = run(
        under_a_deal(stoppages={"attack": attack}, agreements__deal__amendments={})
    )

    assert ends(log) == [("unfinished", "evacuation", "no flow", "")]


@pytest.mark.parametrize(
    "over",
    [
        {"flows__evacuation__closes": at(60)},
        {
            "flows__evacuation__closes": at(60),
            "flows__evacuation__hours": "00:00 to 20:00",
        },
        {"flows__evacuation__dispatch_dates": [at(0)]},
        {
            "flows__evacuation__dispatch_times": ["00:00"],
            "flows__evacuation__closes": at(60),
        },
    ],
    ids=["closed", "closed with hours", "dates", "times"],
)
def test_a_flow_that_is_over_is_over_however_it_was_closed(over):
    """What deters from 300 to 400, and vehicles that join then, change nothing."""
    log = run(
        departing(
            {"attack": halt("square", 300, 400, caught="turn_back")},
            1,
            fleets__buses__joins={START: 1, at(350): 3},
            **over,
        )
    )

    assert waiting(log, "pocket")[-1][1] == "no flow"
    assert waiting(log, "pocket")[-1][0] <= 60
    assert formed(log, "evacuation") == [0]


def test_another_flow_of_the_same_people_is_not_over():
    """The first has closed at 60; the second, which opens at 300, is not begun."""
    log = run(
        operation(
            flows__evacuation__closes=at(60),
            flows__later={
                "route": "out",
                "groups": ["civilians"],
                "convoy": {"buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
                "opens": at(300),
            },
        )
    )

    assert waiting(log, "pocket") == [
        (0, "no vehicle", ""),
        (60, "not begun", ""),
        (300, "no flow", ""),
    ]
