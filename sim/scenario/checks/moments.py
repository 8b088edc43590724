"""Checks on moments that hang on something: what never comes, or waits on itself.

A happening can be if what the scenario says of it can: all that it needs, or any one of
several. What is left when nothing more can be found possible waits on itself, or on
something that never happens.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from sim.messages import Text, joined, say
from sim.scenario.detours import routes_of
from sim.scenario.draft import Finding
from sim.scenario.moments import (
    HAPPENINGS,
    AllOf,
    AnyOf,
    Hanging,
    Happening,
    SoMany,
    parts_of,
    said,
)
from sim.scenario.names import one_of
from sim.scenario.origins import served, sites_of
from sim.scenario.plans import AgreementPlan, FlowPlan, GroupPlan, Operation
from sim.scenario.problems import choice, hint, quoted
from sim.scenario.shapes import Path
from sim.scenario.timing import hanging_in

NEVER = AnyOf(())
"""What nothing brings about."""
Event = tuple[str, str]
"""A thing and what happens to it."""
Fault = tuple[Text, Text]
"""What is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class _Needs:
    """What has to be for something to happen: all of these moments."""

    moments: tuple[int | Hanging, ...] = ()


def findings(operation: Operation) -> Iterator[Finding]:
    """Return what is named that is not there, and what can never come."""
    hanging = hanging_in(operation)
    wrong = [
        Finding(path, *problem)
        for path, moment in hanging
        for part in parts_of(moment)
        if (problem := _unknown(operation, part)) is not None
    ]
    yield from wrong
    if not wrong and hanging:
        yield from _impossible(operation, hanging)


def _unknown(operation: Operation, part: int | Hanging) -> Fault | None:
    """Return what is wrong with what a part names, and what to do."""
    match part:
        case SoMany():
            return _miscounted(operation, part)
        case Happening():
            return _misnamed(operation, part) or _too_often(operation, part)
    return None


def _miscounted(operation: Operation, part: SoMany) -> Fault | None:
    """Return why so many of a flow do not move."""
    flow, gate = part.flow, part.gate
    if flow not in operation.flows:
        return say("{flow} is not a flow", flow=quoted(flow)), hint(
            flow, operation.flows
        )
    passed = _passed(operation, flow)
    if gate and gate not in passed:
        return (
            say(
                "convoys of '{flow}' do not pass {gate} with people aboard",
                flow=flow,
                gate=quoted(gate),
            ),
            say("They pass {passed}.", passed=choice(passed))
            if passed
            else say("Count who has arrived."),
        )
    again = part.what != "arrived" and (operation.stoppages or operation.agreements)
    if again or part.unit != "people":  # who is turned back counts once more
        return None
    if part.number > (most := _people(operation, flow)):
        problem = say(
            "{number} people of '{flow}' are waited for, but it has {most}",
            number=part.number,
            flow=flow,
            most=most,
        )
        return problem, say("Wait for fewer.")
    return None


def _misnamed(operation: Operation, part: Happening) -> Fault | None:
    """Return why what is named is not the one thing to which it happens."""
    name, what = part.name, part.what
    sections = [s for s, words in HAPPENINGS.items() if what in words]
    there = [s for s in sections if name in getattr(operation, s)]
    if len(there) > 1:
        problem = say(
            "{name} is the name of more than one thing that {what}",
            name=quoted(name),
            what=what,
        )
        return problem, say("Give one of them another name.")
    if there:
        return None
    known = [n for s in sections for n in getattr(operation, s)]
    problem = say(
        "{name} is not {noun}, so it never {what}",
        name=quoted(name),
        noun=one_of(*sections),
        what=what,
    )
    none = say("There is none here.")
    return problem, hint(name, known) if known else none


def _too_often(operation: Operation, part: Happening) -> Fault | None:
    """Return that something does not happen so many times."""
    name, what, time = part.name, part.what, part.time
    once = {"is proposed", "lapses", "is over", "comes"}
    if what in {"begins", "ends"}:
        stoppage = operation.stoppages.get(name)
        if stoppage is None or stoppage.every is None:
            once.add(what)
    if time > 1 and what in once:
        problem = say("{name} {what} no more than once", name=name, what=what)
        return problem, say("Leave the number of times out.")
    return None


def _passed(operation: Operation, flow: str) -> list[str]:
    routes = [operation.routes[route] for route in routes_of(operation, flow)]
    stages = dict.fromkeys(stage for route in routes for stage in route.through)
    return [s for s in stages if s in operation.gates or s in operation.checkpoints]


