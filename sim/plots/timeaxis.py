"""Time axes: seconds after the start inside, local days and the zone to be read."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from math import floor

from matplotlib.axes import Axes

from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.plots.texts import in_words
from sim.scenario import Clock, Operation
from sim.scenario.clock import offset_if_twice
from sim.words import Joined, Moment, Number, Sentence, Text, joined, say

_DAY_S = 86_400
_MOST_LABELS, _MOST_LETTERS = 14, 110
"""Of days below an axis, and of their names together."""
_STEPS_S = (300, 600, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200)
_MONTHS = (
    say("Jan"), say("Feb"), say("Mar"), say("Apr"), say("May"), say("Jun"),
    say("Jul"), say("Aug"), say("Sep"), say("Oct"), say("Nov"), say("Dec"),
)  # fmt: skip


def day_name(moment: datetime) -> Sentence:
    """Return a day as `15 Dec`, whatever the language of the machine."""
    month = _MONTHS[moment.month - 1]
    return say("{day} {month}", day=Number(moment.day), month=month)


def axis_label(operation: Operation) -> Sentence:
    """Return what a time axis is called: the zone, its distance from UTC, the year."""
    clock, horizon_s = operation.clock, operation.horizon_s
    moments = [0, *clock.day_starts(horizon_s), horizon_s]
    locals_ = [clock.local(moment) for moment in moments]
    offsets = list(dict.fromkeys(_offset(moment.utcoffset()) for moment in locals_))
    zone: Text = operation.zone
    if not offsets == ["UTC"] == [zone]:
        first, *others = offsets
        offset: Text = first
        for other in others:
            offset = say("{offset} then {other}", offset=offset, other=other)
        zone = joined([zone, offset], ", ")
    years = sorted({moment.year for moment in locals_})
    return say(
        "local time ({zone}), {years}",
        zone=zone,
        years="-".join(map(str, dict.fromkeys(years))),
    )


def ticks_between(
    clock: Clock, low_s: float, high_s: float, most: int
) -> tuple[list[int], list[str]]:
    """Return round moments between two, and what to write at them.

    Parameters
    ----------
    clock : of the operation.
    low_s, high_s : ends [s after the start], which belong to it.
    most : moments.
    """
    end = floor(high_s) + 1
    for step_s in _STEPS_S:
        if (high_s - low_s) / step_s < most:
            found = clock.moments(range(0, _DAY_S, step_s), end)
            break
    else:
        found = clock.day_starts(end)
    found = [moment for moment in _both(clock, found) if low_s <= moment < end]
    found = found[:: -(-len(found) // most) or 1]
    return found, [in_words(moment_name(clock.local(moment))) for moment in found]


def moment_name(moment: datetime, between: str = " ") -> Joined:
    """Return a moment as `15 Dec 18:00`, and midnight as a day."""
    time = hour_name(moment) if moment.hour or moment.minute else None
    return joined([day_name(moment), time], between)


def hour_name(moment: datetime) -> Moment:
    """Return a time of day as `18:00`, and which of two if it comes twice."""
    return Moment(moment, "%H:%M")


def days(operation: Operation) -> list[tuple[int, int]]:
    """Return when each local day begins and ends, cut to the operation."""
    horizon_s = operation.horizon_s
    starts = operation.clock.day_starts(horizon_s)
    borders = [*([] if 0 in starts else [0]), *starts, horizon_s]
    return list(pairwise(borders))


def axis_in(operation: Operation) -> float:
    """Return the room that the labels of a time axis need [inches]."""
    return 0.55 if _by_hours(operation) else 0.42


def set_times(ax: Axes, operation: Operation, *, labels: bool) -> None:
    """Make the horizontal axis one of local time over the whole operation.

    Parameters
    ----------
    ax : its data are seconds after the start.
    operation : for its clock.
    labels : whether to write the days and the name of the axis, as below the last of
        several panels.
    """
    horizon_s = operation.horizon_s
    ax.set_xlim(0, horizon_s)
    if _by_hours(operation):
        _set_hours(ax, operation.clock, horizon_s, labels=labels)
    else:
        _set_days(ax, operation, labels=labels)
    ax.grid(visible=True, axis="x")
    if labels:
        ax.set_xlabel(in_words(axis_label(operation)))


def _by_hours(operation: Operation) -> bool:
    return operation.horizon_s <= 5 * _DAY_S


def _set_days(ax: Axes, operation: Operation, *, labels: bool) -> None:
    """Rule the midnights, and write each day in its middle."""
    spans = days(operation)
    names = {
        begin: in_words(day_name(operation.clock.local(begin))) for begin, _ in spans
    }
    most = min(_MOST_LABELS, _MOST_LETTERS // max(map(len, names.values())))
    every = -(-len(spans) // most)
    whole = [span for span in spans if span[1] - span[0] > _DAY_S / 2][::every]
    ax.set_xticks([begin for begin, _ in spans if begin][::every], labels=[])
    if not labels:
        return
    ax.set_xticks(
        [(begin + end) / 2 for begin, end in whole],
        labels=[names[begin] for begin, _ in whole],
        minor=True,
    )
    ax.tick_params(axis="x", which="minor", length=0)


def _set_hours(ax: Axes, clock: Clock, horizon_s: int, *, labels: bool) -> None:
    """Rule the hours, and write the day at the first of them and at midnight."""
    step_h = next(h for h in (1, 2, 3, 6, 12) if horizon_s <= h * 36_000)
    hours = clock.moments(range(0, _DAY_S, step_h * SECONDS_PER_HOUR), horizon_s + 1)
    ticks = [tick for tick in _both(clock, hours) if tick <= horizon_s]
    names = []
    for number, tick in enumerate(ticks):
        moment = clock.local(tick)
        day = day_name(moment) if not number or not moment.hour else None
        hour = Moment(moment.replace(tzinfo=None), "%H:%M")
        below = joined([offset_if_twice(moment), day])
        names.append(in_words(joined([hour, below], "\n")).rstrip())
    ax.set_xticks(ticks, labels=names if labels else [])


def _both(clock: Clock, moments: Iterable[int]) -> Iterator[int]:
    """Return moments, and of a time that comes twice both."""
    for moment in moments:
        yield moment
        first = clock.local(moment)
        second = first.replace(fold=1)
        ours, theirs = first.utcoffset(), second.utcoffset()
        if offset_if_twice(first) and ours and theirs is not None:
            yield moment + round((ours - theirs).total_seconds())


def _offset(offset: timedelta | None) -> str:
    minutes = round((offset or timedelta()).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")
