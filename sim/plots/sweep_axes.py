"""Axes of a sweep: values of a field, and of a metric in its unit or in local time."""

from collections.abc import Sequence
from math import isfinite

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from sim.experiment.compare import better
from sim.experiment.scales import LOCAL_TIME, Scale
from sim.experiment.sweep import Estimate, Sweep
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.plots import style
from sim.plots.texts import in_words, numeral, shortened, thousands
from sim.plots.timeaxis import (
    axis_label,
    day_name,
    hour_name,
    moment_name,
    ticks_between,
)
from sim.plots.titles import of_place
from sim.scenario import Clock
from sim.words import Number, Text, joined, say, say_many
from sim.words.metrics import full_unit, is_moment, with_side

_MOST_BESIDE = 15
"""Letters of a moment beside an axis that have room in a line."""


def is_time(sweep: Sweep, metric: str) -> bool:
    """Return whether a metric is shown as local time: if all points start together."""
    together = not {"starts", "zone"} & set(sweep.design.paths)
    return is_moment(metric) and together


def title(sweep: Sweep, metric: str) -> str:
    """Return what is measured, in which unit, and what of it is better."""
    local = is_time(sweep, metric)
    return titled(metric, axis_label(sweep.operation) if local else full_unit(metric))


def titled(metric: str, unit: Text) -> str:
    """Return what is measured and what of it is better, in a unit of one's own."""
    return in_words(with_side(metric, unit, better(metric)))


def value_label(sweep: Sweep, metric: str, value: float) -> str:
    """Return a value of a metric as text; a moment on two lines."""
    if not isfinite(value):
        return "-"
    if is_time(sweep, metric):
        moment = sweep.operation.clock.local(round(value * SECONDS_PER_HOUR))
        return in_words(joined([day_name(moment), hour_name(moment)], "\n"))
    return thousands(value) if abs(value) >= 100 else numeral(value, ".3g")


def place_of(scale: Scale, text: str) -> float:
    """Return where a value stands on the axis of its field."""
    return scale.numbers[text] if scale.numbers else scale.levels.index(text)


def level_name(sweep: Sweep, scale: Scale, text: str) -> str:
    """Return a value of a field, without the unit that stands at its axis."""
    if scale.unit == LOCAL_TIME:
        moment = sweep.operation.clock.local(round(scale.numbers[text]))
        return in_words(moment_name(moment))
    if scale.numbers:
        return numeral(scale.numbers[text], ".12g")
    return shortened(text, 24)


def field_label(sweep: Sweep, scale: Scale) -> str:
    """Return what the axis of a field is called."""
    if scale.unit == LOCAL_TIME:
        unit = axis_label(sweep.operation)
        return in_words(say("{what} [{unit}]", what=scale.path, unit=unit))
    return scale.column


def set_field(ax: Axes, sweep: Sweep, scale: Scale, most: int) -> None:
    """Make the horizontal axis one of the values of a field.

    Parameters
    ----------
    ax : whose data are drawn already.
    sweep : for its clock.
    scale : of the field.
    most : labels.
    """
    if not scale.numbers:
        names = [level_name(sweep, scale, text) for text in scale.levels]
        ax.set_xticks(range(len(names)), labels=names)
        ax.set_xlim(-0.5, len(names) - 0.5)
    elif scale.unit == LOCAL_TIME:
        _set_moments(ax.xaxis, sweep.operation.clock, 1, most, break_lines=True)
    else:
        ax.locator_params(axis="x", nbins=most)
        ax.xaxis.set_major_formatter(lambda value, _: numeral(value, ",.12g"))


def set_metric(ax: Axes, sweep: Sweep, metric: str, most: int) -> None:
    """Make the vertical axis one of the values of a metric, grown to hold them.

    Parameters
    ----------
    ax : whose data are drawn already.
    sweep : for its clock.
    metric : its full name.
    most : labels.
    """
    low, high = ax.get_ylim()
    if is_time(sweep, metric):
        _set_moments(ax.yaxis, sweep.operation.clock, SECONDS_PER_HOUR, most)
    else:
        ax.locator_params(axis="y", nbins=most)
        ax.yaxis.set_major_formatter(lambda value, _: numeral(value, ",.12g"))
    ax.set_ylim(low, high)
    ax.grid(visible=True)


def caption(figure: Figure, sweep: Sweep, metrics: Sequence[str], shown: Text) -> None:
    """Write what a picture is of, what it shows, and which runs it rests on."""
    key = metrics[0].partition("/")[2]
    place = of_place(sweep.operation, key)
    runs: Text = Number(min(sweep.runs))
    if max(sweep.runs) > min(sweep.runs):
        runs = say("{low} to {high}", low=runs, high=Number(max(sweep.runs)))
    failed = sum(map(len, sweep.failures))
    foot = say(
        "Seed {seed}, {runs} replications of each point.",
        seed=str(sweep.base.seed),
        runs=runs,
    )
    missing = say_many("{count} failed.", "{count} failed.", failed)
    style.captions(
        figure,
        say_many(
            "{place}: {count} point of a sweep",
            "{place}: {count} points of a sweep",
            len(sweep.points),
            place=shortened(place, 50),
        ),
        (sweep.operation.operation, shown),
        joined([foot, missing if failed else None]),
    )


def reach_of(found: Estimate) -> tuple[float, float]:
    """Return how far an interval reaches below and above its mean; 0 if not at all."""
    low, high = found.interval.low, found.interval.high
    if not (isfinite(low) and isfinite(high)):
        return 0.0, 0.0
    return found.mean - low, high - found.mean


def _set_moments(
    axis: Axis, clock: Clock, per_unit: float, most: int, *, break_lines: bool = False
) -> None:
    """Write local times at an axis, whose data are so many seconds each."""
    low, high = axis.get_view_interval()
    ticks, names = ticks_between(clock, low * per_unit, high * per_unit, most)
    if break_lines or max(map(len, names), default=0) > _MOST_BESIDE:
        names = [
            "\n".join(name.rsplit(" ", 1)) if ":" in name else name for name in names
        ]
    axis.set_ticks([tick / per_unit for tick in ticks], labels=names)
