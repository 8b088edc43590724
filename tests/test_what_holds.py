"""What holds an operation: sums to the second, chains without a gap, removals by hand.

The shuttle's one bus takes 50 people at minute 0 and again at minute 135; they arrive
at minutes 75 and 210. A gate is passed at minutes 70 and 205 of it.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim.answers.removals import removable, without
from sim.answers.what_holds import held_in, removals
from sim.distributions import Distribution
from sim.experiment.compare import Row
from sim.experiment.drawn import Drawn
from sim.experiment.observe import Lens, observe
from sim.experiment.pool import Here
from sim.experiment.replicate import Job, grid
from sim.experiment.runner import run_study
from sim.metrics.account import Account
from sim.metrics.critical_chain import critical_chain, time_by_obstacle
from sim.metrics.obstacles import UNNAMED, Obstacle, ObstacleKind, by_obstacle
from sim.metrics.registry import summary
from sim.model import simulate
from sim.report.answers.removals import (
    RemovalEffect,
)
from sim.report.answers.removals import _removals as removals_table
from sim.report.answers.what_holds import _beside_capacity as beside
from sim.report.answers.what_holds import _interactions as interactions
from sim.report.contents import Report, Section
from sim.scenario import find, from_data, load, resolved_yaml
from sim.statistics.intervals import paired
from sim.words import Words
from tests.builders import at, halt, operation, two_sides, with_gate, with_post
from tests.commands import ROOT, call, flat, rows
from tests.forms import on_a_terminal
from tests.logs import total_waiting
from tests.reference.scenarios import scenario
from tests.test_pick_up import column

MADE_UP = (*range(60), *range(100_000, 100_030), *range(300_000, 300_030))
HELD = ObstacleKind.STOPPAGE
MINUTE = 60
WORDS = Words()


def log_of(world, seed=1):
    return simulate(world, seed=seed)


def last_arrival_min(world):
    return summary(log_of(world))["last_arrival/all"] * 60


# Person-seconds by name


@pytest.mark.slow
@pytest.mark.parametrize("seed", MADE_UP)
def test_every_second_of_every_person_has_exactly_one_obstacle(seed) -> None:
    log = log_of(from_data(scenario(seed)), seed)
    booked = by_obstacle(Account(log).charges)

    if not log.apart:
        assert sum(booked.values()) == total_waiting(log)
    assert all(seconds > 0 for seconds in booked.values())


def test_people_held_at_a_closed_gate_wait_for_that_stoppage() -> None:
    """50 stand there from minute 70 to 100, and 50 at the site wait for it as long."""
    world = with_gate({"closed": halt("gate", 60, 100)})
    booked = by_obstacle(Account(log_of(world)).charges)

    assert booked[Obstacle(HELD, "closed")] == 100 * 30 * MINUTE


def test_two_stoppages_of_one_cause_are_two_obstacles() -> None:
    stoppages = {"first": halt("gate", 60, 100), "second": halt("gate", 230, 300)}
    booked = by_obstacle(Account(log_of(with_gate(stoppages))).charges)

    assert booked[Obstacle(HELD, "first")] == 100 * 30 * MINUTE
    assert booked[Obstacle(HELD, "second")] > 0


# The chain of the last arrival


@pytest.mark.slow
@pytest.mark.parametrize("seed", MADE_UP)
def test_the_chain_has_no_gap_and_ends_with_the_last_arrival(seed) -> None:
    log = log_of(from_data(scenario(seed)), seed)
    links = critical_chain(log)
    last = max((row.arrived_s or 0 for row in Account(log).convoys), default=0)

    assert (links[-1].until_s if links else 0) == last
    assert all(link.since_s < link.until_s for link in links)
    ends = [0, *(link.until_s for link in links)]
    assert [link.since_s for link in links] == ends[:-1]
    assert sum(time_by_obstacle(links).values()) == last


def test_the_chain_of_the_shuttle_is_its_two_trips() -> None:
    """Out, back and out again; boarding takes 10 minutes, unloading 5."""
    links = critical_chain(log_of(operation()))
    told = [(link.until_s // MINUTE, link.convoy, link.cause) for link in links]

    assert told == [
        (10, "evacuation-001", "boarding"),
        (70, "evacuation-001", "road"),
        (75, "evacuation-001", "unloading"),
        (135, "evacuation-001", "road"),
        (145, "evacuation-002", "boarding"),
        (205, "evacuation-002", "road"),
        (210, "evacuation-002", "unloading"),
    ]


def test_the_chain_goes_through_the_trip_whose_vehicle_was_waited_for() -> None:
    """The first trip is held for half an hour, so the second is later by as much."""
    links = critical_chain(log_of(with_gate({"closed": halt("gate", 60, 100)})))
    hours = time_by_obstacle(links)

    assert hours[Obstacle(HELD, "closed")] == 30 * MINUTE
    assert links[-1].until_s == (210 + 30 + 60 + 60) * MINUTE


def test_a_site_of_which_nobody_arrived_has_no_chain() -> None:
    """The convoy that set out there arrives with people picked up on the way only."""
    loss = halt("bridge", 100, 110, caught="detain", detained_for="1 h", unaccounted=65)
    log = log_of(from_data(column(stoppages={"attack": loss})))

    assert critical_chain(log, "upper") == ()
    assert critical_chain(log, "lower") == critical_chain(log) != ()
    assert critical_chain(log)[-1].until_s == summary(log)["last_arrival/all"] * 3600


def test_what_another_convoy_stood_for_is_not_in_the_chain() -> None:
    """Two buses: that of the first trip is held and comes no later than the other."""
    world = with_gate(
        {"closed": halt("gate", 60, 100, meets={"last": 1})},
        fleets__buses__joins={at(0): 1, at(60): 1},
        flows__evacuation__at_once=2,
    )
    assert Obstacle(HELD, "closed") not in time_by_obstacle(
        critical_chain(log_of(world))
    )


# Without one of the things that hold it


def test_without_a_stoppage_the_run_is_that_of_a_scenario_that_has_none() -> None:
    world = with_gate({"closed": halt("gate", 60, 100)})

    assert last_arrival_min(world) == last_arrival_min(with_gate()) + 30
    assert last_arrival_min(
        without(world, [Obstacle(HELD, "closed")])
    ) == last_arrival_min(with_gate())


def test_without_a_stoppage_what_hangs_on_its_end_still_comes_then() -> None:
    world = with_gate(
        {"closed": halt("gate", 60, 100)},
        fleets__buses__joins={"when closed ends": 1},
    )
    assert last_arrival_min(without(world, [Obstacle(HELD, "closed")])) > 100


def test_without_an_agreement_no_side_waits_for_the_other() -> None:
    """The south has no bus at first, and in lockstep the north waits for it."""
    world = two_sides(fleets__south_D_buses__joins={at(600): 1})
    alone = two_sides(agreements=None)
    free = without(world, [Obstacle(ObstacleKind.AGREEMENT, "deal")])
    t100 = "t100/north"

    assert summary(log_of(world))[t100] > summary(log_of(alone))[t100]
    assert summary(log_of(free))[t100] == summary(log_of(alone))[t100]


def test_without_inspection_a_checkpoint_lets_pass_at_once() -> None:
    world = with_post()
    free = without(world, [Obstacle(ObstacleKind.CHECKPOINT, "post")])

    assert last_arrival_min(world) == last_arrival_min(free) + 60


def test_without_hours_a_flow_leaves_at_night() -> None:
    world = operation(flows__evacuation__hours="06:00 to 07:00")
    free = without(world, [Obstacle(ObstacleKind.HOURS, "pocket")])

    assert last_arrival_min(free) == 210
    assert last_arrival_min(world) > 24 * 60


def test_without_limits_both_buses_leave_at_once() -> None:
    world = operation(fleets__buses__joins={at(0): 2})
    free = without(world, [Obstacle(ObstacleKind.PACE, "pocket")])

    assert (last_arrival_min(world), last_arrival_min(free)) == (210, 75)


def test_twice_the_vehicles_are_as_many_again_at_the_same_moments() -> None:
    world = operation(flows__evacuation__at_once=2)
    free = without(world, [Obstacle(ObstacleKind.VEHICLES, "pocket")])

    assert free.fleets["buses"].joins == {0: 2}
    assert last_arrival_min(free) == 75


def test_a_draw_of_what_is_not_known_does_not_undo_a_removal() -> None:
    world = with_post(
        uncertain={
            "checkpoints.post.inspection": {"spread": "10 min to 50 min"},
            "legs.road.time": {"spread": "50 min to 70 min"},
        }
    )
    post = Obstacle(ObstacleKind.CHECKPOINT, "post")

    assert list(without(world, [post]).uncertain) == ["legs.road.time"]


@pytest.mark.parametrize(
    ("kind", "name", "path", "spread"),
    [
        (ObstacleKind.BAYS, "pocket", "sites.pocket.bays", "1 to 3"),
        (ObstacleKind.ROOM, "refuge", "sites.refuge.holds", "50 to 90"),
        (ObstacleKind.STOPPAGE, "closed", "stoppages.closed.unaccounted", "1 to 5"),
        (ObstacleKind.VEHICLES, "pocket", f"fleets.buses.joins.{at(0)}", "1 to 3"),
        (ObstacleKind.PACE, "pocket", "flows.evacuation.headway", "1 h to 2 h"),
    ],
)
def test_whatever_is_removed_is_not_drawn_any_more(kind, name, path, spread) -> None:
    world = with_gate(
        {"closed": {**halt("gate", 60, 100), "unaccounted": 1}},
        sites__pocket__bays=2,
        sites__refuge__holds=80,
        flows__evacuation__headway="90 min",
        uncertain={path: {"spread": spread}, "legs.road.time": {"spread": "1 to 2 h"}},
    )
    free = without(world, [Obstacle(kind, name)])

    assert list(free.uncertain) == ["legs.road.time"]


def test_a_draw_of_a_fit_does_not_undo_a_removal_though_it_sets_more() -> None:
    """One draw is the inspection and the road; the road goes on taking it."""
    both = ["checkpoints.post.inspection", "legs.road.time"]
    world = with_post(uncertain={"pace": {"sets": both, "spread": "10 min to 50 min"}})
    job = Job(world, (), 1, drawn=Drawn("", ("pace",), ((1800.0,),), ((0,),)))
    free = job.of(without(world, [Obstacle(ObstacleKind.CHECKPOINT, "post")]))
    run, drawn = free.world(0)

    assert drawn == {"legs.road.time": 1800.0}
    assert run.legs["road"].time == job.world(0)[0].legs["road"].time
    assert run.checkpoints["post"].inspection == Distribution.fixed(0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", MADE_UP[::3])
def test_any_operation_runs_without_any_of_its_obstacles(seed) -> None:
    world = from_data(scenario(seed))
    for removal in removals(world):
        people = Account(log_of(without(world, removal), seed)).leaving
        assert set(people) == set(Account(log_of(world, seed)).leaving)


def test_the_base_stays_as_it_was() -> None:
    world = load(find("aleppo-2016", ROOT))
    before = resolved_yaml(world)
    for removal in removals(world):
        without(world, removal)

    assert resolved_yaml(world) == before


def test_each_obstacle_of_the_replay_is_removed_by_itself_and_all_together() -> None:
    world = load(find("aleppo-2016", ROOT))
    each = removable(world)

    assert len(set(each)) == len(each)
    assert {name for kind, name in each if kind is HELD} == set(world.stoppages)
    assert removals(world)[-1] == each


# Many runs


def test_means_over_runs_sum_to_all_waiting() -> None:
    world = load(find("two-towns", ROOT))
    study = run_study(world, seed=1, replications=6)
    held = held_in(study, Here(), lambda done: None)
    logs = [study.log_of(number) for number in range(6)]

    for number, log in enumerate(logs):
        whole = sum(column[number] for column in held.person_h.values())
        assert whole == pytest.approx(total_waiting(log) / 3600, rel=1e-12)
        chain = sum(column[number] for column in held.chain_h.values())
        assert chain == pytest.approx(summary(log)["last_arrival/all"], rel=1e-12)


@pytest.mark.parametrize("name", ["two-towns", "four-towns-2017", "aleppo-2016"])
def test_what_a_run_keeps_by_name_sums_to_all_its_waiting_to_the_second(name) -> None:
    study = run_study(load(find(name, ROOT)), seed=1, replications=2)

    assert UNNAMED not in study.held
    for number in range(2):
        log = study.log_of(number)
        kept = {what: time_s[number] for what, time_s in study.held.items()}
        booked = by_obstacle(Account(log).charges)
        assert {what: time_s for what, time_s in kept.items() if time_s} == booked
        assert log.apart or sum(kept.values()) == total_waiting(log)


@pytest.mark.slow
@pytest.mark.parametrize("seed", MADE_UP)
def test_whatever_anybody_waits_for_has_a_name_in_its_scenario(seed) -> None:
    world = from_data(scenario(seed))
    study = run_study(world, seed=seed, replications=1)
    booked = by_obstacle(Account(study.log_of(0)).charges)

    assert {what: int(time_s[0]) for what, time_s in study.held.items()} == booked


def test_what_no_scenario_names_is_kept_too() -> None:
    """As what a stage of somebody's own charges to a place of its own."""
    world = with_gate({"closed": halt("gate", 60, 100)})
    log = log_of(world)
    lens = Lens.of(with_gate(), (), grid(world.ends))
    notes = observe(log, 0, {}, lens)

    assert [*lens.obstacles][-1] == UNNAMED
    assert notes.obstacles[-1] == 100 * 30 * MINUTE
    assert sum(notes.obstacles) == total_waiting(log)


