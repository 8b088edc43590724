"""Checks on a site: its people, and whether they can leave."""

from collections.abc import Iterator

from sim.scenario.draft import Draft, Finding

TAKEN = "all"
"""What results are called that are of all sites together."""


def number_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that no more people stay than there are, and that it may be named so."""
    if name == TAKEN:
        yield Finding(
            ("sites", name),
            f"'{name}' stands for all sites together where results are asked for",
            "Give the site another name.",
        )
    for group, plan in draft.sites[name].groups.items():
        if plan.stay > plan.people:
            yield Finding(
                ("sites", name, "groups", group, "stay"),
                f"{plan.stay} stay, but only {plan.people} are there",
                "Lower 'stay', or raise 'people'.",
            )


def unserved(draft: Draft) -> Iterator[Finding]:
    """Find people who can never leave, if every flow and route could be read."""
    ways = draft.ways()
    served = {
        (route.origin, group)
        for flow, route in ways
        for group in draft.flows[flow].ever_serves
    }
    for site, plan in draft.sites.items() if ways else ():
        for group, people in plan.groups.items():
            leaving = people.people - people.stay
            if leaving > 0 and (site, group) not in served:
                yield Finding(
                    ("sites", site, "groups", group),
                    f"{leaving} people of '{group}' at '{site}' can never leave: no "
                    "flow serves them",
                    "Add the group to a flow whose route begins there, or set 'stay' "
                    "to all of them.",
                )
