"""The best of many plans, on cases whose best plan is known by hand.

In the exchange the south has no vehicles for twenty hours, and by credit the north may
meanwhile send one convoy of fifty people more than `ahead`. So the more it may be
ahead, the sooner its people are out, and the further are the sides apart.
"""

import re
from itertools import product
from math import ceil

import numpy as np
import pytest

from sim.answers.best import bound_of
from sim.answers.choices import read_choice
from sim.answers.imbalance import ImbalanceLimit, lead_in
from sim.answers.plan_space import AS_IT_IS, Space
from sim.errors import OptionError
from sim.experiment.replicate import Job
from sim.experiment.runner import run_study
from sim.model import simulate
from sim.report.answers.best import report_on_best
from sim.studies.ask.best import outcome, planned
from sim.studies.options import Amount, Where
from sim.studies.told import nobody
from sim.studies.unfinished import Underway
from sim.studies.work import working
from sim.words import Words
from tests.builders import at, operation, two_sides
from tests.commands import call, flat, rows

CREDIT = {
    "unit": "convoys",
    "rule": "credit",
    "ahead": 1,
    "tranches": [{"north": 1, "south": 1, "times": 6}],
}


def exchange(ahead):
    """Return the exchange in which a side may be so many tranches ahead."""
    return two_sides(
        terms={**CREDIT, "ahead": ahead},
        sites__north__groups__civilians__people=300,
        sites__south__groups__civilians__people=300,
        fleets__south_D_buses__joins={at(1200): 1},
    )


EXCHANGE = exchange(1)
AHEAD = ("agreements.deal.ahead=1 to 4 by 1",)
SHUTTLE = operation(
    sites__pocket__groups__civilians__people=200,
    fleets__buses__joins={at(0): 2},
    flows__evacuation__headway="20 min",
    flows__evacuation__at_once=2,
    legs__road__time="50 min to 70 min",
)
FLEET = (
    "fleets.buses.vehicles=1 to 4 by 1",
    "flows.evacuation.headway=0 min to 40 min by 10 min",
    "flows.evacuation.at_once=1 to 4 by 1",
)


def found(world, choices, folder, runs=3, workers=1, **asked):
    """Return what a search finds."""
    plan = planned(world, choices, Amount(runs, 1), **asked)
    with working(Where(workers), 100, nobody) as work:
        return outcome(Underway(folder, plan), work).result


def chosen(result):
    """Return the values of the best plan."""
    return result.tried[result.best].values


def said(result, world=EXCHANGE):
    return flat(str(Words().of(report_on_best(result, world, command="").answer)))


def refusal(choices=AHEAD, world=EXCHANGE, **asked):
    with pytest.raises(OptionError) as caught:
        planned(world, choices, Amount(5), **asked)
    return str(caught.value.args[1])


# Known by hand


def test_a_plan_is_not_early_in_silence_because_it_leaves_people_behind(tmp_path):
    """The last of those who arrive is earlier where most never do."""
    late = ("flows.evacuation.headway=20 min, 10 d",)
    result = found(SHUTTLE, late, tmp_path, metric="last_arrival/all")

    assert chosen(result) == ("10 d",)
    assert result.arrived.base == 200
    assert result.arrived.variant < 200
    fewer = f"Fewer people arrive with it: {result.arrived.variant:.0f} on average"
    assert f"{fewer} in place of 200." in said(result, SHUTTLE)
    as_many = found(EXCHANGE, AHEAD, tmp_path / "more", metric="t100/north")
    assert "Fewer people arrive" not in said(as_many)


def test_without_a_limit_the_north_goes_as_far_ahead_as_it_may(tmp_path) -> None:
    result = found(EXCHANGE, AHEAD, tmp_path, metric="t100/north")

    assert chosen(result) == ("4",)
    assert result.exact
    assert result.plans == 4
    assert "agreements.deal.ahead = 4 did best" in said(result)
    assert "All 4 plans that there are were tried." in said(result)


