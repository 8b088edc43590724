"""Deadlocks: refused by `check` if certain, counted with their chains if not."""

from collections.abc import Iterator

import pytest
import yaml

from sim.answers import deadlines
from sim.answers.deadlocks import deadlocks_of
from sim.events import Kind
from sim.experiment import run_study
from sim.experiment.pool import Here
from sim.metrics.deadlocks import deadlocks
from sim.metrics.registry import summary
from sim.model import simulate
from sim.scenario import find, from_data, load
from sim.scenario.load import deadlocks as certain
from tests.builders import START, at, changed, halt, two_sides, two_sides_data
from tests.commands import ROOT, call, flat, rows
from tests.reference.scenarios import scenario

MADE_UP = (*range(50), *range(100_000, 100_030), *range(300_000, 300_030))
MORE = (*range(50, 150), *range(100_030, 100_080), *range(300_030, 300_080))
TOGETHER = {"rule": "simultaneous", "tranches": [{"north": 100, "south": 50}]}
NEEDS_NORTH = {"requires": {"first": {"arrived": {"north": 50}}}}


def sides(terms=None, **changes):
    """Two sides of a hundred people, with a bus of fifty each."""
    return two_sides(terms=terms, **changes)


def chains(world) -> list[str]:
    return [found.problem for found in certain(world)]


def ends(world, seed=1):
    return {e.kind for e in simulate(world, seed=seed).events if e.kind in ENDINGS}


ENDINGS = {Kind.DEADLOCK, Kind.UNFINISHED}


# Certain ones


def test_a_tranche_that_never_stands_ready_at_its_gate_is_a_deadlock() -> None:
    """A hundred are to stand there at once, and one bus has fifty seats."""
    (chain,) = chains(sides(TOGETHER))

    assert "tranche 1 opens when every side has it ready at its gate" in chain
    assert "'north' can never have more than 50 people at 'north-gate'" in chain
    assert ends(sides(TOGETHER)) == {Kind.DEADLOCK}


@pytest.mark.parametrize(
    "enough",
    [
        {"fleets__north-buses__joins": {START: 2}, "flows__north__at_once": 2},
        {"fleets__north-buses__seats": 100},
        {"agreements__deal__tranches": [{"north": 50, "south": 50}] * 2},
        {"agreements__deal__rule": "lockstep"},
        {"agreements__deal__amendments": {at(900): {"tranches": [{"north": "rest"}]}}},
        {
            "agreements__deal__deadline": at(900),
            "agreements__deal__after_deadline": "lapse",
        },
        {"sites__north__groups__civilians__withdraws": {at(20): 60}},
        {"sites__north__groups__civilians__people": 50},
    ],
)
def test_what_can_be_ready_or_is_helped_is_none(enough) -> None:
    data = changed(two_sides_data(terms=TOGETHER), **enough)
    if enough.get("sites__north__groups__civilians__people"):
        data["agreements"]["deal"]["tranches"] = [{"north": 50, "south": 50}]

    assert chains(from_data(data)) == []


def one_fleet(vehicles, tranche, **terms):
    """Both sides draw on the same buses."""
    data = two_sides_data(terms={**TOGETHER, "tranches": [tranche], **terms})
    del data["fleets"]["south-buses"]
    data["fleets"]["north-buses"]["joins"] = {START: vehicles}
    for flow in data["flows"].values():
        flow["convoy"], flow["at_once"] = {"north-buses": 1}, 9
    return from_data(data)


@pytest.mark.parametrize(
    ("unit", "tranche"),
    [("people", {"north": 100, "south": 100}), ("vehicles", {"north": 2, "south": 2})],
)
def test_sides_that_need_more_of_one_fleet_than_there_is_lock_each_other(
    unit, tranche
) -> None:
    world = one_fleet(3, tranche, unit=unit)
    (chain,) = chains(world)

    assert "for that 'north' 2 and 'south' 2 vehicles of 'north-buses'" in chain
    assert "each side holds vehicles that the other needs" in chain
    assert ends(world) <= ENDINGS
    assert ends(world)
    assert chains(one_fleet(4, tranche, unit=unit)) == []
    assert ends(one_fleet(4, tranche, unit=unit)) == set()


