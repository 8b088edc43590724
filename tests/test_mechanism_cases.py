"""Cases in which the mechanism once went wrong; every minute is worked out by hand."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.events import Cause, Event, EventLog, Kind
from sim.metrics.spans import UNCHARGED, spans
from sim.metrics.waiting import charges, total_waiting
from sim.model import Streams, simulate
from sim.model.build import build
from tests.builders import START, operation, times, two_sides
from tests.strategies import wide_operations

ONE_EACH = [{"north": 1, "south": 1}, {"north": 1, "south": 1}]
LOCKSTEP = {"unit": "convoys", "rule": "lockstep", "tranches": ONE_EACH}


def at(minute):
    return f"2020-01-01T{minute // 60:02d}:{minute % 60:02d}"


def halt(gate, since, until, **settings):
    return {
        "cause": "a halt",
        "closes": [gate],
        "starts": at(since),
        "until": at(until),
        **settings,
    }


def run(scenario):
    """Run with every check after every event, and none of the waiting unexplained."""
    log = simulate(scenario, seed=1, audit=True)
    assert not [span for span in spans(log) if span.charge.cause == UNCHARGED]
    return log


def crossings(log, side):
    return times(log, Kind.CROSSED, place=f"{side}-gate")


def states(log, agreement="deal"):
    changes = {
        Kind.IN_FORCE,
        Kind.BREACHED,
        Kind.MOVING,
        Kind.HELD,
        Kind.COMPLETED,
        Kind.LAPSED,
    }
    return [
        (event.time_s / 60, str(event.kind))
        for event in log.events
        if event.place == agreement and event.kind in changes
    ]


def causes(log, place):
    """Return what the time of the people aboard is charged to, from when on."""
    return [
        (event.time_s / 60, event.cause, event.by)
        for event in log.events
        if event.place == place and event.cause and event.convoy
    ]


def waiting(log, site):
    return [
        (event.time_s / 60, event.cause, event.by)
        for event in log.events
        if event.place == site and event.kind is Kind.WAITING
    ]


def ends(log):
    wanted = {Kind.DEADLOCK, Kind.UNFINISHED}
    return [(e.kind, e.flow, e.by) for e in log.events if e.kind in wanted]


# Agreements


def test_an_agreement_that_has_lapsed_binds_nobody_however_many_cross():
    """Let go at 240, the bus is back every 195 min; only two convoys were agreed."""
    log = run(
        two_sides(
            1,
            1,
            {
                **LOCKSTEP,
                "rule": "prior",
                "first": "south",
                "deadline": at(240),
                "after_deadline": "lapse",
            },
            sites__north__groups__civilians__people=150,
            flows__south__opens="2020-01-09T00:00",
        )
    )

    assert crossings(log, "north") == [240, 435, 630]
    assert states(log)[-1] == (240, "lapsed")


def test_an_agreement_that_lapses_before_it_was_in_force_frees_its_sides():
    log = run(
        two_sides(
            1,
            1,
            {**LOCKSTEP, "deadline": at(240), "after_deadline": "lapse"},
            agreements__deal__requires={"release": {"never": True}},
        )
    )

    assert times(log, Kind.FORMED)[:2] == [240, 240]
    assert not times(log, Kind.TRANCHE_OPENED)


def inspected_at_the_gate(**changes):
    """North is inspected at its gate for half an hour, from 70 on."""
    return two_sides(
        2,
        1,
        gates={"south-gate": {}},
        checkpoints={"north-gate": {"lanes": 2, "inspection": "30 min"}},
        **changes,
    )


def test_a_convoy_let_through_before_a_breach_does_not_undo_it():
    """Let in at 70, broken at 80, through at 100; the bus that comes at 80 is held."""
    log = run(
        inspected_at_the_gate(
            terms=LOCKSTEP,
            sites__north__bays=1,
            stoppages={"attack": halt("south-gate", 80, 81, breaches=["deal"])},
        )
    )

    assert crossings(log, "north") == [100]
    assert states(log)[-1] == (80, "breached")


def test_a_convoy_let_through_before_an_amendment_does_not_undo_the_completion():
    """Nobody is left for the new terms of 80: completed, whatever crosses at 100."""
    log = run(
        inspected_at_the_gate(
            agreements={
                "deal": {
                    "parties": {"north": {"flows": ["north"], "gate": "north-gate"}},
                    "unit": "convoys",
                    "tranches": [{"north": 1}],
                    "amendments": {at(80): {"tranches": [{"north": "rest"}]}},
                    "deadline": at(300),
                }
            },
            sites__north__groups__civilians__people=50,
        )
    )

    assert crossings(log, "north") == [100]
    assert states(log)[-1] == (80, "completed")


def test_amended_terms_do_not_meet_the_preconditions():
    """Broken at 30 before it was in force, amended at 60: it still waits for 120."""
    log = run(
        two_sides(
            1,
            1,
            LOCKSTEP,
            agreements__deal__requires={"observers": {"on": at(120)}},
            agreements__deal__amendments={at(60): LOCKSTEP},
            stoppages={"attack": halt("south-gate", 30, 31, breaches=["deal"])},
        )
    )

    assert times(log, Kind.FORMED, "north-001") == [120]


def test_people_wait_for_the_precondition_that_is_still_unmet():
    log = run(
        two_sides(
            1,
            1,
            LOCKSTEP,
            agreements__deal__requires={
                "observers": {"on": at(60)},
                "release": {"on": at(120)},
            },
        )
    )

    assert waiting(log, "north")[1:4] == [
        (0, Cause.AGREEMENT, "deal: observers"),
        (60, Cause.AGREEMENT, "deal: release"),
        (120, Cause.NO_VEHICLE, ""),
    ]


def test_a_tranche_that_opens_during_a_suspension_is_opened_when_it_ends():
    log = run(
        two_sides(
            1,
            1,
            LOCKSTEP,
            agreements__deal__in_force=at(60),
            stoppages={"talks": halt("south-gate", 30, 90, suspends=["deal"])},
        )
    )

    assert times(log, Kind.TRANCHE_OPENED)[:2] == [90, 90]


def test_convoys_at_the_gate_look_again_when_the_unit_changes():
    """Fifty may not pass where forty are agreed; forty buses are another matter."""
    log = run(
        two_sides(
            1,
            1,
            {
                "unit": "convoys",
                "rule": "prior",
                "first": "south",
                "tranches": [{"north": 40, "south": 40}],
            },
            flows__south__opens="2020-01-09T00:00",
            agreements__deal__amendments={
                at(120): {"unit": "people", "tranches": [{"north": 40, "south": 40}]},
                at(180): {"unit": "vehicles", "tranches": [{"north": 40, "south": 40}]},
            },
        )
    )

    assert crossings(log, "north")[0] == 180


def test_a_side_whose_people_left_by_another_flow_does_not_bind_the_other():
    """All fifty of the south board a bus outside the deal at 120."""
    log = run(
        two_sides(
            2,
            1,
            LOCKSTEP,
            sites__south__groups__civilians__people=50,
            flows__south__opens="2020-01-09T00:00",
            fleets__other_D_bus={"kind": "bus", "seats": 50, "joins": {START: 1}},
            routes__other={
                "origin": "south",
                "destination": "refuge",
                "through": ["road"],
            },
            flows__other={
                "route": "other",
                "groups": ["civilians"],
                "convoy": {"other-bus": 1},
                "opens": at(120),
                "boarding": "10 min",
                "unloading": "5 min",
            },
        )
    )

    assert crossings(log, "north") == [70, 120]


def test_people_who_are_driven_back_are_still_to_be_moved():
    """South's only convoy is turned back at 70; it crosses at 370, north after it."""
    log = run(
        two_sides(
            2,
            1,
            LOCKSTEP,
            sites__south__groups__civilians__people=50,
            stoppages={"halt": halt("south-gate", 60, 300, caught="turn_back")},
        )
    )

    assert crossings(log, "north") == [70, 370]
    assert crossings(log, "south") == [370]


