"""Pictures of a study: each a function that returns a matplotlib figure."""

from sim.figures.drawing import FIGURES, draw, draw_all
from sim.figures.save import save

__all__ = ["FIGURES", "draw", "draw_all", "save"]
