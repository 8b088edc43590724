"""How documented figures are read off the log of one run.

A source that is vague about the hour may mean any moment of a window: what is read are
the values that the run has within it; see `questionnaire.Reading`.
"""

from collections.abc import Iterable
from datetime import datetime
from math import inf, isnan

from sim.events import RunLog
from sim.evidence.figures import Figure, ToSeconds, second_of
from sim.evidence.questionnaire import Questionnaire, Reading
from sim.evidence.questions import Portion, Question
from sim.evidence.vocabulary import SECONDS_PER_UNIT
from sim.metrics.account import Account


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
        question.figure: None if isnan(values[0]) else Reading(*values)
        for question, values in zip(prepared.questions, found, strict=True)
    }


def moment_s(moment: datetime | None, to_seconds: ToSeconds) -> int | None:
    """Return a local moment in seconds after the start, None if there is none."""
    return None if moment is None else second_of(moment, to_seconds)


def _question(figure: Figure, to_seconds: ToSeconds) -> Question:
    selected = figure.selected
    low, high = figure.bounds
    return Question(
        figure=figure.id,
        metric=figure.metric,
        origin=figure.origin,
        portion=Portion.of(selected),
        convoy=int(selected["convoy"]) if "convoy" in selected else None,
        unit_s=SECONDS_PER_UNIT.get(figure.unit, 1),
        since_s=moment_s(figure.since, to_seconds),
        from_s=moment_s(figure.from_, to_seconds),
        to_s=moment_s(figure.to or figure.from_, to_seconds),
        least=low if isinstance(low, float) else -inf,
        most=high if isinstance(high, float) else inf,
    )
