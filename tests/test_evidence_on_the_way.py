"""What evidence may ask of convoys on their way: by hand, by another count, and laws.

The story of `town` starts at 10:00: its second 3,600 is 11:00. It has one convoy of 70
that is held at its gate from 2,500 s to 3,500 s, and one of 40 that is detained at a
post from 6,000 s to 7,000 s and comes back.
"""

from itertools import pairwise
from statistics import median

import pytest

from sim.events import Cause, Kind
from sim.evidence.figures import Figure
from sim.evidence.questions import Portion
from sim.evidence.reading import read
from sim.evidence.vocabulary import MEANINGS
from sim.model import simulate
from sim.scenario import from_text
from sim.scenario.clock import Clock
from tests.reasons import closed
from tests.test_metrics_story import town
from tests.villages import TEXT

OPERATION = from_text(
    TEXT.replace("  camp: {}\n", "  camp: {}\n  city: {}\n")
    .replace(
        "  from-south:\n    origin: south\n    destination: camp\n",
        "  to-city:\n    origin: north\n    destination: city\n"
        "    through: [north-gate, road]\n"
        "  from-south:\n    origin: south\n    destination: camp\n",
    )
    .replace(
        "closes: [post]\n    starts: 2018-03-02T08:00",
        "closes: [post]\n    starts: 2018-03-01T07:00",
    )
    .replace(
        "flows:\n",
        "flows:\n  north-to-city:\n    route: to-city\n    groups: [families]\n"
        "    convoy: {coaches: 1}\n    boarding: 10 min\n    unloading: 5 min\n",
    )
)
LOG = simulate(OPERATION, seed=3)
DAYS = [
    f"2018-03-0{day}T{hour:02d}:00" for day in range(1, 6) for hour in (0, 7, 9, 14)
]


def asked(metric: str, select: str = "", **columns: str) -> Figure:
    meaning = MEANINGS[metric]
    who = {"attributed_to": "a", "family": "press", "source": "S", "role": "check"}
    said = {"low": 0.0, "best": 1.0, "high": 2.0, "bound": "about"}
    return Figure.model_validate(
        {
            **{"id": metric, "origin": "town", "metric": metric, "select": select},
            **{"unit": meaning.units[0], **said, **who, **columns},
        }
    )


def by_hand(metric: str, select: str = "", log=None, **columns: str) -> float | None:
    """Return what the story of the town says."""
    hours = {key: f"2016-12-15T{hour}" for key, hour in columns.items()}
    seconds = Clock("Asia/Damascus", "2016-12-15T10:00").seconds
    found = read(asked(metric, select, **hours), log or town().log(), seconds)
    return None if found is None else found.low


def of_north(metric: str, select: str = "", **columns: str) -> float | None:
    """Return what a run of the two villages says, of the north."""
    figure = asked(metric, select, origin="north", **columns)
    found = read(figure, LOG, OPERATION.clock.seconds)
    return None if found is None else found.low


WINDOW = {"from": "10:00", "to": "13:00"}


