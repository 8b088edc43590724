"""Who waits for whom, while it goes on and at the end."""

from sim.events import Cause, Kind
from tests.builders import (
    START,
    at,
    terms,
    three_sides,
    two_sides,
    with_gate,
)
from tests.logs import crossings, ends, held, run

LOCKSTEP = terms("lockstep")


def test_two_sides_at_their_gates_wait_for_the_third():
    log = run(three_sides())

    assert held(log, "north")[-1] == (70, "deal: waits for west")
    assert held(log, "south") == [(70, "deal: waits for west")]
    assert crossings(log, "north")[0] == crossings(log, "west")[0] == 130


def test_no_deadlock_is_reported_while_the_third_side_is_on_its_way():
    log = run(three_sides(ends=at(100)))

    assert {kind for kind, *_ in ends(log)} == {Kind.UNFINISHED, Kind.BEHIND}


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
        Cause.AGREEMENT,
        "deal: nothing more is agreed",
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
        (Kind.DEADLOCK, "evacuation", Cause.STOPPAGE, "halt"),
        (Kind.DEADLOCK, "far", Cause.AGREEMENT, "deal: the pocket is out"),
        (Kind.BEHIND, "evacuation", Cause.STOPPAGE, "halt"),
    ]


def test_who_waits_for_whom_is_known_when_the_other_has_passed():
    """South's bus fills forty of the first tranche and ten of the rest.

    At 100 north's second looks before the south's, come at 75, passes: it waits for
    what the south brings next.
    """
    log = run(
        two_sides(
            2,
            1,
            {
                "rule": "simultaneous",
                "counted_at": "arrival",
                "tranches": [
                    {"north": 50, "south": 40},
                    {"north": "rest", "south": "rest"},
                ],
                "proposed": at(30),
                "in_force": at(100),
            },
            "65 min",
        )
    )

    assert crossings(log, "north")[0] == crossings(log, "south")[0] == 100
    assert (100, "deal: waits for south") in held(log, "north")
