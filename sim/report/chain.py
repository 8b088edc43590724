"""What hung on what in one run: when each moment came, and how long after what."""

from collections.abc import Iterator, Sequence

from sim.events import Event, Kind, RunLog
from sim.report.contents import Column, Section, table
from sim.scenario import Operation
from sim.scenario.moments import Hanging, Happening, SoMany, parts_of
from sim.scenario.moments import read as read_moment
from sim.words import Text, duration, moment, say

_KINDS = {
    "is proposed": (Kind.PROPOSED,),
    "is in force": (Kind.IN_FORCE,),
    "is amended": (Kind.RENEGOTIATED,),
    "is breached": (Kind.BREACHED,),
    "is completed": (Kind.COMPLETED,),
    "lapses": (Kind.LAPSED,),
    "begins": (Kind.STOPPAGE_BEGAN, Kind.FORMED),
    "ends": (Kind.STOPPAGE_ENDED,),
    "comes": (Kind.CAME,),
}
_DONE = {"set out": Kind.BOARDED, "crossed": Kind.CROSSED, "arrived": Kind.ARRIVED}


def chain_of_moments(operation: Operation, log: RunLog) -> Section | None:
    """Return when what hangs on something came in a run, None if nothing does."""
    rows = list(_rows(operation, log))
    if not rows:
        return None
    return Section(
        "chain",
        say("What hung on what"),
        (
            table(
                say("Moments"),
                say("When each moment came that hangs on something, and what it was"),
                (
                    Column(say("came"), number=True),
                    Column(say("field")),
                    Column(say("hangs on")),
                    Column(say("which was"), number=True),
                    Column(say("so long before"), number=True),
                ),
                rows,
            ),
        ),
    )


def _rows(operation: Operation, log: RunLog) -> Iterator[tuple[Text, ...]]:
    clock = operation.clock
    for event in log.events:
        if event.kind is not Kind.CAME:
            continue
        text = event.reason.note
        hanging = read_moment(text, clock)
        assert isinstance(hanging, Hanging)  # noqa: S101 - no date is written down
        last = _last(hanging, event.time_s, log.events)
        came = moment(clock, event.time_s)
        field = event.place.removesuffix(f".{text}")
        if last is None:
            yield came, field, text, None, None
        else:
            before = duration(event.time_s - last)
            yield came, field, text, moment(clock, last), before


def _last(hanging: Hanging, until_s: int, events: Sequence[Event]) -> int | None:
    """Return when the last happened of all on which a moment hangs."""
    found = [
        when
        for part in parts_of(hanging)
        if isinstance(part, Happening | SoMany)
        and (when := _when(part, events)) is not None
        and when <= until_s
    ]
    return max(found, default=None)


def _when(part: Happening | SoMany, events: Sequence[Event]) -> int | None:
    """Return when something happened, None if it did not, or the log does not say."""
    more = _moved(part, events) if isinstance(part, SoMany) else _happened(part, events)
    left = part.number if isinstance(part, SoMany) else part.time
    for time_s, number in more:
        left -= number
        if left <= 0:
            return time_s
    return None


def _moved(part: SoMany, events: Sequence[Event]) -> Iterator[tuple[int, int]]:
    """Yield when how many more of a flow had moved."""
    counted = set()
    for event in events:
        if event.kind is not _DONE[part.what] or event.flow != part.flow:
            continue
        if not event.people or part.gate not in {"", event.place}:
            continue
        if part.unit == "people":
            yield event.time_s, event.people
        elif event.convoy not in counted:  # those who arrive have a row a group
            counted.add(event.convoy)
            yield event.time_s, event.vehicles if part.unit == "vehicles" else 1


def _happened(part: Happening, events: Sequence[Event]) -> Iterator[tuple[int, int]]:
    """Yield when something happened to a thing."""
    name = f"moments.{part.name}" if part.what == "comes" else part.name
    kinds = _KINDS.get(part.what, ())
    for event in events:
        if event.kind in kinds and name in {event.place, event.flow}:
            yield event.time_s, 1
