"""Goals at a moment, and how likely they are: by hand, and against a fair coin.

The shuttle takes 50 people at minute 0 and again at minute 135; they arrive at minutes
75 and 210.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.answers.goals import read_goal
from sim.answers.probability import asked_of_runs, moments_around, probability
from sim.experiment.runner import run_study
from sim.metrics.account import Account
from sim.metrics.moments import at_moment
from sim.metrics.registry import measured, summary_of
from sim.scenario.problems import RefusedError
from sim.statistics.intervals import share_interval
from tests.builders import at, operation
from tests.commands import call, flat
from tests.test_metrics_properties import GROUPS, SITES, logs
from tests.test_metrics_story import town

SHUTTLE = operation()


def asked(text, world=SHUTTLE, runs=1):
    """Return how likely a goal of a world is."""
    goal = read_goal(text, world)
    around = moments_around(goal, world.clock, world.ends)
    names = asked_of_runs([goal, *around])
    study = run_study(world, seed=1, replications=runs, at_moments=names)
    return probability(study, goal)


def refusal(text, world=SHUTTLE):
    with pytest.raises(RefusedError) as caught:
        read_goal(text, world)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "met"),
    [
        (f"half of pocket arrived by {at(75)}", 1),
        (f"half of pocket arrived by {at(74)}", 0),
        (f"51 % of pocket arrived by {at(75)}", 0),
        (f"all of all out by {at(210)}", 1),
        (f"all of everybody out by {at(209)}", 0),
        (f"all of pocket/civilians arrived by {at(210)}", 1),
        (f"fewer than 51 people of pocket still inside at {at(75)}", 1),
        (f"fewer than 50 inside at {at(75)}", 0),
        ("all of pocket arrived by day 1 03:30", 1),
        ("all of pocket arrived by day 1 03:29", 0),
    ],
)
def test_a_goal_is_met_from_the_second_on_at_which_it_comes_true(text, met) -> None:
    assert asked(text).likelihood.met == met


@pytest.mark.parametrize("percent", ["99.99999", "33.333333", "0.000001", "100", "7.5"])
def test_a_share_stays_as_it_was_written(percent) -> None:
    """To seven digits and more, through the name of the metric and back."""
    goal = read_goal(f"{percent} % of pocket arrived by {at(75)}", SHUTTLE)

    assert goal.asked.percent == float(percent)
    assert at_moment(goal.asked.name) == goal.asked


def test_a_day_of_the_week_is_the_one_that_the_operation_has() -> None:
    """It begins on a Wednesday and lasts ten days, so there are two Wednesdays."""
    goal = read_goal("all of pocket arrived by Tuesday noon", SHUTTLE)

    assert goal.asked.moment == "2020-01-07T12:00"
    assert "2020-01-01, 2020-01-08" in refusal("all of all out by wednesday 12:00")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("everybody out soon", "is not a goal. Write it as"),
        (f"0 % of pocket arrived by {at(5)}", "above 0 and up to 100 %"),
        (f"101 % of pocket arrived by {at(5)}", "above 0 and up to 100 %"),
        (f"all of poket arrived by {at(5)}", "Did you mean 'pocket'?"),
        (f"all of refuge arrived by {at(5)}", "nobody leaves a site 'refuge'"),
        (f"all of pocket/civilian arrived by {at(5)}", "Did you mean 'civilians'?"),
        (f"all of pocket flying by {at(5)}", "is not what people may be"),
        ("all of pocket arrived by day 40 08:00", "is not within the operation"),
        ("all of pocket arrived by day 0 08:00", "is not within the operation"),
        ("all of pocket arrived by day 9999 08:00", "is not within the operation"),
        ("all of pocket arrived by day 2 25:00", "25:00"),
        ("all of pocket arrived by noon", "is not a local date and time"),
        (f"99.9999999 % of pocket arrived by {at(5)}", "a number that is too long"),
        (
            f"fewer than 1,234,567,890 inside at {at(5)}",
            "a number that is too long",
        ),
    ],
)
def test_what_is_no_goal_of_a_scenario_is_refused_with_a_remedy(text, part) -> None:
    assert part in refusal(text)


def test_who_is_lost_is_not_waited_for() -> None:
    """As 'all arrived' counts: of the town, some are lost sight of on the road."""
    run = Account(town().log())
    lost = sum(run.unaccounted.values()) + sum(run.lives_lost.values())
    metric = f"at_least_100_percent_arrived@{run.log.horizon_s}"
    found = summary_of(run, measured([metric], int))
    percent = summary_of(run)["t100/town"]

    assert lost > 0
    assert found[f"{metric}/town"] == float(np.isfinite(percent))


@given(log=logs(), percent=st.integers(1, 100), second=st.integers(0, 2000))
def test_a_share_is_met_by_a_moment_if_its_time_has_come(log, percent, second) -> None:
    """The other reading: the curve's own moment of so many percent."""
    run = Account(log)
    metric = f"at_least_{percent}_percent_arrived@{second}"
    found = summary_of(run, measured([metric], int))
    for site in SITES.values():
        people = run.expected(site)
        came = run.arrivals[site].time_of_percent(percent, people)
        assert found[f"{metric}/{site}"] == (
            not people or (came is not None and came <= second)
        )


