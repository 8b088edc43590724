"""What must hold whatever happens; each is checked where it could be broken.

A change that touches one crowd, fleet, convoy or side checks that one, so that every
run is checked from its first event to its last and hardly notices. `World.check` looks
at everything at once, for tests.
"""

from __future__ import annotations

from operator import gt
from typing import TYPE_CHECKING

from sim.errors import BrokenInvariantError

if TYPE_CHECKING:
    from sim.model.convoy import Convoy
    from sim.model.fleet import Fleet
    from sim.model.ledger import Crowd
    from sim.model.party import Party


def everybody_is_somewhere(crowd: Crowd) -> None:
    """Check the counts of a group.

    Raises
    ------
    BrokenInvariantError
        If a count is negative or the counts do not sum to the people.
    """
    waiting, aboard, arrived = crowd.waiting, crowd.aboard, crowd.arrived
    if (
        waiting + aboard + arrived + crowd.stayed + crowd.unaccounted != crowd.people
        or not 0 <= crowd.expected <= waiting
        or not 0 <= crowd.driven_back <= aboard
        or arrived < 0
        or crowd.stayed < 0
        or crowd.unaccounted < 0
    ):
        raise BrokenInvariantError(
            f"everybody of {crowd.group} at {crowd.site} is in exactly one place",
            {name: getattr(crowd, name) for name in crowd.__slots__},
        )


def everybody_has_a_seat(convoy: Convoy) -> None:
    """Check the people in the vehicles of a convoy.

    Raises
    ------
    BrokenInvariantError
        If more ride in a vehicle than it has seats, or somebody rides in none.
    """
    loading, seats = convoy.loading, convoy.trip.seats
    riders = list(convoy.riders.values())
    if True in map(gt, loading.people, seats) or riders != [
        sum(share) for share in loading.shares.values()
    ]:
        raise BrokenInvariantError(
            "whoever is aboard has a seat", (convoy.name, loading.people, seats, riders)
        )


def every_vehicle_is_somewhere(fleet: Fleet) -> None:
    """Check the counts of a fleet.

    Raises
    ------
    BrokenInvariantError
        If idle vehicles and those in convoys are not those that are present.
    """
    if len(fleet.idle) + fleet.under_way != fleet.present or fleet.under_way < 0:
        raise BrokenInvariantError(
            f"every vehicle of {fleet.name} is free or in one convoy",
            (len(fleet.idle), fleet.under_way, fleet.present),
        )


def nobody_passes_beyond_what_was_agreed(party: Party) -> None:
    """Check what a side has been let through.

    Raises
    ------
    BrokenInvariantError
        If it is more than all its tranches.
    """
    if party.granted > party.borders[-1]:
        raise BrokenInvariantError(
            "nobody passes beyond what was agreed",
            (party.name, party.granted, party.borders),
        )
