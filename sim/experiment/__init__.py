"""Many runs of one operation, and what they say together.

Hands operations to the model and reads event logs; knows nothing of the mechanism.
"""

from sim.experiment.replicate import Failure, Study, run_study
from sim.experiment.observe import Observed

__all__ = ["Failure", "Observed", "Study", "run_study"]
