"""`simultaneous`: when a side has a tranche ready of which not all can come."""

from sim.events import Kind
from tests.builders import (
    NEVER,
    START,
    halt,
    terms,
    two_sides,
)
from tests.logs import crossings, run, states, times
from tests.test_released_together import both_cross, fifty_a_side

# Who is there in part, and who has nobody


def test_a_tranche_of_two_is_not_ready_while_one_of_them_is_turned_back():
    """Of two northern buses one is sent back at 80; it is there again at 370."""
    log = run(
        fifty_a_side(
            {"attack": halt("north-gate", 80, 300, caught="turn_back", catches=1)},
            terms=terms("simultaneous", (2, 1)),
            fleets__north_D_buses__joins={START: 2},
            sites__north__groups__civilians__people=100,
        )
    )

    assert both_cross(log) == ([370, 370], [370])


def test_a_convoy_that_lost_people_is_ready_when_nobody_else_can_come():
    """Of fifty promised four are lost at the approach; nobody waits at the site."""
    log = run(
        fifty_a_side(
            {
                "search": halt(
                    "approach",
                    60,
                    71,
                    caught="detain",
                    detained_for="10 min",
                    unaccounted=4,
                )
            },
            terms=terms("simultaneous", 50, unit="people"),
            gates__approach={},
            routes__north__through=["road", "approach", "north-gate", "road"],
        )
    )

    assert both_cross(log) == ([190], [190])
    assert states(log)[-1] == (190, "completed")


def test_a_side_that_lost_everybody_does_not_hold_the_other():
    """All fifty are lost at 70: nobody of the north is left for its tranche."""
    attack = halt("approach", 60, 71, unaccounted=50)
    log = run(
        fifty_a_side(
            {"attack": attack},
            gates__approach={},
            routes__north__through=["road", "approach", "north-gate", "road"],
        )
    )

    assert both_cross(log)[1] == [190]


def test_rest_is_ready_as_soon_as_anybody_of_it_stands_there():
    """Two buses of the north belong to the rest; the first does not wait for more.

    The second, at its gate at 130, finds the rest released.
    """
    log = run(
        two_sides(
            2,
            1,
            terms("simultaneous", "rest"),
            flows__north__headway="60 min",
            sites__south__groups__civilians__people=50,
        )
    )

    assert both_cross(log) == ([70, 130], [70])


def test_a_side_that_promised_nothing_in_a_tranche_has_it_ready():
    log = run(
        two_sides(
            1,
            1,
            terms("simultaneous", (1, 0), (1, 1)),
            flows__south__opens=NEVER,
        )
    )

    assert crossings(log, "north") == [70, 8 * 24 * 60 + 70]


def test_the_next_tranche_waits_for_those_who_have_passed_and_do_not_count():
    """Counted at arrival, at 135 and 255: the second tranche is there long before."""
    log = run(
        two_sides(
            2,
            2,
            terms("simultaneous", 1, 1, counted_at="arrival"),
            "180 min",
        )
    )

    assert both_cross(log) == ([190, 255], [190, 255])
    assert times(log, Kind.COMPLETED) == [320]