@pytest.mark.slow
def test_the_answer_names_what_was_waited_for_and_what_would_help(tmp_path) -> None:
    told = ("ask", "what-holds", "two-towns", "-n", "12", "--no-figures")
    result = call(*told, "--results", str(tmp_path))
    (folder,) = tmp_path.iterdir()
    obstacles = rows(folder / "obstacles.csv")
    removed = {row["removed"] for row in rows(folder / "removals.csv")}

    assert result.exit_code == 0
    assert "What would save most: without limits on convoys from northtown" in flat(
        result.output
    )
    assert {"stoppage", "agreement", "vehicles", "road"} <= {
        row["kind"] for row in obstacles
    }
    assert "stoppage searches" in removed


def effect(name, change, *others):
    """Return what a removal changes, by made-up numbers."""
    base = np.full(12, 100.0)
    after = base + change + np.linspace(-1, 1, 12)
    pair = paired(base, after)
    row = Row(0, "waiting/all", pair, pair.p, 12, 0, 0, 12, 0, 1.0)
    names = tuple(Obstacle(HELD, each) for each in (name, *others))
    return RemovalEffect(names, row, None, None)


@pytest.mark.parametrize(
    ("capacity_h", "said", "why"),
    [
        (80.0, ["after 84.0 h", "5.0% more than the 80.0 h"], False),
        (88.0, ["after 84.0 h", "4.5% less than the 88.0 h"], False),
        (60.0, ["40.0% more than the 60.0 h", "wait most for stoppage 'left'"], True),
    ],
)
def test_runs_without_politics_are_told_beside_capacity(capacity_h, said, why) -> None:
    """What is further off than a tenth is explained by what people still wait for."""
    removal = tuple(Obstacle(HELD, each) for each in ("one", "two"))
    freed = SimpleNamespace(held={Obstacle(HELD, "left"): np.array([7, 7])})
    found = SimpleNamespace(
        base=SimpleNamespace(operation=operation()), arms=((removal, freed),)
    )
    both = effect("one", -16, "two")
    t100 = replace(both.waiting, metric="t100/pocket")
    capacity = SimpleNamespace(time_s=capacity_h * 3600)
    parts = [*beside(found, (both._replace(t100=t100),), capacity)]
    text = " ".join(str(WORDS.of(part)) for part in parts)

    assert all(each in text for each in said)
    assert ("The difference:" in text) is why


def test_what_would_be_worst_stands_in_the_table_and_the_sum_is_explained() -> None:
    """The largest changes come first, for better or worse; thirteen are too many."""
    found = SimpleNamespace(base=SimpleNamespace(operation=operation()))
    single = [effect(f"thing-{n}", -n) for n in range(1, 13)]
    effects = [*single, effect("harm", 500), effect("thing-1", -300, "harm")]
    shown = removals_table(found, effects)
    text = " ".join(
        str(WORDS.of(part)) for part in interactions(found, effects) if part is not None
    )

    assert "harm" in WORDS.of(next(iter(shown.rows))[0])
    assert "One by one they would even add waiting" in text
    told = on_a_terminal(
        Report(title="t", answer="a", sections=(Section("s", "s", (shown,)),), data={})
    )
    assert "2 more rows are on the page and in the workbook." in told
