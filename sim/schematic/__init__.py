"""Where things were when, as a drawing needs it: places, ways, layout, convoys' tracks.

Read off a scenario and the log of one run; nothing here draws or words anything.
"""

from sim.schematic.layout import Box, Layout, laid_out
from sim.schematic.network import Network, Node, Way
from sim.schematic.tracks import Stand, Track, tracks

__all__ = [
    "Box",
    "Layout",
    "Network",
    "Node",
    "Stand",
    "Track",
    "Way",
    "laid_out",
    "tracks",
]
