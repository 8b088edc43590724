"""People who come back: what they counted for is taken back, and what follows."""

import pytest

from sim.events import Kind
from tests.builders import START, at, halt, terms, two_sides
from tests.logs import crossings, returns, run, states, times

REST = [{"one": "rest"}]
TURNS_BACK = halt("beyond", 120, 600, caught="turn_back")
WAY = ["road", "north-gate", "road", "beyond", "road"]


def two_deals(stoppages=None, deal=None, follows=None, **changes):
    """Fifty of the north leave by one deal; the south's requires that it is completed.

    North crosses at 70, is at a gate beyond at 130, and if turned back home at 250.
    """
    return two_sides(
        1,
        1,
        **{
            "gates__beyond": {},
            "routes__north__through": WAY,
            "sites__north__groups__civilians__people": 50,
            "sites__south__groups__civilians__people": 50,
            "flows__south__opens": at(300),
            "stoppages": stoppages or {},
            "agreements": {
                "deal": {
                    "parties": {"one": {"flows": ["north"], "gate": "north-gate"}},
                    "tranches": REST,
                    **(deal or {}),
                },
                "next": {
                    "parties": {"one": {"flows": ["south"], "gate": "south-gate"}},
                    "tranches": REST,
                    "requires": {"first-is-done": {"agreement": "deal"}},
                    **(follows or {}),
                },
            },
            **changes,
        },
    )


def told(log, kind, agreement="next"):
    """Return when a precondition other than a date was met, or was no more."""
    return [
        e.time_s / 60
        for e in log.events
        if e.kind is kind and e.place == agreement and e.reason.note == "first-is-done"
    ]


def changes_of(log, agreement="deal"):
    return states(log, agreement)[2:]


# A completed agreement


def test_a_completed_agreement_is_in_force_again_when_people_come_back():
    """All go again at 600, when nothing turns them back, and complete it at 670."""
    log = run(two_deals({"attack": TURNS_BACK}))

    assert returns(log, "north") == [(250, 50)]
    assert changes_of(log) == [(70, "completed"), (130, "reopened"), (670, "completed")]


def test_what_required_it_and_is_in_force_stays_so():
    """The south sets out at 300, when nobody of the north has left for good."""
    log = run(two_deals({"attack": TURNS_BACK}))

    assert states(log, "next")[1:] == [(70, "in_force"), (370, "completed")]
    assert crossings(log, "south") == [370]


def test_what_required_it_and_is_not_in_force_yet_waits_again():
    """It was to come into force at 200; it does at 670, when the north is out."""
    log = run(two_deals({"attack": TURNS_BACK}, follows={"in_force": at(200)}))

    assert told(log, Kind.MET) == [70, 670]
    assert told(log, Kind.UNMET) == [130]
    assert crossings(log, "south") == [740]


@pytest.mark.parametrize(("proposed", "south"), [(100, 370), (131, 740)])
def test_what_was_proposed_before_they_came_back_was_in_force(proposed, south):
    """Proposed at 100 it is in force at once; at 131 the precondition is unmet."""
    log = run(two_deals({"attack": TURNS_BACK}, follows={"proposed": at(proposed)}))

    assert crossings(log, "south") == [south]


def test_a_draft_waits_again_as_well():
    log = run(two_deals({"attack": TURNS_BACK}, follows={"proposed": at(200)}))

    assert told(log, Kind.UNMET) == [130]
    assert crossings(log, "south") == [740]


def test_what_was_broken_meanwhile_is_not_mended_by_them():
    """`next`, in force at 70, is broken at 100; amended at 700 it goes on."""
    log = run(
        two_deals(
            {
                "attack": TURNS_BACK,
                "raid": halt("south-gate", 100, 101, breaches=["next"]),
            },
            follows={"amendments": {at(700): {"tranches": REST}}},
        )
    )

    assert states(log, "next")[1:] == [
        (70, "in_force"),
        (100, "breached"),
        (700, "renegotiated"),
        (700, "in_force"),
        (770, "completed"),
    ]


def test_a_third_that_requires_the_second_is_not_moved_by_the_first():
    """`next` is completed at 370 under its own terms, and `last` follows it then."""
    log = run(
        two_deals(
            {"attack": TURNS_BACK},
            agreements__last={
                "parties": {"one": {"flows": ["north"], "gate": "north-gate"}},
                "tranches": REST,
                "requires": {"second-is-done": {"agreement": "next"}},
                "proposed": at(80),
            },
        )
    )

    assert times(log, Kind.IN_FORCE, place="last") == [370]
    assert crossings(log, "north") == [70, 670]


# How they come back


def test_people_who_are_detained_count_until_they_turn_back():
    search = halt(
        "beyond",
        120,
        140,
        caught="detain",
        detained_for="60 min",
        afterwards="turn_back",
    )
    log = run(two_deals({"search": search}))

    assert (190, "reopened") in states(log)
    assert returns(log, "north") == [(310, 50)]


