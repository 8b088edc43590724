"""What a run leaves, in the formats of other programs: one file of this package each.

An export reads the folder of a run and writes files that other programs open. It
computes nothing that a report does not say, and knows nothing of other exports.
"""

from sim.exports.contents import Export, Exported, KeptRun, NothingToWriteError
from sim.exports.registry import EXPORTS, exported

__all__ = [
    "EXPORTS",
    "Export",
    "Exported",
    "KeptRun",
    "NothingToWriteError",
    "exported",
]
