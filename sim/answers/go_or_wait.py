"""Go at once with uncertain numbers, or wait for confirmed ones and decide then.

Every decision is a scenario. Each is run twice under the same luck and the same draws
of what is not known: at once, and with nobody setting out before the numbers are there.
Who waits may choose the decision that the confirmed numbers speak for; who goes must
choose before. What waiting is worth is the difference, in the same unit as its cost:
the expected value of that information, less what the delay costs (Raiffa and Schlaifer,
1961; by regression on the draws: Strong, Oakley and Brennan, 2014).

Both choices are made on one half of the runs and judged on the other, so that no run
helps to choose what it is judged by: that of who waits by a regression, that of who
goes by the means.

References
----------
Raiffa and Schlaifer, Applied Statistical Decision Theory (1961), chapter 4.
Strong, Oakley and Brennan, Estimating multiparameter partial expected value of perfect
information from a probabilistic sensitivity analysis sample, Medical Decision Making 34
(2014) 311-326.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt

from sim.answers.complete import completed
from sim.errors import RunError
from sim.experiment import Study
from sim.experiment.compare import better, later_h_by
from sim.scenario import Operation, uncertain_fields
from sim.scenario.shapes import Path
from sim.scenario.uncertain import set_by, steps_to
from sim.statistics.intervals import Numbers, Paired, paired

_RUNS_A_TERM = 20
"""Ten in each half: fewer do not tell a regression."""
_MOST_CUTS = 3


@dataclass(frozen=True, slots=True)
class Option:
    """A way to act.

    Attributes
    ----------
    decision : place of the decision; None for one that the confirmed numbers choose.
    waits : whether it waits for them.
    cost : in each run: the metric, turned round if more of it is better.
    """

    decision: int | None
    waits: bool
    cost: Numbers


@dataclass(frozen=True, slots=True)
class GoOrWait:
    """What going at once costs, and what waiting does.

    Attributes
    ----------
    names : of the decisions.
    metric : by its full name.
    confirms : what is known once somebody has waited, by path.
    wait_s : how long that takes.
    options : every way to act: each decision at once, each later, and waiting to
        choose.
    go : place of the option that is best among those that go at once.
    gone : cost in each run of the decision at once that is best in the other half.
    wait : place of the option of waiting to choose.
    difference : of waiting to choose against `gone`, pair by pair.
    chosen : how often who waits takes which decision.
    thirds : mean cost of `gone` and of `wait`, by thirds of the first number confirmed,
        with the least and greatest of each third.
    runs : that count.
    missing : share of runs in which a moment did not come and counts as the end.
    """

    names: tuple[str, ...]
    metric: str
    confirms: tuple[str, ...]
    wait_s: int
    options: tuple[Option, ...]
    go: int
    gone: Numbers
    wait: int
    difference: Paired
    chosen: tuple[int, ...]
    thirds: tuple[tuple[float, float, float, float], ...]
    runs: int
    missing: float

    @property
    def regrets(self) -> tuple[Numbers, ...]:
        """Of each option, how much more it costs in each run than the best there."""
        table = np.array([option.cost for option in self.options])
        return tuple(table - table.min(axis=0))


def fewest(confirmed: int) -> int:
    """Return the runs that a regression on so many confirmed numbers takes."""
    return _RUNS_A_TERM * (confirmed + 1) * (confirmed + 2) // 2


def delayed(operation: Operation, wait_s: int) -> Operation:
    """Return an operation in which no flow opens before a moment.

    Parameters
    ----------
    operation : stays as it is; a flow whose opening hangs on something keeps it.
    wait_s : seconds after the start.
    """
    flows = {
        name: flow.model_copy(update={"opens": max(flow.opens or 0, wait_s)})
        if flow.opens is None or isinstance(flow.opens, int)
        else flow
        for name, flow in operation.flows.items()
    }
    return operation.model_copy(update={"flows": flows})


def opened_before(operation: Operation, wait_s: int) -> Iterator[str]:
    """Yield what is drawn that may open a flow before a moment, though all wait.

    Parameters
    ----------
    operation : as it is.
    wait_s : seconds after the start.
    """
    for name, spread in uncertain_fields(operation).items():
        paths = set_by(operation, name)
        steps = (steps_to(path, operation.clock) for path in paths)
        if spread.low < wait_s and any(map(_opens, steps)):
            yield name


def _opens(steps: Path) -> bool:
    return steps[:1] == ("flows",) and steps[2:] == ("opens",)


def weighed(
    names: Sequence[str],
    now: Sequence[Study],
    later: Sequence[Study],
    metric: str,
    confirms: Sequence[str],
    wait_s: int,
) -> GoOrWait:
    """Return what runs say of going at once and of waiting.

    Parameters
    ----------
    names : of the decisions.
    now, later : runs of each, under the same luck and draws.
    metric : what it costs.
    confirms : paths of what is known once somebody has waited.
    wait_s : how long that takes.

    Raises
    ------
    RunError
        If fewer runs than `fewest` worked in every arm, or the metric has no value in
        one of them and is no moment.
    """
    every = (*now, *later)
    numbers = sorted(set.intersection(*(set(s.replications.tolist()) for s in every)))
    if len(numbers) < fewest(len(confirms)):
        raise RunError(
            f"{len(numbers)} runs worked in every arm, and {fewest(len(confirms))} are "
            "needed to tell a regression."
        )
    sign = -better(metric) or 1
    costs, missing = zip(
        *(_cost(study, now[0], metric, sign, numbers) for study in every), strict=True
    )
    at_once, after = np.split(np.array(costs), [len(now)])
    known = np.array([_column(now[0], path, numbers) for path in confirms]).T
    runs = np.arange(len(numbers))
    choices = _chosen(known, after)
    taken = after[choices, runs]
    gone = at_once[_best_elsewhere(at_once), runs]
    options = (
        *(Option(n, False, cost) for n, cost in enumerate(at_once)),
        *(Option(n, True, cost) for n, cost in enumerate(after)),
        Option(None, True, taken),
    )
    go = int(at_once.mean(axis=1).argmin())
    return GoOrWait(
        names=tuple(names),
        metric=metric,
        confirms=tuple(confirms),
        wait_s=wait_s,
        options=options,
        go=go,
        gone=gone,
        wait=len(options) - 1,
        difference=paired(gone, taken),
        chosen=tuple(int((choices == n).sum()) for n in range(len(names))),
        thirds=_thirds(known[:, 0], gone, taken),
        runs=len(numbers),
        missing=float(np.mean(missing)),
    )


def _cost(
    study: Study, first: Study, metric: str, sign: int, numbers: Sequence[int]
) -> tuple[Numbers, float]:
    """Return a metric of some runs; moments in hours after the first start."""
    values, missing = completed(study, metric, numbers)
    return sign * (values + later_h_by(first, study, metric)), missing


def _column(study: Study, path: str, numbers: Sequence[int]) -> Numbers:
    return study.parameter(path)[np.isin(study.replications, numbers)]


def _halves(runs: int) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield the runs on which a choice is made; it is judged on all others."""
    even = np.arange(runs) % 2 == 0
    yield from (even, ~even)


