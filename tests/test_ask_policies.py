"""Policies of two sides against each other: what each combination comes to.

Whatever the sides do, nobody is lost and no side gets further ahead than its terms and
its policy allow.
"""

import pytest

from sim.answers.policies import MOST_ARMS, USUAL, combinations, usual, with_policies
from sim.errors import BrokenInvariantError, OptionError, RunError
from sim.experiment import replicate
from sim.metrics.account import Account
from sim.metrics.exchange import greatest_imbalance, moved
from sim.model import simulate
from sim.scenario import from_data
from sim.scenario.plans import PolicyPlan
from sim.studies.ask.policies import planned
from sim.studies.cases import Case
from sim.studies.finish import finished
from sim.studies.options import Amount, Where
from sim.studies.unfinished import begun
from sim.words import Words
from tests.builders import at, two_sides
from tests.commands import call, flat, rows
from tests.reference.scenarios import scenario

CREDIT = {
    "unit": "convoys",
    "rule": "credit",
    "ahead": 1,
    "tranches": [{"north": 1, "south": 1}, {"north": 1, "south": 1}],
}
LOPSIDED = two_sides(terms=CREDIT, fleets__south_D_buses__joins={at(600): 1})
SIDES = ("north", "south")
PLAIN, TIT_FOR_TAT = PolicyPlan(kind="plain"), PolicyPlan(kind="tit_for_tat")


def last(world, site):
    log = simulate(world, seed=1)
    return Account(log).arrivals[site].times_s[-1] / 60


def test_every_side_has_every_policy_once_with_every_other() -> None:
    chosen = combinations(LOPSIDED, "deal", (PLAIN, TIT_FOR_TAT))

    assert [tuple(each.values()) for each in chosen] == [
        (PLAIN, PLAIN),
        (PLAIN, TIT_FOR_TAT),
        (TIT_FOR_TAT, PLAIN),
        (TIT_FOR_TAT, TIT_FOR_TAT),
    ]


def test_who_answers_tit_for_tat_waits_where_the_terms_would_let_it_go() -> None:
    """By credit the north sends its second convoy before the south has sent any."""
    plain = with_policies(LOPSIDED, "deal", dict.fromkeys(SIDES, PLAIN))
    strict = with_policies(LOPSIDED, "deal", dict.fromkeys(SIDES, TIT_FOR_TAT))

    assert last(plain, "north") < 600 < last(strict, "north")


def test_only_policies_that_have_a_meaning_are_tried_unasked() -> None:
    kinds = {policy.kind for policy in usual(two_sides(), "deal")}

    assert "plain" in kinds
    assert "tit_for_tat" not in kinds
    assert {policy.kind for policy in usual(LOPSIDED, "deal")} == {
        policy.kind for policy in USUAL
    }


PACTS = [
    (seed, name)
    for seed in (*range(40), *range(100_000, 100_012))
    for name, plan in from_data(scenario(seed)).agreements.items()
    if len(plan.parties) > 1
][:25]


@pytest.mark.parametrize(("seed", "name"), PACTS)
def test_whatever_the_sides_do_nobody_is_lost_or_doubled(seed, name) -> None:
    base = from_data(scenario(seed))
    people = Account(simulate(base, seed=seed)).leaving
    sides = base.agreements[name].parties
    for policy in usual(base, name):
        world = with_policies(base, name, dict.fromkeys(sides, policy))
        run = Account(simulate(world, seed=seed))
        assert run.leaving == people
        for site in run.origins:
            assert run.arrivals[site].last <= run.people_to_leave(site)


def test_in_lockstep_no_side_gets_more_than_a_tranche_ahead_whatever_it_does() -> None:
    base = two_sides(fleets__south_D_buses__joins={at(600): 1})
    for policy in usual(base, "deal"):
        world = with_policies(base, "deal", dict.fromkeys(SIDES, policy))
        log = simulate(world, seed=1)
        assert greatest_imbalance(moved(log, "deal", SIDES, "convoys")).amount <= 1


def test_the_answer_says_what_costs_least_and_most(tmp_path) -> None:
    result = call(
        *("ask", "policies", "four-towns-2017", "first-stage", "-n", "6"),
        *("--results", tmp_path, "--workers", "1", "--no-figures"),
    )
    (folder,) = tmp_path.iterdir()
    found = rows(folder / "policies.csv")

    assert result.exit_code == 0
    assert "People wait least," in flat(result.output)
    assert len(found) >= 9
    assert len(list((folder / "scenarios").iterdir())) == len(found)
    assert all(0 <= float(row["completed"]) <= 1 for row in found)


@pytest.mark.parametrize(
    ("agreement", "policies", "part"),
    [
        ("dael", [], "'deal'"),
        ("deal", ["nice"], "is no policy"),
        ("deal", ["tolerance"], "band"),
        ("deal", ["tolerance band=often"], "is no policy"),
        ("deal", ["plain colour=red"], "is no policy"),
        (
            "deal",
            [f"tolerance band={n}" for n in range(1, 10)],
            f"more than {MOST_ARMS}",
        ),
    ],
)
def test_policies_that_cannot_be_tried_are_refused(agreement, policies, part) -> None:
    with pytest.raises(OptionError) as caught:
        planned(Case("deal", LOPSIDED, ()), agreement, Amount(2), policies=policies)
    assert part in str(caught.value.args[1])


def test_combinations_that_fail_in_every_run_are_told_as_such(
    tmp_path, monkeypatch
) -> None:
    """They are scenarios of the study's own, of which the plan knows only the base."""
    real = replicate.simulate

    def fails(world, **luck):
        if world.agreements["deal"].parties["north"].policy.kind == "tit_for_tat":
            raise BrokenInvariantError("a rule", "a fact")
        return real(world, **luck)

    monkeypatch.setattr(replicate, "simulate", fails)
    case = Case("lopsided", LOPSIDED, ())
    plan = planned(case, "deal", Amount(2), policies=["plain", "tit_for_tat"])

    with pytest.raises(RunError) as told:
        finished(begun(plan, tmp_path), Where(1))
    words = Words().of(told.value.args[0])
    assert words.startswith("lopsided, as this study changes it for its scenario 3: ")
    assert "a rule (got a fact)" in words
