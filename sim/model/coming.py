"""An operation as it comes in one run: without the stoppages that chance leaves out.

What does not come is not built, so that the run is that of a file without it.
"""

from functools import lru_cache

from sim.model.luck import Itself, stoppage_comes
from sim.model.streams import Streams
from sim.scenario.plans import Operation


def as_it_comes(operation: Operation, streams: Streams) -> Operation:
    """Return an operation without the stoppages that do not come in a run.

    Parameters
    ----------
    operation : stays as it is.
    streams : of the run.
    """
    absent = frozenset(
        name
        for name, plan in operation.stoppages.items()
        if plan.chance is not None and not stoppage_comes(streams, plan.chance, name)
    )
    return _without(Itself(operation), absent) if absent else operation


@lru_cache(maxsize=16)
def _without(itself: Itself, absent: frozenset[str]) -> Operation:
    """Return the very same operation for all runs that leave out the same.

    What is to be drawn is remembered by operation.
    """
    stoppages = itself.operation.stoppages
    kept = {name: plan for name, plan in stoppages.items() if name not in absent}
    return itself.operation.model_copy(update={"stoppages": kept})
