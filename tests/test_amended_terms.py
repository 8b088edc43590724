"""New terms: what was moved before them, and who was under way."""

import pytest

from sim.events import Kind
from tests.builders import NEVER, START, at, halt, terms, three_sides, two_sides
from tests.logs import crossings, ends, formed, loads, run, states, tranches


def both(log):
    return crossings(log, "north"), crossings(log, "south")


def people(*tranches, **settings):
    return terms("lockstep", *tranches, unit="people", **settings)


def amended(minute, new, **more):
    return {"agreements__deal__amendments": {at(minute): new}, **more}


# Convoys that are larger than what is agreed now


def test_a_loaded_convoy_fills_tranches_in_turn_and_passes_with_the_first():
    """Fifty on each bus; of 40 and 60 it fills the first and ten of the second.

    Fifty are left of the second for the next bus, which comes home at 195.
    """
    log = run(two_sides(1, 1, people(50, 50), **amended(30, people(40, 60))))

    assert both(log) == ([70, 265], [70, 265])
    assert loads(log, "north") == [50, 50]
    assert states(log)[-1] == (265, "completed")
    assert not ends(log)


def test_it_passes_at_once_if_it_stands_at_the_gate_as_the_terms_change():
    """North has waited for the south, which does not come, since 70."""
    log = run(
        two_sides(
            1,
            1,
            terms("prior", 50, 50, unit="people", first="south"),
            flows__south__opens=NEVER,
            **amended(100, people(40, 60)),
        )
    )

    assert crossings(log, "north")[0] == 100


def test_vehicles_beyond_a_tranche_fill_the_next():
    """Three buses where two and four are agreed; the next three find three left."""
    log = run(
        two_sides(
            3,
            3,
            terms("lockstep", 3, 3, unit="vehicles"),
            sites__north__groups__civilians__people=300,
            sites__south__groups__civilians__people=300,
            flows__north__convoy={"north-buses": 3},
            flows__south__convoy={"south-buses": 3},
            **amended(30, terms("lockstep", 2, 4, unit="vehicles")),
        )
    )

    assert both(log) == ([70, 265], [70, 265])
    assert loads(log, "north") == [150, 150]


def test_the_second_begins_where_the_first_ends():
    """Of 40, 40 and the rest: 40 + 10, then 30 + 20; both pass at 70.

    The second passes when the second tranche is open: the others have moved their 40.
    """
    log = run(two_sides(2, 2, people(50, 50), **amended(30, people(40, 40, "rest"))))

    assert both(log) == ([70, 70], [70, 70])


def test_one_that_fills_several_waits_for_the_first_of_them():
    """North's second begins in the tranche that opens with the south's crossing."""
    log = run(
        two_sides(2, 1, people(50, 50), "180 min", **amended(30, people(40, "rest")))
    )

    assert crossings(log, "north") == [70, 190]


def test_convoys_formed_after_the_change_do_not_straddle():
    """Forty a tranche: the buses that set out at 195 load forty, then ten."""
    log = run(
        two_sides(
            1,
            1,
            people(50, 100),
            sites__north__groups__civilians__people=150,
            sites__south__groups__civilians__people=150,
            **amended(30, people(90, 60)),
        )
    )

    assert loads(log, "north") == [50, 40, 50, 10]


def test_more_is_agreed_than_before():
    """A hundred in one tranche: both buses have their place in it."""
    log = run(
        two_sides(
            2,
            1,
            people(50, 50),
            flows__south__opens=NEVER,
            **amended(30, people(100)),
        )
    )

    assert crossings(log, "north") == [70, 70]


def test_a_tranche_in_which_a_side_moves_nobody_is_left_out():
    """At 30 north is to move nothing in the first tranche, so that it waits at 70."""
    log = run(
        two_sides(1, 1, people(50, 50), "180 min", **amended(30, people((0, 50), 50)))
    )

    assert both(log)[0][0] == 190


# What was moved before


SIX = terms("credit", *[1] * 6, ahead=1)


def ahead(*minutes, **changes):
    """North moves three at a time; south comes only at 1070."""
    return two_sides(
        6,
        1,
        SIX,
        sites__north__groups__civilians__people=300,
        sites__south__groups__civilians__people=300,
        flows__north__at_once=3,
        flows__south__opens=at(1000),
        agreements__deal__amendments={at(minute): SIX for minute in minutes},
        **changes,
    )


