"""Tranches that repeat, one a day, and sides that move so much a day; by hand.

A bus that sets out at once is at its gate at minute 70 and has arrived at 135. The
operation starts on a Wednesday at midnight; days begin at 1440 and 2880, the first
Monday at 7200.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.events import Kind
from sim.scenario import from_data
from sim.scenario.checks import notes
from sim.scenario.plans import TermsPlan, repeated
from sim.scenario.written import data_of
from tests.builders import at, halt, terms, two_sides, two_sides_data
from tests.logs import crossings, ends, held, run, states, tranches

DAY = 1440
SLOW, ENOUGH = {"north": "40 people a day"}, {"north": "50 people a day"}


def buses(number, **changes):
    """Return so many buses of fifty on each side, each a convoy, all sent at once."""
    return {
        "sites__north__groups__civilians__people": 50 * number,
        "sites__south__groups__civilians__people": 50 * number,
        "flows__north__at_once": number,
        "flows__south__at_once": number,
        **changes,
    }


def both(number, deal, **changes):
    return two_sides(number, number, deal, **buses(number, **changes))


def alone(number, deal, **changes):
    """Return north alone, which may move all it has but for what the terms say."""
    deal = {"tranches": [{"north": "rest"}], **deal}
    return both(
        number,
        deal,
        **{
            "agreements__deal__parties__south": None,
            "flows__south__opens": "2020-01-10T00:00",
            **changes,
        },
    )


# Tranches that repeat


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 3)),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["lockstep", "simultaneous"]),
)
def test_a_repeated_tranche_is_as_many_tranches_as_it_says(rows, rule):
    short = [{"north": n, "south": s, "times": t} for n, s, t in rows]
    long = [{"north": n, "south": s} for n, s, t in rows for _ in range(t)]
    logs = [
        run(two_sides(2, 1, {"unit": "convoys", "rule": rule, "tranches": each}))
        for each in (short, long)
    ]

    assert logs[0].rows == logs[1].rows


def test_tranches_are_repeated_in_their_places():
    one, two = {"north": 5}, {"north": 1, "times": 2}
    assert repeated([two, one]) == ({"north": 1}, {"north": 1}, {"north": 5})
    written = TermsPlan.model_validate({"tranches": [two, one]})
    assert written.all_tranches == repeated([two, one])
    assert written.tranches == (two, one)


# Each day, each week


def test_each_day_one_more_tranche_opens():
    """Two buses a side stand there at 70: one passes then, the other at midnight."""
    log = run(both(2, terms("lockstep", 1, 1, each="day")))

    assert crossings(log, "north") == [70, DAY]
    assert crossings(log, "south") == [70, DAY]
    assert held(log, "north")[-1] == (70, "deal: waits for the next day")
    assert tranches(log, Kind.TRANCHE_OPENED, "north") == [(0, 1), (DAY, 2)]


def test_each_week_begins_on_monday():
    log = run(both(2, terms("lockstep", 1, 1, each="week")))

    assert crossings(log, "north") == [70, 5 * DAY]
    assert held(log, "north")[-1] == (70, "deal: waits for the next week")


@pytest.mark.parametrize(
    ("rule", "extra"),
    [("simultaneous", {}), ("credit", {"ahead": 5}), ("prior", {"first": "south"})],
)
def test_whatever_the_rule_no_tranche_opens_before_its_day(rule, extra):
    log = run(both(3, terms(rule, 1, 1, 1, each="day", **extra)))

    assert crossings(log, "north") == [70, DAY, 2 * DAY]
    assert crossings(log, "south") == [70, DAY, 2 * DAY]


def test_the_rule_is_kept_as_well():
    """The second day has come, but the south comes at 4070 only: then the third's."""
    log = run(
        both(3, terms("lockstep", 1, 1, 1, each="day"), flows__south__opens=at(4000))
    )

    assert crossings(log, "north") == [70, 4070, 4070]
    assert (70, "deal: waits for south") in held(log, "north")