def test_a_convoy_keeps_to_both_of_its_agreements_whatever_they_count():
    """Two buses by the one, sixty people by the other: fifty and ten ride."""
    party = {"north": {"flows": ["north"], "gate": "north-gate"}}
    log = run(
        two_sides(
            2,
            1,
            flows__north__convoy={"north-buses": 2},
            agreements={
                "people": {
                    "parties": party,
                    "tranches": [{"north": 60}, {"north": "rest"}],
                },
                "buses": {
                    "parties": party,
                    "unit": "vehicles",
                    "tranches": [{"north": 2}, {"north": "rest"}],
                },
            },
        )
    )

    assert [sum(t.loads) for t in log.trips if t.flow == "north"] == [60, 40]


def detained_on_the_way(unaccounted, terms):
    """North is detained from 70 to 130 before its gate, its first time out."""
    return two_sides(
        1,
        1,
        terms,
        gates__approach={},
        routes__north__through=["road", "approach", "north-gate", "road"],
        stoppages={
            "halt": halt(
                "approach",
                60,
                90,
                caught="detain",
                detained_for="60 min",
                unaccounted=unaccounted,
            )
        },
    )


def test_a_convoy_that_lost_all_its_people_no_longer_counts():
    """Home at 255, the second of north crosses at 325, and nobody else is to come."""
    log = run(detained_on_the_way(50, LOCKSTEP))

    assert times(log, Kind.TRANCHE_COMPLETED)[-1] == 325
    assert states(log)[-1] == (325, "completed")


