"""How long people waited, and why: exact person-seconds by cause."""

from collections.abc import Callable, Iterable, Mapping

from sim.events import RunLog
from sim.metrics.spans import Charge, PlainCharge, stretches

SECONDS_PER_HOUR = 3600


Charges = Mapping[Charge, int]
"""Person-seconds by what they are charged to."""


def charges(log: RunLog) -> dict[Charge, int]:
    """Return all waiting of a run, each person-second under exactly one charge.

    Waiting is the whole time from the start of the operation to the arrival, the
    road included; people who stay by choice do not wait.
    """
    booked: dict[PlainCharge, int] = {}
    for since_s, until_s, _, why, waited in stretches(log):
        lasted_s = until_s - since_s
        for who, people in waited:
            key = who + why
            booked[key] = booked.get(key, 0) + people * lasted_s
    return {Charge(*charge): time_s for charge, time_s in booked.items()}


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
