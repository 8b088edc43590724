"""A quick forecast: draws of another one, weighed anew, say what one in full says."""

from dataclasses import replace
from datetime import datetime
from math import log, sqrt

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import chi2
from toy_crossing import claim

from sim.errors import UnusableError
from sim.inference.claims import NODES, intervals
from sim.inference.forecast import reweighed
from sim.inference.forecast.forecast import Effort, draws_given, forecast
from sim.inference.forecast.kept_draws import (
    KeptDraws,
    KeptForecast,
)
from sim.inference.forecast.pool_choice import PoolChoice
from sim.inference.forecast.reweighed import reweighed_forecast
from sim.inference.forecast.task import ForecastTask
from sim.inference.likelihood import ObservationModel, Reference
from sim.inference.problem import InferenceProblem
from sim.inference.weights import (
    drawn_evenly,
    effective_number,
    number_by_root,
    relative_weights,
)
from sim.scenario import from_data
from tests.foreseen import DATA, EFFORT, FIGURES, MOMENT, arrived

WORLD = from_data(DATA)
LATER = datetime.fromisoformat("2020-01-03T08:00")
NAMES = ("sites.pocket.groups.civilians.people", "fleets.buses.seats")


@pytest.fixture(scope="module")
def basis():
    return forecast(WORLD, FIGURES, MOMENT, EFFORT)


def weighed(kept, moment=MOMENT, effort=EFFORT):
    return reweighed_forecast(WORLD, FIGURES, moment, kept, effort)


def kept(points, luck=None, likelihoods=None, names=NAMES):
    size = len(points)
    return KeptDraws(
        names,
        np.array(points, dtype=float),
        np.arange(8 * size).reshape(size, 8) if luck is None else np.array(luck),
        np.zeros(size) if likelihoods is None else np.array(likelihoods, dtype=float),
        np.arange(size),
    )


def test_weights_are_what_one_reckons_by_hand():
    """Twice as probable as the best of the others: 1, 1/2, 1/2."""
    weights = relative_weights(np.array([log(4), log(2), log(2)]) - 1_000)

    assert weights == pytest.approx([1, 0.5, 0.5])
    assert effective_number(weights) == pytest.approx(8 / 3)
    assert effective_number(np.ones(7)) == 7
    assert effective_number(np.array([1.0, 0.0, 0.0])) == 1


def test_a_draw_that_is_there_twice_is_run_once_and_counts_twice():
    luck = [[1] * 8, [2] * 8, [1] * 8]
    first, times = kept([(0.5, 0.5), (0.1, 0.1), (0.5, 0.5)], luck).distinct()

    assert sorted(zip(first.tolist(), times.tolist(), strict=True)) == [(0, 2), (1, 1)]


def test_fewer_draws_are_taken_from_all_along_their_line():
    draws = kept([(at / 10, 0.5) for at in range(10)])

    assert draws.some(4).points[:, 0].tolist() == [0, 0.2, 0.5, 0.7]
    assert draws.some(10).points.tolist() == draws.points.tolist()
    assert draws.some(99).points.tolist() == draws.points.tolist()


def test_coordinates_go_by_their_names_and_new_ones_are_drawn():
    draws = kept([(0.25, 0.75), (0.5, 0.125)])
    other = draws.along((NAMES[1], "new"), np.random.default_rng(1))

    assert other.names == (NAMES[1], "new")
    assert other.points[:, 0].tolist() == [0.75, 0.125]
    assert len(set(other.points[:, 1].tolist())) == 2
    assert (other.luck == draws.luck).all()


def test_with_nothing_new_it_is_the_forecast_that_it_rests_on(basis):
    """Whoever was drawn so often is so again: not one number differs."""
    again = weighed(basis.kept)

    for name in ("totals", "people", "nearly_h", "done_h"):
        one, other = (
            np.sort(getattr(made.outcomes, name).reshape(EFFORT.draws, -1), axis=0)
            for made in (basis, again)
        )
        assert (one == other).all()
    assert again.distinct == basis.distinct
    assert again.weighed == basis.distinct

    # Planted: to learn from the same figures twice.
    twice = weighed(replace(basis.kept, likelihoods=np.zeros(EFFORT.draws)))
    assert twice.effective < again.effective


