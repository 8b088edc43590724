"""How an obstacle is named: what it is, and which."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sim.metrics.obstacles import Obstacle, ObstacleKind
from sim.scenario import Operation
from sim.scenario.titles import of_agreement, of_place
from sim.words import Text, say

_STATES: Mapping[ObstacleKind, Callable[[Text], Text]] = MappingProxyType(
    {
        ObstacleKind.STOPPAGE: lambda name: say("stoppage {name}", name=name),
        ObstacleKind.AGREEMENT: lambda name: say("agreement {name}", name=name),
        ObstacleKind.CHECKPOINT: lambda name: say("checkpoint {name}", name=name),
        ObstacleKind.HOURS: lambda name: say("hours of {name}", name=name),
        ObstacleKind.VEHICLES: lambda name: say("no vehicle at {name}", name=name),
        ObstacleKind.PACE: lambda name: say("pace of convoys from {name}", name=name),
        ObstacleKind.BAYS: lambda name: say("bays of {name}", name=name),
        ObstacleKind.ROOM: lambda name: say("room at {name}", name=name),
        ObstacleKind.NOT_READY: lambda name: say(
            "people of {name} not ready", name=name
        ),
        ObstacleKind.NOT_BEGUN: lambda name: say("not begun at {name}", name=name),
        ObstacleKind.STATION: lambda name: say(
            "boarding and unloading at {name}", name=name
        ),
        ObstacleKind.ROAD: lambda name: say("road {name}", name=name),
        ObstacleKind.OTHER: lambda name: say("at {name}", name=name),
    }
)
_REMOVED: Mapping[ObstacleKind, Callable[[Text], Text]] = MappingProxyType(
    {
        ObstacleKind.STOPPAGE: lambda name: say("without {name}", name=name),
        ObstacleKind.AGREEMENT: lambda name: say(
            "without waiting under {name}", name=name
        ),
        ObstacleKind.CHECKPOINT: lambda name: say(
            "without inspection at {name}", name=name
        ),
        ObstacleKind.HOURS: lambda name: say("without hours of {name}", name=name),
        ObstacleKind.VEHICLES: lambda name: say(
            "with twice the vehicles for {name}", name=name
        ),
        ObstacleKind.PACE: lambda name: say(
            "without limits on convoys from {name}", name=name
        ),
        ObstacleKind.BAYS: lambda name: say("with bays enough at {name}", name=name),
        ObstacleKind.ROOM: lambda name: say("with room enough at {name}", name=name),
    }
)


def of_obstacle(found: Obstacle, operation: Operation) -> Text:
    """Return what an obstacle is called.

    Parameters
    ----------
    found : to name.
    operation : whose titles are used.
    """
    return _STATES[found.kind](_name(found, operation))


def of_removal(found: Obstacle, operation: Operation) -> Text:
    """Return what an operation is like in which an obstacle holds nobody."""
    return _REMOVED[found.kind](_name(found, operation))


def _name(found: Obstacle, operation: Operation) -> Text:
    if found.kind is ObstacleKind.AGREEMENT:
        return of_agreement(operation, found.name)
    if found.kind is ObstacleKind.STOPPAGE:
        return found.name
    return of_place(operation, found.name)
