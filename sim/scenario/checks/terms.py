"""Checks on the terms of an agreement: its first ones, and those of its amendments."""

from collections.abc import Iterator, Sequence

from sim.messages import Number, Text, joined, say
from sim.parts.rules import RULES
from sim.scenario.checks.given import is_given
from sim.scenario.draft import Draft, Finding
from sim.scenario.explain import how_to_add
from sim.scenario.plans import TIMES, AgreementPlan, TermsPlan, Tranche
from sim.scenario.problems import listed, quoted
from sim.scenario.shapes import Path

MOST_TRANCHES = 10_000
"""Of one agreement, the repeated ones each time."""


def terms_of(plan: AgreementPlan, here: Path) -> Iterator[tuple[Path, TermsPlan]]:
    """Return all terms of an agreement with their paths."""
    yield here, plan
    for moment, terms in plan.amendments.items():
        yield (*here, "amendments", moment), terms


def term_findings(
    draft: Draft, plan: AgreementPlan, terms: TermsPlan, here: Path
) -> Iterator[Finding]:
    """Check that terms say what their rule needs, and nothing that it does not use."""
    fields = dict.fromkeys(field for rule in RULES.values() for field in rule.uses)
    for field in fields:
        uses = field in RULES[terms.rule].uses
        given = is_given(terms, field)
        if uses and not given:
            yield Finding(
                here,
                say("the rule '{rule}' needs '{field}'", rule=terms.rule, field=field),
                how_to_add((*here, field)),
            )
        elif given and not uses:
            others = [
                quoted(name) for name, rule in RULES.items() if field in rule.uses
            ]
            yield Finding(
                (*here, field),
                say(
                    "'{field}' has no meaning for the rule '{rule}'",
                    field=field,
                    rule=terms.rule,
                ),
                say(
                    "Leave it out, or write the rule {rules}.",
                    rules=joined(others, " or "),
                ),
            )
    yield from _times(terms, here)
    if terms.parts:
        yield from _parts(draft, plan, terms, here)
    yield from _tranches(draft, plan, terms, here)
    if terms.each is not None and sum(map(_repeats, terms.tranches)) == 1:
        yield Finding(
            (*here, "each"),
            say("it has no effect: there is one tranche, and that opens at once"),
            say("Write more tranches, or leave it out."),
        )


def _parts(
    draft: Draft, plan: AgreementPlan, terms: TermsPlan, here: Path
) -> Iterator[Finding]:
    """Check that convoys which cross in parts can, and are counted by what they are."""
    of_sides = {flow for party in plan.parties.values() for flow in party.flows}
    by_convoys = [
        name
        for name, other in draft.agreements.items()
        if any(each.unit == "convoys" for each in other.all_terms)
        and any(of_sides & set(party.flows) for party in other.parties.values())
    ]
    if by_convoys:
        yield Finding(
            (*here, "parts"),
            _count_convoys(by_convoys),
            say(
                "Write 'unit: vehicles' or 'unit: people' there, or leave 'parts' out."
            ),
        )
    whole = len(terms.tranches) == 1 and set(terms.tranches[0].values()) == {"rest"}
    if whole and not terms.at_most:
        yield Finding(
            (*here, "parts"),
            say(
                "it has no effect: one tranche is all that is left, and there "
                "is no pace"
            ),
            say("Write tranches or 'at_most', or leave it out."),
        )


def _repeats(tranche: Tranche) -> int:
    """Return how often there is a tranche; 1 if that is not said as it should be."""
    times = tranche.get(TIMES, 1)
    return 1 if times == "rest" else int(times)


def _count_convoys(agreements: Sequence[str]) -> Text:
    names = listed(agreements)
    if len(agreements) == 1:
        return say(
            "a convoy that crosses in parts is not one convoy, but {names} counts "
            "convoys",
            names=names,
        )
    return say(
        "a convoy that crosses in parts is not one convoy, but {names} count convoys",
        names=names,
    )


def _times(terms: TermsPlan, here: Path) -> Iterator[Finding]:
    """Check how often tranches are repeated."""
    for number, tranche in enumerate(terms.tranches):
        path = (*here, "tranches", number)
        if TIMES not in tranche:
            continue
        if tranche[TIMES] == "rest" or not tranche[TIMES]:
            yield Finding(
                (*path, TIMES),
                say(
                    "'{times}' does not say how often there is such a tranche",
                    times=tranche[TIMES],
                ),
                say("Write a whole number of 1 or more."),
            )
        elif "rest" in tranche.values():
            yield Finding(
                (*path, TIMES),
                say("a tranche of all that is left cannot be repeated"),
                say("Leave 'times' out, or write 'rest' in a tranche of its own."),
            )
    every = sum(map(_repeats, terms.tranches))
    if every > MOST_TRANCHES:
        yield Finding(
            (*here, "tranches"),
            say(
                "there are {tranches} tranches, and no more than {most} are allowed",
                tranches=every,
                most=MOST_TRANCHES,
            ),
            say("Write larger tranches, or fewer."),
        )