def test_draws_of_ranges_alone_are_weighed_by_what_the_figures_make_of_them():
    """From likelihoods of 1, as if no figure had been known."""
    rng = np.random.default_rng(3)
    draws = kept(rng.random((40, 2)))
    made = weighed(draws)

    probable = np.exp(logarithms(draws, MOMENT))
    ran = ForecastTask.of(WORLD, FIGURES, MOMENT).simulator.outcomes(
        draws.points, draws.luck
    )
    shares = probable / probable.sum()
    assert made.effective == pytest.approx(1 / (shares**2).sum())
    # Systematic drawing gives each the whole part of its share, or one more.
    for place, people in enumerate(ran.people[:, 0]):
        drawn = int((made.outcomes.people[:, 0] == people).sum())
        assert abs(drawn - EFFORT.draws * shares[place]) < 1


def apart(quick, full):
    """Return how many standard errors lie between two forecasts, where most do."""
    found = []
    for at in range(full.grid_s.index(full.then.moment_s) + 1, len(full.grid_s)):
        one, other = (made.outcomes.totals[:, 0, at] for made in (quick, full))
        variance = max(one.var(), other.var())
        error = sqrt(variance / quick.effective + variance / full.distinct)
        found.append(abs(one.mean() - other.mean()) / error)
    return max(found)


@pytest.mark.slow
def test_it_agrees_with_one_in_full_and_one_not_weighed_does_not(monkeypatch):
    """Within 4 standard errors, by the effective numbers of both.

    The figures leave so many runs of the pool that the one in full draws from it and
    moves nothing: nearly all its draws differ, so their number is that of the error.
    Planted: draws that are taken as they are.
    """
    world = from_data(
        DATA | {"uncertain": {"fleets.buses.seats": {"spread": "10 to 160"}}}
    )
    other = arrived("other", 700, 3, family="B", attributed_to="B", method="registered")
    figures, effort = (FIGURES[0], other), Effort(pool=600, draws=100, chance=1)
    basis = forecast(world, figures, MOMENT, effort)
    quick = reweighed_forecast(world, figures, LATER, basis.kept, effort)
    full = forecast(world, figures, LATER, effort)
    assert full.distinct > 95
    assert apart(quick, full) < 4

    monkeypatch.setattr(reweighed, "relative_weights", np.ones_like)
    raw = reweighed_forecast(world, figures, LATER, basis.kept, effort)
    assert apart(raw, full) > 6


def test_of_the_same_runs_it_says_what_weighing_them_at_once_says(monkeypatch):
    """As few runs as there are, and as many draws as make the rounding known.

    Of `size` draws a run has as many as its weight then says, or one more or less. So
    its weight now is what weighing at once gives it, but for a part that is reckoned.
    Planted: to forget how probable the figures of then had made it.
    """
    effort, size = replace(EFFORT, draws=2_000, chance=1), 3_000
    rng = np.random.default_rng(5)
    runs = kept(rng.random((60, 2)))
    then, now = (logarithms(runs, moment) for moment in (MOMENT, LATER))
    at = drawn_evenly(np.exp(then - then.max()), rng, size)
    draws = kept(runs.points[at], runs.luck[at], then[at])
    ran = ForecastTask.of(WORLD, FIGURES, LATER).simulator.outcomes(
        runs.points, runs.luck
    )
    shares = np.exp(now - now.max())
    at_once = float((shares * ran.people[:, 0]).sum() / shares.sum())

    def off(made):
        return abs(float(made.outcomes.people[:, 0].mean()) - at_once)

    rounding = np.exp(now - then)
    weight = rounding * size * np.exp(then) / np.exp(then).sum()
    far = abs(ran.people[:, 0] - at_once)
    bound = float((rounding * far).sum() / (weight.sum() - rounding.sum()))
    bound += float(far.max()) * len(runs.points) / effort.draws
    assert off(weighed(draws, LATER, effort)) < bound

    forgot = replace(draws, likelihoods=np.zeros(size))
    assert off(weighed(forgot, LATER, effort)) > bound


PEOPLE = ObservationModel(
    (claim("then", "A", 999.0, 1_000.0, 1_001.0, spread=0.006),),
    Reference(every_source=True),
)
AGAIN = ObservationModel(
    (claim("now", "B", 999.0, 1_000.0, 1_001.0, spread=0.3),),
    Reference(every_source=True),
)


