"""From rows of the evidence table to claims, each counted once.

Totals of one family that begin together are statements of one counter, so that a number
of people that is told again is not learned from again. What a scenario is given as a
fact is left out, with the reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from sim.evidence.figures import Figure, number_of
from sim.evidence.reading import moment_s
from sim.evidence.vocabulary import MEANINGS
from sim.inference.claims import (
    RecordEntry,
    Scale,
    Scales,
    SourceClaim,
    Wording,
)
from sim.inference.magnitudes import Magnitudes
from sim.scenario import Operation

COUNTED = {
    "cumulative_arrivals": "arrived",
    "arrivals_between": "arrived",
    "cumulative_departures": "departed",
    "departures_between": "departed",
    "vehicles_entered": "vehicles entered",
    "vehicles_crossed_between": "vehicles crossed",
    "vehicles_arrived_between": "vehicles arrived",
    "convoys_arrived": "convoys arrived",
    "turned_back_people": "turned back",
    "vehicles_lost": "vehicles lost",
}
"""Metrics that add up over time, by what they count."""


@dataclass(frozen=True, slots=True)
class Record:
    """The claims that a fit may use, and what it may not.

    Attributes
    ----------
    entries : in the order of their families and times.
    left_out : reasons by the ids of the figures.
    """

    entries: tuple[RecordEntry, ...]
    left_out: Mapping[str, str]

    @property
    def claims(self) -> tuple[SourceClaim, ...]:
        """The claims alone."""
        return tuple(entry.claim for entry in self.entries)


def record_of(
    figures: Iterable[Figure],
    operation: Operation,
    scales: Scales | None = None,
    published_by: datetime | None = None,
) -> Record:
    """Return the claims of the rows marked `fit`.

    Parameters
    ----------
    figures : of the evidence table.
    operation : whose clock counts, and whose given facts are no evidence.
    scales : judgements on errors; the usual ones if None.
    published_by : local time; what was published later is not known yet.
    """
    taken, left_out = [], {}
    given = given_facts(operation)
    for figure in figures:
        if figure.role != "fit":
            continue
        if reason := given_reason(figure, given):
            left_out[figure.id] = reason
        elif not known_by(figure, published_by):
            left_out[figure.id] = "was published later"
        else:
            taken.append(figure)
    entries = entries_of(taken, operation, scales or Scales())
    return Record(tuple(entries), left_out)


def given_facts(operation: Operation) -> dict[str, str]:
    """Return what uses each evidence row as a fact of the run, by its id."""
    return {
        row: f"{section}.{name}"
        for section in ("stoppages", "agreements", "weather")
        for name, plan in getattr(operation, section).items()
        for row in plan.evidence
    }


def given_reason(figure: Figure, given: Mapping[str, str]) -> str:
    """Return why a figure is a fact of the run, empty if it is not.

    A derived figure is given if any of the rows that it was made from is.
    """
    if figure.id in given:
        return f"is given to the run by {given[figure.id]}"
    for base in figure.bases:
        if base in given:
            return f"rests on {base}, which is given to the run by {given[base]}"
    return ""


def entries_of(
    figures: Sequence[Figure], operation: Operation, scales: Scales
) -> list[RecordEntry]:
    """Return figures as claims, those that count in order of time."""
    sizes = Magnitudes.of(operation)
    rows = [_entry(figure, operation, scales, sizes) for figure in figures]
    entries = [row for row in rows if not row.counts]
    counted = [row for row in rows if row.counts]
    counted.sort(key=_in_order)
    return [*entries, *counted]


def _in_order(row: RecordEntry) -> tuple[str | tuple[int, ...], ...]:
    """Return what puts the totals of a counter behind each other."""
    return *row.series, row.begins or (0, 0), (row.ends or (0, 0))[::-1]


def known_by(figure: Figure, moment: datetime | None) -> bool:
    """Whether a figure had been published by a local time; all are if it is None.

    A day without an hour is over before its figures are known.
    """
    if moment is None:
        return True
    if figure.published is None:
        return False
    if isinstance(figure.published, datetime):
        return figure.published <= moment
    return figure.published < moment.date()


def _entry(
    figure: Figure, operation: Operation, scales: Scales, sizes: Magnitudes
) -> RecordEntry:
    """Return a figure as a claim of its own."""
    counts = COUNTED.get(figure.metric, "")
    since, begin, end = (
        moment_s(moment, operation.clock.seconds)
        for moment in (figure.since, figure.from_, figure.to or figure.from_)
    )
    if counts and MEANINGS[figure.metric].when == "between" and since is None:
        since, begin = begin, end
    window = None
    if MEANINGS[figure.metric].when in {"as of", "between"}:
        horizon = operation.ends
        earliest, latest = (
            horizon if moment is None else min(moment, horizon)
            for moment in (begin, end)
        )
        window = earliest, latest
    begins = None if since is None or not counts else (since, since)
    claim = _claim(figure, operation, scales, sizes, counts=bool(counts))
    claim = replace(claim, window=window)
    if counts:
        # Whatever is counted from one moment on is told by one running total.
        parts = (claim.bias, figure.origin, counts, figure.select, since or 0)
        claim = replace(claim, counter=" ".join(map(str, parts)))
    return RecordEntry(claim, figure, counts, begins, window)


def _claim(
    figure: Figure,
    operation: Operation,
    scales: Scales,
    sizes: Magnitudes,
    *,
    counts: bool,
) -> SourceClaim:
    registered = figure.method == "registered"
    scale: Scale = "hours" if figure.unit == "time" else "ratio"
    grain = sizes.grain(figure) if scale == "ratio" else 0.0
    low, best, high = (
        number_of(value, operation.clock.seconds)
        for value in (figure.low, figure.best, figure.high)
    )
    wording: Wording = "cell"
    claimed = scales.rounded
    match figure.bound:
        case "at_least" if low is not None:
            wording, claimed, high = "at_least", scales.one_sided, inf
        case "at_most" if high is not None:
            wording, claimed, low = "at_most", scales.one_sided, -inf
        case "exact" if best is not None:
            claimed = scales.exact
            half = grain / 2 if scale == "ratio" and best == 0 else 0.5
            low, high = best - half, best + half
    if registered:
        claimed = scales.registered
    if low is None or high is None:
        raise ValueError(f"{figure.id} has no interval although its bound says so")
    if low == high:
        low, high = low - 0.5, high + 0.5
    return SourceClaim(
        name=figure.id,
        family=figure.family,
        unit=figure.unit,
        scale=scale,
        wording=wording,
        low=low,
        best=_middle(low, best, high),
        high=high,
        spread=_spread(scales, scale, claimed, sizes.hours, counts=counts),
        grain=grain,
        most=sizes.most(figure),
        registered=registered,
    )


def _spread(
    scales: Scales, scale: Scale, claimed: float, hours: float, *, counts: bool
) -> float:
    """Return how far a report lies from a run; of a count, what the report errs."""
    if scale == "hours":
        return scales.spread_h(hours)
    return claimed if counts else scales.spread(claimed)


def _middle(low: float, best: float | None, high: float) -> float:
    if best is not None:
        return best
    if low == -inf or high == inf:
        return low if high == inf else high
    return (low + high) / 2
