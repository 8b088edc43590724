"""What stoppages do to whom, beside parts, phases, rooms, hours and moments; by hand.

A bus comes to the gate at 70. On its own route it would arrive at 135; the track takes
half an hour to the camp, where who is diverted at 70 has arrived at 105.
"""

import pytest

from sim.errors import ScenarioError
from sim.events import Cause, Kind
from sim.metrics.convoys import crossings
from sim.metrics.registry import summary
from sim.scenario.written import data_of, scenario_hash
from tests.builders import START, at, halt, operation, times, two_sides, with_gate
from tests.logs import arrivals, formed, run

DAY = 1440


def camp(through, origin="pocket", **settings):
    """Return what there is besides: a way past the gate that leads to a camp."""
    return {
        "sites__camp": settings,
        "legs__track": {"time": "30 min"},
        "routes__around": {
            "origin": origin,
            "destination": "camp",
            "through": [*through, "track"],
            "back": ["track"],
        },
    }


def diverting(gate="gate", since=60, until=100, **settings):
    return {"halt": halt(gate, since, until, caught="divert", to="around", **settings)}


def buses(number, people=50, headway="0 min"):
    """Return that so many buses set out one after the other, all full."""
    return {
        "sites__pocket__groups__civilians__people": people * number,
        "fleets__buses__joins": {START: number},
        "flows__evacuation__at_once": number,
        "flows__evacuation__headway": headway,
    }


def diverted(number=1, stoppages=None, headway="0 min", **changes):
    return with_gate(
        stoppages or diverting(),
        **{**camp(["road", "gate"]), **buses(number, headway=headway), **changes},
    )


# Convoys in parts


def column(way, around, stoppages, **changes):
    """Four buses of fifty of which a hundred people a day may cross; nobody else."""
    return run(
        two_sides(
            north_buses=4,
            terms={
                "parts": True,
                "unit": "people",
                "tranches": [{"north": "rest"}],
                "at_most": {"north": "100 people a day"},
            },
            agreements__deal__parties__south=None,
            flows__south__opens="2020-01-10T00:00",
            sites__north__groups__civilians__people=200,
            flows__north__convoy={"north-buses": 4},
            gates__fork={},
            routes__north__through=way,
            stoppages=stoppages,
            **camp(around, "north"),
            **changes,
        )
    )


def test_parts_count_with_the_convoy_of_which_they_are():
    """The first convoy with people that comes is diverted: both of its parts."""
    log = column(
        ["road", "north-gate", "fork", "road"],
        ["fork"],
        diverting("fork", until=2 * DAY, meets={"first": 1, "last": 1}),
    )

    assert arrivals(log, "north") == [(105, 100), (DAY + 35, 100)]


def test_with_a_convoy_a_stoppage_begins_once_for_all_its_parts():
    """It begins with the second convoy, and all parts are of the first."""
    begins = {"flow": "north", "convoy": 2, "at": "fork"}
    stoppage = {"cause": "a halt", "closes": ["fork"], "lasts": "1 h"}
    log = column(
        ["road", "north-gate", "fork", "road"],
        ["fork"],
        {"halt": {**stoppage, "starts_with": begins}},
    )

    assert times(log, Kind.STOPPAGE_BEGAN) == []
    assert arrivals(log, "north") == [(135, 100), (DAY + 65, 100)]


def test_parts_of_a_convoy_that_was_diverted_go_its_way():
    """At the fork at 70; a hundred cross at once, the others at midnight."""
    log = column(
        ["road", "fork", "north-gate", "road"],
        ["fork", "north-gate"],
        diverting("fork"),
    )

    assert arrivals(log, "north") == [(105, 100), (DAY + 35, 100)]
    trips = [trip for trip in log.trips if trip.flow == "north"]
    assert {trip.destination for trip in trips} == {"camp"}
    assert {trip.diverted_at for trip in trips} == {"fork"}
    assert times(log, Kind.RELIEVED)[:2] == [135, DAY + 65]


def test_a_part_is_on_the_route_onto_which_its_convoy_was_diverted():
    """Another stoppage would divert it to that route at 70: it is held until 200."""
    log = column(
        ["road", "fork", "north-gate", "road"],
        ["fork", "north-gate", "yard"],
        {**diverting("fork"), "late": diverting("yard", until=200)["halt"]},
        gates__yard={},
    )

    assert arrivals(log, "north") == [(235, 100), (DAY + 35, 100)]


def test_who_rides_in_a_part_is_known_where_it_crosses():
    log = column(["road", "north-gate", "road"], ["north-gate"], {})

    assert crossings(log)["north-gate"] == {
        "north-001.1": (70 * 60, {("north", "civilians"): 100}),
        "north-001": (DAY * 60, {("north", "civilians"): 100}),
    }


# Phases


def test_a_convoy_is_on_the_route_on_which_it_set_out():
    """From 20 on the flow itself goes to the camp: who set out before is diverted at
    70; who comes at 90 is on that route already, is held until 300 and arrives at
    335."""
    log = run(
        diverted(
            2,
            diverting(until=300),
            headway="20 min",
            flows__evacuation__phases={at(20): {"route": "around"}},
        )
    )

    assert arrivals(log) == [(105, 50), (335, 50)]


def test_whether_vehicles_come_back_is_as_they_set_out():
    log = run(diverted(flows__evacuation__phases={at(20): {"returns": False}}))

    assert times(log, Kind.RELIEVED) == [135]


# Room at a destination


def test_who_finds_no_room_where_it_is_diverted_is_held():
    """Forty have room there, and fifty come: they go on at 100."""
    log = run(diverted(**camp(["road", "gate"], holds=40)))

    assert arrivals(log) == [(165, 50)]