def _people(operation: Operation, name: str) -> int:
    groups = (
        operation.sites[site].groups[group] for site, group in served(operation, name)
    )
    return sum(group.leaving for group in groups)


# What can be


def _impossible(
    operation: Operation, hanging: list[tuple[Path, Hanging]]
) -> Iterator[Finding]:
    needs = _needs(operation)
    possible = _possible(needs)
    never = {event: need for event, need in needs.items() if event not in possible}
    circle = _circle(never)
    for path, moment in hanging:
        if _can_be(moment, possible):
            continue
        lost = [event for event in _events(moment) if event not in possible]
        chain = joined(
            (
                say(
                    "{event} waits for {needed}",
                    event=quoted(f"{name} {what}"),
                    needed=_needed(never[name, what]),
                )
                for name, what in circle
            ),
            "; ",
        )
        if circle and set(lost) & set(circle):
            yield Finding(
                path,
                say("this waits on itself: {chain}", chain=chain),
                say("Give one of these moments a date, or take a condition away."),
            )
        else:
            name, what = lost[0]
            yield Finding(
                path,
                say(
                    "this never comes: nothing brings it about that '{name}' {what}",
                    name=name,
                    what=what,
                ),
                say("Wait for something else, or say when that happens."),
            )
        return


def _possible(needs: Mapping[Event, _Needs]) -> set[Event]:
    """Return what can happen: looked at again whenever something it names can."""
    named_by: dict[Event, list[Event]] = defaultdict(list)
    for event, need in needs.items():
        for moment in need.moments:
            for other in _events(moment):
                named_by[other].append(event)
    possible: set[Event] = set()
    to_look = list(needs)
    while to_look:
        event = to_look.pop()
        if event in possible:
            continue
        if all(_can_be(moment, possible) for moment in needs[event].moments):
            possible.add(event)
            to_look += named_by[event]
    return possible


def _needed(need: _Needs) -> Text:
    said_so = [
        say("'{text}'", text=said(part))
        for moment in need.moments
        for part in parts_of(moment)
        if isinstance(part, Happening | SoMany)
    ]
    if not said_so:
        return say("something that never happens")
    return joined(dict.fromkeys(said_so), " and ")


def _circle(never: Mapping[Event, _Needs]) -> list[Event]:
    """Return happenings of which each waits for the next, the last for the first."""
    graph = {
        event: [
            other
            for moment in need.moments
            for other in _events(moment)
            if other in never
        ]
        for event, need in never.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1][:0:-1])
    return []


def _events(moment: int | Hanging) -> list[Event]:
    """Return all that a moment names."""
    found = []
    for part in parts_of(moment):
        if isinstance(part, Happening):
            found.append((part.name, part.what))
        elif isinstance(part, SoMany):
            found.append((part.flow, "moves"))
    return found


def _can_be(moment: int | Hanging, possible: set[Event]) -> bool:
    match moment:
        case AnyOf(parts):
            return any(_can_be(part, possible) for part in parts)
        case AllOf(parts):
            return all(_can_be(part, possible) for part in parts)
    return all(event in possible for event in _events(moment))


def _needs(operation: Operation) -> dict[Event, _Needs]:
    """Return what each happening needs; flows and agreements need each other."""
    needs: dict[Event, _Needs] = {}
    for name, moment in operation.moments.items():
        needs[name, "comes"] = _Needs((moment,))
    for name, stoppage in operation.stoppages.items():
        begins: tuple[int | Hanging, ...] = ()
        if stoppage.starts is not None:
            begins = (stoppage.starts,)
        elif stoppage.starts_with is not None:
            begins = (Happening(stoppage.starts_with.flow, "begins"),)
        elif stoppage.since is not None:
            begins = (stoppage.since,)
        needs[name, "begins"] = _Needs(begins)
        ends: tuple[int | Hanging, ...] = (Happening(name, "begins"),)
        if stoppage.until is not None:
            ends = (*ends, stoppage.until)
        if stoppage.until_agreement is not None:
            ends = (*ends, Happening(stoppage.until_agreement, "is in force"))
        needs[name, "ends"] = _Needs(ends)
    for name, plan in operation.agreements.items():
        needs |= _of_agreement(operation, name, plan)
    for name, flow in operation.flows.items():
        moves = _governed(operation, name)
        opens = () if flow.opens is None else (flow.opens,)
        needs[name, "begins"] = _Needs((*opens, *moves))
        begun = Happening(name, "begins")
        needs[name, "moves"] = _Needs((begun,))
        needs[name, "is over"] = _Needs((begun, *_until_over(operation, name, flow)))
    for site, place in operation.sites.items():
        leaving = tuple(
            Happening(name, "begins")
            for name in operation.flows
            if site in sites_of(operation, name)
        )
        coming = _still_to_come(place.groups.values())
        withdrawing = tuple(
            m for group in place.groups.values() for m in group.withdraws
        )
        needs[site, "is empty"] = _Needs((AnyOf((*leaving, *withdrawing)), *coming))
    return needs


