"""A documented figure asked of a run at several moments of its vague window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan

from sim.events import RunLog
from sim.evidence.questions import Question, Run
from sim.evidence.readers import COUNTED, READERS
from sim.evidence.vocabulary import MEANINGS, STOCK_METRICS
from sim.metrics.account import Account
from sim.metrics.curves import Curve
from sim.scenario.titles import sites_in

Moved = Callable[[str, Curve], Curve]
"""Returns a count over time of a site, as it may be told in place of that of a run."""


def _as_it_is(site: str, curve: Curve) -> Curve:
    return curve


@dataclass(frozen=True, slots=True)
class Probe:
    """A question, and the moments at which it is asked.

    Attributes
    ----------
    question : of the figure.
    ends_s : moments at which a count is read; for anything else only their number
        matters.
    begins_s : moments from which it counts, one for each end; None: from the start.
    """

    question: Question
    ends_s: tuple[int, ...]
    begins_s: tuple[int, ...] | None = None


def read_probes(
    probes: Sequence[Probe], log: RunLog, moved: Moved = _as_it_is
) -> list[list[float]]:
    """Return what one run says to each probe at each of its moments.

    NaN where the run has no such thing.

    Parameters
    ----------
    probes : to be asked.
    log : of the run.
    moved : changes what came when, of counts that never fall.
    """
    account = Account(log)
    run, origins = Run(account), frozenset(account.origins)
    return [
        _values(probe, run, moved)
        if origins.issuperset(sites_in(probe.question.origin))
        else [nan] * len(probe.ends_s)
        for probe in probes
    ]


def _values(probe: Probe, run: Run, moved: Moved) -> list[float]:
    asked = probe.question
    counting = COUNTED.get(asked.metric)
    if counting is None:
        value = READERS[asked.metric](asked, run)
        return [nan if value is None else float(value)] * len(probe.ends_s)
    curve = run.curve(counting, asked.origin, asked.portion)
    if asked.metric not in STOCK_METRICS:
        curve = moved(asked.origin, curve)
    # What falls on the second in which a window ends is outside it.
    count = curve.before if MEANINGS[asked.metric].when == "between" else curve.at
    ends = [float(count(moment)) for moment in probe.ends_s]
    if probe.begins_s is None:
        return ends
    return [end - count(begin) for end, begin in zip(ends, probe.begins_s, strict=True)]
