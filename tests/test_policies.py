"""What follows if a side answers the other by a policy; worked out by hand.

North's four buses stand at the gate at 70, those of the south at 470; four tranches of
a convoy each, and the terms let a side go far ahead (`credit`).
"""

from math import sqrt

import pytest

from sim.errors import ScenarioError
from sim.events import Kind
from sim.scenario import from_data
from sim.scenario.written import data_of
from tests.builders import START, at, terms, two_sides, two_sides_data
from tests.logs import crossings, ends, held, run

AHEAD = terms("credit", 1, 1, 1, 1, ahead=9)
RUNS = 200


def four(north="plain", south="plain", deal=AHEAD, **changes):
    """Return the data of four buses a side, of which the north's are there first."""
    return two_sides_data(
        4,
        4,
        deal,
        **{
            "sites__north__groups__civilians__people": 200,
            "sites__south__groups__civilians__people": 200,
            "flows__north__at_once": 4,
            "flows__south__at_once": 4,
            "flows__south__opens": at(400),
            "agreements__deal__parties__north__policy": north,
            "agreements__deal__parties__south__policy": south,
            **changes,
        },
    )


def north_crosses(policy, seed=1, **changes):
    return crossings(run(from_data(four(policy, **changes)), seed), "north")


@pytest.mark.parametrize(
    ("policy", "crossed"),
    [
        ("plain", [70, 70, 70, 70]),
        ("tit_for_tat", [70, 470, 470, 470]),
        ({"kind": "tolerance", "band": 0}, [70, 470, 470, 470]),
        ({"kind": "tolerance", "band": 1}, [70, 70, 470, 470]),
        ({"kind": "tolerance", "band": 2}, [70, 70, 70, 470]),
        ({"kind": "balance", "lead": 1}, [70, 470, 470, 470]),
        ({"kind": "balance", "lead": 3}, [70, 70, 70, 470]),
        ({"kind": "generous", "chance": "0 %"}, [70, 470, 470, 470]),
        ({"kind": "generous", "chance": "100 %"}, [70, 70, 70, 70]),
        ({"kind": "lever", "chance": "0 %"}, [70, 70, 70, 70]),
        ({"kind": "lever", "chance": "100 %"}, [470, 470, 470, 470]),
    ],
)
def test_a_side_goes_on_as_far_as_its_policy_lets_it(policy, crossed):
    assert north_crosses(policy) == crossed


def test_who_holds_back_says_so():
    log = run(from_data(four("tit_for_tat")))

    assert held(log, "north") == [(70, "deal: north holds back")] * 3


def test_a_balance_is_of_what_the_terms_count():
    """Tranches of fifty people: at 50 it is below 60, at 100 it is not."""
    people = terms("credit", 50, 50, 50, 50, unit="people", ahead=9)

    assert north_crosses({"kind": "balance", "lead": 60}, deal=people) == [
        *(70, 70),
        *(470, 470),
    ]


# With a chance


def at_once(policy, seed):
    return north_crosses(policy, seed).count(70)


def test_the_generous_go_on_as_often_as_their_chance_says():
    """The first tranche goes in any case, each of three with .4: 2.2 in the mean."""
    found = [at_once({"kind": "generous", "chance": "40 %"}, n) for n in range(RUNS)]
    mean, error = sum(found) / RUNS, sqrt(3 * 0.4 * 0.6 / RUNS)

    assert abs(mean - 2.2) < 4 * error
    assert abs(mean - 2.8) > 4 * error


def test_a_lever_holds_as_often_as_its_chance_says():
    """Each of four tranches goes at once with .7: 2.8 in the mean."""
    found = [at_once({"kind": "lever", "chance": "30 %"}, n) for n in range(RUNS)]
    mean, error = sum(found) / RUNS, sqrt(4 * 0.3 * 0.7 / RUNS)

    assert abs(mean - 2.8) < 4 * error
    assert abs(mean - 2.2) > 4 * error


def test_with_a_greater_chance_nobody_is_less_generous():
    """The numbers are the same, whatever they are compared with."""
    for seed in range(20):
        small = at_once({"kind": "generous", "chance": "30 %"}, seed)
        assert small <= at_once({"kind": "generous", "chance": "60 %"}, seed)


