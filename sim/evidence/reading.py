"""How documented figures are read off the log of one run.

A source that is vague about the hour speaks of a range even within one run: what is
read is the value at the earliest and at the latest moment it may mean.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from math import isnan
from typing import NamedTuple

from sim.events import RunLog
from sim.evidence.figures import Figure
from sim.evidence.questionnaire import Questionnaire
from sim.evidence.questions import Part, Question
from sim.evidence.vocabulary import SECONDS_PER_UNIT
from sim.metrics.account import Account


class Reading(NamedTuple):
    """What one run says about a figure, in the figure's unit.

    Moments are hours after the operation starts. `low` and `high` differ only if the
    figure is vague about when it holds.
    """

    low: float
    high: float


ToSeconds = Callable[[str], int]
"""Turns a local time as `2016-12-15T14:30` into seconds after the start, as
`sim.scenario.clock.Clock.seconds`; negative before it."""


def read(figure: Figure, log: RunLog, to_seconds: ToSeconds) -> Reading | None:
    """Return what one run says about one figure.

    Parameters
    ----------
    figure : with a metric.
    log : of one run.
    to_seconds : turns local times into seconds after the start.

    Returns
    -------
    Reading or None
        None if the run has no such thing: a site that nobody leaves, a convoy that
        never arrived, or a figure without a metric.
    """
    return read_all([figure], log, to_seconds).get(figure.id)


def read_all(
    figures: Iterable[Figure], log: RunLog, to_seconds: ToSeconds
) -> dict[str, Reading | None]:
    """Return what one run says about many figures, by their ids.

    Figures without a metric are left out.
    """
    return answers(questions(figures, to_seconds), Account(log))


def questions(figures: Iterable[Figure], to_seconds: ToSeconds) -> tuple[Question, ...]:
    """Return what figures ask of every run; those without a metric ask nothing."""
    return tuple(_question(figure, to_seconds) for figure in figures if figure.metric)


def answers(asked: Iterable[Question], account: Account) -> dict[str, Reading | None]:
    """Return what one run says to questions, by the ids of their figures.

    Parameters
    ----------
    asked : from `questions`.
    account : of the run.
    """
    prepared = Questionnaire.of(asked)
    (found,) = prepared.readings([prepared.ask(account)]).tolist()
    return {
        question.figure: None if isnan(low) else Reading(low, high)
        for question, (low, high) in zip(prepared.questions, found, strict=True)
    }


def moment_s(moment: datetime | None, to_seconds: ToSeconds) -> int | None:
    """Return a local moment in seconds after the start, None if there is none."""
    if moment is None:
        return None
    return to_seconds(moment.isoformat(timespec="minutes"))


def _question(figure: Figure, to_seconds: ToSeconds) -> Question:
    selected = figure.selected
    return Question(
        figure=figure.id,
        metric=figure.metric,
        origin=figure.origin,
        part=Part.of(selected),
        convoy=int(selected["convoy"]) if "convoy" in selected else None,
        unit_s=SECONDS_PER_UNIT.get(figure.unit, 1),
        since_s=moment_s(figure.since, to_seconds),
        from_s=moment_s(figure.from_, to_seconds),
        to_s=moment_s(figure.to or figure.from_, to_seconds),
    )
