"""The least fleet and the latest start, on cases whose answer is known in full.

A convoy of the shuttle boards for 10 minutes, takes 30 to 90 minutes for the road, each
as likely, and unloads for 5. So it has arrived m minutes after it began with the
probability (m - 45) / 60, from 0 to 1.
"""

import pytest

from sim.answers.choices import chosen, numbers_of, read_choice
from sim.errors import BrokenInvariantError, OptionError, ScenarioError
from sim.experiment.runner import run_study
from sim.model import simulate
from sim.report.answers.choices import of_choice
from sim.report.answers.least import report_on_least
from sim.scenario import find, load
from sim.studies.ask.least import outcome, planned
from sim.studies.options import Amount, Where
from sim.studies.told import nobody
from sim.studies.unfinished import Underway
from sim.studies.work import working
from sim.words import Words
from tests.builders import at, operation
from tests.commands import ROOT, call, flat

ROAD = {"legs__road__time": "30 min to 90 min"}
ONE_TRIP = operation(sites__pocket__groups__civilians__people=50, **ROAD)
GOALS = (f"all of pocket arrived by {at(99)}",)
OPENS = f"flows.evacuation.opens={at(0)} to {at(60)} by 10 min"


def found(world, choice, goals, folder, seed=1, most=2_000, tell=nobody, **asked):
    """Return what a search finds."""
    amount = Amount(most, seed)
    plan = planned(world, choice, goals, amount, **asked)
    with working(Where(), 1, tell) as work:
        return outcome(Underway(folder, plan), work).result


def refusal(world, choice, goals=GOALS, **asked):
    with pytest.raises(OptionError) as caught:
        planned(world, choice, goals, Amount(100), **asked)
    return str(caught.value.args[1])


# What may be chosen


def test_vehicles_of_a_fleet_are_shared_out_as_they_join() -> None:
    world = operation(fleets__buses__joins={at(0): 10, at(60): 20, at(90): 1})
    choice = read_choice("fleets.buses.vehicles=1, 3 to 63 by 30", world)

    assert choice.values == ("1", "3", "33", "63")
    joins = [chosen(world, choice, value).fleets["buses"].joins for value in "13"]
    assert [sum(each.values()) for each in joins] == [1, 3]
    assert chosen(world, choice, "63").fleets["buses"].joins == {
        0: 20,
        3600: 41,
        5400: 2,
    }
    same = read_choice("fleets.buses.vehicles=31", world)
    assert chosen(world, same, "31").fleets == world.fleets


@pytest.mark.parametrize(
    ("fleet", "part"),
    [
        (
            {"fleets__buses__reserve": {"evacuation": 5}},
            "with 4: 5 vehicles of 'buses' are reserved, but only 4 ever join",
        ),
        (
            {"fleets__buses__leaves": {at(90): 5}},
            "with 4: 5 vehicles leave 'buses', but only 4 join",
        ),
        (
            {
                "flows__evacuation__smallest": 5,
                "flows__evacuation__convoy": {"buses": 6},
            },
            "with 4: ",
        ),
    ],
    ids=["a reserve", "withdrawals", "a convoy"],
)
def test_what_no_file_may_say_is_not_chosen_either(fleet, part) -> None:
    world = operation(fleets__buses__joins={at(0): 9}, **fleet)

    assert part in refusal(world, "fleets.buses.vehicles=4 to 9 by 1")


def test_a_run_that_failed_is_not_run_again_to_be_read(tmp_path, monkeypatch) -> None:
    """Nobody can be out that early; why is read off the runs that worked."""
    ran = []

    def failing(world, *, seed, replication):
        ran.append(replication)
        if replication == 3:
            raise BrokenInvariantError("a rule", "facts")
        return simulate(world, seed=seed, replication=replication)

    monkeypatch.setattr("sim.experiment.replicate.simulate", failing)
    goal = f"all of pocket arrived by {at(10)}"
    result = found(ONE_TRIP, f"flows.evacuation.opens={at(0)}", (goal,), tmp_path)

    assert result.value is None
    assert result.chain_h is not None
    assert ran.count(3) == 1
    assert ran.count(2) == 2


def test_what_is_not_decided_is_not_called_too_near(tmp_path) -> None:
    """All of twenty runs meet the goal; too few to be sure of 90 %."""
    goal = f"all of pocket arrived by {at(600)}"
    result = found(ONE_TRIP, OPENS, (goal,), tmp_path, most=20)
    said = flat(str(Words().of(report_on_least(result, ONE_TRIP, command="").answer)))

    assert "in 100% of 20 runs (83% to 100%). That does not tell with 95%" in said


