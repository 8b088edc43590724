"""Invented operations, each a whole file, of which a hand works out every arrival."""

from collections import Counter

import pytest

from sim.events import Cause
from sim.metrics.receiving import people_by_hour, people_by_night
from sim.metrics.registry import summary
from sim.metrics.waiting import by_cause, charges
from sim.scenario import from_text
from tests.logs import arrivals, run

FAR_AWAY = """
operation: A village three hundred kilometres from the camp
zone: Asia/Baghdad
starts: 2030-05-01T00:00
ends: 2030-05-15T00:00
sites:
  village: {groups: {families: {people: 2000}}}
  camp: {bays: 5}
fleets:
  buses: {kind: bus, seats: 50, joins: {2030-05-01T00:00: 20}}
legs:
  desert-road: {length: 300 km, speed: 25 km/h}
routes:
  out:
    origin: village
    destination: camp
    through: [desert-road]
    back: [desert-road]
flows:
  families:
    route: out
    groups: [families]
    convoy: {buses: 10}
    at_once: 2
    dispatch_times: [06:00]
    boarding: 30 min
    unloading: 15 min
"""
HOUR = 60


def days_and_times(operation, log):
    """Return when how many people arrived, as a day of the month and a time."""
    return [
        (operation.clock.local(minute * 60).strftime("%d %H:%M"), people)
        for minute, people in arrivals(log)
    ]


def test_two_sets_of_buses_take_turns_where_the_way_back_ends_on_the_next_day():
    """Out at 06:30, twelve hours of road, ten buses in two turns at five bays: 19:00.

    Home at 07:00 of the next day, when that day's departure, at 06:00, is over. So ten
    buses go on odd days and the other ten on even ones: 500 people each day.
    """
    operation = from_text(FAR_AWAY)
    log = run(operation)

    assert days_and_times(operation, log) == [
        ("01 19:00", 500),
        ("02 19:00", 500),
        ("03 19:00", 500),
        ("04 19:00", 500),
    ]
    assert summary(log)["bays_needed/camp"] == 10
    assert people_by_night(log) == {"camp": {}}  # all are there an hour before it
    first, _, third, _ = log.trips
    assert first.vehicles == third.vehicles


def test_with_one_set_every_other_day_is_lost():
    operation = from_text(FAR_AWAY.replace("00:00: 20}", "00:00: 10}"))

    assert days_and_times(operation, run(operation)) == [
        ("01 19:00", 500),
        ("03 19:00", 500),
        ("05 19:00", 500),
        ("07 19:00", 500),
    ]


WEEKLY = """
operation: A batch a week
zone: Asia/Baghdad
starts: 2030-05-01T00:00
ends: 2030-06-15T00:00
sites:
  enclave: {groups: {sick: {people: 90}, escorts: {people: 120}}}
  hospital: {}
fleets:
  ambulances:
    kind: ambulance
    seats: 3
    carries: [sick]
    joins: {2030-05-01T00:00: 10}
  buses: {kind: bus, seats: 40, carries: [escorts], joins: {2030-05-01T00:00: 1}}
legs:
  city-road: {time: 2 h}
checkpoints:
  line: {lanes: 1, inspection: 6 min}
routes:
  out:
    origin: enclave
    destination: hospital
    through: [city-road, line]
    back: [line, city-road]
flows:
  patients:
    route: out
    groups: [sick, escorts]
    convoy: {ambulances: 10, buses: 1}
    dispatch_dates:
      - 2030-05-02T09:00
      - 2030-05-09T09:00
      - 2030-05-16T09:00
      - 2030-05-23T09:00
    boarding: 20 min
    unloading: 10 min
"""


def test_a_batch_a_week_leaves_who_is_beyond_the_last_one():
    """30 sick and 40 escorts each week: 09:20, 11:20 at the line, eleven vehicles of
    six minutes: 12:26, 12:36. The sick are out after three weeks, the escorts too; of
    the fourth date nothing is left.
    """
    operation = from_text(WEEKLY)
    log = run(operation)

    assert days_and_times(operation, log) == [
        (f"{day:02d} 12:36", people) for day in (2, 9, 16) for people in (30, 40)
    ]
    clock = operation.clock
    assert {
        clock.text(hour): people
        for hour, people in people_by_hour(log)["hospital"].items()
    } == {f"2030-05-{day:02d}T12:00": 70 for day in (2, 9, 16)}


CARS = """
operation: Private cars through one checkpoint
zone: Asia/Baghdad
starts: 2030-05-01T06:00
ends: 2030-05-05T06:00
sites:
  city: {groups: {residents: {people: 2400}}}
  district: {}
fleets:
  cars: {kind: private, seats: 4, joins: {2030-05-01T06:00: 600}}
legs:
  avenue: {time: 1 h}
checkpoints:
  barrier: {lanes: 2, inspection: 10 min}
routes:
  out: {origin: city, destination: district, through: [avenue, barrier]}
flows:
  drivers:
    route: out
    groups: [residents]
    convoy: {cars: 30}
    at_once: 20
    boarding: 0 min
    unloading: 0 min
    returns: no
"""


def test_cars_stand_for_two_days_before_a_checkpoint():
    """600 cars come at 07:00; two lanes let twelve an hour through: 50 hours.

    Thirty cars that go together take two and a half: the n-th thirty are through after
    2.5 n hours, and have stood in line for 2.5 (n - 1) of them.
    """
    log = run(from_text(CARS))

    assert arrivals(log) == [
        ((1 + 2.5 * number) * HOUR, 120) for number in range(1, 21)
    ]
    assert by_cause(charges(log))[Cause.QUEUE] == pytest.approx(
        120 * sum(2.5 * (number - 1) for number in range(1, 21))
    )
    # The n-th arrive 2.5 n hours after 07:00: four times in each night of ten hours.
    assert Counter(people_by_night(log)["district"]) == {
        "2030-05-01": 480,
        "2030-05-02": 480,
    }
