"""People picked up on the way: times and numbers worked out by hand, and refusals."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.events import Cause, Kind
from sim.evidence import countings
from sim.evidence.questions import WHOLE, Run
from sim.metrics.account import Account
from sim.metrics.registry import summary_of
from sim.metrics.waiting import by_cause, by_origin, charges
from sim.scenario import from_data, from_text
from tests.builders import at, changed, halt
from tests.logs import run
from tests.strategies import operations_with_villages

COLUMN = """
operation: A column that picks people up
zone: UTC
starts: 2020-01-01T00:00
ends: 2020-01-03T00:00
sites:
  upper: {groups: {families: {people: 60}}}
  lower: {groups: {families: {people: 30}}}
  camp: {}
fleets:
  buses: {kind: bus, seats: 50, joins: {2020-01-01T00:00: 2}}
legs:
  first: {time: 30 min}
  second: {time: 60 min}
gates:
  bridge: {}
routes:
  out: {origin: upper, destination: camp, through: [first, lower, second, bridge]}
flows:
  column:
    route: out
    groups: [families]
    convoy: {buses: 2}
    boarding: 10 min
    unloading: 5 min
    returns: no
    picks_up:
      lower: {groups: [families], boarding: 4 min}
"""


def column(**changes):
    """Return the column, with paths changed."""
    return changed(PLAIN, **changes)


PLAIN = {
    "operation": "A column that picks people up",
    "zone": "UTC",
    "starts": at(0),
    "ends": at(2880),
    "sites": {
        "upper": {"groups": {"families": {"people": 60}}},
        "lower": {"groups": {"families": {"people": 30}}},
        "camp": {},
    },
    "fleets": {"buses": {"kind": "bus", "seats": 50, "joins": {at(0): 2}}},
    "legs": {"first": {"time": "30 min"}, "second": {"time": "60 min"}},
    "gates": {"bridge": {}},
    "routes": {
        "out": {
            "origin": "upper",
            "destination": "camp",
            "through": ["first", "lower", "second", "bridge"],
        }
    },
    "flows": {
        "column": {
            "route": "out",
            "groups": ["families"],
            "convoy": {"buses": 2},
            "boarding": "10 min",
            "unloading": "5 min",
            "returns": False,
            "picks_up": {"lower": {"groups": ["families"], "boarding": "4 min"}},
        }
    },
}
LATER = {"sites__lower__groups__families__ready": {at(70): 30}}
"""Nobody of the lower site is ready before minute 70; the column comes at 40."""


def told(log, *kinds):
    """Return minute, kind, origin and people of rows by group."""
    return [
        (e.time_s / 60, str(e.kind), e.origin, e.people)
        for e in log.events
        if e.convoy and e.group and str(e.kind) in kinds
    ]


def moments(log, kind, place):
    """Return when something happened to the column at a place [min]."""
    return [
        e.time_s / 60
        for e in log.events
        if e.convoy and str(e.kind) == kind and e.place == place
    ]


def waiting_h(log, origin):
    """Return the person-hours of a site's people by cause."""
    return {c: h for c, h in by_cause(charges(log), origin).items() if h}


def figures(log, name):
    """Return a metric for each site of origin."""
    account = Account(log)
    return {
        key.partition("/")[2]: value
        for key, value in summary_of(account).items()
        if key.partition("/")[0] == name
    }


# By hand


def test_people_of_two_sites_ride_on_together():
    """Sixty board two buses 0-10 and are at the lower site at 40.

    Thirty take the forty seats left in the second bus, which boards 40-44. Two drives
    and 5 min of unloading later, at 44 + 60 + 5 = 109, ninety have arrived.
    """
    log = run(from_text(COLUMN))

    assert told(log, "assigned", "arrived") == [
        (0, "assigned", "upper", 60),
        (40, "assigned", "lower", 30),
        (109, "arrived", "upper", 60),
        (109, "arrived", "lower", 30),
    ]
    assert [trip.loads for trip in log.trips] == [[50, 40]]
    assert log.trips[0].station_times["pick-up", "lower"] == (
        [2400, 2400],
        [2400, 2640],
    )
    assert figures(log, "arrived") == {"upper": 60, "lower": 30, "all": 90}
    assert figures(log, "t90")["lower"] == pytest.approx(109 / 60)
    assert waiting_h(log, "lower") == {
        Cause.NO_VEHICLE: 30 * 40 / 60,
        Cause.BOARDING: 30 * 4 / 60,
        Cause.ROAD: 30 * 60 / 60,
        Cause.UNLOADING: 30 * 5 / 60,
    }
    assert waiting_h(log, "upper") == {
        Cause.BOARDING: 60 * 14 / 60,
        Cause.ROAD: 60 * 90 / 60,
        Cause.UNLOADING: 60 * 5 / 60,
    }


