"""How an agreement ends: its deadline, also a new one, and what a lapse leaves."""

import pytest

from sim.events import Kind
from tests.builders import NEVER, START, at, halt, terms, two_sides
from tests.logs import crossings, formed, run, states

PRIOR = terms("prior", 1, 1, first="south")


def north_alone(deadline=None, after="lapse", amendments=None, **changes):
    """North stands at its gate from 70 on for the south, which does not come."""
    return two_sides(
        1,
        1,
        PRIOR,
        flows__south__opens=NEVER,
        agreements__deal__deadline=at(deadline),
        agreements__deal__after_deadline=after,
        agreements__deal__amendments={
            at(minute): {**PRIOR, **({"deadline": at(new)} if new else {})}
            for minute, new in (amendments or {}).items()
        },
        **changes,
    )


# A new deadline


@pytest.mark.parametrize(
    ("deadline", "amendments", "lapses"),
    [
        (200, {}, 200),
        (200, {100: 400}, 400),
        (400, {100: 150}, 150),
        (400, {100: None}, 400),
        (200, {200: 400}, 400),
        (200, {100: 300, 150: 250}, 250),
        (200, {100: 300, 150: 200}, 200),
        (150, {100: 300, 200: 400}, 400),
    ],
)
def test_an_amendment_may_set_another_deadline_earlier_or_later(
    deadline, amendments, lapses
):
    log = run(north_alone(deadline, amendments=amendments))

    assert crossings(log, "north")[0] == lapses
    assert (lapses, "lapsed") in states(log)


def test_a_deadline_breaches_and_an_amendment_begins_anew_until_the_next():
    log = run(north_alone(100, "breach", {200: 300}))

    assert states(log) == [
        (0, "proposed"),
        (0, "in_force"),
        (100, "breached"),
        (200, "renegotiated"),
        (200, "in_force"),
        (300, "breached"),
    ]
    assert crossings(log, "north") == []


def test_a_broken_agreement_that_is_amended_keeps_its_deadline():
    attack = halt("south-gate", 80, 81, breaches=["deal"])
    log = run(north_alone(300, amendments={150: None}, stoppages={"a": attack}))

    assert states(log)[2:] == [
        (80, "breached"),
        (150, "renegotiated"),
        (150, "in_force"),
        (300, "lapsed"),
    ]
    assert crossings(log, "north")[0] == 300


def test_an_amendment_of_a_broken_agreement_may_set_another():
    """The old one, at 200, is nothing to it any more."""
    attack = halt("south-gate", 80, 81, breaches=["deal"])
    log = run(north_alone(200, amendments={150: 400}, stoppages={"a": attack}))

    assert crossings(log, "north")[0] == 400


def test_a_broken_agreement_lapses_at_its_deadline():
    attack = halt("south-gate", 80, 81, breaches=["deal"])
    log = run(north_alone(200, stoppages={"a": attack}))

    assert crossings(log, "north")[0] == 200
    assert states(log)[-2:] == [(80, "breached"), (200, "lapsed")]


def test_a_suspended_agreement_lapses_at_its_deadline():
    """What suspends it until 300 is nothing to those whom it does not bind."""
    talks = halt("south-gate", 80, 300, suspends=["deal"])
    log = run(north_alone(200, stoppages={"talks": talks}))

    assert crossings(log, "north")[0] == 200


def test_what_is_not_in_force_yet_is_broken_at_its_deadline_for_good():
    """Its precondition of 300 does not mend it."""
    log = run(
        north_alone(
            200, "breach", agreements__deal__requires={"observers": {"on": at(300)}}
        )
    )

    assert states(log) == [(0, "proposed"), (200, "breached")]
    assert formed(log, "north") == []


def test_a_deadline_is_nothing_to_what_is_completed():
    log = run(two_sides(1, 1, terms("lockstep", 1), agreements__deal__deadline=at(100)))

    assert states(log)[-1] == (70, "completed")


def test_the_deadline_comes_before_who_crosses_in_its_second():
    """Both would complete it at 70."""
    log = run(two_sides(1, 1, terms("lockstep", 1), agreements__deal__deadline=at(70)))

    assert states(log)[-1] == (70, "breached")
    assert crossings(log, "north") == []


def test_it_lapses_in_the_second_in_which_a_stoppage_ends():
    halted = halt("north-gate", 60, 200)
    log = run(north_alone(200, stoppages={"halt": halted}))

    assert crossings(log, "north")[0] == 200


# What a lapse leaves


def counted(log):
    return [(e.time_s / 60, e.units) for e in log.events if e.kind is Kind.COUNTED]


def lapsing(counted_at="crossing", south=NEVER, **changes):
    """Of north's three one crosses at 70; the others wait until it lapses at 100."""
    return two_sides(
        3,
        1,
        terms("lockstep", 1, 1, "rest", counted_at=counted_at),
        sites__north__groups__civilians__people=150,
        flows__north__at_once=3,
        flows__south__opens=south,
        agreements__deal__deadline=at(100),
        agreements__deal__after_deadline="lapse",
        **changes,
    )


def test_who_moves_after_a_lapse_does_not_count():
    log = run(lapsing())

    assert crossings(log, "north") == [70, 100, 100]
    assert counted(log) == [(70, 1)]


def test_nor_does_who_was_let_through_before_and_arrives_after_it():
    log = run(lapsing("arrival"))

    assert crossings(log, "north") == [70, 100, 100]
    assert counted(log) == []


def test_who_comes_back_after_a_lapse_takes_nothing_back():
    """Turned back at 130 beyond its gate, all three go again at 300."""
    log = run(
        lapsing(
            gates__beyond={},
            routes__north__through=["road", "north-gate", "road", "beyond", "road"],
            stoppages={"attack": halt("beyond", 120, 300, caught="turn_back")},
        )
    )

    assert len(crossings(log, "north")) == 6
    assert counted(log) == [(70, 1)]
    assert states(log)[-1] == (100, "lapsed")


def test_nothing_is_opened_completed_or_reopened_after_a_lapse():
    log = run(lapsing(south=at(200)))

    late = [
        e
        for e in log.events
        if e.place == "deal" and e.time_s > 100 * 60 and e.kind is not Kind.COUNTED
    ]
    assert late == []


def test_a_lapsed_agreement_is_amended_and_broken_no_more():
    attack = halt("south-gate", 150, 151, breaches=["deal"])
    log = run(
        lapsing(
            agreements__deal__amendments={at(200): terms("lockstep", 1)},
            stoppages={"attack": attack},
        )
    )

    assert states(log)[-1] == (100, "lapsed")


def test_flows_of_a_lapsed_agreement_send_whom_they_can():
    """One was agreed; from 100 on the buses that have joined since go as well."""
    log = run(
        two_sides(
            1,
            1,
            terms("lockstep", 1),
            flows__south__opens=NEVER,
            fleets__north_D_buses__joins={START: 1, at(80): 1},
            agreements__deal__deadline=at(100),
            agreements__deal__after_deadline="lapse",
        )
    )

    assert formed(log, "north") == [0, 100]


def test_what_lapses_before_it_was_proposed_never_binds():
    """Broken or not, a deadline is of one that was put forward."""
    log = run(
        two_sides(
            1,
            1,
            terms("prior", 1, first="south"),
            flows__south__opens=NEVER,
            agreements__deal__proposed=at(100),
            agreements__deal__deadline=at(110),
            agreements__deal__after_deadline="lapse",
        )
    )

    assert crossings(log, "north") == [70, 265]
