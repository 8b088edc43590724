"""Comparators without convoys that a fit is held against, from the same figures."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.inference.calibration.fit import Fit
from sim.inference.calibration.posterior_predictive import scored
from sim.inference.claims import RecordEntry
from sim.inference.comparators.known import known_at_origin, stream_of
from sim.inference.comparators.registry import RIVALS, ensembles
from sim.inference.comparators.reporting import reported
from sim.inference.scores import crps

DRAWS = 300
"""Curves of each comparator."""


class Foretold(NamedTuple):
    """What a comparator says of a count.

    Attributes
    ----------
    middle : median of the people, without any bias of a source.
    crps : of what would be reported, of the logarithm.
    """

    middle: float
    crps: float


def by_rivals(fit: Fit) -> dict[int, dict[str, Foretold]]:
    """Return what the comparators say of counts that a fit has not seen, by place.

    They rest on the same figures and the same closures.
    """
    entries = fit.ready.record.entries
    found: dict[int, dict[str, Foretold]] = {}
    for site in fit.ready.simulator.sites:
        known = [entries[at] for at in fit.task.used if entries[at].counts_all_of(site)]
        left_out = [
            at
            for at, entry in enumerate(entries)
            if at not in fit.task.used and entry.counts_all_of(site)
        ]
        if known and left_out:
            later = [entries[at] for at in left_out]
            told = _foretold(fit, site, known, later)
            for column, at in enumerate(left_out):
                found[at] = {name: each[column] for name, each in told.items()}
    return found


def _foretold(
    fit: Fit, site: str, known: Sequence[RecordEntry], later: Sequence[RecordEntry]
) -> dict[str, list[Foretold]]:
    """Return what each rival says of some counts of a site."""
    seed = fit.options.seeds[0]
    all_known = [fit.ready.record.entries[at] for at in fit.task.used]
    last_h = max(entry.window_h[1] for entry in known)
    told = known_at_origin(fit.ready.operation, all_known, site, last_h, DRAWS, seed)
    by_name = {}
    for name, ensemble in ensembles(told, seed, RIVALS).items():
        stream = stream_of(seed, name, "reports", fit.task.name)
        reports = reported(ensemble, told.counts, later, stream)
        by_name[name] = [
            Foretold(
                float(np.median(ensemble.between(*entry.window_h))),
                scored(crps, reports[:, column], entry.claim),
            )
            for column, entry in enumerate(later)
        ]
    return by_name
