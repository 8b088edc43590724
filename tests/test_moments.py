"""Moments that hang on what happens in a run: how they are written, and when they come.

Of the small operation: one bus of fifty seats for a hundred people; boarding takes ten
minutes, the road sixty, unloading five. So the first fifty have arrived at minute 75,
the bus is back at 135, and the others have arrived at 210. With a gate half way on a
second leg: it is there at 70, and has arrived at 135.
"""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.distributions import Distribution
from sim.errors import ScenarioError
from sim.events import Cause, Kind
from sim.inference.as_it_came import as_it_came
from sim.model import simulate
from sim.scenario import amended, from_data, resolved_yaml
from sim.scenario.clock import Clock
from sim.scenario.load import from_text
from sim.scenario.moments import (
    After,
    AllOf,
    AnyOf,
    Happening,
    Next,
    SoMany,
    read,
    write,
)
from sim.scenario.problems import RefusedError
from sim.scenario.uncertain import settled, uncertain_fields
from sim.scenario.units import field_unit
from tests.builders import at, changed, halt, operation, shuttle, times, with_gate

CLOCK = Clock("Asia/Damascus", "2016-12-13T18:00", 1_000_000)
HALT_ENDS = Happening("halt", "ends")
READINGS = {
    "2016-12-13T19:00": 3600,
    "when december-18 is in force": Happening("december-18", "is in force"),
    "when halt ends the 2nd time": Happening("halt", "ends", 2),
    "when talks comes": Happening("talks", "comes"),
    "2 h to 4 h after halt ends": After(Distribution.uniform(7200, 14400), HALT_ENDS),
    "30 min after halt ends": After(Distribution.fixed(1800), HALT_ENDS),
    "next 06:00 after halt ends": Next(6 * 3600, HALT_ENDS),
    "next 06:00 after 30 min after halt ends": Next(
        6 * 3600, After(Distribution.fixed(1800), HALT_ENDS)
    ),
    "when 500 people of out have arrived": SoMany(500, "people", "out", "arrived"),
    "when 3 convoys of out have set out": SoMany(3, "convoys", "out", "set out"),
    "1 h after 3 vehicles of out have crossed gate": After(
        Distribution.fixed(3600), SoMany(3, "vehicles", "out", "crossed", "gate")
    ),
    "all of (when halt ends; any of (2016-12-13T19:00; when pocket is empty))": AllOf(
        (HALT_ENDS, AnyOf((3600, Happening("pocket", "is empty"))))
    ),
    "1 h after any of (when halt ends; when pocket is empty)": After(
        Distribution.fixed(3600), AnyOf((HALT_ENDS, Happening("pocket", "is empty")))
    ),
}


@pytest.mark.parametrize("text", READINGS)
def test_it_reads_what_a_planner_writes_and_writes_it_again(text):
    assert read(text, CLOCK) == READINGS[text]
    assert write(READINGS[text], CLOCK) == text


def test_people_are_counted_where_nothing_else_is_said():
    short = read("when 500 of out have arrived", CLOCK)
    assert short == read("when 500 people of out have arrived", CLOCK)
    later = read("1 h after 500 of out have arrived", CLOCK)
    assert later == After(Distribution.fixed(3600), short)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("when december-18 is in farce", "Did you mean 'is in force'?"),
        ("when halt", "says not what"),
        ("whem halt ends", "Did you mean 'when'?"),
        ("2 h to 1 h after halt ends", "Write the smaller number first."),
        ("2 hours after halt ends", "Did you mean '2 h'?"),
        ("next 6:0 after halt ends", "'6:0' is not a time of day"),
        ("next 25:00 after halt ends", "is not a time of day"),
        ("when 500 peple of out have arrived", "Did you mean 'people'?"),
        ("when 0 people of out have arrived", "Write 1 or more."),
        ("when 5 of out have gone", "says not what so many have done"),
        ("when people of out have arrived", "says not how many"),
        ("when halt ends soon", "does not happen to anything"),
        ("when halt ends the 0th time", "'0' is no number of times"),
        ("when halt ends the 12345th time", "'12345' is no number of times"),
        ("all of (when halt ends)", "has one part only"),
        ("any of ()", "a part of 'any of ()' says nothing"),
        ("any of (when halt ends; )", "says nothing"),
        ("any of (when halt ends; (when out is over)", "a bracket is missing"),
        ("all of when halt ends", "Write the parts in brackets"),
        ("2016-12-12T08:00", "before the operation starts"),
        ("2016-02-30T08:00", "is not in the calendar"),
        ("5 h", "Write after what, as in '5 h after halt ends'"),
        ("soon", "is not a local date and time"),
        ("", "is not a local date and time"),
    ],
)
def test_what_is_no_moment_is_refused_with_what_to_write(text, says):
    with pytest.raises(RefusedError) as refused:
        read(text, CLOCK)
    assert says in str(refused.value)