def test_a_gate_that_opens_with_an_agreement_that_needs_who_stands_there() -> None:
    """The halt ends with the deal, and that begins when people of the north arrive."""
    closed = halt("beyond", 0, 1, until_agreement="deal")
    del closed["until"]
    data = changed(
        two_sides_data(),
        gates__beyond={},
        routes__north__through=["beyond", "road", "north-gate", "road"],
        stoppages={"closed": closed},
        agreements__deal__parties={"south": {"flows": ["south"], "gate": "south-gate"}},
        agreements__deal__tranches=[{"south": "rest"}],
        agreements__deal__requires=NEEDS_NORTH["requires"],
    )
    (chain,) = chains(from_data(data))

    assert "'closed' lasts until 'deal' is in force" in chain
    assert "'deal' requires 'first': that people of 'north' arrive" in chain
    assert "people of 'north' pass 'beyond' only once 'closed' is over" in chain
    assert ends(from_data(data)) == {Kind.DEADLOCK}
    later = changed(data, stoppages__closed__starts=at(60))
    assert chains(from_data(later)) == []


def test_the_check_names_the_line_and_refuses(tmp_path) -> None:
    file = tmp_path / "locked.yaml"
    file.write_text(yaml.safe_dump(two_sides_data(terms=TOGETHER)), encoding="utf-8")
    place = next(
        number
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if "north: 100" in line
    )
    result = call("check", file)

    assert result.exit_code == 1
    assert f"{file}:{place}:" in result.stderr
    assert "a deadlock in every run" in result.stderr
    assert "refused" in result.stderr


@pytest.mark.parametrize(
    "seed", [*MADE_UP, *(pytest.param(seed, marks=pytest.mark.slow) for seed in MORE)]
)
def test_no_made_up_operation_that_runs_through_is_called_a_deadlock(seed) -> None:
    world = from_data(scenario(seed))
    found = certain(world)

    if not ends(world, seed):
        assert found == ()
    for late in deadlines.findings(world):
        if late.path[-1] != "deadline":
            continue
        name = late.path[1]
        due = world.agreements[name].deadline
        assert not any(
            e.kind is Kind.COMPLETED and e.place == name and e.time_s < due
            for e in simulate(world, seed=seed).events
        )


def test_no_scenario_of_the_repository_is_called_one() -> None:
    for file in (ROOT / "scenarios").glob("*/*.yaml"):
        world = load(file)
        assert certain(world) == ()
        assert [*deadlines.findings(world)] == []


# Deadlines


@pytest.mark.parametrize(("minute", "met"), [(264, False), (265, True)])
@pytest.mark.parametrize("counted_at", ["crossing", "arrival"])
def test_a_deadline_that_no_run_can_meet_is_noted(minute, met, counted_at) -> None:
    """The second bus of the north is at its gate at 265, and there at 330.

    For a crossing the five minutes of unloading are left out of the bound.
    """
    due = minute - 5 if counted_at == "crossing" else minute + 65
    terms = {"counted_at": counted_at, "deadline": at(due)}
    terms["tranches"] = [{"north": "rest", "south": "rest"}]
    world = sides(terms)
    found = [each for each in deadlines.findings(world) if "'north'" in each.problem]

    assert bool(found) is not met
    for each in found:
        assert "is to have moved 100 people" in each.problem
        assert "no more than 50 can have" in each.problem
        assert each.path == ("agreements", "deal", "deadline")


@pytest.mark.parametrize(("end", "met"), [(329, False), (331, True)])
def test_arrivals_that_cannot_be_by_the_end_are_noted(end, met) -> None:
    """The second bus of the north is there at 330."""
    data = changed(
        two_sides_data(),
        ends=at(end),
        agreements__deal__parties={"south": {"flows": ["south"], "gate": "south-gate"}},
        agreements__deal__tranches=[{"south": "rest"}],
        agreements__deal__requires={"first": {"arrived": {"north": 51}}},
    )
    found = [each.problem for each in deadlines.findings(from_data(data))]

    assert bool(found) is not met
    for each in found:
        assert "51 people of 'north' are to arrive" in each
        assert "no more than 50 can by" in each


def test_check_notes_it_and_refuses_nothing(tmp_path) -> None:
    terms = {"deadline": at(100), "tranches": [{"north": "rest", "south": "rest"}]}
    file = tmp_path / "late.yaml"
    file.write_text(yaml.safe_dump(two_sides_data(terms=terms)), encoding="utf-8")
    result = call("check", file)

    assert result.exit_code == 0
    assert "agreements.deal.deadline: no run can meet it" in result.stderr


