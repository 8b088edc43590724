"""A forecast starts from what was counted: exact answers for a curve by hand.

People leave at one rate until all have left: of how many there are, and at which rate,
only counts of those who have arrived tell. The exact answer is a sum over a grid.
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from sim.inference.claims import NODES, SourceClaim, intervals
from sim.inference.forecast.forecast import Effort, draws_given, forecast
from sim.inference.likelihood import ObservationModel
from sim.inference.problem import InferenceProblem
from sim.scenario import from_data
from tests.foreseen import DATA, FIGURES, MOMENT

COUNTED = 65_000
HOURS = np.array([5.0, 17.0, 29.0, 41.0, 53.0, 65.0])
"""Moments of the counts; the last is that of the forecast."""
EFFORT = Effort(pool=1_500, draws=500)


def people(point):
    """Return how many there are: 30,000 to 120,000."""
    return 30_000 + 90_000 * point[..., 0]


def rate(point):
    """Return how many leave in an hour: 1,000, times or divided by 2."""
    return 1_000 * 2.0 ** (2 * point[..., 1] - 1)


@dataclass(frozen=True)
class Leaving:
    """A simulator: the first total, then the steps from one count to the next."""

    hours: tuple[float, ...]

    def at(self, points):
        totals = np.minimum(
            people(points)[..., None], rate(points)[..., None] * np.array(self.hours)
        )
        return np.diff(totals, prepend=0.0)

    def __call__(self, point, luck):
        steps = self.at(np.asarray(point, dtype=np.float64))
        return np.repeat(steps[:, None], NODES, axis=1)


def claim(number, family, best, spread):
    return SourceClaim(
        name=f"{family}{number}",
        family=family,
        unit="people",
        scale="ratio",
        wording="cell",
        low=best - 0.5,
        best=best,
        high=best + 0.5,
        spread=spread,
        grain=50.0,
        most=150_000.0,
    )


def counts(family, share=1.0, spread=0.16):
    """Return the counts of a source that sees a share of the people."""
    steps = np.diff(1_000 * HOURS * share, prepend=0.0)
    return [claim(i, family, best, spread) for i, best in enumerate(steps)]


@dataclass(frozen=True)
class TwoSources(Leaving):
    """The same, counted by two."""

    def at(self, points):
        one = super().at(points)
        return np.concatenate([one, one], axis=-1)


def at_least(best):
    """Return that at least so many had arrived."""
    return replace(claim(0, "A", best, 0.2), wording="at_least", low=best, high=np.inf)


RECORDS = {
    "one source": (Leaving(tuple(HOURS)), counts("A")),
    "a careful source": (Leaving(tuple(HOURS)), counts("A", spread=0.05)),
    "two that contradict each other": (
        TwoSources(tuple(HOURS)),
        [*counts("A"), *counts("B", 0.7)],
    ),
    "a bound": (Leaving((65.0,)), [at_least(COUNTED)]),
    "one total": (Leaving((65.0,)), [claim(0, "A", COUNTED, 0.16)]),
}


def shares(points, weights):
    """Return the shares of fewer people than counted, and of all arrived by then."""
    everybody, hourly = people(points), rate(points)
    return (
        weights[everybody < COUNTED].sum(),
        weights[everybody <= hourly * HOURS[-1]].sum(),
        weights[everybody <= hourly * (HOURS[-1] - 6)].sum(),
    )


def exact(problem):
    """Return the shares by a sum over 150 x 150 points."""
    line = (np.arange(150) + 0.5) / 150
    points = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    steps = problem.simulator.at(points)
    likelihoods = problem.log_likelihood(np.repeat(steps[..., None], NODES, axis=2))
    weights = np.exp(likelihoods - likelihoods.max())
    return shares(points, weights / weights.sum())


def problem_of(record):
    simulator, claims = RECORDS[record]
    sources = ObservationModel(tuple(claims))
    return InferenceProblem(simulator, 2, sources, intervals(sources.claims))


def agree(drawn, known):
    """Whether shares are within 4 standard errors, if half of the draws count."""
    found = shares(drawn, np.full(len(drawn), 1 / len(drawn)))
    return all(
        abs(share - right)
        < 4 * np.sqrt(max(right, 0.002) * (1 - right) / (len(drawn) / 2))
        for share, right in zip(found, known, strict=True)
    )


@pytest.mark.parametrize("record", RECORDS)
def test_draws_contradict_the_counts_as_often_as_the_errors_of_the_sources_allow(
    record,
):
    problem = problem_of(record)
    drawn = draws_given(problem, EFFORT, np.random.default_rng(1)).points

    assert agree(drawn, exact(problem))


def test_draws_that_have_not_seen_the_counts_contradict_them_too_often():
    """Negative control of the test above."""
    prior = np.random.default_rng(1).random((EFFORT.draws, 2))

    assert not agree(prior, exact(problem_of("one source")))


def test_a_careful_source_leaves_less_room_than_a_careless_one():
    """Of all arrived long before the last count hardly any is left."""
    careless, careful = map(exact, map(problem_of, ("one source", "a careful source")))

    assert careful[1] < careless[1] / 2
    assert careful[2] < careless[2] / 2


def test_without_ranges_the_luck_alone_is_weighed():
    """A scenario without `uncertain`, of which figures are known, can be forecast."""
    certain = from_data({**DATA, "uncertain": {}})
    made = forecast(certain, FIGURES, MOMENT, Effort(pool=60, draws=20, chance=20))

    assert len(made.outcomes.totals) == 20
    assert set(made.to_leave("pocket").tolist()) == {3_000}
