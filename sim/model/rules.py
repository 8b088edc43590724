"""How far each side of an agreement may move, given how far the others have come.

A pure function: from the tranches that each side has completed to how many tranches,
counted from the first, are open to a side.
"""

from sim.model.standing import Standing
from sim.scenario.plans import TermsPlan


def open_tranches(
    terms: TermsPlan, side: str, standing: Standing, released: int
) -> int:
    """Return how many tranches are open to a side.

    Parameters
    ----------
    terms : the rule and its settings.
    side : whose turn is asked for.
    standing : tranches completed by each side.
    released : for `simultaneous`: tranches that every side had ready.
    """
    slowest = standing.slowest_other(side)
    if slowest == side:
        return len(terms.tranches)
    done = standing.done[slowest]
    if terms.rule == "lockstep":
        return done + 1
    if terms.rule == "simultaneous":
        return released
    if terms.rule == "credit":
        return done + 1 + terms.ahead
    if side == terms.first:
        return done + 1
    return min(standing.done[terms.first or side], done + 1)
