"""What changes an agreement by date, or once something else has happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from sim.model.agreement.governor import Governor
from sim.model.agreement.machine import ITS_CHANCE
from sim.model.luck import comes_about, given_up_after_s, precondition_s
from sim.model.streams import Streams
from sim.scenario.pace import period_starts
from sim.scenario.plans import AgreementPlan, Operation

_DATE = "its date"
"""The precondition that is met at `in_force`; no name of a scenario has a blank."""


class Arrives(Protocol):
    """A flow, as far as its arrivals are a precondition."""

    @property
    def people_arrived(self) -> int:
        """How many so far."""
        ...

    @property
    def when_arrived(self) -> list[Callable[[], None]]:
        """What is called at each arrival."""
        ...


At = Callable[[int, Callable[[], None]], None]
"""Does something at a moment of the run, in the rank and order of the agreement."""


def unmet_at_first(name: str, plan: AgreementPlan, streams: Streams) -> dict[str, str]:
    """Return what has to happen before it comes into force, and what to call it."""
    unmet = {}
    if plan.in_force is not None and plan.in_force > (plan.proposed or 0):
        unmet[_DATE] = ""
    unmet |= {required: way.note or required for required, way in plan.requires.items()}
    if plan.chance is not None and not comes_about(streams, plan.chance, name):
        unmet[ITS_CHANCE] = ""
    return unmet


def add_dates(
    name: str,
    operation: Operation,
    governors: Mapping[str, Governor],
    flows: Mapping[str, Arrives],
    streams: Streams,
    at: At,
) -> None:
    """Let an agreement be proposed, come into force, be amended and end."""
    plan, governor = operation.agreements[name], governors[name]
    proposed = plan.proposed or 0
    for period in sorted(set().union(*(t.periods for t in plan.all_terms))):
        for start in period_starts(period, operation.clock, operation.ends)[1:]:
            at(start, partial(governor.begin_period, period))
    at(proposed, governor.propose)
    if _DATE in governor.agreement.unmet and plan.in_force is not None:
        at(plan.in_force, partial(governor.meet, _DATE))
    for required, condition in plan.requires.items():
        met = partial(governor.meet, required)
        if condition.on is not None:
            at(condition.on, met)
        elif condition.after is not None:
            at(proposed + precondition_s(streams, condition.after, name, required), met)
        elif condition.agreement is not None:
            other = governors[condition.agreement]
            unmet = partial(governor.unmeet, required, condition.note or required)
            other.when_completed.append(met)
            other.when_reopened.append(unmet)
            governor.waits_for[required] = [
                flow
                for party in operation.agreements[condition.agreement].parties.values()
                for flow in party.flows
            ]
        elif condition.arrived is not None:
            governor.waits_for[required] = list(condition.arrived)
            _when_arrived(flows, condition.arrived, met)
    for moment, terms in plan.amendments.items():
        at(moment, partial(governor.amend, terms))
    if plan.given_up_after is not None:
        lasts_s = given_up_after_s(streams, plan.given_up_after, name)
        _once_in_force(governor, lasts_s, at)
    deadlines = [plan.deadline, *(t.deadline for t in plan.amendments.values())]
    for deadline in dict.fromkeys(d for d in deadlines if d is not None):
        at(deadline, partial(governor.expire, deadline))


def _once_in_force(governor: Governor, lasts_s: int, at: At) -> None:
    """Let it be given up so long after it has first come into force."""
    begun = False

    def begin() -> None:
        nonlocal begun
        if not begun:
            begun = True
            at(governor.now_s + lasts_s, governor.be_given_up)

    governor.when_in_force.append(begin)


def _when_arrived(
    flows: Mapping[str, Arrives], wanted: Mapping[str, int], met: Callable[[], None]
) -> None:
    def look() -> None:
        if all(flows[name].people_arrived >= count for name, count in wanted.items()):
            met()

    for name in wanted:
        flows[name].when_arrived.append(look)
