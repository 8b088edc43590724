"""The mechanism. Outside this folder only what is named here may be used."""

from sim.model.luck import durations, luck_of
from sim.model.simulate import no_search_for_garbage, run, simulate
from sim.model.streams import Streams

__all__ = [
    "Streams",
    "durations",
    "luck_of",
    "no_search_for_garbage",
    "run",
    "simulate",
]
