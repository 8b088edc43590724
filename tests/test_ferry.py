"""A ferry: times worked out by hand, and a boat that is looked at every minute."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.events import Cause, Kind
from sim.metrics.waiting import by_cause, charges
from sim.scenario import from_data, from_text
from tests.builders import START, halt, shuttle, times
from tests.logs import arrivals, returns, run

CROSSING = """
operation: A town across a river
zone: Asia/Baghdad
starts: 2030-05-01T06:00
ends: 2030-05-03T06:00
sites:
  town: {groups: {families: {people: 400}}}
  camp: {title: Camp on the far bank}
fleets:
  buses: {kind: bus, seats: 50, joins: {2030-05-01T06:00: 4}}
legs:
  quay-road: {time: 30 min}
  far-road: {time: 60 min}
stages:
  ferry:
    river:
      title: Ferry over the river
      places: 2
      crossing: 20 min
      boarding: 5 min
routes:
  out:
    origin: town
    destination: camp
    through: [quay-road, river, far-road]
    back: [far-road, river, quay-road]
flows:
  families:
    route: out
    groups: [families]
    convoy: {buses: 2}
    at_once: 2
    headway: 15 min
    boarding: 10 min
    unloading: 10 min
"""


def minutes(log, kind, convoy, place="river"):
    """Return when something happened to a convoy at a place [min]."""
    return [
        event.time_s / 60
        for event in log.events
        if (str(event.kind), event.convoy, event.place) == (kind, convoy, place)
    ]


def test_an_operation_by_ferry_gives_what_a_hand_works_out():
    """Four buses in two convoys bring 400 people in two rounds; minutes after 6:00.

    First round. Convoy 1 boards 0-10, is at the quay at 40, has both buses aboard at
    50, lands at 70 and arrives at 70 + 60 + 10 = 140. Convoy 2 sets out at 15, boards
    until 25 and is at the quay at 55. The boat is back at 70 + 20 = 90: it loads
    90-100, lands at 120, and convoy 2 arrives at 190.

    Back. The boat has come home at 140 and lies there. Convoy 1 is at the far bank at
    140 + 60 = 200: the boat comes over by 220, loads until 230 and lands at 250; the
    convoy is home at 280. Convoy 2 is there at 250, in the very minute in which the
    boat is back: it comes over once more by 270, loads until 280, lands at 300, and
    convoy 2 is home at 330.

    Second round. Convoy 3, of the first two buses, boards 280-290, is at the quay at
    320, where the boat lies since 300: it lands at 350 and arrives at 420. Convoy 4
    boards 330-340 and is at the quay at 370, as the boat, back from 350, comes in at
    370: it lands at 400 and arrives at 470.
    """
    log = run(from_text(CROSSING))

    assert arrivals(log) == [(140, 100), (190, 100), (420, 100), (470, 100)]
    assert minutes(log, "cleared", "families-001") == [70, 250]
    assert minutes(log, "cleared", "families-002") == [120, 300]
    # 100 people each: convoy 2 stands in line from 55 to 90, nobody else does.
    assert by_cause(charges(log))[Cause.QUEUE] == pytest.approx(100 * 35 / 60)


def crossing(buses, places, **changes):
    """Return convoys of one bus, 3 minutes apart, of which the first is there at 10.

    The river takes 20 minutes, the way behind it 5 and unloading nothing.
    """
    return from_data(
        shuttle(
            **{
                "stages": {
                    "ferry": {"river": {"places": places, "crossing": "20 min"}}
                },
                "sites__pocket__groups__civilians__people": 50 * buses,
                "fleets__buses__joins": {START: buses},
                "flows__evacuation__at_once": buses,
                "flows__evacuation__headway": "3 min",
                "flows__evacuation__unloading": "0 min",
                "flows__evacuation__returns": "no",
                "legs__road__time": "5 min",
                "routes__out__through": ["river", "road"],
                "routes__out__back": None,
                **changes,
            }
        )
    )


# Batches


def test_two_that_come_in_one_second_go_together_if_both_fit():
    together = {"flows__evacuation__headway": None}

    assert arrivals(run(crossing(2, 2, **together))) == [(35, 50), (35, 50)]
    assert arrivals(run(crossing(2, 1, **together))) == [(35, 50), (75, 50)]


def test_who_has_come_when_the_boat_is_back_goes_together():
    """At 10 the first sails; those of 13, 16, 19 and 22 find it away until 50.

    Three fit: 13, 16 and 19 sail at 50 and land at 70; 22 sails at 90.
    """
    assert arrivals(run(crossing(5, 3))) == [
        (10 + 20 + 5, 50),
        *[(50 + 20 + 5, 50)] * 3,
        (90 + 20 + 5, 50),
    ]


def test_those_who_go_together_wait_until_the_last_is_aboard():
    """Two minutes each: from 50 to 52, 54 and 56, when they sail."""
    log = run(crossing(4, 3, stages__ferry__river__boarding="2 min"))
    alone = 10 + 2 + 20 + 5
    back = 10 + 2 + 40

    assert arrivals(log) == [(alone, 50), *[(back + 3 * 2 + 20 + 5, 50)] * 3]
    # The second stands on the quay until the boat is back, then aboard until it sails.
    assert minutes(log, "queued", "evacuation-002") == [13, back]


def test_a_convoy_that_does_not_fit_is_through_with_its_last_vehicle():
    """Three buses on a boat for one sail at 10, 50 and 90."""
    together = crossing(3, 1, flows__evacuation__convoy__buses=3)
    log = run(together)

    assert arrivals(log) == [(90 + 20 + 5, 150)]
    assert by_cause(charges(log))[Cause.QUEUE] == pytest.approx(150 * 80 / 60)


def test_who_comes_later_takes_the_places_that_a_convoy_leaves_free():
    """Three buses come at 10, two aboard at once; the third of them leaves a place.

    Another convoy comes at 13: it sails with that one at 50.
    """
    two_sizes = crossing(
        4,
        2,
        sites__pocket__groups__civilians__people=150,
        sites__pocket__groups__wounded__people=50,
        fleets__buses__joins={START: 3},
        fleets__vans={"kind": "ambulance", "seats": 50, "joins": {START: 1}},
        flows__evacuation__convoy={"buses": 3},
        flows__wounded={
            "route": "out",
            "groups": ["wounded"],
            "convoy": {"vans": 1},
            "opens": "2020-01-01T00:03",
            "boarding": "10 min",
            "unloading": "0 min",
            "returns": "no",
        },
    )

    assert sorted(arrivals(run(two_sizes))) == [(75, 50), (75, 150)]


def test_a_boat_that_nobody_needs_waits_on_the_near_bank():
    """The second comes an hour after the boat is back: it sails at once."""
    log = run(crossing(2, 1, flows__evacuation__headway="100 min"))

    assert arrivals(log) == [(35, 50), (135, 50)]


# Both ways


def test_empty_vehicles_cross_as_the_boat_comes_back():
    """Of four buses the first two sail at 10 and 50; empties come to the far bank.

    The first is there at 10 + 20 + 5 + 5 = 40, when the boat is under way, home at 50
    and back on the far bank at 70: it sails with it then and is over at 90.
    """
    both = crossing(
        2,
        1,
        flows__evacuation__returns="yes",
        routes__out__back=["road", "river"],
    )

    assert minutes(run(both), "cleared", "evacuation-001") == [30, 90]


def test_who_boards_on_the_far_bank_makes_the_boat_late_on_the_near_one():
    """One place, two minutes to board; three come at 10, 13 and 16.

    The first sails at 12 and lands at 32, the second loads at 52, sails at 54 and lands
    at 74. The first bus, empty again at 37, is on the far bank at 42: it loads at 74
    and sails at 76. So the third loads at 96, not 94, sails at 98 and lands at 118.
    """
    both = crossing(
        3,
        1,
        stages__ferry__river__boarding="2 min",
        flows__evacuation__returns="yes",
        routes__out__back=["road", "river"],
    )

    assert arrivals(run(both)) == [(37, 50), (79, 50), (123, 50)]


def test_the_boat_goes_over_to_fetch_who_stands_on_the_other_bank():
    """The first convoy comes from there: it needs the boat over and back."""
    inbound = crossing(1, 1, routes__out__inbound=["river"])

    assert arrivals(run(inbound)) == [(40 + 10 + 20 + 5, 50)]


def test_who_is_turned_back_crosses_once_more():
    """It is over at 30, at the gate; 20 back to the near bank."""
    shut = {"raid": halt("gate", 0, 3000, caught="turn_back", deters="no")}
    log = run(
        crossing(
            1,
            1,
            gates={"gate": {}},
            routes__out__through=["river", "gate", "road"],
            stoppages=shut,
        )
    )

    assert returns(log)[0] == (50, 50)


# Properties


@settings(max_examples=25, deadline=None)
@given(
    buses=st.integers(1, 9),
    places=st.integers(1, 4),
    headway=st.integers(1, 25),
    boarding=st.integers(0, 4),
    size=st.integers(1, 3),
)
def test_everybody_arrives_in_the_order_of_coming_and_no_trip_is_too_full(
    buses, places, headway, boarding, size
):
    """Against a boat that is looked at minute by minute."""
    more = {"stages__ferry__river__boarding": f"{boarding} min"} if boarding else {}
    world = crossing(
        buses * size,
        places,
        flows__evacuation__convoy__buses=size,
        flows__evacuation__headway=f"{headway} min",
        **more,
    )
    coming = [10 + headway * number for number in range(buses)]
    landings = by_the_minute(coming, size, places, boarding)

    assert arrivals(run(world)) == [(landed + 5, 50 * size) for landed in landings]


def by_the_minute(coming, size, places, boarding):
    """Return when each convoy is over, its last vehicle that is.

    Vehicles stand in line one by one. Each minute: who comes joins the line; a boat
    that lies at the quay takes as many as fit and sails when they are aboard.
    """
    line, over, home, minute = [], {}, 0, 0
    while len(over) < len(coming) or line:
        line += [
            n for n, came in enumerate(coming) if came == minute for _ in range(size)
        ]
        if line and minute >= home:
            aboard, line = line[:places], line[places:]
            lands = minute + boarding * len(aboard) + 20
            over |= dict.fromkeys(aboard, lands)
            home = lands + 20
        minute += 1
    return [over[number] for number in range(len(coming))]


# What is refused


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"crossing": "0 min"}, "crossing: it takes no time"),
        ({"boarding": "0 min"}, "boarding: it takes no time"),
        ({"places": 0}, "places: 0 is too small"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(change, said):
    changes = {f"stages__ferry__river__{field}": v for field, v in change.items()}
    with pytest.raises(ScenarioError, match=said):
        crossing(1, 1, **changes)


def test_nobody_is_lost_and_every_trip_is_in_the_log():
    log = run(crossing(5, 3))

    assert sum(people for _, people in arrivals(log)) == 250
    assert len(times(log, Kind.CLEARED, place="river")) == 5
