"""How each documented figure is read off the log of one run.

A source that is vague about the hour speaks of a range even within one run: what is
read is the value at the earliest and at the latest moment it may mean.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import nan

from sim.events import RunLog
from sim.evidence.figures import Figure
from sim.evidence.readers import CURVES, READERS, Question, Reading, Run
from sim.evidence.vocabulary import MEANINGS
from sim.metrics.arrivals import arrivals_by_group, still_inside
from sim.metrics.convoys import of_origin, passages
from sim.metrics.curves import Curve

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


@dataclass(frozen=True, slots=True)
class Probe:
    """One figure, asked of runs at moments of its vague window.

    Attributes
    ----------
    figure : with a metric.
    ends_s : moments at which a count is read; for anything else only their number
        matters.
    begins_s : moments from which it counts, one for each end; None: from the start.
    since_s, from_s, to_s : as in the figure, for what is no count.
    """

    figure: Figure
    ends_s: tuple[int, ...]
    begins_s: tuple[int, ...] | None = None
    since_s: int | None = None
    from_s: int | None = None
    to_s: int | None = None


def read_probes(probes: Sequence[Probe], log: RunLog) -> list[list[float]]:
    """Return what one run says to each probe at each of its moments.

    NaN where the run has no such thing. Each curve is made once, so that many moments
    cost little.
    """
    run = _run(log)
    curves: dict[tuple[str, str, str], Curve] = {}
    return [_values(probe, run, curves) for probe in probes]


def _values(
    probe: Probe, run: Run, curves: dict[tuple[str, str, str], Curve]
) -> list[float]:
    figure = probe.figure
    if figure.origin not in run.origins:
        return [nan] * len(probe.ends_s)
    question = Question(
        figure,
        run,
        of_origin(run.convoys, figure.origin),
        figure.selected,
        probe.since_s,
        probe.from_s,
        probe.to_s,
    )
    if figure.metric not in CURVES:
        found = READERS[figure.metric](question)
        value = nan if found is None else (found.low + found.high) / 2
        return [value] * len(probe.ends_s)
    key = (figure.metric, figure.origin, figure.select)
    if key not in curves:
        curves[key] = CURVES[figure.metric](question)
    curve = curves[key]
    # What falls on the second in which a window ends is outside it.
    count = curve.before if MEANINGS[figure.metric].when == "between" else curve.at
    ends = [float(count(moment)) for moment in probe.ends_s]
    if probe.begins_s is None:
        return ends
    return [end - count(begin) for end, begin in zip(ends, probe.begins_s, strict=True)]


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
