"""Axes of a sweep: values of a field, and of a metric in its unit or in local time."""

from collections.abc import Sequence
from math import isfinite

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from sim.experiment.compare import better
from sim.experiment.scales import LOCAL_TIME, Scale
from sim.experiment.sweep import Estimate, Sweep
from sim.metrics.registry import unit_of
from sim.plots import style
from sim.plots.timeaxis import axis_label, hour_name, moment_name, ticks_between
from sim.plots.titles import of_place
from sim.scenario import Clock
from sim.words.metrics import is_moment, with_side

_S_PER_H = 3600


def is_time(sweep: Sweep, metric: str) -> bool:
    """Return whether a metric is shown as local time: if all points start together."""
    together = not {"starts", "zone"} & set(sweep.design.paths)
    return is_moment(metric) and together


def title(sweep: Sweep, metric: str) -> str:
    """Return what is measured, in which unit, and what of it is better."""
    local = is_time(sweep, metric)
    return titled(metric, axis_label(sweep.operation) if local else unit_of(metric))


def titled(metric: str, unit: str) -> str:
    """Return what is measured and what of it is better, in a unit of one's own."""
    return style.in_words(with_side(metric, unit, better(metric)))


def value_label(sweep: Sweep, metric: str, value: float) -> str:
    """Return a value of a metric as text; a moment on two lines."""
    if not isfinite(value):
        return "-"
    if is_time(sweep, metric):
        moment = sweep.operation.clock.local(round(value * _S_PER_H))
        return f"{moment_name(moment.replace(hour=0, minute=0))}\n{hour_name(moment)}"
    return style.thousands(value) if abs(value) >= 100 else f"{value:.3g}"


def place_of(scale: Scale, text: str) -> float:
    """Return where a value stands on the axis of its field."""
    return scale.numbers[text] if scale.numbers else scale.levels.index(text)


def level_name(sweep: Sweep, scale: Scale, text: str) -> str:
    """Return a value of a field, without the unit that stands at its axis."""
    if scale.unit == LOCAL_TIME:
        return moment_name(sweep.operation.clock.local(round(scale.numbers[text])))
    if scale.numbers:
        return f"{scale.numbers[text]:.12g}"
    return style.shortened(text, 24)


def field_label(sweep: Sweep, scale: Scale) -> str:
    """Return what the axis of a field is called."""
    if scale.unit == LOCAL_TIME:
        return f"{scale.path} [{axis_label(sweep.operation)}]"
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
        ax.xaxis.set_major_formatter(
            lambda value, _: f"{value:,.12g}".replace(",", " ")
        )


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
        _set_moments(ax.yaxis, sweep.operation.clock, _S_PER_H, most)
    else:
        ax.locator_params(axis="y", nbins=most)
        ax.yaxis.set_major_formatter(
            lambda value, _: f"{value:,.12g}".replace(",", " ")
        )
    ax.set_ylim(low, high)
    ax.grid(visible=True)


def caption(figure: Figure, sweep: Sweep, metrics: Sequence[str], shown: str) -> None:
    """Write what a picture is of, what it shows, and which runs it rests on."""
    key = metrics[0].partition("/")[2]
    place = of_place(sweep.operation, key)
    runs = f"{min(sweep.runs):,}"
    if max(sweep.runs) > min(sweep.runs):
        runs += f" to {max(sweep.runs):,}"
    failed = sum(map(len, sweep.failures))
    style.captions(
        figure,
        f"{style.shortened(place, 50)}: {len(sweep.points):,} points of a sweep",
        (sweep.operation.operation, shown),
        f"Seed {sweep.base.seed}, {runs} replications of each point."
        f"{f' {failed:,} failed.' if failed else ''}",
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
    if break_lines:
        names = [
            "\n".join(name.rsplit(" ", 1)) if ":" in name else name for name in names
        ]
    axis.set_ticks([tick / per_unit for tick in ticks], labels=names)
