"""Pictures of studies: each a function that returns a matplotlib figure.

To add one, write its function and name it in `PICTURES`.
"""

from sim.plots.pictures import PICTURES, draw
from sim.plots.save import save

__all__ = ["PICTURES", "draw", "save"]