_EVENTS = st.sampled_from(
    [HALT_ENDS, Happening("a", "begins", 3), SoMany(5, "vehicles", "f", "set out")]
)
_DELAYS = st.sampled_from(
    [Distribution.fixed(60), Distribution.uniform(60, 600), Distribution.exponential(9)]
)
_HANGING = st.recursive(
    _EVENTS,
    lambda inner: st.one_of(
        st.builds(After, _DELAYS, inner),
        st.builds(Next, st.integers(0, 1439).map(lambda m: m * 60), inner),
        st.lists(inner | st.integers(0, 999).map(lambda m: m * 60), min_size=2).map(
            lambda parts: AllOf(tuple(parts[:4]))
        ),
        st.lists(inner, min_size=2).map(lambda parts: AnyOf(tuple(parts[:4]))),
    ),
    max_leaves=6,
)


@given(_HANGING)
def test_whatever_can_be_written_reads_as_the_same(moment):
    assert read(str(write(moment, CLOCK)), CLOCK) == moment


# When they come, to the minute


def lasting(starts, lasts):
    """Return a stoppage of the gate that lasts so long."""
    return {"cause": "a halt", "closes": ["gate"], "starts": starts, "lasts": lasts}


def came(log):
    """Return when each moment came [min], by the field that names it."""
    return {e.place: e.time_s / 60 for e in log.events if e.kind is Kind.CAME}


def run(plan, **settings):
    """Run an operation with every check after every event."""
    return simulate(plan, seed=1, audit=True, **settings)


def test_a_stoppage_begins_so_long_after_people_have_arrived():
    """Fifty at 75, so it begins at 105; the bus comes to the gate at 70 + 140."""
    log = run(
        with_gate(
            {
                "halt": lasting(
                    "30 min after 50 people of evacuation have arrived", "5 h"
                )
            },
            routes__out__through=["gate", "road"],
        )
    )
    assert times(log, Kind.STOPPAGE_BEGAN) == [105]
    assert times(log, Kind.RELEASED) == [405]
    assert came(log) == {"stoppages.halt.starts": 105}


def test_a_flow_opens_at_the_next_six_after_a_stoppage_ends():
    log = run(
        with_gate(
            {"halt": halt("gate", 0, 100)},
            flows__evacuation__opens="next 06:00 after halt ends",
        )
    )
    assert times(log, Kind.FORMED)[0] == 6 * 60
    why = [e.cause for e in log.events if e.kind is Kind.WAITING]
    assert why[0] == Cause.NOT_BEGUN


def test_the_next_six_is_at_once_if_clocks_just_show_it():
    log = run(
        with_gate(
            {"halt": halt("gate", 0, 360)},
            flows__evacuation__opens="next 06:00 after halt ends",
        )
    )
    assert times(log, Kind.FORMED)[0] == 360


def test_a_flow_that_closes_when_people_have_set_out_sends_no_more():
    log = run(operation(flows__evacuation__closes="when 1 of evacuation have set out"))
    assert times(log, Kind.FORMED) == [0]
    assert came(log) == {"flows.evacuation.closes": 10}


@pytest.mark.parametrize(
    ("moment", "minute"),
    [
        ("all of (when a ends; when b ends)", 200),
        ("any of (when a ends; when b ends)", 100),
        (f"any of (when b ends; {at(150)})", 150),
        ("any of (when b ends; 30 min after a ends)", 130),
        ("any of (when a ends; 30 min after a begins)", 90),
        (f"all of (when a ends; {at(150)})", 150),
        ("when a begins", 60),
        ("90 min after a begins", 150),
        ("1 h after 1 h after a begins", 180),
    ],
)
def test_all_waits_for_the_last_and_any_for_the_first(moment, minute):
    stoppages = {"a": halt("gate", 60, 100), "b": halt("gate", 150, 200)}
    log = run(with_gate(stoppages, flows__evacuation__opens=moment))
    assert times(log, Kind.FORMED)[0] == minute


