"""A second program for the rules of the mechanism: naive, short and slow.

It asks everybody again after every event, and shares nothing with the model but the
draws. Whatever both say differently is a fault of one of them, or of the rules.
"""

from tests.reference.run import Outcome, simulate

__all__ = ["Outcome", "simulate"]
