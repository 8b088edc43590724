"""Where things were when, as a drawing needs it: places, ways, layout, convoys' tracks.

Read off a scenario and the log of one run; nothing here draws or words anything.
"""

from sim.schematic.layout import Box, SchematicLayout, laid_out
from sim.schematic.network import Network, NetworkWay, Node
from sim.schematic.tracks import Track, Whereabouts, tracks

__all__ = [
    "Box",
    "Network",
    "NetworkWay",
    "Node",
    "SchematicLayout",
    "Track",
    "Whereabouts",
    "laid_out",
    "tracks",
]
