"""What the sides of agreements did in the typical run, and who was left behind."""

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from sim.cli.words import moment, number
from sim.events import Cause, Event, Kind, RunLog
from sim.experiment import Study
from sim.metrics.exchange import greatest_imbalance, moved
from sim.results.titles import of_agreement, of_flow, of_site
from sim.scenario import Operation

_STATES = {
    Kind.PROPOSED: "proposed",
    Kind.IN_FORCE: "in force",
    Kind.MOVING: "moving",
    Kind.SUSPENDED: "suspended",
    Kind.BREACHED: "breached",
    Kind.RENEGOTIATED: "renegotiated",
    Kind.COMPLETED: "completed",
    Kind.LAPSED: "lapsed",
}
_MOST_BEHIND = 3


class _Link(NamedTuple):
    """One flow in the chain of who waits for whom."""

    flow: str
    cause: str
    by: str


def story(study: Study) -> Iterator[str]:
    """Return sentences on the agreements, and on people who did not arrive."""
    log = study.log_of(study.typical)
    sentences = [
        *_agreements(study.operation, log),
        *_left_behind(study.operation, log),
    ]
    if sentences:
        yield f"In the typical run (replication {study.typical}):"
        yield from sentences


def _agreements(operation: Operation, log: RunLog) -> Iterator[str]:
    for name, plan in operation.agreements.items():
        states = [
            event
            for event in log.events
            if event.place == name and event.kind in _STATES and not event.convoy
        ]
        if not states:
            continue
        parties = {side: party.flows for side, party in plan.parties.items()}
        gates = {side: party.gate for side, party in plan.parties.items()}
        curves = moved(log, parties, "people", plan.counted_at, gates)
        sides = ", ".join(f"{side} {number(c.last)}" for side, c in curves.items())
        since = moment(operation.clock, states[-1].time_s)
        sentence = (
            f"- {of_agreement(operation, name)} ({name}): "
            f"{_STATES[states[-1].kind]} since {since}; people moved: {sides}."
        )
        gap = greatest_imbalance(curves)
        if len(curves) > 1 and gap.amount:
            sentence += (
                f" Furthest apart {moment(operation.clock, gap.time_s)}, {gap.ahead} "
                f"ahead by {number(gap.amount)}."
            )
        yield sentence


def _left_behind(operation: Operation, log: RunLog) -> Iterator[str]:
    ends = [e for e in log.events if e.kind in {Kind.DEADLOCK, Kind.UNFINISHED}]
    for event in ends:
        if _told_by_another(operation, event, ends):
            continue
        links = _links(event.by)
        first, behind = links[0], _causes_behind(links, {end.flow for end in ends})
        deadlock = "deadlock: " if event.kind is Kind.DEADLOCK else ""
        sentence = (
            f"- {deadlock}{number(event.people)} people of "
            f"{of_site(operation, event.place)} ({of_flow(operation, event.flow)}) "
            f"had not arrived: {_why(first)}."
        )
        if behind:
            shown = "; ".join(f"{link.flow}, {_why(link)}" for link in behind)
            sentence += f" Behind that: {shown}."
        yield f"{sentence} To try: {_remedy(operation, first)}."


def _told_by_another(operation: Operation, event: Event, ends: Sequence[Event]) -> bool:
    """Tell whether another flow that is still served answers for the same people."""
    if _links(event.by)[0].cause != Cause.NO_SERVICE:
        return False
    groups = set(operation.flows[event.flow].groups)
    served = {
        group
        for other in ends
        if other.place == event.place and _links(other.by)[0].cause != Cause.NO_SERVICE
        for group in operation.flows[other.flow].groups
    }
    return groups <= served


def _links(chain: str) -> list[_Link]:
    links = []
    for text in chain.split(" <- "):
        flow, _, rest = text.partition(": ")
        cause, _, by = rest.partition(" (")
        links.append(_Link(flow, cause, by.removesuffix(")")))
    return links


def _causes_behind(links: Sequence[_Link], unfinished: Container[str]) -> list[_Link]:
    """Return what lies behind a wait for an agreement: flows that are stuck themselves.

    What else the chain names has nobody left to move, or goes round in a circle.
    """
    return [
        link
        for link in links[1:]
        if link.flow in unfinished
        and link.cause not in {"", Cause.AGREEMENT, Cause.NO_SERVICE}
    ][:_MOST_BEHIND]


def _why(link: _Link) -> str:
    return f"{link.cause} ({link.by})" if link.by else link.cause


def _remedy(operation: Operation, link: _Link) -> str:
    """Return which values of the scenario a planner may change."""
    flow = f"flows.{link.flow}"
    leader = next(iter(operation.flows[link.flow].convoy))
    agreement = link.by.partition(":")[0]
    remedies: dict[str, str] = {
        Cause.NO_VEHICLE: f"more vehicles (fleets.{leader}.joins) or {flow}.returns",
        Cause.AGREEMENT: f"other terms or conditions (agreements.{agreement})",
        Cause.STOPPAGE: f"an earlier end (stoppages.{link.by})",
        Cause.DETENTION: f"an earlier end (stoppages.{link.by})",
        Cause.OUTSIDE_HOURS: f"other hours or dates ({flow}.hours, dispatch_dates)",
        Cause.NOT_BEGUN: f"an earlier start ({flow}.opens)",
        Cause.NO_SERVICE: f"a later end ({flow}.closes), or a flow for these groups",
        Cause.HEADWAY: f"more convoys ({flow}.headway, at_once)",
    }
    return remedies.get(link.cause, "a later end (ends)")
