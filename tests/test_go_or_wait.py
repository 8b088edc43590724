"""Go or wait, on a case whose answer is known in full.

Between 1 and 100 people leave, each number as likely. Small buses take 50 and board for
10 minutes, so that all are there after 75 minutes, or with a second trip after 210. A
large one takes 100, boards for an hour, and is there after 125. Who must choose takes
the large one: 125 against 142. Who knows takes 75 and 125 half of the time each: 100.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.answers.complete import completed
from sim.answers.go_or_wait import delayed, fewest
from sim.answers.go_or_wait import weighed as weigh
from sim.errors import OptionError, RunError
from sim.studies.ask.go_or_wait import outcome, planned
from sim.studies.cases import Case
from sim.studies.options import Amount, Where
from sim.studies.told import nobody
from sim.studies.unfinished import Underway
from sim.studies.work import working
from tests.builders import at, operation
from tests.commands import call, flat

PEOPLE = "sites.pocket.groups.civilians.people"
SMALL = operation(uncertain={PEOPLE: {"spread": "1 to 100"}})
LARGE = operation(
    uncertain={PEOPLE: {"spread": "1 to 100"}},
    fleets__buses__seats=100,
    flows__evacuation__boarding="60 min",
)
CASES = (Case("small", SMALL, ()), Case("large", LARGE, ()))


def weighed(folder, after, runs=400, cases=CASES, metric="t100/pocket"):
    first, *others = cases
    plan = planned(
        first, others, Amount(runs), confirms=[PEOPLE], after=after, metric=metric
    )
    with working(Where(), 1, nobody) as work:
        return outcome(Underway(folder, plan), work)


def test_a_short_wait_is_worth_it(tmp_path) -> None:
    """Five minutes: 105 against 125."""
    found = weighed(tmp_path, "5 min").result

    assert found.names[found.go] == "large"
    assert found.difference.difference * 60 == pytest.approx(-20, abs=6)
    assert found.difference.high < 0
    assert min(found.chosen) > 100


def test_a_long_wait_is_not(tmp_path) -> None:
    """An hour: 160 against 125."""
    found = weighed(tmp_path, "60 min").result

    assert found.difference.difference * 60 == pytest.approx(35, abs=6)
    assert found.difference.low > 0


def test_who_has_nothing_to_choose_loses_what_he_waits(tmp_path) -> None:
    found = weighed(tmp_path, "30 min", cases=CASES[1:]).result

    assert found.difference.difference * 60 == pytest.approx(30)
    assert found.chosen == (found.runs,)


def test_no_option_is_better_than_the_best_of_all(tmp_path) -> None:
    found = weighed(tmp_path, "5 min", runs=100).result

    assert all((regret >= 0).all() for regret in found.regrets)
    assert len(found.regrets) == 5
    least, greatest, *_ = zip(*found.thirds, strict=True)
    assert list(least) == sorted(least)
    assert list(greatest) == sorted(greatest)


ROAD, T100 = "legs.road.time", "t100/pocket"
ONE = operation(uncertain={ROAD: {"spread": "30 min to 90 min"}})


def arms(count, seed=1, runs=200):
    """Return studies whose costs are drawn from one distribution, all alike."""
    rng = np.random.default_rng(seed)
    numbers = np.arange(runs)
    known = rng.random(runs)

    def study():
        costs = rng.normal(10, 1, runs)
        return SimpleNamespace(
            operation=ONE,
            replications=numbers,
            metric=lambda _: costs,
            parameter=lambda _: known,
        )

    return [study() for _ in range(count)]


def test_who_goes_is_judged_by_runs_that_did_not_help_to_choose() -> None:
    """Of twenty decisions that are all alike, the best of a sample looks better.

    The mean of the best of twenty means of 200 runs lies 0.13 h below what each costs;
    judged by other runs it does not. Tolerance: four standard errors over 30 tries.
    """
    names = [str(n) for n in range(20)]
    costs = []
    for seed in range(30):
        alike = arms(20, seed=seed)
        found = weigh(names, alike, alike, "t100/pocket", [ROAD], 60)
        costs.append(found.gone.mean())
    assert np.mean(costs) == pytest.approx(10, abs=4 * (1 / 200 / 30) ** 0.5)


def test_decisions_that_start_at_other_times_are_compared_by_moments() -> None:
    """The same hours after a start that is an hour later are an hour later."""
    (early,) = arms(1)
    moved = ONE.model_copy(update={"starts": at(60)})
    moved.__dict__.pop("clock", None)
    late = SimpleNamespace(**{**vars(early), "operation": moved})
    found = weigh(["early", "late"], [early, late], [early, late], T100, [ROAD], 60)
    first, second, *_ = (option.cost for option in found.options)

    assert second - first == pytest.approx(1)


@pytest.mark.parametrize(("paths", "least"), [(1, 60), (2, 120), (3, 200), (5, 420)])
def test_each_further_number_takes_more_runs(paths, least) -> None:
    """Twenty for each term of the regression: a constant, each, squares, products."""
    alike = arms(1, runs=least - 1)
    with pytest.raises(RunError, match=f"{least} are needed"):
        weigh(["one"], alike, alike, "t100/pocket", [ROAD] * paths, 60)
    assert fewest(paths) == least


def test_a_number_that_is_missing_and_no_moment_is_not_taken_for_nought() -> None:
    """A moment that does not come counts as the end of the operation."""
    gaps = arms(1)
    costs = gaps[0].metric("any")
    costs[:7] = np.nan
    (ends,) = {gap.operation.ends / 3600 for gap in gaps}

    assert set(completed(gaps[0], "t100/pocket")[0][:7]) == {ends}
    with pytest.raises(RunError, match="no value in 7 of 200 runs"):
        completed(gaps[0], "waiting/all")


def test_only_runs_that_worked_in_every_arm_count() -> None:
    """What has no value in a run that failed elsewhere keeps nobody from an answer."""
    now, later = arms(2)
    now.metric("any")[:5] = np.nan
    costs, known, kept = later.metric("any")[5:], later.parameter("")[5:], range(5, 200)
    short = SimpleNamespace(
        operation=ONE,
        replications=np.array(kept),
        metric=lambda _: costs,
        parameter=lambda _: known,
    )

    assert weigh(["one"], [now], [short], T100, [ROAD], 60).missing == 0
    assert weigh(["one"], [now], [short], "waiting/all", [ROAD], 60).runs == 195


def test_a_mistake_of_our_own_is_not_taken_for_a_failed_run(
    tmp_path, monkeypatch
) -> None:
    def mistaken(*_):
        raise ValueError("of our own")

    monkeypatch.setattr("sim.studies.ask.go_or_wait.weighed", mistaken)
    with pytest.raises(ValueError, match="of our own"):
        weighed(tmp_path, "5 min", runs=60, cases=CASES[1:])


def test_nobody_sets_out_before_the_numbers_are_there() -> None:
    later = delayed(operation(flows__evacuation__opens="2020-01-01T00:10"), 3600)

    assert later.flows["evacuation"].opens == 3600
    again = delayed(later, 1800)
    assert again.flows["evacuation"].opens == 3600


def test_the_command_says_first_whether_to_go_or_to_wait(tmp_path) -> None:
    result = call(
        *("ask", "go-or-wait", "two-towns", "--after", "1 d", "-n", "60"),
        *("--confirms", "sites.northtown.groups.families.people"),
        *("--results", tmp_path, "--no-figures"),
    )
    assert result.exit_code == 0
    assert "Go at once with two-towns: waiting 1 d" in flat(result.output)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ({"confirms": []}, "at least one path"),
        ({"confirms": ["sites.pocket.groups.civilian.people"]}, "Did you mean"),
        ({"after": "soon"}, "soon"),
        ({"after": "0 h"}, "0"),
        ({"after": "40 d"}, "is over before"),
        ({"metric": "t100"}, ""),
        ({"metric": "fleet_use/buses"}, "nobody can say what is better"),
        ({"metric": "t101"}, "there is no metric"),
    ],
)
def test_what_cannot_be_weighed_is_refused(asked, part) -> None:
    usual = {"confirms": [PEOPLE], "after": "1 h", "metric": "t100/pocket"}
    if not part:
        planned(CASES[0], [], Amount(60), **{**usual, **asked})
        return
    with pytest.raises(OptionError) as caught:
        planned(CASES[0], [], Amount(60), **{**usual, **asked})
    assert part in str(caught.value.args[1])


@pytest.mark.parametrize(
    ("first", "part"), [("00:30", "nobody would wait"), ("02:30", "")]
)
def test_an_opening_that_is_drawn_lies_after_the_wait(first, part) -> None:
    case = Case(
        "drawn",
        operation(
            uncertain={
                PEOPLE: {"spread": "1 to 100"},
                "flows.evacuation.opens": {
                    "spread": f"2020-01-01T{first} to 2020-01-01T04:00"
                },
            },
            flows__evacuation__opens="2020-01-01T03:00",
        ),
        (),
    )
    asked = {"confirms": [PEOPLE], "after": "1 h", "metric": "t100/pocket"}
    if not part:
        planned(case, [], Amount(60), **asked)
        return
    with pytest.raises(OptionError) as caught:
        planned(case, [], Amount(60), **asked)
    assert part in str(caught.value.args[1])


def test_too_few_runs_are_refused() -> None:
    usual = {"confirms": [PEOPLE], "after": "1 h", "metric": "t100/pocket"}
    with pytest.raises(OptionError) as caught:
        planned(CASES[0], [], Amount(20), **usual)
    assert "to tell what it is worth to know" in str(caught.value.args[1])