def test_a_departure_may_hang_on_something_beside_dates():
    """The bus is back at 135: the departure of 100 is made late, then that of 300."""
    log = run(
        with_gate(
            {"halt": {**halt("gate", 0, 1), "closes": ["side"]}},
            gates={"side": {}, "gate": {}},
            routes__out__through=["side", "road"],
            routes__out__back=["road"],
            flows__evacuation__dispatch_dates=[at(300), "100 min after halt ends"],
        )
    )
    assert times(log, Kind.FORMED) == [101, 300]


def test_vehicles_join_and_leave_as_moments_come():
    log = run(
        operation(
            fleets__buses__joins={at(0): 1, "when evacuation begins": 1},
            flows__evacuation__at_once=2,
            fleets__buses__leaves={"when 100 of evacuation have set out": 2},
        )
    )
    assert times(log, Kind.FORMED) == [0, 0]
    assert times(log, Kind.ARRIVED) == [75, 75]


def test_an_agreement_is_proposed_amended_and_ends_as_moments_come():
    plan = operation(
        gates={"gate": {}},
        routes__out__through=["gate", "road"],
        agreements={
            "deal": {
                "parties": {"out": {"flows": ["evacuation"], "gate": "gate"}},
                "proposed": "when evacuation begins",
                "in_force": "1 h after evacuation begins",
                "tranches": [{"out": 50}],
                "amendments": {
                    "4 h after deal is in force": {"tranches": [{"out": 100}]}
                },
                "deadline": "2 d after deal is amended",
                "after_deadline": "lapse",
            }
        },
    )
    log = run(plan)
    kinds = (Kind.PROPOSED, Kind.IN_FORCE, Kind.RENEGOTIATED, Kind.COMPLETED)
    assert [times(log, kind)[0] for kind in kinds] == [0, 60, 300, 60]
    assert times(log, Kind.LAPSED) == []


def test_a_named_moment_has_one_draw_for_all_that_hang_on_it():
    plan = with_gate(
        {
            "a": lasting("when talks comes", "1 h"),
            "b": lasting("when talks comes", "2 h"),
        },
        moments={"talks": "1 h to 9 h after evacuation begins"},
    )
    for replication in range(5):
        log = run(plan, replication=replication)
        begun = {e.time_s for e in log.events if e.kind is Kind.STOPPAGE_BEGAN}
        assert len(begun) == 1


def test_what_is_drawn_for_a_moment_depends_on_its_name_alone():
    one = "1 h to 9 h after evacuation begins"
    alone = with_gate({"a": lasting(one, "1 h")})
    both = with_gate(
        {
            "b": lasting(one, "1 h"),
            "a": lasting(one, "1 h"),
        }
    )
    begins = [came(run(plan))["stoppages.a.starts"] for plan in (alone, both)]
    assert begins[0] == begins[1]
    assert came(run(both))["stoppages.b.starts"] != begins[0]


def test_moments_come_in_the_second_of_what_they_hang_on_and_ranks_hold():
    """In one second the halt ends, the flow opens and a convoy is formed."""
    log = run(
        with_gate(
            {"halt": halt("gate", 0, 60)},
            flows__evacuation__opens="when halt ends",
        )
    )
    rows = [e for e in log.events if e.time_s == 3600]
    order = [e.kind for e in rows if e.kind in {Kind.STOPPAGE_ENDED, Kind.FORMED}]
    assert order == [Kind.STOPPAGE_ENDED, Kind.FORMED]


def test_a_moment_that_never_comes_leaves_everything_as_it_was():
    log = run(with_gate(flows__evacuation__closes="when pocket is empty"))
    assert times(log, Kind.ARRIVED) == [135, 330]


def test_a_file_with_moments_reads_back_as_the_same_operation():
    plan = with_gate(
        {"halt": lasting("1 h after evacuation begins", "1 h")},
        moments={"talks": "next 06:00 after halt ends"},
        fleets__buses__joins={at(0): 1, "when talks comes": 2},
    )
    assert from_text(resolved_yaml(plan)) == plan


# What is refused


def refused(**changes):
    """Return what is said of a scenario that is wrong."""
    with pytest.raises(ScenarioError) as error:
        from_data(changed(shuttle(gates={"gate": {}}), **changes))
    return str(error.value)


GATED = {"routes__out__through": ["gate", "road"]}


