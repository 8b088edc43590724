"""What changes an agreement by date, or once something else has happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from sim.events import Kind
from sim.model.agreement.governor import Governor
from sim.model.agreement.machine import ITS_CHANCE
from sim.model.luck import comes_about, given_up_after_s, precondition_s
from sim.model.streams import Streams
from sim.scenario.moments import Hanging, earliest, write
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
    def when_arrived(self) -> list[Callable[[int, int], None]]:
        """What is called at each arrival, with the people and the vehicles."""
        ...


Act = Callable[[], None]
At = Callable[[int | Hanging, Act, str], None]
"""Does something at a moment of the run, in its place among all that agreements change
by date in one second; takes the field that says when."""


def unmet_at_first(name: str, plan: AgreementPlan, streams: Streams) -> dict[str, str]:
    """Return what has to happen before it comes into force, and what to call it."""
    unmet = {}
    if plan.in_force is not None and not _is_at_once(plan.in_force, plan.proposed):
        unmet[_DATE] = ""
    unmet |= {required: way.note or required for required, way in plan.requires.items()}
    if plan.chance is not None and not comes_about(streams, plan.chance, name):
        unmet[ITS_CHANCE] = ""
    return unmet


def _is_at_once(in_force: int | Hanging, proposed: int | Hanging | None) -> bool:
    """Return whether it may come into force as soon as it is proposed."""
    dates = isinstance(in_force, int) and isinstance(proposed, int | None)
    return dates and earliest(in_force) <= earliest(proposed)


def add_dates(
    name: str,
    operation: Operation,
    governors: Mapping[str, Governor],
    flows: Mapping[str, Arrives],
    streams: Streams,
    next_place: Callable[[], At],
) -> None:
    """Let an agreement be proposed, come into force, be amended and end.

    Parameters
    ----------
    next_place : gives one place after the other; what is done in the first of them
        goes first in its second, whichever moment was known to come first.
    """
    plan, governor = operation.agreements[name], governors[name]
    proposed = plan.proposed or 0
    for period in sorted(set().union(*(t.periods for t in plan.all_terms))):
        at = next_place()
        for start in period_starts(period, operation.clock, operation.ends)[1:]:
            at(start, partial(governor.begin_period, period), "")
    next_place()(proposed, governor.propose, "proposed")
    if _DATE in governor.agreement.unmet and plan.in_force is not None:
        next_place()(plan.in_force, partial(governor.meet, _DATE), "in_force")
    for required, condition in plan.requires.items():
        met = partial(governor.meet, required)
        if condition.on is not None:
            next_place()(condition.on, met, f"requires.{required}.on")
        elif condition.after is not None:
            delay = precondition_s(streams, condition.after, name, required)
            _after_proposal(governor, proposed, delay, met, next_place())
        elif condition.agreement is not None:
            other = governors[condition.agreement]
            unmet = partial(governor.unmeet, required, condition.note or required)
            other.when[Kind.COMPLETED].append(met)
            other.when[Kind.REOPENED].append(unmet)
            governor.waits_for[required] = [
                flow
                for party in operation.agreements[condition.agreement].parties.values()
                for flow in party.flows
            ]
        elif condition.arrived is not None:
            governor.waits_for[required] = list(condition.arrived)
            _when_arrived(flows, condition.arrived, met)
    for moment, terms in plan.amendments.items():
        path = _amendment(moment, operation)
        next_place()(moment, partial(governor.amend, terms), path)
    for deadline, path in _deadlines(operation, plan).items():
        next_place()(deadline, partial(governor.expire, deadline), path)
    if plan.given_up_after is not None:
        lasts_s = given_up_after_s(streams, plan.given_up_after, name)
        _once_in_force(governor, lasts_s, next_place())


def _amendment(moment: int | Hanging, operation: Operation) -> str:
    """Return where an amendment stands, as its file names it."""
    return f"amendments.{write(moment, operation.clock)}"


def _deadlines(operation: Operation, plan: AgreementPlan) -> dict[int | Hanging, str]:
    """Return every deadline that an agreement ever has, and where it stands."""
    found: dict[int | Hanging, str] = {}
    if plan.deadline is not None:
        found[plan.deadline] = "deadline"
    for moment, terms in plan.amendments.items():
        if terms.deadline is not None:
            here = _amendment(moment, operation)
            found.setdefault(terms.deadline, f"{here}.deadline")
    return found


def _after_proposal(
    governor: Governor, proposed: int | Hanging, delay: int, met: Act, at: At
) -> None:
    """Meet a precondition so long after the agreement is proposed."""
    if isinstance(proposed, int):
        at(proposed + delay, met, "")
    else:
        begin = partial(_begin_delay, governor, delay, met, at)
        governor.when[Kind.PROPOSED].append(begin)


def _begin_delay(governor: Governor, delay: int, met: Act, at: At) -> None:
    at(governor.now_s + delay, met, "")


def _once_in_force(governor: Governor, lasts_s: int, at: At) -> None:
    """Let it be given up so long after it has first come into force."""
    begun = False

    def begin() -> None:
        nonlocal begun
        if not begun:
            begun = True
            at(governor.now_s + lasts_s, governor.be_given_up, "")

    governor.when[Kind.IN_FORCE].append(begin)


def _when_arrived(
    flows: Mapping[str, Arrives], wanted: Mapping[str, int], met: Act
) -> None:
    def look(_people: int, _vehicles: int) -> None:
        if all(flows[name].people_arrived >= count for name, count in wanted.items()):
            met()

    for name in wanted:
        flows[name].when_arrived.append(look)
