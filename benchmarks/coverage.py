"""How often every interval that the tool prints holds, and how wide it is.

Each is worked out in many made-up studies whose truth is known, of five kinds of
numbers. What so few runs cannot tell claims nothing, so the mistakes are counted among
all studies. Run with `python -m benchmarks.coverage`; it ends with status 1 if an
interval makes more mistakes than its name allows and two in a hundred besides.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import e, exp, isnan, nan, sqrt
from statistics import NormalDist, median
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from benchmarks.timing import head, row
from sim.experiment.bands import LEVELS, band_of
from sim.statistics.intervals import (
    CONFIDENCE,
    Numbers,
    half_width,
    holm,
    inside_between,
    mean_interval,
    paired,
    quantile_interval,
    share_interval,
)
from sim.statistics.precision import PrecisionTarget, StoppingRule, until_precise
from sim.statistics.selection import Contest, Wanted, select
from sim.statistics.shares import shares

SIZES = (10, 20, 50, 200)
STUDIES = 2_000
SEED = 20261128
ALLOWED = 1 - CONFIDENCE + 0.02
"""Mistakes: those of the name, and two in a hundred."""
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_RUNS_OF_A_DRAW, _VARIANTS, _FAMILY = 5, 3, 10


@dataclass(frozen=True, slots=True)
class Kind:
    """Numbers of which mean, spread and quantiles are known.

    Attributes
    ----------
    draw : numbers of a shape.
    mean, deviation : of one number.
    quantile : at a probability.
    """

    name: str
    draw: Callable[[np.random.Generator, tuple[int, ...]], Numbers]
    mean: float
    deviation: float
    quantile: Callable[[float], float]


def _jumps(rng: np.random.Generator, shape: tuple[int, ...]) -> Numbers:
    found: Numbers = (rng.random(shape) < 0.05) * rng.normal(10, 3, shape)
    return found


def _zeros(rng: np.random.Generator, shape: tuple[int, ...]) -> Numbers:
    found: Numbers = (rng.random(shape) < 0.3) * rng.exponential(1, shape)
    return found


_NORMAL = NormalDist(10, 2)
KINDS = (
    Kind("normal", lambda g, s: g.normal(10, 2, s), 10, 2, _NORMAL.inv_cdf),
    Kind(
        "exponential", lambda g, s: g.exponential(1, s), 1, 1, lambda p: -np.log(1 - p)
    ),
    Kind(
        "lognormal",
        lambda g, s: g.lognormal(0, 1, s),
        exp(0.5),
        sqrt((e - 1) * e),
        lambda p: exp(NormalDist().inv_cdf(p)),
    ),
    # Of 19 in 20 nothing differs.
    Kind("rare jump", _jumps, 0.5, sqrt(0.05 * 109 - 0.25), lambda p: 0.0),
    Kind(
        "zero-inflated",
        _zeros,
        0.3,
        sqrt(0.6 - 0.09),
        lambda p: -np.log((1 - p) / 0.3) if p > 0.7 else 0.0,
    ),
)


class Claim(NamedTuple):
    """What one study says.

    Attributes
    ----------
    wrong : whether what it says is not so; None if it says that it cannot tell.
    width : of its interval, in those of a mean of normal numbers whose spread is known;
        of a study that stops by itself, the runs that it took.
    """

    wrong: bool | None
    width: float


def _claim(low: float, high: float, truth: float, unit: float) -> Claim:
    if isnan(low) or isnan(high):
        return Claim(None, nan)
    return Claim(not low <= truth <= high, (high - low) / unit)


def _unit(kind: Kind, n: int) -> float:
    return 2 * _Z * kind.deviation / sqrt(n)


def of_mean(kind: Kind, n: int, rng: np.random.Generator) -> Claim:
    """Return the claim of a mean: sweep, select, and what they print."""
    found = mean_interval(kind.draw(rng, (n,)))
    return _claim(found.low, found.high, kind.mean, _unit(kind, n))


def of_plain_mean(kind: Kind, n: int, rng: np.random.Generator) -> Claim:
    """Return the claim of Student's interval alone, for comparison."""
    numbers = kind.draw(rng, (n,))
    mean, half = float(numbers.mean()), half_width(numbers)
    return _claim(mean - half, mean + half, kind.mean, _unit(kind, n))


def of_difference(kind: Kind, n: int, rng: np.random.Generator) -> Claim:
    """Return the claim of a paired difference under a luck that both sides share."""
    base = rng.normal(50, 10, n)
    found = paired(base, base + kind.draw(rng, (n,)))
    return _claim(found.low, found.high, kind.mean, _unit(kind, n))


def of_many(kind: Kind, n: int, rng: np.random.Generator) -> Claim:
    """Return whether any of many changes is found after Holm's correction.

    There is none: both sides are of the same kind.
    """
    base, variant = kind.draw(rng, (_FAMILY, n)), kind.draw(rng, (_FAMILY, n))
    p = [paired(*sides).p for sides in zip(base, variant, strict=True)]
    return Claim(min(holm(p)) <= 1 - CONFIDENCE, nan)


def of_quantile(
    probability: float, kind: Kind, n: int, rng: np.random.Generator
) -> Claim:
    """Return the claim of a quantile."""
    low, high = quantile_interval(kind.draw(rng, (n,)), probability)
    return _claim(low, high, kind.quantile(probability), _unit(kind, n))


def of_share(share: float, kind: Kind, n: int, rng: np.random.Generator) -> Claim:
    """Return the claim of a share of runs, as `worse in`; of any kind of number."""
    count = int((rng.random(n) < share).sum())
    unit = 2 * _Z * sqrt(share * (1 - share) / n)
    return _claim(*share_interval(count, n), share, unit)


