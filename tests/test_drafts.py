"""When an agreement begins to bind: from `proposed` on, and not as a draft."""

import pytest

from sim.events import Kind
from tests.builders import START, at, halt, terms, two_sides
from tests.logs import causes, crossings, ends, formed, held, run, states, waiting

PRIOR = terms("prior", 1, 1, first="south")


def drafted(proposed, terms=PRIOR, north=1, south=1, road="60 min", **changes):
    return two_sides(
        north,
        south,
        terms,
        road,
        agreements__deal__proposed=at(proposed),
        **changes,
    )


def counted(log):
    return [e.time_s / 60 for e in log.events if e.kind is Kind.COUNTED]


# A draft


@pytest.mark.parametrize("proposed", [71, 100, 190])
def test_a_draft_binds_nobody(proposed):
    """North comes at 70 and crosses, though it would have to let the south go first."""
    log = run(drafted(proposed, road="180 min"))

    assert crossings(log, "north")[0] == 70
    assert not [minute for minute in counted(log) if minute < proposed]


def test_flows_of_a_draft_send_whom_they_can():
    """One a side is agreed; before it is proposed, at 50, both northern buses go."""
    log = run(drafted(50, terms("lockstep", 1), north=2))

    assert formed(log, "north")[:2] == [0, 0]


def test_a_draft_that_is_broken_or_suspended_binds_nobody():
    stoppages = {
        "attack": halt("south-gate", 10, 11, breaches=["deal"]),
        "talks": halt("south-gate", 20, 100, suspends=["deal"]),
    }
    log = run(drafted(80, terms("lockstep", 1, 1), stoppages=stoppages))

    assert crossings(log, "north")[0] == 70
    assert states(log, "deal", Kind.SUSPENDED, Kind.RESUMED)[:2] == [
        (80, "proposed"),
        (80, "in_force"),
    ]


def test_a_suspension_that_began_before_it_was_proposed_holds_on():
    """Proposed at 60, suspended from 20 to 100: the convoys of 70 wait until then."""
    talks = halt("beyond", 20, 100, suspends=["deal"])
    log = run(
        drafted(
            60,
            terms("lockstep", 1, 1),
            gates__beyond={},
            stoppages={"talks": talks},
        )
    )

    assert crossings(log, "north")[0] == crossings(log, "south")[0] == 100


def test_a_draft_leaves_the_gate_to_the_agreement_before_it():
    """The first lapses at 300; the second, proposed then, is nothing before.

    North's third bus load crosses under the first, the fourth waits for the south.
    """
    log = run(
        two_sides(
            1,
            1,
            terms("credit", 1, 1, 1, 1, ahead=3),
            sites__north__groups__civilians__people=200,
            flows__south__opens=at(2000),
            agreements__deal__deadline=at(300),
            agreements__deal__after_deadline="lapse",
            agreements__extension={
                "parties": {
                    "north": {"flows": ["north"], "gate": "north-gate"},
                    "south": {"flows": ["south"], "gate": "south-gate"},
                },
                "proposed": at(300),
                "in_force": at(400),
                **terms("prior", 1, 1, first="south"),
            },
        )
    )

    assert crossings(log, "north")[:2] == [70, 265]
    assert crossings(log, "north")[2] == 2070


# From `proposed` on


@pytest.mark.parametrize("proposed", [0, 30, 69, 70])
def test_from_proposed_on_it_governs_its_gate(proposed):
    """Under way when it is proposed, north waits at 70 for the south of 190."""
    log = run(drafted(proposed, road="180 min"))

    assert crossings(log, "north")[0] == 190
    assert held(log, "north")[0] == (70, "deal: waits for south")


@pytest.mark.parametrize(("proposed", "crosses"), [(0, 270), (30, 200), (70, 200)])
def test_proposed_and_not_in_force_it_lets_nobody_pass_or_set_out(proposed, crosses):
    log = run(
        drafted(proposed, terms("lockstep", 1, 1), agreements__deal__in_force=at(200))
    )

    assert crossings(log, "north")[0] == crossings(log, "south")[0] == crosses
    assert (proposed, "agreement", "deal: not in force yet") in waiting(log, "north")


def test_who_stands_before_a_halt_as_it_is_proposed_is_bound_by_it():
    """Halted at 70, it would be free to go at 200; proposed at 100, it waits."""
    log = run(
        drafted(100, road="280 min", stoppages={"halt": halt("north-gate", 60, 200)})
    )

    assert causes(log, "north-gate", "north-001") == [
        (70, "stoppage", "halt"),
        (200, "agreement", "deal: waits for south"),
        (290, "road", ""),
    ]


def test_who_has_crossed_before_counts_for_nothing():
    """North crosses at 70 as nobody's; its next, at 265, is the first that counts."""
    log = run(drafted(100, terms("lockstep", 1, counted_at="arrival")))

    assert counted(log) == [330, 330]


def test_convoys_under_way_get_places_in_the_order_in_which_they_were_formed():
    """Three are under way for two places: the third is beyond all that is agreed."""
    log = run(
        drafted(
            30,
            terms("lockstep", 1, 1),
            north=3,
            sites__north__groups__civilians__people=150,
            sites__south__groups__civilians__people=100,
            flows__north__at_once=3,
            ends=at(1000),
        )
    )

    assert crossings(log, "north") == [70, 70]
    assert held(log, "north")[-1][1] == "deal: nothing more is agreed"
    assert ends(log)[0][0] == "deadlock"


def test_a_convoy_larger_than_a_tranche_fills_several():
    """A hundred on two buses, formed before forty and the rest were put forward."""
    log = run(
        drafted(
            30,
            terms("lockstep", 40, "rest", unit="people"),
            north=2,
            flows__north__convoy={"north-buses": 2},
        )
    )

    assert crossings(log, "north") == [70]


def test_a_side_that_has_nobody_left_when_it_is_proposed_has_done_its_part():
    """South has left by 195; proposed at 200 it binds nobody to wait for it."""
    log = run(
        drafted(
            200,
            PRIOR,
            sites__south__groups__civilians__people=50,
            sites__north__groups__civilians__people=150,
        )
    )

    assert crossings(log, "north") == [70, 265, 460]
    assert states(log)[-1] == (460, "completed")


def test_lost_convoys_have_no_place_when_it_is_proposed():
    """The northern bus is destroyed on its way in at 60; it is proposed at 65."""
    log = run(
        drafted(
            65,
            terms("lockstep", 1, 1),
            gates__approach={},
            routes__north__inbound=["road", "approach"],
            fleets__north_D_buses__joins={START: 1, at(100): 1},
            stoppages={"attack": halt("approach", 50, 61, loses={"north-buses": 1})},
        )
    )

    # Formed at 100, at the gate at 230; back at 355, and there again at 485.
    assert crossings(log, "north") == [230, 485]
    assert crossings(log, "south") == [70, 265]


def test_who_was_turned_back_before_it_was_proposed_has_no_place():
    log = run(
        drafted(
            100,
            terms("lockstep", 1, 1),
            stoppages={"attack": halt("north-gate", 60, 90, caught="turn_back")},
        )
    )

    # Home at 130, formed at 130, at the gate at 200.
    assert crossings(log, "north")[0] == 200
    assert crossings(log, "south") == [70, 265]
