"""What people waited for by name: how an obstacle is called, and the hours of each."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sim.experiment.bands import band_of
from sim.metrics.obstacles import UNNAMED, Obstacle, ObstacleKind
from sim.report.contents import EVERYWHERE, Chart, Column, Table, table
from sim.scenario import Operation
from sim.scenario.titles import of_agreement, of_place, of_stoppage
from sim.statistics.intervals import Numbers
from sim.words import Number, Text, count, levels, say, share

_STATES: Mapping[ObstacleKind, Callable[[Text], Text]] = MappingProxyType(
    {
        ObstacleKind.STOPPAGE: lambda name: say("stoppage '{name}'", name=name),
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
        ObstacleKind.NOT_BEGUN: lambda name: say(
            "flows not begun at {name}", name=name
        ),
        ObstacleKind.STATION: lambda name: say(
            "boarding and unloading at {name}", name=name
        ),
        ObstacleKind.ROAD: lambda name: say("road {name}", name=name),
        ObstacleKind.OTHER: lambda name: say("at {name}", name=name),
    }
)
_REMOVED: Mapping[ObstacleKind, Callable[[Text], Text]] = MappingProxyType(
    {
        ObstacleKind.STOPPAGE: lambda name: say("without '{name}'", name=name),
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
    if found == UNNAMED:
        return say("anything else")
    return _STATES[found.kind](_name(found, operation))


def of_removal(found: Obstacle, operation: Operation) -> Text:
    """Return what an operation is like in which an obstacle holds nobody."""
    return _REMOVED[found.kind](_name(found, operation))


def obstacles(
    person_h: Mapping[Obstacle, Numbers],
    operation: Operation,
    forms: frozenset[str] = EVERYWHERE,
) -> Table:
    """Return person-hours by obstacle, and their sum.

    Parameters
    ----------
    person_h : of every run, the most first.
    operation : whose titles are used.
    forms : in which it is shown.
    """
    whole: Numbers | float = sum(person_h.values(), start=0.0)
    mean = float(whole.mean()) if not isinstance(whole, float) else whole
    rows = [
        (
            of_obstacle(name, operation),
            *_hours(column),
            share(float(column.mean()) / mean) if mean else None,
        )
        for name, column in person_h.items()
    ]
    if not isinstance(whole, float):
        rows.append((say("all waiting"), *_hours(whole), share(1.0)))
    headings = (say("person-hours"), say("median (5 % to 95 %)"), say("share"))
    return table(
        say("Obstacles"),
        say("What people waited for until they arrived: mean of the runs"),
        (
            Column(say("obstacle")),
            *(Column(each, number=True) for each in headings),
        ),
        rows,
        forms=forms,
        chart=Chart("bars", say("What people waited for")),
    )


def _hours(column: Numbers) -> tuple[Text, Text]:
    band = band_of(column)
    middle = levels(count(band.p5), count(band.median), count(band.p95))
    return Number(float(column.mean())), middle


def _name(found: Obstacle, operation: Operation) -> Text:
    if found.kind is ObstacleKind.AGREEMENT:
        return of_agreement(operation, found.name)
    if found.kind is ObstacleKind.STOPPAGE:
        return of_stoppage(operation, found.name)
    return of_place(operation, found.name)