def test_people_who_were_lost_before_the_gate_do_not_count_as_crossed():
    log = run(
        detained_on_the_way(
            4, {"tranches": [{"north": 50, "south": 50}, {"north": "rest", "south": 0}]}
        )
    )

    crossed = [
        event.people
        for event in log.events
        if event.kind is Kind.CROSSED and event.place == "north-gate"
    ]
    assert crossed == [46, 4, 46]


def test_a_convoy_does_not_take_the_place_of_one_that_it_has_overtaken():
    """Tranches of 60 and 40; the slow bus has 50, the fast ones 10 and 40.

    At 70 the fast ones are at the gate. Were the 40 let through, the 50 of 130 would
    fit into no tranche. The south is at its gate at 190.
    """
    log = run(
        two_sides(
            1,
            1,
            {"tranches": [{"north": 60, "south": 50}, {"north": 40, "south": 50}]},
            "180 min",
            legs__long_D_road={"time": "120 min"},
            fleets__fast_D_buses={"kind": "bus", "seats": 50, "joins": {START: 3}},
            routes__north__through=["long-road", "north-gate", "road"],
            routes__fast={
                "origin": "north",
                "destination": "refuge",
                "through": ["road", "north-gate", "road"],
            },
            flows__fast={
                "route": "fast",
                "groups": ["civilians"],
                "convoy": {"fast-buses": 1},
                "at_once": 3,
                "boarding": "10 min",
                "unloading": "5 min",
            },
            agreements__deal__parties__north__flows=["north", "fast"],
        )
    )

    assert [sum(t.loads) for t in log.trips if t.origin == "north"] == [50, 10, 40]
    assert crossings(log, "north") == [70, 130, 190]


def test_no_convoy_sets_out_for_a_place_that_an_overtaken_one_has():
    """Three buses are agreed; two are slow, one is fast and passes first.

    When the suspension ends at 101, another fast bus would be the fourth.
    """
    log = run(
        two_sides(
            2,
            1,
            {
                "unit": "vehicles",
                "rule": "credit",
                "ahead": 1,
                "tranches": [{"north": 2, "south": 1}, {"north": 1, "south": 1}],
            },
            sites__north__groups__civilians__people=300,
            legs__long_D_road={"time": "120 min"},
            fleets__fast_D_buses={"kind": "bus", "seats": 50, "joins": {START: 2}},
            flows__north__convoy={"north-buses": 2},
            routes__north__through=["long-road", "north-gate", "road"],
            routes__fast={
                "origin": "north",
                "destination": "refuge",
                "through": ["road", "north-gate", "road"],
            },
            flows__fast={
                "route": "fast",
                "groups": ["civilians"],
                "convoy": {"fast-buses": 1},
                "at_once": 2,
                "boarding": "10 min",
                "unloading": "5 min",
            },
            agreements__deal__parties__north__flows=["north", "fast"],
            stoppages={"talks": halt("south-gate", 100, 101, suspends=["deal"])},
        )
    )

    assert times(log, Kind.FORMED, "fast-001") == [0]
    assert times(log, Kind.FORMED, "fast-002") == []
    assert crossings(log, "north") == [70, 130]


