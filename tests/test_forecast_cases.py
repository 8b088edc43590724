"""What a planner in a running operation meets: plans, later stages, random halts."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.distributions import Distribution
from sim.errors import EvidenceError, ScenarioError
from sim.events import Kind
from sim.inference.forecast.as_of import AHEAD_DAYS, as_of
from sim.inference.forecast.changes import (
    FlowNotKnown,
    MayStop,
    NotKnown,
    Opens,
    PlanKnown,
    StopsAsWritten,
    VehiclesNotKnown,
)
from sim.model import simulate
from sim.scenario import from_data
from sim.scenario.load import notes
from tests.builders import changed, halt, shuttle
from tests.strategies import moment, wide_operations

_H = 3600
STAGES = changed(
    shuttle(),
    ends="2020-01-05T00:00",
    sites__town__groups={"early": {"people": 100}, "late": {"people": 60}},
    sites__pocket=None,
    gates__exit={},
    gates__side={},
    fleets__buses__joins={"2020-01-01T00:00": 4},
    routes__out__origin="town",
    routes__out__through=["exit", "road"],
    flows__evacuation__groups=["early"],
    flows__second={
        "route": "out",
        "groups": ["late"],
        "convoy": {"buses": 1},
        "opens": "2020-01-02T08:00",
        "boarding": "10 min",
        "unloading": "5 min",
    },
)
"""A stage that goes on, and one that is planned for 8 o'clock of the second day."""
EVE = changed(
    STAGES,
    plan_known="2020-01-01T06:00",
    fleets__buses__joins={"2020-01-02T05:00": 4},
    flows__evacuation__opens="2020-01-02T06:00",
)
HALTS = {"cause": "halts", "every": "35 h", "lasts": "28 h"}


def told(data, when, figures=()):
    return as_of(from_data(data), figures, datetime.fromisoformat(when))


def departures_of(operation, flow):
    """Return when convoys of a flow set out, in hours."""
    log = simulate(operation, seed=1, replication=1)
    return [
        event.time_s / _H
        for event in log.events
        if event.kind is Kind.DEPARTED and event.flow == flow
    ]


def ranges_of_the_file(then):
    """Return what is not known but for what is assumed of stoppages to come."""
    return [
        path
        for path in then.operation.uncertain
        if "to-come" not in path and "goes-on" not in path
    ]


def in_order(then, kind):
    return [change for change in then.changes if isinstance(change, kind)]


# Random stoppages of the scenario and those that a forecast assumes.


def test_what_the_scenario_draws_on_a_road_is_what_may_come_there():
    data = changed(STAGES, stoppages__habit={**HALTS, "closes": ["exit"]})
    then = told(data, "2020-01-01T12:00")

    assert list(then.operation.stoppages) == ["habit"]
    assert in_order(then, StopsAsWritten) == [StopsAsWritten("town", ("habit",))]
    assert not in_order(then, MayStop)


def test_nothing_is_drawn_in_the_known_past():
    often = {**HALTS, "every": "2 h", "lasts": "10 min", "closes": ["exit"]}
    then = told(changed(STAGES, stoppages__habit=often), "2020-01-01T12:00")
    log = simulate(then.operation, seed=1, replication=1)
    begun = [e.time_s / _H for e in log.events if e.kind is Kind.STOPPAGE_BEGAN]

    assert begun[0] == 14


def test_a_random_stoppage_that_begins_later_keeps_its_date():
    later = {**HALTS, "closes": ["exit"], "since": "2020-01-02T12:00"}
    then = told(changed(STAGES, stoppages__habit=later), "2020-01-01T12:00")

    assert then.operation.stoppages["habit"].since == 36 * _H


def test_random_stoppages_elsewhere_take_the_place_of_none_here():
    """Another town has a habit of its own; this one is stopped as is assumed."""
    data = changed(
        STAGES,
        sites__other__groups__all__people=50,
        routes__away={
            "origin": "other",
            "destination": "refuge",
            "through": ["side", "road"],
        },
        flows__away={**STAGES["flows"]["evacuation"], "route": "away"}
        | {"groups": ["all"]},
        stoppages__habit={**HALTS, "closes": ["side"]},
    )
    then = told(data, "2020-01-01T12:00")

    assert in_order(then, StopsAsWritten) == [StopsAsWritten("other", ("habit",))]
    assert [change.site for change in in_order(then, MayStop)] == ["town"]
    assert list(then.operation.stoppages) == ["habit", "to-come-at-exit"]


