"""Cases small enough to work out by hand; every answer is exact."""

from math import ceil

import pytest

from sim.events import Kind
from sim.model import simulate
from tests.builders import START, at, operation, times


def test_one_bus_takes_one_load():
    """Board 10 min, drive 60, unload 5: fifty people arrive at minute 75."""
    log = simulate(operation(sites__pocket__groups__civilians__people=50), seed=1)

    assert times(log, Kind.BOARDED) == [10]
    assert times(log, Kind.REACHED) == [70]
    assert times(log, Kind.ARRIVED) == [75]
    assert times(log, Kind.RELIEVED) == [135]


@pytest.mark.parametrize("buses", [1, 2, 3, 7])
def test_a_shuttle_of_n_buses_ends_when_the_closed_form_says(buses):
    """Each round takes 10 + 60 + 5 + 60 min; the last load needs no way back."""
    people, seats, cycle, out = 1000, 50, 135, 75
    log = simulate(
        operation(
            sites__pocket__groups__civilians__people=people,
            fleets__buses__joins={START: buses},
            flows__evacuation__at_once=buses,
        ),
        seed=1,
    )

    rounds = ceil(ceil(people / seats) / buses)
    assert max(times(log, Kind.ARRIVED)) == (rounds - 1) * cycle + out


def test_bays_board_one_bus_after_the_other():
    """Three buses of one convoy at one bay board for 10 min each."""
    log = simulate(
        operation(
            sites__pocket__bays=1,
            fleets__buses__joins={START: 3},
            flows__evacuation__convoy={"buses": 3},
            sites__pocket__groups__civilians__people=150,
        ),
        seed=1,
    )

    assert times(log, Kind.BOARDED) == [30]
    boarding = log.trips[0].station_times["boarding", "pocket"]
    assert boarding == ([0, 600, 1200], [600, 1200, 1800])


@pytest.mark.parametrize(("lanes", "cleared"), [(1, 110), (2, 90), (4, 80)])
def test_a_checkpoint_of_fixed_inspections_is_d_d_c(lanes, cleared):
    """Four vehicles of 10 min each in c lanes take 4/c rounds, from minute 70 on."""
    log = simulate(
        operation(
            checkpoints={"post": {"lanes": lanes, "inspection": "10 min"}},
            routes__out__through=["road", "post", "road"],
            fleets__buses__joins={START: 4},
            flows__evacuation__convoy={"buses": 4},
            sites__pocket__groups__civilians__people=200,
        ),
        seed=1,
    )

    assert times(log, Kind.CLEARED, place="post") == [cleared]


def test_a_second_convoy_queues_behind_the_first():
    """Two convoys of one bus meet at one lane; the second waits its 10 min."""
    log = simulate(
        operation(
            checkpoints={"post": {"lanes": 1, "inspection": "10 min"}},
            routes__out__through=["road", "post", "road"],
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
        ),
        seed=1,
    )

    assert times(log, Kind.QUEUED, place="post") == [70]
    assert times(log, Kind.INSPECTED, place="post") == [70, 80]
    assert times(log, Kind.CLEARED, place="post") == [80, 90]


def test_the_wounded_board_first_and_ride_in_ambulances():
    """An ambulance takes two of three wounded; the third has a seat in the bus."""
    log = simulate(
        operation(
            sites__pocket__groups={
                "civilians": {"people": 60},
                "wounded": {"people": 3, "priority": 1},
            },
            fleets__ambulances={
                "kind": "ambulance",
                "seats": 2,
                "joins": {START: 1},
                "carries": ["wounded"],
            },
            flows__evacuation__groups=["civilians", "wounded"],
            flows__evacuation__convoy={"buses": 1, "ambulances": 1},
        ),
        seed=1,
    )

    first = log.trips[0]
    assert first.fleets == ["ambulances", "buses"]
    assert first.loads == [2, 50]
    assert first.groups == {"wounded": 3, "civilians": 49}


def test_who_stays_is_not_carried():
    log = simulate(operation(sites__pocket__groups__civilians__stay=60), seed=1)

    assert sum(e.people for e in log.events if e.kind is Kind.ARRIVED) == 40


def test_convoys_leave_at_their_times_of_day():
    """Daily at 06:00; two loads need two mornings with one bus."""
    log = simulate(operation(flows__evacuation__dispatch_times=["06:00"]), seed=1)

    assert times(log, Kind.FORMED) == [6 * 60, 30 * 60]


def test_dated_convoys_leave_late_rather_than_not_at_all():
    """The bus is under way at 01:00; the second date is made good on its return."""
    dates = ["2020-01-01T00:00", "2020-01-01T01:00"]
    log = simulate(operation(flows__evacuation__dispatch_dates=dates), seed=1)

    assert times(log, Kind.FORMED) == [0, 135]


def test_convoys_set_out_within_hours_only():
    log = simulate(operation(flows__evacuation__hours="02:00 to 03:00"), seed=1)

    assert times(log, Kind.FORMED) == [120, 24 * 60 + 120]


def test_headway_keeps_convoys_apart():
    log = simulate(
        operation(
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
            flows__evacuation__headway="40 min",
        ),
        seed=1,
    )

    assert times(log, Kind.FORMED) == [0, 40]


def test_vehicles_that_do_not_return_go_once():
    log = simulate(operation(flows__evacuation__returns=False), seed=1)

    assert len(log.trips) == 1
    unfinished = [e for e in log.events if e.kind is Kind.UNFINISHED]
    assert [e.people for e in unfinished] == [50]


def test_withdrawn_vehicles_finish_their_trip_and_go():
    log = simulate(
        operation(fleets__buses__leaves={"2020-01-01T00:20": 1}),
        seed=1,
    )

    assert times(log, Kind.ARRIVED) == [75]
    assert len(log.trips) == 1


def test_snow_slows_the_part_of_a_drive_that_it_falls_on():
    """From minute 40 at half speed: 30 of 60 min done by then, 60 more needed."""
    log = simulate(
        operation(
            sites__pocket__groups__civilians__people=50,
            weather={
                "snow": {
                    "starts": "2020-01-01T00:40",
                    "until": "2020-01-02T00:00",
                    "speed_factor": "0.5",
                }
            },
        ),
        seed=1,
    )

    assert times(log, Kind.REACHED) == [10 + 30 + 60]


def snow(since, until):
    return {"starts": at(since), "until": at(until), "speed_factor": "0.5"}


def reached(**spells):
    """Return when a bus that sets out at 10 is there, an hour's drive away."""
    people = {"sites__pocket__groups__civilians__people": 50}
    return times(simulate(operation(weather=spells, **people), seed=1), Kind.REACHED)


def test_who_sets_out_in_the_snow_is_slowed_until_it_ends():
    """Of 60 min 5 are done by 20; the other 55 are driven as in good weather."""
    assert reached(early=snow(0, 20)) == [75]


def test_between_two_spells_one_drives_as_in_good_weather():
    """Of 60 min 30 are done by 40, 40 by 60 and 50 by 70; the rest takes 20."""
    assert reached(first=snow(40, 60), second=snow(70, 100)) == [90]


def test_a_spell_that_ends_before_one_sets_out_slows_nobody():
    assert reached(early=snow(0, 10), late=snow(70, 100)) == [70]