# Stoppages


def with_post(stoppages, **changes):
    """One bus of fifty that is inspected for 30 min at minute 70."""
    return operation(
        **{
            "sites__pocket__groups__civilians__people": 50,
            "checkpoints": {"post": {"lanes": 1, "inspection": "30 min"}},
            "routes__out__through": ["road", "post", "road"],
            "stoppages": stoppages,
            **changes,
        }
    )


def test_a_convoy_detained_in_its_inspection_stays_detained_when_the_gate_opens():
    log = run(
        with_post(
            {"search": halt("post", 80, 200, caught="detain", detained_for="5 h")}
        )
    )

    assert causes(log, "post") == [
        (70, Cause.INSPECTION, ""),
        (80, Cause.DETENTION, "search"),
        (380, Cause.INSPECTION, ""),
        (380, Cause.ROAD, ""),
    ]


def test_convoys_in_a_checkpoint_are_turned_back_as_it_closes():
    """One is in the lane, one in the queue; both leave at 80, though it opens at 90."""
    log = run(
        with_post(
            {"halt": halt("post", 80, 90, caught="turn_back")},
            sites__pocket__groups__civilians__people=100,
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
        )
    )

    assert times(log, Kind.TURNED_BACK) == [80, 80]


def test_nobody_queues_behind_a_convoy_that_was_turned_back():
    """Turned back at 80 out of three hours of inspection, at the lane again at 210."""
    log = run(
        with_post(
            {"halt": halt("post", 80, 90, caught="turn_back")},
            checkpoints__post__inspection="180 min",
        )
    )

    assert times(log, Kind.INSPECTED) == [70, 210]
    assert not times(log, Kind.QUEUED)


def test_a_pause_is_charged_to_the_stoppage_that_causes_it_now():
    """The first closes from 80 to 120, the second from 100 to 200; 50 min are left."""
    log = run(
        with_post(
            {"one": halt("post", 80, 120), "two": halt("post", 100, 200)},
            checkpoints__post__inspection="60 min",
        )
    )

    assert causes(log, "post") == [
        (70, Cause.INSPECTION, ""),
        (80, Cause.STOPPAGE, "one"),
        (120, Cause.STOPPAGE, "two"),
        (200, Cause.INSPECTION, ""),
        (250, Cause.ROAD, ""),
    ]


def test_who_has_waited_in_line_goes_before_who_comes_as_the_gate_opens():
    """Closed until 130; one bus has stood there since 70, one comes at 130."""
    log = run(
        with_post(
            {"halt": halt("post", 60, 130)},
            sites__pocket__groups__civilians__people=100,
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
            flows__evacuation__headway="60 min",
        )
    )

    assert times(log, Kind.INSPECTED, "evacuation-001") == [130]
    assert times(log, Kind.INSPECTED, "evacuation-002") == [160]


def with_gate(stoppages, **changes):
    """A bus for a hundred people that passes a gate at minute 70 of each trip."""
    return operation(
        **{
            "gates": {"gate": {}},
            "routes__out__through": ["road", "gate", "road"],
            "stoppages": stoppages,
            **changes,
        }
    )


def test_a_convoy_driven_back_to_the_site_stays_there():
    """It need not drive the way from the refuge, where it has never been."""
    log = run(with_gate({"halt": halt("gate", 60, 100, caught="turn_back")}))

    assert times(log, Kind.RETURNED) == [130]
    assert times(log, Kind.RELIEVED)[0] == 130
    assert times(log, Kind.FORMED)[:2] == [0, 130]


def test_a_convoy_driven_back_goes_home_the_way_it_came_in():
    """In for 30, boarded at 40, turned back at 100, at the site at 160, home at 190."""
    log = run(
        with_gate(
            {"halt": halt("gate", 90, 110, caught="turn_back")},
            legs__lane={"time": "30 min"},
            routes__out__inbound=["lane"],
        )
    )

    assert times(log, Kind.RETURNED) == [160]
    assert times(log, Kind.RELIEVED)[0] == 190


