"""The tables of one run: every event, and a row for each vehicle and trip."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sim.events import Event, RunLog, Trip
from sim.report.contents import Cell, Data
from sim.scenario import Clock, Operation

EVENT_COLUMNS = (
    *("kind", "place", "flow", "convoy", "group", "people", "vehicles", "cause"),
    *("reason", "agreement", "side", "stoppage", "at", "note", "units", "tranche"),
)
"""Of an event besides its time; `reason` is of which kind, `at` is the place of it."""
ORIGIN = "origin"
"""Where the people of an event are from, if convoys pick up people of several sites."""


def events_data(log: RunLog, clock: Clock) -> Data:
    """Return every event of one run."""
    several = _of_several_sites(log)
    rows = [
        (
            *(event.time_s, clock.stamp(event.time_s), *event_cells(event)),
            *((event.origin,) if several else ()),
        )
        for event in log.events
    ]
    more = (ORIGIN,) if several else ()
    return Data(("time_s", "local_time", *EVENT_COLUMNS, *more), rows)


def _of_several_sites(log: RunLog) -> bool:
    """Whether a flow moves people of more than one site."""
    return any(len({site for site, _ in who}) > 1 for who in log.served.values())


def event_cells(event: Event) -> tuple[str | int, ...]:
    """Return what `EVENT_COLUMNS` names, in plain words and numbers."""
    reason = event.reason
    return (
        *(str(event.kind), event.place, event.flow, event.convoy, event.group),
        *(event.people, event.vehicles, str(event.cause)),
        *(str(reason.kind), *reason[1:], event.units, event.tranche),
    )


def vehicles_data(log: RunLog, operation: Operation) -> Data:
    """Return a row for each vehicle and trip of one run."""
    picked_up = {s: None for f in operation.flows.values() for s in f.ever_picks_up}
    stations = [
        ("boarding", ""),
        *(("pick-up", site) for site in picked_up),
        *(("inspection", checkpoint) for checkpoint in operation.checkpoints),
        ("unloading", ""),
    ]
    moments = tuple(
        f"{'_'.join(filter(None, station))}_{end}_s"
        for station in stations
        for end in ("begins", "ends")
    )
    who = ("convoy", "flow", "origin", "destination", "fleet", "kind", "vehicle")
    local = ("boarding_begins_local_time", "unloading_ends_local_time")
    return Data(
        (*who, "seats", "load_people", *moments, *local, "fate"),
        list(_vehicle_rows(log, stations, operation.clock)),
    )


def _vehicle_rows(
    log: RunLog, stations: Iterable[tuple[str, str]], clock: Clock
) -> Iterator[tuple[Cell, ...]]:
    for trip in log.trips:
        turns = [_turns(trip.station_times, *station) for station in stations]
        for position, fleet in enumerate(trip.fleets):
            moments: list[int | None] = []
            for begins, ends in turns:
                moments += [_at(begins, position), _at(ends, position)]
            first, last = moments[0], moments[-1]
            yield (
                *(trip.convoy, trip.flow, trip.origin, trip.destination),
                *(fleet, log.kinds[fleet], trip.vehicles[position]),
                *(trip.seats[position], trip.loads[position], *moments),
                *(None if s is None else clock.stamp(s) for s in (first, last)),
                trip.fates.get(position, _fate(trip)),
            )


def _fate(trip: Trip) -> str:
    """Return what became of a trip; of one that arrived over another route that."""
    return "diverted" if trip.fate == "arrived" and trip.diverted_at else trip.fate


def _turns(
    times: Mapping[tuple[str, str], tuple[list[int], list[int]]], what: str, place: str
) -> tuple[list[int], list[int]]:
    """Return when vehicles had their turn at a station, the last one if several."""
    found: tuple[list[int], list[int]] = ([], [])
    for (kind, where), turns in times.items():
        if kind == what and place in {"", where}:
            found = turns
    return found


def _at(moments: Sequence[int], position: int) -> int | None:
    return moments[position] if position < len(moments) else None
