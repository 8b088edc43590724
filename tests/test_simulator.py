"""The prior, and the convoy model as a pure function of parameters and luck."""

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from toy_crossing import PARAMETERS, PARTS, toy

from sim.distributions import Distribution
from sim.evidence.probes import read_probes
from sim.evidence.reading import read_all
from sim.evidence.table import load_figures
from sim.inference.calibration.pool import origin_of
from sim.inference.claims import NODES, Scales
from sim.inference.prior import Prior
from sim.inference.problem import prepared
from sim.inference.record import entries_of, record_of
from sim.inference.simulator import OperationSimulator, new_luck, probes_of, simulated
from sim.model import simulate
from sim.scenario import find, load, settled

ROOT = Path(__file__).parent.parent
OPERATION = load(find("aleppo-2016", ROOT))
FIGURES = load_figures(ROOT / "scenarios/aleppo-2016/evidence.csv")
PRIOR = Prior.of(OPERATION)
RECORD = record_of(FIGURES, OPERATION)
MODEL = OperationSimulator(OPERATION, PRIOR, probes_of(RECORD.entries, OPERATION.clock))
MIDDLE = [0.5] * PRIOR.size


def test_a_point_is_a_share_of_each_distribution():
    prior = Prior(
        ("a", "b"), (Distribution.uniform(10, 20), Distribution.triangular(0, 1, 2))
    )

    assert prior.values([0.25, 0.5]) == {"a": 12.5, "b": pytest.approx(1.0)}


def test_the_edge_of_the_cube_has_a_value():
    prior = Prior(("a",), (Distribution.lognormal(10, 1.5),))

    assert 0 < prior.values([0.0])["a"] < prior.values([1.0])["a"] < 10_000


def test_an_operation_without_uncertain_fields_is_refused():
    with pytest.raises(ValueError, match="nothing under `uncertain`"):
        Prior.of(load(find("two-towns", ROOT)).model_copy(update={"uncertain": {}}))


def test_the_answer_does_not_depend_on_where_it_is_asked():
    rng = np.random.default_rng(1)
    points, luck = rng.random((50, PARAMETERS)), new_luck(rng, 50, PARTS)

    here = simulated(toy, points, luck)
    with ThreadPoolExecutor(3) as pool:
        there = simulated(toy, points, luck, pool.map)
    backwards = simulated(toy, points[::-1], luck[::-1])[::-1]

    np.testing.assert_array_equal(here, there)
    np.testing.assert_array_equal(here, backwards)


def test_progress_ends_with_all_runs():
    rng, seen = np.random.default_rng(1), []

    simulated(toy, rng.random((50, 4)), new_luck(rng, 50, PARTS), progress=seen.append)

    assert seen[-1] == 50
    assert seen == sorted(seen)


def test_the_model_answers_the_same_in_another_process():
    here = MODEL(MIDDLE, [1, 2])
    copy = pickle.loads(pickle.dumps(MODEL))

    np.testing.assert_array_equal(here, copy(MIDDLE, [1, 2]))
    assert (here != MODEL(MIDDLE, [1, 3])).any()


def test_the_model_is_read_as_the_score_reads_it():
    """A probe at the nodes of a window lies between the score's two readings."""
    world = settled(OPERATION, PRIOR.values(MIDDLE))
    log = simulate(world, seed=1, replication=5)
    readings = read_all(FIGURES, log, OPERATION.clock.seconds)

    found = MODEL(MIDDLE, [5])

    for entry, row in zip(RECORD.entries, found, strict=True):
        reading = readings[entry.figure.id]
        step = entry.counts and entry.begins is not None
        if step and entry.begins[0] != entry.begins[1]:
            continue
        assert reading.low <= row.min() <= row.max() <= reading.high


def test_a_total_is_read_from_the_start_at_every_moment_that_its_source_may_mean():
    place = [entry.figure.id for entry in RECORD.entries].index("EA16-057")
    probe = MODEL.probes[place]

    assert probe.begins_s is None
    assert len(probe.ends_s) == NODES
    assert sorted(probe.ends_s) == list(probe.ends_s)


@pytest.mark.slow
def test_worker_processes_give_the_same_as_none():
    rng = np.random.default_rng(1)
    points, luck = rng.random((40, PRIOR.size)), new_luck(rng, 40, 4)
    context = get_context("spawn")

    with ProcessPoolExecutor(2, mp_context=context) as pool:
        there = simulated(MODEL, points, luck, pool.map)

    np.testing.assert_array_equal(simulated(MODEL, points, luck), there)


def test_a_pool_is_known_by_what_was_asked_not_by_what_was_answered():
    ready = prepared(OPERATION, FIGURES)
    edited = [
        row.model_copy(update={"best": 9_000.0, "low": 8_500.0, "high": 9_500.0})
        if row.id == "EA16-057"
        else row
        for row in FIGURES
    ]
    moved = [
        row.model_copy(update={"to": row.from_}) if row.id == "EA16-057" else row
        for row in FIGURES
    ]

    assert origin_of(prepared(OPERATION, edited), 1) == origin_of(ready, 1)
    assert origin_of(prepared(OPERATION, moved), 1) != origin_of(ready, 1)


def test_every_claim_has_a_question_which_two_sources_may_be_asked_alike():
    ready = prepared(OPERATION, FIGURES)
    asked = {
        (claim.bias, question)
        for claim, question in zip(ready.claims, ready.questions, strict=True)
    }

    assert len(asked) == len(ready.claims) == len(ready.reported)
    assert ready.simulator(MIDDLE, [1]).shape == (len(ready.claims), NODES)


def test_every_row_that_counts_something_can_be_asked_of_a_run():
    rows = [row for row in FIGURES if row.metric and row.role != "context"]
    entries = entries_of(rows, OPERATION, Scales())
    log = simulate(OPERATION, seed=1, replication=5)

    found = np.array(read_probes(probes_of(entries, OPERATION.clock), log))

    assert found.shape == (len(rows), NODES)
    assert np.isfinite(found).any(axis=1).mean() > 0.9
