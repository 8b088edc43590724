"""How well anything can agree with sources that contradict each other."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from sim.calibration.record import Documented

_S_PER_H = 3600


class Step(NamedTuple):
    """A number of people between two moments [h after the start]."""

    begins_h: float
    ends_h: float
    people: float


def conflict_floor(steps: Sequence[Step]) -> float:
    """Return the least ARD that any curve can have that never falls.

    A linear programme in the rises between the moments that the figures name.

    Parameters
    ----------
    steps : documented; a total begins where nobody has arrived yet.

    Raises
    ------
    ValueError
        If there are no steps, or nobody in them.
    """
    people = np.array([step.people for step in steps])
    if not people.sum() > 0:
        raise ValueError("a floor needs figures with people in them")
    moments = sorted({moment for step in steps for moment in step[:2]})
    rises, figures = len(moments) - 1, len(steps)
    sums = np.array(
        [
            [step.begins_h <= moment < step.ends_h for moment in moments[:-1]]
            for step in steps
        ],
        dtype=np.float64,
    ).reshape(figures, rises)
    unit = np.eye(figures)
    found = linprog(
        np.r_[np.zeros(rises), np.ones(figures)],
        A_ub=np.block([[sums, -unit], [-sums, -unit]]),
        b_ub=np.r_[people, -people],
        bounds=(0, None),
    )
    return float(found.fun / people.sum())


def steps_of(entries: Sequence[Documented], origin: str) -> list[Step]:
    """Return the people of a site that claims count, windows read by their middles."""
    return [step for _, step in counted_in(entries, origin)]


def counted_in(entries: Sequence[Documented], origin: str) -> list[tuple[int, Step]]:
    """Return the steps of `steps_of`, each with its place among the entries.

    Bounds are left out: a curve can agree with them at no cost.
    """
    return [
        (
            place,
            Step(
                _middle_h(entry.begins or (0, 0)),
                _middle_h(entry.ends),
                entry.claim.best,
            ),
        )
        for place, entry in enumerate(entries)
        if entry.counts == "arrived"
        and entry.ends is not None
        and entry.figure.origin == origin
        and entry.claim.wording == "cell"
    ]


def _middle_h(window: tuple[int, int]) -> float:
    return sum(window) / 2 / _S_PER_H