def test_an_assumed_stoppage_keeps_off_a_road_with_random_ones():
    """Both leave by `exit`; the habit is at `side`, where only the others pass."""
    data = changed(
        STAGES,
        gates__bridge={},
        sites__other__groups__all__people=50,
        routes__out__through=["exit", "bridge", "road"],
        routes__away={
            "origin": "other",
            "destination": "refuge",
            "through": ["exit", "side", "road"],
        },
        flows__away={**STAGES["flows"]["evacuation"], "route": "away"}
        | {"groups": ["all"]},
        stoppages__habit={**HALTS, "closes": ["side"]},
    )
    then = told(data, "2020-01-01T12:00")

    assert then.operation.stoppages["to-come-at-bridge"].closes == ("bridge",)
    assert "to-come-at-exit" not in then.operation.stoppages


def test_a_random_stoppage_touches_only_what_is_known():
    """It breaks a later agreement, ends by it, and destroys vehicles still to join."""
    data = changed(
        STAGES,
        fleets__cars={"kind": "private", "seats": 4, "joins": {"2020-01-02T00:00": 2}},
        flows__second__convoy={"cars": 1},
        agreements__deal={
            "parties": {"town": {"flows": ["second"], "gate": "exit"}},
            "proposed": "2020-01-02T00:00",
            "tranches": [{"town": "rest"}],
        },
        agreements__truce={
            "parties": {"town": {"flows": ["second"], "gate": "side"}},
            "proposed": "2020-01-02T00:00",
            "tranches": [{"town": "rest"}],
        },
        routes__out__through=["exit", "side", "road"],
        routes__out__back=["exit", "road"],
        stoppages__habit={
            "cause": "halts",
            "every": "35 h",
            "closes": ["exit"],
            "suspends": ["deal"],
            "loses": {"cars": 1},
            "until_agreement": "truce",
        },
    )
    then = told(data, "2020-01-01T12:00")
    habit = then.operation.stoppages["habit"]

    assert (habit.suspends, habit.loses, habit.until_agreement) == ((), {}, None)
    assert isinstance(habit.lasts, Distribution)


# A fleet, an agreement or a stoppage that names what is not known.


LATER_DEAL = {
    "parties": {"town": {"flows": ["second"], "gate": "exit"}},
    "proposed": "2020-01-02T00:00",
    "tranches": [{"town": "rest"}],
}


def test_a_fleet_carries_those_who_are_known_to_leave():
    data = changed(
        STAGES, fleets__buses__carries=["early", "late"], agreements__deal=LATER_DEAL
    )
    then = told(data, "2020-01-01T12:00")

    assert then.operation.fleets["buses"].carries == ("early",)
    assert list(then.operation.sites["town"].groups) == ["early"]
    assert FlowNotKnown("second", "") in then.changes


def test_a_fleet_that_carries_nobody_known_is_left_out():
    data = changed(
        STAGES,
        fleets__cars={
            "kind": "private",
            "seats": 4,
            "joins": {"2020-01-01T00:00": 2},
            "carries": ["late"],
        },
        flows__second__convoy={"cars": 1},
        agreements__deal=LATER_DEAL,
    )

    assert list(told(data, "2020-01-01T12:00").operation.fleets) == ["buses"]


def test_vehicles_are_kept_for_known_flows_only():
    data = changed(
        STAGES,
        fleets__buses__reserve={"second": 2, "evacuation": 1},
        fleets__buses__priority={"second": 1, "evacuation": 2},
        agreements__deal=LATER_DEAL,
    )
    buses = told(data, "2020-01-01T12:00").operation.fleets["buses"]

    assert (buses.reserve, buses.priority) == ({"evacuation": 1}, {"evacuation": 2})


def test_no_more_vehicles_are_kept_than_have_joined():
    joins = {"2020-01-01T00:00": 3, "2020-01-03T00:00": 9}
    data = changed(
        STAGES,
        fleets__buses__joins=joins,
        fleets__buses__reserve={"second": 2, "evacuation": 8},
    )
    buses = told(data, "2020-01-01T12:00").operation.fleets["buses"]

    assert buses.reserve == {"second": 2, "evacuation": 1}


def test_a_flow_whose_smallest_convoy_has_not_joined_does_not_move():
    data = changed(
        STAGES,
        fleets__more={
            "kind": "bus",
            "seats": 50,
            "joins": {"2020-01-01T00:00": 2, "2020-01-03T00:00": 9},
        },
        flows__second__convoy={"more": 8},
        flows__second__smallest=6,
    )

    assert "second" not in told(data, "2020-01-01T12:00").operation.flows


# The eve of an operation.


def test_on_the_eve_nothing_is_known_unless_the_file_says_since_when():
    with pytest.raises(EvidenceError, match="plan_known"):
        told(changed(EVE, plan_known=None), "2020-01-01T20:00")
    assert list(told(EVE, "2020-01-01T20:00").operation.flows) == [
        "evacuation",
        "second",
    ]


