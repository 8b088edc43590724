"""How a positive quantity varies: between wars, between operations, between batches.

The logarithm of the i-th value of operation j in war w is

    x_wji = m + g_w + a_j + c_ji

with normal g, a and c. Given their three standard deviations all else has a closed
form: the values of an operation enter by their number, mean and sum of squares, the
operations of a war by their weighted mean, and `m` has a flat prior and is integrated
out. The three deviations are summed over a grid, with half-normal priors. Gelman and
Hill, Data Analysis Using Regression and Multilevel/Hierarchical Models (2007), ch. 12;
Gelman, Prior distributions for variance parameters in hierarchical models, Bayesian
Analysis 1 (2006) 515-533.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.past.mixtures import Family, Mixture, Numbers

PRIOR_OF_OPERATIONS = PRIOR_OF_BATCHES = 1.0
"""Scale of the half-normal priors of the deviations of logarithms; judgement: one
operation may well have nearly three times as much as another."""
PRIOR_OF_WARS = 0.3
"""The same of wars. Judgement: most classes have values of one or two wars, which say
little of how wars differ; of loads, where six are there, they hardly do."""
_LEAST, _MOST, _POINTS = 0.01, 3.0, 24
_NONE = np.array([1e-9])
"""In place of the deviation of wars where they have no level."""

Logs = Sequence[tuple[str, Sequence[float]]]
"""The war of each operation, and the logarithms of its values."""


@dataclass(frozen=True)
class BetweenOperations:
    """A fit of values of operations.

    Attributes
    ----------
    operations : war and logarithms of the values of each.
    wars_differ : whether there is a level for the war.
    """

    operations: tuple[tuple[str, tuple[float, ...]], ...]
    wars_differ: bool = True

    @classmethod
    def of(
        cls, values: Mapping[tuple[str, str], Sequence[float]], wars_differ: bool = True
    ) -> "BetweenOperations":
        """Return the fit of positive values, by war and operation.

        Raises
        ------
        ValueError
            If there is no value, or one that is not positive.
        """
        if not values or any(not each or min(each) <= 0 for each in values.values()):
            raise ValueError(f"needs positive values of each operation, got {values}")
        return cls(
            tuple(
                (war, tuple(np.log(np.asarray(each, np.float64)).tolist()))
                for (war, _), each in values.items()
            ),
            wars_differ,
        )

    @cached_property
    def posterior(self) -> "_Posterior":
        """All that follows from the values."""
        return _Posterior.of(self.operations, self.wars_differ)

    @cached_property
    def deviations(self) -> dict[str, float]:
        """Posterior means of the standard deviations of logarithms, by level."""
        it = self.posterior
        named = {"war": it.war, "operation": it.operation, "batch": it.batch}
        weights = np.exp(it.log_p - it.log_p.max())
        return {
            name: float(weights @ grid / weights.sum()) for name, grid in named.items()
        }

    def middle(self, war: str = "") -> Mixture:
        """Return what the median of a new operation may be.

        Parameters
        ----------
        war : one of the class, in which it is; otherwise it is in a war of its own.
        """
        return self.posterior.predicted(war, with_batch=False)

    def value(self, war: str = "") -> Mixture:
        """Return what one value of a new operation may be; `war` as of `middle`."""
        return self.posterior.predicted(war, with_batch=True)

    def within(self, war: str = "") -> tuple[float, float]:
        """Return the median of operations, and the factor between their batches.

        The factor is that of one standard deviation, a posterior mean of its logarithm.
        """
        middle = self.middle(war).quantile(0.5)
        return middle, float(np.exp(self.deviations["batch"]))


@dataclass(frozen=True)
class _Posterior:
    """Points of the grid, and all that follows from each in closed form.

    Attributes
    ----------
    war, operation, batch : standard deviations.
    log_p : logarithm of the posterior probability, up to a constant.
    mean, precision : of `m`.
    wars : by war: its mean, and the variance of that.
    """

    war: Numbers
    operation: Numbers
    batch: Numbers
    log_p: Numbers
    mean: Numbers
    precision: Numbers
    wars: Mapping[str, tuple[Numbers, Numbers]]

    @classmethod
    def of(cls, operations: Logs, wars_differ: bool) -> "_Posterior":
        war, operation, batch, log_p = _grid(operations, wars_differ)
        weighted: dict[str, tuple[Numbers, Numbers]] = {}
        squares, number = 0.0, 0
        for name in dict.fromkeys(name for name, _ in operations):
            own = [np.asarray(logs) for each, logs in operations if each == name]
            mean, precision, gained = _of_war(own, operation, batch)
            weighted[name] = mean, precision
            log_p = log_p + gained
            squares += sum(float(((x - x.mean()) ** 2).sum()) for x in own)
            number += sum(len(x) - 1 for x in own)
        log_p = log_p - number * np.log(batch) - squares / (2 * batch**2)
        spread = {name: war**2 + 1 / each[1] for name, each in weighted.items()}
        total = np.asarray(sum(1 / each for each in spread.values()))
        mean = sum(weighted[name][0] / spread[name] for name in weighted) / total
        for name, (own_mean, _) in weighted.items():
            log_p = log_p - np.log(spread[name]) / 2
            log_p = log_p - (own_mean - mean) ** 2 / (2 * spread[name])
        log_p = log_p - np.log(total) / 2
        wars = {
            name: _shrunk(war, *weighted[name], mean, 1 / total) for name in weighted
        }
        return cls(war, operation, batch, log_p, np.asarray(mean), total, wars)

    def predicted(self, war: str, with_batch: bool) -> Mixture:
        return Mixture.of(Family.LOGNORMAL, *self.components(war, with_batch))

    def components(
        self, war: str, with_batch: bool
    ) -> tuple[Numbers, Numbers, Numbers]:
        """Return middles and scales of logarithms, and log-probabilities."""
        mean, variance = self.wars.get(
            war, (self.mean, 1 / self.precision + self.war**2)
        )
        variance = variance + self.operation**2
        if with_batch:
            variance = variance + self.batch**2
        return mean, np.sqrt(variance), self.log_p


def _grid(
    operations: Logs, wars_differ: bool
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return the deviations at each point, and the logarithm of its prior."""
    scale = np.geomspace(_LEAST, _MOST, _POINTS)
    wars = scale if wars_differ else _NONE
    war, operation, batch = (
        each.ravel() for each in np.meshgrid(wars, scale, scale, indexing="ij")
    )
    # A step of the grid is as wide as the deviation is large.
    log_p = _half_normal(operation, PRIOR_OF_OPERATIONS) + np.log(operation)
    log_p += _half_normal(batch, PRIOR_OF_BATCHES) + np.log(batch)
    if wars_differ:
        log_p += _half_normal(war, PRIOR_OF_WARS) + np.log(war)
    return war, operation, batch, log_p


def _half_normal(deviation: Numbers, scale: float) -> Numbers:
    return np.asarray(-((deviation / scale) ** 2) / 2)


def _of_war(
    own: Sequence[Numbers], operation: Numbers, batch: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Return weighted mean and precision of a war's operations, and what they say."""
    means = np.array([x.mean() for x in own])[:, None]
    sizes = np.array([len(x) for x in own], np.float64)[:, None]
    variances = operation**2 + batch**2 / sizes
    precision = (1 / variances).sum(axis=0)
    mean = (means / variances).sum(axis=0) / precision
    log_p = -np.log(variances).sum(axis=0) / 2 - np.log(precision) / 2
    log_p -= ((means - mean) ** 2 / variances).sum(axis=0) / 2
    return mean, precision, log_p


def _shrunk(
    war: Numbers, own: Numbers, precision: Numbers, mean: Numbers, variance: Numbers
) -> tuple[Numbers, Numbers]:
    """Return the mean of a war, drawn towards that of all, and its variance."""
    share = war**2 / (war**2 + 1 / precision)
    middle = share * own + (1 - share) * mean
    return middle, share / precision + (1 - share) ** 2 * variance
