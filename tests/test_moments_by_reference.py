"""Moments that come in awkward order, worked out by hand; the second program agrees."""

import pytest

from sim.errors import ScenarioError
from sim.events import Kind
from sim.model import simulate
from sim.scenario import from_data
from tests.builders import START, changed, shuttle, two_sides_data
from tests.reference.compare import differences

DAY = "2020-01-01T"
LATER = {"deadline": DAY + "07:00"}
HALT = {"cause": "a halt", "starts": START, "lasts": "30 min"}


WORD = {"moments": {"word": "when evacuation is over"}}
BACK_OR_ON_FOOT = pytest.mark.parametrize(
    "fate", [{"caught": "turn_back"}, {"loses_loaded": {"buses": 1}}]
)
"""Who is driven back for an hour, and who walks for as long."""
LATE = "next 01:00 after halt ends"
"""An hour after the start, as is known only when the halt is over, at 30 min."""


def events(data, *kinds):
    """Return what happens of some kinds; model and second program agree about it."""
    operation = from_data(data)
    assert differences(operation, 0) == []
    return [e for e in simulate(operation, seed=0).events if e.kind in kinds]


def came(data):
    """Return the minutes at which moments came, by field."""
    return {e.place: e.time_s / 60 for e in events(data, Kind.CAME)}


def arrivals(data):
    """Return minute and people of each arrival."""
    return [(e.time_s / 60, e.people) for e in events(data, Kind.ARRIVED)]


def halted(**changes):
    """Return a shuttle whose first bus is held for half an hour, and arrives at 95."""
    gate = {"gates": {"gate": {}}, "stoppages": {"halt": {**HALT, "closes": ["gate"]}}}
    return changed(shuttle(**gate), routes__out__through=["gate", "road"], **changes)


def caught(fate, **changes):
    """Return a shuttle whose first bus comes to grief at a gate, at 70."""
    halt = {"cause": "a halt", "closes": ["gate"], "starts": DAY + "01:00", **fate}
    settings = {
        "gates": {"gate": {}},
        "stoppages": {"halt": {**halt, "lasts": "10 h"}},
        "routes__out__through": ["road", "gate", "road"],
    }
    return shuttle(**{**WORD, **settings, **changes})


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
    data = halted(
        flows__evacuation__dispatch_dates=["when halt ends"],
        flows__evacuation__opens=DAY + "01:00",
    )
    assert came(data) == {"flows.evacuation.dispatch_dates.0": 30}
    assert not events(data, Kind.FORMED)


# When a flow is over


@BACK_OR_ON_FOOT
def test_a_closed_flow_is_over_when_its_people_have_come_back(fate):
    """Aboard at 10 min, an hour to the gate; there again at 130 min."""
    data = caught(fate, flows__evacuation__closes=DAY + "00:10")
    assert came(data) == {"moments.word": 130}


@BACK_OR_ON_FOOT
def test_a_flow_is_not_over_while_people_come_back_whom_another_took(fate):
    """Its own have arrived at 75; the other's, back at 130, leave at 135: at 210."""
    other = {"route": "other", "groups": ["civilians"], "convoy": {"buses": 1}}
    data = caught(
        fate,
        routes__out__through=["road"],
        routes__other={
            "origin": "pocket",
            "destination": "refuge",
            "through": ["road", "gate"],
        },
        fleets__buses__joins={START: 2},
        flows__other={**other, "boarding": "10 min", "unloading": "0 min"},
        flows__other__closes=DAY + "00:10",
    )
    assert came(data) == {"moments.word": 210}


def test_a_closed_flow_is_over_when_what_was_to_fetch_its_people_is_turned_back():
    """On its way to them from 0 on, and at the gate at 60: nobody is fetched."""
    data = caught(
        {"caught": "turn_back", "deters": False},
        routes__out__inbound=["road", "gate"],
        routes__out__through=["road"],
        flows__evacuation__closes=DAY + "00:10",
    )
    assert came(data) == {"moments.word": 60}


def later_phase(begins):
    """Return a shuttle for a hundred, and from a moment on for twenty others."""
    return changed(
        shuttle(**WORD, sites__pocket__groups__others={"people": 20}),
        flows__evacuation__phases={begins: {"groups": ["others"]}},
    )


def test_a_flow_is_not_over_before_those_have_arrived_whom_a_later_phase_serves():
    """The hundred at 210, the others from ten o'clock on, at 675."""
    assert came(later_phase(DAY + "10:00")) == {"moments.word": 675}


def test_a_phase_for_others_that_waits_for_the_end_of_its_flow_waits_on_itself():
    with pytest.raises(ScenarioError, match="waits on itself"):
        from_data(later_phase("when evacuation is over"))


# Of one second


@pytest.mark.parametrize(("deadline", "breached"), [({}, [360]), (LATER, [420])])
def test_an_amendment_goes_before_a_deadline_that_was_known_long_before(
    deadline, breached
):
    """Both at six, the amendment only as the halt ends: a new deadline counts."""
    amended = {"unit": "convoys", "tranches": [{"out": 2}], **deadline}
    deal = {
        "parties": {"out": {"flows": ["evacuation"], "gate": "gate"}},
        "unit": "convoys",
        "tranches": [{"out": 1}],
        "deadline": "next 06:00 after evacuation begins",
        "amendments": {"next 06:00 after halt ends": amended},
    }
    data = halted(stoppages__halt__lasts="6 h", agreements={"deal": deal})
    told = events(data, Kind.RENEGOTIATED, Kind.BREACHED)
    assert [e.kind for e in told] == [Kind.RENEGOTIATED, Kind.BREACHED]
    assert [e.time_s / 60 for e in told] == [360, *breached]


def test_vehicles_join_before_others_leave_whichever_was_known_first():
    """The second bus leaves as it comes, the first when it is back."""
    data = halted(
        fleets__buses__joins={START: 1, LATE: 1},
        fleets__buses__leaves={DAY + "01:00": 2},
    )
    assert arrivals(data) == [(95, 50)]


def test_people_come_before_others_withdraw_whichever_was_known_first():
    """All but the fifty aboard stay, also the thirty who have just come."""
    here = "sites__pocket__groups__civilians__"
    data = halted(
        **{here + "joins": {LATE: 30}, here + "withdraws": {DAY + "01:00": 130}}
    )
    assert arrivals(data) == [(95, 50)]


def test_a_flow_opens_before_a_departure_whichever_was_known_first():
    """It opens and sends its one convoy at 60; 75 later that has arrived."""
    data = halted(
        flows__evacuation__dispatch_dates=[LATE],
        flows__evacuation__opens="next 01:00 after 10 min after halt ends",
    )
    assert arrivals(data) == [(135, 50)]


# What is named


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