def test_empty_vehicles_on_the_way_back_wait_for_a_gate_that_turns_others_back():
    """Unloaded at 135, at the gate at 135: they cannot be home before it opens."""
    log = run(
        with_gate(
            {"halt": halt("gate", 120, 300, caught="turn_back")},
            routes__out__back=["gate", "road"],
        )
    )

    assert times(log, Kind.RELIEVED)[0] == 360


def test_empty_vehicles_may_be_destroyed_on_the_way_back():
    """Two buses carry a hundred; one is lost at 135, the other fetches the fifty."""
    log = run(
        with_gate(
            {"attack": halt("gate", 120, 180, loses={"buses": 1})},
            sites__pocket__groups__civilians__people=150,
            fleets__buses__joins={START: 2},
            flows__evacuation__convoy={"buses": 2},
            routes__out__back=["gate", "road"],
        )
    )

    assert [e.vehicles for e in log.events if e.kind is Kind.LOST] == [1]
    assert times(log, Kind.FORMED) == [0, 240]
    assert sum(e.people for e in log.events if e.kind is Kind.ARRIVED) == 150


def test_people_of_a_convoy_turned_back_may_be_unaccounted_for():
    log = run(
        with_gate({"halt": halt("gate", 60, 100, caught="turn_back", unaccounted=4)})
    )

    assert [e.people for e in log.events if e.kind is Kind.UNACCOUNTED] == [4]
    assert [e.people for e in log.events if e.kind is Kind.RETURNED] == [46]


def test_a_random_stoppage_may_last_until_an_agreement():
    """It begins at 60 and ends at 180; the next, an hour later, ends as it begins."""
    log = run(
        with_gate(
            {
                "halt": {
                    "cause": "a halt",
                    "closes": ["gate"],
                    "every": "1 h",
                    "until_agreement": "deal",
                }
            },
            agreements={
                "deal": {
                    "parties": {"one": {"flows": ["evacuation"], "gate": "gate"}},
                    "in_force": at(180),
                    "tranches": [{"one": "rest"}],
                }
            },
        )
    )

    assert times(log, Kind.STOPPAGE_BEGAN)[:3] == [60, 240, 300]
    assert times(log, Kind.STOPPAGE_ENDED)[:3] == [180, 240, 300]
    assert times(log, Kind.CROSSED, "evacuation-001") == [250]


# Flows


