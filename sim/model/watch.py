"""Lets the things of a run tell whoever waits for what happens to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from sim.events import Kind
from sim.model.agreement.governor import Governor
from sim.model.dispatch.flow import CountsConvoy, Flow
from sim.model.gate import Gate
from sim.model.moments import Told, tell
from sim.model.site import Site
from sim.model.stoppage import Stoppage
from sim.scenario.moments import Happening, SoMany

_OF_AGREEMENTS = {
    "is proposed": Kind.PROPOSED,
    "is in force": Kind.IN_FORCE,
    "is amended": Kind.RENEGOTIATED,
    "is breached": Kind.BREACHED,
    "is completed": Kind.COMPLETED,
    "lapses": Kind.LAPSED,
}


def connect(
    watched: Mapping[Happening | SoMany, list[Told]],
    gates: Mapping[str, Gate],
    sites: Mapping[str, Site],
    flows: Mapping[str, Flow],
    governors: Mapping[str, Governor],
    stoppages: Mapping[str, Stoppage],
) -> None:
    """Let each thing that is waited for tell when it happens; nobody else is asked."""
    for event, told in watched.items():
        match event:
            case SoMany():
                _count(event, told, gates, flows)
            case Happening(name, what) if what in _OF_AGREEMENTS:
                kind = _OF_AGREEMENTS[what]
                governors[name].when[kind].append(partial(tell, told))
            case Happening(_, "comes"):
                pass  # it tells by itself
            case Happening(name, "is empty"):
                sites[name].when_empty += told
            case Happening(name, "is over"):
                flows[name].when_over += told
            case Happening(name, "ends") if name in stoppages:
                stoppages[name].when_ended += told
            case Happening(name, "begins") if name in stoppages:
                stoppages[name].when_begun += told
            case Happening(name, "begins") if name in flows:
                flows[name].when_begun += told
            case Happening(_, "begins" | "ends"):
                pass  # of a stoppage that does not come in this run


def _count(
    event: SoMany,
    told: Sequence[Told],
    gates: Mapping[str, Gate],
    flows: Mapping[str, Flow],
) -> None:
    def count(people: int, vehicles: int) -> None:
        more = {"people": people, "vehicles": vehicles, "convoys": 1}[event.unit]
        for each in told:
            each(more)

    calls: list[CountsConvoy]
    if event.what == "crossed":
        calls = gates[event.gate].when_crossed.setdefault(event.flow, [])
    elif event.what == "arrived":
        calls = flows[event.flow].when_arrived
    else:
        calls = flows[event.flow].when_set_out
    calls.append(count)