def test_the_data_of_a_test_say_the_same_as_the_file():
    assert from_data(PLAIN) == from_text(COLUMN)


def test_if_nobody_is_there_yet_the_convoy_goes_on():
    """At 40 nobody is ready: it is at the bridge at 100 and has unloaded at 105."""
    log = run(from_data(column(**LATER)))

    assert told(log, "arrived") == [(105, "arrived", "upper", 60)]
    assert figures(log, "not_arrived") == {"upper": 0, "lower": 30, "all": 30}


def test_a_convoy_waits_for_people_until_somebody_is_there():
    """From 40 to 70 sixty people wait for thirty, who board 70-74."""
    waits = {"flows__column__picks_up__lower__waits": "2 h"}
    log = run(from_data(column(**LATER, **waits)))

    assert moments(log, "held", "lower") == [40]
    assert told(log, "assigned", "arrived")[1:] == [
        (70, "assigned", "lower", 30),
        (139, "arrived", "upper", 60),
        (139, "arrived", "lower", 30),
    ]
    assert waiting_h(log, "upper")[Cause.NOT_READY] == 60 * 30 / 60
    assert figures(log, "held_aboard")["upper"] == 60 * 30 / 60


@pytest.mark.parametrize(("patience", "joined"), [(29, 0), (30, 30), (31, 30)])
def test_its_patience_ends(patience, joined):
    """In the second in which it ends who has just got ready still joins."""
    waits = {"flows__column__picks_up__lower__waits": f"{patience} min"}
    log = run(from_data(column(**LATER, **waits)))

    assert figures(log, "arrived")["lower"] == joined
    assert told(log, "arrived")[0][0] == (139 if joined else 105 + patience)


def test_nobody_is_waited_for_who_will_not_come():
    """Half of those who were to get ready withdraw, at 55 the other half."""
    changes = {
        **LATER,
        "sites__lower__groups__families__withdraws": {at(50): 15, at(55): 15},
        "flows__column__picks_up__lower__waits": "2 h",
    }
    log = run(from_data(column(**changes)))

    assert told(log, "arrived") == [(55 + 65, "arrived", "upper", 60)]


def test_seats_run_out():
    """Forty of a hundred have a seat; sixty stay, and no vehicle comes any more."""
    log = run(from_data(column(sites__lower__groups__families__people=100)))

    assert told(log, "assigned")[1:] == [(40, "assigned", "lower", 40)]
    assert figures(log, "not_arrived") == {"upper": 0, "lower": 60, "all": 60}
    left = [e for e in log.events if e.kind is Kind.UNFINISHED]
    assert [(e.place, e.people, e.cause) for e in left] == [
        ("lower", 60, Cause.NO_SERVICE)
    ]


def test_a_load_at_the_origin_leaves_seats_for_those_on_the_way():
    """With 30 in each bus at first, forty find a seat on the way."""
    changes = {
        "flows__column__load": {"buses": 30},
        "sites__lower__groups__families__people": 100,
    }
    log = run(from_data(column(**changes)))

    assert [trip.loads for trip in log.trips] == [[50, 50]]


def test_vehicles_go_empty_for_those_who_are_picked_up():
    """Fifty fill a bus; the second goes along for the thirty below."""
    log = run(from_data(column(sites__upper__groups__families__people=50)))

    assert [trip.loads for trip in log.trips] == [[50, 30]]
    assert log.trips[0].station_times["boarding", "upper"][1] == [600, 0]
    nobody = {"sites__lower__groups__families__stay": 30}
    alone = run(from_data(column(sites__upper__groups__families__people=50, **nobody)))
    assert [trip.loads for trip in alone.trips] == [[50]]


