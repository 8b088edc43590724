"""What each command does, without a terminal: plan it, run it, resume it.

A front (the command line, a page, a notebook) asks for a plan, begins and finishes it,
and shows the report that comes back.
"""

from sim.studies.finish import Finished, finished
from sim.studies.options import Amount, Where
from sim.studies.plan import StudyPlan
from sim.studies.told import Note, Step, Tell, Told, nobody
from sim.studies.unfinished import (
    InMemory,
    Unfinished,
    all_unfinished,
    begun,
    found,
)

__all__ = [
    "Amount",
    "Finished",
    "InMemory",
    "Note",
    "Step",
    "StudyPlan",
    "Tell",
    "Told",
    "Unfinished",
    "Where",
    "all_unfinished",
    "begun",
    "finished",
    "found",
    "nobody",
]
