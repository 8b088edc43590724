"""Questions put to many runs, prepared once for all of them.

A count that is asked for at one moment is looked up once for all figures that ask for
it. One whose moment is vague has several values in a run: it jumps as convoys come, and
between two of its values it never is.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.evidence.questions import Counting, Portion, Question, Run
from sim.evidence.readers import COUNTED, READERS, Looks, looks
from sim.metrics.account import Account
from sim.scenario.titles import sites_in

Numbers = npt.NDArray[Any]
Counted = tuple[Counting, str, Portion]
"""What is counted, of which site, and which part of it."""


class Reading(NamedTuple):
    """What one run says about a figure, in its unit; each is a value that the run has.

    Moments are hours after the operation starts. The four differ only if the figure is
    a count that is vague about when it holds.

    Attributes
    ----------
    low, high : least and greatest value within the window.
    middle : value in the middle of the window.
    nearest : value within the window that is nearest to what is documented.
    """

    low: float
    high: float
    middle: float
    nearest: float


class Answers(NamedTuple):
    """What one run says; NaN stands for what it does not have.

    Attributes
    ----------
    counts : at all moments of the questionnaire.
    vague : to the questions for counts at a vague moment, a `Reading` after the other.
    values : to the questions that do not ask for counts.
    """

    counts: list[float]
    vague: list[float]
    values: list[float]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Questions, and what a run has to look up for them.

    Attributes
    ----------
    questions : in the order given.
    moments : seconds before which is counted, each once, by what is counted.
    counts : places among the questions of those that ask for counts at one moment.
    looks : for each of these the places of its two moments: of what does not belong to
        the figure, and of what does.
    vague : places of those that ask for counts at a vague moment, and when to look.
    others : places of the other questions.
    """

    questions: tuple[Question, ...]
    moments: dict[Counted, tuple[int, ...]]
    counts: list[int]
    looks: Numbers
    vague: dict[int, Looks]
    others: list[int]

    @classmethod
    def of(cls, questions: Iterable[Question]) -> "Questionnaire":
        """Return questions prepared for many runs."""
        asked = tuple(questions)
        when = {
            n: looks(each) for n, each in enumerate(asked) if each.metric in COUNTED
        }
        vague = {n: each for n, each in when.items() if each.first_s < each.last_s}
        counts = [n for n in when if n not in vague]
        wanted: dict[Counted, dict[int, None]] = {}
        for n in counts:
            moments = dict.fromkeys((when[n].base_s, when[n].last_s))
            wanted.setdefault(_counted(asked[n]), {}).update(moments)
        places: dict[tuple[Counted, int], int] = {}
        for counted, moments in wanted.items():
            for moment in moments:
                places[counted, moment] = len(places)
        return cls(
            questions=asked,
            moments={counted: tuple(moments) for counted, moments in wanted.items()},
            counts=counts,
            looks=np.array(
                [
                    [
                        places[_counted(asked[n]), moment]
                        for moment in (when[n].base_s, when[n].last_s)
                    ]
                    for n in counts
                ],
                np.int64,
            ).reshape(-1, 2),
            vague=vague,
            others=[n for n in range(len(asked)) if n not in when],
        )

    @property
    def figures(self) -> tuple[str, ...]:
        """Ids of the figures that ask, in the order of the questions."""
        return tuple(question.figure for question in self.questions)

    def ask(self, account: Account) -> Answers:
        """Return what one run says."""
        run, origins = Run(account), frozenset(account.origins)
        counts: list[float] = []
        for (counting, origin, portion), moments in self.moments.items():
            if origins.issuperset(sites_in(origin)):
                counts += run.curve(counting, origin, portion).all_before(moments)
            else:
                counts += [nan] * len(moments)
        vague: list[float] = []
        for n, when in self.vague.items():
            known = origins.issuperset(sites_in(self.questions[n].origin))
            vague += _within(self.questions[n], when, run) if known else _NOWHERE
        values = []
        for asked in map(self.questions.__getitem__, self.others):
            value = None
            if origins.issuperset(sites_in(asked.origin)):
                value = READERS[asked.metric](asked, run)
            values.append(nan if value is None else value)
        return Answers(counts, vague, values)

    def readings(self, answers: Sequence[Answers]) -> Numbers:
        """Return what runs say about each figure, shape (runs, questions, 4).

        The four of a `Reading`; NaN where the run has no such thing.
        """
        shape = (len(answers), len(self.questions), len(Reading._fields))
        found = np.full(shape, nan)
        counts = np.array([each.counts for each in answers], np.float64)
        base, count = (counts[:, places] for places in self.looks.T)
        found[:, self.counts] = (count - base)[:, :, np.newaxis]
        if self.vague:
            vague = np.array([each.vague for each in answers], np.float64)
            found[:, list(self.vague)] = vague.reshape(len(answers), -1, shape[2])
        values = np.array([each.values for each in answers], np.float64)
        found[:, self.others] = values[:, :, np.newaxis]
        return found


_NOWHERE = Reading(nan, nan, nan, nan)


def _within(asked: Question, when: Looks, run: Run) -> tuple[float, ...]:
    """Return the `Reading` of a count within the window of a figure."""
    curve = run.curve(*_counted(asked))
    values = curve.all_between(when.first_s, when.last_s)
    middle = curve.before((when.first_s + when.last_s) // 2)
    base = curve.before(when.base_s) if when.base_s > 0 else 0
    values.sort()
    near = _nearest(values, asked.least + base, asked.most + base)
    return values[0] - base, values[-1] - base, middle - base, near - base


def _nearest(values: Sequence[int], least: float, most: float) -> int:
    """Return the value nearest to an interval; the lesser of two as near.

    Parameters
    ----------
    values : rising.
    """
    above = bisect_left(values, least)
    if above == len(values):
        return values[-1]
    if not above or values[above] <= most:
        return values[above]
    below = values[above - 1]
    return below if least - below <= values[above] - most else values[above]


def _counted(asked: Question) -> Counted:
    return COUNTED[asked.metric], asked.origin, asked.portion
