"""What is asked of related operations has related answers: run by run, exactly.

As `test_relations_of_runs`, for what `ask` says.
"""

from itertools import combinations, pairwise
from math import inf

import pytest

from sim.answers.bound import SURE, Envelope, bounds_of
from sim.answers.goals import read_goal
from sim.answers.probability import asked_of_runs, moments_around, probability
from sim.answers.removals import removable, without
from sim.answers.what_holds import held_in
from sim.experiment.pool import Here
from sim.experiment.runner import run_study
from sim.metrics.account import Account
from sim.metrics.critical_chain import critical_chain, time_by_obstacle
from sim.metrics.obstacles import Obstacle, ObstacleKind, by_obstacle
from sim.model import simulate
from sim.scenario import from_data
from sim.scenario.checks import findings
from sim.scenario.draft import Draft
from sim.studies.ask import go_or_wait, least, sensitivity
from sim.studies.cases import Case
from sim.studies.options import Amount, Where
from sim.studies.told import nobody
from sim.studies.unfinished import Underway
from sim.studies.work import working
from tests.builders import at, changed, halt, operation, shuttle, with_gate, with_post
from tests.reference.scenarios import scenario
from tests.relations import ANY, certain, curves, names_of, renamed

A_DAY = 24 * 60
A_SITE_FAR_AWAY = 14
"""Number of a made-up scenario in which one site takes longer than the others."""
RANDOM = {"legs__road__time": "30 min to 90 min"}
WORLDS = {
    "a gate": lambda **more: with_gate(
        {"closed": halt("gate", 60, 100)}, **RANDOM, **more
    ),
    "a checkpoint": lambda **more: with_post(
        inspection="10 min to 50 min", **RANDOM, **more
    ),
}


@pytest.fixture(params=WORLDS.values(), ids=list(WORLDS))
def world(request):
    return request.param


def a_day_later(data):
    """Return scenario data all dates of which are a day later; it ends on the 11th."""
    dates = {f"2020-01-{day:02d}": f"2020-01-{day + 1:02d}" for day in range(1, 20)}

    def later(value):
        if isinstance(value, dict):
            return {later(key): later(each) for key, each in value.items()}
        if isinstance(value, list):
            return [later(each) for each in value]
        if isinstance(value, str) and value[:10] in dates:
            return dates[value[:10]] + value[10:]
        return value

    return later(data)


def answered(asked, folder, *told, **options):
    """Return what a question answers."""
    with working(Where(), 1, nobody) as work:
        return asked.outcome(Underway(folder, asked.planned(*told, **options)), work)


def likely(text, world, runs=40):
    """Return in which runs a goal is met, and how often around its moment."""
    goal = read_goal(text, world)
    names = asked_of_runs([goal, *moments_around(goal, world.clock, world.ends)])
    study = run_study(world, seed=1, replications=runs, at_moments=names)
    found = probability(study, goal)
    return study.metric(goal.metric) > 0, [each.met for _, each in found.around]


def sought(world, folder, choice, goals, most=400, **asked):
    """Return the value that a search finds, its place in the order, and all of it."""
    found = answered(least, folder, world, choice, goals, Amount(most, 1), **asked)
    return found.result


def held(world, seed=1):
    """Return person-seconds and seconds of the chain of a run, by obstacle."""
    log = simulate(world, seed=seed)
    return by_obstacle(Account(log).charges), time_by_obstacle(critical_chain(log))


# A day later


SHIFTED = shuttle(
    gates={"gate": {}},
    routes__out__through=["road", "gate", "road"],
    stoppages={"closed": halt("gate", 60, 100)},
    flows__evacuation__opens=at(10),
    **RANDOM,
)


def test_a_shift_by_a_day_shifts_a_goal_by_a_day() -> None:
    now, then = from_data(SHIFTED), from_data(a_day_later(SHIFTED))
    for minute in (200, 300, 400):
        before, around = likely(f"all of pocket arrived by {at(minute)}", now)
        after, later = likely(f"all of pocket arrived by {at(minute + A_DAY)}", then)

        assert (before == after).all()
        assert around == later


