"""Whatever the hours and capacities: nobody enters outside them, and nobody is lost."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.events import Kind
from sim.model import simulate
from sim.scenario.clock import Hours
from tests.builders import START, at, halt, operation
from tests.logs import run

hours = st.sampled_from(
    ["00:00 to 03:00", "02:00 to 05:00", "22:00 to 02:30", "01:10 to 01:50"]
)
releases = st.builds(
    lambda vehicles, every: {"vehicles": vehicles, "every": every},
    st.integers(1, 4),
    st.sampled_from(["7 min", "10 to 40 min", "on average 15 min, memoryless"]),
)


@st.composite
def operations(draw):
    """Columns that pass a gate, a narrow road, and a checkpoint, with a halt."""
    size, convoys = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    buses = size * convoys
    moment = at(draw(st.integers(1, 300)))
    gate = {"hours": draw(hours), "releases": draw(releases)}
    gate["changes"] = {moment: {"releases": draw(releases)}}
    since = draw(st.integers(0, 300))
    caught = draw(st.sampled_from(["hold", "turn_back", "detain"]))
    stop = halt(["gate", "post"], since, since + draw(st.integers(1, 90)))
    stop |= {"caught": caught}
    if caught == "detain":
        stop["detained_for"] = "5 to 60 min"
    return operation(
        ends="2020-01-03T00:00",
        sites__pocket__groups__civilians__people=draw(st.integers(1, 60 * buses)),
        gates__gate=gate,
        checkpoints__post={
            "lanes": draw(st.integers(1, 3)),
            "inspection": "1 to 20 min",
            "hours": draw(hours),
            "changes": {
                moment: {"lanes": draw(st.integers(1, 3)), "inspection": "5 min"}
            },
        },
        legs__bridge={
            "time": "3 to 20 min",
            "hours": draw(hours),
            "holds": draw(st.integers(1, 4)),
            "vehicles_per_hour": draw(st.integers(7, 200)),
            "changes": {moment: {"holds": draw(st.integers(1, 4))}},
        },
        routes__out__through=["road", "gate", "bridge", "post", "road"],
        fleets__buses__joins={START: buses},
        flows__evacuation__convoy={"buses": size},
        flows__evacuation__smallest=1,
        flows__evacuation__at_once=convoys,
        flows__evacuation__release_hours=draw(hours),
        stoppages={"halt": stop},
    )


def within(second, hours):
    second %= 86_400
    if hours.opens < hours.closes:
        return hours.opens <= second < hours.closes
    return second >= hours.opens or second < hours.closes


def test_the_check_of_hours_knows_a_night():
    night = Hours(22 * 3600, 9000)

    assert within(0, night)
    assert within(22 * 3600, night)
    assert not within(9000, night)


@given(operations(), st.integers(0, 5))
def test_nobody_passes_or_enters_outside_hours(scenario, seed):
    log = run(scenario, seed)  # people, vehicles and causes add up after every event

    for event in log.events:
        if event.kind is Kind.DEPARTED and event.place == "bridge":
            assert within(event.time_s, scenario.legs["bridge"].hours)
        elif event.kind is Kind.CROSSED and event.place == "gate":
            assert within(event.time_s, scenario.gates["gate"].hours) or pardoned(log)


def pardoned(log):
    """Whether somebody was let go who had been detained: a halt then bars no more."""
    return any(event.kind is Kind.DETAINED for event in log.events)


@given(operations(), st.integers(0, 5))
def test_no_second_has_more_vehicles_released_than_ever_are_at_a_time(scenario, seed):
    log = simulate(scenario, seed=seed)
    plan = scenario.gates["gate"]
    [change] = plan.changes.values()
    most = max(plan.releases.vehicles, change.releases.vehicles)
    seconds = [
        second
        for trip in log.trips
        for station, (starts, _) in trip.station_times.items()
        if station == ("release", "gate")
        for second in starts
    ]
    again = detained_or_sent_back(log)

    assert again or max((seconds.count(s) for s in set(seconds)), default=0) <= most


def detained_or_sent_back(log):
    """Whether turns of one convoy may be from two visits."""
    return any(e.kind in {Kind.DETAINED, Kind.TURNED_BACK} for e in log.events)


@given(operations(), st.integers(0, 5))
def test_convoys_enter_a_narrow_road_in_the_order_in_which_they_came(scenario, seed):
    log = simulate(scenario, seed=seed)
    came = [e.convoy for e in log.events if is_crossing(e)]
    entered = [e.convoy for e in log.events if is_entry(e)]

    assert entered == came[: len(entered)]


def is_crossing(event):
    return event.kind is Kind.CROSSED and event.place == "gate"


def is_entry(event):
    return event.kind is Kind.DEPARTED and event.place == "bridge"


# Releases against theory

GAP_S, RELEASE_S = 900.0, 600.0
CONVOYS, REPLICATIONS = 1_500, 16


@cache
def line(gap):
    """Single cars that come to a gate which lets one go every ten minutes."""
    return operation(
        ends="2020-02-20T00:00",
        sites__pocket__groups__civilians__people=CONVOYS,
        gates__gate={"releases": {"vehicles": 1, "every": "10 min"}},
        routes__out__through=["road", "gate"],
        fleets__buses__seats=1,
        fleets__buses__joins={START: CONVOYS},
        flows__evacuation__headway=gap,
        flows__evacuation__at_once=CONVOYS,
        flows__evacuation__returns=False,
    )


def waits(gap, replication=0):
    log = simulate(line(gap), seed=7, replication=replication)
    came = {
        e.convoy: e.time_s for e in log.events if e.kind is Kind.QUEUED and e.people
    }
    crossed = [e for e in log.events if e.kind is Kind.CROSSED]
    assert len(crossed) == CONVOYS
    return [e.time_s - came.get(e.convoy, e.time_s) for e in crossed]


def test_regular_cars_wait_as_in_a_queue_that_is_all_regular():
    """D/D/1: a car every 8 min, one let go every 10: each waits 2 min longer."""
    assert waits("8 min") == [120 * number for number in range(CONVOYS)]


def test_regular_cars_that_come_more_slowly_never_wait():
    assert set(waits("11 min")) == {0}


@pytest.fixture(scope="module")
def z():
    gap = "on average 15 min, memoryless"
    means = [np.mean(waits(gap, number)) for number in range(REPLICATIONS)]
    error = np.std(means, ddof=1) / np.sqrt(REPLICATIONS)
    return lambda claimed: (np.mean(means) - claimed) / error


@pytest.mark.slow
def test_cars_by_chance_wait_as_in_m_d_1(z):
    """Pollaczek and Khinchine: load x service / (2 (1 - load)).

    Gross et al., Fundamentals of Queueing Theory, 4th ed., section 5.1.
    """
    load = RELEASE_S / GAP_S

    assert abs(z(load * RELEASE_S / (2 * (1 - load)))) < 4


@pytest.mark.slow
def test_the_check_would_notice_m_m_1(z):
    """Negative control: were the releases memoryless, they would wait twice as long."""
    load = RELEASE_S / GAP_S

    assert abs(z(load * RELEASE_S / (1 - load))) > 4


def test_cars_leave_the_gate_no_closer_than_it_lets_them():
    log = simulate(line("on average 15 min, memoryless"), seed=1)
    crossed = [e.time_s for e in log.events if e.kind is Kind.CROSSED]

    assert min(after - before for before, after in pairwise(crossed)) == RELEASE_S
