"""A convoy turned back in the second in which it set out: when the next one goes."""

import pytest

from sim.events import Cause, Kind
from tests.builders import START, at, halt, operation, terms, two_sides
from tests.logs import crossings, formed, hours, run

SEARCH = {"caught": "detain", "detained_for": "0 min", "afterwards": "turn_back"}


def at_the_town(*gates, inbound=(), **changes):
    """A bus for fifty people who are aboard in no time, and their gates at the town."""
    return operation(
        **{
            "gates": {gate: {} for gate in (*inbound, *gates)},
            "sites__pocket__groups__civilians__people": 50,
            "routes__out__inbound": list(inbound),
            "routes__out__through": [*gates, "road"],
            "flows__evacuation__boarding": "0 min",
            **changes,
        }
    )


# By a stoppage


def test_a_stoppage_that_turns_back_at_once_deters_the_next():
    turning = halt("gate", 0, 90, caught="turn_back", deters=False)
    log = run(at_the_town("gate", stoppages={"halt": turning}))

    assert formed(log, "evacuation") == [0, 90]
    assert hours(log, Cause.STOPPAGE) == 50 * 90


def test_empty_vehicles_turned_back_at_once_are_not_sent_again_either():
    turning = halt("approach", 0, 90, caught="turn_back", deters=False)
    log = run(at_the_town(inbound=["approach"], stoppages={"halt": turning}))

    assert formed(log, "evacuation") == [0, 90]


def test_a_search_that_lets_go_at_once_deters_the_next():
    search = halt("gate", 0, 90, deters=False, **SEARCH)
    log = run(at_the_town("gate", stoppages={"search": search}))

    assert formed(log, "evacuation") == [0, 90]


def test_an_attack_that_destroys_a_convoy_at_once_deters_the_next():
    attack = halt("approach", 0, 90, loses={"buses": 1})
    log = run(
        at_the_town(
            inbound=["approach"],
            fleets__buses__joins={START: 2},
            stoppages={"attack": attack},
        )
    )

    assert formed(log, "evacuation") == [0, 90]


def test_it_is_deterred_by_that_occurrence_and_not_by_the_next():
    first = halt("gate", 0, 90, caught="turn_back", deters=False)
    second = halt("gate", 60, 150, caught="turn_back", deters=False)
    log = run(at_the_town("gate", stoppages={"first": first, "second": second}))

    assert formed(log, "evacuation") == [0, 90, 150]


def test_who_is_turned_back_after_a_drive_is_sent_again():
    """At the gate at 60, it is back at 120, while the stoppage still lasts."""
    turning = halt("gate", 0, 150, caught="turn_back", deters=False)
    log = run(
        at_the_town(
            "gate",
            routes__out__through=["road", "gate", "road"],
            stoppages={"halt": turning},
        )
    )

    assert formed(log, "evacuation") == [0, 120]


# By an agreement with which it has no patience


def hasty(agreed, north_buses=1, **changes):
    """North comes to its gate as it sets out, and waits for nobody."""
    return two_sides(
        north_buses,
        1,
        agreed,
        **{
            "routes__north__through": ["north-gate", "road"],
            "flows__north__boarding": "0 min",
            "agreements__deal__parties__north__gives_up_after": "0 min",
            "ends": at(2000),
            **changes,
        },
    )


PRIOR = terms("prior", 1, 1, first="south")


def test_it_is_sent_again_when_its_tranche_opens():
    """South crosses at 70 and 265; the bus of the north is back at 195."""
    log = run(hasty(PRIOR))

    assert formed(log, "north") == [0, 70, 195, 265]
    assert crossings(log, "north") == [70, 265]
    assert hours(log, Cause.AGREEMENT) == 100 * 70 + 50 * 70


def test_it_is_not_sent_again_for_the_same_answer():
    """Suspended from 20 to 30, the agreement lets nobody pass; then it is as before."""
    pause = halt("south-gate", 20, 30, suspends=["deal"])
    log = run(hasty(PRIOR, stoppages={"pause": pause}))

    assert formed(log, "north") == [0, 70, 195, 265]


def test_it_is_sent_again_when_more_vehicles_are_there():
    """A hundred at a time: the south has them at 70, two buses of the north at 300."""
    log = run(
        hasty(
            terms("simultaneous", 100, unit="people"),
            **{
                "fleets__north-buses__joins": {START: 1, at(300): 1},
                "fleets__south-buses__joins": {START: 2},
                "flows__north__convoy": {"north-buses": 2},
                "flows__north__smallest": 1,
            },
        )
    )

    assert formed(log, "north") == [0, 70, 300]
    assert crossings(log, "south") == [300, 300]


@pytest.mark.parametrize("others", [1999, 400])
def test_it_is_sent_again_when_others_stand_there(others):
    """Sent when it opens, and when the south has come to its gate after 70 minutes."""
    log = run(hasty(terms("simultaneous", 1), flows__south__opens=at(others)))

    together = [470] if others == 400 else []
    assert formed(log, "north")[:2] == [0, *together]
    assert crossings(log, "south") == together


def test_it_is_sent_again_when_the_agreement_lapses():
    log = run(
        hasty(
            PRIOR,
            flows__south__opens=at(1999),
            agreements__deal__deadline=at(200),
            agreements__deal__after_deadline="lapse",
        )
    )

    assert crossings(log, "north")[:1] == [200]
    assert formed(log, "north")[:2] == [0, 200]


def test_nobody_goes_again_who_waits_for_nobody_that_comes():
    log = run(hasty(PRIOR, flows__south__opens=at(1999)))

    assert formed(log, "north") == [0]
    assert [e.cause for e in log.events if e.kind is Kind.UNFINISHED][:1] == [
        Cause.AGREEMENT
    ]