@pytest.mark.parametrize(
    ("apart", "ahead"),
    [("150 people", "2"), ("249", "3"), ("66.6 %", "2")],
)
def test_a_plan_that_breaks_the_limit_is_out(apart, ahead, tmp_path) -> None:
    """The north sends `ahead` + 1 convoys of 50 of its 300 people before the south."""
    result = found(EXCHANGE, AHEAD, tmp_path, metric="t100/north", apart=apart)
    out = [each.values for each in result.tried.values() if each.excess]

    assert chosen(result) == (ahead,)
    assert out == [(value,) for value in "1234" if value > ahead]
    assert "apart in 0% of 6 runs" in said(result)


def test_how_far_sides_were_apart_is_what_the_terms_allow() -> None:
    space = Space(Job(EXCHANGE, (), 1), (read_choice(*AHEAD, EXCHANGE),))
    for point in space.points():
        world = space.job(point).operation
        lead = lead_in(simulate(world, seed=1), world, percent=False)
        assert lead.amount == 50 * (point[0] + 2)
        assert (lead.step, lead.ahead, lead.behind) == (50, "north", "south")
        share = lead_in(simulate(world, seed=1), world, percent=True)
        assert share.amount == pytest.approx(100 / 6 * (point[0] + 2), abs=0.01)


def test_a_limit_that_no_plan_keeps_is_said_with_the_cause(tmp_path) -> None:
    result = found(EXCHANGE, AHEAD, tmp_path, metric="t100/north", apart="40 people")

    assert result.best is None
    assert "cannot be met by any plan that was tried, because north gets" in said(
        result
    )
    assert "even as the scenario stands, which comes nearest" in said(result)
    assert "What counts of north in one moment is already 50 people." in said(result)


def test_the_limit_counts_runs_and_not_their_mean() -> None:
    leads = np.array([10.0] * 19 + [900.0])

    assert ImbalanceLimit(50, percent=False, breaks=0.05).excess(leads) == 0
    assert ImbalanceLimit(50, percent=False, breaks=0.04).excess(leads) == 850
    assert ImbalanceLimit(900, percent=False, breaks=0.0).excess(leads) == 0
    assert ImbalanceLimit(899, percent=False, breaks=0.0).excess(leads) == 1


def test_nothing_is_better_than_what_stands_if_it_is_best(tmp_path) -> None:
    stands = exchange(ahead=4)
    result = found(stands, AHEAD, tmp_path, metric="t100/north")

    assert chosen(result) == ()
    assert "No plan that was tried did better than the scenario as it stands" in said(
        result
    )
    values = [each.values for each in result.tried.values()]
    assert values == [(), ("1",), ("2",), ("3",)]


def test_more_may_be_asked_for_in_place_of_less(tmp_path) -> None:
    """The slowest: one convoy at a time, and forty minutes between them."""
    world = operation(sites__pocket__groups__civilians__people=100)
    headway = ("flows.evacuation.headway=0 min, 180 min",)
    metric = "t100/pocket"

    assert chosen(found(world, headway, tmp_path, metric=metric)) in {(), ("0 min",)}
    slowest = found(world, headway, tmp_path, metric=metric, larger=True)
    assert chosen(slowest) == ("180 min",)


# Against all plans, and beside the bound


def brute(world, metric, runs, choices=FLEET, seed=2):
    """Return the mean of every plan, by its values."""
    read = tuple(read_choice(text, world) for text in choices)
    space = Space(Job(world, (), 1), read)
    means = {}
    for point in space.points():
        study = run_study(space.job(point).operation, seed=seed, replications=runs)
        means[space.values(point)] = float(study.metric(metric).mean())
    return means


def test_all_plans_and_the_best_of_them_are_those_of_brute_force(tmp_path) -> None:
    few = (FLEET[0], "flows.evacuation.headway=0 min, 30 min, 60 min")
    result = found(SHUTTLE, few, tmp_path, metric="t100/pocket")
    means = brute(SHUTTLE, "t100/pocket", 3, few)

    assert result.exact
    assert len(result.tried) == len(means) + 1
    for each in result.tried.values():
        if each.values:
            assert each.numbers.mean() == pytest.approx(means[each.values])
    assert means[chosen(result)] == min(means.values())