# By chance


def by_chance():
    """A halt that may begin before the deal is done, and ends only after it."""
    data = two_sides_data(terms={"tranches": [{"north": "rest", "south": "rest"}]})
    data["agreements"]["later"] = {
        "parties": {"north": {"flows": ["north"], "gate": "north-gate"}},
        "proposed": at(900),
        "requires": {"deal-done": {"agreement": "deal"}},
        "tranches": [{"north": "rest"}],
    }
    data["stoppages"] = {
        "halt": {
            "cause": "a halt",
            "closes": ["south-gate"],
            "every": "on average 5 h, memoryless",
            "until_agreement": "later",
        }
    }
    return from_data(data)


@pytest.fixture(scope="module")
def many() -> Iterator[object]:
    return run_study(by_chance(), replications=40, seed=3)


def test_one_by_chance_is_counted_with_its_chain(many) -> None:
    found = deadlocks_of(many, Here(), lambda _: None)
    every = [bool(deadlocks(many.log_of(number))) for number in range(40)]

    assert chains(by_chance()) == []
    assert 0 < found.likelihood.met < 40
    assert found.likelihood.met == sum(every)
    assert found.likelihood.low < found.likelihood.share < found.likelihood.high
    assert sum(chain.runs for chain in found.chains) >= found.likelihood.met
    first = found.chains[0]
    assert every[first.first]
    assert {link.flow for link in first.chain} <= {"north", "south"}
    assert "halt" in {link.reason.stoppage for link in first.chain}


def test_runs_that_only_ended_too_early_are_no_deadlock() -> None:
    early = run_study(sides(ends=at(100)), replications=5, seed=1)
    found = deadlocks_of(early, Here(), lambda _: None)

    assert found.likelihood.met == 0
    assert found.chains == ()


def test_only_the_first_runs_are_looked_at_if_so_asked(many) -> None:
    found = deadlocks_of(many, Here(), lambda _: None, most=10)

    assert found.likelihood.runs == 10


def test_a_chain_that_begins_elsewhere_is_the_same_one() -> None:
    found = deadlocks_of(
        run_study(sides(TOGETHER), replications=3, seed=1), Here(), lambda _: None
    )

    assert found.likelihood.met == 3
    assert len(found.chains) == 1
    assert found.chains[0].people == 200


def written(tmp_path, world):
    from sim.scenario import resolved_yaml  # noqa: PLC0415

    file = tmp_path / "scenario.yaml"
    file.write_text(resolved_yaml(world), encoding="utf-8")
    return file


def test_ask_deadlock_answers_first_and_names_the_chain(tmp_path) -> None:
    file, results = written(tmp_path, by_chance()), tmp_path / "results"
    said = flat(call("ask", "deadlock", file, "-n", "12", "--results", results).output)

    assert "of 12 runs" in said
    assert "people are held in a deadlock at the end. Most often: " in said
    assert "halt" in said
    (folder,) = results.iterdir()
    assert all(row["of_runs"] == "12" for row in rows(folder / "deadlocks.csv"))


@pytest.mark.slow
def test_the_report_of_a_run_has_the_table_if_any_run_ended_so(tmp_path) -> None:
    file, results = written(tmp_path, by_chance()), tmp_path / "results"
    said = flat(call("run", file, "-n", "12", "--results", results).output)
    free = flat(
        call("run", "two-towns", "-n", "2", "--results", tmp_path / "free").output
    )

    assert "What people are held by at the end, in most runs first" in said
    assert "deadlock at the end" not in free


def test_a_run_of_a_certain_deadlock_ends_and_says_so(tmp_path) -> None:
    file = written(tmp_path, sides(TOGETHER))
    said = flat(call("run", file, "-n", "2", "--results", tmp_path / "r").output)

    assert "In 2 of 2 runs" in said
    assert summary(simulate(sides(TOGETHER), seed=1))["arrived/all"] == 0


def test_the_replay_has_none() -> None:
    study = run_study(load(find("aleppo-2016", ROOT)), replications=4, seed=1)

    assert deadlocks_of(study, Here(), lambda _: None).likelihood.met == 0
