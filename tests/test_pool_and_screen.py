"""The shared pool, and the screen that is made from it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from toy_crossing import CLAIMS, NAMES, PARTS, SOURCES, toy

from sim.errors import ResultsError
from sim.inference.calibration.pool import PoolOrigin, draw_pool, load_pool
from sim.inference.calibration.semiautomatic_abc import (
    as_regressors,
    screen,
    summary_statistics,
)
from sim.inference.claims import intervals
from sim.inference.synthetic_reports import synthetic_reports

ORIGIN = PoolOrigin("toy", "1", 5, NAMES, tuple(each.name for each in CLAIMS))
RUNS = 4_000


@pytest.fixture(scope="module")
def pool():
    return draw_pool(toy, ORIGIN, RUNS, PARTS)


@pytest.fixture(scope="module")
def ready(pool):
    return screen(pool.points, pool.quantities, SOURCES, seed=1)


def test_a_pool_is_the_same_wherever_it_is_drawn():
    here = draw_pool(toy, ORIGIN, 100, PARTS)
    with ThreadPoolExecutor(3) as threads:
        there = draw_pool(toy, ORIGIN, 100, PARTS, threads.map)

    np.testing.assert_array_equal(here.quantities, there.quantities)


def test_a_pool_comes_back_from_its_file(tmp_path):
    pool = draw_pool(toy, ORIGIN, 100, PARTS)
    pool.save(tmp_path / "new" / "pool.npz")

    back = load_pool(tmp_path / "new" / "pool.npz", ORIGIN)

    assert back.origin == ORIGIN
    for name in ("points", "luck", "quantities"):
        np.testing.assert_array_equal(getattr(pool, name), getattr(back, name))


class StoppedError(Exception):
    pass


def stopping_after(most):
    """Return the toy as a simulator that breaks down, and the calls it took."""
    calls = []

    def stops(point, luck):
        if len(calls) == most:
            raise StoppedError
        calls.append(point)
        return toy(point, luck)

    return stops, calls


def test_a_pool_that_was_stopped_goes_on_and_ends_the_same(tmp_path):
    kept = tmp_path / "pool.part"
    whole = draw_pool(toy, ORIGIN, 2_500, PARTS)
    stops, _ = stopping_after(2_200)
    with pytest.raises(StoppedError):
        draw_pool(stops, ORIGIN, 2_500, PARTS, kept=kept)

    rest, calls = stopping_after(2_500)
    gone_on = draw_pool(rest, ORIGIN, 2_500, PARTS, kept=kept)

    assert len(calls) == 500
    for name in ("points", "luck", "quantities"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(gone_on, name))


@pytest.mark.parametrize("damage", ["another seed", "cut short", "a folder"])
def test_begun_runs_that_are_no_use_are_set_aside(damage, tmp_path):
    kept = tmp_path / "pool.part"
    stops, _ = stopping_after(1_000)
    with pytest.raises(StoppedError):
        draw_pool(stops, ORIGIN, 1_500, PARTS, kept=kept)
    origin = replace(ORIGIN, seed=6) if damage == "another seed" else ORIGIN
    if damage == "cut short":
        kept.write_bytes(kept.read_bytes()[:-1])
    if damage == "a folder":
        kept.unlink()
        kept.mkdir()

    found = draw_pool(toy, origin, 1_500, PARTS, kept=kept)
    whole = draw_pool(toy, origin, 1_500, PARTS)
    np.testing.assert_array_equal(found.quantities, whole.quantities)
    assert list(tmp_path.glob("pool.part.*.broken"))


@pytest.mark.parametrize(
    "other", [{"scenario": "x"}, {"model": "2"}, {"seed": 6}, {"questions": ("a",)}]
)
def test_a_pool_of_another_origin_is_refused(tmp_path, other):
    draw_pool(toy, ORIGIN, 20, PARTS).save(tmp_path / "pool.npz")

    with pytest.raises(ResultsError, match=f"its {next(iter(other))} is another"):
        load_pool(tmp_path / "pool.npz", replace(ORIGIN, **other))


def test_a_damaged_pool_is_refused(tmp_path):
    path = tmp_path / "pool.npz"
    draw_pool(toy, ORIGIN, 20, PARTS).save(path)
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(ResultsError, match="cannot be read"):
        load_pool(path, ORIGIN)


def test_a_bound_is_one_or_zero_and_silence_is_told_apart():
    reported = intervals(CLAIMS)
    reported[1] = np.nan

    numbers = as_regressors(reported, CLAIMS)

    assert numbers[4] == 1.0
    assert numbers[1] == 0.0
    assert numbers[len(CLAIMS) :].tolist() == [0, 1, 0, 0, 0, 0, 0]


def test_a_summary_learns_what_is_there_to_learn():
    rng = np.random.default_rng(1)
    numbers = rng.standard_normal((2_000, 3))
    targets = np.stack([numbers[:, 0] ** 2, rng.standard_normal(2_000)], axis=1)

    summary = summary_statistics(numbers, targets, seed=1)

    assert summary.explained[0] > 0.95
    assert summary.explained[1] < 0.05


def test_reports_on_a_run_do_not_depend_on_the_other_runs(pool):
    few = synthetic_reports(pool.quantities[:10], SOURCES, seed=3)
    more = synthetic_reports(pool.quantities[:20], SOURCES, seed=3)

    np.testing.assert_array_equal(few, more[:10])


@pytest.mark.slow
def test_a_screen_finds_what_exact_weights_find(pool, ready):
    """The reference: runs of a large pool, weighted by the exact likelihood.

    A screen may be wider on one record, since it sees less of it, but not on most.
    """
    large = draw_pool(toy, replace(ORIGIN, seed=9), 20_000, PARTS)
    apart, wider = [], []
    for run in range(20):
        reported = synthetic_reports(pool.quantities[run : run + 1], SOURCES, run)[0]
        log_p = SOURCES.log_likelihood(large.quantities, reported)
        weights = np.exp(log_p - log_p.max())
        weights /= weights.sum()
        if 1 / (weights**2).sum() < 100:
            continue
        mean = weights @ large.points
        spread = np.sqrt(weights @ (large.points - mean) ** 2)
        found = ready.fit(reported, draws=1_000, seed=1).points
        apart.append((found.mean(axis=0) - mean) / spread)
        wider.append(found.std(axis=0) / spread)

    assert len(apart) > 10
    assert np.median(np.abs(apart), axis=0).max() < 0.5
    assert np.median(wider, axis=0) == pytest.approx(1.1, abs=0.2)


def test_a_screen_gives_the_same_draws_again(pool, ready):
    again = screen(pool.points, pool.quantities, SOURCES, seed=1)
    reported = intervals(CLAIMS)

    one, two = (each.fit(reported, 100, seed=2) for each in (ready, again))

    np.testing.assert_array_equal(one.points, two.points)


def test_what_does_nothing_stays_as_it_was(ready):
    points = ready.fit(intervals(CLAIMS), draws=2_000, seed=1).points

    assert points[:, NAMES.index("nothing")].std() > 0.9 / np.sqrt(12)
    assert points[:, NAMES.index("people")].std() < 0.7 / np.sqrt(12)
