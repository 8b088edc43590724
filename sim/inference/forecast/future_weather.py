"""Weather as it was known at a moment: none to come is foreseen."""

from sim.inference.forecast.changes import Change, GoesOn, NotKnown
from sim.inference.forecast.information_set import InformationSet
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation
from sim.scenario.plans import WeatherPlan

WEATHER_GOES_ON_H = 24
"""Judgement: how long weather will go on that is there."""


def weather_as_of(
    operation: Operation, known: InformationSet
) -> tuple[dict[str, WeatherPlan], list[Change]]:
    """Return the weather as known at a moment: none to come is foreseen."""
    plans = {}
    changes: list[Change] = []
    for name, plan in operation.weather.items():
        if not known.begun(plan.starts) or not known.told(plan.evidence):
            changes.append(NotKnown("weather", name))
        elif plan.until <= known.moment_s:
            plans[name] = plan
        else:
            until_s = known.moment_s + WEATHER_GOES_ON_H * SECONDS_PER_HOUR
            plans[name] = plan.model_copy(update={"until": until_s})
            changes.append(GoesOn(name, WEATHER_GOES_ON_H, until_s))
    return plans, changes
