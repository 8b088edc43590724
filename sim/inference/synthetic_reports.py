"""Reports that sources might have made about a run: the likelihood's own sampler.

With them calibration is tried where the truth is known, and a fit is asked what it
would have expected to be reported.
"""

import numpy as np

from sim.inference.claims import Numbers
from sim.inference.counters import reports, telling, told
from sim.inference.likelihood import ObservationModel


def synthetic_reports(
    quantities: Numbers, sources: ObservationModel, seed: int
) -> Numbers:
    """Return made-up reports on each run: low and high of (run, claim, end).

    NaN where nothing is reported.

    Parameters
    ----------
    quantities : of (run, claim, node).
    sources : how they report.
    seed : where their luck comes from; that of a run depends on its place alone.
    """
    runs = len(quantities)
    priors = {claim.bias: sources.reference.prior(claim) for claim in sources.claims}
    luck = np.array(
        [
            np.random.default_rng((seed, run)).random((len(priors), 2))
            for run in range(runs)
        ]
    ).reshape(runs, len(priors), 2)
    biases = {
        name: priors[name].drawn(luck[:, place])
        for place, name in enumerate(sorted(priors))
    }
    how = telling(runs, len(sources.claims), seed, strays=True)
    values = told(sources.claims, quantities, biases, how)
    return reports(sources.claims, values)
