"""All comparators by name, the first the one that an analyst would take unasked."""

from collections.abc import Callable, Mapping

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
from sim.inference.comparators.sources import mean_of_sources
from sim.inference.comparators.stop_and_go import (
    with_bootstrapped_spells,
    with_mean_spells,
)

Comparator = Callable[[KnownAtOrigin, np.random.Generator], Ensemble]
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


def ensembles(known: KnownAtOrigin, seed: int) -> dict[str, Ensemble]:
    """Return what each comparator foretells, by its name.

    Each has a stream of its own: to leave one out changes no other.
    """
    return {
        name: foretell(known, stream_of(seed, name, f"{known.moment_h:g}"))
        for name, foretell in COMPARATORS.items()
    }
