"""How long people waited, and why: exact person-seconds by cause."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sim.events import Kind, RunLog
from sim.metrics.spans import spans

SECONDS_PER_HOUR = 3600


class Charge(NamedTuple):
    """What a stretch of waiting is booked under.

    Attributes
    ----------
    origin : site where the people started.
    group : of people.
    place : where they waited.
    cause, by : why, and who or what stood in the way.
    held : whether they sat in a convoy that was held or detained.
    """

    origin: str
    group: str
    place: str
    cause: str
    by: str
    held: bool


Charges = Mapping[Charge, int]
"""Person-seconds by what they are charged to."""


def charges(log: RunLog) -> dict[Charge, int]:
    """Return all waiting of a run, each person-second under exactly one charge.

    Waiting is the whole time from the start of the operation to the arrival, the
    road included; people who stay by choice do not wait.
    """
    booked: dict[Charge, int] = {}
    for span in spans(log):
        since_s, until_s, origin, group, _, _, place, cause, by, held, people = span
        key = Charge(origin, group, place, cause, by, held)
        booked[key] = booked.get(key, 0) + people * (until_s - since_s)
    return booked


def total_waiting(log: RunLog) -> int:
    """Return all waiting of a run, without looking at causes [person-seconds].

    The integral of the people who are neither at their destination nor staying nor
    unaccounted for. Equals the sum of `charges` exactly, which is how a forgotten or
    doubled person-second is found.
    """
    comes = {Kind.STARTED}
    goes = {Kind.STAYED, Kind.ARRIVED, Kind.UNACCOUNTED}
    horizon_s = log.horizon_s
    return sum(
        event.people
        * (horizon_s - event.time_s)
        * ((event.kind in comes) - (event.kind in goes))
        for event in log.events
        if event.people
    )


def by_cause(booked: Charges, origin: str | None = None) -> dict[str, float]:
    """Return waiting by cause [person-hours].

    Parameters
    ----------
    booked : from `charges`.
    origin : site where the people started; None for all.
    """
    return _hours_by(booked, lambda charge: charge.cause, origin)


def by_place(booked: Charges, origin: str | None = None) -> dict[str, float]:
    """Return waiting by place [person-hours].

    Parameters
    ----------
    booked : from `charges`.
    origin : site where the people started; None for all.
    """
    return _hours_by(booked, lambda charge: charge.place, origin)


def by_origin(booked: Charges) -> dict[str, float]:
    """Return waiting by site of origin [person-hours]."""
    return _hours_by(booked, lambda charge: charge.origin, None)


def held_aboard(booked: Charges) -> dict[str, float]:
    """Return waiting in held or detained convoys, by origin [person-hours]."""
    held = {charge: time_s for charge, time_s in booked.items() if charge.held}
    return _hours_by(held, lambda charge: charge.origin, None)


def mean_wait_h(
    booked: Charges, leaving: Mapping[tuple[str, str], int], groups: Iterable[str]
) -> dict[str, float]:
    """Return the mean waiting per person of some groups, by site of origin [h].

    Parameters
    ----------
    booked : from `charges`.
    leaving : people to leave by (site, group), from `arrivals.people_to_leave`.
    groups : names of the groups, as `wounded`.

    Returns
    -------
    dict
        Only the sites that such people are to leave.
    """
    wanted = set(groups)
    people: dict[str, int] = {}
    for (site, group), count in leaving.items():
        if group in wanted and count:
            people[site] = people.get(site, 0) + count
    waited = {charge: time for charge, time in booked.items() if charge.group in wanted}
    hours = by_origin(waited)
    return {site: hours.get(site, 0.0) / count for site, count in people.items()}


def _hours_by(
    booked: Charges, key: Callable[[Charge], str], origin: str | None
) -> dict[str, float]:
    seconds: dict[str, int] = {}
    for charge, time_s in booked.items():
        if origin is None or charge.origin == origin:
            name = key(charge)
            seconds[name] = seconds.get(name, 0) + time_s
    return {name: time_s / SECONDS_PER_HOUR for name, time_s in seconds.items()}
