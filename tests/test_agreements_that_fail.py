"""Agreements that do not come into force, or are given up after a time; by hand.

A bus that sets out at once is at its gate at minute 70; two buses a side, one convoy
each, cross in two tranches under lockstep.
"""

from math import sqrt

import pytest

from sim.errors import ScenarioError
from sim.events import Kind
from sim.scenario import from_data
from sim.scenario.written import data_of
from tests.builders import at, terms, times, two_sides, two_sides_data
from tests.logs import crossings, ends, held, run, states, waiting

LOCKSTEP = terms("lockstep")
RUNS = 400


def in_force(chance, seed, **changes):
    deal = {**terms("lockstep", 1), "chance": chance}
    return times(run(two_sides(1, 1, deal, **changes), seed), Kind.IN_FORCE) != []


# The chance of coming into force


def test_what_is_certain_comes_into_force_and_what_has_no_chance_does_not():
    assert all(in_force("100 %", seed) for seed in range(20))
    assert not any(in_force("0 %", seed) for seed in range(20))


@pytest.mark.slow
def test_it_comes_into_force_as_often_as_its_chance_says():
    """The share of 400 runs is within 4 standard errors of .6, and not of .45."""
    share = sum(in_force("60 %", seed) for seed in range(RUNS)) / RUNS
    error = sqrt(0.6 * 0.4 / RUNS)

    assert abs(share - 0.6) < 4 * error
    assert abs(share - 0.45) > 4 * error


def test_a_greater_chance_takes_nothing_from_a_run_in_which_a_smaller_one_did():
    """The draw is the same: variants that differ in the chance share their luck."""
    small = [in_force("30 %", seed) for seed in range(60)]
    great = [in_force(0.7, seed) for seed in range(60)]

    assert all(great[n] for n, came in enumerate(small) if came)
    assert sum(small) < sum(great) < 60


def test_other_agreements_and_flows_change_nothing_of_the_draw():
    plain = [in_force("50 %", seed) for seed in range(40)]
    other = [in_force("50 %", seed, flows__south__at_once=1) for seed in range(40)]

    assert plain == other


def test_what_is_never_concluded_keeps_its_sides_and_says_so():
    log = run(two_sides(1, 1, {**LOCKSTEP, "chance": "0 %"}))

    assert states(log) == [(0, "proposed")]
    assert waiting(log, "north") == [(0, "agreement", "deal: was not concluded")]
    assert {(kind, why) for kind, _, _, why in ends(log)} == {
        ("deadlock", "deal: was not concluded")
    }


def test_it_is_the_last_precondition():
    """Until observers come at 300 they are what is waited for."""
    deal = {**LOCKSTEP, "chance": "0 %"}
    deal["requires"] = {"observers": {"on": at(300)}}
    log = run(two_sides(1, 1, deal))

    assert waiting(log, "north") == [
        (0, "agreement", "deal: observers"),
        (300, "agreement", "deal: was not concluded"),
    ]


def test_an_amendment_does_not_bring_it_about():
    deal = {**LOCKSTEP, "chance": "0 %", "amendments": {at(200): LOCKSTEP}}
    log = run(two_sides(1, 1, deal))

    assert states(log) == [(0, "proposed"), (200, "renegotiated"), (200, "proposed")]


def test_what_lapses_without_it_lets_them_go():
    deal = {**LOCKSTEP, "chance": "0 %", "deadline": at(240), "after_deadline": "lapse"}
    log = run(two_sides(1, 1, deal))

    assert crossings(log, "north")[0] == 310


# Given up after a time


def given_up(after, south_opens=9000, **deal):
    """North crosses at 70; south comes late, so that north's second waits for it."""
    return two_sides(
        2,
        1,
        {**LOCKSTEP, "given_up_after": after, **deal},
        flows__south__opens=at(south_opens),
    )


def test_it_is_given_up_so_long_after_it_came_into_force():
    log = run(given_up("300 min", in_force=at(60)))

    assert states(log) == [(0, "proposed"), (60, "in_force"), (360, "breached")]
    assert held(log, "north")[-1] == (360, "deal: breached")
    [row] = [e for e in log.events if e.kind is Kind.BREACHED]
    assert row.reason.kind == "given_up"


def test_what_is_completed_before_is_not_given_up():
    """Both sides' second buses cross at 70: completed then."""
    log = run(two_sides(2, 2, {**LOCKSTEP, "given_up_after": "71 min"}))

    assert states(log)[-1] == (70, "completed")


def test_it_is_given_up_before_a_convoy_moves_in_that_second():
    """Given up at 70, in the second in which they come to their gates."""
    log = run(two_sides(2, 2, {**LOCKSTEP, "given_up_after": "70 min"}))

    assert crossings(log, "north") == []


def test_an_amendment_mends_it_and_it_is_not_given_up_twice():
    log = run(given_up("100 min", south_opens=400, amendments={at(300): LOCKSTEP}))

    assert (100, "breached") in states(log)
    assert states(log)[-1][1] == "completed"


def test_an_amendment_before_does_not_put_it_off():
    log = run(given_up("100 min", amendments={at(50): LOCKSTEP}))

    assert states(log)[-1] == (100, "breached")


def test_what_never_comes_into_force_is_not_given_up():
    log = run(given_up("10 min", requires={"release": {"never": True}}))

    assert states(log) == [(0, "proposed")]


def test_the_time_is_drawn_from_its_range():
    moments = {states(run(given_up("2 h to 5 h"), seed))[-1][0] for seed in range(30)}

    assert len(moments) > 20
    assert 120 <= min(moments) < 180
    assert 240 < max(moments) <= 300


# What is read and refused


@pytest.mark.parametrize(
    ("deal", "said"),
    [
        ({"chance": "140 %"}, "deal.chance: '140 %' is more than 100 %"),
        ({"chance": "60"}, "deal.chance: '60' is more than 100 %"),
        ({"chance": "likely"}, "'likely' is not a chance. Write for example 60 %"),
        ({"chance": "50 % to 70 %"}, "Write one value here, and the range under"),
        ({"chance": 0, "given_up_after": "2 d"}, "given_up_after: it has no effect"),
    ],
)
def test_what_makes_no_sense_is_refused(deal, said):
    with pytest.raises(ScenarioError) as refused:
        from_data(two_sides_data(1, 1, {**LOCKSTEP, **deal}))

    assert said in str(refused.value)


def test_the_chance_may_be_unknown():
    """A range of chances: in one world it is about a fifth, in another four."""
    known = two_sides(1, 1, {**LOCKSTEP, "chance": "50 %"})
    data = data_of(known)
    data["uncertain"] = {"agreements.deal.chance": {"spread": "20 % to 80 %"}}

    assert from_data(data).uncertain["agreements.deal.chance"].spread == "20 % to 80 %"
    assert from_data(data_of(known)) == known