def test_a_search_tells_that_it_may_be_sure_of_its_answer_sooner(tmp_path) -> None:
    """Else it tells of hours that are left, and ends in the next minute."""
    told = []
    goal = f"all of pocket arrived by {at(600)}"
    found(ONE_TRIP, OPENS, (goal,), tmp_path, tell=told.append)

    assert told[-1].done < told[-1].whole
    assert str(told[-1].said).startswith(
        f"runs: {told[-1].done} of at most 14,000; done as soon as the answer is sure, "
        "in about "
    )
    assert str(told[0].said) == "runs: 0 of at most 14,000"


def test_a_start_moves_every_date_and_none_of_the_times_between() -> None:
    choice = read_choice("start=2020-01-01T06:00, 2020-01-02T00:00", ONE_TRIP)
    moved = chosen(ONE_TRIP, choice, "2020-01-02T00:00")

    assert moved.clock.text(0) == "2020-01-02T00:00"
    steps = read_choice("start=2019-12-31T18:00 to 2020-01-01T06:00 by 6 h", ONE_TRIP)
    assert [value[5:] for value in steps.values] == [
        "12-31T18:00",
        "01-01T00:00",
        "01-01T06:00",
    ]
    assert moved.ends == ONE_TRIP.ends
    assert numbers_of(choice, ONE_TRIP) == (6 * 3600.0, 24 * 3600.0)


def test_what_is_chosen_is_not_drawn_from_its_range_any_more() -> None:
    world = operation(uncertain={"fleets.buses.seats": {"spread": "40 to 60"}})
    choice = read_choice("fleets.buses.seats=50, 60", world)

    assert chosen(world, choice, "60").uncertain == {}


@pytest.mark.parametrize("what", ["vehicles", f"joins.{at(0)}"])
def test_vehicles_that_are_chosen_are_not_drawn_however_written(what) -> None:
    drawn = {f"fleets.buses.joins.{at(0)}": {"spread": "1 to 3"}}
    world = operation(uncertain=drawn)
    choice = read_choice(f"fleets.buses.{what}=3, 4", world)
    built = chosen(world, choice, "4")

    assert built.fleets["buses"].joins == {0: 4}
    assert built.uncertain == {}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("fleets.busses.vehicles=3", "Did you mean 'buses'?"),
        ("fleets.buses.vehicles=3 to 9", "single values are needed"),
        ("fleets.buses.vehicles=0", "0"),
        ("fleets.buses.sets=3", "seats"),
        ("start=tomorrow", "tomorrow"),
        ("fleets.buses.vehicles", "WHAT=VALUES"),
        ("=3", "a path and its values are needed"),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_a_remedy(text, part) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_choice(text, ONE_TRIP)
    assert part in str(caught.value) or part == "WHAT=VALUES"


# Closed answers


def test_the_latest_opening_is_that_of_the_formula(tmp_path) -> None:
    """By minute 129: from 0.9 * 60 + 45 = 99 minutes before, so 30 at the latest."""
    goals = (f"all of pocket arrived by {at(129)}",)
    answer = found(ONE_TRIP, OPENS, goals, tmp_path, latest=True)

    # 30 is within the margin: 20 and 30 are right, 40 and 10 are not.
    assert answer.value in {at(20), at(30)}


@pytest.mark.slow
def test_searches_are_right_as_often_as_they_say(tmp_path) -> None:
    """Between two values of which one is surely enough and one surely not."""
    goals = (f"all of pocket arrived by {at(124)}",)
    answers = [
        found(ONE_TRIP, OPENS, goals, tmp_path, seed, latest=True).value
        for seed in range(20)
    ]
    # Of twenty tosses at 95 percent, 17 are right in all but 1.6 percent of cases.
    assert answers.count(at(20)) >= 17


def test_the_least_fleet_is_two_buses_for_a_hundred_people(tmp_path) -> None:
    """Two convoys at once are both there in 110 minutes with 1; one bus takes twice."""
    world = operation(flows__evacuation__at_once=4, **ROAD)
    goals = (f"all of pocket arrived by {at(110)}",)
    answer = found(world, "fleets.buses.vehicles=1 to 4 by 1", goals, tmp_path)

    assert answer.value == "2"
    assert answer.threshold.fails_again == ()


def test_a_run_must_meet_all_goals(tmp_path) -> None:
    world = operation(flows__evacuation__at_once=4, **ROAD)
    half, whole = (
        f"half of pocket arrived by {at(110)}",
        f"all of pocket arrived by {at(400)}",
    )
    vehicles = "fleets.buses.vehicles=1 to 4 by 1"

    assert found(world, vehicles, (half, whole), tmp_path).value == "1"
    early = f"all of pocket arrived by {at(110)}"
    assert found(world, vehicles, (half, whole, early), tmp_path).value == "2"


def test_what_cannot_be_met_says_what_holds_it(tmp_path) -> None:
    goals = (f"all of pocket arrived by {at(40)}",)
    answer = found(ONE_TRIP, "fleets.buses.vehicles=1 to 4 by 1", goals, tmp_path)

    assert answer.value is None
    assert answer.chain_h is not None
    assert next(iter(answer.chain_h)) == ("road", "road")


