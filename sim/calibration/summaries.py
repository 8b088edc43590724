"""What reports say about each parameter, as one number each.

The best summary of reports for an estimate is the mean of the parameter given the
reports (Fearnhead and Prangle, JRSS B 74 (2012) 419-474). It is learned by ridge
regression on random features (Rahimi and Recht, NIPS 2007), so that what a report says
need not be a straight line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.calibration.bias import POOLED, Reference
from sim.calibration.claims import Claim, Numbers
from sim.calibration.synthetic import synthetic

_FEATURES = 400
_SCALES = (0.15, 0.4)
_PENALTIES = (3.0, 30.0, 300.0)
_TRAINED = 0.8
_FEWEST = 100
_TINY = 1e-300


def synthetic_reports(
    quantities: Numbers,
    claims: Sequence[Claim],
    seed: int,
    reference: Reference = POOLED,
) -> Numbers:
    """Return made-up reports on each run, of (run, claim, end)."""
    return np.array(
        [
            synthetic(quantity, claims, np.random.default_rng((seed, run)), reference)
            for run, quantity in enumerate(quantities)
        ]
    )


def as_numbers(reported: Numbers, claims: Sequence[Claim]) -> Numbers:
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
class Features:
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
    def drawn(cls, numbers: Numbers, seed: int) -> "Features":
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
class Summary:
    """Estimates of targets from reports, learned on a pool.

    Attributes
    ----------
    features : of the reports.
    weights : of (feature, target).
    explained : share of the variance of each target that its estimate removes, on
        runs that were not learned from; at least 0.
    """

    features: Features
    weights: Numbers
    explained: Numbers

    def of(self, numbers: Numbers) -> Numbers:
        """Return estimates of (run, target) from numbers of (run, column)."""
        return self.features.of(numbers) @ self.weights


def learned(numbers: Numbers, targets: Numbers, seed: int) -> Summary:
    """Return the summary that a pool teaches.

    Parameters
    ----------
    numbers : what was reported on each run, from `as_numbers`.
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
    features = Features.drawn(numbers, seed)
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
        tried.append(Summary(features, weights, np.maximum(share, 0.0)))
    return max(tried, key=lambda summary: float(summary.explained.mean()))
