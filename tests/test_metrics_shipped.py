"""Metrics of the scenarios we ship, run once."""

from pathlib import Path

import pytest

from sim.events import RunLog
from sim.evidence.reading import read_all
from sim.evidence.table import load_figures
from sim.metrics import registry, waiting
from sim.model.simulate import simulate
from sim.scenario import Clock, load
from tests.logs import total_waiting

SHIPPED = sorted(Path(__file__).parents[1].glob("scenarios/*/scenario.yaml"))
pytestmark = pytest.mark.skipif(not SHIPPED, reason="no scenario in this tree")


@pytest.fixture(scope="module", params=SHIPPED, ids=lambda path: path.parent.name)
def run(request: pytest.FixtureRequest) -> tuple[Path, RunLog]:
    return request.param, simulate(load(request.param), seed=1)


def test_the_model_charges_every_second_to_a_cause(run: tuple[Path, RunLog]) -> None:
    _, log = run
    booked = waiting.charges(log)
    assert sum(booked.values()) == total_waiting(log) > 0
    assert registry.summary(log)["waiting_by_cause/uncharged"] == 0


def test_documented_figures_are_read_off_the_run(run: tuple[Path, RunLog]) -> None:
    path, log = run
    operation = load(path)
    table = path.with_name("evidence.csv")
    if not table.exists():
        pytest.skip("no evidence beside this scenario")
    clock = Clock(operation.zone, operation.starts)
    readings = read_all(load_figures(table), log, clock.seconds)
    found = [reading for reading in readings.values() if reading is not None]
    assert len(found) > len(readings) / 2
    assert all(reading.low <= reading.high for reading in found)
