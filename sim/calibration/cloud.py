"""The particles of a tempered fit: all that is needed to go on from there."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.calibration.claims import Numbers
from sim.calibration.simulator import Parts


@dataclass(frozen=True, slots=True)
class Level:
    """One temperature that was reached.

    Attributes
    ----------
    temperature : power of the likelihood.
    accepted_walks, accepted_redrawn, accepted_luck : shares of the moves.
    """

    temperature: float
    accepted_walks: float
    accepted_redrawn: float
    accepted_luck: float


@dataclass(frozen=True, slots=True)
class Cloud:
    """All particles at one temperature; everything that is needed to go on.

    Attributes
    ----------
    points : of (particle, parameter), in the unit cube.
    luck : of (particle, part).
    quantities : of (particle, claim, node).
    likelihoods : logarithms.
    roots : which of the first particles each comes from.
    levels : temperatures so far.
    log_evidence : logarithm of the probability of the reports so far.
    scale : of walks of points.
    share : of luck that is renewed.
    runs : of the simulator so far.
    """

    points: Numbers
    luck: Parts
    quantities: Numbers
    likelihoods: Numbers
    roots: npt.NDArray[np.int64]
    levels: tuple[Level, ...]
    log_evidence: float
    scale: float
    share: float
    runs: int

    @property
    def temperature(self) -> float:
        """The last one; 0 is the prior."""
        return self.levels[-1].temperature if self.levels else 0.0

    @property
    def temperatures(self) -> list[float]:
        """Those so far, the prior left out."""
        return [level.temperature for level in self.levels]

    @property
    def done(self) -> bool:
        """Whether the particles are draws of the result."""
        return self.temperature >= 1.0

    def resampled(self, weights: Numbers, rng: np.random.Generator) -> "Cloud":
        """Return particles drawn by their weights, by systematic resampling."""
        size = len(weights)
        shares = np.cumsum(weights) / weights.sum()
        at = np.searchsorted(shares, (rng.random() + np.arange(size)) / size)
        at = np.minimum(at, size - 1)
        return replace(
            self,
            points=self.points[at],
            luck=self.luck[at],
            quantities=self.quantities[at],
            likelihoods=self.likelihoods[at],
            roots=self.roots[at],
        )