@pytest.mark.parametrize(
    ("metric", "select", "window", "value"),
    [
        # 70 leave at 3,500 s and 40 at 5,600 s: 10:58 and 11:33.
        ("departures_between", "", WINDOW, 110),
        ("departures_between", "", {"from": "11:00", "to": "12:00"}, 40),
        ("departures_between", "group=wounded", WINDOW, 20),
        ("departures_between", "flow=out;group=civilians", WINDOW, 90),
        ("departures_between", "flow=other", WINDOW, 0),
        # Out-1 sets out at 2,200 s and arrives at 4,100 s; out-2 does not arrive.
        ("journey_time", "", WINDOW, 1900 / 3600),
        ("journey_time", "convoy=1", {}, 1900 / 3600),
        ("journey_time", "group=wounded", WINDOW, 1900 / 3600),
        ("journey_time", "", {"from": "10:00", "to": "10:36"}, None),
        ("journey_time", "", {"from": "10:36", "to": "10:37"}, 1900 / 3600),
        ("trip_time", "", WINDOW, 600 / 3600),
        ("trip_time", "flow=out", WINDOW, 600 / 3600),
        ("trip_time", "", {"from": "10:58", "to": "10:59"}, 600 / 3600),
        ("trip_time", "", {"from": "10:59", "to": "13:00"}, None),
        ("trip_time", "flow=other", WINDOW, None),
        ("hold_time", "place=gate", WINDOW, 1000 / 3600),
        ("hold_time", "place=post", WINDOW, 1000 / 3600),
        ("hold_time", "place=post;group=wounded", WINDOW, None),
        ("hold_time", "place=last-gate", WINDOW, None),
        ("hold_time", "place=gate;convoy=1", {}, 1000 / 3600),
        ("hold_time", "place=post;convoy=1", {}, None),
        ("hold_time", "place=gate", {"from": "11:00", "to": "13:00"}, None),
        ("hold_time", "place=gate", {"from": "10:41", "to": "10:42"}, 1000 / 3600),
        # Out-1 has two buses and a van, and crosses the gate again empty; out-2 a bus.
        ("vehicles_entered", "place=gate", {"from": "13:00"}, 4),
        ("vehicles_entered", "place=gate", {"from": "11:00"}, 3),
        ("vehicles_entered", "place=gate;kind=ambulance", {"from": "13:00"}, 1),
        ("vehicles_entered", "place=gate;group=wounded", {"from": "13:00"}, 3),
        ("vehicles_entered", "place=gate", {"from": "12:00", "since": "11:30"}, 1),
        ("vehicles_entered", "place=camp", {"from": "11:06"}, 0),
        ("vehicles_entered", "place=camp", {"from": "11:07"}, 3),
        ("vehicles_entered", "place=nowhere", {"from": "13:00"}, 0),
        ("vehicles_waiting", "place=gate", {"from": "10:41"}, 0),
        ("vehicles_waiting", "place=gate", {"from": "10:42"}, 3),
        ("vehicles_waiting", "place=gate;kind=bus", {"from": "10:58"}, 2),
        ("vehicles_waiting", "place=gate", {"from": "10:59"}, 0),
        ("vehicles_waiting", "place=post;flow=out", {"from": "11:45"}, 1),
        ("cumulative_arrivals", "flow=out;group=wounded", {"from": "12:00"}, 20),
        ("cumulative_arrivals", "flow=other", {"from": "12:00"}, 0),
        ("vehicles_crossed_between", "group=wounded", WINDOW, 3),
    ],
)
def test_what_a_run_says_of_convoys_on_their_way(
    metric: str, select: str, window: dict[str, str], value: float | None
) -> None:
    found = by_hand(metric, select, **window)
    assert found == (None if value is None else pytest.approx(value))


def test_two_days_before_the_first_gate_are_part_of_the_journey() -> None:
    """Of a convoy that stands two days at its first gate and then drives an hour."""
    story = town()
    for event in range(len(story.events)):
        row = story.events[event]
        if row.convoy and row.time_s >= 3500:
            later = row._replace(time_s=row.time_s + 2 * 24 * 3600)
            story.events[event] = later
    story.horizon_s += 2 * 24 * 3600
    log = story.log()
    assert by_hand("trip_time", "convoy=1", log) == pytest.approx(600 / 3600)
    assert by_hand("journey_time", "convoy=1", log) == pytest.approx(48 + 1900 / 3600)
    assert by_hand("hold_time", "place=gate;convoy=1", log) == pytest.approx(
        48 + 1000 / 3600
    )


def test_vehicles_stand_in_line_and_are_held_one_after_the_other() -> None:
    """A line at a place and a hold there are one time, and not its inspection."""
    story = town()
    shut = closed("closure", "post")
    story.at(7600).form("out", "out-3", buses=1)
    story.board("out-3", civilians=5)
    story.note(Kind.BOARDED, "out-3", "town", Cause.ROAD)
    story.at(7700).note(Kind.QUEUED, "out-3", "desk", Cause.QUEUE)
    story.at(7800).note(Kind.INSPECTED, "out-3", "desk", Cause.INSPECTION)
    story.at(8000).note(Kind.HELD, "out-3", "desk", Cause.STOPPAGE, shut)
    story.at(8050).note(Kind.RELEASED, "out-3", "desk", Cause.ROAD)
    log = story.log()
    assert by_hand("hold_time", "place=desk", log) == pytest.approx(150 / 3600)
    for clock, vehicles in (("12:09", 1), ("12:11", 0), ("12:14", 1), ("12:15", 0)):
        found = by_hand("vehicles_waiting", "place=desk", log, **{"from": clock})
        assert found == vehicles, clock


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [("11:50", "12:00", None), ("12:00", "12:10", 0.05), ("11:50", "12:10", 0.05)],
)
def test_a_stop_is_of_the_window_in_which_it_begins(
    since: str, until: str, hours: float | None
) -> None:
    """From 12:00 for three minutes; the second that ends a window is not in it."""
    story = town()
    story.at(7200).form("out", "out-3", buses=1)
    story.board("out-3", civilians=5)
    story.note(Kind.HELD, "out-3", "bridge", Cause.STOPPAGE, closed("closure"))
    story.at(7380).note(Kind.RELEASED, "out-3", "bridge", Cause.ROAD)
    window = {"from": since, "to": until}
    assert by_hand("hold_time", "place=bridge", story.log(), **window) == hours