def test_each_group_takes_the_vehicles_that_carry_it():
    """Ambulances carry the wounded only: of six, four ride lying, two in the bus."""
    changes = {
        "fleets__buses__joins": {at(0): 1},
        "flows__column__convoy": {"buses": 1, "ambulances": 2},
        "fleets__ambulances": {
            "kind": "ambulance",
            "seats": 2,
            "joins": {at(0): 2},
            "carries": ["wounded"],
        },
        "sites__upper__groups": {"families": {"people": 45}},
        "sites__lower__groups": {
            "families": {"people": 30},
            "wounded": {"people": 6, "priority": 1},
        },
        "flows__column__picks_up__lower__groups": ["families", "wounded"],
    }
    log = run(from_data(column(**changes)))

    [trip] = log.trips
    assert list(zip(trip.fleets, trip.loads, strict=True)) == [
        ("ambulances", 2),
        ("ambulances", 2),
        ("buses", 50),
    ]
    assert trip.groups == {"families": 48, "wounded": 6}
    few = {"sites__lower__groups__wounded__people": 3}
    assert run(from_data(changed(column(**changes), **few))).trips[0].loads == [
        2,
        1,
        50,
    ]
    assert figures(log, "arrived") == {"upper": 45, "lower": 9, "all": 54}


def test_who_is_turned_back_gets_out_where_he_boarded():
    """At the bridge at 104, turned back: the lower site is an hour back, at 164.

    The upper one is half an hour further, at 194; then both are fetched again.
    """
    stop = {"stoppages": {"halt": halt("bridge", 100, 110, caught="turn_back")}}
    late = {"flows__column__opens": at(0), "flows__column__closes": at(1)}
    log = run(from_data(column(**stop, **late)))

    assert told(log, "returned") == [
        (164, "returned", "lower", 30),
        (194, "returned", "upper", 60),
    ]
    assert [e.place for e in log.events if e.kind is Kind.RETURNED] == [
        "lower",
        "upper",
    ]
    assert figures(log, "turned_back") == {"upper": 60, "lower": 30, "all": 90}
    assert figures(log, "not_arrived") == {"upper": 60, "lower": 30, "all": 90}
    back = by_origin(charges(log))
    assert back["lower"] + back["upper"] == sum(by_cause(charges(log)).values())


def test_who_walks_goes_back_to_where_he_boarded():
    """Both buses are destroyed at the bridge: an hour on foot down there, 1.5 h up."""
    loss = halt("bridge", 100, 110, caught="turn_back", loses_loaded={"buses": 2})
    late = {"flows__column__closes": at(1)}
    log = run(from_data(column(stoppages={"attack": loss}, **late)))

    assert sorted(told(log, "returned")) == [
        (164, "returned", "lower", 30),
        (194, "returned", "upper", 60),
    ]


def test_who_is_lost_is_counted_by_origin():
    """Of the first bus fifty from above; the others by the order of their boarding."""
    loss = halt("bridge", 100, 110, caught="detain", detained_for="1 h", unaccounted=65)
    log = run(from_data(column(stoppages={"attack": loss})))

    assert figures(log, "unaccounted") == {"upper": 60, "lower": 5, "all": 65}
    assert figures(log, "arrived") == {"upper": 0, "lower": 25, "all": 25}


SIDES = {
    "sites__town": {"groups": {"families": {"people": 90}}},
    "fleets__coaches": {"kind": "bus", "seats": 90, "joins": {at(0): 1}},
    "gates__post": {},
    "routes__over": {
        "origin": "town",
        "destination": "camp",
        "through": ["second", "post"],
    },
    "flows__other": {
        "route": "over",
        "groups": ["families"],
        "convoy": {"coaches": 1},
        "boarding": "10 min",
        "unloading": "5 min",
        "returns": False,
        "opens": at(200),
    },
}


def exchange(tranche, **terms):
    """Return an agreement of the column's people for those of a town."""
    return {
        "agreements__exchange": {
            "parties": {
                "hills": {"flows": ["column"], "gate": "bridge"},
                "town": {"flows": ["other"], "gate": "post"},
            },
            "rule": "simultaneous",
            "tranches": [tranche],
            **terms,
        }
    }


