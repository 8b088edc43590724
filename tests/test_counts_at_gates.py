"""Counts of people and vehicles taken at several places of one route."""

from datetime import timedelta

import pytest

from sim.events import Kind
from sim.evidence.belonging import Never, strangers, why_never
from sim.evidence.reading import read
from sim.messages import in_plain
from sim.model.simulate import simulate
from tests.builders import (
    START,
    at,
    documented_figure,
    halt,
    operation,
    two_sides,
)

WAY = {
    "gates": {"near": {}, "far": {}, "side": {}},
    "routes__out__through": ["road", "near", "road", "far", "road"],
    "fleets__buses__joins": {START: 2},
    "flows__evacuation__at_once": 2,
    "sites__pocket__groups": {
        "wounded": {"people": 30, "priority": 1},
        "civilians": {"people": 70},
    },
    "flows__evacuation__groups": ["wounded", "civilians"],
}
"""Two buses of fifty are at the near gate at 70 and at the far one at 130 minutes; the
first has all thirty wounded."""
TURNED = {"halt": halt("far", 100, 200, caught="turn_back", catches=1, deters=False)}


def counted(metric, select="", first=0, last=1000, **stoppages):
    """Return what a run says of a window of minutes."""
    plan = operation(**WAY, **stoppages)
    figure = documented_figure(
        metric=metric,
        select=select,
        unit="vehicles" if "vehicles" in metric else "people",
        **{"from": at(first), "to": at(last)},
    )
    found = read(figure, simulate(plan, seed=1), plan.clock.seconds)
    return None if found is None else found.low


def test_people_are_counted_where_the_count_was_taken():
    """By 100 minutes a hundred have passed the near gate, and nobody the far one."""
    assert counted("departures_between", "place=near", last=100) == 100
    assert counted("departures_between", "place=far", last=100) == 0
    assert counted("departures_between", "place=far", first=100) == 100


def test_the_first_gate_is_meant_if_none_is_named():
    assert counted("departures_between", last=100) == 100


def test_people_of_a_group_are_counted_at_a_gate():
    assert counted("departures_between", "place=far;group=wounded") == 30


def test_vehicles_are_counted_at_a_gate():
    assert counted("vehicles_crossed_between", "place=far", last=130) == 0
    assert counted("vehicles_crossed_between", "place=far", last=131) == 2


def test_who_is_turned_back_between_two_gates_passed_the_first_only():
    """One bus of fifty is turned back before the far gate at 130; in the window of the
    two it is missing at the second.
    """
    near = counted("departures_between", "place=near", last=180, stoppages=TURNED)
    far = counted("departures_between", "place=far", last=1440, stoppages=TURNED)
    assert (near, far) == (100, 100)
    log = simulate(operation(**WAY, stoppages=TURNED), seed=1)
    back = [event for event in log.events if event.kind is Kind.TURNED_BACK]
    assert [event.people for event in back] == [50]


def test_a_moment_is_read_at_the_gate_named():
    plan = operation(**WAY)
    figure = documented_figure(
        metric="first_crossing",
        select="place=far",
        unit="time",
        low=None,
        high=None,
        best="2020-01-01T02:10",
        bound="exact",
        **{"from": None, "to": None},
    )
    found = read(figure, simulate(plan, seed=1), plan.clock.seconds)
    assert found is not None
    assert timedelta(hours=found.low) == timedelta(minutes=130)


@pytest.mark.parametrize("place", ["road", "pocket", "side"])
def test_a_place_that_nobody_crosses_with_people_is_refused(place):
    figure = documented_figure(
        metric="departures_between",
        select=f"place={place}",
        **{"from": at(0), "to": at(9)},
    )
    found = list(strangers(figure, operation(**WAY)))
    assert [column for column, _ in found] == ["select"]
    says = in_plain(found[0][1])
    assert "near" in says or "far" in says


def test_a_gate_on_no_way_of_the_flow_named_is_never_crossed():
    plan = operation(
        **WAY,
        routes__side={
            "origin": "pocket",
            "destination": "refuge",
            "through": ["road", "side", "road"],
        },
        flows__aside={
            "route": "side",
            "groups": ["civilians"],
            "convoy": {"buses": 1},
            "boarding": "10 min",
            "unloading": "5 min",
        },
    )
    figure = documented_figure(
        metric="departures_between",
        select="place=side;flow=evacuation",
        **{"from": at(0), "to": at(9)},
    )
    assert why_never(figure, plan) is Never.NO_GATE


def of_both(metric, origin="north+south", **columns):
    """Return what a run of two sites of a hundred says of both together by 200."""
    plan = two_sides(agreements=None)
    figure = documented_figure(
        metric=metric, origin=origin, role="check", **{"from": at(200), **columns}
    )
    assert not list(strangers(figure, plan))
    found = read(figure, simulate(plan, seed=1), plan.clock.seconds)
    return None if found is None else found.low


@pytest.mark.parametrize(
    ("metric", "select", "people"),
    [
        ("cumulative_arrivals", "", 100),
        ("cumulative_arrivals", "group=civilians", 100),
        ("cumulative_arrivals", "flow=north", 50),
        ("cumulative_departures", "", 100),
        ("cumulative_departures", "place=south-gate", 50),
        ("still_inside", "", 0),
    ],
)
def test_people_of_several_sites_are_counted_together(metric, select, people):
    """A bus of each site with fifty has arrived at 135; both board again at 195."""
    assert of_both(metric, select=select) == people


def test_one_of_several_sites_is_counted_as_by_itself():
    assert of_both("cumulative_arrivals", origin="south") == 50


def test_the_first_of_several_convoys_may_be_of_any_site():
    people = of_both("convoy_people", select="convoy=2", **{"from": None})
    assert people == 50


@pytest.mark.parametrize(
    ("origin", "role", "says"),
    [
        ("north+south", "fit", "cannot be fit for several sites together"),
        ("north+north", "check", "names a site twice"),
    ],
)
def test_sites_together_that_make_no_sense_are_refused(origin, role, says):
    with pytest.raises(ValueError, match=says):
        documented_figure(origin=origin, role=role)


def test_each_of_several_sites_must_be_one():
    figure = documented_figure(origin="north+souht", role="check")
    ((column, says),) = strangers(figure, two_sides())
    assert column == "origin"
    assert "'souht' is not a site" in in_plain(says)
    assert "south" in in_plain(says)
