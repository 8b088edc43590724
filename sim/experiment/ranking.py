"""Runs variants in batches, under the same luck, until the best of them is known.

A replication that failed in any variant is left out of all, so that what is compared
are the same replications; one more is then run in its place, as long as there may be
more. What is decided does not depend on where the runs are done, or whether the study
was stopped in between.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

import numpy as np

from sim.experiment.compare import Caution, NamedStudy, cautions
from sim.experiment.rows import Failure
from sim.experiment.runner import Runner
from sim.experiment.study import Study
from sim.statistics.intervals import Numbers
from sim.statistics.selection import Contest, Selection, Wanted, select

FEWEST = 3
"""Replications from which a spread can be told at all."""


class NeverCameError(Exception):
    """A metric did not happen in a run. Args: metric, variant, replication."""

    def __str__(self) -> str:
        metric, variant, replication = self.args
        return f"{metric} did not happen in replication {replication} of {variant}"


class TooFewError(Exception):
    """Too few replications worked in all variants.

    Args: how many worked, of how many, a variant that failed, its first failure.
    """

    def __str__(self) -> str:
        worked, runs, variant, failure = self.args
        return (
            f"only {worked} of {runs} replications worked in every variant, and "
            f"{FEWEST} are needed; {variant}, replication {failure.replication}: "
            f"{failure.error}"
        )


class Same(NamedTuple):
    """Two variants that did not differ in any of so many replications."""

    one: str
    other: str
    replications: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """Which of several variants is best by a metric.

    Attributes
    ----------
    metric : its full name.
    contest : what was to be decided; with fewer replications at most than were
        allowed, if too many of these failed.
    selection : what was decided.
    studies : of each variant, as far as it was run.
    left_out : replications that failed in a variant.
    numbers : the metric of each variant in the replications that count, in order.
    same : variants that did not differ.
    cautions : what is not as comparable as it looks.
    """

    metric: str
    contest: Contest
    selection: Selection
    studies: tuple[NamedStudy, ...]
    left_out: tuple[int, ...]
    numbers: Mapping[str, Numbers]
    same: tuple[Same, ...]
    cautions: tuple[Caution, ...]

    def counted(self, variant: str) -> list[int]:
        """Return the replications of a variant that count, in order."""
        return _counted(self.left_out, len(self.numbers[variant]))


def ranked(
    runner: Runner,
    variants: Sequence[str],
    metric: str,
    contest: Contest,
    read: Callable[[Study, str], Numbers] = Study.metric,
) -> Ranking:
    """Return which variant is best, having run as much as it takes.

    Parameters
    ----------
    runner : its jobs are the variants, in the same order.
    variants : their names.
    metric : full name of what is compared.
    contest : what is to be decided.
    read : returns a metric of every run of a variant that worked.

    Raises
    ------
    NeverCameError
        If the metric did not happen in a run: its mean would leave that run out.
    TooFewError
        If too few replications worked in all variants.
    AllFailedError
        If every replication of a variant failed.
    BrokenExecutor
        If workers are lost again and again.
    """
    feed = _Feed(runner, variants, metric, contest.most, read)
    while (selection := _played(feed, variants, contest)) is None:
        # So many failed that the last look is at fewer; what was decided before it
        # stays, since a look depends on nothing that comes after it.
        worked = contest.most - len(feed.failed)
        if worked < FEWEST:
            raise TooFewError(worked, contest.most, *feed.failures[0])
        contest = replace(contest, first=min(contest.first, worked), most=worked)
    numbers = {
        name: feed.numbers[name][: selection.runs[name]] for name in selection.runs
    }
    studies = tuple(NamedStudy(name, feed.study(name)) for name in variants)
    return Ranking(
        metric=metric,
        contest=contest,
        selection=selection,
        studies=studies,
        left_out=tuple(sorted(feed.failed)),
        numbers=numbers,
        same=tuple(_same(numbers)),
        cautions=tuple(cautions(studies[0].study, studies[1:], [metric])),
    )


class _Feed:
    """Runs what a contest wants, and remembers what failed."""

    def __init__(
        self,
        runner: Runner,
        variants: Sequence[str],
        metric: str,
        most: int,
        read: Callable[[Study, str], Numbers],
    ) -> None:
        self.failed: set[int] = set()
        self.failures: list[tuple[str, Failure]] = []
        self.numbers: dict[str, Numbers] = {}
        self._runner = runner
        self._variants = tuple(variants)
        self._metric = metric
        self._most = most
        self._read = read
        self._runs: dict[str, int] = {}

    def values(self, wanted: Wanted) -> Mapping[str, Numbers] | None:
        """Return what a contest wants; None if there are not so many runs.

        Raises
        ------
        NeverCameError
            If the metric did not happen in one of them.
        """
        places = [self._variants.index(name) for name in wanted.variants]
        runs = 0
        while runs - len(self.failed) < wanted.upto:
            if runs == self._most:
                return None
            runs = min(wanted.upto + len(self.failed), self._most)
            studies = self._runner.upto(runs, places)
            for name, study in zip(wanted.variants, studies, strict=True):
                self.failures += [(name, failure) for failure in study.failures]
            self.failed |= {failure.replication for _, failure in self.failures}
        for name, study in zip(wanted.variants, studies, strict=True):
            self._runs[name] = runs
            self.numbers[name] = self._numbers(name, study, wanted.upto)
        return {name: self.numbers[name] for name in wanted.variants}

    def study(self, name: str) -> Study:
        """Return all runs of a variant."""
        place = self._variants.index(name)
        return self._runner.upto(self._runs[name], [place])[0]

    def _numbers(self, name: str, study: Study, upto: int) -> Numbers:
        counted = np.isin(study.replications, _counted(self.failed, upto))
        numbers = self._read(study, self._metric)[counted]
        missing = np.flatnonzero(~np.isfinite(numbers))
        if missing.size:
            replication = int(study.replications[counted][missing[0]])
            raise NeverCameError(self._metric, name, replication)
        return numbers


def _played(feed: _Feed, variants: Sequence[str], contest: Contest) -> Selection | None:
    """Return what a contest decides; None if it asks for more runs than there are."""
    asking = select(variants, contest)
    wanted = next(asking)
    while True:
        values = feed.values(wanted)
        if values is None:
            return None
        try:
            wanted = asking.send(values)
        except StopIteration as end:
            decided: Selection = end.value
            return decided


def _counted(failed: Sequence[int] | set[int], many: int) -> list[int]:
    """Return the first so many replications that did not fail."""
    without = set(failed)
    worked = (n for n in range(many + len(without)) if n not in without)
    return [n for n, _ in zip(worked, range(many), strict=False)]


def _same(numbers: Mapping[str, Numbers]) -> list[Same]:
    found = []
    for one, other in combinations(numbers, 2):
        many = min(len(numbers[one]), len(numbers[other]))
        if np.array_equal(numbers[one][:many], numbers[other][:many]):
            found.append(Same(one, other, many))
    return found
