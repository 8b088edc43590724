"""`gives_up_after` of a stoppage: how long a convoy with people is held; by hand.

A bus with fifty people comes to the gate at 70.
"""

import pytest

from sim.events import Kind, ReasonKind
from tests.builders import (
    NEVER,
    START,
    at,
    halt,
    terms,
    times,
    two_sides,
    with_gate,
    with_post,
)
from tests.logs import causes, crossings, returns, run
from tests.reference.compare import differences


def held(since, until, patience=30, **settings):
    return halt("gate", since, until, gives_up_after=f"{patience} min", **settings)


def impatient(stoppages, **changes):
    return with_gate(
        stoppages,
        **{
            "sites__pocket__groups__civilians__people": 50,
            "flows__evacuation__closes": at(60),
            **changes,
        },
    )


def test_it_turns_back_when_it_has_stood_for_so_long():
    log = run(impatient({"halt": held(60, 500)}))
    [turned] = [e for e in log.events if e.kind is Kind.TURNED_BACK]

    assert turned.time_s == 100 * 60
    assert turned.reason.kind is ReasonKind.STOOD_TOO_LONG
    assert causes(log, "gate") == [
        (70, "stoppage", "halt"),
        (100, "road", "halt: gave up waiting"),
    ]
    assert returns(log) == [(160, 50)]


def test_who_is_detained_and_then_held_by_it_has_been_patient_all_the_time():
    """Each detains from 70: `one` until 100, the other until 90, to send back then.

    Held from 100 on; its patience, forty minutes from 70 on, is over at 110.
    """
    searches = {"caught": "detain", "detained_for": "30 min"}
    two = {
        **searches,
        "detained_for": "20 min",
        "afterwards": "turn_back",
        "catches": 1,
    }
    stoppages = {
        "one": halt("gate", 60, 500, **searches),
        "two": held(60, 500, patience=40, **two),
    }
    operation = impatient(stoppages, flows__evacuation__closes=at(30))

    assert causes(run(operation), "gate")[-2:] == [
        (100, "stoppage", "two"),
        (110, "road", "two: gave up waiting"),
    ]
    assert differences(operation, 0) == []


def test_who_may_pass_in_the_second_in_which_it_ends_passes():
    log = run(impatient({"halt": held(60, 100)}))

    assert times(log, Kind.CROSSED) == [100]
    assert returns(log) == []


def test_patience_with_one_begins_when_that_one_holds_it():
    """Held by one from 70, by both from 90: patience with the second ends at 120."""
    log = run(impatient({"one": halt("gate", 60, 500), "two": held(90, 500)}))

    assert times(log, Kind.TURNED_BACK) == [120]


def test_patience_with_one_that_is_over_does_not_count():
    """The first ends at 95, five minutes before."""
    log = run(impatient({"one": held(60, 95), "two": halt("gate", 80, 200)}))

    assert times(log, Kind.CROSSED) == [200]


def test_empty_vehicles_stand_as_long_as_it_lasts():
    log = run(impatient({"halt": held(120, 300)}, routes__out__back=["gate", "road"]))

    assert times(log, Kind.RELIEVED) == [360]


def test_of_those_it_detains_none_gives_up_but_the_others_do():
    """Two come at 70: one is detained until 170 and let go, one gives up at 100."""
    log = run(
        impatient(
            {"halt": held(60, 500, caught="detain", detained_for="100 min", catches=1)},
            sites__pocket__groups__civilians__people=100,
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
        )
    )

    assert times(log, Kind.CROSSED) == [170]
    assert times(log, Kind.TURNED_BACK) == [100]


def test_who_is_detained_by_another_turns_back_when_it_is_not_any_more():
    """Held by one from 70 with patience to 100, detained by the other to 150."""
    log = run(
        impatient(
            {
                "one": held(60, 500),
                "search": halt("gate", 60, 71, caught="detain", detained_for="80 min"),
            }
        )
    )

    assert times(log, Kind.TURNED_BACK) == [150]


def test_it_leaves_the_lane():
    """Two come at 70; both are stopped at 80, and both give up at 110."""
    log = run(
        with_post(
            {"halt": {**held(80, 500), "closes": ["post"]}},
            flows__evacuation__closes=at(60),
        )
    )

    assert times(log, Kind.TURNED_BACK) == [110, 110]


def test_it_gives_up_its_place_in_an_agreement():
    """North's bus turns back at 100; nothing of it counts when the gate opens."""
    log = run(
        two_sides(
            1,
            1,
            terms("credit", 1, 1, ahead=5),
            flows__north__closes=at(60),
            sites__north__groups__civilians__people=50,
            stoppages={"halt": halt("north-gate", 60, 500, gives_up_after="30 min")},
        )
    )

    assert returns(log, "north") == [(160, 50)]
    assert crossings(log, "north") == []


@pytest.mark.parametrize(("deal", "halted", "turns"), [(20, 40, 90), (40, 20, 90)])
def test_the_shorter_of_two_patiences_ends_it(deal, halted, turns):
    """An agreement and a stoppage both bar it from 70 on."""
    log = run(
        two_sides(
            1,
            1,
            terms("prior", 1, first="south"),
            flows__south__opens=NEVER,
            flows__north__closes=at(60),
            agreements__deal__parties__north__gives_up_after=f"{deal} min",
            stoppages={
                "halt": halt("north-gate", 60, 500, gives_up_after=f"{halted} min")
            },
        )
    )

    assert times(log, Kind.TURNED_BACK) == [turns]


def test_who_gives_up_as_it_sets_out_deters_its_flow():
    """Boarded and at the gate in no time: formed at 0, and when it is over, at 100."""
    log = run(
        with_gate(
            {"halt": held(0, 100, patience=0)},
            routes__out__through=["gate", "road"],
            flows__evacuation__boarding="0 min",
            sites__pocket__groups__civilians__people=50,
        )
    )

    assert times(log, Kind.FORMED) == [0, 100]


def test_the_patience_of_convoys_is_drawn_for_each():
    log = run(
        with_gate(
            {"halt": {**held(60, 5000), "gives_up_after": "10 min to 60 min"}},
            sites__pocket__groups__civilians__people=200,
            fleets__buses__joins={START: 4},
            flows__evacuation__at_once=4,
            flows__evacuation__closes=at(60),
        )
    )
    turned = times(log, Kind.TURNED_BACK)

    assert len(set(turned)) == 4
    assert all(80 <= minute <= 130 for minute in turned)