def test_people_who_are_held_or_lost_beyond_the_gate_still_count():
    """Four are lost at 130 and 46 arrive: what counted at 70 counts."""
    log = run(two_deals({"bomb": halt("beyond", 120, 200, unaccounted=4)}))

    assert changes_of(log) == [(70, "completed")]


def test_all_who_are_lost_beyond_the_gate_still_count():
    log = run(two_deals({"bomb": halt("beyond", 120, 200, unaccounted=50)}))

    assert changes_of(log) == [(70, "completed")]


def test_what_counts_at_arrival_is_not_completed_by_those_who_come_back():
    """Turned back before they arrive, nothing had been completed by them."""
    log = run(two_deals({"attack": TURNS_BACK}, {"counted_at": "arrival"}))

    # At the gate at 670, beyond at 730, at the refuge at 790.
    assert changes_of(log) == [(795, "completed")]


@pytest.mark.parametrize("unit", ["convoys", "vehicles"])
def test_one_of_two_convoys_comes_back(unit):
    """One of each side's two is sent back at 130: its place is there to be taken."""
    log = run(
        two_sides(
            2,
            2,
            terms("lockstep", 1, 1, unit=unit),
            gates__beyond={},
            routes__north__through=WAY,
            stoppages={"attack": {**TURNS_BACK, "catches": 1}},
        )
    )

    assert states(log)[2:] == [(70, "completed"), (130, "reopened"), (670, "completed")]
    assert crossings(log, "north") == [70, 70, 670]
    assert crossings(log, "south") == [70, 70]


def test_the_other_side_waits_again_for_those_who_came_back():
    """South's second comes to its gate at 265; by then north has moved nobody."""
    log = run(
        two_sides(
            1,
            1,
            terms("lockstep", 1, 1),
            gates__beyond={},
            routes__north__through=WAY,
            stoppages={"attack": TURNS_BACK},
        )
    )

    assert crossings(log, "south") == [70, 670]
    assert crossings(log, "north")[:2] == [70, 670]


def test_people_turned_back_before_the_gate_had_counted_for_nothing():
    log = run(
        two_deals(
            {"attack": halt("north-gate", 60, 300, caught="turn_back")},
        )
    )

    assert changes_of(log) == [(370, "completed")]


# And the deadline


@pytest.mark.parametrize(
    ("deadline", "then"),
    [
        (100, [(670, "completed")]),  # completed then: it has passed
        (130, [(670, "completed")]),  # it comes first in the second
        (131, [(131, "breached")]),
        (300, [(300, "breached")]),
    ],
)
def test_a_deadline_passes_by_what_is_completed_and_meets_what_is_reopened(
    deadline, then
):
    log = run(two_deals({"attack": TURNS_BACK}, {"deadline": at(deadline)}))

    assert changes_of(log) == [(70, "completed"), (130, "reopened"), *then]


def test_what_is_reopened_may_be_broken_and_what_is_completed_may_not():
    """A breach at 100 is none; one at 200 is."""
    log = run(
        two_deals(
            {
                "attack": TURNS_BACK,
                "one": halt("north-gate", 100, 101, breaches=["deal"]),
                "two": halt("north-gate", 200, 201, breaches=["deal"]),
            }
        )
    )

    assert changes_of(log) == [
        (70, "completed"),
        (130, "reopened"),
        (200, "breached"),
    ]


def test_terms_amended_while_they_drive_back_count_them_as_still_to_be_moved():
    """At 200 they are on the road back: nobody has moved, and nothing is done."""
    log = run(
        two_deals({"attack": TURNS_BACK}, {"amendments": {at(200): {"tranches": REST}}})
    )

    assert changes_of(log)[2:] == [
        (200, "renegotiated"),
        (200, "in_force"),
        (670, "completed"),
    ]


def test_who_counted_for_old_terms_takes_nothing_from_the_new_ones():
    """Counted at 70, amended at 100 and completed at once; turned back at 130.

    Then people of the side are driven back: the new terms are open again.
    """
    log = run(
        two_deals(
            {"attack": TURNS_BACK},
            {"amendments": {at(100): {"tranches": REST}}},
            fleets__north_D_buses__joins={START: 1},
        )
    )

    assert changes_of(log) == [
        (70, "completed"),
        (100, "renegotiated"),
        (100, "in_force"),
        (100, "completed"),
        (130, "reopened"),
        (670, "completed"),
    ]
    assert not [e for e in log.events if e.kind is Kind.COUNTED and e.units < 0]


def test_people_on_foot_open_a_completed_agreement_again_as_they_set_out():
    """Both buses of the north have crossed at 70; one is destroyed at 130."""
    log = run(
        two_sides(
            2,
            1,
            terms("lockstep", "rest", unit="people"),
            flows__north__convoy={"north-buses": 2},
            sites__south__groups__civilians__people=50,
            gates__beyond={},
            routes__north__through=["road", "north-gate", "road", "beyond", "road"],
            stoppages={
                "attack": halt("beyond", 120, 600, loses_loaded={"north-buses": 1})
            },
        )
    )

    assert times(log, Kind.COMPLETED)[0] == 70
    assert times(log, Kind.REOPENED) == [130]
