"""Which of many variants is best, with as few runs as a guarantee allows.

All variants are run a few times; then those that are clearly worse than another are
dropped, run after run, until one is left. With at least the given confidence that one
is the best, whenever the best is better than every other by `matters` or more.

Runs of a replication share their luck, and this gains from it: what counts is how much
the *differences* of pairs of runs vary. The procedure asks for runs and is sent their
numbers, so whoever asks it decides where they run. It asks for batches, but goes
through them replication by replication: which variant is chosen, and when another was
dropped, does not depend on the size of the batches.

The guarantee is for numbers that are normal; means over a day or many people come near
it. The first look waits until enough replications differ between any two variants to
tell by how much, as an interval of their mean difference would ask for; two that never
differ in `SAME_ENOUGH` replications are taken for the same. Where runs run out before,
nothing is guaranteed. `python -m benchmarks.coverage` measures how often the best is
chosen for numbers that are not normal. Allocation of a fixed budget (OCBA) is left out
on purpose: it takes the runs of variants to be independent and so gives away what
shared luck gains.

References
----------
Kim and Nelson, A fully sequential procedure for indifference-zone selection in
simulation, ACM Transactions on Modeling and Computer Simulation 11 (2001) 251-273:
procedure KN with c = 1, whose proof allows common random numbers.
Chen, Lin, Yuecesan and Chick, Simulation budget allocation for further enhancing the
efficiency of ordinal optimization, Discrete Event Dynamic Systems 10 (2000) 251-270:
OCBA.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import isfinite
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.statistics.intervals import CONFIDENCE, SAME_ENOUGH, Numbers, mean_interval

_ROUNDING = 1e-12


class Wanted(NamedTuple):
    """Runs to be sent: replications 0 to `upto` - 1 of each of these variants."""

    variants: tuple[str, ...]
    upto: int


class Dropped(NamedTuple):
    """A variant that is worse than another, seen after so many replications."""

    variant: str
    by: str
    after: int


@dataclass(frozen=True, slots=True)
class Selection:
    """The best of several variants.

    Attributes
    ----------
    best : its name.
    sure : whether the guarantee holds; if not, runs ran out and `best` has the best
        mean of those left.
    left : variants that were not dropped, in the order given. If there are several
        although the choice is sure, they did not differ in any replication so far.
    dropped : in the order in which they were.
    runs : replications asked for, by variant.
    means : over these replications, by variant.
    """

    best: str
    sure: bool
    left: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    runs: Mapping[str, int]
    means: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Contest:
    """What is to be decided, and how surely.

    Attributes
    ----------
    matters : the least difference of means that matters, in the unit of the metric.
        Variants nearer than this to the best are as good as it.
    larger : whether more is better.
    first : replications of every variant before the first is dropped, at least.
    most : replications of one variant, at most.
    batch : replications to ask for at once.
    confidence : that the best is chosen.

    Raises
    ------
    ValueError
        If the numbers do not fit together.
    """

    matters: float
    larger: bool = False
    first: int = 20
    most: int = 1_000
    batch: int = 20
    confidence: float = CONFIDENCE

    def __post_init__(self) -> None:
        if not (self.matters > 0 and isfinite(self.matters)):
            raise ValueError(
                f"the least difference that matters is above 0, got {self.matters}"
            )
        if not 3 <= self.first <= self.most:
            raise ValueError(
                "a first look needs at least 3 replications and at most all of them, "
                f"got {self.first} of {self.most}"
            )
        if self.batch < 1:
            raise ValueError(f"a batch has at least 1 replication, got {self.batch}")
        if not 0.5 < self.confidence < 1:
            raise ValueError(
                f"a confidence lies between 0.5 and 1, got {self.confidence}"
            )


def select(
    variants: Sequence[str], contest: Contest
) -> Generator[Wanted, Mapping[str, Numbers], Selection]:
    """Ask for runs until one variant is left; return it.

    Advance it with `next`, then `send` it, for each variant it wants, the metric in
    replications 0 to `upto` - 1, in order. The `Selection` is the value of the
    `StopIteration` at the end.

    Parameters
    ----------
    variants : their names.
    contest : what is to be decided.

    Raises
    ------
    ValueError
        If there are fewer than two variants or two of one name, or if what is sent is
        not one number for each replication: a metric that does not happen in every
        run cannot be ranked by its mean.
    """
    if len(variants) < 2 or len(set(variants)) < len(variants):
        raise ValueError(f"choose among two or more names, got {list(variants)}")
    alive, upto = tuple(variants), contest.first
    sums = _sent((yield Wanted(alive, upto)), alive, upto, contest)
    runs = dict.fromkeys(variants, upto)
    means = _means(alive, sums, contest)
    while (untold := _untold(sums)).any() and upto < contest.most:
        upto = min(contest.most, (3 * upto + 1) // 2)
        sums = _sent((yield Wanted(alive, upto)), alive, upto, contest)
        runs, means = dict.fromkeys(variants, upto), _means(alive, sums, contest)
    contest = replace(contest, first=upto)
    reach = _first_reach(np.diff(sums, axis=1, prepend=0.0), contest)
    reach[untold] = np.inf
    dropped: list[Dropped] = []
    replication = contest.first
    while True:
        lost = _lost(sums[:, replication - 1], reach, replication, contest)
        dropped += [Dropped(alive[i], alive[by], replication) for i, by in lost.items()]
        kept = [i for i in range(len(alive)) if i not in lost]
        alive = tuple(alive[i] for i in kept)
        sums, reach = sums[kept], reach[np.ix_(kept, kept)]
        # Once nothing may lag behind any more, those left have the same mean.
        sure = len(alive) == 1 or not _allowed(reach, replication, contest).any()
        if sure or replication == contest.most:
            break
        if replication == upto:
            upto = min(upto + contest.batch, contest.most)
            sums = _sent((yield Wanted(alive, upto)), alive, upto, contest)
            runs |= dict.fromkeys(alive, upto)
            means |= _means(alive, sums, contest)
        replication += 1
    best = alive[int(sums[:, replication - 1].argmax())]
    return Selection(best, sure, alive, tuple(dropped), runs, means)


def _untold(sums: Numbers) -> npt.NDArray[np.bool_]:
    """Return of which two variants so few replications cannot tell how they differ."""
    numbers = np.diff(sums, axis=1, prepend=0.0)
    found = np.zeros((len(numbers), len(numbers)), dtype=bool)
    scale = float(np.abs(numbers).max()) * _ROUNDING
    for i, j in combinations(range(len(numbers)), 2):
        pairs = numbers[i] - numbers[j]
        if np.ptp(pairs) <= scale:
            found[i, j] = found[j, i] = pairs.size < SAME_ENOUGH
        else:
            why = mean_interval(pairs).untold
            found[i, j] = found[j, i] = why is not None
    return found


def h_squared(variants: int, contest: Contest) -> float:
    """Return the constant that sets how far a variant may lag behind [1].

    Kim and Nelson (2001), section 3, with c = 1.
    """
    mistake, freedom = 1 - contest.confidence, contest.first - 1
    eta = ((2 * mistake / (variants - 1)) ** (-2 / freedom) - 1) / 2
    return float(2 * eta * freedom)


def _first_reach(numbers: Numbers, contest: Contest) -> Numbers:
    """Return how far the sum of one variant may lag behind that of another, at first.

    Row and column stand for the two. Divided by the number of replications, and less
    half of what matters, it is W of the paper.
    """
    pairs = numbers[:, None, :] - numbers[None, :, :]
    variances = pairs.var(axis=2, ddof=1)
    scale = np.abs(numbers).max() * _ROUNDING
    variances[variances <= scale * scale] = 0.0
    constant = h_squared(len(numbers), contest)
    found: Numbers = constant * variances / (2 * contest.matters)
    return found


def _allowed(reach: Numbers, replication: int, contest: Contest) -> Numbers:
    """Return how far sums may lag behind after so many replications."""
    left: Numbers = np.maximum(reach - contest.matters * replication / 2, 0.0)
    return left


def _lost(
    sums: Numbers, reach: Numbers, replication: int, contest: Contest
) -> dict[int, int]:
    """Return who lags too far behind, and behind whom most."""
    behind = sums[None, :] - sums[:, None] - _allowed(reach, replication, contest)
    by = behind.argmax(axis=1)
    # Sums of the same numbers in another order must not tell variants apart.
    least = np.abs(sums).max() * _ROUNDING
    return {i: int(by[i]) for i in np.flatnonzero(behind.max(axis=1) > least).tolist()}


def _sent(
    values: Mapping[str, Numbers], wanted: Sequence[str], upto: int, contest: Contest
) -> Numbers:
    """Return sums up to each replication, larger for the better; a row per variant.

    Raises
    ------
    ValueError
        If there is not one number for each replication.
    """
    rows = []
    for name in wanted:
        row = np.asarray(values[name], dtype=np.float64)
        if row.shape != (upto,):
            raise ValueError(
                f"{name}: one number is needed for each of {upto} replications, got "
                f"{row.size}"
            )
        if not np.isfinite(row).all():
            where = int(np.flatnonzero(~np.isfinite(row))[0])
            raise ValueError(
                f"{name}: the metric is {row[where]} in replication {where}, and only "
                "what happens in every run can be ranked by its mean"
            )
        rows.append(row if contest.larger else -row)
    sums: Numbers = np.cumsum(np.array(rows), axis=1)
    return sums


def _means(
    variants: Sequence[str], sums: Numbers, contest: Contest
) -> dict[str, float]:
    sign = 1 if contest.larger else -1
    ends = (sign * sums[:, -1] / sums.shape[1]).tolist()
    return dict(zip(variants, ends, strict=True))