def _best_elsewhere(costs: Numbers) -> npt.NDArray[np.int64]:
    """Return for each run the decision that costs least in the other half of them."""
    best = np.zeros(costs.shape[1], np.int64)
    for fitted in _halves(costs.shape[1]):
        best[~fitted] = costs[:, fitted].mean(axis=1).argmin()
    return best


def _chosen(known: Numbers, costs: Numbers) -> npt.NDArray[np.int64]:
    """Return which decision the confirmed numbers speak for in each run."""
    runs = known.shape[0]
    spread = known.std(axis=0)
    plain = (known - known.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    table = _terms(plain)
    choices = np.zeros(runs, np.int64)
    for fitted in _halves(runs):
        weights, *_ = np.linalg.lstsq(table[fitted], costs[:, fitted].T, rcond=None)
        choices[~fitted] = (table[~fitted] @ weights).argmin(axis=1)
    return choices


def _terms(columns: Numbers) -> Numbers:
    """Return a constant, the columns, and their squares and products."""
    count = columns.shape[1]
    pairs = combinations_with_replacement(range(count), 2)
    products = [columns[:, one] * columns[:, other] for one, other in pairs]
    return np.column_stack([np.ones(len(columns)), columns, *products])


def _thirds(
    known: Numbers, go: Numbers, wait: Numbers
) -> tuple[tuple[float, float, float, float], ...]:
    order = np.argsort(known, kind="stable")
    return tuple(
        (
            float(known[part].min()),
            float(known[part].max()),
            float(go[part].mean()),
            float(wait[part].mean()),
        )
        for part in np.array_split(order, _MOST_CUTS)
    )
