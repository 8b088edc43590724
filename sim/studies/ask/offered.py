"""What may be chosen or searched in an operation, to pick from instead of typing it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sim.answers.choices import START
from sim.metrics.of_sites import ALL_SITES
from sim.scenario import Operation
from sim.scenario.described import DescribedField, described
from sim.scenario.operators import DATE
from sim.scenario.origins import origins_of
from sim.scenario.titles import of_steps
from sim.words import Text, joined, say

_NUMBERS = frozenset(
    {"number", "share", "factor", "duration", "length", "speed"},
)
_NOT_CHOSEN = frozenset(
    {
        *("unaccounted", "lives_lost", "loses", "loses_loaded", "stay"),
        *("known_since", "priority"),
    }
)
"""Fields that nobody chooses from least to most: what became of people, when something
was known, and who is before whom."""
_FIRST, _LAST = ("fleets", "flows", "checkpoints", "gates"), "sites"
_METRICS = ("t50", "t90", "t100", "waiting")


class OfferedField(NamedTuple):
    """A field that may be chosen.

    Attributes
    ----------
    path : by which a question names it.
    says : part and field, as readers call them, with what it is now.
    section : in which it stands; empty for the whole operation.
    """

    path: str
    says: Text
    section: str


def numbers(operation: Operation) -> tuple[OfferedField, ...]:
    """Return the fields of an operation that have a number, fleets' vehicles first."""
    fleets = (
        OfferedField(
            f"fleets.{name}.vehicles",
            _said(name, say("vehicles in all"), str(fleet.ever_joining)),
            "fleets",
        )
        for name, fleet in operation.fleets.items()
    )
    return (*fleets, *sorted(_fields(operation), key=_rank))


def moments(operation: Operation) -> tuple[OfferedField, ...]:
    """Return the start of an operation, and its fields that have a date.

    What hangs on something that happens in a run has none.
    """
    start = say("start of the operation, every date with it")
    now = say("{what} (now {now})", what=start, now=operation.starts)
    dated = (
        OfferedField(each.path, _named(operation, each, "", each.value), each.section)
        for each in _said_fields(operation)
        if each.takes.kind == "moment" and DATE.fullmatch(f"{each.value}")
    )
    return (OfferedField(START, now, ""), *dated)


def metrics(operation: Operation) -> tuple[str, ...]:
    """Return the numbers that are asked for most, of all sites and of each."""
    sites = (ALL_SITES, *origins_of(operation))
    return tuple(f"{name}/{site}" for site in sites for name in _METRICS)


def _rank(field: OfferedField) -> int:
    first = _FIRST.index(field.section) if field.section in _FIRST else len(_FIRST)
    return first + (field.section == _LAST)


def _said_fields(operation: Operation) -> Iterator[DescribedField]:
    for each in described(operation):
        if (
            each.section
            and each.section != "uncertain"
            and each.steps[-1] not in _NOT_CHOSEN
        ):
            yield each


def _fields(operation: Operation) -> Iterator[OfferedField]:
    for each in _said_fields(operation):
        takes = each.takes
        if takes.kind in _NUMBERS and isinstance(each.value, str):
            says = _named(operation, each, "", each.value)
            yield OfferedField(each.path, says, each.section)
        by_name = takes.key is not None and takes.key.kind == "name"
        if by_name and takes.item is not None and takes.item.kind in _NUMBERS:
            for name, value in _by_name(each.value):
                path = f"{each.path}.{name}"
                says = _named(operation, each, name, value)
                yield OfferedField(path, says, each.section)


def _by_name(value: object) -> Iterable[tuple[str, str]]:
    items = value.items() if isinstance(value, dict) else ()
    return [(name, each) for name, each in items if isinstance(each, str)]


def _named(operation: Operation, field: DescribedField, name: str, now: object) -> Text:
    part = f"{of_steps(operation, field.part)} {name}".strip()
    return _said(part, field.heading, f"{now}")


def _said(part: str, what: Text, now: str) -> Text:
    named = joined((part, what), ": ")
    return say("{what} (now {now})", what=named, now=now)
