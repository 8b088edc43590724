"""Evacuation convoys through gates, under agreements and stoppages.

Data flows one way::

    scenario -> model -> events -> metrics -> report

Experiments and inference sit above: they hand a scenario in and read events or metrics,
and know nothing of the model's inside. What programs need is here::

    from sim import load, report_on, run_study

    print(report_on(run_study("aleppo-2016", replications=20)))
"""

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.compiled import use_if_there

if TYPE_CHECKING:
    from sim.programs import (
        EXPORTS,
        FORMS,
        METRICS,
        PICTURES,
        POLICIES,
        RULES,
        STAGES,
        Export,
        Form,
        Metric,
        Picture,
        ask,
        calibrate,
        compare,
        forecast,
        load,
        report_on,
        run_study,
        simulate,
        sweep,
    )

use_if_there()

__all__ = [
    "EXPORTS",
    "FORMS",
    "METRICS",
    "PICTURES",
    "POLICIES",
    "RULES",
    "STAGES",
    "Export",
    "Form",
    "Metric",
    "Picture",
    "ask",
    "calibrate",
    "compare",
    "forecast",
    "load",
    "report_on",
    "run_study",
    "simulate",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Return a function of the surface; what it takes along is loaded only now.

    Raises
    ------
    AttributeError
        If there is none of this name, with the nearest.
    """
    if name in __all__:
        return getattr(import_module("sim.programs"), name)
    near = get_close_matches(name, __all__, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise AttributeError(f"module 'sim' has no attribute '{name}'.{hint}")


def __dir__() -> list[str]:
    """Return the names of the surface."""
    return sorted(__all__)