def _until_over(
    operation: Operation, name: str, flow: FlowPlan
) -> tuple[int | Hanging, ...]:
    """Return what has to come before a flow has nobody left for whom it may send."""
    groups = operation.sites[operation.routes[flow.route].origin].groups
    coming = _still_to_come(groups[group] for group in flow.ever_serves)
    coming = (*coming, *_until_served(operation, name, flow))
    if flow.dispatch_dates:  # none may be left
        return ()
    if flow.closes is not None:
        return (AnyOf((flow.closes, AllOf(coming))),)
    return coming


def _until_served(operation: Operation, name: str, flow: FlowPlan) -> Iterator[AnyOf]:
    """Yield when a phase begins to serve people whom nothing else takes from a site."""
    site = operation.routes[flow.route].origin
    others = {who for f in operation.flows if f != name for who in served(operation, f)}
    for group, people in operation.sites[site].groups.items():
        begin = [m for m, p in flow.phases.items() if group in (p.groups or ())]
        at_once = group in flow.groups or (site, group) in others
        if (
            begin
            and not at_once
            and not people.withdraws
            and people.people > people.stay
        ):
            yield AnyOf(tuple(begin))


def _still_to_come(groups: Iterable[GroupPlan]) -> tuple[int | Hanging, ...]:
    """Return when the last of these are there; who withdraws need not get ready."""
    return tuple(
        moment
        for group in groups
        for moment in (*group.joins, *(() if group.withdraws else group.ready))
    )


def _governed(operation: Operation, flow: str) -> tuple[Hanging, ...]:
    """Return what has to be in force before a flow sends a convoy at all."""
    return tuple(
        Happening(name, "is in force")
        for name, plan in operation.agreements.items()
        if plan.proposed in {None, 0}
        and any(flow in party.flows for party in plan.parties.values())
    )


def _of_agreement(
    operation: Operation, name: str, plan: AgreementPlan
) -> dict[Event, _Needs]:
    in_force = Happening(name, "is in force")
    conditions: list[int | Hanging] = []
    if plan.in_force is not None:
        conditions.append(plan.in_force)
    for way in plan.requires.values():
        if way.on is not None:
            conditions.append(way.on)
        elif way.agreement is not None:
            conditions.append(Happening(way.agreement, "is completed"))
        elif way.arrived is not None:
            conditions += [Happening(flow, "begins") for flow in way.arrived]
        elif way.never is not None:
            conditions.append(NEVER)
    amended = tuple(plan.amendments)
    broken: list[int | Hanging] = [
        Happening(stoppage, "begins")
        for stoppage, other in operation.stoppages.items()
        if name in other.breaches
    ]
    deadlines = [plan.deadline, *(t.deadline for t in plan.amendments.values())]
    ends = [deadline for deadline in deadlines if deadline is not None]
    breaks = [*broken, *(ends if plan.after_deadline == "breach" else [])]
    if plan.given_up_after is not None:
        breaks.append(in_force)
    lapses = ends if plan.after_deadline == "lapse" else []
    proposed = () if plan.proposed is None else (plan.proposed,)
    flows = [flow for party in plan.parties.values() for flow in party.flows]
    return {
        (name, "is proposed"): _Needs(proposed),
        (name, "is in force"): _Needs((Happening(name, "is proposed"), *conditions)),
        (name, "is amended"): _Needs((AnyOf(amended),)),
        (name, "is breached"): _Needs((AnyOf(tuple(breaks)),)),
        (name, "lapses"): _Needs((AnyOf(tuple(lapses)),)),
        (name, "is completed"): _Needs(
            (in_force, AnyOf(tuple(Happening(flow, "begins") for flow in flows)))
        ),
    }
