"""What two files of a case say differently, and what becomes of two people's edits."""

from sim.revisions.diff import differences, of_operations
from sim.revisions.merge import Side, merged_files

__all__ = ["Side", "differences", "merged_files", "of_operations"]
