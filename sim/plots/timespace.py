"""Where convoys were when: one line for each, as in a graphic timetable."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.typing import LineStyleType

from sim.events import RunLog
from sim.experiment import Study
from sim.metrics.holds import holds
from sim.metrics.periods import Period, closures
from sim.plots import style, titles
from sim.plots.journeys import Journey, Stand, journeys, places
from sim.plots.style import Panel
from sim.plots.texts import in_words, runs_left, shortened
from sim.plots.timeaxis import axis_in, set_times
from sim.scenario import Operation
from sim.scenario.detours import routes_of
from sim.words import Number, Text, joined, say, say_many
from sim.words.reasons import CAUSES

_MOST_ROUTES, _MOST_FLOWS = 6, 8
_FLOW_COLUMNS, _CAUSE_COLUMNS = 2, 5
_LEGEND_LINE_IN = 0.15
_LEFT_IN, _TITLE_IN = 2.0, 1.9


class Way(NamedTuple):
    """A route that was used in a run.

    Attributes
    ----------
    heights : how far along it each place lies, from 0 to 1.
    flows : those that carry most people first.
    """

    name: str
    title: Text
    heights: dict[str, float]
    flows: tuple[str, ...]
    journeys: tuple[Journey, ...]
    stands: tuple[Stand, ...]


@style.styled
def timespace(study: Study, log: RunLog) -> Figure | None:
    """Draw convoys with people along each route; None if there was none."""
    ways = _ways(study.operation, log)
    if not ways:
        return None
    shown = ways[:_MOST_ROUTES]
    closed = closures(log)
    entries = _entries(shown, closed)
    panels = [
        Panel(
            max(1.3, 0.55 + 0.27 * len(way.heights)),
            0.34 + _LEGEND_LINE_IN * -(-len(_named(way)) // _FLOW_COLUMNS),
        )
        for way in shown
    ]
    figure, axes = style.page(
        panels,
        left_in=_LEFT_IN,
        foot_in=axis_in(study.operation)
        + style.legend_in(len(entries), _CAUSE_COLUMNS),
    )
    for ax, way in zip(axes, shown, strict=True):
        set_times(ax, study.operation, labels=ax is axes[-1])
        _draw_places(ax, way, study.operation)
        _draw_closures(ax, way, closed)
        _draw_journeys(ax, way)
        _draw_legend(ax, way, study.operation)
    style.head(
        figure,
        study,
        say("Convoys with people along their routes"),
        joined(
            [
                style.typical_words(study),
                say("A line for each convoy, from boarding on; thick: it stands."),
            ]
        ),
    )
    if entries:
        style.legend(figure, entries, columns=_CAUSE_COLUMNS)
    if more := len(ways) - len(shown):
        left_out = say_many(
            "{count} more route not drawn.", "{count} more routes not drawn.", more
        )
        style.note(figure, left_out)
    return figure


def _ways(operation: Operation, log: RunLog) -> list[Way]:
    """Return the routes that convoys with people used, the most used first."""
    found = []
    held = holds(log)
    for name, route in operation.routes.items():
        flows = [flow for flow in operation.flows if name in routes_of(operation, flow)]
        heights = dict(places(operation, route, log))
        runs = journeys(log, flows, heights)
        if not runs:
            continue
        people = Counter[str]()
        for journey in runs:
            people[journey.flow] += journey.people
        origin, destination = (
            shortened(titles.of_place(operation, at), 40)
            for at in (route.origin, route.destination)
        )
        stands = [
            Stand(hold.since_s, hold.until_s, heights[hold.place], hold.cause)
            for hold in held
            if hold.flow in people and hold.people and hold.place in heights
        ]
        found.append(
            Way(
                name,
                say(
                    "{origin} to {destination} ({route})",
                    origin=origin,
                    destination=destination,
                    route=shortened(name, 40),
                ),
                heights,
                tuple(flow for flow, _ in people.most_common()),
                tuple(runs),
                tuple(stands),
            )
        )
    return sorted(found, key=lambda way: -sum(run.people for run in way.journeys))


def _draw_places(ax: Axes, way: Way, operation: Operation) -> None:
    ax.set_ylim(-0.04, 1.04)
    ax.set_yticks(
        list(way.heights.values()),
        labels=[shortened(titles.of_place(operation, at), 30) for at in way.heights],
    )
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="y")


def _draw_closures(ax: Axes, way: Way, closed: Sequence[Period]) -> None:
    bars = [
        [
            (period.since_s, way.heights[period.name]),
            (period.until_s, way.heights[period.name]),
        ]
        for period in closed
        if period.name in way.heights
    ]
    ax.add_collection(
        LineCollection(
            bars,
            colors=style.CLOSED,
            linewidths=7,
            capstyle="butt",
            zorder=1.5,
            gid="closed",
        ),
        autolim=False,
    )


def _draw_journeys(ax: Axes, way: Way) -> None:
    for number, flow in enumerate(way.flows):
        colour, dashes = _stroke(number)
        ax.add_collection(
            LineCollection(
                [run.points for run in way.journeys if run.flow == flow],
                colors=colour,
                linestyles=[dashes],
                linewidths=1.0,
                zorder=2,
                gid=f"flow-{flow}",
            ),
            autolim=False,
        )
    _draw_stands(ax, way)
    turned = [run.turned for run in way.journeys if run.turned]
    if turned:
        ax.plot(
            [at_s for at_s, _ in turned],
            [place for _, place in turned],
            "x",
            color=style.TURNED,
            markersize=5,
            markeredgewidth=1.6,
            zorder=3,
            gid="turned-back",
        )


def _draw_stands(ax: Axes, way: Way) -> None:
    for cause in sorted({stand.cause for stand in way.stands}):
        ax.add_collection(
            LineCollection(
                [
                    [(stand.since_s, stand.place), (stand.until_s, stand.place)]
                    for stand in way.stands
                    if stand.cause == cause
                ],
                colors=style.CAUSES[cause][0],
                linewidths=3.2,
                capstyle="butt",
                zorder=2.5,
                gid=f"held-{cause}",
            ),
            autolim=False,
        )


def _stroke(number: int) -> tuple[str, LineStyleType]:
    """Return colour and dashes of a flow by its number: all different for 18."""
    return (
        style.COOL[number % len(style.COOL)],
        style.DASHES[number // len(style.COOL) % len(style.DASHES)],
    )


def _named(way: Way) -> list[str]:
    """Return the flows that the legend names; one line is for the others."""
    if len(way.flows) <= _MOST_FLOWS:
        return list(way.flows)
    return [*way.flows[: _MOST_FLOWS - 1], ""]


def _draw_legend(ax: Axes, way: Way, operation: Operation) -> None:
    entries = []
    for number, flow in enumerate(_named(way)):
        colour, dashes = _stroke(number)
        if flow:
            told = say(
                "{flow} ({number})",
                flow=shortened(titles.of_flow(operation, flow), 50),
                number=Number(sum(run.flow == flow for run in way.journeys)),
            )
        else:
            more = len(way.flows) - _MOST_FLOWS + 1
            told = say_many("and {count} more flow", "and {count} more flows", more)
            dashes = "none"
        entries.append(
            Line2D([], [], color=colour, linestyle=dashes, label=in_words(told))
        )
    rows = -(-len(entries) // _FLOW_COLUMNS)
    width, height = style.size_in(ax)
    begins = 1.0 if runs_left() else -_TITLE_IN / width
    legend = ax.legend(
        handles=entries,
        loc="lower right" if runs_left() else "lower left",
        bbox_to_anchor=(begins, 1 + 0.03 / height),
        ncols=_FLOW_COLUMNS,
        markerfirst=not runs_left(),
        borderaxespad=0,
        borderpad=0,
        columnspacing=1.2,
        handlelength=1.8,
        labelspacing=0.25,
    )
    style.in_order(legend)
    up_pt = 8 + 72 * _LEGEND_LINE_IN * rows
    style.above(ax, in_words(way.title), up_pt, _TITLE_IN)


def _entries(ways: Sequence[Way], closed: Sequence[Period]) -> list[Patch | Line2D]:
    found = {stand.cause for way in ways for stand in way.stands}
    entries: list[Patch | Line2D] = [
        Line2D(
            [],
            [],
            color=look[0],
            linewidth=3.2,
            label=in_words(say("held: {cause}", cause=CAUSES.get(cause, cause))),
        )
        for cause, look in style.CAUSES.items()
        if cause in found
    ]
    if any(run.turned for way in ways for run in way.journeys):
        entries.append(
            Line2D(
                [],
                [],
                linestyle="none",
                marker="x",
                color=style.TURNED,
                markeredgewidth=1.6,
                label=in_words(say("turned back")),
            )
        )
    if any(period.name in way.heights for way in ways for period in closed):
        entries.append(Patch(color=style.CLOSED, label=in_words(say("gate closed"))))
    return entries
