"""What sites, gates, flows, sides and stoppages are called in pictures."""

from sim.plots.fonts import drawable
from sim.scenario import Operation, titles
from sim.scenario.plans import AgreementPlan


def of_place(operation: Operation, name: str) -> str:
    """Return the title of a site, gate, checkpoint or other stage."""
    return drawable(titles.of_place(operation, name), name)


def of_flow(operation: Operation, name: str) -> str:
    """Return the title of a flow."""
    return drawable(titles.of_flow(operation, name), name)


def of_agreement(operation: Operation, name: str) -> str:
    """Return the title of an agreement."""
    return drawable(titles.of_agreement(operation, name), name)


def of_stoppage(operation: Operation, name: str) -> str:
    """Return the title of a stoppage, or else its cause."""
    return drawable(titles.of_stoppage(operation, name), name)


def of_side(operation: Operation, agreement: AgreementPlan, side: str) -> str:
    """Return the title of a side."""
    return drawable(titles.of_side(operation, agreement, side), side)
