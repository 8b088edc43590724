"""Agreements that promise more people than were known: what is left of their tranches.

Terms may count on people who came later. Whoever did not know of them waits for those
who were there: a side that has nobody left has done its part.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from sim.scenario import Operation
from sim.scenario.origins import served_by
from sim.scenario.plans import (
    AgreementPlan,
    FlowPlan,
    SitePlan,
    TermsPlan,
    Tranche,
)

Terms = TypeVar("Terms", bound=TermsPlan)


def within_reach(
    operation: Operation,
    agreements: Mapping[str, AgreementPlan],
    flows: Mapping[str, FlowPlan],
    sites: Mapping[str, SitePlan],
) -> dict[str, AgreementPlan]:
    """Return agreements by which no side moves more people than its flows have.

    Parameters
    ----------
    operation : as it is told afterwards.
    agreements, flows, sites : those known.
    """
    found = {}
    for name, plan in agreements.items():
        people = {
            side: _people(operation, (flows[flow] for flow in party.flows), sites)
            for side, party in plan.parties.items()
        }
        amendments = {at: _clipped(to, people) for at, to in plan.amendments.items()}
        clipped = _clipped(plan, people)
        found[name] = clipped.model_copy(update={"amendments": amendments})
    return found


def _people(
    operation: Operation, flows: Iterable[FlowPlan], sites: Mapping[str, SitePlan]
) -> int:
    """Return how many people flows ever have."""
    crowds = {who for flow in flows for who in served_by(flow, operation.routes)}
    return sum(sites[site].groups[group].leaving for site, group in crowds)


def _clipped(terms: Terms, people: Mapping[str, int]) -> Terms:
    """Return terms whose last tranches are cut to the people whom each side has."""
    left = dict(people)
    tranches = [_cut(tranche, left) for tranche in terms.all_tranches]
    if terms.unit != "people" or tranches == [*terms.all_tranches]:
        return terms
    tranches = [tranche for tranche in tranches if any(tranche.values())] or tranches[
        :1
    ]
    each = terms.each if len(tranches) > 1 else None
    return terms.model_copy(update={"tranches": tuple(tranches), "each": each})


def _cut(tranche: Tranche, left: dict[str, int]) -> Tranche:
    """Return a tranche of no more people than are left, and count them off."""
    found: Tranche = {}
    for side, amount in tranche.items():
        found[side] = amount
        if amount != "rest":
            found[side] = min(int(amount), left[side])
            left[side] -= int(found[side])
    return found
