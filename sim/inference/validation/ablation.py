"""What is typed in and what is worked out: the same scores with parts taken away.

A replay knows dates, terms and phases that were written down afterwards. Without them,
one kind after the other, the same ranges are fitted to the same figures: what is lost
is what the typing had been worth.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sim.distributions import Distribution
from sim.errors import ScenarioError
from sim.inference.arrival_curves import closed_h
from sim.inference.as_it_came import as_it_came
from sim.inference.calibration.fit import Calibrator, Fit
from sim.inference.calibration.goodness_of_fit import COUNTS, fit_scores
from sim.inference.calibration.options import FitTask, SmcSettings
from sim.inference.calibration.pool import pool_at, pool_name
from sim.inference.calibration.posterior_predictive import predictions
from sim.inference.calibration.relative_difference import EVERYWHERE, Score
from sim.inference.problem import Prepared, prepared
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation, from_data
from sim.scenario.plans import StoppagePlan
from sim.scenario.uncertain import ranges_lost, without_paths
from sim.scenario.written import data_of

RUNS, DRAWS = 1_000, 300
"""Of each: enough to tell scores apart by a tenth, in seconds."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """The scores of an operation with something taken away.

    Attributes
    ----------
    name : what is left; see `ABLATIONS`.
    figures : documented, of how many what follows is told.
    ard : of the median run, over all sites; NaN if no people are counted.
    crps : of counts, on the logarithm.
    inside_50, inside_90 : figures inside these intervals.
    possible : whether it can be run; else nothing else is told.
    """

    name: str
    figures: int
    ard: float
    crps: float
    inside_50: int
    inside_90: int
    possible: bool = True


def _one_phase(operation: Operation) -> Operation:
    """Return an operation in which each flow works as at first, for all its people."""
    flows = {}
    for name, flow in operation.flows.items():
        later = [group for each in flow.phases.values() for group in each.groups or ()]
        groups = tuple(dict.fromkeys((*flow.groups, *later)))
        flows[name] = flow.model_copy(update={"phases": {}, "groups": groups})
    return operation.model_copy(update={"flows": flows})


def _no_agreements(operation: Operation) -> Operation:
    """Return an operation in which each side moves when it can; gates still close."""
    dated = as_it_came(operation)
    windows = dict(closed_h(dated))
    stoppages = {
        name: plan.model_copy(
            update={
                "until_agreement": None,
                "breaches": (),
                **(
                    {"until": round(windows[name][1] * SECONDS_PER_HOUR)}
                    if plan.until_agreement and name in windows
                    else {}
                ),
            }
        )
        for name, plan in dated.stoppages.items()
    }
    return dated.model_copy(update={"agreements": {}, "stoppages": stoppages})


def _stoppages_only(operation: Operation) -> Operation:
    return _no_agreements(_one_phase(as_it_came(operation))).model_copy(
        update={"weather": {}}
    )


def _random_stoppages(operation: Operation) -> Operation:
    """Return the same with stoppages as many and as long, each at any time."""
    bare = _stoppages_only(operation)
    plans = {}
    for name, (begins_h, ends_h) in closed_h(bare):
        told = bare.stoppages[name]
        if told.may_not_come:  # it comes by chance already
            plans[name] = told
            continue
        plans[name] = StoppagePlan.model_construct(
            cause=told.cause,
            closes=told.closes,
            every=Distribution.exponential(float(bare.ends)),
            since=0,
            lasts=Distribution.exponential((ends_h - begins_h) * SECONDS_PER_HOUR),
        )
    return bare.model_copy(update={"stoppages": plans})


def _nothing_dated(operation: Operation) -> Operation:
    return _stoppages_only(operation).model_copy(update={"stoppages": {}})


def _as_it_is(operation: Operation) -> Operation:
    return operation


ABLATIONS: Mapping[str, Callable[[Operation], Operation]] = MappingProxyType(
    {
        "as shipped": _as_it_is,
        "one phase a flow": _one_phase,
        "no agreements": _no_agreements,
        "stoppages only": _stoppages_only,
        "random stoppages": _random_stoppages,
        "nothing dated": _nothing_dated,
    }
)
"""What is left, with what takes the rest away."""


def without(operation: Operation, name: str) -> Operation:
    """Return an operation with something taken away, and what hung on it.

    Parameters
    ----------
    operation : as it is.
    name : of ABLATIONS.

    Raises
    ------
    ScenarioError
        If what is left cannot be run.
    """
    if ABLATIONS[name] is _as_it_is:
        return operation
    bare = ABLATIONS[name](operation)
    left = without_paths(operation, ranges_lost(operation, bare))
    return from_data(data_of(bare.model_copy(update={"uncertain": left})), derived=True)


def left_of(calibrator: Calibrator) -> dict[str, Fit | None]:
    """Return screens of an operation with something taken away, by ABLATIONS.

    Parameters
    ----------
    calibrator : of the operation as it is; its method and pool are not used.

    Returns
    -------
    dict
        None where what is left cannot be run.
    """
    return {name: _left(calibrator, name) for name in ABLATIONS}


def ablation(name: str, fit: Fit | None) -> Ablation:
    """Return the scores of a fit with something taken away."""
    if fit is None:
        return Ablation(name, 0, 0, 0, 0, 0, possible=False)
    scores = {(row.name, row.of): row for row in fit_scores(fit, predictions(fit))}
    return _told(name, scores)


def _left(calibrator: Calibrator, name: str) -> Fit | None:
    ready = calibrator.ready
    rows = tuple(entry.figure for entry in ready.record.entries)
    try:
        bare = _about_the_same(prepared(without(ready.operation, name), rows), ready)
    except (ScenarioError, ValueError):
        return None
    options = replace(
        calibrator.options,
        method="screen",
        pool=RUNS,
        settings=SmcSettings(particles=DRAWS),
    )
    pool = pool_at(
        calibrator.kept / pool_name(bare, options),
        bare,
        options,
        calibrator.mapper,
        lambda what, progress: calibrator.tell(f"{name}: {what}", progress),
    )
    bench = replace(calibrator, ready=bare, options=options, pool=pool)
    return bench.fit(FitTask.of_all(name, bare))


def _about_the_same(bare: Prepared, ready: Prepared) -> Prepared:
    """Return what is left, asked about the figures of the whole and no others."""
    names = {claim.name for claim in ready.claims}
    more = [at for at, claim in enumerate(bare.claims) if claim.name not in names]
    return bare.without(dict.fromkeys(more, "is not asked of the whole"))


def _told(name: str, scores: Mapping[tuple[str, str], Score]) -> Ablation:
    nothing = Score("", "", 0, float("nan"), float("nan"))
    half, most = scores["inside 50%", "figures"], scores["inside 90%", "figures"]
    return Ablation(
        name,
        most.figures,
        scores.get(("ARD", EVERYWHERE), nothing).fit,
        scores.get(("CRPS", COUNTS), nothing).fit,
        round(half.fit),
        round(most.fit),
    )
