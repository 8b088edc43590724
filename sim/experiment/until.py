"""Runs studies until what was asked is known well enough."""

from collections.abc import Callable, Mapping

from sim.experiment.runner import Runner
from sim.experiment.study import Study
from sim.statistics.intervals import Numbers
from sim.statistics.precision import Look, StoppingRule, until_precise

Measure = Callable[[tuple[Study, ...]], Mapping[str, Numbers]]
"""Returns the numbers of studies by the name that a rule knows them by."""


def run_until(
    runner: Runner, rule: StoppingRule, measure: Measure
) -> tuple[tuple[Study, ...], Look]:
    """Return studies of as many runs as a rule asks for, and what is known then.

    Parameters
    ----------
    runner : runs them.
    rule : when to stop.
    measure : what the rule looks at.
    """

    def values_of(runs: int) -> Mapping[str, Numbers]:
        return measure(runner.upto(runs))

    found = until_precise(rule, values_of)
    return runner.upto(found.runs), found