@pytest.mark.parametrize(
    ("opens", "says"),
    [
        ("when hald ends", "'hald' is not a stoppage, so it never ends"),
        ("when halt is over", "'halt' is not a flow, so it never is over"),
        (
            "when hald begins",
            "'hald' is not a stoppage or flow, so it never begins. Did you mean 'halt'",
        ),
        (
            "when truce is in force",
            "'truce' is not an agreement, so it never is in force. There is none here.",
        ),
        ("when halt ends the 2nd time", "halt ends no more than once"),
        ("when evacuation is over", "waits on itself"),
        ("when pocket is empty", "waits on itself"),
        ("when 50 of evacuation have arrived", "waits on itself"),
        ("when 500 of rest have arrived", "'rest' is not a flow"),
        (
            "when 101 of evacuation have arrived",
            "101 people of 'evacuation'",
        ),
        ("when 5 of evacuation have crossed door", "do not pass 'door'"),
        ("all of (when halt ends; when pocket is empty)", "waits on itself"),
    ],
)
def test_what_can_never_come_is_refused(opens, says):
    stoppages = {"halt": halt("gate", 0, 9)}
    said = refused(stoppages=stoppages, flows__evacuation__opens=opens, **GATED)
    assert says in said
    assert "flows.evacuation.opens" in said


def test_a_circle_is_shown_link_by_link():
    said = refused(
        stoppages={
            "a": lasting("when b ends", "1 h"),
            "b": lasting("1 h after a begins", "1 h"),
        },
        **GATED,
    )
    assert "waits on itself" in said
    assert "'a begins' waits for 'b ends'" in said
    assert "'b begins' waits for 'a begins'" in said


def test_any_of_two_is_no_circle_if_one_can_come():
    plan = from_data(
        changed(
            shuttle(gates={"gate": {}}),
            stoppages={"halt": halt("gate", 0, 9)},
            flows__evacuation__opens="any of (when pocket is empty; when halt ends)",
            **GATED,
        )
    )
    assert times(run(plan), Kind.FORMED)[0] == 9


def test_what_nothing_brings_about_is_refused():
    deal = {
        "parties": {"out": {"flows": ["evacuation"], "gate": "gate"}},
        "tranches": [{"out": "rest"}],
    }
    said = refused(
        agreements={"deal": deal},
        stoppages={"halt": lasting("when deal is breached", "1 h")},
        **GATED,
    )
    assert "nothing brings it about that 'deal' is breached" in said


def given_up():
    """Return an agreement of one side that is breached an hour after it is in force."""
    return {
        "parties": {"out": {"flows": ["evacuation"], "gate": "gate"}},
        "tranches": [{"out": "rest"}],
        "given_up_after": "1 h",
    }


def test_what_is_given_up_is_breached_and_things_may_hang_on_it():
    log = run(
        operation(
            gates={"gate": {}},
            agreements={"deal": given_up()},
            fleets__buses__joins={at(0): 1, "5 min after deal is breached": 1},
            **GATED,
        )
    )
    assert times(log, Kind.CAME) == [65]


def test_random_stoppages_wait_for_the_moment_since_when_they_may_begin():
    searches = {
        "cause": "searches",
        "closes": ["gate"],
        "every": "5 h",
        "lasts": "1 h",
        "since": "when searches ends",
    }
    said = refused(stoppages={"searches": searches}, **GATED)
    assert "stoppages.searches.since: this waits on itself" in said


@pytest.mark.parametrize("moment", ["when pocket is empty", "when evacuation is over"])
@pytest.mark.parametrize("field", ["joins", "ready"])
def test_nobody_waits_for_the_end_of_what_waits_for_him(moment, field):
    """Nobody is left, and a flow is over, only once all who are to come have come."""
    people = {"people": 100, field: {f"1 h after {moment}": 50}}
    assert "waits on itself" in refused(sites__pocket__groups__civilians=people)


def test_who_comes_after_a_flow_has_closed_may_hang_on_its_end():
    people = {"people": 100, "joins": {"1 h after evacuation is over": 50}}
    log = run(
        operation(
            sites__pocket__groups__civilians=people, flows__evacuation__closes=at(5)
        )
    )
    assert times(log, Kind.CAME) == [135]


def test_who_is_still_to_come_may_be_waited_for():
    people = {"people": 100, "joins": {at(60): 50}}
    log = run(
        operation(
            sites__pocket__groups__civilians=people,
            fleets__buses__joins={
                at(0): 1,
                "when 150 people of evacuation have arrived": 1,
            },
        )
    )
    assert times(log, Kind.CAME) == [345]


def test_who_is_turned_back_sets_out_twice():
    log = run(
        operation(
            gates={"gate": {}},
            routes__out__through=["road", "gate"],
            stoppages={"halt": halt("gate", 60, 90, caught="turn_back")},
            moments={"again": "when 150 people of evacuation have set out"},
        )
    )
    assert len(times(log, Kind.CAME)) == 1