def test_a_local_search_finds_the_same_with_a_third_of_the_plans(tmp_path) -> None:
    """Four vehicles at once, none of which waits for the one before."""
    result = found(SHUTTLE, FLEET, tmp_path, metric="t100/pocket", plans=30)
    means = brute(SHUTTLE, "t100/pocket", 3)

    assert not result.exact
    assert result.plans == 80
    assert result.tries <= 30
    around = ["0 2 1", "2 2 1", "1 1 1", "1 3 1", "1 2 0", "1 2 2"]
    assert [*result.tried][:7] == ["-", *around]
    assert chosen(result) == ("4", "0 min", "4")
    assert means[chosen(result)] == min(means.values())
    assert "of 80 plans were tried, by a local search: it proves nothing" in said(
        result, SHUTTLE
    )


def test_a_local_search_keeps_the_limit_and_begins_beyond_it(tmp_path) -> None:
    """The scenario as it stands breaks it, so that the way leads back first."""
    choices = (*AHEAD, "flows.north.headway=0 min to 90 min by 10 min")
    asked = {"metric": "t100/north", "apart": "150 people", "plans": 20}
    result = found(exchange(4), choices, tmp_path, **asked)

    assert not result.exact
    assert chosen(result)[0] == "2"
    assert "The scenario as it stands breaks the limit, in 100% of" in said(result)


@pytest.mark.parametrize("world", [SHUTTLE, EXCHANGE], ids=["shuttle", "exchange"])
def test_no_run_of_a_plan_beats_its_bound(world, tmp_path) -> None:
    choices = AHEAD if world is EXCHANGE else (FLEET[0], FLEET[2])
    result = found(world, choices, tmp_path, metric="t90/all")
    compared = [each for each in result.tried.values() if not np.isnan(each.bound)]

    assert len(compared) == len(result.tried)
    assert all(0 < each.bound <= each.numbers.min() for each in compared)
    best = result.tried[result.best]
    assert best.bound == bound_of("t90/all", best.job.operation)


def test_four_vehicles_take_what_the_bound_says(tmp_path) -> None:
    """Ten minutes to board, an hour to drive and five to unload: there is no gap."""
    world = operation(
        sites__pocket__groups__civilians__people=200, flows__evacuation__at_once=4
    )
    result = found(world, FLEET[:1], tmp_path, metric="t100/pocket")
    best = result.tried[result.best]

    assert best.values == ("4",)
    assert best.numbers.tolist() == [1.25] * 3
    assert best.bound == pytest.approx(1.25, abs=1 / 60)


@pytest.mark.slow
def test_the_same_comes_out_however_many_work_at_it(tmp_path) -> None:
    asked = {"metric": "t100/pocket", "plans": 12}
    alone = found(SHUTTLE, FLEET, tmp_path, **asked)
    together = found(SHUTTLE, FLEET, tmp_path, workers=2, **asked)

    assert chosen(alone) == chosen(together)
    assert [*alone.tried] == [*together.tried]
    for name, each in alone.tried.items():
        assert each.numbers.tolist() == together.tried[name].numbers.tolist()


def test_what_stands_in_the_file_is_no_plan_more_unless_it_is_drawn() -> None:
    """A plan fixes what it chooses, also where the scenario draws it."""
    drawn = operation(uncertain={"fleets.buses.seats": {"spread": "40 to 60"}})
    choices = (read_choice("fleets.buses.seats=50, 60", drawn),)
    by_chance = Space(Job(drawn, (), 1), choices)
    drawing = Space(Job(drawn, (), 1, "knowledge and chance"), choices)

    assert [by_chance.stands(by_chance.job((place,))) for place in (0, 1)] == [
        True,
        False,
    ]
    assert not drawing.stands(drawing.job((0,)))


# How it is asked


