"""What happened in a run: the vocabulary of events and the log of one run.

The model only writes these rows; metrics, figures and reports only read them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple, Protocol


class Kind(StrEnum):
    """What can happen.

    People are counted by group in `STARTED`, `STAYED`, `ASSIGNED`, `RETURNED`,
    `ARRIVED` and `UNACCOUNTED`, one event for each group; in every other event of a
    convoy `people` is the number aboard. An event of a convoy that names a cause
    charges the time of the people aboard to that cause from then on, a `WAITING`
    event that of the group still waiting at the site.
    """

    # People at a site
    STARTED = "started"  # so many people of a group are at a site
    STAYED = "stayed"  # so many of them do not leave
    WAITING = "waiting"  # why a group waits at its site has changed
    # A convoy
    FORMED = "formed"  # vehicles set out empty
    AT_SITE = "at_site"  # empty vehicles have come to the people
    QUEUED = "queued"  # in line: for a bay, or for a lane of a checkpoint
    ASSIGNED = "assigned"  # people of a group leave the waiting crowd for a convoy
    BOARDING = "boarding"  # the first vehicle is at a bay
    BOARDED = "boarded"  # the last vehicle is full
    HELD = "held"  # stands before a closed gate, or waits for another side
    RELEASED = "released"  # may go on
    CROSSED = "crossed"  # has passed a gate
    DEPARTED = "departed"  # is on a leg
    INSPECTED = "inspected"  # the first vehicle is in a lane
    CLEARED = "cleared"  # the last vehicle is through
    DETAINED = "detained"  # is kept at a place
    TURNED_BACK = "turned_back"  # drives back to where people boarded
    RETURNED = "returned"  # people are back at the site
    UNACCOUNTED = "unaccounted"  # people who neither arrive nor return
    REACHED = "reached"  # stands at the destination
    ARRIVED = "arrived"  # the last vehicle is empty
    LOST = "lost"  # vehicles destroyed
    RELIEVED = "relieved"  # vehicles are free again, or have gone for good
    # A gate, a stoppage
    CLOSED = "closed"
    OPENED = "opened"
    STOPPAGE_BEGAN = "stoppage_began"
    STOPPAGE_ENDED = "stoppage_ended"
    # An agreement
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    MOVING = "moving"
    SUSPENDED = "suspended"
    BREACHED = "breached"
    RENEGOTIATED = "renegotiated"
    COMPLETED = "completed"
    LAPSED = "lapsed"
    MET = "met"  # a precondition
    TRANCHE_OPENED = "tranche_opened"
    TRANCHE_COMPLETED = "tranche_completed"
    # The run
    DEADLOCK = "deadlock"  # nothing can move any more; `by` says who waits for whom
    UNFINISHED = "unfinished"  # people still wait at the end; `by` says for what


class Cause(StrEnum):
    """Why people wait. Every second of waiting has exactly one."""

    NOT_BEGUN = "not begun"
    AGREEMENT = "agreement"
    STOPPAGE = "stoppage"
    OUTSIDE_HOURS = "outside hours"
    NO_VEHICLE = "no vehicle"
    HEADWAY = "headway"
    BAY = "loading bay"
    BOARDING = "boarding"
    ROAD = "road"
    QUEUE = "checkpoint queue"
    INSPECTION = "inspection"
    DETENTION = "detention"
    UNLOADING = "unloading"
    NO_SERVICE = "no flow"


class Event(NamedTuple):
    """One row of the log.

    Attributes
    ----------
    time_s : seconds after the operation starts.
    kind : what happened.
    place : site, leg, gate, checkpoint, stoppage or agreement.
    flow : flow of the convoy, else empty; for agreements the side.
    convoy : which convoy, else empty.
    group : group of people, for events of a site.
    people : aboard, or at the site, or counted.
    vehicles : vehicles of the convoy.
    cause : what the time after this event is charged to, empty if not to the people.
    by : the stoppage, or the agreement and the side it waits for.
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
    by: str = ""


Times = tuple[list[int], list[int]]
"""When each vehicle's turn began, and when it ended."""
TimesOf = Callable[[Sequence[int], Sequence[int]], Times]
"""Works them out from what a clock showed as they began, and how long they took."""


class StationTimes(Mapping[tuple[str, str], Times]):
    """When vehicles had their turns at the stations of a trip.

    By (what, place), what being `boarding`, `inspection` or `unloading`. Worked out
    when asked for: a run has some five thousand turns, and many readers need none.
    """

    __slots__ = ("_noted",)

    def __init__(self) -> None:
        self._noted: dict[
            tuple[str, str], tuple[TimesOf, Sequence[int], Sequence[int]]
        ] = {}

    def note(
        self,
        station: tuple[str, str],
        times_of: TimesOf,
        starts: Sequence[int],
        turns: Sequence[int],
    ) -> None:
        """Note how to find out when the turns at a station were."""
        self._noted[station] = times_of, starts, turns

    def __getitem__(self, station: tuple[str, str]) -> Times:
        times_of, starts, turns = self._noted[station]
        return times_of(starts, turns)

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


Row = tuple[int, Kind, str, str, str, str, int, int, str, str]
"""One row of the log as it is written: the columns of `Event`, in their order."""


@dataclass(frozen=True)
class RunLog:
    """Everything that happened in one run.

    Attributes
    ----------
    rows : what happened, in time order, as the bare tuples that the model wrote.
    trips : in the order the convoys were formed.
    horizon_s : end of the run; nothing at or after it is in the log.
    origins : site of origin of each flow.
    kinds : kind of each fleet: `bus`, `ambulance` or `private`.
    steps : events that the simulation engine processed.
    served : groups that each flow serves.
    """

    rows: Sequence[Row]
    trips: tuple[Trip, ...]
    horizon_s: int
    origins: Mapping[str, str]
    kinds: Mapping[str, str]
    steps: int
    served: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened, in time order."""
        # Made all at once, when first asked for, without a check of the columns.
        return tuple(map(tuple.__new__, repeat(Event), self.rows))


class Clock(Protocol):
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
        self._clock: Clock
        self._rows: list[Row] = []
        self.trips: list[Trip] = []
        self.write: Callable[[Row], None] = self._rows.append

    def set_clock(self, clock: Clock) -> None:
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
        by: str = "",
    ) -> None:
        """Write one row that happens now."""
        now = int(self._clock.now)
        self.write((now, kind, place, flow, convoy, group, people, vehicles, cause, by))

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
