"""Stoppages of one gate at the same time, and one after the other: each acts once."""

import pytest

from sim.events import Kind
from tests.builders import START, at, halt, with_gate
from tests.logs import arrivals, causes, formed, returns, run, times
from tests.logs import unaccounted as lost

HALT = halt("gate", 60, 600)


def attack(since, until, **settings):
    return halt("gate", since, until, **{"caught": "turn_back", **settings})


def search(since, until, minutes=30, **settings):
    return halt(
        "gate",
        since,
        until,
        **{"caught": "detain", "detained_for": f"{minutes} min", **settings},
    )


def named(first, **stoppages):
    return {first: stoppages[first], **stoppages}


# An attack behind a halt


@pytest.mark.parametrize("first", ["halt", "attack"])
@pytest.mark.parametrize(("halted", "attacked"), [(60, 61), (61, 60), (60, 60)])
def test_an_attack_at_a_gate_that_is_halted_acts_on_who_comes(halted, attacked, first):
    """At 70 four are lost and 46 sent back; nobody sets out before the attack is over.

    Then, at 180 and 310, people go to a gate that is only halted, until 600.
    """
    log = run(
        with_gate(
            named(
                first,
                halt=halt("gate", halted, 600),
                attack=attack(attacked, 180, unaccounted=4),
            ),
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
            flows__evacuation__headway="130 min",
        )
    )

    assert lost(log) == [(70, 4)]
    assert returns(log) == [(130, 46)]
    assert formed(log, "evacuation") == [0, 180, 310]
    assert arrivals(log) == [(665, 50), (665, 46)]


def test_an_attack_on_who_stands_before_a_halt_acts_at_once():
    """Two buses with a hundred stand there from 70; at 200 sixty of them are lost."""
    log = run(
        with_gate(
            {"halt": HALT, "attack": attack(200, 260, unaccounted=60)},
            fleets__buses__joins={START: 2},
            flows__evacuation__convoy={"buses": 2},
            flows__evacuation__smallest=1,
        )
    )

    assert lost(log) == [(200, 60)]
    assert returns(log) == [(260, 40)]
    assert arrivals(log) == [(665, 40)]


def test_a_search_behind_a_halt_detains_and_the_halt_holds_on():
    """Detained from 100 to 130 while it stands; then held until 600."""
    log = run(with_gate({"halt": HALT, "search": search(100, 200)}))

    assert causes(log, "gate", "evacuation-001") == [
        (70, "stoppage", "halt"),
        (100, "detention", "search"),
        (130, "stoppage", "halt"),
        (600, "road", ""),
    ]


@pytest.mark.parametrize("first", ["halt", "attack"])
def test_vehicles_are_destroyed_behind_a_halt(first):
    """One of two buses on the way in is lost at 60; the other boards at 600."""
    log = run(
        with_gate(
            named(
                first,
                halt=halt("gate", 30, 600),
                attack=halt("gate", 31, 90, loses={"buses": 1}),
            ),
            routes__out__inbound=["road", "gate"],
            routes__out__through=["road"],
            fleets__buses__joins={START: 2},
            flows__evacuation__convoy={"buses": 2},
        )
    )

    assert [(e.time_s / 60, e.vehicles) for e in log.events if e.kind is Kind.LOST] == [
        (60, 1)
    ]
    assert arrivals(log)[0] == (600 + 75, 50)


@pytest.mark.parametrize("first", ["one", "two"])
def test_two_attacks_each_turn_back_one(first):
    """Of three buses at 70 each attack catches one, the third is held until 300."""
    log = run(
        with_gate(
            named(
                first,
                one=attack(60, 300, catches=1),
                two=attack(65, 200, catches=1),
            ),
            sites__pocket__groups__civilians__people=150,
            fleets__buses__joins={START: 3},
            flows__evacuation__at_once=3,
            flows__evacuation__closes=at(30),
        )
    )

    assert times(log, Kind.TURNED_BACK) == [70, 70]
    assert arrivals(log) == [(365, 50)]


