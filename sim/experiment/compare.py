"""Variants beside their base, run by run, under the same luck.

Streams are by name, so the runs of a replication share every draw that they have in
common, and what is not known besides. What is compared are therefore pairs of runs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from sim.experiment.study import Study
from sim.metrics.moments import at_moment
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.registry import HOURS, full_names, unit_of
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation
from sim.scenario.uncertain import overdrawn_paths
from sim.statistics.intervals import (
    CONFIDENCE,
    LEAST_APART,
    Numbers,
    Paired,
    Untold,
    holm,
    paired,
)

DEFAULT_METRICS = ("t50", "t90", "t100", "arrived", "waiting", "held_aboard")
METRICS_OF_ALL = ("t100", "arrived", "waiting")
"""What is compared unless somebody says what: for each site, and for all together."""
BETTER: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("t50", "t90", "t100", "last_arrival"), -1),
        **dict.fromkeys(("waiting", "held_aboard", "wounded_wait", "not_arrived"), -1),
        "arrived": 1,
    }
)
"""Sign of a change for the better. Of any other metric nothing is said to be better:
fewer hours on a road, for one, may mean that fewer people got on it."""


class NamedStudy(NamedTuple):
    """A study and what to call it."""

    name: str
    study: Study


@dataclass(frozen=True, slots=True)
class OtherStart:
    """A variant starts at another time than the base."""

    variant: str


@dataclass(frozen=True, slots=True)
class OtherEnd:
    """A variant lasts longer or shorter than the base [s]."""

    variant: str
    lasts_s: int
    base_lasts_s: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """A variant does not have metrics of the base."""

    variant: str
    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overdrawn:
    """A variant changes values that its runs draw from the ranges of the base."""

    variant: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undrawn:
    """A variant says something of its own about what the base takes from a fit."""

    variant: str
    names: tuple[str, ...]


Caution = OtherStart | OtherEnd | Lacking | Overdrawn | Undrawn
"""What is not as comparable as it looks."""


class Pairs(NamedTuple):
    """One metric in the replications that failed on neither side.

    Attributes
    ----------
    base, variant : NaN where it did not happen; moments of both in hours after the
        start of the base.
    """

    replications: tuple[int, ...]
    base: Numbers
    variant: Numbers


@dataclass(frozen=True, slots=True)
class Row:
    """One metric of one variant beside the base.

    Attributes
    ----------
    variant : its place among the variants.
    paired : of the pairs in which it happened on both sides.
    p : of `paired`, corrected for all rows that were tested.
    all : pairs of runs, whether it happened or not.
    only_base, only_variant : pairs in which it happened on one side only.
    differs : pairs in which the two sides are not the same.
    worse : pairs in which the variant is worse; None if nobody can say what is better.
        What happened in the base only is worse for a metric that is NaN otherwise.
    at_worst : the most by which a pair got worse, above 0; NaN if none did.
    """

    variant: int
    metric: str
    paired: Paired
    p: float
    all: int
    only_base: int
    only_variant: int
    differs: int
    worse: int | None
    at_worst: float

    @property
    def came_base(self) -> int:
        """Pairs in which it happened in the base."""
        return self.paired.n + self.only_base

    @property
    def came_variant(self) -> int:
        """Pairs in which it happened in the variant."""
        return self.paired.n + self.only_variant

    @property
    def changed(self) -> bool:
        """Whether runs differ, and enough of them to tell by how much."""
        untold = self.paired.interval.untold
        return self.differs > 0 and (
            untold is None or (untold is Untold.SAME and self.paired.n > LEAST_APART)
        )

    @property
    def significant(self) -> bool:
        """Whether chance alone hardly explains it, of all that was tested."""
        return self.p <= 1 - CONFIDENCE

    @property
    def improved(self) -> bool:
        """Whether the mean changed for the better."""
        return self.paired.difference * better(self.metric) > 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Variants beside their base.

    Attributes
    ----------
    rows : by variant, then in the order of `metrics`.
    tested : rows with a p-value, for which p-values are corrected.
    cautions : what is not as comparable as it looks.
    """

    base: NamedStudy
    variants: tuple[NamedStudy, ...]
    metrics: tuple[str, ...]
    rows: tuple[Row, ...]
    tested: int
    cautions: tuple[Caution, ...]

    def of(self, variant: int) -> tuple[Row, ...]:
        """Return the rows of one variant."""
        return tuple(row for row in self.rows if row.variant == variant)


def compare(
    base: NamedStudy, variants: Sequence[NamedStudy], metrics: Sequence[str] = ()
) -> Comparison:
    """Return what runs of the same luck say about the difference of variants.

    Parameters
    ----------
    base, variants : run with the same seed and band.
    metrics : full names, or names of `METRICS` for all they are given for. None: the
        usual ones, for each site with people to leave and for all of them.

    Raises
    ------
    ValueError
        If the runs do not share their luck, or the base lacks a metric.
    """
    for _, study in variants:
        ours, theirs = (base.study.seed, base.study.band), (study.seed, study.band)
        if ours != theirs:
            raise ValueError(f"the runs do not share their luck: {ours}, {theirs}")
    names = chosen(base.study, metrics)
    rows = [
        _row(place, name, pairs_of(base.study, study, name))
        for place, (_, study) in enumerate(variants)
        for name in names
        if name in study.layout.metrics
    ]
    corrected = holm([row.paired.p for row in rows])
    return Comparison(
        base=base,
        variants=tuple(variants),
        metrics=names,
        rows=tuple(replace(row, p=p) for row, p in zip(rows, corrected, strict=True)),
        tested=sum(not isnan(p) for p in corrected),
        cautions=tuple(cautions(base.study, variants, names)),
    )


