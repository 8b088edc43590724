"""How much each input of a function matters: Morris's screening and Sobol's indices.

Both ask for the function at points of the unit cube, and are sent its values; inputs
are independent and uniform there, whatever distribution a caller makes of them.

**Morris** goes along random paths that change one input at a time by a fixed step. The
mean size of these changes tells how much an input matters, their spread whether its
effect is the same everywhere. It takes few points and says which inputs may be left
out.

**Sobol's indices** are shares of the variance: the *first* is the share that would go
if this input alone became known, on average; the *total* is the share that would stay
if all others became known. Their estimators and bootstrap intervals are SciPy's.

References
----------
Morris, Factorial sampling plans for preliminary computational experiments,
Technometrics 33 (1991) 161-174.
Campolongo, Cariboni and Saltelli, An effective screening design for sensitivity
analysis of large models, Environmental Modelling and Software 22 (2007) 1509-1518.
Saltelli et al., Variance based sensitivity analysis of model output. Design and
estimator for the total sensitivity index, Computer Physics Communications 181 (2010)
259-270.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

from sim.statistics.intervals import CONFIDENCE, Numbers

_LEVELS = 4
_RESAMPLES = 400


class Effect(NamedTuple):
    """What changing one input does.

    Attributes
    ----------
    size : mean absolute change for a step of two thirds of its range.
    low, high : 95 % interval of that, by the bootstrap over paths.
    mean : the same with its sign.
    spread : standard deviation of the changes: other inputs alter the effect, or it is
        not a straight line.
    """

    size: float
    low: float
    high: float
    mean: float
    spread: float


class Index(NamedTuple):
    """A share of the variance with its 95 % interval."""

    share: float
    low: float
    high: float


class Indices(NamedTuple):
    """What one input does to the variance."""

    first: Index
    total: Index


@dataclass(frozen=True, slots=True)
class Paths:
    """Random paths through the unit cube that change one input at a time.

    Attributes
    ----------
    points : shape (paths, inputs + 1, inputs).
    order : which input each step of a path changes, shape (paths, inputs).
    """

    points: Numbers
    order: npt.NDArray[np.int64]

    @classmethod
    def drawn(cls, inputs: int, paths: int, seed: int) -> "Paths":
        """Return paths.

        Parameters
        ----------
        inputs : of the function.
        paths : how many, at least 2.
        seed : of the random numbers.

        Raises
        ------
        ValueError
            If there are no inputs, or fewer than two paths.
        """
        if inputs < 1 or paths < 2:
            raise ValueError(f"needs inputs and two paths, got {inputs} and {paths}")
        rng = np.random.default_rng(seed)
        step = _LEVELS / (2 * (_LEVELS - 1))
        grid = np.arange(_LEVELS // 2) / (_LEVELS - 1)
        points = np.empty((paths, inputs + 1, inputs))
        order = np.empty((paths, inputs), np.int64)
        for path in range(paths):
            low = rng.choice(grid, inputs)
            up = rng.random(inputs) < 0.5
            now = np.where(up, low, low + step)
            points[path, 0] = now
            order[path] = rng.permutation(inputs)
            for place, changed in enumerate(order[path], start=1):
                now = now.copy()
                now[changed] += step if up[changed] else -step
                points[path, place] = now
        return cls(points, order)

    @property
    def rows(self) -> Numbers:
        """All points, one below the other."""
        paths, along, inputs = self.points.shape
        return self.points.reshape(paths * along, inputs)

    def effects(self, values: Numbers, seed: int = 0) -> tuple[Effect, ...]:
        """Return what changing each input does.

        Parameters
        ----------
        values : of the function, one for each of `rows`.
        seed : of the bootstrap.
        """
        paths, inputs = self.order.shape
        along = values.reshape(paths, inputs + 1)
        changes = np.empty((paths, inputs))
        for path in range(paths):
            moved = np.diff(self.points[path], axis=0)
            for place, changed in enumerate(self.order[path]):
                rose = np.sign(moved[place, changed])
                difference = along[path, place + 1] - along[path, place]
                changes[path, changed] = rose * difference
        rng = np.random.default_rng(seed)
        drawn = rng.integers(paths, size=(_RESAMPLES, paths))
        means = np.abs(changes)[drawn].mean(axis=1)
        tail = (1 - CONFIDENCE) / 2
        low, high = np.quantile(means, (tail, 1 - tail), axis=0)
        return tuple(
            Effect(
                float(np.abs(changes[:, n]).mean()),
                float(low[n]),
                float(high[n]),
                float(changes[:, n].mean()),
                float(changes[:, n].std(ddof=1)),
            )
            for n in range(inputs)
        )


@dataclass(frozen=True, slots=True)
class Samples:
    """Points at which Sobol's indices ask for the function.

    Attributes
    ----------
    first, second : two samples, shape (points, inputs).
    """

    first: Numbers
    second: Numbers

    @classmethod
    def drawn(cls, inputs: int, points: int, seed: int) -> "Samples":
        """Return two samples, by a scrambled Sobol sequence.

        Parameters
        ----------
        inputs : of the function.
        points : of each sample, a power of 2.
        seed : of the scrambling.

        Raises
        ------
        ValueError
            If there are no inputs, or the points are no power of 2.
        """
        if inputs < 1 or points < 2 or points & (points - 1):
            raise ValueError(
                f"needs inputs, and points that are a power of 2, got {inputs} and "
                f"{points}"
            )
        sequence = scipy.stats.qmc.Sobol(2 * inputs, rng=np.random.default_rng(seed))
        both = sequence.random(points)
        return cls(both[:, :inputs], both[:, inputs:])

    @property
    def rows(self) -> Numbers:
        """All points one below the other: both samples, then the mixed ones."""
        mixed = []
        for changed in range(self.first.shape[1]):
            points = self.first.copy()
            points[:, changed] = self.second[:, changed]
            mixed.append(points)
        return np.concatenate([self.first, self.second, *mixed])

    def indices(self, values: Numbers, seed: int = 0) -> tuple[Indices, ...]:
        """Return the share of the variance that is due to each input.

        NaN if the function does not vary.

        Parameters
        ----------
        values : of the function, one for each of `rows`.
        seed : of the bootstrap.
        """
        points, inputs = map(int, self.first.shape)
        parts = values.reshape(inputs + 2, points)
        if np.ptp(parts[:2]) == 0:
            nothing = Index(np.nan, np.nan, np.nan)
            return tuple(Indices(nothing, nothing) for _ in range(inputs))
        if inputs == 1:  # all of it; SciPy's estimator takes two inputs at least
            whole = Index(1.0, 1.0, 1.0)
            return (Indices(whole, whole),)
        found = scipy.stats.sobol_indices(
            func={
                "f_A": parts[0][None, :],
                "f_B": parts[1][None, :],
                "f_AB": parts[2:][:, None, :],
            },
            n=points,
            rng=np.random.default_rng(seed),
        )
        centred = parts - parts[:2].mean()
        # `found.bootstrap` takes no seed: the same study would say something else.
        spread = scipy.stats.bootstrap(
            [np.arange(points)],
            lambda chosen: _shares_of(centred[:, chosen]),
            confidence_level=CONFIDENCE,
            n_resamples=_RESAMPLES,
            rng=np.random.default_rng(seed),
        ).confidence_interval
        shares = (np.ravel(found.first_order), np.ravel(found.total_order))
        table = np.stack([shares, spread.low, spread.high], axis=-1).tolist()
        return tuple(
            Indices(Index(*first), Index(*total))
            for first, total in zip(*table, strict=True)
        )


def _shares_of(parts: Numbers) -> Numbers:
    """Return first and total indices by the estimators of Saltelli and others (2010).

    Parameters
    ----------
    parts : values less their mean: of both samples, and of the mixed ones.
    """
    first, second, mixed = parts[0], parts[1], parts[2:]
    effects = [
        (second * (mixed - first)).mean(axis=-1),
        ((first - mixed) ** 2).mean(axis=-1) / 2,
    ]
    return np.asarray(np.array(effects) / np.var(parts[:2]), np.float64)


def crossed(table: Numbers) -> tuple[float, float]:
    """Return the variance between points, and that of chance within one.

    All points share their luck: what luck does to all alike moves no mean of a point
    away from another, so that only what it does to each differently is taken from the
    variance between their means (Searle, Casella and McCulloch, Variance Components,
    1992, chapter 4: two ways, crossed).

    Parameters
    ----------
    table : of shape (points, runs), both at least 2; each run has one luck everywhere.
    """
    points, runs = table.shape
    means, luck = table.mean(axis=1, keepdims=True), table.mean(axis=0)
    rest = table - means - luck + table.mean()
    mixed = float((rest**2).sum()) / ((points - 1) * (runs - 1))
    between = max(float(means.var(ddof=1)) - mixed / runs, 0.0)
    return between, float(table.var(axis=1, ddof=1).mean())
