"""Checks on a site: its people, and whether they can leave."""

from collections.abc import Iterator

from sim.messages import say
from sim.scenario.draft import Draft, Finding
from sim.scenario.origins import served
from sim.scenario.plans import GroupPlan
from sim.scenario.problems import choice

TAKEN = "all"
"""What results are called that are of all sites together."""


def number_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that no more people stay than there are, and that it may be named so."""
    if name == TAKEN:
        yield Finding(
            ("sites", name),
            say(
                "'{name}' stands for all sites together where results are asked for",
                name=name,
            ),
            say("Give the site another name."),
        )
    if draft.sites[name].moves_on and draft.sites[name].holds is None:
        yield Finding(
            ("sites", name, "moves_on"),
            say("it has no meaning without 'holds': there is room for everybody"),
            say("Add 'holds', or leave it out."),
        )
    for group, plan in draft.sites[name].groups.items():
        if plan.stay > plan.people:
            yield Finding(
                ("sites", name, "groups", group, "stay"),
                say(
                    "{stay} stay, but only {people} are there",
                    stay=plan.stay,
                    people=plan.people,
                ),
                say("Lower 'stay', or raise 'people'."),
            )
        else:
            yield from _changes(("sites", name, "groups", group), plan)


def _changes(here: tuple[str, ...], plan: GroupPlan) -> Iterator[Finding]:
    """Check that as many are there as get ready or withdraw."""
    ready, at_first = sum(plan.ready.values()), plan.people - plan.stay
    if ready > at_first:
        yield Finding(
            (*here, "ready"),
            say(
                "{ready} get ready, but of those there at the start only "
                "{at_first} leave",
                ready=ready,
                at_first=at_first,
            ),
            say(
                "Lower the numbers, or raise 'people'; who comes later, under "
                "'joins', is ready."
            ),
        )
    if plan.ready_per_hour is not None and not all(
        isinstance(moment, int) for moment in plan.ready
    ):
        yield Finding(
            (*here, "ready_per_hour"),
            say("people who get ready by the hour do so from dates on"),
            say("Write dates under 'ready', or leave it out."),
        )
    withdrawn = sum(plan.withdraws.values())
    if withdrawn > plan.leaving:
        yield Finding(
            (*here, "withdraws"),
            say(
                "{withdrawn} withdraw, but only {leaving} ever are to leave",
                withdrawn=withdrawn,
                leaving=plan.leaving,
            ),
            say("Lower the numbers."),
        )


def use_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that people arrive where it is said how many there is room for."""
    ways = draft.ways()
    if draft.sites[name].holds is not None and ways:
        destinations = [route.destination for _, route in ways]
        if name not in destinations:
            yield Finding(
                ("sites", name, "holds"),
                say("nobody arrives at '{name}': no flow leads there", name=name),
                say(
                    "Leave it out. Destinations: {sites}.",
                    sites=choice(dict.fromkeys(destinations)),
                ),
            )


def notes(draft: Draft, name: str) -> Iterator[Finding]:
    """Name a pace of getting ready that holds nobody up."""
    for group, plan in draft.sites[name].groups.items():
        if plan.ready_per_hour is None:
            continue
        most = max(plan.ready_later.values())
        if plan.ready_per_hour >= most:
            yield Finding(
                ("sites", name, "groups", group, "ready_per_hour"),
                say(
                    "this has no effect: no more than {most} get ready at a moment",
                    most=most,
                ),
                say("Write fewer, or leave it out."),
            )


def unserved(draft: Draft) -> Iterator[Finding]:
    """Find people who can never leave, if every flow and route could be read."""
    ways = draft.ways(detours=False)
    moved = {who for flow in draft.flows for who in served(draft, flow)}
    for site, plan in draft.sites.items() if ways else ():
        for group, people in plan.groups.items():
            leaving = people.leaving
            if leaving > 0 and (site, group) not in moved:
                yield Finding(
                    ("sites", site, "groups", group),
                    say(
                        "{leaving} people of '{group}' at '{site}' can never leave: no "
                        "flow serves them",
                        leaving=leaving,
                        group=group,
                        site=site,
                    ),
                    say(
                        "Add the group to a flow whose route begins there, or set "
                        "'stay' to all of them."
                    ),
                )