@pytest.mark.slow
def test_a_shift_by_a_day_shifts_the_latest_opening_by_a_day(tmp_path) -> None:
    found = []
    for data, day in ((SHIFTED, 0), (a_day_later(SHIFTED), A_DAY)):
        choice = f"flows.evacuation.opens={at(day)} to {at(day + 240)} by 30 min"
        goals = [f"all of pocket arrived by {at(day + 500)}"]
        folder = tmp_path / str(day)
        answer = sought(from_data(data), folder, choice, goals, latest=True)
        assert answer.value is not None
        found.append((answer.value[11:], answer.threshold))

    assert found[0] == found[1]


def test_a_shift_by_a_day_leaves_what_holds_and_the_bound_as_they_are() -> None:
    """They count from the start."""
    now, then = from_data(SHIFTED), from_data(a_day_later(SHIFTED))

    assert held(now) == held(then)
    assert bounds_of(now, SURE) == bounds_of(then, SURE)


# Other names


@pytest.mark.parametrize("what", ["sites", "gates", "legs", "stoppages", "agreements"])
def test_other_names_change_nothing_that_holds_but_its_name(what) -> None:
    for data in certain(0):
        names = {name: f"new-{name}" for name in names_of(data, what)}
        for before, after in zip(
            held(from_data(data)), held(from_data(renamed(data, names))), strict=True
        ):
            assert after == {
                Obstacle(kind, names.get(name, name)): time
                for (kind, name), time in before.items()
            }


@pytest.mark.slow
@pytest.mark.parametrize("number", ANY)
def test_other_names_change_no_bound(number) -> None:
    """Chance is taken at its least, so that luck by names is none."""
    data = scenario(number)
    names = {n: f"new-{n}" for n in names_of(data, "sites", "groups", "fleets")}
    before, after = (
        bounds_of(from_data(each), SURE) for each in (data, renamed(data, names))
    )

    assert {key: bound.time_s for key, bound in after.items()} == {
        (names.get(whose, whose), percent): bound.time_s
        for (whose, percent), bound in before.items()
    }


@pytest.mark.parametrize("number", ANY)
def test_other_names_change_nothing_that_the_check_finds(number) -> None:
    data = scenario(number)
    names = {n: f"new-{n}" for n in names_of(data, "sites", "flows", "agreements")}
    before, after = (
        [*findings(Draft.of(from_data(each)))] for each in (data, renamed(data, names))
    )

    assert len(after) == len(before)


# What holds nobody, and what holds more


@pytest.mark.parametrize("number", ANY)
def test_removing_a_stoppage_that_met_nobody_changes_nothing(number) -> None:
    """Of those that only close: none that breaks an agreement, or loses vehicles."""
    world = from_data(scenario(number))
    log = simulate(world, seed=1)
    met = {row[9].stoppage for row in log.rows if row[4]} | {
        name for _, name in held(world)[0]
    }
    idle = [
        name
        for name, plan in world.stoppages.items()
        if name not in met and not (plan.breaches or plan.suspends or plan.loses)
    ]
    for name in idle:
        free = without(world, [Obstacle(ObstacleKind.STOPPAGE, name)])
        assert curves(free) == curves(world)


def test_a_removal_of_nothing_changes_nothing() -> None:
    for data in certain(0):
        assert curves(without(from_data(data), [])) == curves(from_data(data))


def test_what_is_removed_holds_nobody_any_more(world) -> None:
    one = world()
    for obstacle in removable(one):
        if obstacle.kind in {ObstacleKind.VEHICLES, ObstacleKind.PACE}:
            continue  # twice the vehicles are not all that somebody may wait for
        charged, _ = held(without(one, [obstacle]))
        assert obstacle not in charged


@pytest.mark.parametrize("runs", [3])
def test_twice_the_people_in_twice_the_seats_wait_twice_as_long(world, runs) -> None:
    once, twice = (
        held_in(
            run_study(
                world(
                    sites__pocket__groups__civilians__people=130 * n,
                    fleets__buses__seats=50 * n,
                ),
                seed=1,
                replications=runs,
            ),
            Here(),
            lambda done: None,
        )
        for n in (1, 2)
    )

    assert once.person_h.keys() == twice.person_h.keys()
    for name, hours in once.person_h.items():
        assert twice.person_h[name] == pytest.approx(2 * hours, rel=1e-12)
    assert all((once.chain_h[n] == h).all() for n, h in twice.chain_h.items())


# The bound


