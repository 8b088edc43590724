"""What the places that receive people see of a run: vehicles there, hours, nights.

Hours and nights are those of the local clock.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import compress, islice, pairwise
from math import inf
from operator import sub
from typing import NamedTuple

from sim.events import Kind, RunLog, Times, Trip
from sim.metrics.arrivals import every_arrival
from sim.metrics.curves import Curve

NIGHT_H = 20, 6
"""Hours of the local clock at which a night begins and ends."""


class Unloaded(NamedTuple):
    """The vehicles of a convoy that came to its destination.

    Attributes
    ----------
    reached_s : when the convoy came [s after the start].
    ends_s : when the turn of each vehicle at a bay ended; at the end of the run if it
        was not over by then.
    took_s : how long it took; all the time since it came if it was not over.
    """

    reached_s: int
    ends_s: list[int]
    took_s: list[int]


def unloaded(log: RunLog) -> dict[str, list[Unloaded]]:
    """Return the vehicles of every convoy that came to a destination, by it."""
    trips = {trip.convoy: trip for trip in log.trips}
    found: dict[str, list[Unloaded]] = {site: [] for site in _destinations(log)}
    reached = Kind.REACHED
    for row in [row for row in log.rows if row[1] is reached]:
        time_s, _, place, _, convoy, _, _, vehicles, *_ = row
        turns = _turns(trips[convoy], place, vehicles)
        if turns is None:
            turns = [log.horizon_s] * vehicles, [log.horizon_s - time_s] * vehicles
        found.setdefault(place, []).append(Unloaded(time_s, *turns))
    return found


def _turns(trip: Trip, place: str, vehicles: int) -> Times | None:
    """Return when the turns at a place ended and how long they took, if they are over.

    Parameters
    ----------
    vehicles : how many came; others were destroyed on the way.
    """
    times = trip.station_times.get(("unloading", place))
    if times is None:
        return None
    begins_s, ends_s = times
    took_s = list(map(sub, ends_s, begins_s))
    if vehicles == len(ends_s):
        return ends_s, took_s
    # More may have been destroyed since, on the way back.
    gone = set(islice(trip.fates, len(ends_s) - vehicles))
    came = [position not in gone for position in range(len(ends_s))]
    return list(compress(ends_s, came)), list(compress(took_s, came))


def there(convoys: Iterable[Unloaded]) -> Curve:
    """Return how many vehicles unload or wait to."""
    return _together((each.reached_s, each.ends_s) for each in convoys)


def would_unload(convoys: Iterable[Unloaded]) -> Curve:
    """Return how many vehicles would unload if there were a bay for each at once."""
    return _together(
        (each.reached_s, [each.reached_s + took_s for took_s in each.took_s])
        for each in convoys
    )


def _together(stays: Iterable[tuple[int, list[int]]]) -> Curve:
    """Return how many are there who come together and go one by one."""
    come: Counter[int] = Counter()
    gone: Counter[int] = Counter()
    for since_s, until_s in stays:
        come[since_s] += len(until_s)
        gone.update(until_s)
    changes = [*come.items(), *((time_s, -count) for time_s, count in gone.items())]
    return Curve.of_changes(sorted(changes))


def most_at_once(curve: Curve, starts_s: Sequence[int]) -> list[int]:
    """Return the highest count in each of several times, of which the last is open.

    Parameters
    ----------
    starts_s : when each begins, rising; it ends as the next begins.
    """
    found = []
    first = 0
    for since_s, until_s in pairwise((*starts_s, inf)):
        before = bisect_right(curve.times_s, since_s, first)
        first = bisect_left(curve.times_s, until_s, before)
        at_first = curve.totals[before - 1] if before else 0
        found.append(max((at_first, *curve.totals[before:first])))
    return found


def people_by_hour(log: RunLog) -> dict[str, dict[int, int]]:
    """Return the people who arrived, by destination and hour of the local clock.

    An hour is named by the second at which it begins, which may be before the start.
    """
    found: dict[str, dict[int, int]] = {site: {} for site in _destinations(log)}
    for time_s, local, place, people in _arrivals(log):
        begins_s = time_s - 60 * local.minute - local.second
        hours = found.setdefault(place, {})
        hours[begins_s] = hours.get(begins_s, 0) + people
    return found


def people_by_night(log: RunLog) -> dict[str, dict[str, int]]:
    """Return the people who arrived at night, by destination and the night's evening.

    From 20:00 to 06:00 local time; an evening is written as `2016-12-15`.
    """
    begins_h, ends_h = NIGHT_H
    found: dict[str, dict[str, int]] = {site: {} for site in _destinations(log)}
    for _, local, place, people in _arrivals(log):
        if ends_h <= local.hour < begins_h:
            continue
        evening = local.date() - timedelta(days=local.hour < ends_h)
        nights = found.setdefault(place, {})
        nights[str(evening)] = nights.get(str(evening), 0) + people
    return found


def _destinations(log: RunLog) -> dict[str, None]:
    return dict.fromkeys(log.destinations)


def _arrivals(log: RunLog) -> Iterator[tuple[int, datetime, str, int]]:
    """Yield the second, local time, place and people of every arrival."""
    zone, begun = log.starts.tzinfo, log.starts.timestamp()
    for time_s, _, place, _, _, people in every_arrival(log):
        yield time_s, datetime.fromtimestamp(begun + time_s, zone), place, people
