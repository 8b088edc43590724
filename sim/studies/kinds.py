"""Every kind of study by its name: what makes an outcome of its plan.

To add one, write its file in this package and name its function here.
"""

from collections.abc import Callable

from sim.registry import Registry, later
from sim.studies.outcome import Outcome
from sim.studies.unfinished import Underway
from sim.studies.work import Work

_FILES = {
    "run": "run",
    "compare": "comparison",
    "select": "selection",
    "sweep": "sweep",
    "calibrate": "calibration",
    "validate": "validation",
    "forecast": "forecast",
    "follow": "following.forecast",
    "best": "ask.best",
    "bound": "ask.bound",
    "deadlock": "ask.deadlock",
    "probability": "ask.probability",
    "what-holds": "ask.what_holds",
    "least": "ask.least",
    "sensitivity": "ask.sensitivity",
    "go-or-wait": "ask.go_or_wait",
    "policies": "ask.policies",
}

KINDS: Registry[Callable[[Underway, Work], Outcome]] = Registry(
    "kind of study",
    {kind: later(f"sim.studies.{file}", "outcome") for kind, file in _FILES.items()},
)
