"""How far counts of one and the same batch differ, by whoever counted it."""

from math import log, sqrt
from statistics import NormalDist, median

from sim.past.facts import PastOperations, past_operations

_MIDDLE_OF_HALF = NormalDist().inv_cdf(0.75)
"""Half of what is normal lies within so many standard deviations."""


def reporting_error(known: PastOperations | None = None) -> float:
    """Return the standard deviation of the logarithm of one count.

    Of two counts of one batch the logarithm of the ratio has the square root of two
    times it. The median over batches that were counted more than once is taken, which a
    count that is out of line does not move.

    Parameters
    ----------
    known : the facts; if None, those that are shipped.

    Raises
    ------
    ValueError
        If no batch was counted twice.
    """
    apart = [
        log(row.high / row.low)
        for row in (known or past_operations()).facts
        if row.quantity == "people_of_batch"
        and row.pooled == "yes"
        and row.low
        and row.high
        and row.low < row.high
    ]
    if not apart:
        raise ValueError("no batch was counted twice")
    return median(apart) / (sqrt(2) * _MIDDLE_OF_HALF)
