"""The second, naive program against minutes worked out by hand from the rules."""

import pytest

from sim.events import Cause, Kind
from sim.scenario import from_data
from tests.builders import START, changed, operation, shuttle, two_sides
from tests.reference import simulate

ONE_EACH = [{"north": 1, "south": 1}]


def at(minute):
    return f"2020-01-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}"


def halt(gate, since, until, **more):
    return {
        "cause": "a halt",
        "closes": [gate],
        "starts": at(since),
        "until": at(until),
        **more,
    }


def gated(buses=1, **changes):
    """Return the shuttle with a gate after an hour, and an hour behind it."""
    data = shuttle(
        gates={"gate": {}},
        routes__out__through=["road", "gate", "road"],
        routes__out__back=["road"],
        fleets__buses__joins={START: buses},
        flows__evacuation__at_once=buses,
    )
    return from_data(changed(data, **changes))


def posted(inspection, buses=2, **changes):
    """Return the shuttle with a checkpoint of one lane after an hour."""
    data = shuttle(
        checkpoints={"post": {"lanes": 1, "inspection": inspection}},
        routes__out__through=["road", "post", "road"],
        fleets__buses__joins={START: buses},
        flows__evacuation__at_once=buses,
    )
    return from_data(changed(data, **changes))


def arrivals(outcome):
    return [(row[0] / 60, row[1]) for row in outcome.arrivals]


def crossings(outcome, gate):
    return [(row[0] / 60, row[1]) for row in outcome.crossings if row[2] == gate]


def minutes_of(outcome, cause):
    """Return person-minutes."""
    spent = outcome.person_seconds.items()
    return sum(seconds for (_, _, why), seconds in spent if why == cause) / 60


def test_the_shuttle_goes_twice():
    outcome = simulate(operation())
    assert arrivals(outcome) == [(75, "evacuation-001"), (210, "evacuation-002")]
    assert minutes_of(outcome, Cause.NO_VEHICLE) == 50 * 135
    assert minutes_of(outcome, Cause.BOARDING) == 100 * 10
    assert minutes_of(outcome, Cause.ROAD) == 100 * 60
    assert minutes_of(outcome, Cause.UNLOADING) == 100 * 5


def test_weather_slows_the_part_of_the_drive_that_falls_into_it():
    snow = {"starts": at(40), "until": at(100), "speed_factor": "0.5"}
    outcome = simulate(operation(weather={"snow": snow}))
    # 30 of 60 minutes are driven by 40, and the other 30 at half speed by 100.
    assert arrivals(outcome)[0] == (105, "evacuation-001")


def test_a_halt_holds_and_its_time_is_a_stoppage():
    outcome = simulate(gated(stoppages={"halt": halt("gate", 60, 600)}))
    assert crossings(outcome, "gate")[0] == (600, "evacuation-001")
    # Who waits at the site waits for the bus that is held.
    assert minutes_of(outcome, Cause.STOPPAGE) == 100 * 530


@pytest.mark.parametrize(("first", "second"), [(60, 61), (61, 60)])
def test_an_attack_meets_who_stands_there_whichever_stoppage_came_first(first, second):
    attack = {"caught": "turn_back", "unaccounted": 4}
    stops = {
        "halt": halt("gate", first, 600),
        "attack": halt("gate", second, 180, **attack),
    }
    outcome = simulate(gated(stoppages=stops))
    assert outcome.unaccounted == [(70 * 60, "evacuation-001", "civilians", 4)]
    assert outcome.returned == [(130 * 60, "evacuation-001", "civilians", 46)]


def test_who_was_turned_back_leaves_the_lane_to_those_behind():
    stops = {"attack": halt("post", 80, 90, caught="turn_back", catches=1)}
    outcome = simulate(
        posted("180 min", stoppages=stops, flows__evacuation__closes=at(60))
    )
    # The second bus begins at 90; the first never comes again: its flow has closed.
    assert crossings(outcome, "post") == [(270, "evacuation-002")]
    assert minutes_of(outcome, Cause.NO_SERVICE) == 50 * (10 * 1440 - 140)


