"""What a scenario file may say, and how it is loaded, checked and changed."""

from sim.scenario.clock import Clock
from sim.scenario.load import from_data, from_text
from sim.scenario.plans import Operation
from sim.scenario.problems import Problem

__all__ = ["Clock", "Operation", "Problem", "from_data", "from_text"]