def test_in_an_exchange_a_convoy_holds_those_it_has_picked_up():
    """The town is at its post at 200 + 10 + 60 = 270; ninety stand there from 104."""
    log = run(from_data(column(**SIDES, **exchange({"hills": 90, "town": 90}))))

    assert moments(log, "held", "bridge") == [104]
    assert moments(log, "released", "bridge") == [270]
    held = figures(log, "held_aboard")
    assert held["upper"] == pytest.approx(60 * 166 / 60)
    assert held["lower"] == pytest.approx(30 * 166 / 60)
    counted = [e.people for e in log.events if e.kind is Kind.COUNTED]
    assert sorted(counted) == [90, 90]


def test_no_more_are_picked_up_than_an_agreement_has_room_for():
    """Of a tranche of seventy sixty set out: ten may join, whatever comes behind it."""
    terms = exchange({"hills": 70, "town": 90})
    terms["agreements__exchange"]["tranches"].append({"hills": 20, "town": 0})
    log = run(from_data(column(**SIDES, **terms)))

    assert told(log, "assigned")[1] == (40, "assigned", "lower", 10)
    assert figures(log, "arrived") == {"upper": 60, "lower": 10, "town": 90, "all": 160}


@pytest.mark.parametrize(("people", "arrive"), [(40, 100), (100, 0)])
def test_a_side_has_somebody_left_who_waits_at_a_stop(people, arrive):
    """A hundred of 120 agreed stand there: enough if nobody of the side is left."""
    terms = exchange({"hills": 120, "town": 90})
    terms["sites__lower__groups__families__people"] = people
    if people == 40:
        terms["agreements__exchange"]["tranches"] = [{"hills": "rest", "town": 90}]
    log = run(from_data(column(**SIDES, **terms)))

    arrived = figures(log, "arrived")
    assert arrived["upper"] + arrived["lower"] == arrive


def test_who_joins_once_the_convoy_counts_is_counted_by_no_agreement():
    """The gate of the side stands before the stop: sixty count, ninety arrive."""
    way = {"routes__out__through": ["first", "bridge", "lower", "second"]}
    terms = exchange({"hills": 60, "town": 60}, rule="credit", ahead=1)
    log = run(from_data(column(**SIDES, **terms, **way)))

    assert figures(log, "arrived")["lower"] == 30
    counted = [
        (e.flow, e.people)
        for e in log.events
        if e.kind is Kind.COUNTED and e.flow == "column"
    ]
    assert counted == [("column", 60)]


def test_who_joins_counts_on_arrival_for_the_side_of_the_convoy():
    way = {"routes__out__through": ["first", "bridge", "lower", "second"]}
    terms = exchange(
        {"hills": 75, "town": 75}, rule="credit", ahead=1, counted_at="arrival"
    )
    log = run(from_data(column(**SIDES, **terms, **way)))

    assert figures(log, "arrived")["lower"] == 15
    counted = [e for e in log.events if e.kind is Kind.COUNTED and e.flow == "column"]
    assert [e.people for e in counted] == [75]


def test_a_convoy_crosses_in_parts_with_people_of_both_sites():
    """The first bus fills the first tranche; both parts know whom they carry."""
    terms = exchange({"hills": 50, "town": 45}, parts=True)
    terms["agreements__exchange"]["tranches"].append({"hills": 40, "town": 45})
    terms["agreements__exchange"]["rule"] = "lockstep"
    log = run(from_data(column(**SIDES, **terms)))

    parted = [(e.convoy, e.origin, e.people) for e in log.events if e.kind == "parted"]
    assert parted == [("column-001", "upper", -50), ("column-001.1", "upper", 50)]
    assert figures(log, "arrived")["lower"] == 30


def test_a_destination_takes_in_no_more_than_it_holds():
    log = run(from_data(column(sites__camp__holds=70)))

    assert figures(log, "arrived") == {"upper": 60, "lower": 10, "all": 70}


def test_people_of_a_pace_are_also_those_picked_up():
    log = run(from_data(column(flows__column__at_most="75 people a day")))

    assert told(log, "assigned")[1] == (40, "assigned", "lower", 15)


