"""How all tests are run: on the plain model, or on that compiled into a folder."""

import os
from pathlib import Path

from hypothesis import settings

os.environ["CONVOYS_PLAIN_MODEL"] = "1"  # before anything of the model is imported

import sim.compiled

if folder := os.environ.get("COMPILED_MODEL_TO_TEST"):
    sim.compiled.use(Path(folder))

# A test says whether something is right; a slow machine must not make it fail.
settings.register_profile("any speed", deadline=None)
settings.load_profile("any speed")