def test_who_was_detained_joins_the_queue_with_what_was_left():
    stops = {"search": halt("post", 80, 90, caught="detain", detained_for="5 h")}
    outcome = simulate(posted("30 min", stoppages=stops))
    assert crossings(outcome, "post") == [
        (400, "evacuation-001"),
        (430, "evacuation-002"),
    ]
    assert minutes_of(outcome, Cause.DETENTION) == 100 * 300


def test_a_turn_that_ends_in_the_second_of_the_closing_has_ended():
    stops = {"halt": halt("post", 100, 200)}
    outcome = simulate(posted("30 min", stoppages=stops))
    assert crossings(outcome, "post") == [
        (100, "evacuation-001"),
        (230, "evacuation-002"),
    ]


def test_a_pardon_holds_at_all_gates_of_an_occurrence_and_not_in_the_next():
    search = {
        "cause": "searches",
        "closes": ["post"],
        "every": "100 min",
        "lasts": "60 min",
        "caught": "detain",
        "detained_for": "30 min",
    }
    through = ["road", "road", "post", "road", "road", "post", "road"]
    outcome = simulate(
        posted(
            "1 min",
            buses=1,
            stoppages={"search": search},
            routes__out__through=through,
            sites__pocket__groups__civilians__people=50,
        )
    )
    # Searches at 100-160 and 260-320. Detained 130-160 and inspected; detained 281-311.
    assert [minute for minute, _ in crossings(outcome, "post")] == [161, 311]


def test_a_site_has_its_bays_whatever_gate_flows_board_at():
    outcome = simulate(
        gated(
            buses=4,
            sites__pocket__bays=1,
            fleets__buses__seats=25,
            flows__evacuation__boards_at="gate",
        )
    )
    minutes = [minute for minute, _ in arrivals(outcome)]
    assert minutes == [135, 145, 155, 165]
    assert minutes_of(outcome, Cause.BAY) == 25 * (10 + 20 + 30)


def test_a_closing_pauses_the_boarding():
    halts = {"halt": halt("gate", 5, 45)}
    outcome = simulate(gated(flows__evacuation__boards_at="gate", stoppages=halts))
    assert arrivals(outcome)[0] == (175, "evacuation-001")
    assert minutes_of(outcome, Cause.BOARDING) == 50 * (10 + 10)
    assert minutes_of(outcome, Cause.STOPPAGE) == (50 + 50) * 40


def test_lockstep_opens_the_next_tranche_to_who_waits():
    terms = {"unit": "convoys", "rule": "lockstep", "tranches": ONE_EACH * 2}
    outcome = simulate(two_sides(2, 1, terms, south_road="180 min"))
    assert crossings(outcome, "north-gate") == [(70, "north-001"), (190, "north-002")]
    assert [minute for minute, _ in crossings(outcome, "south-gate")] == [190, 505]
    completed = [row for row in outcome.changes if row[2] == Kind.COMPLETED]
    assert completed == [(505 * 60, "deal", Kind.COMPLETED)]


@pytest.mark.parametrize("since", [60, 80])
def test_a_simultaneous_tranche_needs_every_side_able_to_go(since):
    terms = {"unit": "convoys", "rule": "simultaneous", "tranches": ONE_EACH}
    stops = {"halt": halt("north-gate", since, 600)}
    outcome = simulate(two_sides(1, 1, terms, south_road="180 min", stoppages=stops))
    assert crossings(outcome, "north-gate") == [(600, "north-001")]
    assert crossings(outcome, "south-gate") == [(600, "south-001")]


def test_a_loaded_convoy_counts_for_new_tranches_in_turn():
    terms = {
        "tranches": [{"north": 50, "south": 50}] * 2,
        "amendments": {
            at(30): {
                "tranches": [{"north": 40, "south": 40}, {"north": 60, "south": 60}]
            }
        },
    }
    outcome = simulate(two_sides(1, 1, terms))
    assert [minute for minute, _ in crossings(outcome, "north-gate")] == [70, 265]


