"""Agreements in motion: who waits for whom, to the minute."""

import pytest

from sim.events import Cause, Kind
from tests.builders import terms, times, two_sides
from tests.logs import crossings, ends, run, states
from tests.reasons import sentence

ONE_EACH = terms("lockstep")["tranches"]


def test_lockstep_with_one_slow_side():
    """North is at its gate at 70 and 80; south, three hours away, at 190 and 200.

    Each side has two buses that board one after the other. The first tranche is
    open to both: north crosses at 70. Its second waits until south's first.
    """
    log = run(
        two_sides(
            2,
            2,
            terms("lockstep"),
            "180 min",
            sites__north__bays=1,
            sites__south__bays=1,
        )
    )

    assert crossings(log, "north") == [70, 190]
    assert crossings(log, "south") == [190, 200]
    held = [e for e in log.events if e.kind is Kind.HELD and e.convoy]
    assert [(e.time_s / 60, e.flow, e.cause, sentence(e.reason)) for e in held] == [
        (80, "north", Cause.AGREEMENT, "deal: waits for south")
    ]


def test_each_crossing_of_the_other_side_lets_one_go():
    """North's second goes at 190, after south's first; its third waits on till 200."""
    tranches = [{"north": 1, "south": 1}] * 3
    log = run(
        two_sides(
            3,
            3,
            {"unit": "convoys", "rule": "lockstep", "tranches": tranches},
            "180 min",
            sites__north__bays=1,
            sites__south__bays=1,
            sites__north__groups__civilians__people=150,
            sites__south__groups__civilians__people=150,
            flows__north__at_once=3,
            flows__south__at_once=3,
        )
    )

    assert crossings(log, "north") == [70, 190, 200]


def test_simultaneous_releases_both_sides_together():
    log = run(two_sides(1, 1, terms("simultaneous"), "180 min"))

    assert crossings(log, "north")[0] == crossings(log, "south")[0] == 190


def test_prior_lets_the_first_side_go_first():
    log = run(two_sides(1, 1, terms("prior", first="south"), "180 min"))

    assert crossings(log, "south")[0] == 190
    assert crossings(log, "north")[0] == 190


def test_credit_lets_the_fast_side_run_one_tranche_ahead():
    log = run(two_sides(2, 2, terms("credit", ahead=1), "180 min"))

    assert crossings(log, "north") == [70, 70]


def test_the_hold_of_one_side_is_the_hold_of_the_other():
    """A stoppage before the south gate reaches the north through the agreement."""
    log = run(
        two_sides(
            2,
            2,
            terms("lockstep"),
            stoppages={
                "halt": {
                    "cause": "a halt",
                    "closes": ["south-gate"],
                    "starts": "2020-01-01T00:30",
                    "until": "2020-01-01T10:00",
                }
            },
        )
    )

    assert crossings(log, "north") == [70, 600]
    assert crossings(log, "south") == [600, 600]


def test_people_are_loaded_so_that_no_convoy_straddles_two_tranches():
    """Tranches of 60: loads of 50 and 10, whatever seats are free."""
    log = run(
        two_sides(
            2,
            2,
            {
                "unit": "people",
                "tranches": [{"north": 60, "south": 60}, {"north": 40, "south": 40}],
            },
        )
    )

    assert [sum(t.loads) for t in log.trips if t.flow == "north"] == [50, 10, 40]


def test_a_convoy_turned_back_beyond_the_gate_does_not_count():
    """Two convoys are agreed; the first is sent back, so that three cross in all."""
    log = run(
        two_sides(
            1,
            1,
            terms("credit", ahead=1),
            gates={"north-gate": {}, "south-gate": {}, "beyond": {}},
            routes__north__through=["road", "north-gate", "road", "beyond", "road"],
            stoppages={
                "halt": {
                    "cause": "a halt",
                    "closes": ["beyond"],
                    "starts": "2020-01-01T02:00",
                    "until": "2020-01-01T03:00",
                    "caught": "turn_back",
                }
            },
        )
    )

    assert times(log, Kind.TURNED_BACK, "north-001") == [130]
    assert len(crossings(log, "north")) == 3
    arrived = [e.people for e in log.events if e.kind is Kind.ARRIVED]
    assert sum(arrived) == 200


def test_a_side_that_has_nobody_left_does_not_bind_the_other_for_ever():
    """South has 30 people for a promise of 60: north goes on once they are out."""
    log = run(
        two_sides(
            2,
            2,
            {
                "unit": "convoys",
                "tranches": [{"north": 1, "south": 2}, {"north": 1, "south": 2}],
            },
            sites__south__groups__civilians__people=30,
        )
    )

    assert crossings(log, "north") == [70, 70]
    assert states(log)[-1][1] == "completed"


