"""A documented figure asked of a run at several moments of its vague window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from types import MappingProxyType

from sim.events import RunLog
from sim.evidence import countings
from sim.evidence.questions import Counting, Question, Run
from sim.evidence.readers import READERS
from sim.evidence.vocabulary import MEANINGS
from sim.metrics.account import Account

COUNTED: Mapping[str, Counting] = MappingProxyType(
    {
        "cumulative_arrivals": countings.people_arrived,
        "cumulative_departures": countings.people_departed,
        "arrivals_between": countings.people_arrived,
        "vehicles_crossed_between": countings.vehicles_crossed,
        "vehicles_arrived_between": countings.vehicles_arrived,
        "convoys_arrived": countings.convoys_arrived,
        "still_inside": countings.people_inside,
        "turned_back_people": countings.people_turned_back,
        "vehicles_lost": countings.vehicles_lost,
    }
)
"""What the metrics count that have a value at every moment."""


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


def read_probes(probes: Sequence[Probe], log: RunLog) -> list[list[float]]:
    """Return what one run says to each probe at each of its moments.

    NaN where the run has no such thing.
    """
    account = Account(log)
    run, origins = Run(account), frozenset(account.origins)
    return [
        _values(probe, run)
        if probe.question.origin in origins
        else [nan] * len(probe.ends_s)
        for probe in probes
    ]


def _values(probe: Probe, run: Run) -> list[float]:
    asked = probe.question
    counting = COUNTED.get(asked.metric)
    if counting is None:
        found = READERS[asked.metric](asked, run)
        value = nan if found is None else (found.low + found.high) / 2
        return [value] * len(probe.ends_s)
    curve = run.curve(counting, asked)
    # What falls on the second in which a window ends is outside it.
    count = curve.before if MEANINGS[asked.metric].when == "between" else curve.at
    ends = [float(count(moment)) for moment in probe.ends_s]
    if probe.begins_s is None:
        return ends
    return [end - count(begin) for end, begin in zip(ends, probe.begins_s, strict=True)]