def test_the_first_day_is_that_of_coming_into_force():
    """In force from noon of the second day: the second tranche opens on the third."""
    log = run(
        both(
            2,
            terms("lockstep", 1, 1, each="day"),
            agreements__deal__in_force=at(DAY + 720),
        )
    )

    assert crossings(log, "north") == [DAY + 720 + 70, 2 * DAY]


def test_at_midnight_the_day_begins_before_the_agreement():
    """In force at midnight: that day is its first, and not its second already."""
    log = run(
        both(2, terms("lockstep", 1, 1, each="day"), agreements__deal__in_force=at(DAY))
    )

    assert crossings(log, "north") == [DAY + 70, 2 * DAY]


def test_an_amendment_begins_with_its_first_day():
    """Amended at 100 to the same terms: of each, one tranche on the day it begins."""
    deal = terms("lockstep", 1, 1, 1, each="day")
    amended = {at(100): deal}
    log = run(both(3, {**deal, "amendments": amended}))

    assert crossings(log, "north") == [70, 100, DAY]


def test_days_go_on_while_it_is_suspended():
    """Suspended from 60 to noon of the third day: three tranches are open then."""
    log = run(
        both(
            3,
            terms("lockstep", 1, 1, 1, each="day"),
            gates={"north-gate": {}, "south-gate": {}, "far": {}},
            stoppages={"talks": halt("far", 60, 2 * DAY + 720, suspends=["deal"])},
        )
    )

    assert crossings(log, "north") == [2 * DAY + 720] * 3


def test_who_waits_for_a_day_after_the_end_is_in_no_deadlock():
    log = run(both(2, terms("lockstep", 1, 1, each="day"), ends=at(DAY)))

    assert {kind for kind, *_ in ends(log)} == {"unfinished"}
    assert ends(log)[0][3] == "deal: waits for the next day"


# A pace


@pytest.mark.parametrize(
    ("pace", "crossed"),
    [
        ("1 convoy a day", [70, DAY, 2 * DAY]),
        ("2 convoys a day", [70, 70, DAY]),
        ("1 vehicle a day", [70, DAY, 2 * DAY]),
        ("99 people a day", [70, DAY, 2 * DAY]),
        ("100 people a day", [70, 70, DAY]),
        ("150 people a day", [70, 70, 70]),
        ("2 convoys a week", [70, 70, 5 * DAY]),
    ],
)
def test_no_more_passes_in_a_day_than_the_pace(pace, crossed):
    log = run(alone(3, {"at_most": {"north": pace}}))

    assert crossings(log, "north") == crossed
    if crossed[-1] > 70:
        assert held(log, "north")[0] == (70, f"deal: north moves at most {pace}")


def test_a_convoy_larger_than_the_pace_is_the_first_of_a_day_or_waits():
    log = run(alone(3, {"at_most": {"north": "40 people a day"}}))

    assert crossings(log, "north") == [70, DAY, 2 * DAY]


def test_a_pace_is_of_one_side():
    log = run(
        both(2, terms("credit", 1, 1, ahead=5, at_most={"south": "1 convoy a day"}))
    )

    assert crossings(log, "north") == [70, 70]
    assert crossings(log, "south") == [70, DAY]


def test_what_counts_at_arrival_is_of_the_day_in_which_it_arrives():
    """Let through at 1400, it arrives at 1465, on the second day: that is its day."""
    pace = {"at_most": {"north": "1 convoy a day"}}
    late = {"flows__north__opens": at(1330)}
    crossing = run(alone(2, pace, **late))
    arrival = run(alone(2, {**pace, "counted_at": "arrival"}, **late))

    assert crossings(crossing, "north") == [1400, DAY]
    assert crossings(arrival, "north") == [1400, 2 * DAY]


def test_an_amendment_changes_the_pace_and_what_has_passed_that_day_counts():
    """One has passed when two are allowed from 100 on; the third waits for midnight."""
    rest = [{"north": "rest"}]
    pace = {"tranches": rest, "at_most": {"north": "2 convoys a day"}}
    log = run(
        alone(
            3, {"at_most": {"north": "1 convoy a day"}, "amendments": {at(100): pace}}
        )
    )

    assert crossings(log, "north") == [70, 100, DAY]
    assert (100, "renegotiated") in states(log)


