"""Ready-made changes of an operation, with values that are its own."""

from datetime import timedelta
from typing import NamedTuple

from sim.scenario import Operation
from sim.scenario.plans import FleetPlan

_EARLIER_H = (12, 6, 3, 1)


class ProposedChange(NamedTuple):
    """A ready-made change that can be made as it stands.

    Attributes
    ----------
    name : by which readers know it.
    what : the change.
    value : to begin with.
    """

    name: str
    what: str
    value: str


def proposed_changes(operation: Operation) -> tuple[ProposedChange, ...]:
    """Return the ready-made changes of an operation, with values that are its own."""
    middle = f"{operation.clock.local(operation.ends // 2):%Y-%m-%dT%H:%M}"
    forms = [ProposedChange("shift", "shift", "24 h")]
    for name, plan in operation.agreements.items():
        dates = [at for at in (plan.proposed, plan.in_force) if isinstance(at, int)]
        fits = [
            hours
            for hours in _EARLIER_H
            if dates and dates[0] >= timedelta(hours=hours).total_seconds()
        ]
        if fits:
            forms.append(
                ProposedChange("earlier", "shift", f"-{fits[0]} h from {name}")
            )
            break
    for name, plan in operation.agreements.items():
        if len(plan.parties) > 1:
            value = f"{[*plan.parties][-1]} of {name} from {middle} for 1 d"
            forms.append(ProposedChange("other-side-stops", "other-side-stops", value))
            break
    for name, fleet in operation.fleets.items():
        if _there(fleet, operation.ends // 2) > 1:
            value = f"{name} from {middle}"
            forms.append(ProposedChange("half-the-fleet", "half-the-fleet", value))
            break
    if operation.legs:
        forms.append(ProposedChange("curfew", "curfew", "06:00 to 18:00"))
    return tuple(forms)


def _there(fleet: FleetPlan, second: int) -> int:
    """Return how many vehicles a fleet has at a moment; 0 if nobody can tell."""
    there = 0
    for sign, numbers in ((1, fleet.joins), (-1, fleet.leaves)):
        for moment, number in numbers.items():
            if not isinstance(moment, int):
                return 0
            there += sign * number * (moment <= second)
    return there