# How it is told


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("start", "start of the operation"),
        ("fleets.buses.vehicles", "number of vehicles of buses"),
        ("fleets.buses.seats", "'Seats' of buses"),
        ("flows.evacuation.opens", "'Opens' of The evacuation"),
        (
            "sites.pocket.groups.civilians.people",
            "'People at the start' of The pocket, civilians",
        ),
        (f"fleets.buses.joins.{at(0)}", f"fleets.buses.joins.{at(0)}"),
        ("stages.ferry.river.boarding", "'Time to drive aboard' of river"),
        ("ends", "'Ends'"),
    ],
)
def test_what_is_chosen_is_told_in_words(what, words) -> None:
    titled = operation(
        sites__pocket__title="The pocket", flows__evacuation__title="The evacuation"
    )
    assert str(of_choice(what, titled)) == words


def test_the_question_has_the_path_as_well_and_the_answer_words_alone(tmp_path) -> None:
    goals = (f"all of pocket arrived by {at(400)}",)
    result = found(ONE_TRIP, "fleets.buses.vehicles=1, 2", goals, tmp_path)
    report = report_on_least(result, ONE_TRIP, command="")

    assert str(report.title).startswith(
        "What is the least number of vehicles of buses (fleets.buses.vehicles) so that "
    )
    assert "already 1 is enough (number of vehicles of buses)" in str(report.answer)
    assert str(report.headline) == "number of vehicles of buses: at least 1"
    assert report.data["tried"].columns[0] == "fleets.buses.vehicles"


# How it is asked


@pytest.mark.parametrize(
    ("choice", "asked", "part"),
    [
        ("flows.evacuation.returns=yes, no", {}, "no order"),
        ("fleets.buses.vehicles=1 to 90 by 1", {}, "the most that a search tries"),
        ("fleets.buses.seats=50", {"probability": 1.0}, "1 % to 99.9 %"),
        ("fleets.buses.seats=50", {"confidence": 1.0}, "between 0.5 and 1"),
        ("fleets.buses.seats=nine", {}, "nine"),
        ("start=2020-02-01T00:00", {}, "is not within the operation"),
    ],
)
def test_a_search_that_cannot_be_is_refused(choice, asked, part) -> None:
    assert part in refusal(ONE_TRIP, choice, **asked)


def test_a_search_without_a_goal_is_refused() -> None:
    assert "a goal is needed" in refusal(ONE_TRIP, "fleets.buses.seats=50", ())


def test_the_first_sentence_of_the_command_answers(tmp_path) -> None:
    result = call(
        *("ask", "least", "two-towns", "fleets.south-buses.vehicles=5 to 15 by 5"),
        *("--goal", "all of southtown arrived by 2016-12-16T12:00"),
        *("--results", tmp_path, "--workers", "1", "--no-figures"),
    )
    assert result.exit_code == 0
    assert "With 95% confidence," in flat(result.output)


@pytest.mark.slow
def test_the_search_agrees_with_brute_force_on_the_replay(tmp_path) -> None:
    """Every value of a grid run 300 times, and the search beside it."""
    world = load(find("aleppo-2016", ROOT))
    text = "flows.east-aleppo.headway=1 h to 3 h by 1 h"
    goals = ("90 % of east-aleppo arrived by 2016-12-22T12:00",)
    answer = found(world, text, goals, tmp_path, latest=True, probability=0.8)
    (goal,) = answer.goals
    choice = read_choice(text, world)
    shares = {
        value: run_study(
            chosen(world, choice, value),
            seed=7,
            replications=300,
            at_moments=[goal.metric.partition("/")[0]],
        )
        .metric(goal.metric)
        .mean()
        for value in choice.values
    }
    enough = [value for value, each in shares.items() if each >= 0.8 + 0.05]
    short = [value for value, each in shares.items() if each <= 0.8 - 0.05]
    decided = {value: tested.holds for value, tested in answer.tested}

    assert all(decided.get(value, True) is not False for value in enough)
    assert all(decided.get(value, False) is not True for value in short)


def test_what_is_not_decided_is_no_refusal_in_the_headline_either(tmp_path) -> None:
    """Twenty runs of twenty meet the goal, which is too few to be sure of it."""
    least = found(
        ONE_TRIP,
        "fleets.buses.vehicles=1, 2",
        (f"all of pocket arrived by {at(1000)}",),
        tmp_path,
        most=20,
    )
    report = report_on_least(least, ONE_TRIP, command="")

    assert Words().of(report.answer).startswith("Not decided")
    assert Words().of(report.headline) == (
        "number of vehicles of buses: not decided whether a value is enough"
    )
