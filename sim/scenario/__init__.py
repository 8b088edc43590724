"""What a scenario file may say, and how it is loaded, checked and changed."""

from sim.scenario.amend import amended, same_field
from sim.scenario.clock import Clock
from sim.scenario.find import find
from sim.scenario.load import from_data, from_text, load, notes
from sim.scenario.plans import Operation
from sim.scenario.problems import Problem
from sim.scenario.schema import json_schema
from sim.scenario.stages import FerryPlan
from sim.scenario.uncertain import settled, uncertain_fields
from sim.scenario.written import resolved_yaml, scenario_hash

__all__ = [
    "Clock",
    "FerryPlan",
    "Operation",
    "Problem",
    "amended",
    "find",
    "from_data",
    "from_text",
    "json_schema",
    "load",
    "notes",
    "resolved_yaml",
    "same_field",
    "scenario_hash",
    "settled",
    "uncertain_fields",
]
