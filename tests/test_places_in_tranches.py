"""Places: whom a tranche has room for, convoys sent in parts, and who moves up."""

import pytest

from tests.builders import START, at, halt, terms, two_sides
from tests.logs import arrivals, crossings, formed, loads, run

TOGETHER = terms("simultaneous", 2, 2, "rest", unit="vehicles")


def column(terms=TOGETHER, at_once=3, **changes):
    """Six buses a side that are to go at 60; they are at their gates at 130."""
    both = {}
    for side in ("north", "south"):
        both |= {
            f"sites__{side}__groups__civilians__people": 300,
            f"flows__{side}__convoy": {f"{side}-buses": 6},
            f"flows__{side}__dispatch_dates": [at(60)],
            f"flows__{side}__returns": False,
            f"flows__{side}__at_once": at_once,
        }
    return two_sides(6, 6, terms, **{**both, **changes})


# A column that is released in parts


def test_a_column_goes_in_parts_of_what_each_tranche_has_room_for():
    """Of six buses two and two and two are formed at 60 and released at 130."""
    log = run(column())

    assert formed(log, "north") == [60, 60, 60]
    assert loads(log, "north") == [100, 100, 100]
    assert crossings(log, "north") == crossings(log, "south") == [130, 130, 130]
    assert sum(people for _, people in arrivals(log)) == 600


def test_its_parts_go_one_by_one_if_one_may_be_under_way():
    """Each has arrived 135 min later, and the next goes late."""
    log = run(column(at_once=1))

    assert formed(log, "north") == [60, 195, 330]
    assert crossings(log, "north") == [130, 265, 400]


@pytest.mark.parametrize(
    ("if_missed", "sent"),
    [("drop", [60, 500]), ("next", [60, 500]), ("late", [60, 195, 330])],
)
def test_parts_that_do_not_go_at_the_departure_are_missed(if_missed, sent):
    """One may be under way: two of six buses go at 60, and one convoy at 500.

    The last two went late, at 330, or have missed the last departure.
    """
    dates = [at(60), at(500)]
    log = run(
        column(
            at_once=1,
            **{
                f"flows__{side}__{field}": value
                for side in ("north", "south")
                for field, value in (
                    ("dispatch_dates", dates),
                    ("if_missed", if_missed),
                )
            },
        )
    )

    assert formed(log, "north") == sent


def test_a_column_of_people_goes_in_parts_as_well():
    """Of six buses two with a hundred, two with eighty, and the last two."""
    log = run(column(terms("lockstep", 100, 80, "rest", unit="people")))

    assert loads(log, "north") == [100, 80, 100]
    assert formed(log, "north") == [60, 60, 60]


def test_terms_that_count_convoys_do_not_cut_one():
    log = run(column(terms("lockstep", 1, 1)))

    assert loads(log, "north") == [300]
    assert crossings(log, "north") == [130]


def test_of_a_dated_convoy_of_two_flows_what_is_cut_follows():
    """Ten vehicles are agreed; five buses take room first, five ambulances follow.

    The other five find room in the rest, and go when the first five are gone.
    """
    log = run(
        two_sides(
            5,
            5,
            terms("lockstep", (10, 5), "rest", unit="vehicles"),
            sites__north__groups={
                "people": {"people": 250},
                "patients": {"people": 40},
            },
            sites__south__groups__civilians__people=250,
            fleets__north_D_buses__carries=["people"],
            fleets__ambulances={
                "kind": "ambulance",
                "seats": 4,
                "joins": {START: 10},
                "carries": ["patients"],
            },
            flows__north__groups=["people"],
            flows__north__convoy={"north-buses": 5},
            flows__north__returns=False,
            flows__south__convoy={"south-buses": 5},
            flows__south__returns=False,
            flows__patients={
                "route": "north",
                "groups": ["patients"],
                "convoy": {"ambulances": 10},
                "dispatch_dates": [at(60)],
                "boarding": "10 min",
                "unloading": "5 min",
                "returns": False,
            },
            agreements__deal__parties__north__flows=["north", "patients"],
        )
    )

    assert loads(log, "patients") == [20, 20]
    assert formed(log, "patients") == [60, 195]
    assert crossings(log, "north", "patients") == [130, 265]
    assert sum(people for _, people in arrivals(log)) == 540


# Whom a tranche has room for


def test_a_tranche_is_filled_before_the_next_is_begun():
    """Sixty a tranche: fifty and ten; then, in the second, forty that are left."""
    log = run(two_sides(3, 3, terms("lockstep", 60, 40, unit="people")))

    assert loads(log, "north") == [50, 10, 40]


def test_if_nothing_is_left_of_what_was_agreed_nobody_sets_out():
    log = run(two_sides(2, 2, terms("lockstep", 1)))

    assert formed(log, "north") == [0]


def test_a_place_that_is_given_up_is_taken_by_the_next():
    """Turned back at 70, north's first gives up its place; it goes again at 300."""
    log = run(
        two_sides(
            1,
            1,
            terms("lockstep", 1),
            stoppages={"attack": halt("north-gate", 60, 300, caught="turn_back")},
        )
    )

    assert formed(log, "north") == [0, 300]
    assert crossings(log, "north") == [370]


def test_room_that_a_lost_person_leaves_is_there_for_others():
    """Four of fifty are lost before the gate; four are loaded into the next bus."""
    log = run(
        two_sides(
            1,
            1,
            {"tranches": [{"north": 50, "south": 50}]},
            gates__approach={},
            routes__north__through=["road", "approach", "north-gate", "road"],
            stoppages={"bomb": halt("approach", 60, 90, unaccounted=4)},
        )
    )

    assert loads(log, "north") == [50, 4]