def two_flows(**changes):
    """Two flows that serve the same people, each with a bus of its own."""
    return operation(
        **{
            "gates": {"approach": {}},
            "fleets__other_D_buses": {"kind": "bus", "seats": 50, "joins": {START: 1}},
            "routes__other": {
                "origin": "pocket",
                "destination": "refuge",
                "through": ["road"],
            },
            "flows__other": {
                "route": "other",
                "groups": ["civilians"],
                "convoy": {"other-buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
            **changes,
        }
    )


def test_another_flow_takes_the_people_whose_bus_was_destroyed():
    """The bus told off to them is lost on its way in at 60; the other goes at 60."""
    log = run(
        two_flows(
            sites__pocket__groups__civilians__people=50,
            routes__out__inbound=["road", "approach"],
            stoppages={"attack": halt("approach", 30, 90, loses={"buses": 1})},
        )
    )

    assert times(log, Kind.FORMED, "other-001") == [60]


def test_another_flow_takes_the_people_whose_bus_was_sent_back():
    log = run(
        two_flows(
            sites__pocket__groups__civilians__people=50,
            routes__out__inbound=["road", "approach"],
            stoppages={"halt": halt("approach", 30, 900, caught="turn_back")},
        )
    )

    assert times(log, Kind.FORMED, "other-001") == [120]


def test_one_bus_of_two_goes_as_soon_as_the_rest_fit_into_it():
    """One of the other buses is away; at 60 fifty people of a hundred leave by bus."""
    log = run(
        two_flows(
            sites__far={"groups": {"civilians": {"people": 50}}},
            legs__long_D_road={"time": "600 min"},
            fleets__buses__joins={at(60): 1},
            fleets__other_D_buses__joins={START: 2},
            routes__far={
                "origin": "far",
                "destination": "refuge",
                "through": ["long-road"],
            },
            flows__other__convoy={"other-buses": 2},
            flows__other__opens=at(30),
            flows__far={
                "route": "far",
                "groups": ["civilians"],
                "convoy": {"other-buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
        )
    )

    assert times(log, Kind.FORMED, "other-001") == [60]


def test_nobody_waits_for_a_vehicle_of_a_flow_that_has_closed():
    """The bus is away from 0 to 135; from 120 on it would not be sent again."""
    log = run(operation(flows__evacuation__closes=at(120)))

    assert waiting(log, "pocket")[1:] == [
        (0, Cause.NO_VEHICLE, ""),
        (120, Cause.NO_SERVICE, ""),
    ]


def test_nobody_waits_for_a_vehicle_when_the_hours_are_over():
    """The bus is away from 0 to 135; from 120 on it would not be sent before 06:00."""
    log = run(operation(flows__evacuation__hours="06:00 to 02:00"))

    assert waiting(log, "pocket")[1:3] == [
        (0, Cause.NO_VEHICLE, ""),
        (120, Cause.OUTSIDE_HOURS, ""),
    ]


def test_people_wait_for_the_convoy_that_comes_for_them():
    """It is held on its way in from 60 on; no bus of the other flow is needed."""
    log = run(
        two_flows(
            sites__pocket__groups__civilians__people=50,
            routes__out__inbound=["road", "approach"],
            stoppages={"halt": halt("approach", 30, 900)},
        )
    )

    assert waiting(log, "pocket")[1:3] == [
        (0, Cause.NO_VEHICLE, ""),
        (60, Cause.STOPPAGE, "halt"),
    ]


def test_vehicles_that_have_gone_for_good_are_not_withdrawn_again():
    """One of two is to be withdrawn, both go for good; of four more one goes at 330."""
    log = run(
        operation(
            fleets__buses__joins={START: 2, at(300): 4},
            fleets__buses__leaves={at(20): 1, at(330): 1},
            flows__evacuation__convoy={"buses": 2},
            flows__evacuation__returns=False,
            sites__pocket__groups__civilians__people=250,
        )
    )

    assert times(log, Kind.FORMED) == [0, 300, 375]


# Who waits for whom


def three_sides(**changes):
    """North and south are at their gates at 70, west at 130."""
    return two_sides(
        1,
        1,
        **{
            "sites__west": {"groups": {"civilians": {"people": 50}}},
            "gates__west_D_gate": {},
            "legs__long_D_road": {"time": "120 min"},
            "fleets__west_D_buses": {"kind": "bus", "seats": 50, "joins": {START: 1}},
            "routes__west": {
                "origin": "west",
                "destination": "refuge",
                "through": ["long-road", "west-gate", "road"],
            },
            "flows__west": {
                "route": "west",
                "groups": ["civilians"],
                "convoy": {"west-buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
            "agreements__deal__parties__west": {
                "flows": ["west"],
                "gate": "west-gate",
            },
            "agreements__deal__rule": "simultaneous",
            "agreements__deal__tranches": [{"north": 1, "south": 1, "west": 1}],
            **changes,
        },
    )


def held(log, flow):
    return [
        (event.time_s / 60, event.by)
        for event in log.events
        if event.kind is Kind.HELD and event.flow == flow
    ]


def test_two_sides_at_their_gates_wait_for_the_third():
    log = run(three_sides())

    assert held(log, "north")[-1] == (70, "deal: waits for west")
    assert held(log, "south") == [(70, "deal: waits for west")]
    assert crossings(log, "north")[0] == crossings(log, "west")[0] == 130


def test_no_deadlock_is_reported_while_the_third_side_is_on_its_way():
    log = run(three_sides(ends=at(100)))

    assert {kind for kind, *_ in ends(log)} == {Kind.UNFINISHED}


def test_the_others_wait_for_the_side_that_goes_first():
    log = run(
        three_sides(
            agreements__deal__rule="prior",
            agreements__deal__first="west",
        )
    )

    assert held(log, "north") == [(70, "deal: waits for west")]


def test_who_waits_for_whom_follows_the_slowest_side():
    """North's second waits for the south until 130 and then for the west."""
    log = run(
        three_sides(
            agreements__deal__rule="lockstep",
            agreements__deal__tranches=[{"north": 1, "south": 1, "west": 1}] * 2,
            fleets__north_D_buses__joins={START: 2},
            legs__slow_D_road={"time": "100 min"},
        )
    )

    assert held(log, "north") == [
        (70, "deal: waits for south"),
        (110, "deal: waits for west"),
    ]


def test_a_convoy_beyond_all_tranches_waits_for_nobody():
    """Three buses were under way when the terms were cut to one convoy."""
    log = run(
        two_sides(
            2,
            1,
            LOCKSTEP,
            agreements__deal__amendments={
                at(60): {"unit": "convoys", "tranches": [{"north": 1, "south": 1}]}
            },
        )
    )

    assert crossings(log, "north") == [70]
    assert ends(log)[0] == (
        Kind.DEADLOCK,
        "north",
        "north: agreement (deal: nothing more is agreed)",
    )


def test_no_deadlock_is_reported_while_convoys_that_will_count_are_under_way():
    """The second of each side waits for the first of the other to arrive at 135."""
    log = run(
        two_sides(2, 2, {**LOCKSTEP, "counted_at": "arrival"}, ends=at(100)),
    )

    assert {kind for kind, *_ in ends(log)} == {Kind.UNFINISHED}


def test_a_deadlock_is_reported_though_stoppages_come_and_go():
    log = run(
        two_sides(
            1,
            1,
            LOCKSTEP,
            agreements__deal__requires={"release": {"never": True}},
            stoppages={
                "shelling": {
                    "cause": "shelling",
                    "closes": ["south-gate"],
                    "every": "7 h",
                    "lasts": "1 min",
                }
            },
        )
    )

    assert {kind for kind, *_ in ends(log)} == {Kind.DEADLOCK}


def test_a_gate_closed_until_an_agreement_that_needs_arrivals_is_a_deadlock():
    log = run(
        with_gate(
            {
                "halt": {
                    "cause": "a halt",
                    "closes": ["gate"],
                    "starts": at(60),
                    "until_agreement": "deal",
                }
            },
            sites__far={"groups": {"civilians": {"people": 10}}},
            routes__far={
                "origin": "far",
                "destination": "refuge",
                "through": ["gate", "road"],
            },
            flows__far={
                "route": "far",
                "groups": ["civilians"],
                "convoy": {"buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
            agreements={
                "deal": {
                    "parties": {"far": {"flows": ["far"], "gate": "gate"}},
                    "requires": {
                        "pocket-is-out": {
                            "arrived": {"evacuation": 50},
                            "note": "the pocket is out",
                        }
                    },
                    "tranches": [{"far": "rest"}],
                }
            },
        )
    )

    assert ends(log) == [
        (
            Kind.DEADLOCK,
            "evacuation",
            "evacuation: stoppage (halt) <- evacuation again",
        ),
        (
            Kind.DEADLOCK,
            "far",
            "far: agreement (deal: the pocket is out) <- "
            "evacuation: stoppage (halt) <- evacuation again",
        ),
    ]


# Whatever happens

SEEDS = st.integers(0, 2**32)
many = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@given(wide_operations(), SEEDS)
@many
def test_everybody_is_somewhere_and_waits_for_one_cause(operation, seed):
    log = simulate(operation, seed=seed, audit=True)

    booked = charges(log)
    assert sum(booked.values()) == total_waiting(log)
    assert UNCHARGED not in {charge.cause for charge in booked}


@given(wide_operations(), SEEDS)
@many
def test_nobody_has_missed_that_he_may_go_on(operation, seed):
    """At the end of every hour all are made to look again: it changes nothing."""
    book = EventLog()
    written = []
    book.write = written.append
    world = build(operation, Streams(seed, 0), book)
    last = operation.ends - 1
    for stop in [*range(3600, last, 3600), last]:
        world.env.run(until=stop)
        _finish_this_second(world.env)
        before = len(written)
        _let_all_look(world)
        news = [Event(*row) for row in written[before:]]
        assert [e for e in news if e.convoy or (e.people and e.cause)] == []


def _let_all_look(world):
    """Let everybody look whether anything has changed."""
    for agreement in world.agreements.values():
        agreement.review()
    for gate in world.gates.values():
        gate.look_again()
    for flow in world.flows.values():
        flow.review()
    _finish_this_second(world.env)


def _finish_this_second(env):
    while env.peek() <= env.now:
        env.step()