@pytest.mark.parametrize("minutes", [(), (100,), (100, 300), (70,), (1069,)])
def test_a_lead_is_kept_by_terms_that_are_agreed_anew(minutes):
    """Two ahead at 70, north moves no more until the south has; then one each time."""
    log = run(ahead(*minutes))

    assert crossings(log, "north") == [70, 70, 1070, 1265, 1460, 1655]
    assert crossings(log, "south") == [1070, 1265, 1460, 1655, 1850, 2045]


def test_what_both_have_moved_is_no_lead():
    """At 100 north has moved three and the south one: north begins two ahead."""
    log = run(
        two_sides(
            3,
            1,
            SIX,
            sites__north__groups__civilians__people=300,
            sites__south__groups__civilians__people=300,
            flows__north__at_once=3,
            **amended(100, SIX),
        )
    )

    assert crossings(log, "north") == [70, 70, 70, 265, 460, 655]


@pytest.mark.parametrize(
    ("new", "second"),
    [(people(50, 50), 1070), (terms("lockstep", 1, 1), 100)],
    ids=["same unit", "other unit"],
)
def test_where_the_unit_changes_all_begin_with_nothing(new, second):
    """North's first has crossed at 70, its second waits for the south's of 1070."""
    log = run(
        two_sides(
            2, 1, people(50, 50), flows__south__opens=at(1000), **amended(100, new)
        )
    )

    assert crossings(log, "north") == [70, second]


def test_a_lead_fills_the_first_of_the_new_tranches():
    """Fifty ahead, of tranches of 30: the first is full and the second has ten left."""
    log = run(
        two_sides(
            2,
            1,
            people(50, 50),
            flows__south__opens=at(1000),
            **amended(60 + 20, people(30, 30, "rest")),
        )
    )

    assert tranches(log, Kind.TRANCHE_COMPLETED, "north")[:2] == [(70, 1), (80, 1)]
    # Its second bus, of fifty, begins in the second tranche, which opens at 1070.
    assert crossings(log, "north") == [70, 1070]


def test_of_three_sides_the_one_that_moved_least_sets_the_lead():
    """North and south have moved one, west, at 130, none: both lead by one at 100."""
    one = [dict.fromkeys(("north", "south", "west"), 1)] * 2
    log = run(
        three_sides(
            agreements__deal__rule="lockstep",
            agreements__deal__tranches=one,
            fleets__north_D_buses__joins={START: 2},
            **amended(100, {"unit": "convoys", "tranches": one}),
        )
    )

    assert crossings(log, "north") == [70, 130]


def test_who_was_let_through_before_counts_for_the_old_terms_only():
    """Counted at arrival: at 100 north's first is past the gate, and not arrived.

    Its second has the first place then; its third waits for the south's to arrive.
    """
    by_arrival = terms("lockstep", 1, 1, counted_at="arrival")
    log = run(
        two_sides(
            2,
            1,
            by_arrival,
            sites__north__groups__civilians__people=150,
            **amended(100, by_arrival),
        )
    )

    assert crossings(log, "north") == [70, 100, 330]
    assert tranches(log, Kind.TRANCHE_COMPLETED, "north")[0] == (165, 1)


def test_terms_of_a_completed_agreement_are_to_be_kept_anew():
    """One each is done at 70; from 300 on another: people left at home set out."""
    log = run(
        two_sides(1, 1, terms("lockstep", 1), **amended(300, terms("lockstep", 1)))
    )

    assert both(log) == ([70, 370], [70, 370])
    assert states(log) == [
        (0, "proposed"),
        (0, "in_force"),
        (70, "completed"),
        (300, "renegotiated"),
        (300, "in_force"),
        (370, "completed"),
    ]


def test_terms_that_begin_while_it_is_suspended_open_when_that_is_over():
    talks = halt("south-gate", 60, 200, suspends=["deal"])
    log = run(
        two_sides(
            1,
            1,
            people(50, 50),
            stoppages={"talks": talks},
            **amended(100, people(40, 60)),
        )
    )

    assert crossings(log, "north")[0] == 200
    assert formed(log, "north") == [0, 325]


@pytest.mark.parametrize("moment", [70, 265])
def test_terms_change_in_the_second_in_which_convoys_cross(moment):
    """They change first: who comes in that second counts for the new ones.

    With its second crossing, at 265, either side has nobody left.
    """
    log = run(
        two_sides(
            1, 1, terms("lockstep", 1, 1), **amended(moment, terms("lockstep", 1, 1))
        )
    )

    counted = [e.time_s / 60 for e in log.events if e.kind is Kind.COUNTED]
    assert counted == [70, 70, 265, 265]
    assert states(log)[-1] == (265, "completed")
