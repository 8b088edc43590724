"""How convoys move: in one run, over runs, as data and as tables."""

import pytest

from sim.experiment import run_study
from sim.experiment.movements import MOST, movements_over
from sim.metrics.movements import movements
from sim.model import simulate
from sim.report.contents import WORKBOOK
from sim.report.movements import movement_handout, movement_section, movements_data
from sim.words import Words
from tests.builders import halt, operation, with_gate, with_post
from tests.test_diverted import diverted, diverting

WORDS = Words()


def told(world, **more):
    return movements(simulate(world, seed=1, **more))


@pytest.fixture(scope="module")
def study():
    world = with_post(flows__evacuation__boarding="10 min to 40 min")
    return run_study(world, seed=1, replications=20)


@pytest.fixture(scope="module")
def found(study):
    return movements_over(study)


def test_a_convoy_departs_when_it_is_full_and_passes_its_gate_later():
    first, *_ = told(with_gate())

    assert first.convoy == "evacuation-001"
    assert first.vehicles == {"bus": 1}
    assert first.departs_s is not None
    assert first.arrives_s is not None
    (passed_s,) = first.passes_s.values()
    assert first.departs_s < passed_s < first.arrives_s


def test_people_by_group_are_those_who_arrive():
    every = told(with_gate())

    assert sum(each.people["civilians"] for each in every) == 100


def test_cars_of_a_column_are_one_convoy():
    """Over a thousand cars in columns would otherwise be a thousand rows."""
    (alone,) = movements(simulate(operation(**_column(1_200)), seed=1))

    assert alone.vehicles == {"private": 1_200}
    assert sum(alone.people.values()) == 1_200


def _column(vehicles):
    return {
        "sites__pocket__groups__civilians__people": vehicles,
        "fleets__buses": {
            "kind": "private",
            "seats": 1,
            "joins": {"2020-01-01T00:00": vehicles},
        },
        "flows__evacuation__convoy": {"buses": vehicles},
        "flows__evacuation__returns": False,
        "routes__out__back": None,
    }


def test_a_convoy_that_is_turned_back_passes_nothing_and_says_so():
    world = with_gate({"halt": halt("gate", 60, 300, caught="turn_back")})
    first, *_ = told(world)

    assert first.fate == "returned"
    assert first.arrives_s is None
    assert not first.passes_s
    assert sum(first.people.values()) > 0


def test_the_band_is_over_the_runs_in_which_there_is_such_a_convoy(study, found):
    logs = [study.log_of(number) for number in study.replications.tolist()]
    runs = [{each.convoy: each for each in movements(log)} for log in logs]

    for each in found.expected:
        name = each.first.convoy
        own = [run[name].departs_s for run in runs if name in run]
        assert each.runs == len(own)
        assert min(own) <= each.departs.p5 <= each.departs.median <= max(own)


def test_a_gate_on_another_way_is_not_passed_late():
    """In some runs a convoy comes before the gate closes, in others it is diverted.

    A run in which it arrives by another way says nothing of when it passes the gate.
    """
    world = diverted(
        {"halt": diverting(since=80, until=1_000)},
        flows__evacuation__boarding="5 min to 40 min",
    )
    study = run_study(world, seed=1, replications=40)
    found = movements_over(study)
    (each,) = found.expected
    own = [movements(study.log_of(n))[0].passes_s.get("gate") for n in range(40)]
    passed = [time_s for time_s in own if time_s is not None]

    assert 0 < len(passed) < 40
    assert each.on_way == {"gate": len(passed)}
    assert each.passes["gate"].p95 <= max(passed)
    tables = movement_section(study, found).parts
    told = [WORDS.of(cell) for table in tables for row in table.rows for cell in row]
    assert any(f"(in {len(passed)} of 40 runs)" in cell for cell in told)


def test_the_typical_run_is_that_of_the_study(study, found):
    assert found.typical == movements(study.log_of(study.typical))


def test_it_does_not_matter_who_runs_them_again(study, found):
    backwards = movements_over(study, lambda work, jobs: [work(job) for job in jobs])

    assert backwards == found


def test_no_more_runs_are_looked_at_than_it_takes(monkeypatch, study):
    monkeypatch.setattr("sim.experiment.movements.MOST", 5)

    assert movements_over(study).runs == 5
    assert MOST > 5


def test_the_data_tell_each_convoy_each_gate_and_each_group(study, found):
    data = movements_data(study, found)
    rows = [dict(zip(data.columns, row, strict=True)) for row in data.rows]
    first = [row for row in rows if row["convoy"] == "evacuation-001"]

    assert [row["what"] for row in first] == [
        "departs",
        "passes",
        "arrives",
        "vehicles",
        "people",
    ]
    assert all(row["in_runs"] <= row["runs"] == 20 for row in rows)
    assert first[0]["p5"] <= first[0]["median"] <= first[0]["p95"]


def test_the_tables_stand_in_the_workbook_and_on_pages_of_their_own(study, found):
    section, handout = movement_section(study, found), movement_handout(study, found)

    assert section.forms == WORKBOOK
    assert section.parts == handout.parts[: len(section.parts)]
    typical, over_runs = section.parts
    heads = [WORDS.of(each.heading) for each in over_runs.columns]
    assert heads[:3] == ["convoy", "in runs", "departs"]
    assert heads[-1] == "arrives"
    assert "in runs" not in [WORDS.of(each.heading) for each in typical.columns]
    assert len([*typical.rows]) == len(found.typical)


def test_a_way_with_many_gates_goes_on_below(monkeypatch, study, found):
    monkeypatch.setattr("sim.report.movements._MOST_ACROSS", 1)
    world = operation(
        gates={"first": {}, "second": {}},
        routes__out__through=["first", "road", "second"],
    )
    two = run_study(world, seed=1, replications=2)
    tables = movement_section(two, movements_over(two)).parts

    assert len(tables) == 4
    heads = [[WORDS.of(c.heading) for c in each.columns] for each in tables]
    assert heads[0][-1] == "first"
    assert heads[1] == ["convoy", "second", "arrives"]
