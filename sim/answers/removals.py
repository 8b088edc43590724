"""An operation without one of the things that hold it, all else as it is.

What is removed has no effect any more, but still happens: a stoppage begins and ends at
its time and closes nothing, so that whatever hangs on its beginning or end comes as
before. The value of removing it is that of its closing alone, not of a history in which
it had never been; for that, write a variant.
"""

from collections.abc import Callable, Iterable, Mapping

from sim.distributions import Distribution
from sim.metrics.obstacles import Obstacle, ObstacleKind
from sim.scenario import Operation
from sim.scenario.numbers import with_fields
from sim.scenario.origins import sites_of
from sim.scenario.plans import PLAIN, FlowPlan
from sim.scenario.shapes import Path
from sim.scenario.uncertain import undrawn

_NOTHING = Distribution.fixed(0)
_NO_LIMIT = 10**6
_Fields = Mapping[Path, object]


def removable(operation: Operation) -> tuple[Obstacle, ...]:
    """Return everything that can be removed from an operation, in its own order."""
    kinds = ObstacleKind
    leaving = dict.fromkeys(
        site for name in operation.flows for site in sites_of(operation, name)
    )
    found = [
        *(Obstacle(kinds.STOPPAGE, name) for name in operation.stoppages),
        *(Obstacle(kinds.AGREEMENT, name) for name in operation.agreements),
        *(Obstacle(kinds.CHECKPOINT, name) for name in operation.checkpoints),
        *(
            Obstacle(kinds.HOURS, name)
            for section in (operation.gates, operation.checkpoints, operation.legs)
            for name, plan in section.items()
            if plan.hours is not None
        ),
    ]
    for site in leaving:
        flows = [operation.flows[name] for name in _flows_of(operation, site)]
        if any(_given(flow, _HOURS) for flow in flows):
            found.append(Obstacle(kinds.HOURS, site))
        found += [Obstacle(kinds.PACE, site), Obstacle(kinds.VEHICLES, site)]
    for name, site_plan in operation.sites.items():
        if site_plan.bays is not None:
            found.append(Obstacle(kinds.BAYS, name))
        if site_plan.holds is not None:
            found.append(Obstacle(kinds.ROOM, name))
    return tuple(found)


def without(operation: Operation, obstacles: Iterable[Obstacle]) -> Operation:
    """Return an operation in which some obstacles hold nobody.

    Of vehicles, as many again come to the fleets of the site, at the same moments. Of a
    pace, any number of convoys may be under way at once. What is removed is not drawn
    from its range any more.

    Parameters
    ----------
    operation : stays as it is.
    obstacles : some of `removable`.
    """
    for kind, name in obstacles:
        fields = _REMOVALS[kind](operation, name)
        operation = undrawn(with_fields(operation, fields), fields.keys())
    return operation


_HOURS: Mapping[str, object] = {
    "hours": None,
    "release_hours": None,
    "dispatch_times": (),
    "release_times": (),
}
_PACE: Mapping[str, object] = {"headway": None, "at_most": None, "at_once": _NO_LIMIT}


def _given(flow: FlowPlan, fields: Mapping[str, object]) -> bool:
    """Return whether a flow, or a phase of it, has any of some fields."""
    plans = (flow, *flow.phases.values())
    return any(getattr(plan, field) for plan in plans for field in fields)


def _flows_of(operation: Operation, site: str) -> list[str]:
    return [name for name in operation.flows if site in sites_of(operation, name)]


def _fleets_of(operation: Operation, site: str) -> list[str]:
    taken = (operation.flows[name].ever_takes for name in _flows_of(operation, site))
    return [*dict.fromkeys(fleet for fleets in taken for fleet in fleets)]


def _stoppage(operation: Operation, name: str) -> _Fields:
    nothing = {
        "closes": (),
        "suspends": (),
        "breaches": (),
        "unaccounted": 0,
        "lives_lost": 0,
        "loses": {},
        "loses_loaded": {},
    }
    return {("stoppages", name, field): value for field, value in nothing.items()}


def _agreement(operation: Operation, name: str) -> _Fields:
    """Let it come into force when it is put forward, and no side wait for another."""
    sides = operation.agreements[name].parties
    free: Mapping[Path, object] = {
        ("in_force",): None,
        ("requires",): {},
        ("chance",): None,
        ("given_up_after",): None,
        ("deadline",): None,
        ("amendments",): {},
        ("rule",): "credit",
        ("ahead",): _NO_LIMIT,
        ("first",): None,
        ("each",): None,
        ("at_most",): None,
        ("parts",): None,
        ("tranches",): (dict.fromkeys(sides, "rest"),),
        **{("parties", side, "policy"): PLAIN for side in sides},
        **{("parties", side, "gives_up_after"): None for side in sides},
    }
    return {("agreements", name, *steps): value for steps, value in free.items()}


def _checkpoint(operation: Operation, name: str) -> _Fields:
    own: Path = ("checkpoints", name)
    changes = operation.checkpoints[name].changes
    return {
        (*own, "inspection"): _NOTHING,
        (*own, "lanes"): _NO_LIMIT,
        **{(*own, "changes", moment, "inspection"): None for moment in changes},
        **{(*own, "changes", moment, "lanes"): None for moment in changes},
    }


def _hours(operation: Operation, name: str) -> _Fields:
    places: dict[Path, object] = {
        (section, name, "hours"): None
        for section in ("gates", "checkpoints", "legs")
        if (plan := getattr(operation, section).get(name)) and plan.hours is not None
    }
    return places | _of_flows(operation, name, _HOURS)


def _pace(operation: Operation, site: str) -> _Fields:
    return _of_flows(operation, site, _PACE)


def _of_flows(
    operation: Operation, site: str, fields: Mapping[str, object]
) -> dict[Path, object]:
    """Return fields of all flows of a site, and of their phases that say anything."""
    found: dict[Path, object] = {}
    for name in _flows_of(operation, site):
        found |= {("flows", name, field): empty for field, empty in fields.items()}
        found |= {
            ("flows", name, "phases", moment, field): empty
            for moment, phase in operation.flows[name].phases.items()
            for field, empty in fields.items()
            if field in phase.model_fields_set
        }
    return found


def _vehicles(operation: Operation, site: str) -> _Fields:
    return {
        ("fleets", name, "joins"): {
            moment: 2 * number
            for moment, number in operation.fleets[name].joins.items()
        }
        for name in _fleets_of(operation, site)
    }


def _bays(operation: Operation, site: str) -> _Fields:
    return {("sites", site, "bays"): None}


def _room(operation: Operation, site: str) -> _Fields:
    return {("sites", site, "holds"): None}


_REMOVALS: Mapping[ObstacleKind, Callable[[Operation, str], _Fields]] = {
    ObstacleKind.STOPPAGE: _stoppage,
    ObstacleKind.AGREEMENT: _agreement,
    ObstacleKind.CHECKPOINT: _checkpoint,
    ObstacleKind.HOURS: _hours,
    ObstacleKind.PACE: _pace,
    ObstacleKind.VEHICLES: _vehicles,
    ObstacleKind.BAYS: _bays,
    ObstacleKind.ROOM: _room,
}
