"""What sites, gates, flows, sides and stoppages are called for readers."""

from collections.abc import Mapping, Sequence

from sim.scenario.origins import sites_of
from sim.scenario.plans import (
    AgreementPlan,
    BarrierPlan,
    Operation,
    SitePlan,
    StagePlan,
)

_HOLDERS = frozenset({"groups", "parties"})
"""Fields that only hold parts with names."""


def sites_in(origin: str) -> tuple[str, ...]:
    """Return the sites that an origin names: one, or several as `a+b`."""
    return tuple(origin.split("+"))


def of_site(operation: Operation, name: str) -> str:
    """Return the title of a site, or of several together."""
    return " + ".join(operation.sites[site].title or site for site in sites_in(name))


def of_place(operation: Operation, name: str) -> str:
    """Return the title of a site, gate, checkpoint or other stage."""
    sections: tuple[Mapping[str, SitePlan | BarrierPlan | StagePlan], ...] = (
        *(operation.sites, operation.gates, operation.checkpoints),
        *operation.stages.values(),
    )
    return next((s[name].title for s in sections if name in s), None) or name


def of_flow(operation: Operation, name: str) -> str:
    """Return the title of a flow."""
    plan = operation.flows.get(name)
    return (plan.title if plan else None) or name


def of_agreement(operation: Operation, name: str) -> str:
    """Return the title of an agreement."""
    plan = operation.agreements.get(name)
    return (plan.title if plan else None) or name


def of_stoppage(operation: Operation, name: str) -> str:
    """Return the title of a stoppage, or else its cause."""
    plan = operation.stoppages.get(name)
    return (plan.title or plan.cause) if plan else name


def of_part(operation: Operation, section: str, name: str) -> str:
    """Return the title of a part of any section, or else its key or its cause."""
    if section == "stoppages":
        return of_stoppage(operation, name)
    parts: Mapping[str, object] = getattr(operation, section, {})
    return getattr(parts.get(name), "title", None) or name


def of_steps(operation: Operation, steps: Sequence[str]) -> str:
    """Return what the part at some steps is called, as `Upper Mill families`.

    Parameters
    ----------
    steps : a section, a part of it, then what is within that.
    """
    section, name, *within = steps
    inner = (each for each in within if each not in _HOLDERS)
    return " ".join((of_part(operation, section, name), *inner))


def of_side(operation: Operation, agreement: AgreementPlan, side: str) -> str:
    """Return the title of a side: of the site that it alone leaves, else its key."""
    if side in operation.sites:
        return of_place(operation, side)
    leaves = {
        name: {site for flow in party.flows for site in sites_of(operation, flow)}
        for name, party in agreement.parties.items()
    }
    own = leaves[side]
    others = [sites for name, sites in leaves.items() if name != side]
    if len(own) == 1 and not any(own & sites for sites in others):
        return of_place(operation, next(iter(own)))
    return side