@pytest.mark.parametrize(
    ("worse", "changes"),
    [
        (False, {"fleets__buses__seats": 70}),
        (False, {"fleets__buses__joins": {at(0): 5}}),
        (False, {"checkpoints__post__lanes": 3}),
        (False, {"flows__evacuation__at_once": 5}),
        (True, {"legs__road__time": "61 min"}),
        (True, {"checkpoints__post__inspection": "31 min"}),
        (True, {"flows__evacuation__opens": at(30)}),
        (True, {"flows__evacuation__headway": "45 min"}),
        (True, {"sites__pocket__groups__civilians__people": 270}),
        (True, {"sites__pocket__bays": 1}),
    ],
)
def test_more_of_it_never_raises_the_bound_and_more_to_do_never_lowers_it(
    worse, changes
) -> None:
    usual = {"sites__pocket__groups__civilians__people": 230}
    before, after = (
        bounds_of(with_post(**{**usual, **more}), SURE) for more in ({}, changes)
    )
    for key, bound in before.items():
        less, more = (bound, after[key]) if worse else (after[key], bound)
        assert less.time_s <= more.time_s


def after_all(world):
    """Return the sites that cannot be out before all of them together can."""
    found = dict(bounds_of(world, SURE, percents=(100,)))
    whole = found.pop(("all", 100)).time_s
    return [
        bound.whose
        for bound in found.values()
        if whole is not None and (bound.time_s is None or bound.time_s > whole)
    ]


@pytest.mark.parametrize("number", [*ANY, A_SITE_FAR_AWAY])
def test_all_sites_are_not_out_before_any_of_them(number) -> None:
    assert after_all(from_data(scenario(number))) == []


def test_a_bound_of_all_that_forgets_its_sites_would_be_seen(monkeypatch) -> None:
    monkeypatch.setattr(Envelope, "_of_sites", lambda *_: inf)

    assert after_all(from_data(scenario(A_SITE_FAR_AWAY))) == ["north"]


def test_twice_the_people_in_twice_the_seats_have_the_same_bound(world) -> None:
    once, twice = (
        bounds_of(
            world(
                sites__pocket__groups__civilians__people=130 * n,
                fleets__buses__seats=50 * n,
            ),
            SURE,
        )
        for n in (1, 2)
    )

    assert [b.time_s for b in once.values()] == [b.time_s for b in twice.values()]


# Goals


@pytest.mark.slow
def test_who_asks_for_more_is_never_likelier_to_get_it(world) -> None:
    """More people by the same moment, or as many by an earlier one, in every run."""
    one = world()
    met = {
        (share, minute): likely(f"{share} % of pocket arrived by {at(minute)}", one)[0]
        for share in (10, 50, 51, 100)
        for minute in (75, 150, 300, 420)
    }
    assert len({runs.sum() for runs in met.values()}) > 3
    for (share, minute), runs in met.items():
        for (other, later), others in met.items():
            if other <= share and later >= minute:
                assert (runs <= others).all()


def test_who_is_out_is_not_inside(world) -> None:
    """All are out exactly if fewer than one person is anywhere else."""
    one = world()
    for minute in (150, 300, 420):
        out, _ = likely(f"all of pocket out by {at(minute)}", one)
        inside, _ = likely(f"fewer than 1 of pocket inside at {at(minute)}", one)
        aboard, _ = likely(f"fewer than 1 of pocket aboard at {at(minute)}", one)
        assert (out == (inside & aboard)).all()


# The least and the latest


SEATS = "fleets.buses.seats=20, 25, 34, 50, 100"
HEADWAY = "flows.evacuation.headway"


def found_seats(world, folder, goals, choice=SEATS, **asked):
    answer = sought(world, folder, choice, goals, **asked)
    assert not answer.threshold.fails_again
    return 101 if answer.value is None else int(answer.value)


@pytest.mark.slow
def test_a_later_goal_never_needs_more(tmp_path) -> None:
    """Nor does a smaller share, with the same luck."""
    one = operation(**RANDOM)
    needed = [
        [
            found_seats(
                one,
                tmp_path / f"{share}-{minute}",
                [f"{share} % of pocket arrived by {at(minute)}"],
            )
            for minute in (90, 250, 400)
        ]
        for share in (100, 50)
    ]

    for row in needed:
        assert row == sorted(row, reverse=True)
    assert all(whole >= half for whole, half in zip(*needed, strict=True))
    assert len({seats for row in needed for seats in row}) > 2


