"""Many runs of one operation, and what they say together.

Hands operations to the model and reads event logs; knows nothing of the mechanism.
"""

from sim.experiment.observe import Observed
from sim.experiment.replicate import Failure, Study, run_study

__all__ = ["Failure", "Observed", "Study", "run_study"]