def test_every_change_of_state_is_an_event():
    log = run(
        two_sides(
            1,
            1,
            terms("lockstep"),
            agreements__deal__proposed="2020-01-01T00:10",
            agreements__deal__in_force="2020-01-01T01:00",
            stoppages={
                "talks": {
                    "cause": "talks",
                    "closes": ["south-gate"],
                    "starts": "2020-01-01T01:30",
                    "until": "2020-01-01T01:50",
                    "suspends": ["deal"],
                }
            },
        )
    )

    assert states(log)[:4] == [
        (10, "proposed"),
        (60, "in_force"),
        (90, "suspended"),
        (110, "resumed"),
    ]
    assert states(log)[-1][1] == "completed"


def test_a_breach_holds_until_the_terms_are_amended():
    log = run(
        two_sides(
            1,
            1,
            terms("lockstep"),
            stoppages={
                "attack": {
                    "cause": "an attack",
                    "closes": ["south-gate"],
                    "starts": "2020-01-01T00:30",
                    "until": "2020-01-01T00:40",
                    "breaches": ["deal"],
                }
            },
            agreements__deal__amendments={
                "2020-01-01T05:00": {
                    "unit": "convoys",
                    "tranches": ONE_EACH,
                }
            },
        )
    )

    assert (30, "breached") in states(log)
    assert (300, "renegotiated") in states(log)
    assert crossings(log, "north")[0] == 300


@pytest.mark.parametrize(
    ("after", "first"), [("breach", None), ("lapse", 240)], ids=["breach", "lapse"]
)
def test_a_deadline_shuts_the_gates_or_frees_them(after, first):
    """South cannot leave; at the deadline north is stopped for good, or let go."""
    log = run(
        two_sides(
            1,
            1,
            terms("prior", first="south"),
            agreements__deal__deadline="2020-01-01T04:00",
            agreements__deal__after_deadline=after,
            flows__south__opens="2020-01-09T00:00",
        )
    )

    assert crossings(log, "north")[:1] == ([] if first is None else [first])


def test_preconditions_from_outside_and_from_other_flows():
    """Observers in place at 02:00, and fifty people of the south have arrived."""
    log = run(
        two_sides(
            1,
            1,
            agreements={
                "deal": {
                    "parties": {"north": {"flows": ["north"], "gate": "north-gate"}},
                    "tranches": [{"north": "rest"}],
                    "requires": {
                        "observers": {"on": "2020-01-01T02:00"},
                        "south-is-out": {"arrived": {"south": 50}},
                    },
                }
            },
        )
    )

    assert times(log, Kind.MET) == [120, 135]
    assert times(log, Kind.FORMED, "north-001") == [135]


def test_what_never_happens_keeps_an_agreement_out_of_force():
    """The zero follows from the unmet precondition, not from a zero typed in."""
    log = run(two_sides(1, 1, agreements__deal__requires={"release": {"never": True}}))

    assert not times(log, Kind.FORMED)
    assert ends(log)[0] == (Kind.DEADLOCK, "north", Cause.AGREEMENT, "deal: release")


def test_a_deadlock_is_reported_with_its_chain():
    """North may not cross before south; south's deal waits until north is out."""
    log = run(
        two_sides(
            1,
            1,
            terms("prior", first="south"),
            agreements__way_D_out={
                "parties": {"south": {"flows": ["south"], "gate": "south-gate"}},
                "tranches": [{"south": "rest"}],
                "requires": {
                    "north-is-out": {"arrived": {"north": 50}, "note": "north is out"}
                },
            },
        )
    )

    deadlocks = [e for e in log.events if e.kind is Kind.DEADLOCK]
    assert [(e.flow, e.people) for e in deadlocks] == [("north", 100), ("south", 100)]
    assert ends(log) == [
        (Kind.DEADLOCK, "north", Cause.AGREEMENT, "deal: waits for south"),
        (Kind.BEHIND, "south", Cause.AGREEMENT, "way-out: north is out"),
        (Kind.DEADLOCK, "south", Cause.AGREEMENT, "way-out: north is out"),
        (Kind.BEHIND, "north", Cause.AGREEMENT, "deal: waits for south"),
    ]


def test_no_deadlock_is_reported_when_everybody_is_out():
    log = run(two_sides(2, 2))

    assert not [e for e in log.events if e.kind in {Kind.DEADLOCK, Kind.UNFINISHED}]


@pytest.mark.parametrize("slow", ["60 min", "50 min", "70 min"])
def test_convoys_that_meet_in_the_same_second_cross_together(slow):
    """South reaches its gate before, with and after north; both orders of the tie."""
    log = run(two_sides(1, 1, terms("simultaneous"), slow))
    meet = 10 + max(60, int(slow.split()[0]))

    assert crossings(log, "north")[0] == crossings(log, "south")[0] == meet