def test_who_stands_at_the_end_of_the_run_still_waits() -> None:
    story = town()
    story.at(7600).form("out", "out-3", buses=1)
    story.note(Kind.HELD, "out-3", "gate", reason=closed("closure"))
    log = story.log()
    assert by_hand("vehicles_waiting", "place=gate", log, **{"from": "13:00"}) == 1
    assert by_hand("hold_time", "place=gate", log) == pytest.approx(1000 / 3600)


def test_destroyed_vehicles_wait_no_longer() -> None:
    story = town()
    story.trips["out-1"].fates[0] = "lost"
    held = next(n for n, row in enumerate(story.events) if row.kind is Kind.HELD)
    row = story.events[held]
    story.events.insert(held + 1, row._replace(kind=Kind.LOST, time_s=3000))
    log = story.log()
    for clock, vehicles in (("10:49", 3), ("10:50", 2), ("10:59", 0)):
        found = by_hand("vehicles_waiting", "place=gate", log, **{"from": clock})
        assert found == vehicles, clock


def test_what_must_be_named_and_what_may_be() -> None:
    with pytest.raises(ValueError, match=r"select: hold_time needs place="):
        asked("hold_time", **WINDOW_OF_DAYS)
    with pytest.raises(ValueError, match=r"since: must be empty; vehicles_waiting"):
        asked("vehicles_waiting", "place=gate", since=DAYS[0], **WINDOW_OF_DAYS)
    with pytest.raises(ValueError, match=r"'kind' does not apply to journey_time"):
        asked("journey_time", "kind=bus", **WINDOW_OF_DAYS)


