"""What documented figures count over time, each for one site and a part of it.

The part is a group of people or a kind of vehicle; empty for all.
"""

from collections.abc import Iterable, Mapping

from sim.evidence.questions import Run
from sim.metrics.arrivals import total
from sim.metrics.curves import Curve


def people_arrived(run: Run, origin: str, group: str) -> Curve:
    """Return the people who have arrived."""
    if not group:
        return run.account.arrivals[origin]
    return run.account.arrivals_by_group.get((origin, group), Curve())


def people_inside(run: Run, origin: str, group: str) -> Curve:
    """Return the people at their site, those who stay included."""
    return total(
        curve
        for (site, name), curve in run.account.inside.items()
        if site == origin and group in {"", name}
    )


def people_departed(run: Run, origin: str, group: str) -> Curve:
    """Return the people who have crossed their first gate."""
    return _curve(
        (row.departed_s, row.departed.get(group, 0) if group else row.departed_people)
        for row in run.left(origin)
    )


def people_turned_back(run: Run, origin: str, _: str) -> Curve:
    """Return the people in convoys that have been turned back."""
    return _curve(
        (row.turned_back_s, row.turned_back_people) for row in run.convoys(origin)
    )


def vehicles_crossed(run: Run, origin: str, kind: str) -> Curve:
    """Return the vehicles of loaded convoys that have crossed their first gate."""
    return _curve(
        (row.departed_s, of_kind(row.vehicles, kind)) for row in run.left(origin)
    )


def vehicles_arrived(run: Run, origin: str, kind: str) -> Curve:
    """Return the vehicles of loaded convoys that have arrived."""
    return _curve(
        (row.arrived_s, of_kind(row.vehicles, kind)) for row in run.arrived(origin)
    )


def vehicles_lost(run: Run, origin: str, kind: str) -> Curve:
    """Return the vehicles that have been destroyed."""
    return _curve(
        (row.lost_s, of_kind(row.lost_vehicles, kind))
        for row in run.convoys(origin)
        if row.lost_s is not None
    )


def convoys_arrived(run: Run, origin: str, _: str) -> Curve:
    """Return the loaded convoys that have arrived."""
    return _curve((row.arrived_s, 1) for row in run.arrived(origin))


def _curve(steps: Iterable[tuple[int | None, int]]) -> Curve:
    """Return the cumulative count of steps that happened."""
    happened = [(time_s, count) for time_s, count in steps if time_s is not None]
    return Curve.of_changes(sorted(happened))


def of_kind(vehicles: Mapping[str, int], kind: str) -> int:
    """Return how many vehicles are of a kind; all if none is named."""
    return vehicles.get(kind, 0) if kind else sum(vehicles.values())
