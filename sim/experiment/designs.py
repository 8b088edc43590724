"""Points of a sweep: which values to try together.

A *grid* takes every value of each field with every value of all others. A *Latin
hypercube* of n points cuts each field into n equal shares and takes one point from
each. A *Sobol* design covers all fields together more evenly, for 2, 4, 8, 16, ...
points. Both can sample intervals; of a list they take each value equally often, or
nearly so. The seed shuffles them. How fields and values are written is told in
`sim.experiment.factors`.

References
----------
McKay, Beckman and Conover, A comparison of three methods for selecting values of input
variables in the analysis of output from a computer code, Technometrics 21 (1979)
239-245.
Owen, Scrambled net variance for integrals of smooth functions, Annals of Statistics 25
(1997) 1541-1562.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Literal

import scipy

from sim.errors import ScenarioError
from sim.experiment.factors import Factor, ListedValues, ValueRange, read_factors
from sim.scenario import Clock, Problem
from sim.scenario.problems import quoted

Kind = Literal["grid", "latin hypercube", "sobol"]
Point = Mapping[str, str]
MOST_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Design:
    """Points to try.

    Attributes
    ----------
    paths : fields that vary, in the order given.
    points : a value for each path, as text that `amended` and a variant's `change:`
        take.
    notes : sentences on what was made of the texts.
    """

    kind: Kind
    paths: tuple[str, ...]
    points: tuple[Point, ...]
    notes: tuple[str, ...]


def design(
    vary: Sequence[str],
    clock: Clock,
    *,
    kind: Kind | None = None,
    points: int | None = None,
    seed: int = 0,
) -> Design:
    """Return the points of a sweep.

    Parameters
    ----------
    vary : texts `PATH=VALUES`.
    clock : of the operation, for dates.
    kind : if None, a grid, or a Latin hypercube if `points` is given.
    points : how many, for all but a grid.
    seed : of a Latin hypercube or Sobol design.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the texts; or if they do not fit the kind
        of design, or there would be more than 10,000 points.
    """
    factors = read_factors(vary, clock)
    if kind is None:
        kind = "grid" if points is None else "latin hypercube"
    notes = [note for factor in factors for note in factor.notes]
    if kind == "grid":
        rows = _grid(factors, points)
    else:
        rows = _sampled(factors, kind, points, seed)
        if same := len(rows) - len(set(rows)):
            notes.append(f"{same:,} of {len(rows):,} points repeat another one.")
    paths = tuple(factor.path for factor in factors)
    return Design(
        kind=kind,
        paths=paths,
        points=tuple(dict(zip(paths, row, strict=True)) for row in rows),
        notes=tuple(notes),
    )


def _grid(factors: Sequence[Factor], points: int | None) -> list[tuple[str, ...]]:
    """Return every value of each field with every value of all others.

    Raises
    ------
    ScenarioError
        If there is an interval, or too many points, or a number of them is given.
    """
    problems = [
        Problem(
            "",
            0,
            0,
            factor.path,
            factor.text,
            f"{quoted(factor.text)} is an interval, and a grid needs single values",
            "Add a step, as in '2 h to 6 h by 1 h', or ask for a Latin hypercube or "
            "Sobol design with a number of points.",
        )
        for factor in factors
        if isinstance(factor, ValueRange)
    ]
    if points is not None:
        problems.append(
            _problem(
                f"a grid has as many points as its values make, not {points:,}",
                "Leave out the number, or ask for a Latin hypercube or Sobol design.",
            )
        )
    if problems:
        raise ScenarioError(tuple(problems))
    values = [factor.values for factor in factors if isinstance(factor, ListedValues)]
    counts = [len(each) for each in values]
    if prod(counts) > MOST_POINTS:
        shown = " times ".join(map(str, counts))
        raise ScenarioError((_too_many(f"{shown} values make {prod(counts):,}"),))
    return list(product(*values))


def _sampled(
    factors: Sequence[Factor], kind: Kind, points: int | None, seed: int
) -> list[tuple[str, ...]]:
    """Return points spread over all fields.

    Raises
    ------
    ScenarioError
        If their number is missing or not allowed.
    """
    if points is None or points < 1:
        problem = _problem(
            "how many points the design has is not given",
            "Give a number of points, for example 64.",
        )
        raise ScenarioError((problem,))
    if points > MOST_POINTS:
        raise ScenarioError((_too_many(f"there would be {points:,}"),))
    if kind == "sobol" and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        problem = _problem(
            f"{points:,} points of a Sobol design would be spread unevenly: their "
            "number is no power of 2",
            f"Ask for {below:,} or {2 * below:,} points.",
        )
        raise ScenarioError((problem,))
    qmc = scipy.stats.qmc
    sampler = qmc.Sobol if kind == "sobol" else qmc.LatinHypercube
    return [
        tuple(factor.at(share) for factor, share in zip(factors, row, strict=True))
        for row in sampler(len(factors), rng=seed).random(points).tolist()
    ]


def _too_many(what: str) -> Problem:
    return _problem(
        f"{what} points, more than {MOST_POINTS:,}", "Vary less, or ask for fewer."
    )


def _problem(problem: str, remedy: str) -> Problem:
    return Problem("", 0, 0, "", "", problem, remedy)
