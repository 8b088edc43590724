"""Agreements at their edges, worked out by hand; the second program agrees."""

from sim.events import Cause, Kind
from sim.model import simulate
from sim.scenario import from_data
from tests.builders import at, changed, two_sides_data
from tests.reference.compare import differences


def events(data):
    operation = from_data(data)
    assert differences(operation, 0) == []
    return simulate(operation, seed=0).events


def times(data, kind, flow, until=1440):
    """Return the minutes and convoys of a flow at which something happens."""
    found = [e for e in events(data) if e.kind is kind and e.flow == flow]
    return [(e.time_s // 60, e.convoy) for e in found if e.time_s < until * 60]


def of_two(**terms):
    """Return two sides; two buses go as one convoy from the north, and wait there."""
    terms = {"unit": "vehicles", "parts": True, **terms}
    data = two_sides_data(2, 1, terms)
    return changed(data, flows__north__convoy={"north-buses": 2})


def test_what_is_left_of_a_convoy_takes_the_place_of_one_that_is_not_there():
    """The bus that boards for five hours had a place of the first tranche."""
    data = of_two(tranches=[{"north": 2, "south": 1}, {"north": 1, "south": 1}])
    slow = changed(data["flows"]["north"], boarding="5 h", convoy={"north-buses": 1})
    data = changed(
        data,
        fleets__north_D_buses__joins={at(0): 3},
        sites__north__groups__others={"people": 50},
        flows={"slow": changed(slow, groups=["others"]), **data["flows"]},
        flows__south__opens=at(2000),
        agreements__deal__parties__north__flows=["slow", "north"],
    )
    assert times(data, Kind.CROSSED, "north") == [
        (70, "north-001.1"),
        (70, "north-001"),
    ]


def test_who_waits_at_the_site_waits_for_no_agreement_once_a_part_has_gone_on():
    """The south passes at 190 min: then one of two buses may."""
    data = changed(
        of_two(
            rule="prior",
            first="south",
            tranches=[{"north": 1, "south": 1}, {"north": 2, "south": 1}],
        ),
        sites__north__groups__civilians__people=150,
        legs__slow_D_road__time="180 min",
    )
    waiting = [
        (e.time_s / 60, e.cause)
        for e in events(data)
        if e.kind is Kind.WAITING and e.place == "north"
    ]
    assert waiting[1:4] == [
        (0, Cause.NO_VEHICLE),
        (70, Cause.AGREEMENT),
        (190, Cause.NO_VEHICLE),
    ]


def test_of_all_that_is_left_there_is_no_less_when_somebody_else_takes_some():
    """A flow whose convoy gave up as it set out sends none when another is formed.

    That one takes its place at 120 min, and stands at the gate at 420.
    """
    data = of_two(
        tranches=[{"north": "rest", "south": "rest"}],
        at_most={"north": "1 convoy a day"},
        parts=False,
    )
    other = changed(data["flows"]["north"], boarding="5 h", groups=["others"])
    other = changed(other, convoy={"others": 1})
    data = changed(
        data,
        sites__north__groups__others={"people": 50},
        fleets__others={"kind": "bus", "seats": 50, "joins": {at(120): 1}},
        flows__other=other,
        flows__north__convoy={"north-buses": 1},
        flows__north__at_once=2,
        flows__north__boarding="0 min",
        flows__north__returns=False,
        routes__north__through=["north-gate", "road"],
        agreements__deal__parties__north={
            "flows": ["north", "other"],
            "gate": "north-gate",
            "gives_up_after": "0 min",
        },
    )
    assert times(data, Kind.RETURNED, "north", 420) == [(0, "north-002")]