@given(log=logs(), second=st.integers(0, 2000))
def test_groups_sum_to_their_site(log, second) -> None:
    metric = f"still_inside@{second}"
    found = summary_of(Account(log), measured([metric], int))
    for site in SITES.values():
        groups = [found.get(f"{metric}/{site}/{group}", 0) for group in GROUPS]
        assert sum(groups) == found[f"{metric}/{site}"]


def test_a_goal_that_hangs_on_a_coin_is_met_in_its_share_of_runs() -> None:
    """The one leg takes 30 min or more, evenly up to 90 min: 60 min in half of all."""
    world = operation(
        legs__road__time="30 min to 90 min",
        sites__pocket__groups__civilians__people=50,
    )
    boarding_and_unloading = 75 - 60
    found = asked(
        f"all of pocket arrived by {at(60 + boarding_and_unloading)}", world, 400
    )
    low, high = share_interval(200, 400, 0.9999)

    assert low <= found.likelihood.share <= high
    shares = [each.share for _, each in found.around]
    assert shares == sorted(shares)


def test_runs_that_share_draws_tell_how_unknown_the_probability_is() -> None:
    """Up to 50 people take one trip, more take two: in each draw it is sure."""
    world = operation(
        uncertain={
            "sites.pocket.groups.civilians.people": {"spread": "1 to 100"},
        }
    )
    goal = read_goal(f"all of pocket arrived by {at(100)}", world)
    names = asked_of_runs([goal, *moments_around(goal, world.clock, world.ends)])
    study = run_study(
        world,
        seed=1,
        replications=40,
        band="knowledge and chance",
        per_draw=4,
        at_moments=names,
    )
    found = probability(study, goal)

    assert found.by_draw.size == 10
    assert set(found.by_draw) == {0.0, 1.0}


def test_the_first_sentence_of_the_command_answers(tmp_path) -> None:
    result = call(
        *("ask", "probability", "two-towns"),
        "all of southtown out by 2016-12-18T00:00",
        *("-n", "20", "--no-figures", "--results", str(tmp_path)),
    )

    assert result.exit_code == 0
    assert "of 20 runs (" in flat(result.output)
    assert "all people of southtown have arrived by 2016-12-18 00:00." in flat(
        result.output
    )


def test_a_goal_that_is_none_is_wrong_use_of_the_command(tmp_path) -> None:
    result = call("ask", "probability", "two-towns", "soon", "--results", str(tmp_path))

    assert result.exit_code == 2
    assert "is not a goal" in flat(result.output)