TWO_BUSES_APART = {
    "sites__upper__groups__families__people": 90,
    "sites__lower__groups__families__people": 20,
    "flows__column__convoy": {"buses": 1},
    "flows__column__load": {"buses": 30},
    "flows__column__at_once": 2,
    "flows__column__headway": "60 min",
}
"""A bus with thirty at 0, which twenty join at 40; the next one at 60."""


def test_who_was_picked_up_has_used_the_pace():
    """Of 75 a day, 50 are used by 60, so that 25 may set out then."""
    pace = {"flows__column__at_most": "75 people a day"}
    log = run(from_data(column(**TWO_BUSES_APART, **pace)))

    assert [trip.loads for trip in log.trips[:2]] == [[50], [25]]


def test_who_was_picked_up_has_a_place_in_the_tranche():
    """Of a tranche of sixty, fifty have their places by 60, so that ten set out."""
    terms = exchange({"hills": 60, "town": 60}, rule="credit", ahead=1)
    log = run(from_data(column(**SIDES, **TWO_BUSES_APART, **terms)))

    own = [trip.loads for trip in log.trips if trip.flow == "column"]
    assert own == [[50], [10]]


def test_in_parts_those_who_join_fill_the_tranches_behind():
    """Of tranches of 30 and 25 the bus of thirty takes twenty into the second."""
    terms = exchange({"hills": 30, "town": 30}, rule="credit", ahead=1, parts=True)
    terms["agreements__exchange"]["tranches"].append({"hills": 25, "town": 25})
    log = run(from_data(column(**SIDES, **TWO_BUSES_APART, **terms)))

    own = [trip.loads for trip in log.trips if trip.flow == "column"]
    assert own == [[50], [5]]


def test_documented_figures_are_read_off_for_each_origin():
    """The first gate of some is before the stop, that of the others behind it."""
    way = {
        "gates__pass": {},
        "routes__out__through": ["first", "pass", "lower", "second", "bridge"],
    }
    found = Run(Account(run(from_data(column(**way)))))

    def read(counting, origin):
        curve = counting(found, origin, WHOLE)
        return [t / 60 for t in curve.times_s], list(curve.totals)

    assert read(countings.people_departed, "upper") == ([40], [60])
    assert read(countings.people_departed, "lower") == ([104], [30])
    assert read(countings.people_departed, "upper+lower") == ([40, 104], [60, 90])
    assert read(countings.people_arrived, "lower") == ([109], [30])
    assert read(countings.people_inside, "lower") == ([0, 40], [30, 0])
    assert read(countings.vehicles_crossed, "lower") == ([104], [2])
    assert read(countings.convoys_arrived, "upper+lower") == ([109], [1])
    assert read(countings.convoys_arrived, "lower") == ([109], [1])


def test_two_flows_take_people_of_one_site():
    """Whoever comes first takes them: the van at 0 takes eight of thirty."""
    van = {
        "fleets__vans": {"kind": "private", "seats": 8, "joins": {at(0): 1}},
        "routes__down": {
            "origin": "lower",
            "destination": "camp",
            "through": ["second", "bridge"],
        },
        "flows__vans": {
            "route": "down",
            "groups": ["families"],
            "convoy": {"vans": 1},
            "boarding": "1 min",
            "unloading": "1 min",
            "returns": False,
        },
    }
    log = run(from_data(column(**van)))

    assert sorted(told(log, "arrived")) == [
        (62, "arrived", "lower", 8),
        (109, "arrived", "lower", 22),
        (109, "arrived", "upper", 60),
    ]


def test_a_site_with_few_bays_boards_vehicle_after_vehicle():
    """Two buses with 25 seats left each at one bay: 40-44 and 44-48."""
    changes = {
        "flows__column__load": {"buses": 25},
        "sites__upper__groups__families__people": 50,
        "sites__lower": {"bays": 1, "groups": {"families": {"people": 50}}},
    }
    log = run(from_data(column(**changes)))

    assert log.trips[0].station_times["pick-up", "lower"] == (
        [2400, 2640],
        [2640, 2880],
    )
    assert told(log, "arrived")[0][0] == 48 + 65


