"""Builds the log of a run by hand, as the model would write it."""

from collections.abc import Iterator, Mapping

from sim.events import NO_REASON, Cause, Event, Kind, Reason, ReasonKind, RunLog, Trip
from tests.reasons import closed, detained, stoppage, waits_for


class Story:
    """Tells a run event by event; `log` is what the model would have written."""

    def __init__(
        self, horizon_s: int, origins: Mapping[str, str], kinds: Mapping[str, str]
    ) -> None:
        self.horizon_s, self.origins, self.kinds = horizon_s, origins, kinds
        self.now_s = 0
        self.events: list[Event] = []
        self.trips: dict[str, Trip] = {}
        self.flows: dict[str, str] = {}
        self.aboard: dict[str, dict[str, int]] = {}

    def at(self, now_s: int) -> "Story":
        self.now_s = now_s
        return self

    def start(self, site: str, stay: int = 0, **groups: int) -> None:
        for group, people in groups.items():
            self._write(Kind.STARTED, site, group=group, people=people)
            if stay:
                self._write(Kind.STAYED, site, group=group, people=stay)

    def wait(
        self, site: str, group: str, cause: str, reason: Reason = NO_REASON
    ) -> None:
        self._write(Kind.WAITING, site, group=group, cause=cause, reason=reason)

    def agree(
        self, kind: Kind, agreement: str, reason: Reason = NO_REASON, tranche: int = 0
    ) -> None:
        self._write(kind, agreement, reason=reason, tranche=tranche)

    def count(self, agreement: str, side: str, convoy: str, people: int) -> None:
        """A convoy counts for a side; with negative people, no more."""
        back = people < 0
        kind = ReasonKind.RETURNED if back else ReasonKind.SIDE
        vehicles = len(self.trips[convoy].vehicles)
        self._write(
            Kind.COUNTED,
            agreement,
            self.flows[convoy],
            convoy,
            people=people,
            vehicles=-vehicles if back else vehicles,
            reason=Reason(kind, agreement, side),
            units=people,
        )

    def stop(self, kind: Kind, place: str, name: str, **counts: int) -> None:
        """A stoppage begins, ends, or does not find whom or what it was to lose."""
        self._write(kind, place, reason=stoppage(name), **counts)

    def leave(
        self,
        kind: Kind,
        site: str,
        group: str,
        flow: str,
        cause: str,
        reason: Reason = NO_REASON,
        people: int = 0,
    ) -> None:
        """People have not arrived at the end, or a flow is behind that."""
        self._write(
            kind, site, flow, group=group, people=people, cause=cause, reason=reason
        )

    def form(self, flow: str, convoy: str, **vehicles: int) -> None:
        fleets = [fleet for fleet, count in vehicles.items() for _ in range(count)]
        numbers = [number for count in vehicles.values() for number in range(count)]
        seats, loads = [50] * len(fleets), [0] * len(fleets)
        self.flows[convoy] = flow
        self.aboard[convoy] = {}
        self.trips[convoy] = Trip(
            convoy,
            flow,
            self.origins[flow],
            "",
            fleets,
            numbers,
            seats,
            loads,
            {},
            {},
            {},
        )
        self.note(Kind.FORMED, convoy, self.origins[flow])

    def board(self, convoy: str, **groups: int) -> None:
        site = self.origins[self.flows[convoy]]
        for group, people in groups.items():
            self._count(Kind.ASSIGNED, convoy, site, group, people)
        self.note(Kind.BOARDING, convoy, site, Cause.BOARDING)
        trip = self.trips[convoy]
        rest = sum(groups.values())
        for position, seats in enumerate(trip.seats):
            trip.loads[position] = min(seats, rest)
            rest -= trip.loads[position]

    def note(
        self,
        kind: Kind,
        convoy: str,
        place: str,
        cause: str = "",
        reason: Reason = NO_REASON,
    ) -> None:
        people = sum(self.aboard[convoy].values())
        cause = cause if people else ""
        self._write(
            kind,
            place,
            self.flows[convoy],
            convoy,
            people=people,
            vehicles=len(self.trips[convoy].vehicles),
            cause=cause,
            reason=reason,
        )

    def empty(self, kind: Kind, convoy: str, place: str) -> None:
        for group, people in tuple(self.aboard[convoy].items()):
            self._count(kind, convoy, place, group, people)

    def lose_sight_of(
        self,
        convoy: str,
        place: str,
        group: str,
        people: int,
        reason: Reason = NO_REASON,
    ) -> None:
        self._count(Kind.UNACCOUNTED, convoy, place, group, people, reason)

    def log(self) -> RunLog:
        return RunLog(
            tuple(self.events),
            tuple(self.trips.values()),
            self.horizon_s,
            self.origins,
            self.kinds,
            len(self.events),
            {flow: tuple(self._people_of(site)) for flow, site in self.origins.items()},
            tuple(sorted(set(self.origins.values()))),
            destinations=("camp",),
        )

    def _people_of(self, site: str) -> Iterator[tuple[str, str]]:
        for event in self.events:
            if event.kind is Kind.STARTED and event.place == site:
                yield site, event.group

    def _count(
        self,
        kind: Kind,
        convoy: str,
        place: str,
        group: str,
        people: int,
        reason: Reason = NO_REASON,
    ) -> None:
        aboard = self.aboard[convoy]
        sign = 1 if kind is Kind.ASSIGNED else -1
        aboard[group] = aboard.get(group, 0) + sign * people
        vehicles = len(self.trips[convoy].vehicles)
        self._write(
            kind,
            place,
            self.flows[convoy],
            convoy,
            group=group,
            people=people,
            vehicles=vehicles,
            reason=reason,
            origin=self.origins[self.flows[convoy]],
        )

    def _write(
        self,
        kind: Kind,
        place: str,
        flow: str = "",
        convoy: str = "",
        *,
        group: str = "",
        people: int = 0,
        vehicles: int = 0,
        cause: str = "",
        reason: Reason = NO_REASON,
        units: int = 0,
        tranche: int = 0,
        origin: str = "",
    ) -> None:
        self.events.append(
            Event(
                self.now_s,
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


def town() -> Story:
    """One convoy of 70 arrives after a hold; one of 40 is detained and comes back."""
    shut, search = closed("closure", "gate"), detained("search", "post")
    story = Story(10_000, {"out": "town"}, {"buses": "bus", "vans": "ambulance"})
    story.start("town", stay=10, civilians=100)
    story.start("town", wounded=20)
    for group in ("civilians", "wounded"):
        story.wait("town", group, Cause.NOT_BEGUN)
    story.at(1000)
    for group in ("civilians", "wounded"):
        story.wait("town", group, Cause.NO_VEHICLE)
    story.form("out", "out-1", buses=2, vans=1)
    story.at(1600).board("out-1", civilians=50, wounded=20)
    story.at(2200).note(Kind.BOARDED, "out-1", "town", Cause.ROAD)
    story.at(2500).note(Kind.HELD, "out-1", "gate", Cause.STOPPAGE, shut)
    story.at(3500).note(Kind.RELEASED, "out-1", "gate", Cause.ROAD)
    story.note(Kind.CROSSED, "out-1", "gate")
    story.at(3900).note(Kind.CROSSED, "out-1", "last-gate")
    story.at(4000).note(Kind.REACHED, "out-1", "camp", Cause.UNLOADING)
    story.at(4100).empty(Kind.ARRIVED, "out-1", "camp")
    story.note(Kind.CROSSED, "out-1", "gate")
    story.at(4200).note(Kind.RELIEVED, "out-1", "town")
    story.at(4300).form("out", "out-2", buses=1)
    story.at(5000).board("out-2", civilians=40)
    story.at(5600).note(Kind.BOARDED, "out-2", "town", Cause.ROAD)
    story.note(Kind.CROSSED, "out-2", "gate")
    story.at(6000).note(Kind.DETAINED, "out-2", "post", Cause.DETENTION, search)
    story.at(6500).lose_sight_of("out-2", "post", "civilians", 3)
    story.at(7000).note(Kind.TURNED_BACK, "out-2", "post", Cause.ROAD, search)
    story.at(7400).empty(Kind.RETURNED, "out-2", "town")
    story.at(7500).note(Kind.RELIEVED, "out-2", "town")
    return story


def exchange() -> Story:
    """The city waits for the village, whose buses a stoppage holds."""
    story = Story(
        5000, {"city-out": "city", "village-out": "village"}, {"buses": "bus"}
    )
    story.start("city", people=50)
    story.start("village", people=30)
    story.wait("city", "people", Cause.NO_VEHICLE)
    story.wait("village", "people", Cause.AGREEMENT, waits_for("city"))
    story.at(100).form("city-out", "city-out-1", buses=1)
    story.board("city-out-1", people=50)
    story.form("village-out", "village-out-1", buses=1)
    story.at(200).note(
        Kind.HELD, "city-out-1", "bridge", Cause.AGREEMENT, waits_for("village")
    )
    story.note(Kind.HELD, "village-out-1", "road-block", Cause.STOPPAGE, closed("fire"))
    story.at(1200).note(Kind.RELEASED, "village-out-1", "road-block")
    story.wait("village", "people", Cause.BAY)
    story.at(1500).board("village-out-1", people=30)
    story.at(1800).note(Kind.CROSSED, "village-out-1", "bridge")
    story.count("swap", "village", "village-out-1", 30)
    story.at(2000).note(Kind.RELEASED, "city-out-1", "bridge", Cause.ROAD)
    story.note(Kind.CROSSED, "city-out-1", "bridge")
    story.count("swap", "city", "city-out-1", 50)
    story.at(2600).empty(Kind.ARRIVED, "city-out-1", "camp")
    story.at(2900).empty(Kind.ARRIVED, "village-out-1", "camp")
    return story


def test_a_story_is_told_in_time_order() -> None:
    for story in (town(), exchange()):
        times_s = [event.time_s for event in story.log().events]
        assert times_s == sorted(times_s)
