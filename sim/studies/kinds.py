"""Every kind of study by its name: what makes an outcome of its plan.

To add one, write its file in this package and name its function here.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sim.studies import (
    calibration,
    comparison,
    run,
    selection,
    sweep,
    validation,
)
from sim.studies.outcome import Outcome
from sim.studies.unfinished import Unfinished
from sim.studies.work import Work

KINDS: Mapping[str, Callable[[Unfinished, Work], Outcome]] = MappingProxyType(
    {
        "run": run.outcome,
        "compare": comparison.outcome,
        "select": selection.outcome,
        "sweep": sweep.outcome,
        "calibrate": calibration.outcome,
        "validate": validation.outcome,
    }
)
