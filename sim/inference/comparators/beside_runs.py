"""Runs of a scenario beside comparators: who comes nearer to counts nobody was set on.

Values of a scenario, or a fit, rest on the figures with the role `fit`; comparators are
made from the very same ones, and all are asked for those that are only compared. The
same errors of sources go on top of all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.evidence.figures import Figure
from sim.experiment.study import Study
from sim.inference.calibration.posterior_predictive import scored
from sim.inference.claims import Numbers, RecordEntry, Scales
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import known_at_origin, stream_of
from sim.inference.comparators.registry import RIVALS, ensembles
from sim.inference.comparators.reporting import reported
from sim.inference.record import (
    COUNTED,
    entries_of,
    given_facts,
    given_reason,
    record_of,
)
from sim.inference.scores import crps, is_inside, mean_known
from sim.metrics.waiting import SECONDS_PER_HOUR

RUNS = "runs"
LEVEL = 0.9
_DRAWS = 300


@dataclass(frozen=True, slots=True)
class CountScore:
    """How near one forecaster comes to counts of all people that are only compared.

    Attributes
    ----------
    forecaster : RUNS, or a comparator.
    figures : counts.
    crps : mean over them, of logarithms.
    inside : how many lie in the interval of LEVEL.
    """

    forecaster: str
    figures: int
    crps: float
    inside: int


def scores_beside(study: Study) -> tuple[CountScore, ...]:
    """Return a row for the runs and for each rival, the nearest first.

    None if no site has counts of both roles.
    """
    found: dict[str, list[tuple[RecordEntry, Numbers]]] = {}
    operation = study.operation
    record = record_of(study.figures, operation).entries
    compared = entries_of(_compared(study), operation, Scales())
    for site in study.layout.origins:
        known = [entry for entry in record if entry.counts_all_of(site)]
        later = [entry for entry in compared if entry.counts_all_of(site)]
        if known and later:
            for name, curves in _curves(study, site, record, known).items():
                stream = stream_of(study.seed, site, name, "beside runs")
                reports = reported(curves, known, later, stream)
                found.setdefault(name, []).extend(zip(later, reports.T, strict=True))
    rows = (_score(name, rows) for name, rows in found.items())
    return tuple(sorted(rows, key=lambda row: row.crps))


def _compared(study: Study) -> list[Figure]:
    """Return counts that are only compared, and are no facts of the run."""
    given = given_facts(study.operation)
    return [
        figure
        for figure in study.figures
        if figure.role == "check"
        and COUNTED.get(figure.metric) == "arrived"
        and not given_reason(figure, given)
    ]


def _curves(
    study: Study, site: str, record: Sequence[RecordEntry], known: Sequence[RecordEntry]
) -> Mapping[str, Ensemble]:
    """Return the curves of everybody, by name."""
    last_h = max(entry.window_h[1] for entry in known)
    told = known_at_origin(study.operation, record, site, last_h, _DRAWS, study.seed)
    arrivals = study.arrivals_of(site)
    people = arrivals.take(slice(0, arrivals.width)).astype(np.float64)
    hours = np.asarray(study.grid_s, np.float64) / SECONDS_PER_HOUR
    runs = Ensemble(hours, people, study.to_leave(site))
    return {RUNS: runs, **ensembles(told, study.seed, RIVALS)}


def _score(name: str, rows: Sequence[tuple[RecordEntry, Numbers]]) -> CountScore:
    near = [scored(crps, drawn, entry.claim) for entry, drawn in rows]
    inside = [is_inside(drawn, *entry.claim.reported, LEVEL) for entry, drawn in rows]
    return CountScore(name, len(rows), mean_known(near), sum(inside))
