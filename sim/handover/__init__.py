"""A case in one file, for whoever takes over: packed here, opened and tried there."""

from sim.handover.pack import packed
from sim.handover.unpack import unpacked

__all__ = ["packed", "unpacked"]
