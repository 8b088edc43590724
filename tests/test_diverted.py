"""`caught: divert`: on from the gate over another route; every minute by hand.

A bus comes to the gate at 70. On its own route it would arrive at 135; the track takes
half an hour to the camp, where it would be at 105.
"""

import pytest

from sim.events import Kind, ReasonKind
from sim.metrics.registry import summary
from sim.model import simulate
from sim.report.explanation import lines_of
from sim.report.log_data import vehicles_data
from sim.words.reasons import why
from tests.builders import (
    NEVER,
    START,
    changed,
    from_data,
    halt,
    in_words,
    times,
    two_sides_data,
    with_gate,
    with_post,
)
from tests.logs import arrivals, causes, formed, returns, run, tranches


def around(gate="gate"):
    """Return what there is besides: a track that leads from a gate to a camp."""
    return {
        "sites__camp": {},
        "legs__track": {"time": "30 min"},
        "routes__around": {
            "origin": "pocket",
            "destination": "camp",
            "through": ["road", gate, "track"],
            "back": ["track"],
        },
    }


def diverting(since=60, until=100, gates="gate", **settings):
    return halt(gates, since, until, caught="divert", to="around", **settings)


def diverted(stoppages=None, **changes):
    """A bus for fifty people, on its way past a gate from which a track leads away."""
    return with_gate(
        stoppages or {"halt": diverting()},
        **{**around(), "sites__pocket__groups__civilians__people": 50, **changes},
    )


def test_it_goes_on_from_the_gate_over_the_other_route():
    """On the track at 70, at the camp at 100, empty at 105, home at 135."""
    log = run(diverted())
    [trip] = log.trips

    assert arrivals(log) == [(105, 50)]
    assert times(log, Kind.RELIEVED) == [135]
    assert times(log, Kind.CROSSED) == []
    assert (trip.destination, trip.diverted_at) == ("camp", "gate")


def test_the_next_takes_the_route_of_the_flow_again():
    """Home at 135, boarded at 145, at the gate at 205, at the refuge at 270."""
    log = run(diverted(sites__pocket__groups__civilians__people=100))

    assert arrivals(log) == [(105, 50), (270, 50)]
    assert [trip.destination for trip in log.trips] == ["camp", "refuge"]


def test_vehicles_that_do_not_return_do_not_take_the_way_back():
    log = run(diverted(flows__evacuation__returns=False))

    assert times(log, Kind.RELIEVED) == [105]


def test_the_log_the_table_and_the_explanation_say_so():
    operation = diverted()
    log = run(operation)
    [event] = [e for e in log.events if e.kind is Kind.DIVERTED]
    table = vehicles_data(log, operation)
    [row] = table.rows
    told = [
        in_words(why(line.cause, line.reason, operation))
        for line in lines_of(operation, log, "evacuation-001")
    ]

    assert event.reason.kind is ReasonKind.DIVERTED
    assert event.reason[3:] == ("halt", "gate", "around")
    assert event.people == 50
    assert row[table.columns.index("fate")] == "diverted"
    assert row[table.columns.index("destination")] == "camp"
    assert "road, diverted (a halt: to around)" in told


def test_its_time_is_charged_to_the_road_and_the_unloading():
    log = run(diverted())

    assert [c[:2] for c in causes(log)] == [
        (0, "boarding"),
        (10, "road"),
        (70, "road"),
        (100, "unloading"),
    ]
    assert summary(log)["arrived/pocket"] == 50


def test_no_more_than_it_catches_are_diverted():
    """Two come at 70; the second is held until 100 and arrives at 165."""
    log = run(
        diverted(
            {"halt": diverting(catches=1)},
            sites__pocket__groups__civilians__people=100,
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
        )
    )

    assert arrivals(log) == [(105, 50), (165, 50)]


def test_it_deters_nobody_unless_it_says_so():
    free = run(diverted({"halt": diverting(0, 100)}))
    deterred = run(diverted({"halt": diverting(0, 100, deters=True)}))

    assert formed(free, "evacuation") == [0]
    assert formed(deterred, "evacuation") == [100]


def test_empty_vehicles_are_held():
    """At the gate at 135, on their way back from the refuge."""
    log = run(
        diverted(
            {"halt": diverting(120, 300)},
            routes__out__back=["gate", "road"],
        )
    )

    assert times(log, Kind.DIVERTED) == []
    assert times(log, Kind.RELIEVED) == [360]