def test_the_plans_of_a_schedule_of_tranches_are_whole_lists(tmp_path) -> None:
    sizes = ", ".join(
        f"[{{north: {size}, south: {size}, times: {ceil(6 / size)}}}]"
        for size in (1, 2)
    )
    choices = (f"agreements.deal.tranches={sizes}",)
    result = found(EXCHANGE, choices, tmp_path, metric="t100/north")

    assert len(chosen(result)) == 1
    assert "south: 2, times: 3" in chosen(result)[0]


def test_a_plan_that_no_file_may_say_is_told_and_left_out(tmp_path) -> None:
    """Each value is allowed beside the others as they stand, but not both at once."""
    choices = ("flows.evacuation.smallest=1, 2", "flows.evacuation.convoy.buses=2, 1")
    whole = operation(
        fleets__buses__joins={at(0): 4},
        flows__evacuation__smallest=1,
        flows__evacuation__convoy={"buses": 2},
    )
    result = found(whole, choices, tmp_path, metric="t100/pocket")

    assert [*result.refused] == [("2", "1")]
    assert len(result.tried) == 3


def test_the_place_of_what_stands_is_found_among_values() -> None:
    space = Space(
        Job(SHUTTLE, (), 1), tuple(read_choice(text, SHUTTLE) for text in FLEET)
    )

    assert space.start() == (1, 2, 1)
    assert space.plans == len([*product(range(4), range(5), range(4))])
    assert {*space.neighbours((0, 2, 3))} == {
        (1, 2, 3),
        (0, 1, 3),
        (0, 3, 3),
        (0, 2, 2),
    }
    assert space.job(AS_IT_IS).operation is SHUTTLE


@pytest.mark.parametrize(
    ("choices", "asked", "part"),
    [
        ((), {}, "something to choose is needed"),
        (("start=2020-01-01T06:00",), {}, "ask for the latest start"),
        ((AHEAD[0], AHEAD[0]), {}, "chosen twice"),
        (("agreements.dael.ahead=1",), {}, "deal"),
        (("agreements.deal.tranches=[{north: 1]",), {}, "not closed"),
        (AHEAD, {"apart": "few"}, "'few' is no limit"),
        (AHEAD, {"apart": "500 cars"}, "is no limit"),
        (AHEAD, {"breaks": 1.0}, "below 100 %"),
        (AHEAD, {"matters": 0.0}, "above 0"),
        (AHEAD, {"plans": 1}, "from 2 to"),
        (AHEAD, {"metric": "vehicles_lost/bus"}, "--larger"),
    ],
)
def test_a_search_that_cannot_be_is_refused(choices, asked, part) -> None:
    assert part in refusal(choices, **asked)


def test_a_limit_needs_two_sides() -> None:
    assert "no agreement has two sides" in refusal(FLEET, SHUTTLE, apart="5")


def test_the_command_answers_and_leaves_the_plan(tmp_path) -> None:
    result = call(
        *("ask", "best", "two-towns", "-n", "3", "--apart", "60 %"),
        *("--choose", "flows.north-families.convoy={buses: 5}, {buses: 15}"),
        *("--results", tmp_path, "--workers", "1", "--no-figures"),
    )
    (folder,) = tmp_path.iterdir()
    table = rows(folder / "plans.csv")

    assert result.exit_code == 0, result.output
    assert "flows.north-families.convoy = {buses: 15} did best: 90 % arrived" in flat(
        result.output
    )
    assert [row["outcome"] for row in table] == ["best", "still in", "breaks the limit"]
    assert "buses: 15" in (folder / "scenarios" / "best.yaml").read_text("utf-8")


def test_so_few_runs_say_a_change_without_an_interval(tmp_path) -> None:
    """Three runs tell none; a dash before the unit would be no sentence."""
    plan = planned(
        SHUTTLE, ["flows.evacuation.headway=0 min, 5 min"], Amount(3, 1), matters=0.1
    )
    with working(Where(), 1, nobody) as work:
        answer = Words().of(outcome(Underway(tmp_path, plan), work).report.answer)

    assert re.search(r"on average, -\d\.\d h against", answer)
    assert "\N{PLUS-MINUS SIGN}" not in answer
