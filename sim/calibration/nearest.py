"""Semi-automatic approximate Bayesian computation: the runs whose reports look alike.

From one shared pool the runs whose summaries are nearest to those of the record are
taken and corrected for what still differs, by local linear regression (Beaumont, Zhang
and Balding, Genetics 162 (2002) 2025-2035). A screen in seconds; the published fit is
`sim.calibration.tempering`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.calibration.bias import POOLED, Reference
from sim.calibration.claims import Claim, Numbers
from sim.calibration.summaries import (
    Summary,
    as_numbers,
    learned,
    synthetic_reports,
)

_EDGE = 1e-3
_RIDGE = 0.5
_LEAST_FREE = 0.1


@dataclass(frozen=True, slots=True)
class Screened:
    """Draws of a screen.

    Attributes
    ----------
    points : of (draw, parameter), in the unit cube.
    runs : which run of the pool each draw was corrected from.
    """

    points: Numbers
    runs: np.ndarray


@dataclass(frozen=True, slots=True)
class Screen:
    """A pool that has been told what sources might have reported on each run."""

    claims: tuple[Claim, ...]
    points: Numbers
    summary: Summary
    _estimates: Numbers
    _scale: Numbers

    def fit(self, reported: Numbers, draws: int, seed: int) -> Screened:
        """Return draws of the parameters, given reports of (claim, end)."""
        here = self.summary.of(as_numbers(reported[None], self.claims))
        apart = (self._estimates - here) / self._scale
        distance = np.sqrt((apart**2).sum(axis=1))
        nearest = np.argsort(distance, kind="stable")[: _neighbours(len(distance))]
        apart, distance = apart[nearest], distance[nearest]
        weights = np.ones(len(distance))
        # With bounds alone all reports may be the same, and no run the nearer one.
        if distance.min() < distance.max():
            weights = 1 - (distance / distance.max()) ** 2
        logits = _logit(self.points[nearest])
        design = np.hstack([np.ones((len(apart), 1)), apart])
        gram = (design * weights[:, None]).T @ design + _RIDGE * np.eye(len(design.T))
        slopes = np.linalg.solve(gram, (design * weights[:, None]).T @ logits)
        rest = logits - slopes[0] - apart @ slopes[1:]
        # The lines have taken some of the spread with them: give it back.
        effective = weights.sum() ** 2 / (weights**2).sum()
        rest /= np.sqrt(max(_LEAST_FREE, 1 - len(slopes) / effective))
        rng = np.random.default_rng(seed)
        shares = weights / weights.sum()
        chosen, again = (rng.choice(len(nearest), draws, p=shares) for _ in range(2))
        # Where the lines meet the record is an estimate too, and off by so much.
        pull = (design * weights[:, None]) @ np.linalg.inv(gram)[0]
        corrected = slopes[0] + rest[chosen] + np.sqrt(pull @ pull) * rest[again]
        return Screened(1 / (1 + np.exp(-corrected)), nearest[chosen])


def screen(
    points: Numbers,
    quantities: Numbers,
    claims: Sequence[Claim],
    seed: int,
    reference: Reference = POOLED,
) -> Screen:
    """Return a pool made ready to be asked about any reports of some claims.

    Parameters
    ----------
    points, quantities : of a pool, the quantities those of the claims.
    claims : that enter.
    seed : of the made-up reports and the random features.
    reference : which families are taken at their word.
    """
    told, others = told_twice(quantities, claims, seed, reference)
    return screen_of(points, told, others, claims, seed)


def told_twice(
    quantities: Numbers,
    claims: Sequence[Claim],
    seed: int,
    reference: Reference = POOLED,
) -> tuple[Numbers, Numbers]:
    """Return two made-up reports on each run that share nothing but the run.

    Parameters
    ----------
    quantities, claims, seed, reference : as of `screen`.
    """
    return (
        synthetic_reports(quantities, claims, seed, reference),
        synthetic_reports(quantities, claims, seed + 1, reference),
    )


def screen_of(
    points: Numbers, told: Numbers, others: Numbers, claims: Sequence[Claim], seed: int
) -> Screen:
    """Return a screen of a pool whose reports have been made up already.

    Parameters
    ----------
    points : of the pool.
    told, others : as of `told_twice`, each of (run, claim, end).
    claims : that are reported.
    seed : of the random features.
    """
    summary = learned(as_numbers(told, claims), points, seed)
    # Of the very reports that it was learned from an estimate knows more than it will
    # of the record, so runs are compared by others.
    estimates = summary.of(as_numbers(others, claims))
    # An estimate that says little counts little in what looks alike.
    trust = np.sqrt(np.clip(summary.explained, 0.01, 1.0))
    scale = (estimates.std(axis=0) + 1e-9) / trust
    return Screen(tuple(claims), points, summary, estimates, scale)


def _neighbours(runs: int) -> int:
    """Return how many runs are near: one in 25, as in the trial, at least 200."""
    return min(runs, max(200, runs // 25))


def _logit(points: Numbers) -> Numbers:
    inside = np.clip(points, _EDGE, 1 - _EDGE)
    return np.log(inside / (1 - inside))