def _tranches(
    draft: Draft, plan: AgreementPlan, terms: TermsPlan, here: Path
) -> Iterator[Finding]:
    promised: dict[str, int] = {}
    finished: set[str] = set()
    for number, tranche in enumerate(terms.tranches):
        if not tranche.keys() - {TIMES}:
            path = (*here, "tranches", number)
            yield Finding(path, say("this tranche moves nobody"), say("Name a side."))
        for side, amount in tranche.items():
            if side == TIMES:
                continue
            if side in finished:
                yield Finding(
                    (*here, "tranches", number, side),
                    say(
                        "'{side}' has moved all that is left in an earlier tranche",
                        side=side,
                    ),
                    say("Write 'rest' in its last tranche only."),
                )
            if amount == "rest":
                finished.add(side)
            else:
                more = int(amount) * _repeats(tranche)
                promised[side] = promised.get(side, 0) + more
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
                say(
                    "'{side}' is to move {number} people, but its flows have {people}",
                    side=side,
                    number=number,
                    people=people,
                ),
                say(
                    "Promise less, write 'rest' in the last tranche, or raise 'people'."
                ),
            )


def _known(draft: Draft, flows: tuple[str, ...]) -> bool:
    """Return whether it is known how many people flows have."""
    routes = [draft.route_of(draft.flows[flow]) for flow in flows]
    return all(route and route.origin in draft.sites for route in routes)


def notes(draft: Draft, name: str) -> Iterator[Finding]:
    """Name convoys that do not go whole, since no tranche has room for them."""
    plan = draft.agreements[name]
    for here, terms in terms_of(plan, ("agreements", name)):
        yield from _larger_than_its_pace(draft, plan, terms, here)
        if terms is plan.all_terms[-1]:
            yield from _left_over(draft, plan, terms, here)
        if terms.parts:
            continue
        for side, party in plan.parties.items():
            amounts = [tranche.get(side, 0) for tranche in terms.tranches]
            rooms = [int(amount) for amount in amounts if amount not in {0, "rest"}]
            sizes = {flow: _size(draft, flow, terms.unit) for flow in party.flows}
            for flow in sizes if rooms else ():
                cut = _cut(draft, flow, terms.unit, sizes, rooms)
                if cut:
                    yield Finding(
                        (*here, "tranches"),
                        say(
                            "a full convoy of '{flow}' has {sizes} {unit}, but {cut} "
                            "in parts",
                            flow=flow,
                            sizes=Number(sizes[flow], ".0f"),
                            unit=terms.unit,
                            cut=cut,
                        ),
                        say("Write tranches of whole convoys, or smaller convoys."),
                    )


def _left_over(
    draft: Draft, plan: AgreementPlan, terms: TermsPlan, here: Path
) -> Iterator[Finding]:
    """Name people for whom nothing is agreed: no tranche is left for them."""
    if terms.unit != "people" or plan.after_deadline == "lapse":
        return
    for side, party in plan.parties.items():
        amounts = [tranche.get(side, 0) for tranche in terms.all_tranches]
        if "rest" in amounts or draft.share_people(party.flows):
            continue
        promised = sum(int(amount) for amount in amounts)
        people = draft.people_of(party.flows)
        if promised < people and len(plan.all_terms) == 1:
            yield Finding(
                (*here, "tranches"),
                say(
                    "'{side}' is to move {promised} of the {people} people of its "
                    "flows: {left} stay behind, since nothing more is agreed",
                    side=side,
                    promised=promised,
                    people=people,
                    left=people - promised,
                ),
                say("Write 'rest' in its last tranche, if all are to go."),
            )


def _larger_than_its_pace(
    draft: Draft, plan: AgreementPlan, terms: TermsPlan, here: Path
) -> Iterator[Finding]:
    """Name convoys that are more than their side may move in a day or week."""
    for side, pace in ({} if terms.parts else terms.at_most or {}).items():
        for flow in plan.parties[side].flows:
            size = _size(draft, flow, pace.unit)
            if size > pace.number:
                yield Finding(
                    (*here, "at_most", side),
                    say(
                        "a full convoy of '{flow}' has {size} {unit}, more than "
                        "{pace}: it passes whole, as the first of a {period}",
                        flow=flow,
                        size=Number(size, ".0f"),
                        unit=pace.unit,
                        pace=str(pace),
                        period=pace.period,
                    ),
                    say(
                        "Write 'parts: yes' to let it cross in parts, or smaller "
                        "convoys."
                    ),
                )


def _cut(
    draft: Draft, name: str, unit: str, sizes: dict[str, float], rooms: list[int]
) -> Text:
    """Return why a convoy goes in parts, if it does or may.

    Parameters
    ----------
    sizes : of full convoys, by flow of the side.
    rooms : how much the tranches of the side hold, without those for all the rest.
    """
    flow, size = draft.flows[name], sizes[name]
    if size > max(rooms):
        return say(
            "no tranche has room for more than {room}: it is sent", room=max(rooms)
        )
    # Without departures what is left follows as soon as there is room.
    if unit != "vehicles" or not (flow.dispatch_dates or flow.dispatch_times):
        return ""
    before = [other for other in sizes.values() if other < max(rooms)]
    if any(number % size for number in (*rooms, *before)):
        return say("those before it may leave less room in a tranche: it may be sent")
    return ""


def _size(draft: Draft, name: str, unit: str) -> float:
    """Return how much of a unit the largest convoy of a flow commonly counts for."""
    flow = draft.flows[name]
    sent = draft.largest_convoy(flow)
    if unit == "vehicles":
        return sum(sent.values())
    if unit == "people":
        seats = sum(number * draft.load(flow, f) for f, number in sent.items())
        return min(seats, draft.people_of([name]))
    return 1
