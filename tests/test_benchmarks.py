"""The programs of the speed benchmark give the model's own answer, to the second.

They share nothing with `sim.model` but the random numbers, so this is a differential
test of the model as well.
"""

import importlib.util
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from benchmarks import heap, naive, page_load
from benchmarks.inputs import OPERATION, arrivals_in, last_arrivals
from benchmarks.scaled import long_lines, many_flows, multiplied
from sim.events import Cause, Kind
from sim.model import simulate
from sim.scenario import load

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def operation():
    return load(OPERATION)


@pytest.mark.parametrize("seed", range(5))
def test_three_programs_give_every_arrival_to_the_second(operation, seed):
    expected = arrivals_in(simulate(operation, seed=seed))

    assert naive.arrivals(operation, seed) == expected
    assert heap.arrivals(operation, seed) == expected
    assert sum(arrival.people for arrival in expected) == 43_400


def test_another_seed_gives_another_answer(operation):
    """Negative control: the comparison can fail."""
    one, two = (last_arrivals(operation, heap.arrivals(operation, s)) for s in (0, 1))

    assert set(one) == {"pocket", "hilltown", "rivertown"}
    assert all(one[flow] != two[flow] for flow in one)


def test_the_operation_uses_every_rule_that_is_compared(operation):
    """Convoys are held by closures and by the agreement, in the line and at work."""
    logs = [simulate(operation, seed=seed) for seed in range(5)]
    held = [event for log in logs for event in log.events if event.kind is Kind.HELD]

    assert Cause.AGREEMENT in {event.cause for event in held}
    assert {event.place for event in held} > set(operation.checkpoints)
    assert any(
        before.kind in {Kind.INSPECTED, Kind.QUEUED}
        for log in logs
        for before, after in _pairs(log)
        if after.kind is Kind.HELD
    )


def _pairs(log):
    """Yield each event of a convoy with the next of the same convoy."""
    before = {}
    for event in log.events:
        if event.convoy in before:
            yield before[event.convoy], event
        before[event.convoy] = event


@pytest.mark.parametrize("one_agreement", [False, True])
def test_generated_flows_agree_as_well(one_agreement):
    operation = many_flows(5, one_agreement=one_agreement)
    expected = arrivals_in(simulate(operation, seed=3))

    assert len(expected) == 5 * 8
    assert naive.arrivals(operation, 3) == expected
    assert heap.arrivals(operation, 3) == expected


@pytest.mark.parametrize("rule", ["lockstep", "simultaneous"])
def test_of_two_long_lines_everybody_crosses_in_the_end(rule):
    expected = arrivals_in(simulate(long_lines(5, rule=rule), seed=3))

    assert len(expected) == 2 * 5


def test_everything_twice_makes_twice_the_trips(operation):
    twice = multiplied(2)
    expected = arrivals_in(simulate(twice, seed=1))

    assert sum(arrival.people for arrival in expected) == 2 * 43_400
    assert heap.arrivals(twice, 1) == expected


@pytest.mark.skipif(
    importlib.util.find_spec("salabim") is None, reason="salabim is not installed"
)
def test_salabim_gives_every_arrival_to_the_second(operation):
    from benchmarks import salabim_naive  # noqa: PLC0415 - it may be missing

    expected = arrivals_in(simulate(operation, seed=2))

    assert salabim_naive.arrivals(operation, 2) == expected


@pytest.mark.slow
def test_the_quick_benchmark_runs():
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "bench", "--quick"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Every arrival the same to the second in all programs: True" in done.stdout
    for name in ("our model", "plain SimPy", "heap loop", "2 workers", "--help"):
        assert name in done.stdout
    assert not done.stderr


@pytest.mark.slow
def test_a_page_whose_server_is_killed_loses_nothing():
    seen, wrong, _ = page_load.tried(8.0, studies=3, seed=3, compared=1)

    assert wrong == []
    assert seen.kills
    assert seen.asked
    assert seen.waits_s or seen.early_s


def test_results_that_a_kill_changed_would_be_seen(tmp_path):
    """And those that are there twice, are gone, or left something behind."""
    site = Namespace(folder=tmp_path, temporary=tmp_path / "t", left=list)
    (tmp_path / "t" / "convoys-x").mkdir(parents=True)
    (tmp_path / "results" / ".tmp-x").mkdir(parents=True)
    found = [*page_load.lost_or_left(site, studies=1, compared=0)]

    assert found[0] == "study 0 is there 0 times"
    assert len([each for each in found if each.startswith("left: ")]) == 2
