"""Tempered Monte Carlo: against exact weights, again, elsewhere, and after a stop."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from math import isnan

import numpy as np
import pytest
from scipy.stats import kstest
from toy_crossing import CLAIMS, PARAMETERS, PARTS, SOURCES, claim, toy

from sim.errors import ResultsError
from sim.inference.calibration.options import SmcSettings
from sim.inference.calibration.particles import key_of, load_particles, save_particles
from sim.inference.calibration.progress import steps_left
from sim.inference.calibration.proposals import moved, redrawn, renewed
from sim.inference.calibration.tempered_smc import _adapted, next_temperature, temper
from sim.inference.claims import MIDDLES, intervals
from sim.inference.likelihood import ObservationModel, Reference
from sim.inference.problem import InferenceProblem
from sim.inference.simulator import new_luck, simulated

PROBLEM = InferenceProblem(toy, PARAMETERS, SOURCES, intervals(CLAIMS))
QUICK = SmcSettings(particles=60, moves=3, last_moves=3, effective=0.5, parts=PARTS)


class StoppedError(Exception):
    pass


def same(one, two):
    for name in ("points", "luck", "quantities", "likelihoods", "roots"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert one.levels == two.levels
    assert one.log_evidence == two.log_evidence


@pytest.fixture(scope="module")
def quick():
    return temper(PROBLEM, QUICK, seed=1)


def test_particles_are_whole_runs(quick):
    again = simulated(toy, quick.points, quick.luck)

    np.testing.assert_array_equal(again, quick.quantities)
    np.testing.assert_allclose(
        quick.likelihoods, PROBLEM.log_likelihood(again), rtol=1e-12
    )


def test_the_same_seed_gives_the_same_draws_anywhere(quick):
    with ThreadPoolExecutor(3) as threads:
        elsewhere = temper(PROBLEM, QUICK, seed=1, mapper=threads.map)

    same(quick, elsewhere)


def test_another_seed_gives_other_draws(quick):
    assert (temper(PROBLEM, QUICK, seed=2).points != quick.points).any()


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_fit_that_was_stopped_ends_the_same(quick, tmp_path, after):
    path = tmp_path / "fit.npz"
    key = key_of(PROBLEM, QUICK, 1, "toy")
    seen = []

    def keep(cloud):
        save_particles(path, cloud, key)
        seen.append(cloud)
        if len(seen) > after:
            raise StoppedError

    with pytest.raises(StoppedError):
        temper(PROBLEM, QUICK, seed=1, keep=keep)
    begun = load_particles(path, key)

    assert len(begun.levels) == after
    same(quick, temper(PROBLEM, QUICK, seed=1, begun=begun))


def test_a_checkpoint_of_another_fit_is_refused(quick, tmp_path):
    path = tmp_path / "fit.npz"
    save_particles(path, quick, key_of(PROBLEM, QUICK, 1, "toy"))
    sources = ObservationModel(CLAIMS, Reference(frozenset("A")))
    pinned = replace(PROBLEM, sources=sources)

    for problem, settings, seed, scenario in (
        (pinned, QUICK, 1, "toy"),
        (PROBLEM, replace(QUICK, moves=4), 1, "toy"),
        (PROBLEM, QUICK, 2, "toy"),
        (PROBLEM, QUICK, 1, "changed"),
    ):
        with pytest.raises(ResultsError, match="another fit"):
            load_particles(path, key_of(problem, settings, seed, scenario))


def test_a_checkpoint_cut_at_any_place_is_refused(quick, tmp_path):
    whole, path = tmp_path / "whole.npz", tmp_path / "cut.npz"
    save_particles(whole, quick, "key")
    data = whole.read_bytes()

    for length in range(0, len(data), len(data) // 20):
        path.write_bytes(data[:length])
        with pytest.raises(ResultsError, match="cannot be read"):
            load_particles(path, "key")


def test_no_checkpoint_is_the_beginning(tmp_path):
    assert load_particles(tmp_path / "none.npz", "key") is None


def test_half_of_a_sample_is_left_where_asked():
    """Of two kinds of particles one has no weight at the end: half of all is left."""
    likelihoods = np.repeat([0.0, -50.0], 500)

    step = next_temperature(likelihoods, 0.0, 0.9)

    weights = np.exp(step * likelihoods)
    assert weights.sum() ** 2 / (weights**2).sum() == pytest.approx(900, rel=1e-6)
    assert next_temperature(np.zeros(10), 0.3, 0.9) == 1.0


def test_the_next_step_begins_where_the_last_one_ended():
    """What is left of a sample depends on the step alone, not on the temperature."""
    likelihoods = np.random.default_rng(1).normal(0, 10, 300)
    step = next_temperature(likelihoods, 0.0, 0.9)

    assert step < 0.3
    assert next_temperature(likelihoods, 0.4, 0.9) == pytest.approx(0.4 + step)


ALONE = (
    claim("one", "A", 395.0, 400.0, 405.0, spread=0.06),
    claim("two", "B", 420.0, 425.0, 430.0, spread=0.06),
)
WORD = ObservationModel(ALONE, Reference(every_source=True))


def people_of(point, luck):
    """Return the number of people, which luck has nothing to do with."""
    return np.full((len(ALONE), len(MIDDLES)), 100 + 900 * point[0])


LINE = InferenceProblem(people_of, 1, WORD, intervals(ALONE))
SEEDS = range(1, 9)
COOLING = SmcSettings(300, 4, 6, 0.9, 1)


@cache
def cooled(settings=COOLING):
    return [temper(LINE, settings, seed) for seed in SEEDS]


@cache
def exact():
    """Return mean, spread and evidence of the one parameter, by quadrature."""
    points = (np.arange(20_000) + 0.5) / 20_000
    runs = np.array([people_of([point], ()) for point in points])
    log_p = LINE.log_likelihood(runs)
    weights = np.exp(log_p - log_p.max())
    evidence = log_p.max() + np.log(weights.mean())
    weights /= weights.sum()
    mean = weights @ points
    return mean, np.sqrt(weights @ (points - mean) ** 2), evidence


def distances(found, true):
    """Return how far a mean over seeds is off, in its standard errors."""
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    return abs(np.mean(found) - true) / error


def test_a_fit_that_is_cooled_ends_where_it_should():
    """Mean, spread and evidence over eight seeds, within five standard errors."""
    mean, spread, evidence = exact()
    fits = cooled()

    assert min(len(fit.levels) for fit in fits) > 5
    assert distances([fit.points.mean() for fit in fits], mean) < 5
    assert distances([fit.points.std() for fit in fits], spread) < 5
    assert distances([fit.log_evidence for fit in fits], evidence) < 5
    assert np.std([fit.log_evidence for fit in fits]) < 0.2
    assert np.mean([fit.points.std() for fit in fits]) == pytest.approx(spread, rel=0.1)


def test_another_end_is_noticed():
    """Negative control: a third of a spread off, and a third of an evidence."""
    mean, spread, evidence = exact()
    fits = cooled()

    assert distances([fit.points.mean() for fit in fits], mean + spread / 3) > 5
    assert distances([fit.log_evidence for fit in fits], evidence + 0.3) > 5


def test_a_walk_leaves_the_ranges_of_what_nobody_spoke_of_as_they_are():
    """It is in logits; but for its factor it would crowd the particles."""
    anything = (claim("any", "A", 1.0, 1.0, np.inf, wording="at_least"),)
    sources = ObservationModel(anything)
    problem = replace(LINE, sources=sources, reported=intervals(anything))
    points = temper(problem, SmcSettings(20_000, 1, 1, 0.9, 1), seed=1).points

    assert kstest(points[:, 0], "uniform").pvalue > 1e-3


def test_each_temperature_has_its_moves_and_the_last_one_more():
    for fit in cooled():
        steps = len(fit.levels) - 1
        moves = 1 + COOLING.moves * steps + COOLING.last_moves
        assert fit.runs == COOLING.particles * moves


def test_steps_get_smaller_where_few_are_accepted_and_larger_where_many_are():
    assert _adapted(0.5, 0.05, 0.05, 2.0) == pytest.approx(0.4)
    assert _adapted(0.5, 0.25, 0.05, 2.0) == 0.5
    assert _adapted(0.5, 0.45, 0.05, 2.0) == pytest.approx(0.6)
    assert _adapted(0.05, 0.0, 0.05, 2.0) == 0.05
    assert _adapted(2.0, 1.0, 0.05, 2.0) == 2.0


def test_moves_leave_the_prior_as_it_is():
    """Accepted by their factor alone, points stay uniform; without it they do not."""
    rng = np.random.default_rng(1)
    points = rng.random((4_000, 2))
    wrong = points.copy()
    for _ in range(20):
        for cloud, honest in ((points, 1.0), (wrong, 0.0)):
            new, log_factor = moved(cloud, 1.0, rng)
            taken = np.log(rng.random(len(cloud))) < honest * log_factor
            cloud[taken] = new[taken]

    assert min(kstest(column, "uniform").pvalue for column in points.T) > 1e-3
    assert min(kstest(column, "uniform").pvalue for column in wrong.T) < 1e-9


def test_some_coordinates_are_drawn_anew_from_the_prior():
    rng = np.random.default_rng(3)
    points = np.full((4_000, 6), 0.5)

    new = redrawn(points, rng)
    changed = new != points

    assert set(changed.sum(axis=1)) == {1, 2, 3, 4}
    assert kstest(new[changed], "uniform").pvalue > 0.001
    assert changed.mean(axis=0) == pytest.approx([2.5 / 6] * 6, abs=0.03)


def test_luck_is_renewed_in_part():
    rng = np.random.default_rng(1)
    luck = new_luck(rng, 1_000, 10)

    changed = renewed(luck, 0.2, rng) != luck

    assert (changed.sum(axis=1) >= 1).all()
    assert 0.1 < changed.mean() < 0.3


def test_progress_knows_when_it_is_done():
    told = []

    temper(PROBLEM, QUICK, seed=1, report=told.append)

    assert isnan(told[0].seconds_left)
    assert told[-1].temperature == 1.0
    assert told[-1].runs == told[-1].expected_runs
    assert told[-1].seconds_left == 0.0
    runs = [each.runs for each in told]
    assert runs == sorted(runs)


def test_the_steps_left_follow_the_pace():
    assert isnan(steps_left([0.01]))
    assert steps_left([0.01, 0.1]) == 1
    assert steps_left([0.001, 0.01, 0.1]) == 1
    assert steps_left([0.01, 0.02]) == 6
    assert steps_left([0.5, 1.0]) == 0


@pytest.mark.parametrize("wrong", [{"particles": 5}, {"moves": 0}, {"effective": 1.0}])
def test_settings_that_cannot_work_are_refused(wrong):
    with pytest.raises(ValueError, match=r"too few|effective"):
        SmcSettings(**wrong)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_careful_fit_finds_what_exact_weights_find(seed):
    """The reference: a large pool, weighted by the exact likelihood of each run."""
    rng = np.random.default_rng(3)
    points, luck = rng.random((100_000, PARAMETERS)), new_luck(rng, 100_000, PARTS)
    log_p = PROBLEM.log_likelihood(simulated(toy, points, luck))
    weights = np.exp(log_p - log_p.max())
    log_evidence = log_p.max() + np.log(weights.mean())
    weights /= weights.sum()
    mean = weights @ points
    spread = np.sqrt(weights @ (points - mean) ** 2)

    fit = temper(PROBLEM, SmcSettings(500, 8, 20, 0.9, PARTS), seed)

    assert 1 / (weights**2).sum() > 500
    assert np.abs((fit.points.mean(axis=0) - mean) / spread).max() < 0.25
    np.testing.assert_allclose(fit.points.std(axis=0), spread, rtol=0.2)
    assert fit.log_evidence == pytest.approx(log_evidence, abs=0.3)
