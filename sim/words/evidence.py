"""What documented figures count, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.messages import Sentence, Text, say

_COUNTED: Mapping[str, Sentence] = MappingProxyType(
    {
        "cumulative_arrivals": say("cumulative arrivals"),
        "cumulative_departures": say("cumulative departures"),
        "arrivals_between": say("arrivals between"),
        "departures_between": say("departures between"),
        "vehicles_crossed_between": say("vehicles crossed between"),
        "vehicles_arrived_between": say("vehicles arrived between"),
        "vehicles_entered": say("vehicles entered"),
        "vehicles_waiting": say("vehicles waiting"),
        "convoys_arrived": say("convoys arrived"),
        "convoy_people": say("convoy people"),
        "convoy_vehicles": say("convoy vehicles"),
        "still_inside": say("still inside"),
        "turned_back_people": say("turned back people"),
        "first_arrival": say("first arrival"),
        "last_arrival": say("last arrival"),
        "first_crossing": say("first crossing"),
        "last_crossing": say("last crossing"),
        "people_per_vehicle": say("people per vehicle"),
        "trip_time": say("trip time"),
        "journey_time": say("journey time"),
        "hold_time": say("hold time"),
        "cycle_time": say("cycle time"),
        "vehicles_lost": say("vehicles lost"),
    }
)
"""By the metric of the evidence table."""


def counted(metric: str) -> Text:
    """Return what a documented metric counts; of one from outside, its own name."""
    return _COUNTED.get(metric, metric.replace("_", " "))