def better(metric: str) -> int:
    """Return the sign of a change for the better, 0 if nobody can say."""
    asked = at_moment(metric)
    return BETTER.get(metric.partition("/")[0], 0) if asked is None else asked.better


def chosen(base: Study, metrics: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the full names of metrics, as `compare` takes them.

    Raises
    ------
    ValueError
        If the base lacks one, whose name is then the argument.
    """
    known = base.layout.metrics
    if not metrics:
        sites = [site for site in base.layout.origins if _leave(base, site)]
        of_all = [f"{name}/{ALL_SITES}" for name in METRICS_OF_ALL if len(sites) > 1]
        of_each = (f"{name}/{site}" for site in sites for name in DEFAULT_METRICS)
        return (*of_all, *of_each)
    names: list[str] = []
    for wanted in metrics:
        found = full_names(wanted, known)
        if not found:
            raise ValueError(wanted)
        names += found
    return tuple(dict.fromkeys(names))


def pairs_of(base: Study, variant: Study, metric: str) -> Pairs:
    """Return a metric in every replication that failed on neither side."""
    both, ours, theirs = np.intersect1d(
        base.replications,
        variant.replications,
        assume_unique=True,
        return_indices=True,
    )
    later_h = later_h_by(base, variant, metric)
    return Pairs(
        tuple(both.tolist()),
        base.metric(metric)[ours],
        variant.metric(metric)[theirs] + later_h,
    )


def later_h_by(base: Study, variant: Study, metric: str) -> float:
    """Return the hours by which values of a variant count from a later start.

    0 for a metric that is no moment; added to moments of the variant, they are in hours
    after the start of the base.
    """
    if unit_of(metric) != HOURS:
        return 0.0
    starts = (study.operation.clock.local(0) for study in (base, variant))
    first, second = (start.timestamp() for start in starts)
    return (second - first) / SECONDS_PER_HOUR


def _row(variant: int, metric: str, pairs: Pairs) -> Row:
    """Return a row whose p-value is not yet corrected."""
    came, comes = ~np.isnan(pairs.base), ~np.isnan(pairs.variant)
    both = came & comes
    found = paired(pairs.base[both], pairs.variant[both])
    change = pairs.variant[both] - pairs.base[both]
    only_base, only_variant = int((came & ~comes).sum()), int((comes & ~came).sum())
    sign = better(metric)
    lost = -sign * change[sign * change < 0]
    return Row(
        variant=variant,
        metric=metric,
        paired=found,
        p=found.p,
        all=len(pairs.replications),
        only_base=only_base,
        only_variant=only_variant,
        differs=int(np.count_nonzero(change)) + only_base + only_variant,
        worse=lost.size + only_base if sign else None,
        at_worst=float(lost.max()) if lost.size else nan,
    )


def _leave(study: Study, origin: str) -> bool:
    return bool(study.to_leave(origin).any())


def cautions(
    base: Study, variants: Iterable[NamedStudy], metrics: Sequence[str]
) -> Iterator[Caution]:
    """Yield what is not as comparable as it looks.

    Parameters
    ----------
    base, variants : run with the same seed and band.
    metrics : full names of what is compared.
    """
    for name, study in variants:
        ours, theirs = base.operation, study.operation
        if ours.starts != theirs.starts or ours.zone != theirs.zone:
            yield OtherStart(name)
        if ours.ends != theirs.ends:
            yield OtherEnd(name, theirs.ends, ours.ends)
        lacking = tuple(each for each in metrics if each not in study.layout.metrics)
        if lacking:
            yield Lacking(name, lacking)
        undone = overdrawn(ours, theirs) if base.band == "knowledge and chance" else ()
        if undone:
            yield Overdrawn(name, undone)
        if own := _undrawn(base, study):
            yield Undrawn(name, own)


def _undrawn(base: Study, variant: Study) -> tuple[str, ...]:
    """Return what the runs of the base take from a fit and those of a variant not."""
    if base.job.drawn is None or variant.job.drawn is None:
        return ()
    theirs = variant.job.drawn.names
    return tuple(name for name in base.job.drawn.names if name not in theirs)


def overdrawn(base: Operation, variant: Operation) -> tuple[str, ...]:
    """Return the values that a variant changes but not the range they are drawn from.

    A draw of what is not known takes the place of the middle of what the file says, and
    so undoes a change of that. How a field varies about its middle stays.
    """
    return tuple(dict.fromkeys(name for name, _ in overdrawn_paths(base, variant)))
