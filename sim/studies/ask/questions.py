"""Every question by its name: what makes a plan of it.

To add one, write its file in this package and name its function here.
"""

from collections.abc import Callable
from functools import partial

from sim.registry import Registry, later
from sim.studies.plan import StudyPlan

_SOUGHT = later("sim.studies.ask.least", "planned")
_FILES = {
    "probability": "probability",
    "what-holds": "what_holds",
    "sensitivity": "sensitivity",
    "go-or-wait": "go_or_wait",
    "policies": "policies",
    "best": "best",
    "bound": "bound",
    "deadlock": "deadlock",
}

QUESTIONS: Registry[Callable[..., StudyPlan]] = Registry(
    "question",
    {
        "least": _SOUGHT,
        "latest": partial(_SOUGHT, latest=True),
        **{
            name: later(f"sim.studies.ask.{file}", "planned")
            for name, file in _FILES.items()
        },
    },
)
"""Each takes a scenario, what the question names, how often to run it, and options."""
