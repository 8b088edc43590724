"""How far each side of an agreement may move, given how far the others have come.

Pure functions. `done` says how many tranches each side has completed; the answer is
how many tranches, counted from the first, are open to a side.
"""

from collections.abc import Mapping

from sim.scenario.plans import TermsPlan


def open_tranches(
    terms: TermsPlan, side: str, done: Mapping[str, int], released: int
) -> int:
    """Return how many tranches are open to a side.

    Parameters
    ----------
    terms : the rule and its settings.
    side : whose turn is asked for.
    done : tranches completed, by side.
    released : for `simultaneous`: tranches that every side had ready.
    """
    others = [count for name, count in done.items() if name != side]
    if not others:
        return len(terms.tranches)
    slowest = min(others)
    if terms.rule == "simultaneous":
        return released
    if terms.rule == "credit":
        return slowest + 1 + terms.ahead
    if terms.rule == "prior" and side != terms.first:
        return min(done[terms.first or side], slowest + 1)
    return slowest + 1


def slowest_other(
    side: str, done: Mapping[str, int], goes_first: str | None = None
) -> str:
    """Return the side that has completed least, other than `side` itself.

    Of several it is the one that goes first, then the one that is named first.
    """
    others = [name for name in done if name != side]
    return min(others, key=lambda n: (done[n], n != goes_first), default=side)
