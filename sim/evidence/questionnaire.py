"""Questions put to many runs, prepared once for all of them.

Most figures are counts, and many ask for the same one at the same moment: a run is
asked once for each, and what figures make of it is worked out for many runs together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.evidence.questions import Counting, Part, Question, Run
from sim.evidence.readers import COUNTED, READERS, looks
from sim.metrics.account import Account

Numbers = npt.NDArray[Any]
Counted = tuple[Counting, str, Part]
"""What is counted, of which site, and which part of it."""


class Answers(NamedTuple):
    """What one run says; NaN stands for what it does not have.

    Attributes
    ----------
    counts : at all moments of the questionnaire.
    values : to the questions that do not ask for counts.
    """

    counts: list[float]
    values: list[float]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Questions, and what a run has to look up for them.

    Attributes
    ----------
    questions : in the order given.
    moments : seconds before which is counted, each once, by what is counted.
    counts : places among the questions of those that ask for counts.
    looks : for each of these the places of its three moments, as in `readers.Looks`.
    others : places of the other questions.
    """

    questions: tuple[Question, ...]
    moments: dict[Counted, tuple[int, ...]]
    counts: list[int]
    looks: Numbers
    others: list[int]

    @classmethod
    def of(cls, questions: Iterable[Question]) -> "Questionnaire":
        """Return questions prepared for many runs."""
        asked = tuple(questions)
        counts = [n for n, each in enumerate(asked) if each.metric in COUNTED]
        wanted: dict[Counted, dict[int, None]] = {}
        for each in map(asked.__getitem__, counts):
            wanted.setdefault(_counted(each), {}).update(dict.fromkeys(looks(each)))
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
                    [places[_counted(each), moment] for moment in looks(each)]
                    for each in map(asked.__getitem__, counts)
                ],
                np.int64,
            ).reshape(-1, 3),
            others=[n for n, each in enumerate(asked) if each.metric not in COUNTED],
        )

    @property
    def figures(self) -> tuple[str, ...]:
        """Ids of the figures that ask, in the order of the questions."""
        return tuple(question.figure for question in self.questions)

    def ask(self, account: Account) -> Answers:
        """Return what one run says."""
        run, origins = Run(account), frozenset(account.origins)
        counts: list[float] = []
        for (counting, origin, part), moments in self.moments.items():
            if origin in origins:
                counts += run.curve(counting, origin, part).all_before(moments)
            else:
                counts += [nan] * len(moments)
        values = []
        for asked in map(self.questions.__getitem__, self.others):
            value = None
            if asked.origin in origins:
                value = READERS[asked.metric](asked, run)
            values.append(nan if value is None else value)
        return Answers(counts, values)

    def readings(self, answers: Sequence[Answers]) -> Numbers:
        """Return what runs say about each figure, shape (runs, questions, 2).

        The low and the high reading; NaN where the run has no such thing. They differ
        only if the figure is vague about when it holds.
        """
        found = np.full((len(answers), len(self.questions), 2), nan)
        counts = np.array([each.counts for each in answers], np.float64)
        base, first, last = (counts[:, places] for places in self.looks.T)
        found[:, self.counts, 0] = np.minimum(first, last) - base
        found[:, self.counts, 1] = np.maximum(first, last) - base
        values = np.array([each.values for each in answers], np.float64)
        found[:, self.others] = values[:, :, np.newaxis]
        return found


def _counted(asked: Question) -> Counted:
    return COUNTED[asked.metric], asked.origin, asked.part
