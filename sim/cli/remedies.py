"""Which values of a scenario a planner may change for people who did not arrive."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from sim.cli.words import listed
from sim.events import Cause, Reason, ReasonKind
from sim.scenario import Operation
from sim.scenario.plans import AgreementPlan

LATER_END = "a later end (ends)"
_ENDS_OF_STOPPAGES = ("lasts", "until", "until_agreement")


def remedies(
    operation: Operation, flow: str, cause: str, reason: Reason
) -> tuple[str, ...]:
    """Return what may be changed against a cause of waiting; only what is there.

    Parameters
    ----------
    operation : what was run.
    flow : whose people wait; empty if no flow serves them.
    cause, reason : what they wait for.
    """
    if not flow:
        return (_ANOTHER_FLOW,)
    found = _AGAINST.get(cause)
    return tuple(found(operation, flow, reason)) if found else ()


_ANOTHER_FLOW = "a flow for these groups"


def _no_vehicle(operation: Operation, flow: str, _: Reason) -> Iterator[str]:
    plan = operation.flows[flow]
    yield f"more vehicles (fleets.{next(iter(plan.convoy))}.joins)"
    yield f"more convoys at a time (flows.{flow}.at_once)"
    if not plan.returns:
        yield f"vehicles that come back (flows.{flow}.returns)"
    for agreement in operation.agreements.values():
        if any(flow in party.flows for party in agreement.parties.values()):
            yield from _shared(operation, agreement)


def _agreement(operation: Operation, flow: str, reason: Reason) -> Iterator[str]:
    yield from _stoppage(operation, flow, reason)
    name = reason.agreement
    if not name:
        return
    plan = operation.agreements[name]
    yield f"other terms or conditions (agreements.{name})"
    yield from _shared(operation, plan)
    if reason.kind is ReasonKind.BREACHED:
        for side, party in plan.parties.items():
            if flow in party.flows and party.gives_up_after is None:
                path = f"agreements.{name}.parties.{side}.gives_up_after"
                yield f"convoys that turn back ({path})"


def _shared(operation: Operation, plan: AgreementPlan) -> Iterator[str]:
    """Name the fleets that sides of an agreement take from each other, if any."""
    shared = [
        name
        for name, fleet in operation.fleets.items()
        if not _kept_for_each(operation, plan, name, fleet.reserve)
    ]
    if shared:
        paths = ", ".join(f"fleets.{fleet}.reserve" for fleet in shared)
        fleets = listed(shared, "and")
        yield f"vehicles kept for each side, as sides share {fleets} ({paths})"


def _kept_for_each(
    operation: Operation, plan: AgreementPlan, fleet: str, reserve: Iterable[str]
) -> bool:
    """Return whether no two sides use a fleet, or some of it is kept for each."""
    kept = [
        not set(party.flows).isdisjoint(reserve)
        for party in plan.parties.values()
        if any(fleet in operation.flows[flow].convoy for flow in party.flows)
    ]
    return len(kept) < 2 or all(kept)


def _stoppage(operation: Operation, _: str, reason: Reason) -> Iterator[str]:
    if not reason.stoppage:
        return
    name = reason.stoppage
    plan = operation.stoppages[name]
    for field in _ENDS_OF_STOPPAGES:
        if getattr(plan, field) is not None:
            yield f"an earlier end (stoppages.{name}.{field})"


def _detention(_: Operation, __: str, reason: Reason) -> Iterator[str]:
    if reason.stoppage:
        yield f"a shorter detention (stoppages.{reason.stoppage}.detained_for)"


def _outside_hours(operation: Operation, flow: str, _: Reason) -> Iterator[str]:
    plan = operation.flows[flow]
    yield LATER_END
    if plan.hours is not None:
        yield f"other hours (flows.{flow}.hours)"
    if plan.dispatch_times:
        yield f"other times (flows.{flow}.dispatch_times)"


def _not_begun(operation: Operation, flow: str, _: Reason) -> Iterator[str]:
    plan = operation.flows[flow]
    if plan.opens is not None:
        yield f"an earlier start (flows.{flow}.opens)"
    if plan.dispatch_dates:
        yield f"earlier dates (flows.{flow}.dispatch_dates)"


def _no_service(operation: Operation, flow: str, _: Reason) -> Iterator[str]:
    plan = operation.flows[flow]
    if plan.closes is not None:
        yield f"a later end (flows.{flow}.closes)"
    if plan.dispatch_dates:
        yield f"more dates (flows.{flow}.dispatch_dates)"
    if plan.dispatch_times:
        yield f"more times (flows.{flow}.dispatch_times)"
    if plan.closes is None and not plan.dispatch_dates and not plan.dispatch_times:
        yield _ANOTHER_FLOW


def _headway(_: Operation, flow: str, __: Reason) -> Iterator[str]:
    yield f"less time between convoys (flows.{flow}.headway)"


_AGAINST: Mapping[str, Callable[[Operation, str, Reason], Iterator[str]]] = (
    MappingProxyType(
        {
            Cause.NO_VEHICLE: _no_vehicle,
            Cause.AGREEMENT: _agreement,
            Cause.STOPPAGE: _stoppage,
            Cause.DETENTION: _detention,
            Cause.OUTSIDE_HOURS: _outside_hours,
            Cause.NOT_BEGUN: _not_begun,
            Cause.NO_SERVICE: _no_service,
            Cause.HEADWAY: _headway,
        }
    )
)
