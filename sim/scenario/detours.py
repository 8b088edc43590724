"""The routes that convoys of a flow may take, also because they are diverted."""

from collections.abc import Mapping
from typing import Protocol

from sim.scenario.plans import FlowPlan, RoutePlan, StoppagePlan


class HasRoutes(Protocol):
    """An operation, or its draft."""

    @property
    def flows(self) -> Mapping[str, FlowPlan]:
        """The flows by name."""
        ...

    @property
    def routes(self) -> Mapping[str, RoutePlan]:
        """The routes by name."""
        ...

    @property
    def stoppages(self) -> Mapping[str, StoppagePlan]:
        """The stoppages by name."""
        ...


def routes_of(operation: HasRoutes, flow: str) -> list[str]:
    """Return the routes of a flow, and then those onto which it may be diverted.

    Only of routes that there are; from one, convoys may be diverted onto the next.
    """
    return _with_detours(operation, flow, operation.flows[flow].routes)


def reached_from(operation: HasRoutes, flow: str, route: str) -> list[str]:
    """Return a route of a flow, and then those onto which it may be diverted."""
    return _with_detours(operation, flow, (route,))


def _with_detours(
    operation: HasRoutes, flow: str, routes: tuple[str, ...]
) -> list[str]:
    found = [*routes]
    diverting = [
        plan
        for plan in operation.stoppages.values()
        if plan.to in operation.routes and (plan.flows is None or flow in plan.flows)
    ]
    for name in found if diverting else ():
        if (route := operation.routes.get(name)) is None:
            continue
        for plan in diverting:
            other = operation.routes[plan.to or ""]
            gates = {*plan.closes} & {*route.through} & {*other.through}
            if gates and plan.to not in found:
                found.append(plan.to or "")
    return found


def destinations_of(operation: HasRoutes, flow: str) -> list[str]:
    """Return the sites at which people of a flow may arrive."""
    routes = (operation.routes[route] for route in routes_of(operation, flow))
    return list(dict.fromkeys(route.destination for route in routes))


def destinations(operation: HasRoutes) -> tuple[str, ...]:
    """Return the sites at which people of any flow may arrive."""
    sites = (site for f in operation.flows for site in destinations_of(operation, f))
    return tuple(dict.fromkeys(sites))


def onward(route: RoutePlan, gate: str) -> tuple[str, ...]:
    """Return what follows on a route, with people aboard, after a gate on it."""
    return route.through[route.through.index(gate) + 1 :]
