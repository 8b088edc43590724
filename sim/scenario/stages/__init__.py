"""The kinds of stages that come with the program, one a file; importing registers them.

To add one, see `docs/how-to/add-a-stage.md`.
"""

from sim.scenario.stages.ferry import FerryPlan

__all__ = ["FerryPlan"]