def test_a_phase_changes_where_people_are_picked_up():
    """The second convoy, from 100 on, passes by and leaves thirty where they are."""
    changes = {
        "fleets__buses__joins": {at(0): 1},
        "flows__column__convoy": {"buses": 1},
        "flows__column__returns": True,
        "flows__column__phases": {at(100): {"picks_up": {}}},
        "sites__upper__groups__families__people": 100,
    }
    log = run(from_data(column(**changes)))

    assert figures(log, "arrived") == {"upper": 100, "lower": 0, "all": 100}


def test_who_is_diverted_before_the_stop_does_not_come_there():
    """From the bridge before the lower site the way leads round it."""
    changes = {
        "gates__fork": {},
        "routes__out__through": ["first", "fork", "lower", "second"],
        "gates__bridge": None,
        "routes__round": {
            "origin": "upper",
            "destination": "camp",
            "through": ["first", "fork", "second"],
        },
        "stoppages": {"flood": halt("fork", 0, 500, caught="divert", to="round")},
    }
    log = run(from_data(column(**changes)))

    assert told(log, "arrived") == [(105, "arrived", "upper", 60)]
    why = [e.cause for e in log.events if e.kind is Kind.WAITING and e.place == "lower"]
    assert why == [Cause.NOT_BEGUN, Cause.NO_VEHICLE, Cause.NO_SERVICE]


# What is refused