@pytest.mark.slow
def test_whoever_wants_to_be_surer_needs_no_fewer(tmp_path) -> None:
    goals = [f"all of pocket arrived by {at(260)}"]
    one = operation(**RANDOM)
    needed = [
        found_seats(one, tmp_path / str(wanted), goals, probability=wanted, most=2_000)
        for wanted in (0.1, 0.5, 0.9)
    ]

    assert needed == sorted(needed)


@pytest.mark.slow
def test_one_more_goal_never_needs_less(tmp_path) -> None:
    one = operation(**RANDOM)
    goals = [f"half of pocket arrived by {at(99)}", f"all of pocket out by {at(400)}"]
    single = [found_seats(one, tmp_path / goal[:4], [goal]) for goal in goals]

    assert found_seats(one, tmp_path / "both", goals) >= max(single)


@pytest.mark.slow
def test_the_order_of_goals_and_of_values_changes_nothing(tmp_path) -> None:
    """Nor does a goal that is written twice."""
    one = operation(**RANDOM)
    goals = [f"half of pocket arrived by {at(99)}", f"all of pocket out by {at(400)}"]
    ways = [
        (SEATS, goals),
        (SEATS, goals[::-1]),
        (SEATS, [*goals, goals[0]]),
        ("fleets.buses.seats=100, 20, 50, 25, 34", goals),
    ]
    found = [
        sought(one, tmp_path / str(n), choice, asked)
        for n, (choice, asked) in enumerate(ways)
    ]

    for one_way, other_way in pairwise(found):
        assert one_way.value == other_way.value
        assert one_way.threshold == other_way.threshold


@pytest.mark.slow
def test_a_value_in_another_unit_is_the_same_value(tmp_path) -> None:
    one = operation(**RANDOM, flows__evacuation__headway="1 h")
    goals = [f"all of pocket arrived by {at(400)}"]
    hours, minutes = (
        sought(one, tmp_path / name, f"{HEADWAY}={values}", goals, latest=True)
        for name, values in (
            ("hours", "1 h, 2 h, 4 h"),
            ("minutes", "60 min, 120 min, 240 min"),
        )
    )

    assert hours.threshold == minutes.threshold


# Sensitivity, and going or waiting


@pytest.mark.slow
def test_what_nobody_of_a_site_meets_does_not_matter_for_it(tmp_path) -> None:
    """Two sites that share nothing: the road of one does nothing to the other."""
    other = renamed(
        shuttle(),
        {
            "pocket": "town",
            "refuge": "camp",
            "buses": "cars",
            "road": "lane",
            "out": "away",
            "evacuation": "leaving",
        },
    )
    both = shuttle()
    for section in ("sites", "fleets", "legs", "routes", "flows"):
        both[section] |= other[section]
    ranges = {
        f"legs.{leg}.time": {"spread": "30 min to 90 min"} for leg in ("road", "lane")
    }
    found = answered(
        sensitivity,
        tmp_path,
        from_data(changed(both, uncertain=ranges)),
        Amount(2),
        metrics=["t100/pocket"],
        points=16,
    )
    (screen,), _ = found.result
    road, lane = screen.effects

    assert road.size > 0
    assert lane == (0, 0, 0, 0, 0)


@pytest.mark.slow
def test_whoever_has_nothing_to_choose_loses_every_hour_he_waits(tmp_path) -> None:
    """A longer wait costs as much more as it is longer, run by run."""
    people = "sites.pocket.groups.civilians.people"
    world = operation(uncertain={people: {"spread": "1 to 100"}})
    lost = []
    for minutes in (30, 60, 120):
        found = answered(
            go_or_wait,
            tmp_path / str(minutes),
            Case("one", world, ()),
            [],
            Amount(60),
            confirms=[people],
            after=f"{minutes} min",
            metric="t100/pocket",
        )
        lost.append(found.result.difference.difference * 60)

    assert lost == pytest.approx([30, 60, 120])


def test_the_first_runs_of_many_are_those_of_few(world) -> None:
    text = f"all of pocket arrived by {at(300)}"
    few, many = (likely(text, world(), runs)[0] for runs in (10, 30))

    assert (many[:10] == few).all()


def test_no_two_worlds_here_are_the_same_by_mistake() -> None:
    """Control: what is compared above differs where it should."""
    worlds = [make() for make in WORLDS.values()]
    for one, other in combinations(worlds, 2):
        assert curves(one) != curves(other)
