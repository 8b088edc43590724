"""How each documented figure is read off the log of one run.

A source that is vague about the hour speaks of a range even within one run: what is
read is the value at the earliest and at the latest moment it may mean.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from sim.events import RunLog
from sim.evidence.figures import Figure
from sim.evidence.readers import READERS, Question, Reading, Run
from sim.metrics.arrivals import arrivals_by_group, still_inside
from sim.metrics.convoys import of_origin, passages

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
    return _answer(figure, _run(log), to_seconds)


def read_all(
    figures: Iterable[Figure], log: RunLog, to_seconds: ToSeconds
) -> dict[str, Reading | None]:
    """Return what one run says about many figures, by their ids.

    Figures without a metric are left out.
    """
    run = _run(log)
    return {
        figure.id: _answer(figure, run, to_seconds)
        for figure in figures
        if figure.metric
    }


def moment_s(moment: datetime | None, to_seconds: ToSeconds) -> int | None:
    """Return a local moment in seconds after the start, None if there is none."""
    if moment is None:
        return None
    return to_seconds(moment.isoformat(timespec="minutes"))


def _run(log: RunLog) -> Run:
    return Run(
        arrivals_by_group(log),
        still_inside(log),
        passages(log),
        frozenset(log.origins.values()),
        log.horizon_s,
    )


def _answer(figure: Figure, run: Run, to_seconds: ToSeconds) -> Reading | None:
    if figure.origin not in run.origins or not figure.metric:
        return None
    question = Question(
        figure,
        run,
        of_origin(run.convoys, figure.origin),
        figure.selected,
        moment_s(figure.since, to_seconds),
        moment_s(figure.from_, to_seconds),
        moment_s(figure.to or figure.from_, to_seconds),
    )
    return READERS[figure.metric](question)
