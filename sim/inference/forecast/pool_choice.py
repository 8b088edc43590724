"""Whom earlier moments would have followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PoolChoice:
    """What earlier moments say of whom to follow at a moment, of a site.

    Attributes
    ----------
    site : that people leave.
    shipped : the pool, or the simulation where that was nearer so far at this site.
    comparator : the one that was nearest so far at this site, or else at all; where
        nothing could be scored, the one that an analyst would take unasked.
    weights : in the pool, by name; figures of all sites speak of them.
    figures : published by now and foretold before, of all sites: what this rests on.
    """

    moment: datetime
    site: str
    shipped: str
    comparator: str
    weights: Mapping[str, float]
    figures: int