def of_knowledge(kind: Kind, n: int, rng: np.random.Generator) -> Claim:
    """Return the claim of the share of knowledge: as many draws, of five runs each."""
    known = kind.draw(rng, (n, 1)) + kind.draw(rng, (n, _RUNS_OF_A_DRAW))
    try:
        found = shares(list(known))
    except ValueError:
        return Claim(None, nan)
    low, high = found.low, found.high
    return _claim(low, high, 0.5, 1.0)


def of_stopping(kind: Kind, n: int, rng: np.random.Generator) -> Claim:
    """Return the claim of a study that stops when a mean is known well enough.

    `n` is how many runs it would take if the spread were known.
    """
    numbers = kind.draw(rng, (1_000,))
    rule = StoppingRule((PrecisionTarget("m", _unit(kind, n) / 2),))
    found = until_precise(rule, lambda runs: {"m": numbers[:runs]})
    (known,) = found.known
    wrong = _claim(known.interval.low, known.interval.high, kind.mean, 1.0).wrong
    return Claim(wrong, found.runs)


def of_selection(kind: Kind, n: int, rng: np.random.Generator) -> Claim:
    """Return whether the best of three is chosen, which is better by what matters.

    What matters is such that `n` runs would tell two of them apart.
    """
    matters = _Z * kind.deviation * sqrt(2 / n)
    numbers = kind.draw(rng, (_VARIANTS, 1_000))
    numbers[1:] += matters
    names = [str(place) for place in range(_VARIANTS)]
    asking = select(names, Contest(matters, first=60))
    wanted: Wanted = next(asking)
    while True:
        try:
            wanted = asking.send(
                {name: numbers[int(name), : wanted.upto] for name in wanted.variants}
            )
        except StopIteration as end:
            runs = sum(end.value.runs.values()) / _VARIANTS
            wrong = end.value.best != "0" if end.value.sure else None
            return Claim(wrong, runs)


INTERVALS: Mapping[str, Callable[[Kind, int, np.random.Generator], Claim]] = (
    MappingProxyType(
        {
            "mean": of_mean,
            "paired difference": of_difference,
            "any of ten nulls (Holm)": of_many,
            "median": partial(of_quantile, 0.5),
            "9 of 10 lie below": partial(of_quantile, 0.9),
            "share of 5 %": partial(of_share, 0.05),
            "share of 30 %": partial(of_share, 0.3),
            "share of knowledge": of_knowledge,
            "until precise": of_stopping,
            "best of three": of_selection,
        }
    )
)
"""By what a reader sees."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an interval did in many studies.

    Attributes
    ----------
    told : share of studies that said anything.
    wrong : share of all studies that said what was not so.
    width : median of what was said.
    """

    studies: int
    told: float
    wrong: float
    width: float

    @property
    def held(self) -> float:
        """Share of what was said that was so; NaN if nothing was."""
        return 1 - self.wrong / self.told if self.told else nan

    @property
    def tolerance(self) -> float:
        """How far the share of mistakes may be off by chance, 999 times in 1000."""
        return 3.29 * sqrt(ALLOWED * (1 - ALLOWED) / self.studies)

    @property
    def holds(self) -> bool:
        """Whether it makes no more mistakes than it may."""
        return self.wrong <= ALLOWED + self.tolerance


def measured(
    interval: Callable[[Kind, int, np.random.Generator], Claim],
    kind: Kind,
    n: int,
    studies: int = STUDIES,
) -> Coverage:
    """Return what an interval does in many studies of so many runs."""
    rng = np.random.default_rng([SEED, n, KINDS.index(kind)])
    claims = [interval(kind, n, rng) for _ in range(studies)]
    told = [claim for claim in claims if claim.wrong is not None]
    return Coverage(
        studies=studies,
        told=len(told) / studies,
        wrong=sum(bool(claim.wrong) for claim in told) / studies,
        width=median(claim.width for claim in told) if told else nan,
    )


def inside_of_band(kind: Kind, n: int, studies: int = STUDIES) -> float:
    """Return which share of further runs lies between the 5 and 95 % of `n` runs."""
    rng = np.random.default_rng([SEED, n, KINDS.index(kind)])
    inside = 0.0
    for _ in range(studies):
        band = band_of(kind.draw(rng, (n,)))
        later = kind.draw(rng, (100,))
        inside += float(((later >= band.p5) & (later <= band.p95)).mean())
    return inside / studies


def said(n: int) -> float:
    """Return what a report says of further runs: what holds for any smooth numbers."""
    return inside_between(n, LEVELS[0], LEVELS[-1])


def _percent(share: float) -> str:
    return "-" if isnan(share) else f"{share:.1%}"


def main() -> int:
    """Print the table; return 1 if an interval makes too many mistakes."""
    failed = False
    for name, interval in {**INTERVALS, "(Student's t alone)": of_plain_mean}.items():
        head(name, "runs", "told", "held if told", "wrong of all", "width")
        slow = interval in {of_stopping, of_selection, of_knowledge, of_many}
        for kind in KINDS if "share of" not in name or slow else KINDS[:1]:
            for n in SIZES:
                found = measured(interval, kind, n, STUDIES // (4 if slow else 1))
                failed |= not found.holds and interval is not of_plain_mean
                told = map(_percent, (found.told, found.held, found.wrong))
                width = "-" if isnan(found.width) else f"{found.width:.2f}"
                row(kind.name, f"{n}", *told, width)
    head("between 5 and 95 % of the runs", "runs", "further runs", "said")
    for kind in KINDS:
        for n in SIZES:
            row(kind.name, f"{n}", *map(_percent, (inside_of_band(kind, n), said(n))))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