def test_what_has_begun_first_acts_first():
    """The attack of 60 sends all back; the search of 61 has nobody to detain."""
    log = run(with_gate({"search": search(61, 200), "attack": attack(60, 200)}))

    assert times(log, Kind.TURNED_BACK) == [70]
    assert not times(log, Kind.DETAINED)


@pytest.mark.parametrize("first", ["search", "attack"])
def test_of_those_that_begin_in_one_second_the_first_named_acts_first(first):
    """If it is the search, the attack turns back who was detained for no time."""
    log = run(with_gate(named(first, search=search(60, 200), attack=attack(60, 200))))

    assert len(times(log, Kind.DETAINED)) == (first == "search")
    assert times(log, Kind.TURNED_BACK) == [70]


def test_an_attack_on_the_detained_turns_them_back():
    log = run(with_gate({"search": search(60, 65 + 10, 300), "raid": attack(100, 120)}))

    assert causes(log, "gate", "evacuation-001") == [
        (70, "detention", "search"),
        (100, "road", "raid"),
    ]
    assert returns(log) == [(160, 50)]


# Detained by two


def test_who_is_detained_by_two_stands_until_the_last_is_over():
    """For half an hour by the one, for an hour by the other; both pardon it."""
    log = run(with_gate({"one": search(60, 600), "two": search(65, 600, 60)}))

    assert times(log, Kind.CROSSED, "evacuation-001") == [130]


@pytest.mark.parametrize(("minutes", "turned"), [(60, True), (20, False)])
def test_what_follows_the_last_detention_counts(minutes, turned):
    """`two` sends back after an hour, or would after 20 min, ended by `one`'s 30.

    Then it has not pardoned, and bars the way until it ends, at 600.
    """
    log = run(
        with_gate(
            {
                "one": search(60, 600),
                "two": search(65, 600, minutes, afterwards="turn_back"),
            },
            flows__evacuation__closes=at(30),
        )
    )

    assert times(log, Kind.TURNED_BACK) == ([130] if turned else [])
    assert times(log, Kind.CROSSED) == ([] if turned else [600])


def test_a_pardon_opens_the_gate_to_nobody_else():
    """One is detained and let go, the second, beyond `catches`, held until 600."""
    log = run(
        with_gate(
            {"search": search(60, 600, catches=1)},
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
        )
    )

    assert times(log, Kind.CROSSED)[:2] == [100, 600]


# How long a gate is shut by several


@pytest.mark.parametrize("first", ["long", "short"])
def test_a_gate_is_shut_until_the_last_of_its_stoppages_is_over(first):
    halts = {"long": halt("gate", 60, 300), "short": halt("gate", 80, 200)}
    log = run(with_gate(named(first, **halts)))

    assert times(log, Kind.CROSSED)[0] == 300
    assert times(log, Kind.OPENED) == [300]


def test_the_time_goes_to_what_bars_the_way_now():
    """The first to begin is over at 200; from then on it is the other's."""
    log = run(with_gate({"one": halt("gate", 60, 200), "two": halt("gate", 80, 300)}))

    assert causes(log, "gate", "evacuation-001") == [
        (70, "stoppage", "one"),
        (200, "stoppage", "two"),
        (300, "road", ""),
    ]


def test_a_stoppage_that_begins_as_another_ends_leaves_no_gap():
    log = run(with_gate({"one": halt("gate", 60, 200), "two": halt("gate", 200, 300)}))

    assert times(log, Kind.CROSSED)[0] == 300


def test_who_stands_there_as_one_ends_is_met_by_the_one_that_begins():
    """Held from 70 to 200, it is sent back at 200."""
    log = run(with_gate({"raid": attack(200, 300), "halt": halt("gate", 60, 200)}))

    assert times(log, Kind.TURNED_BACK) == [200]
    assert returns(log) == [(260, 50)]