def people(points):
    """Return people of which the figures say much, and the coordinates little each."""
    return 1_000 * np.exp(0.4 * ndtri(points[..., 0]) + 0.2 * ndtri(points[..., 1]))


def counted(point, luck):
    return np.full((1, NODES), people(np.array(point)))


def toy_weighed(seed):
    """Return the mean of a coordinate over draws weighed anew, and their worths.

    The figure of then was so sure that few runs of the pool agree with it. The first
    worth is what is said, the second counts draws that differ.
    """
    problem = InferenceProblem(counted, 2, PEOPLE, intervals(PEOPLE.claims))
    effort = Effort(pool=150, draws=50, chance=1)
    cloud = draws_given(problem, effort, np.random.default_rng(seed))
    made = (cloud.points, cloud.luck, cloud.likelihoods, cloud.roots)
    draws = KeptDraws(("one", "two"), *made)
    runs = np.repeat(people(cloud.points)[:, None, None], NODES, axis=2)
    weights = relative_weights(AGAIN.log_likelihood(runs, intervals(AGAIN.claims)))
    mean = weights @ ndtri(cloud.points[:, 0]) / weights.sum()
    return mean, draws.worth(np.arange(50), weights), effective_number(weights)


@pytest.mark.slow
def test_draws_are_worth_what_is_said_and_not_as_many_as_differ():
    """By the spread of 60 forecasts, of which chi-square says how sure it is.

    The figures leave the first coordinate normal, by the sum of the two: its variance
    is 0.2 ** 2 / (0.2 ** 2 + 0.4 ** 2), but for a figure that is nearly exact.
    Planted: draws that differ are taken for independent.
    """
    found = np.array([toy_weighed(seed) for seed in range(60)])
    means, worth, differ = found.T
    variance = 0.2**2 / (0.2**2 + 0.4**2)
    least, most = variance / means.var(ddof=1) * chi2.ppf((0.005, 0.995), 59) / 59

    assert worth.mean() < most
    assert worth.mean() > least / 3
    assert differ.mean() > 3 * most


def test_draws_of_one_root_count_as_one_and_weighing_adds_none():
    draws = replace(kept([(0.1, 0.5)] * 4), roots=np.array([7, 7, 2, 2]))
    every = np.arange(4)

    assert draws.effective == 2
    assert draws.worth(every, np.array([1.0, 1.0, 1.0, 1.0])) == 2
    assert draws.worth(every, np.array([1.0, 1.0, 0.0, 0.0])) == 1
    lopsided = replace(draws, roots=np.array([7, 7, 7, 2]))
    evened = np.array([1.0, 0.0, 0.0, 1.0])
    assert number_by_root(evened, lopsided.roots) == 2
    assert lopsided.worth(every, evened) == lopsided.effective == pytest.approx(1.6)


def logarithms(draws, moment):
    """Return the log-likelihoods of runs, by what was known at a moment."""
    task = ForecastTask.of(WORLD, FIGURES, moment)
    known = task.simulator.outcomes(draws.points, draws.luck).quantities
    return task.seen.log_likelihood(known[:, : task.known], intervals(task.seen.claims))


def test_what_is_kept_comes_back_as_it_was(basis, tmp_path):
    choice = PoolChoice(MOMENT, "pocket", "pool", "constant rate", {"simulation": 1}, 3)
    wanted = KeptForecast(basis.kept, (choice,))
    wanted.save(tmp_path / "draws.npz")
    found = KeptForecast.load(tmp_path / "draws.npz")

    assert found.followed == wanted.followed
    assert found.draws.names == basis.kept.names
    for name in ("points", "luck", "likelihoods", "roots"):
        assert (getattr(found.draws, name) == getattr(basis.kept, name)).all()


@pytest.mark.parametrize(
    "change",
    [
        {"names": ("one",)},
        {"luck": np.full((60, 8), -1)},
        {"likelihoods": np.zeros(59)},
        {"roots": np.zeros(60)},
    ],
)
def test_what_is_damaged_is_refused(change, basis, tmp_path):
    KeptForecast(replace(basis.kept, **change), ()).save(tmp_path / "draws.npz")

    with pytest.raises(UnusableError):
        KeptForecast.load(tmp_path / "draws.npz")
