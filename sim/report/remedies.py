"""Which values of a scenario a planner may change for people who did not arrive."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from sim.events import Cause, Reason, ReasonKind
from sim.scenario import Operation
from sim.scenario.plans import AgreementPlan
from sim.words import Text, listed, say

LATER_END = say("a later end (ends)")
PASSES = frozenset(
    {
        Cause.OUTSIDE_HOURS,
        Cause.HEADWAY,
        Cause.BAY,
        Cause.BOARDING,
        Cause.ROAD,
        Cause.QUEUE,
        Cause.INSPECTION,
        Cause.UNLOADING,
    }
)
"""Causes of waiting that end by themselves, if the run lasts long enough."""
_ENDS_OF_STOPPAGES = ("lasts", "until", "until_agreement")


def remedies(
    operation: Operation, flow: str, cause: str, reason: Reason
) -> tuple[Text, ...]:
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


_ANOTHER_FLOW = say("a flow for these groups")


def _no_vehicle(operation: Operation, flow: str, _: Reason) -> Iterator[Text]:
    plan = operation.flows[flow]
    yield say("more vehicles ({path})", path=f"fleets.{next(iter(plan.convoy))}.joins")
    yield say("more convoys at a time ({path})", path=f"flows.{flow}.at_once")
    if not plan.returns:
        yield say("vehicles that come back ({path})", path=f"flows.{flow}.returns")
    for agreement in operation.agreements.values():
        if any(flow in party.flows for party in agreement.parties.values()):
            yield from _shared(operation, agreement)


def _agreement(operation: Operation, flow: str, reason: Reason) -> Iterator[Text]:
    yield from _stoppage(operation, flow, reason)
    name = reason.agreement
    if not name:
        return
    plan = operation.agreements[name]
    yield say("other terms or conditions ({path})", path=f"agreements.{name}")
    yield from _shared(operation, plan)
    if reason.kind is ReasonKind.BREACHED:
        for side, party in plan.parties.items():
            if flow in party.flows and party.gives_up_after is None:
                path = f"agreements.{name}.parties.{side}.gives_up_after"
                yield say("convoys that turn back ({path})", path=path)


def _shared(operation: Operation, plan: AgreementPlan) -> Iterator[Text]:
    """Name the fleets that sides of an agreement take from each other, if any."""
    shared = [
        name
        for name, fleet in operation.fleets.items()
        if not _kept_for_each(operation, plan, name, fleet.reserve)
    ]
    if shared:
        yield say(
            "vehicles kept for each side, as sides share {fleets} ({paths})",
            fleets=listed(shared),
            paths=", ".join(f"fleets.{fleet}.reserve" for fleet in shared),
        )


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


def _stoppage(operation: Operation, _: str, reason: Reason) -> Iterator[Text]:
    if not reason.stoppage:
        return
    name = reason.stoppage
    plan = operation.stoppages[name]
    for field in _ENDS_OF_STOPPAGES:
        if getattr(plan, field) is not None:
            yield say("an earlier end ({path})", path=f"stoppages.{name}.{field}")


def _detention(_: Operation, __: str, reason: Reason) -> Iterator[Text]:
    if reason.stoppage:
        yield say(
            "a shorter detention ({path})",
            path=f"stoppages.{reason.stoppage}.detained_for",
        )


def _outside_hours(operation: Operation, flow: str, reason: Reason) -> Iterator[Text]:
    plan = operation.flows[flow]
    yield LATER_END
    if reason.kind is ReasonKind.OUTSIDE_HOURS:
        yield say("other hours ({path})", path=_whose_hours(operation, flow, reason))
        return
    if plan.hours is not None:
        yield say("other hours ({path})", path=f"flows.{flow}.hours")
    if plan.dispatch_times:
        yield say("other times ({path})", path=f"flows.{flow}.dispatch_times")


def _whose_hours(operation: Operation, flow: str, reason: Reason) -> str:
    """Return the field with the hours of a gate, a leg, or the release of a flow."""
    for section in ("gates", "checkpoints", "legs"):
        if reason.place in getattr(operation, section):
            return f"{section}.{reason.place}.hours"
    timed = operation.flows[flow].release_times
    return f"flows.{flow}.{'release_times' if timed else 'release_hours'}"


def _not_begun(operation: Operation, flow: str, _: Reason) -> Iterator[Text]:
    plan = operation.flows[flow]
    if plan.opens is not None:
        yield say("an earlier start ({path})", path=f"flows.{flow}.opens")
    if plan.dispatch_dates:
        yield say("earlier dates ({path})", path=f"flows.{flow}.dispatch_dates")


def _no_service(operation: Operation, flow: str, _: Reason) -> Iterator[Text]:
    plan = operation.flows[flow]
    if plan.closes is not None:
        yield say("a later end ({path})", path=f"flows.{flow}.closes")
    if plan.dispatch_dates:
        yield say("more dates ({path})", path=f"flows.{flow}.dispatch_dates")
    if plan.dispatch_times:
        yield say("more times ({path})", path=f"flows.{flow}.dispatch_times")
    if plan.closes is None and not plan.dispatch_dates and not plan.dispatch_times:
        yield _ANOTHER_FLOW


def _headway(_: Operation, flow: str, reason: Reason) -> Iterator[Text]:
    if reason.kind is ReasonKind.FLOW_PACE:
        yield say("more in a day or a week ({path})", path=f"flows.{flow}.at_most")
        return
    yield say("less time between convoys ({path})", path=f"flows.{flow}.headway")


def _not_ready(operation: Operation, flow: str, reason: Reason) -> Iterator[Text]:
    site = operation.routes[operation.flows[flow].route].origin
    if reason.kind is ReasonKind.NOBODY_THERE:
        site = reason.place
        path = f"flows.{flow}.picks_up.{site}.waits"
        yield say("a shorter wait for those to pick up ({path})", path=path)
    yield say("people who are ready earlier ({path})", path=f"sites.{site}.groups")


def _full(operation: Operation, flow: str, reason: Reason) -> Iterator[Text]:
    path = f"sites.{reason.place}"
    yield say("more room ({path})", path=f"{path}.holds")
    yield say("people who move on earlier ({path})", path=f"{path}.moves_on")


_AGAINST: Mapping[str, Callable[[Operation, str, Reason], Iterator[Text]]] = (
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
            Cause.NOT_READY: _not_ready,
            Cause.FULL: _full,
        }
    )
)
