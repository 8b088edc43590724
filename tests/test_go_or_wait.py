"""Go or wait, on a case whose answer is known in full.

Between 1 and 100 people leave, each number as likely. Small buses take 50 and board for
10 minutes, so that all are there after 75 minutes, or with a second trip after 210. A
large one takes 100, boards for an hour, and is there after 125. Who must choose takes
the large one: 125 against 142. Who knows takes 75 and 125 half of the time each: 100.
"""

import pytest

from sim.answers.go_or_wait import delayed
from sim.errors import OptionError
from sim.studies.ask.go_or_wait import outcome, planned
from sim.studies.cases import Case
from sim.studies.options import Amount, Where
from sim.studies.told import nobody
from sim.studies.unfinished import Underway
from sim.studies.work import working
from tests.builders import operation
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
    assert "Go at once with two-towns: by waiting (all sites)" in flat(result.output)


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
    assert "to tell a regression" in str(caught.value.args[1])
