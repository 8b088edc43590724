"""Numbers of a run for each place that receives people."""

from sim.metrics.account import Account
from sim.metrics.receiving import people_by_night, would_unload


def received(run: Account) -> dict[str, float]:
    """Return the people who arrived at each destination."""
    return {site: sum(people.values()) for site, people in run.by_hour.items()}


def busiest_hour(run: Account) -> dict[str, float]:
    """Return the most people who arrived in an hour of the local clock."""
    hours = run.by_hour.items()
    return {site: max(people.values(), default=0) for site, people in hours}


def busiest_night(run: Account) -> dict[str, float]:
    """Return the most people who arrived in a night, 20:00 to 06:00 local time."""
    nights = people_by_night(run.log)
    return {site: max(people.values(), default=0) for site, people in nights.items()}


def vehicles_at_once(run: Account) -> dict[str, float]:
    """Return the most vehicles at once that unloaded or waited to."""
    return {site: max(curve.totals, default=0) for site, curve in run.unloading.items()}


def bays_needed(run: Account) -> dict[str, float]:
    """Return the fewest bays at which no vehicle would have waited to unload.

    With all vehicles coming when they came. Vehicles that load there, at the same
    bays, are not among them.
    """
    return {
        site: max(would_unload(convoys).totals, default=0)
        for site, convoys in run.unloaded.items()
    }
