"""What places, flows and sides are called in pictures: their title, else their key."""

from collections.abc import Mapping

from sim.experiment.compare import better
from sim.scenario import Operation
from sim.scenario.plans import AgreementPlan, GatePlan, SitePlan, StagePlan

_BETTER = {-1: ", less is better", 0: "", 1: ", more is better"}


def of_metric(metric: str, unit: str) -> str:
    """Return what is measured, in which unit, and what of it is better.

    Parameters
    ----------
    metric : its full name; what it is given for is left out.
    unit : in which it is drawn.
    """
    words = metric.partition("/")[0].replace("_", " ")
    return f"{words} [{unit}]{_BETTER[better(metric)]}"


def of_place(operation: Operation, name: str) -> str:
    """Return the title of a site, gate, checkpoint or other stage."""
    sections: tuple[Mapping[str, SitePlan | GatePlan | StagePlan], ...] = (
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
    return operation.agreements[name].title or name


def of_side(operation: Operation, agreement: AgreementPlan, side: str) -> str:
    """Return the title of a side: of the site that it alone leaves, else its key."""
    if side in operation.sites:
        return of_place(operation, side)
    leaves = {
        name: {
            operation.routes[operation.flows[flow].route].origin for flow in party.flows
        }
        for name, party in agreement.parties.items()
    }
    own = leaves[side]
    others = [sites for name, sites in leaves.items() if name != side]
    if len(own) == 1 and not any(own & sites for sites in others):
        return of_place(operation, next(iter(own)))
    return side
