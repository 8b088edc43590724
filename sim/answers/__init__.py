"""What planners ask of an operation: goals, how likely they are, what they take.

Pure functions of operations and of runs; what asks for runs is in `sim.studies.ask`,
and how an answer is worded in `sim.report.answers`.
"""