def test_one_side_s_policy_changes_nothing_of_the_other_s_numbers():
    for seed in range(10):
        lever = {"kind": "lever", "chance": "50 %"}
        alone = at_once(lever, seed)
        both = from_data(four(lever, {"kind": "batches", "size": 1}))
        assert crossings(run(both, seed), "north").count(70) == alone


def test_two_levers_hold_each_other_for_good():
    lever = {"kind": "lever", "chance": "100 %"}
    log = run(from_data(four(lever, lever)))

    assert crossings(log, "north") == crossings(log, "south") == []
    assert {kind for kind, *_ in ends(log)} == {"deadlock"}


def test_a_lever_is_let_go_by_the_tranche_that_the_other_has_done():
    """Lockstep, the south's buses come at 470 and go first in every tranche."""
    lever = {"kind": "lever", "chance": "100 %"}
    log = run(from_data(four(lever, deal=terms("lockstep", 1, 1, 1, 1))))

    assert crossings(log, "north") == crossings(log, "south") == [470] * 4


# Batches


def batches(size, **changes):
    """North's buses come one by one: at 70, 170, 270 and 370."""
    return north_crosses(
        {"kind": "batches", "size": size},
        **{
            "fleets__north_D_buses__joins": {START: 1, at(100): 1, at(200): 1}
            | {at(300): 1},
            **changes,
        },
    )


@pytest.mark.parametrize(
    ("size", "crossed"),
    [
        (1, [70, 170, 270, 370]),
        (2, [170, 170, 370, 370]),
        (3, [270, 270, 270, 370]),
        (4, [370] * 4),
        (9, [370] * 4),
    ],
)
def test_a_batch_goes_together_and_the_last_is_what_is_left(size, crossed):
    assert (
        batches(size, flows__north__at_once=9, flows__north__returns=False) == crossed
    )


def test_a_side_that_is_alone_may_move_in_batches():
    data = four({"kind": "batches", "size": 3}, deal={"tranches": [{"north": "rest"}]})
    del data["agreements"]["deal"]["parties"]["south"]

    assert crossings(run(from_data(data)), "north")[:3] == [70] * 3


# What is read and refused


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("tolerance", "the policy 'tolerance' needs 'band'. Add 'band:'"),
        ({"kind": "tit_for_tat", "band": 2}, "policy.band: 'band' has no meaning for"),
        ({"kind": "tolerence", "band": 2}, "Did you mean 'tolerance'?"),
        ("tit_for_tet", "Did you mean 'tit_for_tat'?"),
        ({"kind": "lever", "chance": "120 %"}, "'120 %' is more than 100 %"),
        ({"kind": "batches", "size": 0}, "0 is too small"),
        ({"kind": "lever", "chanse": 1}, "Did you mean 'chance'?"),
        ({"band": 2}, "'kind' is missing"),
    ],
)
def test_what_makes_no_sense_is_refused(policy, said):
    with pytest.raises(ScenarioError) as refused:
        from_data(four(policy))

    assert said in str(refused.value)


def test_a_policy_that_the_rule_leaves_nothing_to_is_refused():
    with pytest.raises(ScenarioError, match="'tit_for_tat' has no effect"):
        from_data(four("tit_for_tat", deal=terms("lockstep", 1, 1)))


def test_a_side_that_is_alone_answers_nobody():
    data = four("tit_for_tat", deal={"tranches": [{"north": "rest"}]})
    del data["agreements"]["deal"]["parties"]["south"]

    with pytest.raises(ScenarioError, match="there is nobody whom it could answer"):
        from_data(data)


@pytest.mark.parametrize("policy", ["plain", {"kind": "tolerance", "band": 2}])
def test_what_is_written_is_read_again(policy):
    operation = from_data(four(policy))
    data = data_of(operation)

    assert data["agreements"]["deal"]["parties"]["north"]["policy"] == policy
    assert from_data(data) == operation


def test_the_two_ways_to_write_a_word_are_one():
    assert from_data(four({"kind": "tit_for_tat"})) == from_data(four("tit_for_tat"))


def test_nobody_is_let_through_twice():
    log = run(two_sides(4, 4, AHEAD))

    assert len([e for e in log.events if e.kind is Kind.COUNTED]) == 4
