"""Checks on an agreement: its sides, its dates and what it requires."""

from collections.abc import Iterator

from sim.messages import say
from sim.parts.policies import POLICIES
from sim.parts.rules import RULES
from sim.scenario.checks.given import exactly_one
from sim.scenario.checks.terms import term_findings, terms_of
from sim.scenario.draft import Draft, Finding
from sim.scenario.explain import how_to_add
from sim.scenario.moments import before, in_order
from sim.scenario.plans import TIMES, AgreementPlan
from sim.scenario.problems import choice, listed, quoted
from sim.scenario.shapes import Path

_WAYS = ("on", "after", "agreement", "arrived", "never")


def findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Return what does not fit together in one agreement."""
    plan = draft.agreements[name]
    here = ("agreements", name)
    yield from _parties(draft, plan, here)
    yield from _dates(plan, here)
    yield from _policies(plan, here)
    for path, terms in terms_of(plan, here):
        yield from term_findings(draft, plan, terms, path)
    if plan.given_up_after is not None and plan.chance == 0:
        yield Finding(
            (*here, "given_up_after"),
            say("it has no effect: with a chance of 0 it never comes into force"),
            say("Leave it out, or write a larger chance."),
        )
    for requirement, way in plan.requires.items():
        path = (*here, "requires", requirement)
        yield from exactly_one(way, _WAYS, path, quoted(requirement))


def _parties(draft: Draft, plan: AgreementPlan, here: Path) -> Iterator[Finding]:
    sides: dict[str, str] = {}
    for side, party in plan.parties.items():
        if side == TIMES:
            yield Finding(
                (*here, "parties", side),
                say(
                    "a side may not be called '{times}', which says how often "
                    "there is a tranche",
                    times=TIMES,
                ),
                say("Give it another name."),
            )
        for number, name in enumerate(party.flows):
            path = (*here, "parties", side, "flows", number)
            if name in sides:
                yield Finding(
                    path,
                    say(
                        "'{name}' moves for '{sides}' already",
                        name=name,
                        sides=sides[name],
                    ),
                    say("A flow moves for one side of an agreement."),
                )
            sides.setdefault(name, side)
            flow = draft.flows.get(name)
            routes = map(draft.routes.get, flow.routes) if flow else ()
            for route in filter(None, routes):
                if party.gate not in route.through:
                    yield Finding(
                        (*here, "parties", side, "gate"),
                        say(
                            "'{gate}' is not on the way of '{name}', which goes "
                            "through {gates}",
                            gate=party.gate,
                            name=name,
                            gates=choice(route.through),
                        ),
                        say("Name a gate that people of this side pass."),
                    )


def _policies(plan: AgreementPlan, here: Path) -> Iterator[Finding]:
    """Check that a policy has what it needs, and a use."""
    fields = dict.fromkeys(use for policy in POLICIES.values() for use in policy.uses)
    for side, party in plan.parties.items():
        path, kind = (*here, "parties", side, "policy"), party.policy.kind
        policy = POLICIES[kind]
        for field in fields:
            given = getattr(party.policy, field) is not None
            if given and field not in policy.uses:
                yield Finding(
                    (*path, field),
                    say(
                        "'{field}' has no meaning for the policy '{kind}'",
                        field=field,
                        kind=kind,
                    ),
                    say("Leave it out."),
                )
            elif field in policy.uses and not given:
                yield Finding(
                    path,
                    say("the policy '{kind}' needs '{field}'", kind=kind, field=field),
                    how_to_add((*path, field)),
                )
        if policy.answers and len(plan.parties) == 1:
            yield Finding(
                path,
                say(
                    "'{side}' is alone: there is nobody whom it could answer", side=side
                ),
                say("Leave it out, or name another side."),
            )
        rules = {terms.rule for terms in plan.all_terms}
        nobody_ahead = all(RULES[rule].nobody_ahead for rule in rules)
        if policy.of_who_is_ahead and nobody_ahead:
            yield Finding(
                path,
                say(
                    "the policy '{kind}' has no effect: the rule {rules} lets no "
                    "side go ahead by more than that",
                    kind=kind,
                    rules=listed(sorted(rules)),
                ),
                say("Write the rule 'credit', or leave it out."),
            )


def _dates(plan: AgreementPlan, here: Path) -> Iterator[Finding]:
    proposed = plan.proposed or 0
    begins = proposed if plan.in_force is None else plan.in_force
    if before(begins, proposed):
        yield Finding(
            (*here, "in_force"),
            say("it comes into force before it is proposed"),
            say("Write a moment after 'proposed'."),
        )
    if plan.deadline == begins or before(plan.deadline, begins):
        yield Finding(
            (*here, "deadline"),
            say("its deadline is over before it comes into force"),
            say("Write a later moment."),
        )
    for moment, terms in plan.amendments.items():
        if terms.deadline == moment or before(terms.deadline, moment):
            yield Finding(
                (*here, "amendments", moment, "deadline"),
                say("the new deadline is over when the amendment begins"),
                say("Write a later moment."),
            )
        if before(moment, begins):
            yield Finding(
                (*here, "amendments", moment),
                say("it is amended before it comes into force"),
                say("Write a later moment, or change the first terms."),
            )


def notes(draft: Draft, name: str) -> Iterator[Finding]:
    """Name what has no effect in an agreement, or lets its sides wait for ever."""
    plan = draft.agreements[name]
    yield from _idle_deadlines(plan, ("agreements", name))
    yield from _never_met(draft, plan, ("agreements", name))
    yield from _bars_what_it_waits_for(draft, name)
    yield from _shared_fleets(draft, name)


def _idle_deadlines(plan: AgreementPlan, here: Path) -> Iterator[Finding]:
    """Name ends that cannot come, and amendments that come too late."""
    deadlines = [plan.deadline, *(terms.deadline for terms in plan.amendments.values())]
    lapses = plan.after_deadline == "lapse"
    if lapses and not any(deadline is not None for deadline in deadlines):
        yield Finding(
            (*here, "after_deadline"),
            say("it has no deadline after which it could lapse"),
            say("Add 'deadline', or leave it out."),
        )
    deadline = plan.deadline
    for moment in in_order(plan.amendments):
        terms = plan.amendments[moment]
        is_over = moment == deadline or before(deadline, moment)
        if is_over and moment == deadline and terms.deadline is None:
            yield Finding(
                (*here, "amendments", moment),
                say("it is amended at its deadline, which ends it in the same second"),
                say("Give the amendment a new 'deadline', or write an earlier moment."),
            )
        elif is_over and moment != deadline and lapses:
            yield Finding(
                (*here, "amendments", moment),
                say(
                    "unless it is completed, it has lapsed by then, and a lapsed "
                    "agreement is not amended"
                ),
                say("Write an earlier moment, or a later deadline."),
            )
        deadline = deadline if terms.deadline is None else terms.deadline


def _never_met(draft: Draft, plan: AgreementPlan, here: Path) -> Iterator[Finding]:
    """Name preconditions that cannot be met."""
    for requirement, way in plan.requires.items():
        for flow, number in (way.arrived or {}).items():
            people = draft.people_of([flow])
            if number > people:
                yield Finding(
                    (*here, "requires", requirement, "arrived", flow),
                    say(
                        "{number} people of '{flow}' are to arrive, but it has "
                        "{people}: it never comes into force",
                        number=number,
                        flow=flow,
                        people=people,
                    ),
                    say("Require fewer, or raise 'people'."),
                )
        is_last = plan.deadline is not None and not plan.amendments
        too_late = way.on == plan.deadline or before(plan.deadline, way.on)
        if is_last and way.on is not None and too_late:
            yield Finding(
                (*here, "requires", requirement, "on"),
                say(
                    "it happens when the deadline is over: the agreement never "
                    "comes into force"
                ),
                say("Write an earlier moment, or a later deadline."),
            )


def _bars_what_it_waits_for(draft: Draft, name: str) -> Iterator[Finding]:
    """Name agreements that wait for another, and let none of its people pass till then.

    One that is proposed later may find the other completed.
    """
    plan = draft.agreements[name]
    if plan.proposed:
        return
    bound = {flow for party in plan.parties.values() for flow in party.flows}
    for requirement, way in plan.requires.items():
        other = draft.agreements.get(way.agreement or "")
        if other is None:
            continue
        stopped = [
            flow
            for party in other.parties.values()
            if bound.issuperset(party.flows)
            for flow in party.flows
        ]
        if stopped:
            yield Finding(
                ("agreements", name, "requires", requirement),
                say(
                    "from the start nobody of {flows} passes until '{name}' is in "
                    "force, and that waits for '{agreement}', under which they are "
                    "to move",
                    flows=listed(stopped),
                    name=name,
                    agreement=way.agreement,
                ),
                say(
                    "Write 'agreements.{name}.proposed' with a moment when "
                    "'{agreement}' will be completed, or make its tranches the "
                    "last ones of '{agreement}'.",
                    name=name,
                    agreement=way.agreement,
                ),
            )


def _shared_fleets(draft: Draft, name: str) -> Iterator[Finding]:
    """Name fleets on which both sides draw, so that each can wait for the other."""
    parties = draft.agreements[name].parties
    shared = {}
    for fleet, plan in draft.fleets.items():
        users = set(draft.users(fleet))
        sides = [side for side in parties if users & set(parties[side].flows)]
        kept = [side for side in sides if set(plan.reserve) & set(parties[side].flows)]
        if len(sides) > 1 and kept != sides:
            shared[fleet] = sides
    if shared:
        sides = [s for s in parties if any(s in users for users in shared.values())]
        yield Finding(
            ("agreements", name),
            say(
                "{sides} draw on {fleets}: one may fill all vehicles and "
                "wait at its gate for the other, which then has none",
                sides=listed(sides),
                fleets=listed(shared),
            ),
            say(
                "Write 'fleets.{fleet}.reserve' with a flow of each side.",
                fleet=next(iter(shared)),
            ),
        )
