"""What sites and agreements are called in tables: their title, else their key.

Kept apart from the titles of pictures, whose package takes matplotlib along.
"""

from sim.scenario import Operation


def of_site(operation: Operation, name: str) -> str:
    """Return the title of a site."""
    return operation.sites[name].title or name


def of_agreement(operation: Operation, name: str) -> str:
    """Return the title of an agreement."""
    return operation.agreements[name].title or name
