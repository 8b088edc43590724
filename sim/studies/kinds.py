"""Every kind of study by its name: what makes an outcome of its plan.

To add one, write its file in this package and name its function here.
"""

from collections.abc import Callable

from sim.registry import Registry
from sim.studies import (
    calibration,
    comparison,
    forecast,
    run,
    selection,
    sweep,
    validation,
)
from sim.studies.outcome import Outcome
from sim.studies.unfinished import Underway
from sim.studies.work import Work

KINDS: Registry[Callable[[Underway, Work], Outcome]] = Registry(
    "kind of study",
    {
        "run": run.outcome,
        "compare": comparison.outcome,
        "forecast": forecast.outcome,
        "select": selection.outcome,
        "sweep": sweep.outcome,
        "calibrate": calibration.outcome,
        "validate": validation.outcome,
    },
)
