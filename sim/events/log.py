"""The log of one run: its rows and trips.

The model only writes them; metrics, figures and reports only read them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import repeat
from operator import add, itemgetter
from typing import NamedTuple, Protocol

from sim.events.kinds import Kind
from sim.events.reasons import NO_REASON, Reason


class Event(NamedTuple):
    """One row of the log.

    Attributes
    ----------
    time_s : seconds after the operation starts.
    kind : what happened.
    place : site, leg, gate, checkpoint, stoppage or agreement.
    flow : flow of the convoy, else empty.
    convoy : which convoy, else empty.
    group : group of people, for events of a site.
    people : aboard, or at the site, or counted; what is counted may be negative.
    vehicles : vehicles of the convoy.
    cause : what the time after this event is charged to, empty if not to the people.
    reason : who or what is behind it: the kind of reason and its fields.
    units : of an agreement's terms: what counts, or all that counts for a side so far.
    tranche : which one was opened or completed, from 1.
    origin : site that the people started from, where a convoy's are counted by group.
    """

    time_s: int
    kind: Kind
    place: str = ""
    flow: str = ""
    convoy: str = ""
    group: str = ""
    people: int = 0
    vehicles: int = 0
    cause: str = ""
    reason: Reason = NO_REASON
    units: int = 0
    tranche: int = 0
    origin: str = ""


Times = tuple[list[int], list[int]]
"""When each vehicle's turn began, and when it ended."""


class StationTimes(Mapping[tuple[str, str], Times]):
    """When vehicles had their turns at the stations of a trip.

    By (what, place), what being `boarding`, `inspection` or `unloading`. The ends are
    worked out when asked for: a run has some five thousand turns, and many readers need
    none.
    """

    __slots__ = ("_noted",)

    def __init__(self) -> None:
        self._noted: dict[
            tuple[str, str], tuple[list[int], list[int], list[int] | None]
        ] = {}

    def note(
        self,
        station: tuple[str, str],
        starts: list[int],
        turns: list[int],
        ends: list[int] | None,
    ) -> None:
        """Note when the turns at a station began, and how long they took.

        Parameters
        ----------
        ends : when they ended, if anything interrupted them.
        """
        self._noted[station] = starts, turns, ends

    def split(self, cut: int) -> "StationTimes":
        """Keep the turns of the vehicles from a position on; return those before it."""
        first = StationTimes()
        for station, (starts, turns, ends) in self._noted.items():
            first.note(station, starts[:cut], turns[:cut], ends and ends[:cut])
            self.note(station, starts[cut:], turns[cut:], ends and ends[cut:])
        return first

    def __getitem__(self, station: tuple[str, str]) -> Times:
        starts, turns, ends = self._noted[station]
        return starts, list(map(add, starts, turns)) if ends is None else ends

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._noted)

    def __len__(self) -> int:
        return len(self._noted)


@dataclass(slots=True)
class Trip:
    """One trip of a convoy: who rode in which vehicle, and when.

    Times are seconds after the operation starts; lists run over vehicles.
    """

    convoy: str
    flow: str
    origin: str
    destination: str
    fleets: list[str]
    """Fleet of each vehicle."""
    vehicles: list[int]
    """Number of each vehicle within its fleet, from 0."""
    seats: list[int]
    loads: list[int]
    """People in each vehicle; 0 before boarding."""
    groups: dict[str, int]
    """People aboard by group."""
    station_times: StationTimes
    fates: dict[int, str]
    """By position in `vehicles`, for vehicles that did not come through: `lost`."""
    fate: str = "under way"
    """What became of the trip: `arrived`, `returned`, `lost`, `sent back empty`."""
    diverted_at: str = ""
    """Gate from which it last went on over another route; empty if it never did."""

    def split(self, cut: int, convoy: str) -> "Trip":
        """Keep the vehicles from a position on; return the trip of those before it.

        The people aboard by group are left to whoever knows where they sit.

        Parameters
        ----------
        convoy : name of the part whose trip it is.
        """
        first = replace(
            self,
            convoy=convoy,
            fleets=self.fleets[:cut],
            vehicles=self.vehicles[:cut],
            seats=self.seats[:cut],
            loads=self.loads[:cut],
            groups={},
            station_times=self.station_times.split(cut),
            fates={at: fate for at, fate in self.fates.items() if at < cut},
        )
        for each in (self.fleets, self.vehicles, self.seats, self.loads):
            del each[:cut]
        self.fates = {at - cut: fate for at, fate in self.fates.items() if at >= cut}
        return first


Row = tuple[int, Kind, str, str, str, str, int, int, str, Reason, int, int, str]
"""One row of the log as it is written: the columns of `Event`, in their order."""


@dataclass(frozen=True)
class RunLog:
    """Everything that happened in one run.

    Attributes
    ----------
    rows : what happened, in time order, as the bare tuples that the model wrote.
    trips : in the order the convoys were formed.
    horizon_s : end of the run; nothing at or after it is in the log.
    origins : site of origin of each flow; some may pick up people elsewhere too.
    kinds : kind of each fleet: `bus`, `ambulance` or `private`.
    steps : events that the simulation engine processed.
    served : groups that each flow serves, each with its site.
    leaving : sites that people may leave, in alphabetical order.
    destinations : sites at which people may arrive.
    starts : local date and time of second 0, with its zone.
    seldom : causes of `SELDOM` that the operation may have.
    apart : groups, by site and name, that are nobody evacuated; no total has them.
    reports_lives_lost : whether a stoppage of the scenario says that lives were lost.
    """

    rows: Sequence[Row]
    trips: tuple[Trip, ...]
    horizon_s: int
    origins: Mapping[str, str]
    kinds: Mapping[str, str]
    steps: int
    served: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    leaving: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    starts: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    seldom: frozenset[str] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()
    reports_lives_lost: bool = False

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened, in time order."""
        # Made all at once, when first asked for, without a check of the columns.
        return tuple(map(tuple.__new__, repeat(Event), self.rows))


class Timekeeper(Protocol):
    """Whatever tells the time of a run."""

    @property
    def now(self) -> float:
        """Seconds after the operation starts."""
        ...


class EventLog:
    """Append-only record of one run.

    Attributes
    ----------
    write : take one row. Rows of a place come in time order; a row may be written later
        than it happened, and `rows` puts it where it belongs.
    trips : of the convoys formed so far.
    """

    __slots__ = ("_clock", "_rows", "trips", "write")

    def __init__(self) -> None:
        self._clock: Timekeeper
        self._rows: list[Row] = []
        self.trips: list[Trip] = []
        self.write: Callable[[Row], None] = self._rows.append

    def set_clock(self, clock: Timekeeper) -> None:
        """Say whose time the rows carry."""
        self._clock = clock

    def record(
        self,
        kind: Kind,
        place: str = "",
        flow: str = "",
        convoy: str = "",
        group: str = "",
        people: int = 0,
        vehicles: int = 0,
        cause: str = "",
        reason: Reason = NO_REASON,
        units: int = 0,
        tranche: int = 0,
        origin: str = "",
    ) -> None:
        """Write one row that happens now."""
        now = int(self._clock.now)
        self.write(
            (
                now,
                kind,
                place,
                flow,
                convoy,
                group,
                people,
                vehicles,
                cause,
                reason,
                units,
                tranche,
                origin,
            )
        )

    def rows(self) -> list[Row]:
        """Return what was written so far in time order, oldest first."""
        return sorted(self._rows, key=itemgetter(0))


class SilentLog(EventLog):
    """Forgets every row: for measuring what the log costs."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__()
        self.write = _forget


def _forget(_: Row) -> None:
    pass
