"""The places of an operation and the ways between them, each once.

A way is a leg between two places, as a route has it: the same leg on two routes makes
two ways if it joins other places there. Where two legs meet and there is no place, they
meet at a joint, which has no name. Empty vehicles come from a yard, if it is not said
from where.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from sim.scenario import Operation
from sim.scenario.detours import routes_of
from sim.scenario.plans import RoutePlan

Sort = Literal["site", "gate", "checkpoint", "stage", "joint", "yard"]


class Node(NamedTuple):
    """A place of the drawing.

    Attributes
    ----------
    name : of the place; of a joint or yard one that no place can have.
    """

    name: str
    sort: Sort


class NetworkWay(NamedTuple):
    """A stretch of road between two nodes, by name.

    Attributes
    ----------
    legs : those that run there.
    only_empty : whether only vehicles without people use it.
    """

    begin: str
    end: str
    legs: tuple[str, ...]
    only_empty: bool


class Hop(NamedTuple):
    """A leg as a route has it; the leg is empty between places that touch."""

    leg: str
    begin: str
    end: str
    is_empty: bool


@dataclass(frozen=True)
class Network:
    """All nodes and ways that convoys may use.

    Attributes
    ----------
    hops : of each route, with people first.
    chains : nodes one after the other, as routes have them: with people from origin to
        destination, and those of empty vehicles that lead to a node of these.
    boarding : sites by the gate that must be open for boarding there, of gates that are
        on no route themselves.
    """

    nodes: Mapping[str, Node]
    hops: Mapping[str, tuple[Hop, ...]]
    chains: tuple[tuple[str, ...], ...]
    approaches: tuple[tuple[str, ...], ...]
    boarding: Mapping[str, str]
    _paths: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, operation: Operation) -> "Network":
        """Return the network of the routes that flows may take."""
        used = dict.fromkeys(
            route for flow in operation.flows for route in routes_of(operation, flow)
        )
        hops, chains, approaches = {}, [], []
        for name in used:
            route = operation.routes[name]
            loaded = list(_loaded(route, operation))
            yard = _yard(name, route, operation)
            inbound = _walk(route.origin, route.inbound[::-1], yard, loaded, operation)
            back = _walk(route.destination, route.back, yard, loaded, operation)
            inbound = [Hop(h.leg, h.end, h.begin, True) for h in reversed(inbound)]
            hops[name] = (*loaded, *inbound, *back)
            chains.append(_chain(loaded))
            approaches += [_chain(each) for each in (inbound, back) if each]
        names = dict.fromkeys(
            name for chain in (*chains, *approaches) for name in chain
        )
        boarding = _boarding(operation, names)
        nodes = {name: _node(name, operation) for name in (*names, *boarding)}
        return cls(nodes, hops, tuple(chains), tuple(approaches), boarding)

    @cached_property
    def ways(self) -> tuple[NetworkWay, ...]:
        """Every stretch once, whichever way it is driven."""
        legs: dict[tuple[str, str], dict[str, None]] = {}
        empty: dict[tuple[str, str], bool] = {}
        for hop in (hop for hops in self.hops.values() for hop in hops):
            ends = hop.begin, hop.end
            key = ends if ends in legs or ends[::-1] not in legs else ends[::-1]
            legs.setdefault(key, {}).update({hop.leg: None} if hop.leg else {})
            empty[key] = empty.get(key, True) and hop.is_empty
        return tuple(NetworkWay(*key, tuple(legs[key]), empty[key]) for key in legs)

    def path(self, begin: str, end: str) -> tuple[str, ...]:
        """Return the nodes from one to another by fewest ways; both, if none lead."""
        if (begin, end) not in self._paths:
            self._paths[begin, end] = self._shortest(begin, end)
        return self._paths[begin, end]

    def _shortest(self, begin: str, end: str) -> tuple[str, ...]:
        came: dict[str, str] = {begin: ""}
        waiting = deque([begin])
        while waiting and end not in came:
            here = waiting.popleft()
            for there in self._neighbours.get(here, ()):
                if there not in came:
                    came[there] = here
                    waiting.append(there)
        if end not in came:
            return begin, end
        path = [end]
        while path[-1] != begin:
            path.append(came[path[-1]])
        return tuple(reversed(path))

    @cached_property
    def _neighbours(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for way in self.ways:
            found.setdefault(way.begin, []).append(way.end)
            found.setdefault(way.end, []).append(way.begin)
        return found


def _node(name: str, operation: Operation) -> Node:
    sorts: tuple[tuple[Sort, Mapping[str, object]], ...] = (
        ("site", operation.sites),
        ("gate", operation.gates),
        ("checkpoint", operation.checkpoints),
        *(("stage", plans) for plans in operation.stages.values()),
    )
    if name.startswith("yard:"):
        return Node(name, "yard")
    return Node(name, next((sort for sort, plans in sorts if name in plans), "joint"))


def _yard(name: str, route: RoutePlan, operation: Operation) -> str:
    """Return where the empty vehicles of a route are before they come to its origin."""
    if not route.inbound:
        return route.origin
    first = route.inbound[0]
    return f"yard:{name}" if first in operation.legs else first


def _loaded(route: RoutePlan, operation: Operation) -> Iterator[Hop]:
    """Yield the hops from the origin of a route to its destination."""
    here, leg = route.origin, ""
    for stage in (*route.through, route.destination):
        if stage not in operation.legs:
            yield Hop(leg, here, stage, False)
            here, leg = stage, ""
        elif leg:
            joint = f"{leg}/{stage}"
            yield Hop(leg, here, joint, False)
            here, leg = joint, stage
        else:
            leg = stage


def _walk(
    begin: str,
    stages: Sequence[str],
    far: str,
    loaded: Sequence[Hop],
    operation: Operation,
) -> list[Hop]:
    """Return the hops of empty vehicles from a place that is known.

    A leg that is driven with people, too, ends where it does then, unless a place that
    is named says otherwise.

    Parameters
    ----------
    far : where they end if nothing else says so.
    """
    hops: list[Hop] = []
    here = begin
    for number, stage in enumerate(stages):
        after = stages[number + 1] if number + 1 < len(stages) else ""
        if stage not in operation.legs:
            if stage != here:
                hops.append(Hop("", here, stage, True))
            here = stage
            continue
        known = [{hop.begin, hop.end} for hop in loaded if hop.leg == stage]
        other = [end for ends in known if here in ends for end in ends - {here}]
        if after and after not in operation.legs:
            there = after
        elif other:
            there = other[0]
        else:
            there = f"{stage}/{after}" if after else far
        if there != here:
            hops.append(Hop(stage, here, there, True))
        here = there
    return hops


def _chain(hops: Sequence[Hop]) -> tuple[str, ...]:
    return (hops[0].begin, *(hop.end for hop in hops))


def _boarding(operation: Operation, on_routes: Mapping[str, None]) -> dict[str, str]:
    """Return the gates of boarding that are on no route, each with its site."""
    return {
        gate: operation.routes[flow.route].origin
        for flow in operation.flows.values()
        for gate in flow.ever_boards_at
        if gate not in on_routes
    }
