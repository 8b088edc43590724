"""Semi-automatic approximate Bayesian computation with regression adjustment: a screen.

The best summary of reports for an estimate is the mean of the parameter given the
reports (Fearnhead and Prangle, JRSS B 74 (2012) 419-474). It is learned by ridge
regression on random features (Rahimi and Recht, NIPS 2007), so that what a report says
need not be a straight line. From one shared pool the runs whose summaries are nearest
to those of the record are taken and corrected for what still differs, by local linear
regression (Beaumont, Zhang and Balding, Genetics 162 (2002) 2025-2035). It takes
seconds; the published fit is `tempered_smc`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.inference.claims import Numbers, SourceClaim
from sim.inference.likelihood import ObservationModel
from sim.inference.synthetic_reports import synthetic_reports
from sim.inference.weights import effective_number

_FEATURES = 400
_SCALES = (0.15, 0.4)
_PENALTIES = (3.0, 30.0, 300.0)
_TRAINED = 0.8
_FEWEST = 100
_TINY = 1e-300


def as_regressors(reported: Numbers, claims: Sequence[SourceClaim]) -> Numbers:
    """Return reports as numbers that a regression can use.

    Parameters
    ----------
    reported : of (..., claim, end).

    Returns
    -------
    numpy.ndarray
        Of (..., 2 x claim): the middle of each interval on the scale of its claim, or
        1 and 0 for a bound that holds or does not; then 1 where nothing was reported.
    """
    columns = []
    for place, claim in enumerate(claims):
        low, high = reported[..., place, 0], reported[..., place, 1]
        if claim.wording == "at_least":
            column = (low >= claim.low).astype(np.float64)
        elif claim.wording == "at_most":
            column = (high <= claim.high).astype(np.float64)
        else:
            middle = (low + high) / 2
            scaled = claim.scaled(middle) / (24.0 if claim.scale == "hours" else 1.0)
            column = np.where(np.isnan(low), 0.0, scaled)
        columns.append(column)
    silent = np.isnan(reported[..., 0]).astype(np.float64)
    return np.concatenate([np.stack(columns, axis=-1), silent], axis=-1)


@dataclass(frozen=True, slots=True)
class RandomFeatures:
    """Columns that a straight line through them may bend with.

    Attributes
    ----------
    least, most : numbers are held between them; a pool knows nothing beyond.
    mean, spread : of the numbers.
    waves, phases : of the random cosines.
    """

    least: Numbers
    most: Numbers
    mean: Numbers
    spread: Numbers
    waves: Numbers
    phases: Numbers

    @classmethod
    def drawn(cls, numbers: Numbers, seed: int) -> "RandomFeatures":
        """Return random features fit for numbers of (run, column)."""
        rng = np.random.default_rng(seed)
        columns = numbers.shape[1]
        least, most = np.quantile(numbers, [0.002, 0.998], axis=0)
        return cls(
            least=least,
            most=most,
            mean=numbers.mean(axis=0),
            spread=numbers.std(axis=0) + 1e-6,
            waves=rng.standard_normal((columns, _FEATURES))
            * rng.choice(_SCALES, _FEATURES),
            phases=rng.random(_FEATURES) * 2 * np.pi,
        )

    def of(self, numbers: Numbers) -> Numbers:
        """Return features of (run, feature)."""
        near = np.clip(numbers, self.least, self.most)
        near = (near - self.mean) / self.spread
        waves = np.cos(near @ self.waves + self.phases)
        return np.hstack([np.ones((len(near), 1)), near, near**2, waves])


@dataclass(frozen=True, slots=True)
class SummaryStatistics:
    """Estimates of targets from reports, learned on a pool.

    Attributes
    ----------
    features : of the reports.
    weights : of (feature, target).
    explained : share of the variance of each target that its estimate removes, on
        runs that were not learned from; at least 0.
    """

    features: RandomFeatures
    weights: Numbers
    explained: Numbers

    def of(self, numbers: Numbers) -> Numbers:
        """Return estimates of (run, target) from numbers of (run, column)."""
        return self.features.of(numbers) @ self.weights


def summary_statistics(
    numbers: Numbers, targets: Numbers, seed: int
) -> SummaryStatistics:
    """Return the summary that a pool teaches.

    Parameters
    ----------
    numbers : what was reported on each run, from `as_regressors`.
    targets : of (run, target); what is to be estimated.
    seed : of the random features.

    Raises
    ------
    ValueError
        If there are too few runs to learn from and to check on.
    """
    runs = len(numbers)
    if runs < _FEWEST:
        raise ValueError(f"a summary needs at least {_FEWEST} runs, got {runs}")
    features = RandomFeatures.drawn(numbers, seed)
    columns = features.of(numbers)
    split = int(_TRAINED * runs)
    gram = columns[:split].T @ columns[:split]
    right = columns[:split].T @ targets[:split]
    tried = []
    for penalty in _PENALTIES:
        weights = np.asarray(
            np.linalg.solve(gram + penalty * np.eye(len(gram)), right), np.float64
        )
        errors = targets[split:] - columns[split:] @ weights
        share = 1 - (errors**2).mean(axis=0) / (targets[split:].var(axis=0) + _TINY)
        tried.append(SummaryStatistics(features, weights, np.maximum(share, 0.0)))
    return max(tried, key=lambda summary: float(summary.explained.mean()))


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

    claims: tuple[SourceClaim, ...]
    points: Numbers
    summary: SummaryStatistics
    _estimates: Numbers
    _scale: Numbers

    def fit(self, reported: Numbers, draws: int, seed: int) -> Screened:
        """Return draws of the parameters, given reports of (claim, end)."""
        here = self.summary.of(as_regressors(reported[None], self.claims))
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
        free = 1 - len(slopes) / effective_number(weights)
        rest /= np.sqrt(max(_LEAST_FREE, free))
        rng = np.random.default_rng(seed)
        shares = weights / weights.sum()
        chosen, again = (rng.choice(len(nearest), draws, p=shares) for _ in range(2))
        # Where the lines meet the record is an estimate too, and off by so much.
        pull = (design * weights[:, None]) @ np.linalg.inv(gram)[0]
        corrected = slopes[0] + rest[chosen] + np.sqrt(pull @ pull) * rest[again]
        return Screened(1 / (1 + np.exp(-corrected)), nearest[chosen])


def screen(
    points: Numbers, quantities: Numbers, sources: ObservationModel, seed: int
) -> Screen:
    """Return a pool made ready to be asked about any reports of some claims.

    Parameters
    ----------
    points, quantities : of a pool, the quantities those of the claims.
    sources : how they report.
    seed : of the made-up reports and the random features.
    """
    told, others = told_twice(quantities, sources, seed)
    return screen_of(points, told, others, sources.claims, seed)


def told_twice(
    quantities: Numbers, sources: ObservationModel, seed: int
) -> tuple[Numbers, Numbers]:
    """Return two made-up reports on each run that share nothing but the run.

    Parameters
    ----------
    quantities, sources, seed : as of `screen`.
    """
    return (
        synthetic_reports(quantities, sources, seed),
        synthetic_reports(quantities, sources, seed + 1),
    )


def screen_of(
    points: Numbers,
    told: Numbers,
    others: Numbers,
    claims: Sequence[SourceClaim],
    seed: int,
) -> Screen:
    """Return a screen of a pool whose reports have been made up already.

    Parameters
    ----------
    points : of the pool.
    told, others : as of `told_twice`, each of (run, claim, end).
    claims : that are reported.
    seed : of the random features.
    """
    summary = summary_statistics(as_regressors(told, claims), points, seed)
    # Of the very reports that it was learned from an estimate knows more than it will
    # of the record, so runs are compared by others.
    estimates = summary.of(as_regressors(others, claims))
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
