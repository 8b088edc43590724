"""Numbers of a run for each site of origin, and for all sites together.

Those of all sites are sums, but for moments: that at which so many of everybody had
arrived, whatever site they left.
"""

from collections.abc import Callable, Iterator, Mapping

from sim.metrics import convoys
from sim.metrics import waiting as charges
from sim.metrics.account import Account
from sim.metrics.curves import Curve

NAN = float("nan")
ALL_SITES = "all"
"""What stands for all sites together; no site may be called so."""
WOUNDED = ("wounded",)
"""Groups whose waiting is given per person."""
Values = Callable[[Account], Mapping[str, float]]


def _with_sum(of_each: Values) -> Values:
    """Add the sum over all sites."""

    def values(run: Account) -> dict[str, float]:
        found = of_each(run)
        return {**found, ALL_SITES: sum(found.values())}

    return values


@_with_sum
def arrived(run: Account) -> dict[str, float]:
    """Return the people who arrived."""
    return {origin: run.arrivals[origin].last for origin in run.origins}


def percentile(percent: int) -> Values:
    """Return a metric: when so many percent had arrived [h]; NaN if they never had."""

    def values(run: Account) -> dict[str, float]:
        expected = {origin: run.expected(origin) for origin in run.origins}
        whole = sum(expected.values())
        return {
            **{
                origin: _hours(run.arrivals[origin].time_of_percent(percent, people))
                for origin, people in expected.items()
            },
            ALL_SITES: _hours(run.all_arrivals.time_of_percent(percent, whole)),
        }

    return values


def first_arrival(run: Account) -> dict[str, float]:
    """Return when the first arrived [h]."""
    return {of: _hours(next(iter(curve.times_s), None)) for of, curve in _curves(run)}


def last_arrival(run: Account) -> dict[str, float]:
    """Return when the last arrived [h]."""
    return {
        origin: _hours(next(reversed(c.times_s), None)) for origin, c in _curves(run)
    }


def _curves(run: Account) -> Iterator[tuple[str, Curve]]:
    yield from ((origin, run.arrivals[origin]) for origin in run.origins)
    yield ALL_SITES, run.all_arrivals


@_with_sum
def not_arrived(run: Account) -> dict[str, float]:
    """Return the people to leave who had not arrived at the end."""
    return {
        origin: run.people_to_leave(origin) - run.arrivals[origin].last
        for origin in run.origins
    }


def arrived_apart(run: Account) -> dict[str, float]:
    """Return what arrived that is nobody evacuated, by group; none if there is none."""
    found = dict.fromkeys(sorted({group for _, group in run.log.apart}), 0.0)
    for site, group in run.log.apart:
        curve = run.arrivals_by_group.get((site, group))
        found[group] += curve.last if curve else 0
    return found


@_with_sum
def convoys_arrived(run: Account) -> dict[str, float]:
    """Return the convoys that arrived with people, by where they boarded first."""
    counts = dict.fromkeys(run.origins, 0.0)
    for row in run.convoys:
        counts[row.origin] += row.people > 0
    return counts


@_with_sum
def turned_back(run: Account) -> dict[str, float]:
    """Return the people in convoys that were turned back."""
    people = dict.fromkeys(run.origins, 0.0)
    for row in convoys.turned_back(run.convoys):
        for who, count in row.turned_back.items():
            if who not in run.log.apart:
                people[who[0]] += count
    return people


@_with_sum
def unaccounted(run: Account) -> Mapping[str, float]:
    """Return the people who neither arrived nor returned."""
    return run.unaccounted


def lives_lost(run: Account) -> dict[str, float]:
    """Return the people reported to have lost their lives, if the scenario has any."""
    if not run.log.reports_lives_lost:
        return {}
    return {**run.lives_lost, ALL_SITES: sum(run.lives_lost.values())}


@_with_sum
def waiting(run: Account) -> dict[str, float]:
    """Return all time until arrival [person-hours]."""
    return dict.fromkeys(run.origins, 0.0) | charges.by_origin(run.charges)


@_with_sum
def held_aboard(run: Account) -> dict[str, float]:
    """Return the time in convoys that were held or detained [person-hours]."""
    return dict.fromkeys(run.origins, 0.0) | charges.held_aboard(run.charges)


def wounded_wait(run: Account) -> dict[str, float]:
    """Return the mean time until arrival of the wounded, where there are any [h]."""
    hours = charges.mean_wait_h(run.charges, run.leaving, WOUNDED)
    people = {
        site: sum(run.leaving.get((site, group), 0) for group in WOUNDED)
        for site in hours
    }
    if not hours:
        return {}
    waited = sum(hours[site] * count for site, count in people.items())
    return {**hours, ALL_SITES: waited / sum(people.values())}


def _hours(time_s: int | None) -> float:
    return NAN if time_s is None else time_s / charges.SECONDS_PER_HOUR
