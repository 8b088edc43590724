"""How all tests are run."""

from hypothesis import settings

# A test says whether something is right; a slow machine must not make it fail.
settings.register_profile("any speed", deadline=None)
settings.load_profile("any speed")
