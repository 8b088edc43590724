"""Every replication as Parquet, as somebody with DuckDB reads it."""

import duckdb
import numpy as np
import pytest

from sim.experiment import run_study
from sim.scenario import load
from tests.commands import call


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    results = tmp_path_factory.mktemp("results")
    words = ("run", "two-towns", "-n", 210, "--knowledge", "--no-figures")
    assert call(*words, "--results", results).exit_code == 0
    (folder,) = results.iterdir()
    result = call("export", folder)
    assert result.exit_code == 0, result.output
    return folder / "exports" / "parquet"


@pytest.fixture(scope="module")
def study():
    band = "knowledge and chance"
    return run_study(load("two-towns"), seed=1, replications=210, band=band)


def column(exported, query):
    rows = duckdb.sql(query.format(f"'{exported}/")).fetchall()
    return np.array([row[0] for row in rows])


@pytest.mark.slow
def test_all_runs_are_there_with_what_was_drawn_for_them(exported, study):
    path = "sites.northtown.groups.families.people"
    drawn = column(
        exported, f'select "{path}" from {{}}runs/*.parquet\' order by replication'
    )
    assert (drawn == study.parameter(path)).all()
    t50 = column(
        exported, 'select "t50/northtown" from {}runs/*.parquet\' order by replication'
    )
    assert (t50 == study.metric("t50/northtown")).all()


def test_curves_are_there_moment_by_moment(exported, study):
    people = column(
        exported,
        "select people from {}arrivals/*.parquet' where origin = 'northtown' "
        "and replication = 205 order by time_s",
    )
    assert (people == study.arrivals_of("northtown").take(slice(None))[205]).all()
    last = column(
        exported, "select max(local_time) from {}arrivals/*.parquet' where time_s > 0"
    )
    assert last[0] == study.operation.clock.stamp(int(study.grid_s[-1]))


@pytest.mark.slow
def test_hours_of_waiting_sum_to_the_metric(exported, study):
    hours = column(
        exported,
        "select sum(person_hours) from {}waiting/*.parquet' where origin = 'northtown' "
        "group by replication order by replication",
    )
    assert hours == pytest.approx(study.metric("waiting/northtown"))


def test_hours_of_waiting_are_there_by_what_people_waited_for(exported, study):
    (what, *_) = study.held
    hours = column(
        exported,
        "select person_hours from {}obstacles/*.parquet' "
        f"where kind = '{what.kind}' and name = '{what.name}' order by replication",
    )
    assert hours == pytest.approx(study.held[what] / 3600)


def test_hours_by_obstacle_sum_to_those_by_cause(exported):
    both = [
        column(exported, f"select sum(person_hours) from {{}}{table}/*.parquet'")
        for table in ("obstacles", "waiting")
    ]
    assert both[0] == pytest.approx(both[1])


def test_days_sum_to_the_arrived(exported, study):
    people = column(
        exported,
        "select sum(people) from {}daily/*.parquet' where origin = 'northtown' "
        "group by replication order by replication",
    )
    assert (people == study.metric("arrived/northtown")).all()


def test_a_folder_without_replications_is_a_sentence(tmp_path):
    result = call("export", tmp_path)
    assert result.exit_code == 1
    assert "holds no replications" in result.stderr
