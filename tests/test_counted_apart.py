"""Detainees and loads of aid: they count in an exchange, and in no total of people."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sim import report_on, run_study
from sim.events import Kind
from sim.evidence.reading import read
from sim.metrics.account import Account
from sim.metrics.convoys import passages
from sim.metrics.registry import summary
from sim.metrics.waiting import charges
from sim.model.simulate import simulate
from sim.words import say
from tests.builders import (
    at,
    documented_figure,
    halt,
    in_words,
    operation,
    times,
    two_sides,
)

DEAL = {
    "unit": "people",
    "rule": "lockstep",
    "tranches": [{"north": 50, "south": 50}, {"north": 50, "south": 50}],
}


def exchange(evacuees):
    """A hundred people of the north against a hundred loads of aid of the south."""
    return two_sides(
        terms=DEAL,
        sites__south__groups={"aid": {"people": 100, **evacuees}},
        flows__south__groups=["aid"],
    )


APART = exchange({"evacuees": "no"})


def test_what_is_exchanged_moves_as_people_would():
    """The log is the same to the row: only what is told of it differs."""
    log = simulate(APART, seed=1, audit=True)
    assert log.rows == simulate(exchange({}), seed=1).rows
    assert times(log, Kind.COUNTED) == [70, 70, 265, 265]


def test_no_total_of_people_has_it():
    """A hundred arrive from the north by 330; the loads are under their own name."""
    numbers = summary(simulate(APART, seed=1))
    assert numbers["arrived/north"] == numbers["arrived/all"] == 100
    assert numbers["arrived/south"] == numbers["convoys_arrived/south"] == 0
    assert numbers["t100/all"] == numbers["t100/north"] == 330 / 60
    assert numbers["waiting/south"] == 0
    assert numbers["waiting/all"] == numbers["waiting/north"]
    assert numbers["arrived_apart/aid"] == 100


def test_who_is_evacuated_is_in_them_all_and_nothing_is_apart():
    numbers = summary(simulate(exchange({}), seed=1))
    assert numbers["arrived/all"] == 200
    assert not [name for name in numbers if name.startswith("arrived_apart")]


def test_its_waiting_is_still_explained():
    """Left out of totals, it is in the spans all the same, by group."""
    booked = charges(simulate(APART, seed=1))
    assert any(charge.group == "aid" for charge in booked)


def test_evidence_counts_it_if_it_names_the_group_and_not_otherwise():
    log = simulate(APART, seed=1)
    for metric in ("cumulative_arrivals", "cumulative_departures"):
        for select, people in (("group=aid", 100), ("", 0), ("flow=south", 0)):
            figure = documented_figure(
                metric=metric, origin="south", select=select, **{"from": at(1000)}
            )
            found = read(figure, log, APART.clock.seconds)
            assert found is not None
            assert found.low == people, (metric, select)


def test_detainees_ride_with_evacuees_and_only_those_are_counted():
    """A bus of fifty turns back with thirty people and twenty detainees, of whom ten of
    those it carries are lost sight of: by priority the detainees.
    """
    log = simulate(
        operation(
            gates={"gate": {}},
            routes__out__through=["road", "gate", "road"],
            stoppages={
                "halt": halt("gate", 60, 100, caught="turn_back", unaccounted=10)
            },
            sites__pocket__groups={
                "detainees": {"people": 20, "evacuees": "no", "priority": 1},
                "civilians": {"people": 30},
            },
            flows__evacuation__groups=["detainees", "civilians"],
        ),
        seed=1,
        audit=True,
    )
    first = passages(log)[0]
    assert first.turned_back_people == 30
    assert first.evacuees(first.unaccounted) == 0
    assert Account(log).expected("pocket") == 30
    assert summary(log)["arrived/pocket"] == 30
    assert summary(log)["arrived_apart/detainees"] == 10


@settings(max_examples=40, deadline=None)
@given(
    people=st.integers(1, 120),
    loads=st.integers(0, 120),
    ends=st.integers(60, 1000),
)
def test_people_are_counted_as_if_the_rest_were_not_there(people, loads, ends):
    """Who is evacuated is somewhere: arrived, still to come, or unaccounted for."""
    log = simulate(
        operation(
            sites__pocket__groups={
                "civilians": {"people": people},
                "loads": {"people": loads, "evacuees": "no"},
            },
            flows__evacuation__groups=["civilians", "loads"],
            ends=at(ends),
        ),
        seed=1,
        audit=True,
    )
    numbers = summary(log)
    assert numbers["arrived/all"] + numbers["not_arrived/all"] == people
    assert numbers["arrived_apart/loads"] <= loads
    waited = sum(
        seconds for charge, seconds in charges(log).items() if charge.group != "loads"
    )
    assert round(numbers["waiting/all"] * 3600) == waited


def test_what_is_counted_apart_is_told_of_apart_from_people():
    """A store receives loads, which are no people."""
    study = run_study(APART, replications=2)
    report = report_on(study)
    (arrivals,) = (
        table for table in report.tables("terminal") if table.name == say("Arrivals")
    )

    assert "Counted apart, in no total of people: 100 of 100 aid arrive." in in_words(
        report.answer
    )
    assert [in_words(group.title) for group in arrivals.groups] == ["north"]
    received = [name for name in study.layout.metrics if name.startswith("received/")]
    assert sum(study.metric(name).sum() for name in received) == 200