WRONG = {
    "not on the route": (
        {"routes__out__through": ["first", "second", "bridge"]},
        "flows.column.picks_up.lower: convoys of 'column' do not come by 'lower'",
        "Add it under 'routes.out.through'",
    ),
    "the origin": (
        {
            "flows__column__picks_up__upper": {
                "groups": ["families"],
                "boarding": "1 min",
            }
        },
        "flows.column.picks_up.upper: the route 'out' begins at 'upper'",
        "Name its groups under 'groups' of the flow",
    ),
    "the destination": (
        {
            "sites__camp": {"groups": {"families": {"people": 5, "stay": 5}}},
            "flows__column__picks_up__camp": {
                "groups": ["families"],
                "boarding": "1 min",
            },
        },
        "flows.column.picks_up.camp: the route 'out' ends at 'camp'",
        "Leave it out",
    ),
    "no site": (
        {
            "flows__column__picks_up__lowre": {
                "groups": ["families"],
                "boarding": "1 min",
            }
        },
        "flows.column.picks_up.lowre",
        "Did you mean 'lower'?",
    ),
    "a group that is nowhere": (
        {"flows__column__picks_up__lower__groups": ["familes"]},
        "flows.column.picks_up.lower.groups.0",
        "Did you mean 'families'?",
    ),
    "a group that is elsewhere": (
        {
            "sites__upper__groups__wounded": {"people": 2},
            "flows__column__groups": ["families", "wounded"],
            "flows__column__picks_up__lower__groups": ["families", "wounded"],
        },
        "flows.column.picks_up.lower.groups.1: there are no 'wounded' at 'lower'",
        "Groups there: families",
    ),
    "a group that no fleet carries": (
        {
            "sites__lower__groups__wounded": {"people": 2},
            "flows__column__picks_up__lower__groups": ["families", "wounded"],
            "fleets__buses__carries": ["families"],
        },
        "flows.column.picks_up.lower.groups.1: no fleet of this flow carries 'wounded'",
        "Add the group to what buses carries",
    ),
    "a wait for nobody": (
        {"flows__column__picks_up__lower__waits": "1 h"},
        "flows.column.picks_up.lower.waits: it has no effect: of 'families' at 'lower'",
        "Write 'ready' or 'joins' for the group",
    ),
    "a wait of no time": (
        {"flows__column__picks_up__lower__waits": "0 min", **LATER},
        "flows.column.picks_up.lower.waits: it is no time",
        "Write more, or leave it out",
    ),
    "a site at which nobody stops": (
        {
            "sites__lower": {},
            "flows__column__picks_up": None,
        },
        "routes.out.through.1: it has no effect: 'column' picks nobody up at 'lower'",
        "Name it under 'picks_up' of a flow",
    ),
    "a site on the way twice": (
        {"routes__out__through": ["first", "lower", "second", "lower", "bridge"]},
        "routes.out.through.3: 'lower' is on the route twice",
        "Name it once",
    ),
    "an end of the route on the way": (
        {"routes__out__through": ["first", "lower", "upper", "second", "bridge"]},
        "routes.out.through.2: the route begins at 'upper'",
        "Leave it out here",
    ),
    "a site on the way of empty vehicles": (
        {"routes__out__back": ["second", "lower", "first"]},
        "routes.out.back.1: 'lower' is not a leg or gate",
        "but a site",
    ),
    "the name of a leg": (
        {
            "legs__lower": {"time": "5 min"},
        },
        "flows.column.picks_up.lower: 'lower' is also the name of a leg",
        "Give one of them another name",
    ),
    "no boarding time": (
        {"flows__column__picks_up__lower__boarding": None},
        "flows.column.picks_up.lower: 'boarding' is missing",
        "Add 'boarding:'",
    ),
    "a phase over another road": (
        {
            "flows__column__phases": {at(60): {"route": "round"}},
            "routes__round": {
                "origin": "upper",
                "destination": "camp",
                "through": ["first", "second"],
            },
        },
        "convoys of 'column' do not come by 'lower': it is not on the route 'round'",
        "Add it under 'routes.round.through'",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_meant_is_refused(what):
    changes, problem, remedy = WRONG[what]

    with pytest.raises(ScenarioError) as refused:
        from_data(column(**changes))

    assert problem in str(refused.value)
    assert remedy in str(refused.value)


def test_whom_only_a_convoy_on_its_way_takes_can_leave():
    """Without the stop the people of the lower site can never leave."""
    no_stop = {
        "flows__column__picks_up": None,
        "routes__out__through": ["first", "second"],
        "gates__bridge": None,
    }
    with pytest.raises(ScenarioError, match="'families' at 'lower' can never leave"):
        from_data(column(**no_stop))


# In operations made up

many = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@given(operations_with_villages(), st.integers(0, 2**32))
@many
def test_everybody_of_every_site_is_somewhere_by_its_log(operation, seed):
    """Rows of each origin and group add up, at any moment, to those who were there."""
    log = run(operation, seed)

    aboard = Counter()
    inside = Counter()
    gone = Counter()
    for event in log.events:
        who = event.origin or event.place, event.group
        if event.kind in {Kind.STARTED, Kind.JOINED}:
            inside[who] += event.people
        elif event.kind is Kind.ASSIGNED:
            assert event.origin == event.place
            inside[who] -= event.people
            aboard[who, event.convoy] += event.people
        elif event.kind is Kind.PARTED:
            aboard[who, event.convoy] += event.people
        elif event.kind is Kind.RETURNED:
            assert event.origin == event.place
            inside[who] += event.people
            aboard[who, event.convoy] -= event.people
        elif event.kind is Kind.SET_DOWN:
            aboard[who, event.convoy] -= event.people
            aboard[who, f"{event.convoy}-on-foot"] += event.people
        elif event.kind in {Kind.ARRIVED, Kind.UNACCOUNTED, Kind.LIVES_LOST}:
            aboard[who, event.convoy] -= event.people
            gone[who] += event.people
        assert inside[who] >= 0
        assert aboard[who, event.convoy] >= 0
    riding = Counter()
    for (who, _), people in aboard.items():
        riding[who] += people
    for site, plan in operation.sites.items():
        for group, people in plan.groups.items():
            who = site, group
            joined = sum(
                event.people
                for event in log.events
                if (event.kind, event.place, event.group) == (Kind.JOINED, *who)
            )
            assert inside[who] + riding[who] + gone[who] == people.people + joined


@given(operations_with_villages(), st.integers(0, 2**32))
@many
def test_metrics_of_sites_add_up_to_what_convoys_brought(operation, seed):
    """Of each origin by the metrics, and by what is told of each convoy."""
    account = Account(run(operation, seed))
    brought = Counter()
    for passage in account.convoys:
        for (site, _), people in passage.arrived.items():
            brought[site] += people
    found = summary_of(account)

    for site in account.origins:
        assert found[f"arrived/{site}"] == brought[site]
    assert found["arrived/all"] == sum(brought.values())
