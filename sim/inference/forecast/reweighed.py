"""A forecast from draws of another one, weighed anew by the figures of now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import numpy as np

from sim.evidence.figures import Figure
from sim.inference.claims import intervals
from sim.inference.forecast.forecast import Effort, Forecast, forecast_of
from sim.inference.forecast.kept_draws import KeptDraws
from sim.inference.forecast.task import ForecastTask, Tell
from sim.inference.simulator import Mapper
from sim.inference.weights import drawn_evenly, relative_weights
from sim.scenario import Operation


def reweighed_forecast(
    operation: Operation,
    figures: Iterable[Figure],
    moment: datetime,
    kept: KeptDraws,
    effort: Effort,
    mapper: Mapper = map,
    tell: Tell = lambda done: None,
) -> Forecast:
    """Return a forecast from draws of another one, which are weighed anew.

    It is of the same distribution as `forecast`, and rests on as many draws as their
    weights leave effective; see `kept_draws`. Those that come from one run of the pool
    are not independent: they count as one, here as in the forecast that left them,
    and weighing them anew makes them worth no more than they were.

    Parameters
    ----------
    operation, figures, moment, mapper, tell : as of `forecast`.
    kept : draws of a forecast of the same operation, as of an earlier moment or with
        fewer figures.
    effort : as of `forecast`; its pool is not run.

    Raises
    ------
    EvidenceError
        If nothing was known, or the figures would count anything twice.
    """
    task = ForecastTask.of(operation, tuple(figures), moment)
    rng = np.random.default_rng(effort.seed)
    simulator, seen = task.simulator, task.seen
    draws = kept.along(simulator.prior.names, rng)
    first, times = draws.distinct()
    made = simulator.outcomes(draws.points[first], draws.luck[first], mapper, tell)
    likelihoods = seen.log_likelihood(
        made.quantities[:, : task.known], intervals(seen.claims)
    )
    weights = times * relative_weights(likelihoods - draws.likelihoods[first])
    at = drawn_evenly(weights, rng, effort.draws)
    told = forecast_of(
        *(task, moment, made.chosen(at), draws.points[first][at]),
        *(effort, rng, mapper, lambda done: tell(len(first) + done)),
    )
    return replace(
        told,
        distinct=len(np.unique(at)),
        weighed=len(first),
        effective=draws.worth(first, weights),
    )
