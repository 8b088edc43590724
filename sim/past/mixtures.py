"""Predictive distributions: mixtures over what is not known of a class.

Each component is what would be said if the parameters of a class were known; its weight
is how likely those parameters are. Quantiles are solved for, not sampled, so that they
are the same on every run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt
import scipy

Numbers = npt.NDArray[np.float64]
_MOST_LOOKS = 200
_NEAR = 1e-11
"""A quantile is found if so little is missing of its level."""
_LEFT_OUT = 1e-6
"""Weight of all components that are left out because each hardly counts."""
_REACH = 12.0
"""How many scales from the middle a quantile is looked for, at first."""


class Family(Enum):
    """What the components are."""

    LOGNORMAL = "of a logarithm that is normal"
    LOG_T = "of a logarithm that is Student's t with 4 degrees of freedom"
    BETA = "beta, a share"
    GAMMA = "gamma, a rate"


DEGREES = 4.0
"""Of freedom of the heavy-tailed family."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """A predictive distribution.

    Attributes
    ----------
    family : of the components.
    first, second : of each component: middle and scale of the logarithm, or both
        parameters of the beta, or shape and rate of the gamma distribution.
    weights : of each component; they sum to 1.
    """

    family: Family
    first: Numbers
    second: Numbers
    weights: Numbers

    @classmethod
    def of(
        cls, family: Family, first: Numbers, second: Numbers, log_p: Numbers
    ) -> "Mixture":
        """Return the mixture of components with weights of which logarithms are given.

        Those that hardly count are left out, a millionth of the weight in all.
        """
        weights = np.exp(log_p - log_p.max())
        weights /= weights.sum()
        order = np.argsort(-weights)
        kept = order[: int(np.searchsorted(weights[order].cumsum(), 1 - _LEFT_OUT)) + 1]
        weights = weights[kept] / weights[kept].sum()
        return cls(family, first[kept], second[kept], weights)

    def below(self, value: float) -> float:
        """Return the probability of less than a value."""
        if value <= 0:
            return 0.0
        return float(self.weights @ _BELOW[self.family](self, value))

    def quantile(self, level: float) -> float:
        """Return the value below which a share `level` lies.

        By false position with halved weights (Dowell and Jarratt, BIT 11 (1971)
        168-174), which needs few looks at all components.

        Raises
        ------
        ValueError
            If the level is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise ValueError(f"a level is between 0 and 1, and {level} is not")
        low, high = _ends(self)
        below, above, side = -level, 1 - level, 0
        for _ in range(_MOST_LOOKS):
            middle = (low * above - high * below) / (above - below)
            off = self.below(_from_line(self, middle)) - level
            if abs(off) < _NEAR:
                break
            if off < 0:
                low, below = middle, off
                above = above / 2 if side < 0 else above
            else:
                high, above = middle, off
                below = below / 2 if side > 0 else below
            side = -1 if off < 0 else 1
        return _from_line(self, middle)

    def quantiles(self, levels: Sequence[float]) -> tuple[float, ...]:
        """Return the quantiles at several levels."""
        return tuple(map(self.quantile, levels))

    def draws(self, rng: np.random.Generator, size: int) -> Numbers:
        """Return draws."""
        at = rng.choice(len(self.weights), size=size, p=self.weights)
        drawn: Numbers = _DRAWN[self.family](rng, self.first[at], self.second[at])
        return drawn


def _ends(it: Mixture) -> tuple[float, float]:
    """Return ends between which all that is asked for lies, on a line."""
    if it.family is Family.BETA:
        return 0.0, 1.0
    if it.family is Family.GAMMA:
        middles = np.log((it.first + 1.0) / it.second)
        return float(middles.min()) - 40.0, float(middles.max()) + 10.0
    middle = float(it.weights @ it.first)
    spread = it.second**2 + (it.first - middle) ** 2
    away = _REACH * float(np.sqrt(it.weights @ spread))
    if it.family is Family.LOG_T:
        away *= 100
    return middle - away, middle + away


def _from_line(it: Mixture, place: float) -> float:
    """Return a value from the line on which it is looked for."""
    if it.family is Family.BETA:
        return place
    return float(np.exp(np.clip(place, -700.0, 700.0)))


def _scaled(it: Mixture, value: float) -> Numbers:
    return np.asarray((np.log(value) - it.first) / it.second, np.float64)


def student_below(value: Numbers) -> Numbers:
    """Return the probability below values of Student's t with 4 degrees of freedom.

    In closed form, ten times as fast as in general: Johnson, Kotz and Balakrishnan,
    Continuous Univariate Distributions 2 (1995), ch. 28.
    """
    scaled = value**2 / (1 + value**2 / 4)
    return np.asarray(
        0.5 + np.sign(value) * 0.375 * np.sqrt(scaled) * (1 - scaled / 12)
    )


_BELOW: dict[Family, Callable[[Mixture, float], Numbers]] = {
    Family.LOGNORMAL: lambda it, value: scipy.special.ndtr(_scaled(it, value)),
    Family.LOG_T: lambda it, value: student_below(_scaled(it, value)),
    Family.BETA: lambda it, value: scipy.special.betainc(
        it.first, it.second, min(value, 1.0)
    ),
    Family.GAMMA: lambda it, value: scipy.special.gammainc(it.first, it.second * value),
}
_DRAWN: dict[Family, Callable[[np.random.Generator, Numbers, Numbers], Numbers]] = {
    Family.LOGNORMAL: lambda rng, first, second: np.exp(rng.normal(first, second)),
    Family.LOG_T: lambda rng, first, second: np.exp(
        first + second * rng.standard_t(DEGREES, size=len(first))
    ),
    Family.BETA: lambda rng, first, second: rng.beta(first, second),
    Family.GAMMA: lambda rng, first, second: rng.gamma(first, 1 / second),
}