def test_who_turns_back_after_it_has_crossed_has_crossed_that_day():
    """A second gate turns the first one back at 130; the other still waits."""
    log = run(
        alone(
            2,
            {"at_most": {"north": "1 convoy a day"}},
            gates={"north-gate": {}, "south-gate": {}, "far": {}},
            routes__north__through=["road", "north-gate", "road", "far"],
            stoppages={"halt": halt("far", 129, 131, caught="turn_back", deters=False)},
        )
    )

    assert crossings(log, "north")[:2] == [70, DAY]


def test_who_gave_up_at_once_is_sent_again_when_the_day_begins():
    """Boards at the gate: no way to it, no patience. It sets out again at midnight."""
    log = run(
        alone(
            2,
            {"at_most": {"north": "1 convoy a day"}},
            routes__north__through=["north-gate", "road"],
            flows__north__boarding="0 s",
            agreements__deal__parties__north__gives_up_after="0 s",
        )
    )

    assert crossings(log, "north") == [0, DAY]


def test_a_convoy_larger_than_the_pace_is_noted():
    said = [note.problem for note in notes(alone(3, {"at_most": SLOW}))]
    whole = [note.problem for note in notes(alone(3, {"at_most": ENOUGH}))]

    assert (
        "a full convoy of 'north' has 50 people, more than 40 people a day: it passes "
        "whole, as the first of a day" in said
    )
    assert not any("more than" in problem for problem in whole)


# Refusals


@pytest.mark.parametrize(
    ("deal", "said"),
    [
        (terms("lockstep", 1, each="day"), "deal.each: it has no effect"),
        ({"tranches": [{"times": 2}]}, "this tranche moves nobody"),
        (
            {"tranches": [{"north": 1, "times": 0}]},
            ".0.times: '0' does not say",
        ),
        ({"tranches": [{"north": "rest", "times": 2}]}, "cannot be repeated"),
        ({"tranches": [{"north": 1, "times": 99999}]}, "no more than 10000"),
        (
            {"unit": "people", "tranches": [{"north": 10, "times": 11}]},
            "'north' is to move 110 people",
        ),
        (
            {"tranches": [{"north": 1}], "at_most": {"north": "5"}},
            "at_most.north: '5' is not a pace. Write for example '5 convoys a day'",
        ),
        (
            {"tranches": [{"north": 1}], "at_most": {"noth": "1 convoy a day"}},
            "'noth' is not a party of 'deal'. Did you mean 'north'?",
        ),
        ({"tranches": [{"north": 1}], "each": "month"}, "'month' is not allowed here"),
    ],
)
def test_what_makes_no_sense_is_refused(deal, said):
    with pytest.raises(ScenarioError) as refused:
        from_data(two_sides_data(1, 1, deal))

    assert said in str(refused.value)


def test_no_side_is_called_times():
    data = two_sides_data(1, 1, {"tranches": [{"north": 1}]})
    data["agreements"]["deal"]["parties"]["times"] = {
        "flows": ["south"],
        "gate": "south-gate",
    }
    del data["agreements"]["deal"]["parties"]["south"]

    with pytest.raises(ScenarioError, match="a side may not be called 'times'"):
        from_data(data)


def test_what_is_written_is_read_again():
    one = alone(2, {"at_most": {"north": "1,250 people a day"}})

    assert data_of(one)["agreements"]["deal"]["at_most"]["north"] == (
        "1250 people a day"
    )
    assert from_data(data_of(one)) == one


def test_who_says_nothing_of_days_has_nothing_of_them_written_down():
    """Results are kept under the hash of what is written: it stays as it was."""
    deal = data_of(both(1, terms("lockstep")))["agreements"]["deal"]

    assert not deal.keys() & {"each", "at_most"}
