"""Agreements in which something comes between; worked out to the minute."""

from sim.events import Cause, Kind
from tests.builders import (
    START,
    at,
    halt,
    terms,
    times,
    two_sides,
)
from tests.logs import crossings, run, states, waiting

LOCKSTEP = terms("lockstep")


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


def test_a_precondition_of_some_time_counts_from_the_proposal():
    log = run(
        two_sides(
            1,
            1,
            LOCKSTEP,
            agreements__deal__proposed=at(10),
            agreements__deal__requires={"observers": {"after": "20 min"}},
        )
    )

    assert (30, "in_force") in states(log)


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

    assert waiting(log, "north")[:3] == [
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
    """North waits for the south, and at 120, by lockstep, for nobody."""
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
                at(120): {"unit": "people", "tranches": [{"north": 40, "south": 40}]}
            },
        )
    )

    assert crossings(log, "north")[0] == 120


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
