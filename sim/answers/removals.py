"""An operation without one of the things that hold it, all else as it is.

What is removed has no effect any more, but still happens: a stoppage begins and ends at
its time and closes nothing, so that whatever hangs on its beginning or end comes as
before. The value of removing it is that of its closing alone, not of a history in which
it had never been; for that, write a variant.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sim.distributions import Distribution
from sim.metrics.obstacles import Obstacle, ObstacleKind
from sim.scenario import Operation
from sim.scenario.origins import sites_of
from sim.scenario.plans import PLAIN, AgreementPlan, FlowPlan
from sim.scenario.uncertain import set_by, without_paths

_NOTHING = Distribution.fixed(0)
_NO_LIMIT = 10**6


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
    pace, any number of convoys may be under way at once.

    Parameters
    ----------
    operation : stays as it is.
    obstacles : some of `removable`.
    """
    removed = tuple(obstacles)
    drawn = overridden(operation, removed)
    for kind, name in removed:
        operation = _REMOVALS[kind](operation, name)
    return operation.model_copy(update={"uncertain": without_paths(operation, drawn)})


def overridden(operation: Operation, obstacles: Iterable[Obstacle]) -> tuple[str, ...]:
    """Return the paths of what is not known whose draws would undo a removal."""
    parts = [
        prefix
        for kind, name in obstacles
        for prefix in _prefixes(operation, kind, name)
    ]
    return tuple(
        path
        for unknown in operation.uncertain
        for path in set_by(operation, unknown)
        if any(f"{path}.".startswith(f"{prefix}.") for prefix in parts)
    )


def _prefixes(operation: Operation, kind: ObstacleKind, name: str) -> list[str]:
    """Return the parts of an operation that a removal writes anew."""
    if kind is ObstacleKind.AGREEMENT:
        return [f"agreements.{name}"]
    if kind is ObstacleKind.CHECKPOINT:
        return [f"checkpoints.{name}"]
    if kind is ObstacleKind.PACE:
        flows = _flows_of(operation, name)
        return [f"flows.{flow}.{field}" for flow in flows for field in _PACE]
    if kind is ObstacleKind.VEHICLES:
        return [f"fleets.{fleet}.joins" for fleet in _fleets_of(operation, name)]
    return []


_HOURS: Mapping[str, Any] = {
    "hours": None,
    "release_hours": None,
    "dispatch_times": (),
    "release_times": (),
}
_PACE: Mapping[str, Any] = {"headway": None, "at_most": None, "at_once": _NO_LIMIT}


def _given(flow: FlowPlan, fields: Mapping[str, Any]) -> bool:
    """Return whether a flow, or a phase of it, has any of some fields."""
    plans = (flow, *flow.phases.values())
    return any(getattr(plan, field) for plan in plans for field in fields)


def _flows_of(operation: Operation, site: str) -> list[str]:
    return [name for name in operation.flows if site in sites_of(operation, name)]


def _fleets_of(operation: Operation, site: str) -> list[str]:
    taken = (operation.flows[name].ever_takes for name in _flows_of(operation, site))
    return [*dict.fromkeys(fleet for fleets in taken for fleet in fleets)]


def _put(operation: Operation, section: str, plans: Mapping[str, Any]) -> Operation:
    """Return an operation with other plans in a section."""
    return operation.model_copy(
        update={section: {**getattr(operation, section), **plans}}
    )


def _stoppage(operation: Operation, name: str) -> Operation:
    nothing: dict[str, Any] = {
        "closes": (),
        "suspends": (),
        "breaches": (),
        "unaccounted": 0,
        "lives_lost": 0,
        "loses": {},
        "loses_loaded": {},
    }
    plan = operation.stoppages[name].model_copy(update=nothing)
    return _put(operation, "stoppages", {name: plan})


def _agreement(operation: Operation, name: str) -> Operation:
    """Let it come into force when it is put forward, and no side wait for another."""
    plan = operation.agreements[name]
    free: dict[str, Any] = {
        "in_force": None,
        "requires": {},
        "chance": None,
        "given_up_after": None,
        "deadline": None,
        "amendments": {},
        "rule": "credit",
        "ahead": _NO_LIMIT,
        "first": None,
        "each": None,
        "at_most": None,
        "parts": None,
        "tranches": (dict.fromkeys(plan.parties, "rest"),),
        "parties": {
            side: party.model_copy(update={"policy": PLAIN, "gives_up_after": None})
            for side, party in plan.parties.items()
        },
    }
    changed: AgreementPlan = plan.model_copy(update=free)
    return _put(operation, "agreements", {name: changed})


def _checkpoint(operation: Operation, name: str) -> Operation:
    plan = operation.checkpoints[name]
    changes = {
        moment: change.model_copy(update={"inspection": None, "lanes": None})
        for moment, change in plan.changes.items()
    }
    free = {"inspection": _NOTHING, "lanes": _NO_LIMIT, "changes": changes}
    return _put(operation, "checkpoints", {name: plan.model_copy(update=free)})


def _hours(operation: Operation, name: str) -> Operation:
    for section in ("gates", "checkpoints", "legs"):
        plans = getattr(operation, section)
        if name in plans and plans[name].hours is not None:
            plan = plans[name].model_copy(update={"hours": None})
            operation = _put(operation, section, {name: plan})
    return _flows_without(operation, name, _HOURS)


def _pace(operation: Operation, site: str) -> Operation:
    return _flows_without(operation, site, _PACE)


def _flows_without(
    operation: Operation, site: str, fields: Mapping[str, Any]
) -> Operation:
    """Return an operation in which flows of a site have none of some fields."""
    flows = {}
    for name in _flows_of(operation, site):
        flow = operation.flows[name]
        phases = {
            moment: phase.model_copy(
                update={
                    field: empty
                    for field, empty in fields.items()
                    if field in phase.model_fields_set
                }
            )
            for moment, phase in flow.phases.items()
        }
        flows[name] = flow.model_copy(update={**fields, "phases": phases})
    return _put(operation, "flows", flows)


def _vehicles(operation: Operation, site: str) -> Operation:
    fleets = {}
    for name in _fleets_of(operation, site):
        fleet = operation.fleets[name]
        joins = {moment: 2 * number for moment, number in fleet.joins.items()}
        fleets[name] = fleet.model_copy(update={"joins": joins})
    return _put(operation, "fleets", fleets)


def _bays(operation: Operation, site: str) -> Operation:
    plan = operation.sites[site].model_copy(update={"bays": None})
    return _put(operation, "sites", {site: plan})


def _room(operation: Operation, site: str) -> Operation:
    plan = operation.sites[site].model_copy(update={"holds": None})
    return _put(operation, "sites", {site: plan})


_REMOVALS = {
    ObstacleKind.STOPPAGE: _stoppage,
    ObstacleKind.AGREEMENT: _agreement,
    ObstacleKind.CHECKPOINT: _checkpoint,
    ObstacleKind.HOURS: _hours,
    ObstacleKind.PACE: _pace,
    ObstacleKind.VEHICLES: _vehicles,
    ObstacleKind.BAYS: _bays,
    ObstacleKind.ROOM: _room,
}