def test_who_is_on_the_other_route_already_is_held_and_not_counted_as_caught():
    """`first` takes it anyhow; it stands until 100, and the next is caught."""
    log = run(
        diverted(
            {"halt": diverting(catches=1)},
            sites__pocket__groups__civilians__people=100,
            fleets__buses__joins={START: 2},
            fleets__buses__priority={"first": 1},
            flows__first={
                "route": "around",
                "groups": ["civilians"],
                "convoy": {"buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
        )
    )

    assert arrivals(log, "evacuation") == [(105, 50)]
    assert arrivals(log, "first") == [(135, 50)]


def test_it_may_be_diverted_again_and_back():
    """From the bridge, at 100 on the track, back onto its own route: by the road,
    which takes an hour, to the refuge at 160."""
    bridge = {
        "gates": {"gate": {}, "bridge": {}},
        "routes__around__through": ["road", "gate", "track", "bridge", "track"],
        "routes__return": {
            "origin": "pocket",
            "destination": "refuge",
            "through": ["track", "bridge", "road"],
        },
    }
    log = run(
        diverted(
            {
                "halt": diverting(),
                "other": halt("bridge", 60, 500, caught="divert", to="return"),
            },
            **bridge,
        )
    )

    assert times(log, Kind.DIVERTED) == [70, 100]
    assert arrivals(log) == [(165, 50)]
    assert [trip.destination for trip in log.trips] == ["refuge"]


def test_turned_back_on_the_other_route_it_drives_back_the_whole_way():
    """Sixty minutes of road and thirty of track: back at 190."""
    log = run(
        diverted(
            {
                "halt": diverting(),
                "attack": halt("bridge", 60, 101, caught="turn_back"),
            },
            gates={"gate": {}, "bridge": {}},
            routes__around__through=["road", "gate", "track", "bridge", "track"],
        )
    )

    assert times(log, Kind.TURNED_BACK) == [100]
    assert returns(log) == [(190, 50)]


def test_turned_back_there_as_it_sets_out_it_deters_its_flow():
    """All in no time at 0: the flow waits until the attack is over at 50."""
    log = run(
        diverted(
            {
                "halt": diverting(0, 40),
                "attack": halt("bridge", 0, 50, caught="turn_back"),
            },
            gates={"gate": {}, "bridge": {}},
            routes__out__through=["gate", "road"],
            routes__around__through=["gate", "bridge", "track"],
            flows__evacuation__boarding="0 min",
        )
    )

    assert formed(log, "evacuation") == [0, 50]


def test_it_leaves_the_lanes_of_a_checkpoint():
    """Two come at 70 and are diverted out of lane and queue as it closes at 80."""
    log = run(
        with_post(
            {"halt": {**diverting(80, 300, "post")}},
            **around("post"),
        )
    )

    assert times(log, Kind.DIVERTED) == [80, 80]
    assert arrivals(log) == [(115, 50), (115, 50)]


def test_people_who_are_unaccounted_for_are_taken_before():
    log = run(diverted({"halt": diverting(unaccounted=4)}))

    assert arrivals(log) == [(105, 46)]


# Agreements


def with_deal(through=("road", "north-gate", "road"), gate="north-gate", **changes):
    """North's first bus is at its gate at 70, its second at 110, and fifty stay."""
    data = changed(
        two_sides_data(
            2,
            1,
            {
                "unit": "convoys",
                "rule": "credit",
                "ahead": 5,
                "tranches": [{"north": 1, "south": 1}, {"north": 1, "south": 1}],
            },
        ),
        **{
            "sites__camp": {},
            "legs__track": {"time": "30 min"},
            "routes__around": {
                "origin": "north",
                "destination": "camp",
                "through": ["road", gate, "track"],
            },
            "routes__north__through": list(through),
            "flows__north__headway": "40 min",
            "sites__north__groups__civilians__people": 150,
            "stoppages": {"halt": diverting(60, 80, gate)},
            **changes,
        },
    )
    return from_data(data)


def counted(log, side):
    return [
        (e.time_s / 60, e.convoy, e.units)
        for e in log.events
        if e.kind is Kind.COUNTED and e.reason.side == side
    ]


def test_it_gives_up_its_place_in_an_agreement_whose_gate_it_does_not_pass():
    """The second, at 110, moves up into the first tranche: no other is open before
    the south moves. A third has the place in the other, which it leaves."""
    log = run(
        with_deal(
            flows__south__opens=NEVER,
            agreements__deal__rule="lockstep",
            agreements__deal__ahead=None,
        )
    )

    assert arrivals(log, "north")[0] == (105, 50)
    assert [convoy for _, convoy, _ in counted(log, "north")] == [
        "north-002",
        "north-003",
    ]
    assert counted(log, "north")[0][0] == 110
    assert tranches(log, Kind.TRANCHE_COMPLETED, "north")[0] == (110, 1)


def test_what_has_passed_the_gate_goes_on_to_count():
    """At its side's gate at 70, diverted at the next, an hour after, at 130."""
    log = run(
        with_deal(
            ["road", "north-gate", "road", "fork", "road"],
            "fork",
            gates={"north-gate": {}, "south-gate": {}, "fork": {}},
            stoppages={"halt": diverting(120, 140, "fork")},
        )
    )

    assert times(log, Kind.DIVERTED) == [130]
    assert counted(log, "north")[0] == (70, "north-001", 1)


@pytest.mark.parametrize("counts", ["crossing", "arrival"])
def test_a_place_is_kept_if_the_other_route_leads_through_the_gate_too(counts):
    """Diverted at the fork at 70, at its side's gate at 100, at the camp at 135."""
    log = run(
        with_deal(
            ["road", "fork", "road", "north-gate", "road"],
            "fork",
            gates={"north-gate": {}, "south-gate": {}, "fork": {}},
            routes__around__through=["road", "fork", "track", "north-gate", "track"],
            agreements__deal__counted_at=counts,
        )
    )

    assert counted(log, "north")[0] == (
        100 if counts == "crossing" else 135,
        "north-001",
        1,
    )


def test_what_gave_up_its_place_does_not_count_on_arrival():
    log = run(with_deal(agreements__deal__counted_at="arrival"))

    assert "north-001" not in [convoy for _, convoy, _ in counted(log, "north")]


def test_other_convoys_have_the_luck_that_they_would_have():
    """Also on the legs of the other route, of which none is drawn twice."""
    vague = {
        "legs__road": {"time": "50 min to 70 min"},
        "legs__track": {"time": "20 min to 40 min"},
    }
    plain = with_gate({}, **{**around(), **vague})
    other = diverted(
        {"halt": diverting(5000, 6000)},
        sites__pocket__groups__civilians__people=100,
        **vague,
    )

    assert [e for e in simulate(plain, seed=3).events if e.convoy] == [
        e for e in simulate(other, seed=3).events if e.convoy
    ]