def test_whoever_knew_the_plan_forgets_none_of_it():
    then = told(EVE, "2020-01-01T20:00")
    plan = from_data(EVE)

    assert then.operation.flows == plan.flows
    assert then.operation.fleets == plan.fleets
    assert then.operation.sites == plan.sites
    assert PlanKnown(6 * _H) in then.changes
    assert not in_order(then, (FlowNotKnown, VehiclesNotKnown, Opens))
    assert departures_of(then.operation, "evacuation")[0] >= 30


def test_the_plan_is_known_from_its_date_on_to_the_second():
    with pytest.raises(EvidenceError, match="nothing that moves anybody"):
        told(EVE, "2020-01-01T05:59:59")
    assert told(EVE, "2020-01-01T06:00:00").moment_s == 6 * _H
    assert told(EVE, "2020-01-01T06:00:01").moment_s == 6 * _H + 1


def test_a_plan_may_be_known_before_the_operation_starts():
    then = told(changed(EVE, plan_known="2019-12-30T12:00"), "2019-12-31T20:00")

    assert then.moment_s == -4 * _H
    assert departures_of(then.operation, "evacuation")[0] >= 30


def test_a_plan_that_is_known_after_the_end_is_refused():
    with pytest.raises(ScenarioError, match="after the operation ends"):
        from_data(changed(EVE, plan_known="2020-01-05T00:01"))
    assert from_data(changed(EVE, plan_known="2020-01-05T00:00"))


def test_a_plan_known_when_all_had_begun_has_no_effect_and_check_says_so():
    late, early = (
        " ".join(map(str, notes(from_data(changed(EVE, plan_known=known)))))
        for known in ("2020-01-02T08:00", "2020-01-02T07:59")
    )

    assert "plan_known" in late
    assert "plan_known" not in early


def test_a_plan_is_without_effect_on_a_run():
    plain, planned = (
        simulate(from_data(data), seed=1, replication=1).events
        for data in (changed(EVE, plan_known=None), EVE)
    )
    assert list(plain) == list(planned)


def test_no_stoppage_is_planned():
    data = changed(EVE, stoppages__night=halt("exit", 2_000, 2_600))
    then = told(data, "2020-01-01T20:00")

    assert NotKnown("stoppage", "night") in then.changes
    assert "night" not in then.operation.stoppages


def test_an_agreement_of_the_plan_is_known_before_it_is_proposed():
    data = changed(EVE, agreements__deal=LATER_DEAL)

    assert "deal" in told(data, "2020-01-01T20:00").operation.agreements


def test_a_long_plan_is_run_to_its_end():
    data = changed(EVE, ends="2020-02-01T00:00")
    then = told(data, "2020-01-01T20:00")

    assert 30 * 24 * _H < then.operation.ends - then.moment_s <= 31 * 24 * _H
    short = told(changed(data, plan_known=None), "2020-01-02T20:00")
    assert short.operation.ends - short.moment_s == AHEAD_DAYS * 24 * _H


# Each part may say since when it was known.


def test_what_was_known_of_a_flow_fleet_and_agreement_is_kept_alone():
    """On the eve only the first flow, its buses and the deal were known."""
    known = "2020-01-01T06:00"
    data = changed(
        EVE,
        plan_known=None,
        fleets__buses__known_since=known,
        flows__evacuation__known_since=known,
        agreements__deal={**LATER_DEAL, "known_since": known},
    )
    then = told(data, "2020-01-01T20:00")

    assert "evacuation" in then.operation.flows
    assert "deal" in then.operation.agreements
    assert departures_of(then.operation, "evacuation")[0] >= 30
    unknown = changed(data, agreements__deal={**LATER_DEAL})
    assert "deal" not in told(unknown, "2020-01-01T20:00").operation.agreements


def test_a_phase_is_forgotten_unless_it_was_known():
    later = {"2020-01-03T06:00": {"load": {"buses": 10}}}
    data = changed(STAGES, flows__evacuation__phases=later)
    planned = changed(
        STAGES,
        flows__evacuation__phases={
            moment: {**phase, "known_since": "2020-01-01T12:00"}
            for moment, phase in later.items()
        },
    )

    def phases(data, when):
        return told(data, when).operation.flows["evacuation"].phases

    assert phases(data, "2020-01-01T20:00") == {}
    assert len(phases(data, "2020-01-03T07:00")) == 1
    assert len(phases(planned, "2020-01-01T20:00")) == 1
    assert phases(planned, "2020-01-01T11:00") == {}


def test_terms_that_were_known_before_they_held_are_kept():
    """New terms hold from the fourth day on, and were known at noon of the second."""
    terms = {"tranches": [{"town": "rest"}], "known_since": "2020-01-02T12:00"}
    deal = {**LATER_DEAL, "amendments": {"2020-01-04T06:00": terms}}
    data = changed(STAGES, agreements__deal=deal)

    def amendments(when):
        return told(data, when).operation.agreements["deal"].amendments

    assert len(amendments("2020-01-03T12:00")) == 1
    assert amendments("2020-01-02T09:00") == {}


