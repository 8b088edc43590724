"""What sources would report of an ensemble: the one place that asks the counters."""

from collections.abc import Sequence

import numpy as np

from sim.inference.calibration.posterior_predictive import predictive_reports
from sim.inference.claims import Numbers, RecordEntry, intervals
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.likelihood import ObservationModel


def reported(
    ensemble: Ensemble,
    known: Sequence[RecordEntry],
    later: Sequence[RecordEntry],
    stream: np.random.Generator,
) -> Numbers:
    """Return what would be reported of later counts, of (draw, entry).

    What the known figures say about the bias of a source in a draw holds for its later
    ones, too: so it is for a simulation.

    Parameters
    ----------
    ensemble : curves over all moments that any of the figures speaks of.
    known : counts known, of which sources said what is in their claims.
    later : counts that are to be foretold.
    stream : where the luck of the sources comes from.
    """
    entries = (*known, *later)
    claims = tuple(entry.claim for entry in entries)
    if not later:
        return np.empty((len(ensemble.people), 0))
    reports = predictive_reports(
        ensemble.counted(entries),
        ObservationModel(claims),
        intervals(claims),
        range(len(known)),
        stream,
    )
    return reports[:, len(known) :]


def agreeing(
    ensemble: Ensemble,
    known: Sequence[RecordEntry],
    draws: int,
    stream: np.random.Generator,
) -> Ensemble:
    """Return draws of an ensemble as probable as the known counts make them.

    Parameters
    ----------
    ensemble : more curves than are asked for, from what is believed beforehand.
    known : counts, of which sources said what is in their claims.
    draws : how many are wanted.
    stream : by which they are drawn.
    """
    claims = tuple(entry.claim for entry in known)
    log_p = np.zeros(len(ensemble.people))
    if claims:
        log_p = ObservationModel(claims).log_likelihood(
            ensemble.counted(known), intervals(claims)
        )
    shares = np.cumsum(np.exp(log_p - log_p.max()))
    places = (np.arange(draws) + stream.random()) / draws * shares[-1]
    # Systematic draws come in order of the pool, which says nothing: mix them.
    chosen = np.minimum(np.searchsorted(shares, places), len(shares) - 1)
    return ensemble.chosen(stream.permutation(chosen))
