"""What the numbers of one run share, each thing worked out when first asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sim.events import RunLog
from sim.metrics.arrivals import (
    Arrival,
    CountedPeople,
    arrivals_by_group,
    arrivals_by_origin,
    every_arrival,
    people_to_leave,
    still_inside,
    total,
)
from sim.metrics.convoys import Crossing, Passage, crossings, passages
from sim.metrics.curves import Curve
from sim.metrics.holds import WAITS, Hold, entered, holds, with_parts
from sim.metrics.receiving import Unloaded, people_by_hour, there, unloaded
from sim.metrics.waiting import Charges, charges


@dataclass(frozen=True)
class Account:
    """One run, its log read once for each thing however many numbers ask for it."""

    log: RunLog

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Sites that people leave, in alphabetical order."""
        return self.log.leaving

    @cached_property
    def leaving(self) -> Mapping[tuple[str, str], int]:
        """People to leave, by (site, group)."""
        return people_to_leave(self.counted)

    @cached_property
    def arrivals(self) -> Mapping[str, Curve]:
        """People arrived, by site of origin."""
        return arrivals_by_origin(self.counted)

    @cached_property
    def all_arrivals(self) -> Curve:
        """People arrived, whatever site they left."""
        return total(self.arrivals[origin] for origin in self.origins)

    @cached_property
    def arrived(self) -> Sequence[Arrival]:
        """Every arrival, oldest first."""
        return every_arrival(self.counted)

    @cached_property
    def arrivals_by_group(self) -> Mapping[tuple[str, str], Curve]:
        """People arrived, by (site of origin, group)."""
        return arrivals_by_group(self.counted)

    @cached_property
    def inside(self) -> Mapping[tuple[str, str], Curve]:
        """People at their site, by (site, group), those who stay included."""
        return still_inside(self.counted)

    @cached_property
    def charges(self) -> Charges:
        """Person-seconds of waiting of people evacuated by what they are charged to."""
        booked, apart = charges(self.log), self.log.apart
        if not apart:
            return booked
        return {to: time_s for to, time_s in booked.items() if to[:2] not in apart}

    @cached_property
    def convoys(self) -> tuple[Passage, ...]:
        """What became of every convoy."""
        return passages(self.log)

    @cached_property
    def crossings(self) -> Mapping[str, Mapping[str, Crossing]]:
        """When convoys with people crossed each gate, by gate and convoy."""
        return crossings(self.log)

    @cached_property
    def entered(self) -> Mapping[str, Mapping[str, int]]:
        """When convoys first came to each place, by place and convoy [s]."""
        return entered(self.log)

    @cached_property
    def stood(self) -> Mapping[str, Sequence[Hold]]:
        """When convoys and their parts were held, detained or in line, by place."""
        places: dict[str, list[Hold]] = {}
        for hold in with_parts(holds(self.log, WAITS), self.log):
            places.setdefault(hold.place, []).append(hold)
        return places

    @cached_property
    def unloaded(self) -> Mapping[str, Sequence[Unloaded]]:
        """Vehicles of every convoy that came to a destination, by destination."""
        return unloaded(self.log)

    @cached_property
    def unloading(self) -> Mapping[str, Curve]:
        """Vehicles that unload or wait to, by destination."""
        return {site: there(convoys) for site, convoys in self.unloaded.items()}

    @cached_property
    def by_hour(self) -> Mapping[str, Mapping[int, int]]:
        """People who arrived, by destination and hour of the local clock."""
        return people_by_hour(self.log)

    @cached_property
    def unaccounted(self) -> Mapping[str, int]:
        """People who neither arrived nor returned, by site of origin."""
        return self._by_site(self._lost("unaccounted"))

    @cached_property
    def lives_lost(self) -> Mapping[str, int]:
        """People reported to have lost their lives, by site of origin."""
        return self._by_site(self._lost("lives_lost"))

    @cached_property
    def awaited(self) -> Mapping[tuple[str, str], int]:
        """People evacuated who are to leave, alive and accounted for, by group."""
        gone = (self._lost("unaccounted"), self._lost("lives_lost"))
        return {
            who: count - sum(each.get(who, 0) for each in gone)
            for who, count in self.leaving.items()
            if who[0] in self.origins and who not in self.log.apart
        }

    def _lost(self, how: str) -> Mapping[tuple[str, str], int]:
        people: dict[tuple[str, str], int] = {}
        for row in self.convoys:
            for who, count in getattr(row, how).items():
                if who not in self.log.apart:
                    people[who] = people.get(who, 0) + count
        return people

    def _by_site(self, people: Mapping[tuple[str, str], int]) -> Mapping[str, int]:
        found = dict.fromkeys(self.origins, 0)
        for (site, _), count in people.items():
            found[site] += count
        return found

    @cached_property
    def counted(self) -> CountedPeople:
        """The rows that count people by group."""
        return CountedPeople.of(self.log)

    @cached_property
    def _to_leave(self) -> Mapping[str, int]:
        people = dict.fromkeys(self.origins, 0)
        for (site, group), count in self.leaving.items():
            if (site, group) not in self.log.apart:
                people[site] = people.get(site, 0) + count
        return people

    def people_to_leave(self, origin: str) -> int:
        """Return the people who are to leave a site."""
        return self._to_leave.get(origin, 0)

    def expected(self, origin: str) -> int:
        """Return the people to leave a site who are alive and accounted for."""
        gone = self.unaccounted[origin] + self.lives_lost[origin]
        return self.people_to_leave(origin) - gone
