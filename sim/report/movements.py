"""Which convoy moves when, with whom, through which gates: for who must follow it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import inf, isfinite
from types import MappingProxyType
from typing import NamedTuple

from sim.experiment import Study
from sim.experiment.bands import Band
from sim.experiment.movements import Expected, Movements
from sim.metrics.movements import Movement
from sim.report.contents import (
    WORKBOOK,
    Cell,
    Column,
    Data,
    Group,
    Handout,
    Section,
    Table,
)
from sim.scenario import Clock, Operation
from sim.scenario.detours import routes_of
from sim.scenario.titles import of_place, of_site
from sim.words import (
    Moment,
    Number,
    Text,
    joined,
    levels,
    moment,
    say,
    say_many,
)

KINDS: Mapping[str, Text] = MappingProxyType(
    {"bus": say("buses"), "ambulance": say("ambulances"), "private": say("cars")}
)
_FATES: Mapping[str, Text] = MappingProxyType(
    {
        "under way": say("under way at the end"),
        "returned": say("turned back"),
        "lost": say("lost"),
        "sent back empty": say("sent back empty"),
    }
)
"""What is said of a convoy in place of when it arrives."""
_SELDOM = 0.05
"""Of runs: convoys that there are in fewer are left to the data."""
_MOST_ACROSS = 6
"""Places of a way that stand beside each other; what is wider goes on below."""
_TIME, _ELSEWHEN = "%H:%M", "%m-%d %H:%M"
_LEVELS = ("p5", "median", "p95")
_HOW_TO_READ = say(
    "A convoy departs when its last vehicle is full and has arrived when its last "
    "vehicle is empty; it has passed a place when its last vehicle is through. Times "
    "without a date are of the day above. Cars that drive in a column are one convoy."
)


@dataclass(frozen=True, slots=True)
class _Way:
    """Convoys whose tables have the same columns.

    Attributes
    ----------
    origin, destination : sites.
    places : gates, checkpoints and other stages, in their order.
    """

    origin: str
    destination: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _MovementLine:
    """One convoy as it stands in a table, from one run or over several.

    Attributes
    ----------
    day : of its departure.
    runs : in how many there is one; None of a single run.
    """

    name: str
    way: _Way
    day: date
    runs: Text
    departs: Text
    vehicles: Mapping[str, Text]
    people: Mapping[str, Text]
    passes: Mapping[str, Text]
    arrives: Text


def movement_section(study: Study, found: Movements) -> Section:
    """Return the movement table for a workbook, in the typical run and over runs."""
    return Section("movements", say("Movement table"), _tables(study, found), WORKBOOK)


def movement_handout(study: Study, found: Movements) -> Handout:
    """Return the movement table as pages of its own."""
    return Handout(
        "movements",
        say("Movement table: {operation}", operation=study.operation.operation),
        say_many(
            "{all} convoys with people set out in the typical run. Bands are from 5 % "
            "to 95 % of the one run that was looked at.",
            "{all} convoys with people set out in the typical run. Bands are from 5 % "
            "to 95 % of {count} runs; convoys are matched by flow and number, so the "
            "same number need not be the same vehicles.",
            found.runs,
            all=Number(len(found.typical)),
        ),
        (*_tables(study, found), _HOW_TO_READ, _rare(found)),
    )


def _tables(study: Study, found: Movements) -> tuple[Table, ...]:
    operation = study.operation
    typical = [_in_one_run(operation, each) for each in found.typical]
    shown = [each for each in found.expected if not _is_rare(each, found)]
    over_runs = [_over_runs(operation, each, found.runs) for each in shown]
    return (
        *_of_ways(operation, typical, say("typical run")),
        *_of_ways(operation, over_runs, say("over runs")),
    )


def _is_rare(each: Expected, found: Movements) -> bool:
    return each.runs < _SELDOM * found.runs or not isfinite(each.departs.median)


def _rare(found: Movements) -> Text:
    """Return how many convoys are left out, as there are such in few runs only."""
    rare = sum(_is_rare(each, found) for each in found.expected)
    if not rare:
        return None
    return say_many(
        "{count} convoy that there is in fewer than 1 of 20 runs is left out here; it "
        "is in movements.csv.",
        "{count} convoys that there are in fewer than 1 of 20 runs are left out here; "
        "they are in movements.csv.",
        rare,
    )


def _in_one_run(operation: Operation, each: Movement) -> _MovementLine:
    clock = operation.clock
    day = clock.local(each.departs_s or 0).date()

    def at(time_s: int | None) -> Text:
        return None if time_s is None else _timed(clock, time_s, day)

    return _MovementLine(
        each.convoy,
        _way_of(operation, each),
        day,
        None,
        at(each.departs_s),
        {kind: Number(count) for kind, count in each.vehicles.items()},
        {group: Number(count) for group, count in each.people.items()},
        {place: at(time_s) for place, time_s in each.passes_s.items()},
        at(each.arrives_s) or _FATES.get(each.fate),
    )


def _over_runs(operation: Operation, each: Expected, runs: int) -> _MovementLine:
    clock = operation.clock
    day = clock.local(round(each.departs.median)).date()

    def at(band: Band) -> Text:
        low, middle, high = (
            _timed(clock, level, day) for level in (band.p5, band.median, band.p95)
        )
        return levels(low, middle, high)

    def by(place: str, band: Band) -> Text:
        if (some := each.on_way[place]) == each.runs:
            return at(band)
        return say(
            "{times} (in {some} of {all} runs)",
            times=at(band),
            some=Number(some),
            all=Number(each.runs),
        )

    def of(counts: Mapping[str, Band]) -> dict[str, Text]:
        return {name: _counted(band) for name, band in counts.items()}

    return _MovementLine(
        each.first.convoy,
        _way_of(operation, each.first),
        day,
        say("{some} of {all}", some=Number(each.runs), all=Number(runs)),
        at(each.departs),
        of(each.vehicles),
        of(each.people),
        {place: by(place, band) for place, band in each.passes.items()},
        at(each.arrives),
    )


def _counted(band: Band) -> Text:
    return levels(Number(band.p5), Number(band.median), Number(band.p95))


def _timed(clock: Clock, time_s: float, day: date) -> Text:
    """Return a moment, its date only if that is another than the day above."""
    if not isfinite(time_s):
        return moment(clock, inf)
    same = clock.local(round(time_s)).date() == day
    return moment(clock, time_s, _TIME if same else _ELSEWHEN)


def _way_of(operation: Operation, each: Movement) -> _Way:
    """Return the way of a convoy, with all places that it may pass when diverted."""
    routes = (operation.routes[name] for name in routes_of(operation, each.flow))
    stages = dict.fromkeys(name for route in routes for name in route.through)
    places = tuple(name for name in stages if name not in operation.legs)
    return _Way(each.origin, each.destination, places)


def _of_ways(
    operation: Operation, lines: Sequence[_MovementLine], what: Text
) -> Iterator[Table]:
    """Yield a table for each way, and for as many of its places as have room."""
    for way in dict.fromkeys(line.way for line in lines):
        own = [line for line in lines if line.way == way]
        for first in range(0, max(1, len(way.places)), _MOST_ACROSS):
            shown = way.places[first : first + _MOST_ACROSS]
            yield _table(operation, way, own, shown, what)


def _table(
    operation: Operation,
    way: _Way,
    lines: Sequence[_MovementLine],
    places: Sequence[str],
    what: Text,
) -> Table:
    """Return a table of convoys with some places of their way, in their order."""
    shown = _told(lines)[: 1 if all(line.runs is None for line in lines) else 2]
    if places == way.places[: len(places)]:
        shown += _told(lines)[2:]
    shown += [_at(of_place(operation, place), place) for place in places]
    if places[-1:] == way.places[-1:]:
        shown.append(_Shown(_numbers(say("arrives")), lambda line: line.arrives))
    days = groupby(lines, key=lambda line: line.day)
    return Table(
        joined([say("Movements"), what], ", "),
        say(
            "{origin} to {destination}, {what}",
            origin=of_site(operation, way.origin),
            destination=of_site(operation, way.destination),
            what=what,
        ),
        tuple(each.column for each in shown),
        tuple(
            Group(
                Moment(day),
                tuple(tuple(each.cell(line) for each in shown) for line in own),
            )
            for day, own in days
        ),
        say("day of departure"),
        WORKBOOK,
    )


class _Shown(NamedTuple):
    """A column, and what stands in it of each convoy."""

    column: Column
    cell: Callable[[_MovementLine], Text]


def _told(lines: Sequence[_MovementLine]) -> list[_Shown]:
    """Return the columns before those of a way: which convoy, when, with whom."""
    kinds = [kind for kind in KINDS if any(kind in line.vehicles for line in lines)]
    groups = dict.fromkeys(group for line in lines for group in line.people)
    return [
        _Shown(Column(say("convoy"), whole=True), lambda line: line.name),
        _Shown(Column(say("in runs"), whole=True), lambda line: line.runs),
        _Shown(_numbers(say("departs")), lambda line: line.departs),
        *(_vehicles(kind) for kind in kinds),
        *(_people(group) for group in groups),
    ]


def _vehicles(kind: str) -> _Shown:
    return _Shown(_numbers(KINDS[kind]), lambda line: line.vehicles.get(kind))


def _people(group: str) -> _Shown:
    return _Shown(_numbers(group), lambda line: line.people.get(group))


def _at(title: str, place: str) -> _Shown:
    return _Shown(_numbers(title), lambda line: line.passes.get(place))


def _numbers(heading: Text) -> Column:
    return Column(heading, number=True)


def movements_data(study: Study, found: Movements) -> Data:
    """Return a row for each convoy and each thing that is told of it.

    `what` is `departs`, `passes` a place, `arrives`, `vehicles` of a kind or `people`
    of a group; times are local. The typical run is a single one; a band is over the
    runs in which there is such a convoy, and empty where it lies after their end.
    """
    typical = {each.convoy: each for each in found.typical}
    rows = [
        row
        for each in found.expected
        for row in _rows(study, each, typical.get(each.first.convoy), found.runs)
    ]
    who = ("convoy", "flow", "origin", "destination")
    levels_ = tuple(f"{level}" for level in _LEVELS)
    return Data(
        (
            *who,
            "what",
            "of",
            "unit",
            "typical",
            *levels_,
            "n",
            "in_runs",
            "runs",
            "band",
        ),
        rows,
    )


def _rows(
    study: Study, each: Expected, typical: Movement | None, runs: int
) -> Iterator[tuple[Cell, ...]]:
    clock = study.operation.clock
    first = each.first
    who = (first.convoy, first.flow, first.origin, first.destination)
    over = (each.runs, runs, study.band)

    def stamp(time_s: float | None) -> Cell:
        known = time_s is not None and isfinite(time_s)
        return clock.stamp(round(time_s)) if known and time_s is not None else None

    def timed(what: str, of: str, own: int | None, band: Band) -> tuple[Cell, ...]:
        quantiles = (stamp(level) for level in band[:3])
        return (*who, what, of, "local time", stamp(own), *quantiles, band.n, *over)

    def counted(
        what: str, counts: Mapping[str, Band], own: Mapping[str, int] | None
    ) -> Iterable[tuple[Cell, ...]]:
        for name, band in counts.items():
            alone = None if own is None else own.get(name, 0)
            yield (*who, what, name, what, alone, *band[:3], band.n, *over)

    here = typical
    yield timed("departs", "", here and here.departs_s, each.departs)
    for place, band in each.passes.items():
        yield timed("passes", place, here and here.passes_s.get(place), band)
    yield timed("arrives", "", here and here.arrives_s, each.arrives)
    yield from counted("vehicles", each.vehicles, here and here.vehicles)
    yield from counted("people", each.people, here and here.people)
