"""Rates by phase, fitted to a whole record: how far one gets without convoys.

They know what the scenario knows of people, gates and stoppages, and are fitted to the
same counts of all people by the same likelihood.
"""

from collections.abc import Sequence

import numpy as np

from sim.inference.calibration.fit import Fit
from sim.inference.calibration.posterior_predictive import (
    predictions,
    predictive_reports,
    scored,
)
from sim.inference.calibration.relative_difference import (
    EVERYWHERE,
    relative_differences,
)
from sim.inference.claims import Numbers, RecordEntry, intervals
from sim.inference.comparators.known import known_at_origin, stream_of
from sim.inference.comparators.phases import MOST_PHASES, fitted_phases
from sim.inference.likelihood import ObservationModel
from sim.inference.problem import Prepared
from sim.inference.scores import crps, is_inside, mean_known
from sim.inference.validation.ablation import DRAWS, Ablation
from sim.scenario import Operation

SHIPPED = "as shipped"


def without_convoys(whole: Fit) -> tuple[Ablation, ...]:
    """Return the scores of a fit on counts of all people, and those of 1 to 4 phases.

    Parameters
    ----------
    whole : of the operation as it is, to all claims.

    Returns
    -------
    tuple
        None if there are no such counts.
    """
    ready, seed = whole.ready, whole.options.seeds[0]
    places = [
        at
        for site in ready.simulator.sites
        for at, entry in enumerate(ready.record.entries)
        if entry.counts_all_of(site)
    ]
    if not places:
        return ()
    entries = [ready.record.entries[at] for at in places]
    reports = predictions(whole).fit[:, places]
    return (
        _scores(
            SHIPPED, ready.operation, entries, (whole.quantities[:, places], reports)
        ),
        *(_of_phases(ready, entries, number, seed) for number in _PHASES),
    )


_PHASES = range(1, MOST_PHASES + 1)


def _of_phases(
    ready: Prepared, entries: Sequence[RecordEntry], number: int, seed: int
) -> Ablation:
    """Return the scores of so many phases, of the counts of every site together."""
    quantities, reports = [], []
    for site in dict.fromkeys(entry.figure.origin for entry in entries):
        own = [entry for entry in entries if entry.figure.origin == site]
        claims = tuple(entry.claim for entry in own)
        last_h = max(entry.window_h[1] for entry in own)
        known = known_at_origin(
            ready.operation, ready.record.entries, site, last_h, DRAWS, seed
        )
        stream = stream_of(seed, site, f"{number} phases")
        curves = fitted_phases(known, stream, (number,))
        counted = curves.counted(own)
        told = predictive_reports(
            *(counted, ObservationModel(claims), intervals(claims)),
            *(range(len(claims)), stream),
        )
        quantities.append(counted)
        reports.append(told)
    return _scores(
        str(number),
        ready.operation,
        entries,
        (np.concatenate(quantities, axis=1), np.concatenate(reports, axis=1)),
    )


def _scores(
    name: str,
    operation: Operation,
    entries: Sequence[RecordEntry],
    draws: tuple[Numbers, Numbers],
) -> Ablation:
    """Return the scores of quantities and reports of (draw, entry, ...)."""
    quantities, reports = draws
    differences = {
        (row.name, row.of): row.fit
        for row in relative_differences(operation, entries, quantities, quantities)
    }
    claims = [entry.claim for entry in entries]
    half, most = (
        sum(
            is_inside(drawn, *claim.reported, level)
            for drawn, claim in zip(reports.T, claims, strict=True)
        )
        for level in (0.5, 0.9)
    )
    near = [
        scored(crps, drawn, claim)
        for drawn, claim in zip(reports.T, claims, strict=True)
    ]
    ard = differences.get(("ARD", EVERYWHERE), float("nan"))
    return Ablation(name, len(entries), ard, mean_known(near), half, most)
