"""What metrics are called in tables for reading."""

from collections.abc import Mapping
from math import isfinite
from types import MappingProxyType

from sim.messages import Dated, Number, Sentence, Text, joined, say
from sim.metrics.moments import at_moment
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.registry import HOURS, unit_of
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Clock, Operation
from sim.scenario.titles import of_site
from sim.words.sentences import moment

_NAMES: Mapping[str, Sentence] = MappingProxyType(
    {
        "arrived": say("arrived"),
        "not_arrived": say("not arrived at the end"),
        "t50": say("half arrived"),
        "t90": say("90 % arrived"),
        "t100": say("all arrived"),
        "first_arrival": say("first arrival"),
        "last_arrival": say("last arrival"),
        "arrived_apart": say("arrived, counted apart"),
        "convoys_arrived": say("convoys arrived"),
        "turned_back": say("turned back"),
        "unaccounted": say("unaccounted for"),
        "lives_lost": say("lives lost"),
        "waiting": say("waiting"),
        "held_aboard": say("held aboard"),
        "waiting_by_cause": say("waiting by cause"),
        "wounded_wait": say("wait of the wounded"),
        "fleet_use": say("use of the fleet"),
        "vehicles_lost": say("vehicles lost"),
        "received": say("received"),
        "busiest_hour": say("most in an hour"),
        "busiest_night": say("most in a night"),
        "vehicles_at_once": say("vehicles there at once"),
        "bays_needed": say("bays needed"),
    }
)
_UNITS: Mapping[str, Sentence] = MappingProxyType(
    {
        "people": say("people"),
        "people or loads": say("people or loads"),
        HOURS: say("h"),
        "person-hours": say("person-h"),
        "convoys": say("convoys"),
        "h per person": say("h per person"),
        "vehicles": say("vehicles"),
        "bays": say("bays"),
    }
)
_IN_FULL: Mapping[str, Sentence] = MappingProxyType(
    {HOURS: say("h after start"), "person-hours": say("person-hours")}
)
"""Where an axis has room for more."""
_OF_ALL = say("all sites")
_BARE = frozenset({"people", "1"})
"""Units that go without saying."""


def is_moment(metric: str) -> bool:
    """Return whether a metric says when something happens."""
    return unit_of(metric) == HOURS


def dated(metric: str, clock: Clock, hours: Text, value: float) -> Text:
    """Return a value of a metric, and of a moment also its local time.

    Parameters
    ----------
    clock : of the operation whose moment it is.
    hours : the value as it is shown.
    value : the same as a number.
    """
    if not is_moment(metric) or not isfinite(value):
        return hours
    return Dated(hours, moment(clock, value * SECONDS_PER_HOUR))


def label(metric: str) -> Text:
    """Return what is measured and in which unit, but not of what."""
    words = name_of(metric)
    if unit_of(metric) in _BARE:
        return words
    return say("{what}, {unit}", what=words, unit=short_unit(metric))


def with_side(metric: str, unit: Text, side: int) -> Text:
    """Return what is measured, in which unit, and what of it is better.

    Parameters
    ----------
    metric : its full name; what it is given for is left out.
    unit : in which it is shown.
    side : sign of a change for the better, 0 if nobody can say.
    """
    words = say("{what} [{unit}]", what=name_of(metric), unit=unit)
    if not side:
        return words
    better = say("less is better") if side < 0 else say("more is better")
    return joined([words, better], ", ")


def with_unit(value: Text, metric: str) -> Text:
    """Return a value of a metric with its unit, if it has one."""
    return value if unit_of(metric) == "1" else joined([value, short_unit(metric)])


def in_full(metric: str, operation: Operation) -> Text:
    """Return what is measured, and of what."""
    key = metric.partition("/")[2]
    return say("{what} ({whose})", what=name_of(metric), whose=of_key(operation, key))


_AT: Mapping[str, Sentence] = MappingProxyType(
    {
        "still_inside": say("still inside"),
        "yet_to_leave": say("yet to leave"),
        "aboard": say("aboard"),
        "arrived": say("arrived"),
        "unaccounted": say("unaccounted for"),
        "lives_lost": say("lives lost"),
    }
)


def name_of(metric: str) -> Text:
    """Return what is measured; of a metric from outside, its own name."""
    if asked := at_moment(metric):
        who, when = _AT[asked.stock], asked.moment.replace("T", " ")
        if asked.percent is not None:
            return say(
                "at least {percent} % {who} at {when}",
                percent=Number(asked.percent, ",.10g"),
                who=who,
                when=when,
            )
        if asked.fewer_than is None:
            return say("{who} at {when}", who=who, when=when)
        return say(
            "fewer than {number} {who} at {when}",
            number=Number(asked.fewer_than),
            who=who,
            when=when,
        )
    name = metric.partition("/")[0]
    return _NAMES.get(name, name.replace("_", " "))


def of_key(operation: Operation, key: str) -> Text:
    """Return the title of what a metric is given for: a site, or else its key."""
    if key == ALL_SITES and key not in operation.fleets:
        return _OF_ALL
    site, _, group = key.partition("/")
    if group:
        return say("{site}, {group}", site=of_site(operation, site), group=group)
    return of_site(operation, key) if key in operation.sites else key


def short_unit(metric: str) -> Text:
    """Return the unit of a metric."""
    unit = unit_of(metric)
    return _UNITS.get(unit, unit)


def full_unit(metric: str) -> Text:
    """Return the unit of a metric, and of hours after what they are."""
    return _IN_FULL.get(unit_of(metric), short_unit(metric))
