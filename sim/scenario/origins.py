"""Whom flows move, and from which sites."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from sim.scenario.plans import FlowPlan, RoutePlan


class HasFlows(Protocol):
    """An operation, or its draft."""

    @property
    def flows(self) -> Mapping[str, FlowPlan]:
        """The flows by name."""
        ...

    @property
    def routes(self) -> Mapping[str, RoutePlan]:
        """The routes by name."""
        ...


def sites_of(operation: HasFlows, flow: str) -> tuple[str, ...]:
    """Return the sites that people leave with a flow, at any time; its origin first."""
    return tuple(dict.fromkeys(site for site, _ in served(operation, flow)))


def served(operation: HasFlows, flow: str) -> Iterator[tuple[str, str]]:
    """Yield site and group of all whom a flow moves at any time.

    First those of its origin; none of these if the route is not valid.
    """
    yield from served_by(operation.flows[flow], operation.routes)


def served_by(
    plan: FlowPlan, routes: Mapping[str, RoutePlan]
) -> Iterator[tuple[str, str]]:
    """Yield the same of a flow by its plan."""
    if (route := routes.get(plan.route)) is not None:
        yield from ((route.origin, group) for group in plan.ever_serves)
    for site, groups in plan.ever_picks_up.items():
        yield from ((site, group) for group in groups)


def origins_of(operation: HasFlows) -> tuple[str, ...]:
    """Return the sites that people may leave with any flow."""
    sites = (site for flow in operation.flows for site in sites_of(operation, flow))
    return tuple(dict.fromkeys(sites))
