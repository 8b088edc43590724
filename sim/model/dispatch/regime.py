"""How a flow works, from the start or from a moment on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.model.convoy import Convoy
from sim.model.crowd import Crowd
from sim.model.dispatch.quota import Quota
from sim.model.dispatch.timetable import Timetable
from sim.model.fleet import Fleet
from sim.model.gate import Gate
from sim.model.loading import PickUp
from sim.model.luck import Luck
from sim.model.reception import Reception
from sim.parts.stages import Stage
from sim.scenario.plans import FlowPlan


class Regime(NamedTuple):
    """All that a phase of a flow may change.

    Attributes
    ----------
    plan : with what the phases so far have changed.
    destination : where the route leads.
    crowds : whom it serves, by priority.
    fleets : whose vehicles it takes, the leading one first.
    largest : vehicles of each fleet in the largest convoy.
    stages : of the whole journey.
    gates : on the way, those passed twice once.
    boarding_gate : that must be open for boarding.
    timetable : when convoys may set out.
    quota : how much may set out in a day or a week, None for any.
    reception : of the destination, None if it takes in any number.
    luck : what chance decides for its convoys.
    pick_ups : whom its convoys take on at sites on their way.
    """

    plan: FlowPlan
    destination: str
    crowds: list[Crowd]
    fleets: dict[str, Fleet]
    largest: Mapping[str, int]
    stages: Sequence[Stage[Convoy]]
    gates: Sequence[Gate]
    boarding_gate: Gate
    timetable: Timetable
    quota: Quota | None
    reception: Reception | None
    luck: Luck
    pick_ups: Mapping[str, PickUp]