def test_an_agreement_that_would_wait_on_itself_as_far_as_was_known_is_left_out():
    """The flow moves under the deal too, which is proposed a day later."""
    parties = {"town": {"flows": ["evacuation"], "gate": "exit"}}
    rest = [{"town": "rest"}]
    data = changed(
        STAGES,
        agreements__deal={
            "parties": parties,
            "proposed": "2020-01-02T00:00",
            "tranches": rest,
        },
        agreements__pledge={
            "parties": parties,
            "requires": {"first": {"arrived": {"evacuation": 1}}},
            "tranches": rest,
        },
    )
    then = told(data, "2020-01-01T12:00")
    assert "pledge" not in then.operation.agreements
    assert NotKnown("agreement", "pledge") in then.changes
    assert "pledge" in told(data, "2020-01-02T12:00").operation.agreements


def test_a_moment_that_hangs_on_something_is_told_as_it_came():
    """The second stage opens six hours after the first has moved fifty people."""
    data = changed(
        STAGES, flows__second__opens="20 h after 50 of evacuation have arrived"
    )
    later = told(data, "2020-01-02T12:00").operation.flows["second"]
    assert later.opens == (75 + 20 * 60) * 60


# A stage that opens later.


def test_the_first_opening_of_a_stage_is_that_of_the_plan():
    then = told(STAGES, "2020-01-01T12:00")

    assert Opens("second", 32 * _H) in then.changes
    assert min(departures_of(then.operation, "second")) >= 32


def test_a_stage_with_dates_keeps_them_until_it_begins():
    dated = changed(
        STAGES,
        flows__second__opens=None,
        flows__second__dispatch_dates=["2020-01-02T08:00", "2020-01-02T12:00"],
    )
    then = told(dated, "2020-01-01T12:00")

    assert then.operation.flows["second"].dispatch_dates == (32 * _H, 36 * _H)
    assert Opens("second", 32 * _H) in then.changes


def test_people_whose_flow_has_closed_go_on_from_the_moment_and_it_is_said():
    """When it would open again was not known: the halt might have ended at once."""
    data = changed(
        STAGES,
        flows__second__groups=["early", "late"],
        flows__evacuation__closes="2020-01-01T10:00",
    )
    then = told(data, "2020-01-01T12:00")

    assert Opens("second", None) in then.changes
    assert then.operation.flows["second"].opens == 12 * _H


def test_a_stage_of_two_flows_begins_with_the_first():
    third = {**STAGES["flows"]["second"], "opens": "2020-01-03T08:00"}
    then = told(changed(STAGES, flows__third=third), "2020-01-01T12:00")

    assert Opens("second", 32 * _H) in then.changes
    assert FlowNotKnown("third", "second") in then.changes


def test_the_range_of_what_was_replaced_is_left_out():
    """A range of the opening would move it to a date that nobody knew."""
    data = changed(
        STAGES,
        flows__second__groups=["early", "late"],
        flows__evacuation__closes="2020-01-01T10:00",
        uncertain={
            "flows.second.opens": {
                "spread": "2020-01-02T06:00 to 2020-01-02T10:00",
            },
            "sites.town.groups.early.people": {"spread": "50 to 150"},
        },
    )

    assert ranges_of_the_file(told(data, "2020-01-01T12:00")) == [
        "sites.town.groups.early.people"
    ]
    assert "flows.second.opens" in from_data(data).uncertain


def test_the_range_of_an_end_that_nobody_knew_is_left_out():
    data = changed(
        STAGES,
        weather__snow={
            "starts": "2020-01-01T06:00",
            "until": "2020-01-03T06:00",
            "speed_factor": "0.5",
        },
        uncertain={
            "weather.snow.until": {"spread": "2020-01-03T00:00 to 2020-01-03T12:00"},
            "weather.snow.speed_factor": {"spread": "0.4 to 0.6"},
        },
    )

    assert ranges_of_the_file(told(data, "2020-01-01T12:00")) == [
        "weather.snow.speed_factor"
    ]


# Anything.


@settings(max_examples=30)
@given(wide_operations(), st.integers(0, 4_000), st.sampled_from([None, -60, 0, 900]))
def test_any_operation_is_forecast_or_nothing_was_known(operation, minute, known):
    """What is left is a sound scenario, or it would be refused."""
    plan = None if known is None else known * 60
    operation = operation.model_copy(update={"plan_known": plan})
    try:
        then = as_of(operation, (), datetime.fromisoformat(moment(minute)))
    except EvidenceError:
        return
    except ScenarioError as error:  # so often that ten more days would never end
        if not all(each.path.endswith(".every") for each in error.args[0]):
            raise
        return
    to_come = [p for p in then.operation.stoppages.values() if p.starts is None]

    assert all((plan.since or 0) >= then.moment_s for plan in to_come)