WINDOW_OF_DAYS = {"from": DAYS[0], "to": DAYS[-1]}
STOOD = sorted(
    OPERATION.clock.text(-(-event.time_s // 60) * 60)
    for event in LOG.events
    if event.kind in {Kind.HELD, Kind.QUEUED} and event.flow != "south"
)
MOMENTS = [*DAYS, *STOOD[:: max(1, len(STOOD) // 12)]]
SELECTED = (
    {},
    {"flow": "north"},
    {"flow": "wounded"},
    {"destination": "city"},
    {"destination": "camp"},
    {"group": "wounded"},
    {"group": "families", "destination": "camp"},
)


class Naive:
    """The same questions answered by walking over all events of a run."""

    def __init__(self, origin: str, **selected: str) -> None:
        self.events = LOG.events
        trips = {trip.convoy: trip for trip in LOG.trips}
        carried: dict[str, set[str]] = {}
        for event in self.events:
            if event.kind is Kind.ASSIGNED and event.people:
                carried.setdefault(event.convoy, set()).add(event.group)
        wanted = Portion.of(selected)
        self.trips = {
            name: trip
            for name, trip in trips.items()
            if trip.origin == origin
            and wanted.flow in {"", trip.flow}
            and wanted.destination in {"", trip.destination}
            and (not wanted.group or wanted.group in carried.get(name, ()))
        }
        self.group = wanted.group

    def departed(self, until_s: int) -> int:
        people, aboard = 0, {}
        seen: set[str] = set()
        for event in self.events:
            if event.convoy not in self.trips or event.time_s >= until_s:
                continue
            load = aboard.setdefault(event.convoy, {})
            if event.kind is Kind.ASSIGNED:
                load[event.group] = load.get(event.group, 0) + event.people
            elif event.kind in {Kind.ARRIVED, Kind.RETURNED, Kind.UNACCOUNTED}:
                load[event.group] -= event.people
            elif event.kind is Kind.CROSSED and event.people:
                if event.convoy not in seen:
                    people += load.get(self.group, 0) if self.group else event.people
                seen.add(event.convoy)
        return people

    def journeys_h(self) -> list[float]:
        found = []
        for name in self.trips:
            own = [event for event in self.events if event.convoy == name]
            out = [e.time_s for e in own if e.kind is Kind.BOARDED and e.people]
            came = [e.time_s for e in own if e.kind is Kind.ARRIVED and e.people]
            found += [(came[-1] - out[0]) / 3600] if out and came else []
        return found

    def waiting(self, place: str, at_s: int) -> int:
        vehicles = 0
        for name, trip in self.trips.items():
            last = None
            for event in self.events:
                if event.convoy != name or event.time_s > at_s:
                    continue
                if event.kind not in {Kind.ASSIGNED, Kind.COUNTED, Kind.UNACCOUNTED}:
                    last = event
            stands = last and last.kind in {Kind.HELD, Kind.DETAINED, Kind.QUEUED}
            vehicles += len(trip.vehicles) if stands and last.place == place else 0
        return vehicles

    def entered(self, place: str, at_s: int) -> int:
        inside = {Kind.AT_SITE, Kind.REACHED, Kind.CROSSED, Kind.CLEARED, Kind.DEPARTED}
        came = {
            event.convoy
            for event in self.events
            if event.kind in inside and event.place == place and event.time_s <= at_s
        }
        return sum(
            len(trip.vehicles) for name, trip in self.trips.items() if name in came
        )


def words(selected: dict[str, str], **more: str) -> str:
    return ";".join(f"{key}={value}" for key, value in {**selected, **more}.items())


@pytest.mark.parametrize("selected", SELECTED, ids=words)
def test_a_plain_walk_over_the_events_finds_the_same(selected: dict[str, str]) -> None:
    naive, seconds = Naive("north", **selected), OPERATION.clock.seconds
    journeys = naive.journeys_h()
    assert of_north("journey_time", words(selected)) == pytest.approx(median(journeys))
    counted = 0
    for place in ("north", "north-gate", "post", "camp", "road", "approach"):
        for when in MOMENTS:
            where, hour = words(selected, place=place), {"from": when}
            waiting = naive.waiting(place, seconds(when))
            entered = naive.entered(place, seconds(when))
            assert of_north("vehicles_waiting", where, **hour) == waiting
            assert of_north("vehicles_entered", where, **hour) == entered
            counted += waiting
    assert counted or selected not in ({}, {"flow": "north"})
    for begin, end in pairwise(DAYS):
        window = {"from": begin, "to": end}
        left = naive.departed(seconds(end)) - naive.departed(seconds(begin))
        assert of_north("departures_between", words(selected), **window) == left


def test_departures_of_adjacent_windows_add_up_to_what_had_left() -> None:
    """The end of a window is outside it and inside the next: nobody counts twice."""
    windows = pairwise(DAYS)
    parts = [of_north("departures_between", **{"from": a, "to": b}) for a, b in windows]
    last = OPERATION.clock.text(OPERATION.clock.seconds(DAYS[-1]) - 60)
    whole = of_north("cumulative_departures", **{"from": last})
    assert sum(parts) == whole > 0
    assert sum(map(bool, parts)) > 1


def test_what_leaves_by_all_flows_and_to_all_destinations_is_everybody() -> None:
    whole = of_north("departures_between", **WINDOW_OF_DAYS)
    for key in ("flow", "destination"):
        found = [
            of_north("departures_between", f"{key}={name}", **WINDOW_OF_DAYS)
            for name in {
                "flow": ("north", "wounded", "north-to-city"),
                "destination": ("camp", "city"),
            }[key]
        ]
        assert sum(found) == whole
        assert sum(map(bool, found)) > 1


def test_journeys_are_no_shorter_than_their_trips() -> None:
    """Nobody crosses a gate with people before the last has boarded."""
    compared = 0
    for convoy in range(1, 30):
        journey = of_north("journey_time", f"convoy={convoy}")
        trip = of_north("trip_time", f"convoy={convoy}")
        if journey is not None and trip is not None:
            assert journey >= trip
            compared += 1
    assert compared > 5
