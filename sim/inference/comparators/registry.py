"""All comparators by name, the first the one that an analyst would take unasked."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from sim.inference.comparators.damped_trend import damped_trend
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.even_spread import agreed_total_evenly
from sim.inference.comparators.growth import gompertz, logistic
from sim.inference.comparators.known import KnownAtOrigin, stream_of
from sim.inference.comparators.phases import rates_by_phase
from sim.inference.comparators.rates import (
    constant_rate,
    last_day_again,
    open_hours_rate,
)
from sim.inference.comparators.so_far import curves_so_far
from sim.inference.comparators.sources import mean_of_sources
from sim.inference.comparators.stop_and_go import (
    with_bootstrapped_spells,
    with_mean_spells,
)

Comparator = Callable[[KnownAtOrigin, Ensemble, np.random.Generator], Ensemble]
"""Of what was known, the curve so far, and a stream."""
STOP_AND_GO, CONSTANT, OPEN_HOURS, BY_PHASE = (
    "stop-and-go, spells drawn again",
    "constant rate",
    "open-hours rate",
    "rates by phase",
)
COMPARATORS: Mapping[str, Comparator] = {
    STOP_AND_GO: with_bootstrapped_spells,
    "stop-and-go, mean spells": with_mean_spells,
    "Gompertz curves": gompertz,
    "logistic curves": logistic,
    "damped trend": damped_trend,
    CONSTANT: constant_rate,
    OPEN_HOURS: open_hours_rate,
    BY_PHASE: rates_by_phase,
    "agreed total, spread evenly": agreed_total_evenly,
    "last day again": last_day_again,
    "mean of sources": mean_of_sources,
}
RIVALS = (BY_PHASE, STOP_AND_GO, OPEN_HOURS, CONSTANT)
"""Those that a fit, or the runs of a scenario, are held against."""


def ensembles(
    known: KnownAtOrigin, seed: int, names: Iterable[str] = tuple(COMPARATORS)
) -> dict[str, Ensemble]:
    """Return what comparators foretell, by name.

    All start from the same curves so far. Each goes on from them with a stream of its
    own: to leave one out changes no other.
    """
    when = f"{known.moment_h:g}"
    so_far = curves_so_far(known, stream_of(seed, known.site, "so far", when))
    return {
        name: COMPARATORS[name](known, so_far, stream_of(seed, known.site, name, when))
        for name in names
    }
