"""The draws, which the model and the reference share."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

try:
    import_module("sim.model")
except ImportError:  # while the model is being rewritten: the draws without the rest
    for name in [name for name in sys.modules if name.startswith("sim.model")]:
        del sys.modules[name]
    bare = ModuleType("sim.model")
    bare.__path__ = [str(Path(__file__).parents[2] / "sim" / "model")]
    sys.modules["sim.model"] = bare

luck = import_module("sim.model.luck")
Streams = import_module("sim.model.streams").Streams
