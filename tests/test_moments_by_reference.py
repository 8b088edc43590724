"""Moments that come in awkward order, worked out by hand; the second program agrees."""

from sim.events import Kind
from sim.model import simulate
from sim.scenario import from_data
from tests.builders import START, changed, shuttle, two_sides_data
from tests.reference.compare import differences

DAY = "2020-01-01T"
HALT = {"cause": "a halt", "starts": START, "lasts": "30 min"}


def came(data):
    """Return the minutes at which moments came, by field."""
    operation = from_data(data)
    assert differences(operation, 0) == []
    events = simulate(operation, seed=0).events
    return {e.place: e.time_s / 60 for e in events if e.kind is Kind.CAME}


def test_a_flow_that_closes_waits_for_no_departure_any_more():
    """A departure of it would come later than that, and it is over all the same."""
    data = changed(
        shuttle(moments={"late": "when evacuation is over"}),
        flows__evacuation__dispatch_dates=[START, "600 min after evacuation begins"],
        flows__evacuation__closes=DAY + "02:00",
    )
    assert came(data)["moments.late"] == 120


def test_a_departure_that_comes_before_the_flow_opens_is_none():
    """The halt ends at 30 min, the flow opens at 60: nobody is sent."""
    data = changed(
        shuttle(gates={"gate": {}}, stoppages={"halt": {**HALT, "closes": ["gate"]}}),
        routes__out__through=["gate", "road"],
        flows__evacuation__dispatch_dates=["when halt ends"],
        flows__evacuation__opens=DAY + "01:00",
    )
    assert came(data) == {"flows.evacuation.dispatch_dates.0": 30}
    assert not [
        e for e in simulate(from_data(data), seed=0).events if e.kind is Kind.FORMED
    ]


def test_a_closed_flow_is_over_when_its_people_have_been_driven_back():
    """Aboard at 10 min, an hour to the gate that turns back; there again at 130 min."""
    halt = {"cause": "a halt", "closes": ["gate"], "caught": "turn_back"}
    data = changed(
        shuttle(
            gates={"gate": {}},
            moments={"word": "when evacuation is over"},
            stoppages={"halt": {**halt, "starts": DAY + "01:00", "lasts": "10 h"}},
        ),
        routes__out__through=["road", "gate", "road"],
        flows__evacuation__closes=DAY + "00:10",
    )
    assert came(data) == {"moments.word": 130}


def test_a_halt_that_begins_as_a_convoy_sets_out_turns_it_back_where_it_boards():
    """So nobody leaves for an hour; then the first convoy does, not turned back."""
    halt = {"cause": "a halt", "closes": ["gate"], "caught": "turn_back"}
    data = changed(
        shuttle(
            gates={"gate": {}},
            stoppages={
                "halt": {**halt, "starts": "when evacuation begins", "lasts": "1 h"}
            },
        ),
        flows__evacuation__boards_at="gate",
    )
    assert came(data)["stoppages.halt.starts"] == 0


def test_the_deadline_of_an_amendment_is_named_as_it_stands_in_the_file():
    rest = [{"north": "rest", "south": "rest"}]
    key = "any of (2020-01-01T00:05; when north begins)"
    amended = {"tranches": rest, "deadline": "20 min after north begins"}
    terms = {"tranches": rest, "amendments": {key: amended}}
    here = f"agreements.deal.amendments.{key}"
    assert {here, f"{here}.deadline"} <= came(two_sides_data(terms=terms)).keys()