def test_a_long_chain_of_moments_is_checked_link_by_link_once():
    """Looked at anew for each link, three thousand took half a minute."""
    links = {f"link-{n}": f"1 min after link-{n - 1} comes" for n in range(1, 3000)}
    began = process_time()
    operation(
        moments={"link-0": at(5), **links},
        flows__evacuation__opens="when link-2999 comes",
    )
    assert process_time() - began < 5


# What is not known, and variants


DELAYED = {
    "stoppages": {"halt": lasting("1 h to 3 h after evacuation begins", "1 h")},
}


def test_a_range_of_a_moment_is_that_of_its_delay():
    """Each draw is the middle of the delay, which goes on varying as widely."""
    path = "stoppages.halt.starts"
    plan = with_gate(uncertain={path: {"spread": "2 h to 8 h"}}, **DELAYED)
    drawn = settled(plan, {path: 4 * 3600.0})
    assert write(drawn.stoppages["halt"].starts, plan.clock) == (
        "2 h to 6 h after evacuation begins"
    )
    assert uncertain_fields(plan)[path] == Distribution.uniform(7200, 28800)
    assert field_unit(plan, path).name == "h"


def test_a_range_of_a_delay_after_a_date_is_a_duration_too():
    opens = {"flows__evacuation__opens": f"1 h after {at(60)}"}
    dates = {"flows.evacuation.opens": {"spread": f"{at(60)} to {at(90)}"}}
    assert "is not a duration" in refused(**opens, uncertain=dates)
    delays = {"flows.evacuation.opens": {"spread": "1 h to 2 h"}}
    plan = operation(**opens, uncertain=delays)
    later = settled(plan, {"flows.evacuation.opens": 7200})
    assert times(run(later), Kind.FORMED)[0] == 180


def test_a_range_of_a_moment_without_a_delay_is_refused():
    with pytest.raises(ScenarioError) as error:
        with_gate(
            {"halt": lasting("when evacuation begins", "1 h")},
            uncertain={"stoppages.halt.starts": {"spread": "2 h to 8 h"}},
        )
    assert "has not exactly one delay" in str(error.value)


@pytest.mark.parametrize(
    ("change", "becomes"),
    [
        ({"stoppages.halt": {"shorten_by": "1 h"}}, "4 h after halt begins"),
        ({"stoppages.halt": {"lengthen_by": "1 h"}}, "6 h after halt begins"),
        ({"stoppages.halt": {"shift_by": "1 d"}}, "5 h after halt begins"),
    ],
)
def test_a_variant_moves_an_end_that_hangs_on_something(change, becomes):
    plan = with_gate({"halt": {**halt("gate", 0, 9), "until": "5 h after halt begins"}})
    changed_plan = amended(plan, change)
    assert write(changed_plan.stoppages["halt"].until, plan.clock) == becomes


def test_a_shift_moves_the_dates_within_a_moment():
    plan = with_gate(
        {"halt": halt("gate", 0, 9)},
        flows__evacuation__opens=f"all of (when halt ends; {at(600)})",
    )
    later = amended(plan, {"flows.evacuation": {"shift_by": "1 h"}})
    assert write(later.flows["evacuation"].opens, plan.clock) == (
        f"all of (when halt ends; {at(660)})"
    )


# As it is told afterwards, for whoever needs dates


def test_told_afterwards_each_moment_has_the_date_at_which_it_came():
    plan = with_gate(
        {"halt": {**halt("gate", 0, 60), "until": "2 h after halt begins"}},
        moments={"talks": "1 h after halt ends"},
        fleets__buses__joins={at(0): 1, "when talks comes": 1},
        flows__evacuation__phases={
            "when 500 vehicles of evacuation have arrived": {"load": {"buses": 1}}
        },
    )
    told = as_it_came(plan)
    assert told.stoppages["halt"].until == 2 * 3600
    assert told.fleets["buses"].joins == {0: 1, 3 * 3600: 1}
    assert told.flows["evacuation"].phases == {}
    assert run(told).rows != ()
    arrivals = [times(run(each), Kind.ARRIVED) for each in (plan, told)]
    assert arrivals[0] == arrivals[1]


def test_what_has_dates_only_is_told_as_it_is():
    plan = with_gate({"halt": halt("gate", 0, 9)})
    assert as_it_came(plan) is plan
