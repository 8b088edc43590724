"""What the sides of each agreement moved, and when one waited for another."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from sim.events import RunLog
from sim.experiment import Study
from sim.metrics.holds import Hold
from sim.metrics.periods import Period
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.plots import style
from sim.plots.deals import MARKED, Deal, Side, deals
from sim.plots.style import Panel
from sim.plots.texts import folded, in_words, shortened, thousands
from sim.plots.timeaxis import axis_in, set_times
from sim.scenario import Operation
from sim.words import Number, Sentence, Text, joined, say, say_many
from sim.words.reasons import STATES

_MOST_SIDES = 8
_STRIP_IN, _LABEL_IN = 0.24, 0.13
_LETTER = 0.0085
"""Width of a letter of 7 points, as a fraction of the axes."""


@style.styled
def exchange(study: Study, log: RunLog) -> Figure | None:
    """Draw what each side moved over time; None without an agreement of two sides."""
    found = deals(study.operation, log)
    if not found:
        return None
    shown = _chosen(found)
    panels = []
    for deal in shown:
        depth = 0.38 + _LABEL_IN * max([0, *_label_rows(deal, log.horizon_s)])
        for number, _ in enumerate(deal.sides):
            panels += [Panel(1.35, 0.16 if number else depth), Panel(_STRIP_IN, 0.09)]
    figure, axes = style.page(panels, left_in=1.25, foot_in=axis_in(study.operation))
    pairs = iter(zip(axes[::2], axes[1::2], strict=True))
    for deal in shown:
        own = [next(pairs) for _ in deal.sides]
        _draw_deal(own, deal, study.operation)
    set_times(axes[-1], study.operation, labels=True)
    style.head(
        figure,
        study,
        say("People who crossed, by side of each agreement"),
        joined(
            [
                style.typical_words(study),
                say(
                    "Bars: convoys stand at the gate and wait for the side of that "
                    "colour (grey: for the agreement)."
                ),
            ]
        ),
    )
    style.note(figure, _rest(found, shown))
    return figure


def _chosen(deals: Sequence[Deal]) -> list[Deal]:
    """Return the agreements under which anything moved, as far as there is room."""
    room = _MOST_SIDES
    chosen: list[Deal] = []
    for deal in [deal for deal in deals if deal.anything] or deals[:1]:
        room -= len(deal.sides)
        if room >= 0 or not chosen:
            chosen.append(deal)
    return chosen


def _rest(found: Sequence[Deal], shown: Sequence[Deal]) -> Text:
    left = [deal for deal in found if deal not in shown]
    idle = [deal for deal in left if not deal.anything]
    if len(left) == len(idle) == 1:
        title = shortened(_title(idle[0]), 60)
        return say("Nobody moved under: {agreement}.", agreement=title)
    still = say_many(
        "Nobody moved under {count} more agreement.",
        "Nobody moved under {count} more agreements.",
        len(idle),
    )
    more = len(left) - len(idle)
    missing = say_many(
        "{count} more agreement not drawn.",
        "{count} more agreements not drawn.",
        more,
    )
    return joined([still if idle else None, missing if more else None])


def _title(deal: Deal) -> str:
    """Return the title of an agreement, with what happened too often to be drawn."""
    if deal.often is None:
        return in_words(joined([shortened(deal.title, 80)]))
    room = 80 - len(in_words(deal.often)) - len(" ()")
    title = shortened(deal.title, room)
    return in_words(say("{title} ({often})", title=title, often=deal.often))


def _draw_deal(
    axes: Sequence[tuple[Axes, Axes]],
    deal: Deal,
    operation: Operation,
) -> None:
    rows = _label_rows(deal, operation.horizon_s)
    for (curve_ax, strip_ax), side in zip(axes, deal.sides, strict=True):
        for ax in (curve_ax, strip_ax):
            set_times(ax, operation, labels=False)
            ax.tick_params(axis="x", length=0)
            _draw_marks(ax, deal.marks)
        _draw_curve(curve_ax, side, deal.counted, deal.until_s)
        _draw_strip(strip_ax, side, deal.sides)
    first = axes[0][0]
    _label_marks(first, deal.marks, rows)
    style.above(first, _title(deal), 13 + 72 * _LABEL_IN * max([0, *rows]))


def _draw_curve(ax: Axes, side: Side, counted: Sentence, until_s: int) -> None:
    # A convoy that counted may turn back after the agreement has lapsed.
    times_s = [0, *side.curve.times_s, max((until_s, *side.curve.times_s[-1:]))]
    totals = [0, *side.curve.totals, side.curve.last]
    ax.fill_between(
        times_s, totals, step="post", color=side.colour, alpha=0.15, linewidth=0
    )
    ax.plot(
        times_s,
        totals,
        drawstyle="steps-post",
        color=side.colour,
        linewidth=1.4,
        gid=f"moved-{side.name}",
    )
    ax.set_ylim(0, 1.12 * max(1, *totals))
    label = f"{folded(side.title, 20)}\n{in_words(counted)}"
    ax.set_ylabel(label, color=side.colour)
    ax.yaxis.set_major_formatter(lambda value, _: thousands(value))
    ax.locator_params(axis="y", nbins=4, integer=True)
    ax.annotate(
        in_words(
            say_many(
                "{people} people in {count} convoy",
                "{people} people in {count} convoys",
                side.convoys,
                people=thousands(side.curve.last),
            )
        ),
        (0.995, 0.06),
        xycoords="axes fraction",
        ha="right",
        size=style.SMALL_PT,
        color=style.FAINT,
        bbox={"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 1.5},
    )


def _draw_strip(ax: Axes, side: Side, sides: Sequence[Side]) -> None:
    """Show when convoys of a side waited, in the colour of the side waited for."""
    ax.set_ylim(0, 1)
    ax.set_yticks([])
    held = [*(wait.hold for wait in side.waits), *side.barred]
    hours = sum(hold.until_s - hold.since_s for hold in held) / SECONDS_PER_HOUR
    told: Text = say("never held")
    if held:
        whole = say("{hours} h in all", hours=Number(hours, ".3g"))
        told = joined([say("convoys held"), whole], "\n")
    ax.set_ylabel(
        in_words(told), rotation=0, ha="right", va="center", size=7, color=style.FAINT
    )
    bars = [("barred", style.CLOSED, _joined(side.barred))]
    for other in sides:
        waited = [wait.hold for wait in side.waits if wait.awaited == other.name]
        bars.append((other.name, other.colour, _joined(waited)))
    begins = sorted(since for *_, spans in bars for since, *_ in spans)
    for name, colour, spans in bars:
        ax.broken_barh(
            [(since, until - since) for since, until, _ in spans],
            (0.1, 0.8),
            color=colour,
            gid=f"waits-{side.name}-{name}",
        )
        for since, until, count in spans:
            later = next((begin for begin in begins if begin > since), None)
            _write_wait(ax, until, later, count)


def _write_wait(ax: Axes, until: int, later: int | None, count: int) -> None:
    """Say beside a bar how many convoys it stands for, if there is room."""
    words = in_words(say_many("{count} convoy", "{count} convoys", count))
    end = ax.get_xlim()[1] if later is None else later
    if until + _LETTER * len(words) * ax.get_xlim()[1] > end:
        return
    ax.annotate(
        words,
        (until, 0.5),
        xytext=(3, 0),
        textcoords="offset points",
        va="center",
        size=7,
        color=style.FAINT,
    )


def _joined(held: Sequence[Hold]) -> list[tuple[int, int, int]]:
    """Return when at least one convoy was held, and how many were in that time."""
    joined: list[tuple[int, int, int]] = []
    for since, until in sorted((hold.since_s, hold.until_s) for hold in held):
        if joined and since < joined[-1][1]:
            first, last, count = joined[-1]
            joined[-1] = (first, max(last, until), count + 1)
        else:
            joined.append((since, until, 1))
    return joined


def _draw_marks(ax: Axes, marks: Sequence[Period]) -> None:
    for kind, (colour, dashes) in MARKED.items():
        lines = [
            [(mark.since_s, 0), (mark.since_s, 1)]
            for mark in marks
            if mark.what is kind
        ]
        if lines:
            ax.add_collection(
                LineCollection(
                    lines,
                    colors=colour,
                    linestyles=dashes,
                    linewidths=1.0,
                    transform=ax.get_xaxis_transform(),
                    gid=f"marks-{kind}",
                ),
                autolim=False,
            )


def _label_rows(deal: Deal, horizon_s: int) -> list[int]:
    """Return the row above the axes for each label, so that none covers another."""
    ends: list[float] = []
    rows = []
    for mark in deal.marks:
        width = horizon_s * _LETTER * (len(in_words(STATES[mark.what])) + 1)
        row = next((n for n, end in enumerate(ends) if mark.since_s >= end), len(ends))
        ends[row : row + 1] = [mark.since_s + width]
        rows.append(row)
    return rows


def _label_marks(ax: Axes, marks: Sequence[Period], rows: Sequence[int]) -> None:
    for mark, row in zip(marks, rows, strict=True):
        colour, _ = MARKED[mark.what]
        ax.annotate(
            in_words(STATES[mark.what]),
            (mark.since_s, 1),
            xycoords=ax.get_xaxis_transform(),
            xytext=(-1, 2 + 72 * _LABEL_IN * row),
            textcoords="offset points",
            size=7,
            color=colour,
        )
