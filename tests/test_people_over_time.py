"""Who is ready to leave when, who comes to a site, and who stays after all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.events import Cause, Kind
from sim.metrics.account import Account
from sim.metrics.moments import at_moment
from sim.metrics.timelines import explain_group
from sim.metrics.waiting import by_cause, charges
from sim.model.simulate import simulate
from sim.scenario import from_data
from sim.scenario.plans import GroupPlan
from sim.scenario.readiness import ready_at
from tests.builders import at, operation, shuttle, terms, times, two_sides
from tests.logs import total_waiting

PEOPLE = "sites__pocket__groups__civilians"
"""A hundred people; a bus of fifty is back 135 minutes after it set out."""

NORTH_FIRST = {
    "unit": "people",
    "rule": "prior",
    "first": "north",
    "tranches": [{"north": 60, "south": 50}],
}


def south_crosses(plan):
    """Return when south is let through, audited on the way."""
    log = simulate(plan, seed=1, audit=True)
    return times(log, Kind.CROSSED, place="south-gate")


def run(people, **changes):
    """Return the log of a run in which the people of the shuttle are these."""
    return simulate(operation(**{PEOPLE: people, **changes}), seed=1, audit=True)


def aboard(log):
    """Return when people boarded, and how many."""
    return [
        (event.time_s / 60, event.people)
        for event in log.events
        if event.kind is Kind.ASSIGNED
    ]


def stayed(log):
    """Return when people stayed after all, how many, and what they had waited for."""
    return [
        (event.time_s / 60, event.people, event.cause)
        for event in log.events
        if event.kind is Kind.STAYED and event.time_s
    ]


def test_a_convoy_takes_only_who_is_ready():
    """At 0 thirty are; at 135, when the bus is back, forty more; at 300 the rest."""
    log = run({"people": 100, "ready": {at(60): 40, at(300): 30}})
    assert aboard(log) == [(0, 30), (135, 40), (300, 30)]


def test_who_is_not_ready_waits_for_that_and_who_is_for_the_bus():
    """Forty are not ready for 60 minutes, 30 for 300; forty wait 75 for the bus."""
    log = run({"people": 100, "ready": {at(60): 40, at(300): 30}})
    hours = by_cause(charges(log))
    assert hours[Cause.NOT_READY] == (40 * 60 + 30 * 300) / 60
    assert hours[Cause.NO_VEHICLE] == 40 * 75 / 60


def test_a_vehicle_that_comes_in_the_second_takes_who_gets_ready_in_it():
    """People get ready before flows look, whichever is named first."""
    log = run({"people": 50, "ready": {at(30): 50}}, fleets__buses__joins={at(30): 1})
    assert aboard(log) == [(30, 50)]


def test_who_gets_ready_as_the_bus_is_back_rides_with_those_who_waited():
    """Fifty ride at 0; at 135 forty wait, and ten more get ready in that second."""
    log = run({"people": 100, "ready": {at(135): 10}})
    assert aboard(log) == [(0, 50), (135, 50)]


def test_getting_ready_takes_its_time():
    """Forty an hour from minute 30: 40 at 30, 40 at 90, 20 at 150, then 10 at 210."""
    plan = {"people": 110, "ready": {at(30): 100, at(40): 10}, "ready_per_hour": 40}
    log = run(plan)
    ready = [(e.time_s / 60, e.people) for e in log.events if e.kind is Kind.READY]
    assert ready == [(30, 40), (90, 40), (150, 20), (210, 10)]


def test_without_moments_everybody_gets_ready_from_the_start():
    """Fifty an hour of 90 who leave: 50 at 0, when the bus goes, and 40 at 60."""
    log = run({"people": 100, "stay": 10, "ready_per_hour": 50})
    assert aboard(log) == [(0, 50), (135, 40)]


def test_nobody_is_ready_after_the_end():
    """Of a rate of one an hour a run of an hour and a half has two."""
    plan = GroupPlan(people=10_000_000, ready_per_hour=1)
    assert list(ready_at(plan, 5400)) == [(0, 1), (3600, 1)]


def test_who_joins_is_ready_and_is_among_the_people():
    log = run({"people": 50, "joins": {at(200): 30}})
    account = Account(log)
    assert aboard(log) == [(0, 50), (200, 30)]
    assert account.people_to_leave("pocket") == 80
    assert account.arrivals["pocket"].last == 80


def test_half_have_arrived_only_when_half_of_all_who_came_have():
    """50 arrive at 75, 70 more at 275 (200, boarding, an hour, unloading): of 120."""
    log = run({"people": 50, "joins": {at(200): 70}}, fleets__buses__seats=70)
    half = Account(log).all_arrivals.time_of_percent(50, 120)
    assert half == 275 * 60


def test_who_joins_is_inside_from_then_on():
    log = run({"people": 50, "joins": {at(10): 30}})
    account, inside = Account(log), at_moment("still_inside@x")
    assert inside is not None
    assert inside.values(account, 599)["pocket"] == 0
    assert inside.values(account, 600)["pocket"] == 30


def test_who_withdraws_is_not_told_off_and_counts_no_more():
    """Fifty ride from 0; of the fifty left twenty stay, and thirty ride at 135."""
    log = run({"people": 100, "withdraws": {at(60): 20}})
    account = Account(log)
    assert stayed(log) == [(60, 20, "")]
    assert aboard(log) == [(0, 50), (135, 30)]
    assert account.people_to_leave("pocket") == 80


def test_as_many_withdraw_as_are_there():
    """At 60 all are aboard, so that nobody withdraws, and the log says so."""
    assert stayed(run({"people": 50, "withdraws": {at(60): 20}})) == [(60, 0, "")]


def test_who_is_told_off_does_not_withdraw():
    """The bus that comes for fifty at 60 leaves ten who may."""
    log = run({"people": 60, "withdraws": {at(30): 60}}, routes__out__inbound=["road"])
    assert stayed(log) == [(30, 10, "")]
    assert aboard(log) == [(60, 50)]


def test_of_those_who_withdraw_the_last_to_be_ready_go_first():
    """Of 40 + 30 who are not ready 50 stay: 20 are at 60, none is left at 300."""
    log = run(
        {"people": 100, "ready": {at(60): 40, at(300): 30}, "withdraws": {at(20): 50}}
    )
    assert stayed(log) == [(20, 50, Cause.NOT_READY)]
    assert aboard(log) == [(0, 30), (135, 20)]


def test_who_is_ready_stays_only_if_nobody_else_is_left_to():
    """Ten are not ready and forty wait for the bus: of the ten five stay."""
    log = run({"people": 100, "ready": {at(300): 10}, "withdraws": {at(20): 5}})
    assert stayed(log) == [(20, 5, Cause.NOT_READY)]
    assert aboard(log) == [(0, 50), (135, 40), (300, 5)]


def test_more_withdraw_than_are_not_ready():
    """Fifty ride at 0; ten are not ready and forty are: all fifty stay."""
    log = run({"people": 100, "ready": {at(300): 10}, "withdraws": {at(20): 60}})
    assert stayed(log) == [(20, 10, Cause.NOT_READY), (20, 40, "")]


def test_when_the_last_withdraw_a_side_has_nobody_left():
    """North fills 50 of its 60 at 70. Ten more would cross when its bus is back at 195,
    boarded at 205 and at the gate at 265; if all who are left stay at 100, what it
    moved is all, and south passes, which has stood there since 70.
    """
    plan = {"terms": NORTH_FIRST, "sites__south__groups__civilians": {"people": 50}}
    fewer = {"people": 100, "withdraws": {at(100): 50}}
    assert south_crosses(two_sides(**plan)) == [265]
    assert south_crosses(two_sides(**plan, sites__north__groups__civilians=fewer)) == [
        100
    ]


def test_a_side_whose_people_are_still_to_come_has_somebody_left():
    """North sends 50 at 0, and 10 more are ready at 600. Were nobody left, its first
    tranche of 60 would be complete at 70, and south let through then.
    """
    ready = {"people": 60, "ready": {at(600): 10}}
    plan = two_sides(
        terms=NORTH_FIRST,
        sites__north__groups__civilians=ready,
        sites__south__groups__civilians={"people": 50},
    )
    assert south_crosses(plan) == [670]


@pytest.mark.parametrize(
    ("ready", "kind"), [({at(600): 10}, Kind.UNFINISHED), ({}, Kind.DEADLOCK)]
)
def test_who_waits_for_people_still_to_come_is_in_no_deadlock(ready, kind):
    """Each side has one bus with fifty of its sixty at the gate, and would be let
    through with sixty, so that they wait for each other for good. If ten of the north
    are still to get ready, at the very end, they are in no deadlock.
    """
    plan = two_sides(
        terms=terms("simultaneous", 60, unit="people"),
        ends=at(600),
        sites__north__groups__civilians={"people": 60, "ready": ready},
        sites__south__groups__civilians={"people": 60},
    )
    found = {
        event.place: event.kind
        for event in simulate(plan, seed=1, audit=True).events
        if event.kind in {Kind.DEADLOCK, Kind.UNFINISHED}
    }
    assert found == {"north": kind, "south": kind}


def test_who_is_not_ready_at_the_end_is_reported_so():
    """Ten would be ready at the end: they are in the report once, with what they wait
    for.
    """
    log = run({"people": 60, "ready": {at(600): 10}}, ends=at(600))
    left = [
        (event.people, event.cause)
        for event in log.events
        if event.kind is Kind.UNFINISHED
    ]
    assert left == [(10, Cause.NOT_READY)]


def test_the_explanation_of_a_group_has_both_waits():
    """The forty wait to be ready until 60 and for the bus until 135; thirty to 300."""
    log = run({"people": 100, "ready": {at(60): 40, at(300): 30}})
    lines = [
        (line.cause, line.since_s / 60, line.until_s / 60, line.person_seconds)
        for line in explain_group(log, "pocket", "civilians")
    ]
    assert lines == [
        (Cause.NOT_READY, 0, 300, (40 * 60 + 30 * 300) * 60),
        (Cause.NO_VEHICLE, 60, 135, 40 * 75 * 60),
    ]


MINUTES = st.dictionaries(st.integers(0, 700), st.integers(1, 60), max_size=3)


@settings(max_examples=60, deadline=None)
@given(
    people=st.integers(0, 200),
    stay=st.integers(0, 200),
    ready=MINUTES,
    rate=st.none() | st.integers(1, 50),
    joins=MINUTES,
    withdraws=MINUTES,
    hours=st.integers(12, 20),
)
def test_everybody_is_somewhere_and_all_waiting_has_a_cause(
    people, stay, ready, rate, joins, withdraws, hours
):
    """People who were there or came are waiting, not ready, aboard, gone or staying."""
    people = max(people, stay + sum(ready.values()), 1)
    plan = {
        "people": people,
        "stay": stay,
        "ready": {at(m): n for m, n in ready.items()},
        "joins": {at(m): n for m, n in joins.items()},
        "withdraws": {at(m): n for m, n in withdraws.items()},
        **({} if rate is None else {"ready_per_hour": rate}),
    }
    came = sum(joins.values())
    leaving = people - stay + sum(joins.values())
    if sum(withdraws.values()) > leaving:
        plan["withdraws"] = {}
    log = run(plan, ends=at(hours * 60))
    counts = {
        kind: sum(e.people for e in log.events if e.kind is kind)
        for kind in (
            Kind.STARTED,
            Kind.JOINED,
            Kind.STAYED,
            Kind.ARRIVED,
            Kind.UNFINISHED,
        )
    }
    assert counts[Kind.STARTED] + counts[Kind.JOINED] == people + came
    assert people + came == (
        counts[Kind.STAYED] + counts[Kind.ARRIVED] + counts[Kind.UNFINISHED]
    )
    booked = charges(log)
    assert sum(booked.values()) == total_waiting(log)
    assert "uncharged" not in by_cause(booked)


@pytest.mark.parametrize(
    ("people", "place", "says"),
    [
        (
            {"people": 100, "stay": 50, "ready": {at(9): 60}},
            "ready",
            "60 get ready, but of those there at the start only 50 leave",
        ),
        (
            {"people": 100, "joins": {at(9): 5}, "withdraws": {at(9): 106}},
            "withdraws",
            "106 withdraw, but only 105 ever are to leave",
        ),
        ({"people": 100, "joins": {at(9): 0}}, "joins", "0 is too small"),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(people, place, says):
    with pytest.raises(ScenarioError) as refused:
        from_data(shuttle(**{PEOPLE: people}))
    (problems,) = refused.value.args
    (problem,) = problems
    assert problem.path.startswith(f"sites.pocket.groups.civilians.{place}")
    assert says in problem.problem
    assert problem.remedy
