"""What agreements can be, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.events import Kind

STATES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.PROPOSED: "proposed",
        Kind.IN_FORCE: "in force",
        Kind.SUSPENDED: "suspended",
        Kind.BREACHED: "breached",
        Kind.RENEGOTIATED: "new terms",
        Kind.COMPLETED: "completed",
        Kind.REOPENED: "in force again",
        Kind.LAPSED: "lapsed",
    }
)
"""The word of each state, in the order of an agreement's life."""
