"""The mechanism. Outside this folder only what is named here may be used."""

from sim.model.convoy import Convoy
from sim.model.crowd import Crowd
from sim.model.fleet import Fleet
from sim.model.luck import gaps, lengths, luck_of
from sim.model.simulate import no_search_for_garbage, run, simulate
from sim.model.streams import Streams

__all__ = [
    "CHECKED",
    "Streams",
    "gaps",
    "lengths",
    "luck_of",
    "no_search_for_garbage",
    "run",
    "simulate",
]

CHECKED = (Crowd, Convoy, Fleet)
"""Parts that `check` themselves in every run."""
