"""What must hold between a documented figure and the operation that it is about.

A figure may only speak of sites, groups and days that the operation has; and some of
what it speaks of may be there and still happen in no run.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from sim.evidence.figures import Figure, second_of
from sim.evidence.rules import Found
from sim.evidence.vocabulary import MEANINGS
from sim.messages import joined, say
from sim.scenario import Operation
from sim.scenario.detours import destinations_of, routes_of
from sim.scenario.origins import served, sites_of
from sim.scenario.plans import FlowPlan
from sim.scenario.problems import RefusedError, hint, quoted
from sim.scenario.titles import sites_in

_CROSSES = frozenset(
    {
        "cumulative_departures",
        "departures_between",
        "vehicles_crossed_between",
        "first_crossing",
        "last_crossing",
        "people_per_vehicle",
        "trip_time",
    }
)
"""Metrics that begin with the first gate on the way."""
_HALF_A_YEAR_S = 183 * 86_400


class Never(StrEnum):
    """Why something that is documented happens in no run."""

    NO_GATE = "no gate"
    NOT_CARRIED = "not carried"
    NO_SUCH_VEHICLE = "no such vehicle"
    NOBODY_TURNED_BACK = "nobody turned back"
    NOTHING_LOST = "nothing lost"


def strange_moments(figure: Figure, operation: Operation) -> Found:
    """Yield the times that are not exactly one moment by the clocks of the zone."""
    for name, field in Figure.model_fields.items():
        value = getattr(figure, name)
        if isinstance(value, datetime):
            try:
                second_of(value, operation.clock.seconds)
            except RefusedError as error:
                # Its advice may be an offset, which a table has no room for.
                says = say(
                    "{said}; write a time that the clocks of the operation show once",
                    said=error.args[0],
                )
                yield field.alias or name, says


def strangers(figure: Figure, operation: Operation) -> Found:
    """Yield the sites, groups and days of a figure that the operation does not have."""
    sites = sites_in(figure.origin) if figure.origin else ()
    strange = [site for site in sites if site not in operation.sites]
    for site in strange:
        says = say("{site} is not a site.", site=quoted(site))
        yield "origin", joined((says, hint(site, operation.sites)))
    if figure.metric and not strange:
        for key, value in figure.selected.items():
            known = _known(key, figure.origin, operation)
            if key == "place" and figure.metric in _CROSSES:
                flows = [name for name, _ in _flows(figure.origin, operation)]
                known = list(dict.fromkeys(_gates(flows, operation)))
            if known is not None and value not in known:
                says = say(
                    "{key} {value} is not one of {origin}.",
                    key=key,
                    value=quoted(value),
                    origin=figure.origin,
                )
                yield "select", joined((says, hint(value, known)))
    if figure.metric and figure.role != "context":
        try:
            outside = tuple(_outside(figure, operation))
            yield from outside or _wrong_year(figure, operation)
        except ValueError:
            return  # such a time is a strange one


def _known(key: str, origin: str, operation: Operation) -> list[str] | None:
    """Return what the operation has for a key of `select`; None for any value."""
    flows = [name for name, _ in _flows(origin, operation)]
    match key:
        case "group":
            left = (operation.sites[site] for site in sites_in(origin))
            return list(dict.fromkeys(group for site in left for group in site.groups))
        case "flow":
            return flows
        case "destination":
            sites = (site for f in flows for site in destinations_of(operation, f))
            return list(dict.fromkeys(sites))
        case "place":
            return _places(flows, operation)
    return None


def _outside(figure: Figure, operation: Operation) -> Found:
    """Yield which moments lie outside the operation, so that no run can have them."""
    to_seconds = operation.clock.seconds
    for first, last in _windows(figure):
        (begins, begin), (ends, end) = first, last
        if begin is not None and second_of(begin, to_seconds) > operation.ends:
            says = say(
                "{moment} is after the operation ends, {end}; make it context, or let "
                "the operation end later",
                moment=_local(begin),
                end=operation.clock.text(operation.ends),
            )
            yield begins, says
        elif end is not None and second_of(end, to_seconds) < 0:
            says = say(
                "{moment} is before the operation starts, {start}; make it context, or "
                "let the operation start earlier",
                moment=_local(end),
                start=operation.clock.text(0),
            )
            yield ends, says


def _wrong_year(figure: Figure, operation: Operation) -> Found:
    """Yield which moments are so far off that a year must have been mistyped."""
    moments = {"since": figure.since, "from": figure.from_, "to": figure.to}
    for column, moment in moments.items():
        if moment is None:
            continue
        second = second_of(moment, operation.clock.seconds)
        if not -_HALF_A_YEAR_S < second < operation.ends + _HALF_A_YEAR_S:
            says = say(
                "{moment} is more than half a year from the operation; correct its "
                "date, or make it context",
                moment=_local(moment),
            )
            yield column, says


End = tuple[str, datetime | None]
"""A moment that ends a window, with its column; None if there is no limit."""


def _windows(figure: Figure) -> Iterator[tuple[End, End]]:
    """Yield between which moments a figure holds, and between which its values lie."""
    meaning = MEANINGS[figure.metric]
    begin: End = ("from", figure.from_)
    end: End = ("to", figure.to) if figure.to else begin
    if meaning.when == "since":
        begin = ("since", figure.since) if figure.since else begin
        end = ("to", None)
    elif meaning.when == "between" and figure.since is None:
        begin = end  # of a window that is over too late, a run has only a part
    yield begin, end
    if meaning.quantity == "moment":
        exact = figure.bound == "exact"
        columns = ("best", "best") if exact else ("low", "high")
        moments = (m if isinstance(m, datetime) else None for m in figure.bounds)
        first, last = zip(columns, moments, strict=True)
        yield first, last


def _local(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def why_never(figure: Figure, operation: Operation) -> Never | None:
    """Return why what is documented happens in no run, None if nothing is known.

    Parameters
    ----------
    figure : of a site that somebody leaves.
    operation : in which it is to happen.
    """
    meaning = MEANINGS.get(figure.metric)
    if meaning is None or (meaning.quantity == "count" and not _least(figure)):
        return None
    selected = figure.selected
    flows = [
        name
        for name, _ in _flows(figure.origin, operation)
        if selected.get("flow", name) == name
        and _leads_to(name, selected.get("destination"), operation)
    ]
    group, kind = selected.get("group"), selected.get("kind")
    if group and figure.metric != "still_inside":
        moved = {(site, group) for site in sites_in(figure.origin)}
        flows = [f for f in flows if not moved.isdisjoint(served(operation, f))]
    stoppages = operation.stoppages.values()
    turned_back = (
        "turn_back" in {each.caught, each.afterwards} or each.gives_up_after is not None
        for each in stoppages
    )
    needed = (
        (Never.NOT_CARRIED, bool(flows)),
        (Never.NO_SUCH_VEHICLE, not kind or kind in _kinds(flows, operation)),
        (
            Never.NO_GATE,
            figure.metric not in _CROSSES
            or any(
                selected.get("place", gate) == gate for gate in _gates(flows, operation)
            ),
        ),
        (
            Never.NOBODY_TURNED_BACK,
            figure.metric != "turned_back_people" or any(turned_back),
        ),
        (
            Never.NOTHING_LOST,
            figure.metric != "vehicles_lost"
            or any(each.loses or each.loses_loaded for each in stoppages),
        ),
    )
    return next((why for why, given in needed if not given), None)


def _least(figure: Figure) -> float:
    """Return the least count that a figure allows."""
    least, _ = figure.bounds
    return least if isinstance(least, float) else 0.0


def _flows(origin: str, operation: Operation) -> Iterator[tuple[str, FlowPlan]]:
    for name, flow in operation.flows.items():
        if not set(sites_in(origin)).isdisjoint(sites_of(operation, name)):
            yield name, flow


def _leads_to(flow: str, destination: str | None, operation: Operation) -> bool:
    """Whether a flow may lead to a site; to any if none is named."""
    return destination is None or destination in destinations_of(operation, flow)


def _places(flows: Iterable[str], operation: Operation) -> list[str]:
    """Return where convoys of flows may come, in the order they do."""
    places: dict[str, None] = {}
    for name in flows:
        places |= dict.fromkeys(operation.flows[name].ever_boards_at)
        for route in (operation.routes[way] for way in routes_of(operation, name)):
            way = (*route.inbound, route.origin, *route.through, route.destination)
            places |= dict.fromkeys((*way, *route.back))
    return list(places)


def _kinds(flows: Iterable[str], operation: Operation) -> set[str]:
    plans = (operation.flows[name] for name in flows)
    return {operation.fleets[fleet].kind for plan in plans for fleet in plan.ever_takes}


def _gates(flows: Iterable[str], operation: Operation) -> Iterator[str]:
    ways = (way for name in flows for way in routes_of(operation, name))
    for route in (operation.routes[way] for way in ways):
        for stage in route.through:
            if stage in operation.gates or stage in operation.checkpoints:
                yield stage
