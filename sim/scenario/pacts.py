"""Checks on one agreement: its sides, its terms and its dates."""

from collections.abc import Iterator

from sim.scenario.draft import Draft, Finding
from sim.scenario.plans import AgreementPlan, TermsPlan
from sim.scenario.problems import choice

Path = tuple[str | int, ...]
_WAYS = ("on", "after", "agreement", "arrived", "never")


def agreement_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Return what does not fit together in one agreement."""
    plan = draft.agreements[name]
    here = ("agreements", name)
    yield from _parties(draft, plan, here)
    yield from _terms(draft, plan, plan, here)
    yield from _dates(plan, here)
    for moment, terms in plan.amendments.items():
        yield from _terms(draft, plan, terms, (*here, "amendments", moment))
    for requirement, way in plan.requires.items():
        given = [field for field in _WAYS if getattr(way, field) is not None]
        if len(given) != 1:
            yield Finding(
                (*here, "requires", requirement),
                f"'{requirement}' needs exactly one of {', '.join(_WAYS)}; it has "
                f"{' and '.join(given) or 'none'}",
                "Keep one of them." if given else "Add one of them.",
            )


def _parties(draft: Draft, plan: AgreementPlan, here: Path) -> Iterator[Finding]:
    sides: dict[str, str] = {}
    for side, party in plan.parties.items():
        for number, name in enumerate(party.flows):
            path = (*here, "parties", side, "flows", number)
            if name in sides:
                yield Finding(
                    path,
                    f"'{name}' moves for '{sides[name]}' already",
                    "A flow moves for one side of an agreement.",
                )
            sides.setdefault(name, side)
            flow = draft.flows.get(name)
            route = draft.route_of(flow) if flow else None
            if flow and route and party.gate not in route.through:
                yield Finding(
                    (*here, "parties", side, "gate"),
                    f"'{party.gate}' is not on the way of '{name}', which goes "
                    f"through {choice(route.through)}",
                    "Name a gate that people of this side pass.",
                )


def _terms(
    draft: Draft, plan: AgreementPlan, terms: TermsPlan, here: Path
) -> Iterator[Finding]:
    if terms.rule == "prior" and terms.first is None:
        yield Finding(
            here,
            "the rule 'prior' needs the side that goes first",
            f"Add 'first: ' and one of {choice(plan.parties)}.",
        )
    if terms.rule != "prior" and terms.first is not None:
        yield Finding(
            (*here, "first"),
            f"'first' has no meaning for the rule '{terms.rule}'",
            "Write 'rule: prior', or leave it out.",
        )
    if terms.rule == "credit" and terms.ahead == 0:
        yield Finding(
            here,
            "the rule 'credit' needs how many tranches a side may be ahead",
            "Add 'ahead: 1', or write 'rule: lockstep'.",
        )
    if terms.rule != "credit" and terms.ahead > 0:
        yield Finding(
            (*here, "ahead"),
            f"'ahead' has no meaning for the rule '{terms.rule}'",
            "Write 'rule: credit', or leave it out.",
        )
    yield from _tranches(draft, plan, terms, here)


def _tranches(
    draft: Draft, plan: AgreementPlan, terms: TermsPlan, here: Path
) -> Iterator[Finding]:
    promised: dict[str, int] = {}
    finished: set[str] = set()
    for number, tranche in enumerate(terms.tranches):
        if not tranche:
            path = (*here, "tranches", number)
            yield Finding(path, "this tranche moves nobody", "Name a side.")
        for side, amount in tranche.items():
            if side in finished:
                yield Finding(
                    (*here, "tranches", number, side),
                    f"'{side}' has moved all that is left in an earlier tranche",
                    "Write 'rest' in its last tranche only.",
                )
            if amount == "rest":
                finished.add(side)
            else:
                promised[side] = promised.get(side, 0) + int(amount)
    if terms.unit != "people":
        return
    for side, number in promised.items():
        flows = plan.parties[side].flows if side in plan.parties else ()
        if any(flow not in draft.flows for flow in flows) or not _known(draft, flows):
            continue
        people = draft.people_of(flows)
        if number > people:
            yield Finding(
                (*here, "tranches"),
                f"'{side}' is to move {number} people, but its flows have {people}",
                "Promise less, write 'rest' in the last tranche, or raise 'people'.",
            )


def _known(draft: Draft, flows: tuple[str, ...]) -> bool:
    """Return whether it is known how many people flows have."""
    routes = [draft.route_of(draft.flows[flow]) for flow in flows]
    return all(route and route.origin in draft.sites for route in routes)


def _dates(plan: AgreementPlan, here: Path) -> Iterator[Finding]:
    proposed = plan.proposed or 0
    begins = proposed if plan.in_force is None else plan.in_force
    if begins < proposed:
        yield Finding(
            (*here, "in_force"),
            "it comes into force before it is proposed",
            "Write a moment after 'proposed'.",
        )
    if plan.deadline is not None and plan.deadline <= begins:
        yield Finding(
            (*here, "deadline"),
            "its deadline is over before it comes into force",
            "Write a later moment.",
        )
    for moment in plan.amendments:
        if moment < begins:
            yield Finding(
                (*here, "amendments", moment),
                "it is amended before it comes into force",
                "Write a later moment, or change the first terms.",
            )
