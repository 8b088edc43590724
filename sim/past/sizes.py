"""How a quantity varies between operations of which some are larger than others.

As in `levels`, with one more term for the people of the operation, P:

    x_wji = m + s log(P_j) + g_w + a_j + c_ji

The slope s is summed over a grid. It is 0 where a larger operation has as many batches
more, and 1 where it has no more batches but larger ones; before anything is seen most
of it lies between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.past.levels import BetweenOperations
from sim.past.mixtures import Family, Mixture, Numbers

SLOPE, PRIOR_OF_SLOPE = 0.5, 0.5
"""Middle and standard deviation of the normal prior of the slope; judgement."""
_SLOPES = np.linspace(-0.5, 1.5, 21)


@dataclass(frozen=True)
class BySize:
    """A fit of values of operations, given how many people each is about.

    Attributes
    ----------
    values : positive, by war and operation.
    people : of each operation, by the same keys.
    wars_differ : whether there is a level for the war.
    """

    values: Mapping[tuple[str, str], Sequence[float]]
    people: Mapping[tuple[str, str], float]
    wars_differ: bool = True

    @cached_property
    def _by_slope(self) -> list[tuple[float, BetweenOperations]]:
        """The fit of what is left of the values, at each slope."""
        return [
            (
                slope,
                BetweenOperations.of(
                    {
                        key: (np.asarray(own) / self.people[key] ** slope).tolist()
                        for key, own in self.values.items()
                    },
                    self.wars_differ,
                ),
            )
            for slope in _SLOPES.tolist()
        ]

    @cached_property
    def _log_p(self) -> Numbers:
        """Log-probability of (slope, point of the grid)."""
        return np.array(
            [
                fit.posterior.log_p - ((slope - SLOPE) / PRIOR_OF_SLOPE) ** 2 / 2
                for slope, fit in self._by_slope
            ]
        )

    @cached_property
    def slope(self) -> tuple[float, float]:
        """Posterior mean and standard deviation of the slope."""
        weights = np.exp(self._log_p - self._log_p.max()).sum(axis=1)
        weights /= weights.sum()
        mean = float(weights @ _SLOPES)
        return mean, float(np.sqrt(weights @ (_SLOPES - mean) ** 2))

    @cached_property
    def deviations(self) -> dict[str, float]:
        """Posterior means of the standard deviations of logarithms, by level."""
        weights = np.exp(self._log_p - self._log_p.max()).sum(axis=0)
        it = self._by_slope[0][1].posterior
        named = {"war": it.war, "operation": it.operation, "batch": it.batch}
        return {
            name: float(weights @ grid / weights.sum()) for name, grid in named.items()
        }

    def middle(self, people: float, war: str = "") -> Mixture:
        """Return what the median of a new operation of some people may be.

        Parameters
        ----------
        people : of the operation.
        war : one of the class, in which it is; otherwise it is in a war of its own.
        """
        return self._predicted(people, war, with_batch=False)

    def value(self, people: float, war: str = "") -> Mixture:
        """Return what one value of it may be."""
        return self._predicted(people, war, with_batch=True)

    def _predicted(self, people: float, war: str, *, with_batch: bool) -> Mixture:
        middles, scales = [], []
        for slope, fit in self._by_slope:
            middle, scale, _ = fit.posterior.components(war, with_batch)
            middles.append(middle + slope * np.log(people))
            scales.append(scale)
        return Mixture.of(
            Family.LOGNORMAL,
            np.concatenate(middles),
            np.concatenate(scales),
            self._log_p.ravel(),
        )
