"""What documented figures count over time, each for sites and a portion of them."""

from collections.abc import Iterable, Iterator, Mapping

from sim.evidence.questions import Portion, Run
from sim.metrics.arrivals import total
from sim.metrics.convoys import Crossing, Passage
from sim.metrics.curves import Curve
from sim.scenario.titles import sites_in


def people_arrived(run: Run, origin: str, portion: Portion) -> Curve:
    """Return the people who have arrived."""
    if portion.flow or portion.destination:
        return _curve(
            (row.arrived_s, row.people_of(row.arrived, sites_in(origin), portion.group))
            for row in run.arrived(origin, portion)
        )
    curves: list[Curve]
    if not portion.group:
        curves = [run.account.arrivals[site] for site in sites_in(origin)]
    else:
        of_each = run.account.arrivals_by_group
        keys = ((site, portion.group) for site in sites_in(origin))
        curves = [of_each.get(key, Curve()) for key in keys]
    return curves[0] if len(curves) == 1 else total(curves)


def people_inside(run: Run, origin: str, portion: Portion) -> Curve:
    """Return the people at their site, those who stay included."""
    apart, sites = run.account.log.apart, sites_in(origin)
    return total(
        curve
        for (site, name), curve in run.account.inside.items()
        if site in sites
        and (name == portion.group if portion.group else (site, name) not in apart)
    )


def people_departed(run: Run, origin: str, portion: Portion) -> Curve:
    """Return the people who have crossed their first gate, or the gate of a portion."""
    return _curve(
        (second, row.people_of(people, sites_in(origin), portion.group))
        for row, crossings in _crossed(run, origin, portion)
        for second, people in crossings
    )


def people_turned_back(run: Run, origin: str, portion: Portion) -> Curve:
    """Return the people in convoys that have been turned back."""
    return _curve(
        (row.turned_back_s, row.people_of(row.turned_back, sites_in(origin)))
        for row in run.convoys(origin, portion)
    )


def vehicles_crossed(run: Run, origin: str, portion: Portion) -> Curve:
    """Return the vehicles of convoys that have crossed it with people of the site."""
    return _curve(
        (min(second for second, _ in crossings), of_kind(row.vehicles, portion.kind))
        for row, crossings in _crossed(run, origin, portion)
        if crossings
    )


def _crossed(
    run: Run, origin: str, portion: Portion
) -> Iterator[tuple[Passage, list[Crossing]]]:
    """Return convoys that crossed a gate with people of a site: when, who was aboard.

    Without a place it is the first gate for the people of each site.
    """
    sites = sites_in(origin)
    if not portion.place:
        for row in run.left(origin, portion):
            yield row, [row.left[site] for site in sites if site in row.left]
        return
    crossed = run.account.crossings.get(portion.place, {})
    for row in run.convoys(origin, portion):
        if row.convoy in crossed:
            _, people = crossing = crossed[row.convoy]
            some = any(count and site in sites for (site, _), count in people.items())
            yield row, [crossing] if some else []


def vehicles_arrived(run: Run, origin: str, portion: Portion) -> Curve:
    """Return the vehicles of loaded convoys that have arrived."""
    return _curve(
        (row.arrived_s, of_kind(row.vehicles, portion.kind))
        for row in run.arrived(origin, portion)
    )


def vehicles_lost(run: Run, origin: str, portion: Portion) -> Curve:
    """Return the vehicles that have been destroyed."""
    return _curve(
        (row.lost_s, of_kind(row.lost_vehicles, portion.kind))
        for row in run.convoys(origin, portion)
        if row.lost_s is not None
    )


def vehicles_entered(run: Run, origin: str, portion: Portion) -> Curve:
    """Return the vehicles, loaded or empty, that have come to a place."""
    came_s = run.account.entered.get(portion.place, {})
    return _curve(
        (second, _vehicles(row, portion.kind, second))
        for row in run.convoys(origin, portion)
        if (second := came_s.get(row.convoy)) is not None
    )


def vehicles_waiting(run: Run, origin: str, portion: Portion) -> Curve:
    """Return the vehicles, loaded or empty, that stand at a place."""
    rows = {row.convoy: row for row in run.convoys(origin, portion)}
    steps: list[tuple[int, int]] = []
    for hold in run.account.stood.get(portion.place, ()):
        row = rows.get(hold.convoy)
        if row is None:
            continue
        came = _vehicles(row, portion.kind, hold.since_s)
        gone = _vehicles(row, portion.kind, hold.until_s)
        steps.append((hold.since_s, came))
        if came > gone and row.lost_s is not None:
            steps.append((row.lost_s, gone - came))
        if hold.until_s < run.account.log.horizon_s:
            steps.append((hold.until_s, -gone))
    return _curve(steps)


def convoys_arrived(run: Run, origin: str, portion: Portion) -> Curve:
    """Return the loaded convoys that have arrived."""
    return _curve((row.arrived_s, 1) for row in run.arrived(origin, portion))


def _curve(steps: Iterable[tuple[int | None, int]]) -> Curve:
    """Return the cumulative count of steps that happened."""
    happened = [(time_s, count) for time_s, count in steps if time_s is not None]
    return Curve.of_changes(sorted(happened))


def of_kind(vehicles: Mapping[str, int], kind: str) -> int:
    """Return how many vehicles are of a kind; all if none is named."""
    return vehicles.get(kind, 0) if kind else sum(vehicles.values())


def _vehicles(row: Passage, kind: str, time_s: int) -> int:
    """Return the vehicles of a convoy at a second: once destroyed they do not count."""
    whole = of_kind(row.vehicles, kind)
    if row.lost_s is not None and time_s < row.lost_s:
        return whole + of_kind(row.lost_vehicles, kind)
    return whole
