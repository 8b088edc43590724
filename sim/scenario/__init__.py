"""What a scenario file may say, and how it is loaded, checked and changed."""

from sim.scenario.clock import Clock
from sim.scenario.files import find
from sim.scenario.load import from_data, from_text, load
from sim.scenario.plans import Operation
from sim.scenario.problems import Problem

__all__ = ["Clock", "Operation", "Problem", "find", "from_data", "from_text", "load"]