def test_a_lead_is_carried_over_an_amendment_of_the_same_unit():
    terms = {"unit": "convoys", "rule": "credit", "ahead": 1, "tranches": ONE_EACH * 6}
    amended = terms | {"amendments": {at(100): dict(terms)}}
    outcome = simulate(
        two_sides(
            2,
            1,
            amended,
            south_road="60 min",
            flows__south__opens=at(1000),
            sites__north__groups__civilians__people=300,
        )
    )
    minutes = [minute for minute, _ in crossings(outcome, "north-gate")]
    assert minutes[:3] == [70, 70, 1070]


def test_people_who_return_open_a_completed_agreement_again():
    outcome = simulate(
        two_sides(
            1,
            1,
            {"tranches": [{"north": "rest", "south": "rest"}]},
            sites__north__groups__civilians__people=50,
            sites__south__groups__civilians__people=50,
            gates__beyond={},
            routes__north__through=["road", "north-gate", "road", "beyond", "road"],
            stoppages={"halt": halt("beyond", 120, 600, caught="turn_back")},
        )
    )
    kinds = [(time_s / 60, kind) for time_s, _, kind in outcome.changes[2:]]
    assert kinds == [
        (70, Kind.COMPLETED),
        (130, Kind.REOPENED),
        (670, Kind.COMPLETED),
    ]
    counted = [row[3] for row in outcome.counted if row[2].startswith("north")]
    assert counted == [50, -50, 50]


def test_patience_ends_when_the_agreement_does_not_let_a_convoy_pass():
    terms = {"unit": "convoys", "rule": "lockstep", "tranches": ONE_EACH * 2}
    patient = {"flows": ["north"], "gate": "north-gate", "gives_up_after": "1 h"}
    outcome = simulate(
        two_sides(
            2, 1, terms, south_road="180 min", agreements__deal__parties__north=patient
        )
    )
    assert outcome.returned[0] == (190 * 60, "north-002", "civilians", 50)


def test_who_gave_up_as_it_set_out_goes_again_when_its_tranche_opens():
    terms = {"unit": "convoys", "rule": "prior", "first": "south"}
    outcome = simulate(
        two_sides(
            1,
            1,
            terms | {"tranches": ONE_EACH * 2},
            routes__north__through=["north-gate", "road"],
            flows__north__boarding="0 min",
            agreements__deal__parties__north__gives_up_after="0 min",
        )
    )
    names = [name for _, name in crossings(outcome, "north-gate")]
    assert names == ["north-002", "north-004"]
    assert len(outcome.returned) == 2


def test_a_stoppage_that_turns_back_at_once_deters_the_next():
    outcome = simulate(
        gated(
            routes__out__through=["gate", "road"],
            flows__evacuation__boarding="0 min",
            stoppages={"halt": halt("gate", 0, 90, caught="turn_back", deters=False)},
        )
    )
    assert len(outcome.returned) == 1
    assert crossings(outcome, "gate")[0] == (90, "evacuation-002")


@pytest.mark.parametrize(
    ("if_missed", "minutes"),
    [("late", [165, 375, 495]), ("next", [375, 375, 495]), ("drop", [375, 495])],
)
def test_a_missed_departure_goes_as_the_flow_says(if_missed, minutes):
    outcome = simulate(
        gated(
            buses=3,
            sites__pocket__groups__civilians__people=1000,
            flows__evacuation__boards_at="gate",
            flows__evacuation__at_once=3,
            flows__evacuation__returns=False,
            flows__evacuation__dispatch_dates=[at(0), at(240), at(360)],
            flows__evacuation__if_missed=if_missed,
            stoppages={"halt": halt("gate", 0, 30)},
        )
    )
    assert [minute for minute, _ in arrivals(outcome)] == minutes


def test_reserved_vehicles_stay_for_the_flow_that_may_still_send():
    second = {
        "route": "out",
        "groups": ["civilians"],
        "convoy": {"buses": 1},
        "boarding": "10 min",
        "unloading": "5 min",
        "opens": at(300),
        "closes": at(400),
    }
    outcome = simulate(
        gated(buses=1, flows__later=second, fleets__buses__reserve={"later": 1})
    )
    assert arrivals(outcome)[0] == (435, "later-001")