def test_who_was_diverted_takes_up_room_there():
    """Two come at 70 and fifty have room: the second is held, and not caught."""
    log = run(diverted(2, **camp(["road", "gate"], holds=50)))

    assert arrivals(log) == [(105, 50), (165, 50)]


def test_who_was_diverted_leaves_room_where_it_was_to_go():
    """The refuge has room for fifty: as those go to the camp, others set out."""
    log = run(diverted(2, sites__refuge__holds=50))

    assert formed(log, "evacuation") == [0, 70]
    assert arrivals(log) == [(105, 50), (205, 50)]


def test_a_place_that_is_reached_by_a_detour_only_receives_people():
    log = run(diverted())

    assert log.destinations == ("refuge", "camp")
    assert summary(log)["received/camp"] == 50
    assert summary(log)["received/refuge"] == 0


# Hours, releases and moments


def with_another(stoppages, **changes):
    """Return that each of two flows has a bus for fifty people that sets out at 0."""
    other = {
        "route": "out",
        "groups": ["civilians"],
        "convoy": {"buses": 1},
        "boarding": "10 min",
        "unloading": "5 min",
    }
    return with_gate(stoppages, **{**buses(2), "flows__other": other, **changes})


def crossed(log):
    return [
        (e.time_s / 60, e.flow)
        for e in log.events
        if e.kind is Kind.CROSSED and e.place == "gate"
    ]


ONE_EACH = {"flows__evacuation__at_once": 1}


@pytest.mark.parametrize(
    ("since", "concerned", "crosses"),
    [(60, "other", 80), (75, "other", 80), (75, "evacuation", 200)],
)
def test_releases_go_on_for_those_whom_a_stoppage_does_not_concern(
    since, concerned, crosses
):
    """Two buses come at 70, of which one goes every ten minutes; it ends at 200."""
    log = run(
        with_another(
            {"halt": halt("gate", since, 200, flows=[concerned])},
            gates__gate={"releases": {"vehicles": 1, "every": "10 min"}},
            sites__pocket__groups__civilians__people=100,
            flows__evacuation__convoy={"buses": 2},
            flows__other__opens=at(300),
        )
    )

    assert crossed(log) == [(crosses, "evacuation")]


def test_hours_close_a_gate_to_those_whom_a_stoppage_does_not_concern():
    """Open from 120 on; the halt lasts until 200."""
    log = run(
        with_another(
            {"halt": halt("gate", 60, 200, flows=["other"])},
            gates__gate={"hours": "02:00 to 23:00"},
            **ONE_EACH,
        )
    )
    held = [(e.time_s / 60, e.flow, e.cause) for e in log.events if e.kind is Kind.HELD]

    assert crossed(log) == [(120, "evacuation"), (200, "other")]
    assert (70, "evacuation", Cause.OUTSIDE_HOURS) in held
    assert (120, "other", Cause.STOPPAGE) in held


BEGUN = {
    "cause": "a halt",
    "closes": ["gate"],
    "starts_with": {"flow": "evacuation", "convoy": 1, "at": "gate"},
}


def test_what_hangs_on_a_stoppage_comes_when_a_convoy_has_begun_it():
    """It begins at 70 and ends at 100; the other flow opens at 100."""
    log = run(
        with_another(
            {"halt": {**BEGUN, "until": "30 min after halt begins"}},
            flows__other__opens="when halt ends",
            **ONE_EACH,
        )
    )

    assert crossed(log) == [(100, "evacuation"), (170, "other")]


def test_a_flow_cannot_wait_for_what_begins_with_its_own_convoy():
    with pytest.raises(ScenarioError) as error:
        with_gate(
            {"halt": {**BEGUN, "lasts": "1 h"}},
            flows__evacuation__opens="when halt begins",
        )

    assert "this waits on itself" in str(error.value)


# What is counted and written


def test_no_total_has_lives_of_those_who_are_nobody_evacuated():
    """Ten of each ride in the bus; the detainees board first."""
    struck = halt("gate", 60, 100, lives_lost=15)
    detainees = {"people": 10, "priority": 1, "evacuees": False}
    log = run(
        with_gate(
            {"halt": struck},
            sites__pocket__groups={
                "detainees": detainees,
                "civilians": {"people": 10, "priority": 2},
            },
            flows__evacuation__groups=["detainees", "civilians"],
        )
    )

    assert [e.people for e in log.events if e.kind is Kind.LIVES_LOST] == [10, 5]
    assert summary(log)["lives_lost/pocket"] == 5


def test_what_says_nothing_is_not_written():
    plain = {"halt": halt("gate", 60, 100)}
    said = {"halt": halt("gate", 60, 100, lives_lost=0, loses_loaded={})}

    assert "lives_lost" not in str(data_of(with_gate(plain)))
    assert scenario_hash(with_gate(said)) == scenario_hash(with_gate(plain))


def test_all_ride_on_when_those_on_foot_are_back():
    """Two buses of one convoy, both destroyed at 70 with sixty aboard who find no
    seat: back at 130. The flow is not over before they have been moved by the third,
    which joins at 90 and sets out at 130."""
    log = run(
        operation(
            gates={"gate": {}},
            routes__out__through=["road", "gate", "road"],
            sites__pocket__groups__civilians__people=50,
            fleets__buses__joins={START: 1, at(90): 1},
            flows__evacuation__at_once=2,
            moments={"done": "when evacuation is over"},
            stoppages={"halt": halt("gate", 60, 100, loses_loaded={"buses": 1})},
        )
    )
    came = [e.time_s / 60 for e in log.events if e.kind is Kind.CAME]

    assert arrivals(log) == [(265, 50)]
    assert came == [265]
