"""Many runs of one operation, and what they say together.

Hands operations to the model and reads event logs; knows nothing of the mechanism.
"""

from sim.experiment.compare import Comparison, NamedStudy, compare
from sim.experiment.replicate import Job
from sim.experiment.rows import Failure, Observed
from sim.experiment.runner import Runner, run_study
from sim.experiment.study import Study

__all__ = [
    "Comparison",
    "Failure",
    "Job",
    "NamedStudy",
    "Observed",
    "Runner",
    "Study",
    "compare",
    "run_study",
]
