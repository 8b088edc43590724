"""Finds what must have happened before itself: the hold graph of an operation.

Its nodes are that an agreement comes into force or is completed, that people of a flow
arrive, and that a stoppage ends. An arrow says that one cannot happen before another
has, in any run: so whatever lies on a circle never happens. Only what is certain is an
arrow; what may be helped by an amendment, a lapse, another flow or a later beginning is
none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.messages import Text, say
from sim.scenario.checks.circles import Waits, circles
from sim.scenario.draft import Draft, Finding
from sim.scenario.plans import AgreementPlan, StoppagePlan
from sim.scenario.shapes import Path


@dataclass
class _Graph:
    """Who waits for what, and where the file says so."""

    draft: Draft
    waits: dict[str, dict[str, Text]]
    places: dict[str, Path]

    def add(self, one: str, other: str, why: Text) -> None:
        """Note that one thing cannot happen before another has."""
        self.waits.setdefault(one, {})[other] = why
        self.waits.setdefault(other, {})


def findings(draft: Draft) -> Iterator[Finding]:
    """Return a finding for each circle that goes through flows or stoppages.

    Those of agreements alone are found by `circles`.
    """
    graph = _Graph(draft, {}, {})
    for name, plan in draft.agreements.items():
        _add_agreement(graph, name, plan)
    for name, stoppage in draft.stoppages.items():
        _add_stoppage(graph, name, stoppage)
    waits: Waits = graph.waits
    for first, chain in circles(waits):
        yield Finding(
            graph.places[first],
            say("a deadlock in every run: {chain}", chain=chain),
            say("Take one of these conditions away."),
        )


def _in_force(name: str) -> str:
    return f"'{name}' is in force"


def _completed(name: str) -> str:
    return f"'{name}' is completed"


def _arrive(flow: str) -> str:
    return f"people of '{flow}' arrive"


def _over(stoppage: str) -> str:
    return f"'{stoppage}' is over"


def _add_agreement(graph: _Graph, name: str, plan: AgreementPlan) -> None:
    draft, force, done = graph.draft, _in_force(name), _completed(name)
    graph.places |= dict.fromkeys((force, done), ("agreements", name))
    why = say("'{name}' is completed only once it is in force", name=name)
    graph.add(done, force, why)
    for requirement, way in plan.requires.items():
        if way.agreement in draft.agreements:
            why = say(
                "'{name}' requires '{requirement}': that '{agreement}' is completed",
                name=name,
                requirement=requirement,
                agreement=way.agreement,
            )
            graph.add(force, _completed(way.agreement or ""), why)
        for flow in way.arrived or {}:
            if flow in draft.flows:
                why = say(
                    "'{name}' requires '{requirement}': that people of '{flow}' arrive",
                    name=name,
                    requirement=requirement,
                    flow=flow,
                )
                graph.add(force, _arrive(flow), why)
    for side, party in plan.parties.items():
        for flow in party.flows:
            if not _bars(draft, plan, flow, party.gate):
                continue
            graph.places[_arrive(flow)] = ("flows", flow)
            why = say(
                "people of '{flow}' pass '{gate}' only once '{name}' is in force",
                flow=flow,
                gate=party.gate,
                name=name,
            )
            graph.add(_arrive(flow), force, why)
        if (mover := _only_mover(draft, plan, side)) is not None:
            why = say(
                "'{name}' is completed only once people of '{mover}' have arrived",
                name=name,
                mover=mover,
            )
            graph.add(done, _arrive(mover), why)


def _only_mover(draft: Draft, plan: AgreementPlan, side: str) -> str | None:
    """Return the flow without whose arrivals a side is never done, if there is one."""
    flow, *others = plan.parties[side].flows
    moves = any(tranche.get(side) for tranche in plan.tranches)
    if others or not moves or plan.counted_at != "arrival" or plan.amendments:
        return None
    if flow not in draft.flows or not draft.people_of([flow]):
        return None
    return None if draft.share_people({flow}) or draft.may_lose_people else flow


def _bars(draft: Draft, plan: AgreementPlan, flow: str, gate: str) -> bool:
    """Whether nobody of a flow passes a gate before an agreement is in force."""
    deadlines = [plan.deadline, *(terms.deadline for terms in plan.amendments.values())]
    lapses = plan.after_deadline == "lapse" and any(
        deadline is not None for deadline in deadlines
    )
    # Who has only to be picked up behind the gate passes it with nobody aboard.
    empty = flow in draft.flows and draft.flows[flow].all_pick_ups
    if plan.proposed or lapses or empty:
        return False
    return _always_through(draft, flow, gate)


def _add_stoppage(graph: _Graph, name: str, plan: StoppagePlan) -> None:
    """Add what waits for the end of a stoppage that lasts from the start."""
    draft, over = graph.draft, _over(name)
    awaited = plan.until_agreement
    if awaited not in draft.agreements or plan.starts != 0 or plan.may_not_come:
        return
    if plan.meets is not None or plan.caught not in {"hold", "turn_back"}:
        return
    graph.places[over] = ("stoppages", name)
    why = say(
        "'{name}' lasts until '{awaited}' is in force", name=name, awaited=awaited
    )
    graph.add(over, _in_force(awaited or ""), why)
    if plan.catches is not None:
        return
    for flow in draft.flows:
        if plan.flows is not None and flow not in plan.flows:
            continue
        for gate in plan.closes:
            if _always_through(draft, flow, gate):
                graph.places[_arrive(flow)] = ("flows", flow)
                why = say(
                    "people of '{flow}' pass '{gate}' only once '{name}' is over",
                    flow=flow,
                    gate=gate,
                    name=name,
                )
                graph.add(_arrive(flow), over, why)
                break


def _always_through(draft: Draft, flow: str, gate: str) -> bool:
    """Whether people of a flow have to pass a gate: no other moves or diverts them."""
    ways = [route for name, route in draft.ways(detours=False) if name == flow]
    diverts = any(plan.to is not None for plan in draft.stoppages.values())
    if not ways or diverts or draft.share_people({flow}):
        return False
    return all(gate in way.through for way in ways)
