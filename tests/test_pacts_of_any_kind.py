"""Whatever is agreed of days, paces, parts, chances and policies: what always holds."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.events import Kind
from sim.scenario import from_data
from tests.builders import at, halt, two_sides_data
from tests.logs import run

DAY_S = 86_400
SIDES = ("north", "south")
POLICIES = (
    "plain",
    {"kind": "balance", "lead": 3},
    {"kind": "batches", "size": 2},
    {"kind": "lever", "chance": "30 %"},
)
AHEAD = (
    "tit_for_tat",
    {"kind": "tolerance", "band": 1},
    {"kind": "generous", "chance": "50 %"},
)
"""Policies of a side that the rule lets go ahead."""


@st.composite
def pacts(draw):
    """Return the data of two sides, and what is agreed between them."""
    unit = draw(st.sampled_from(["people", "vehicles"]))
    size = st.integers(30, 160) if unit == "people" else st.integers(1, 4)
    sides = {side: draw(size) for side in SIDES}
    rule = draw(st.sampled_from(["lockstep", "simultaneous", "credit"]))
    deal = {
        "unit": unit,
        "rule": rule,
        "tranches": [{**sides, "times": draw(st.integers(1, 3))}],
    }
    if draw(st.booleans()):
        deal["tranches"].append(dict.fromkeys(SIDES, "rest"))
        deal["each"] = draw(st.sampled_from(["day", "week"]))
    if rule == "credit":
        deal["ahead"] = draw(st.integers(1, 3))
    if draw(st.booleans()):
        deal["parts"] = True
    if draw(st.booleans()):
        count = draw(st.sampled_from(["people", "vehicles", "convoys"]))
        most = draw(st.integers(1, 200 if count == "people" else 5))
        deal["at_most"] = {"north": f"{most} {count} a day"}
    if draw(st.integers(0, 3)) == 0:
        deal["chance"] = "70 %"
        deal["given_up_after"] = "1 d to 6 d"
    policies = (*POLICIES, *AHEAD) if rule == "credit" else POLICIES
    changes = {
        f"agreements__deal__parties__{side}__policy": draw(st.sampled_from(policies))
        for side in SIDES
    }
    if draw(st.booleans()):
        changes["agreements__deal__parties__north__gives_up_after"] = "1 h to 2 d"
    if draw(st.booleans()):
        begins = draw(st.integers(0, 3000))
        caught = draw(st.sampled_from(["hold", "turn_back", "detain"]))
        settings = {"detained_for": "2 h"} if caught == "detain" else {}
        stop = halt("north-gate", begins, begins + 600, caught=caught, **settings)
        changes["stoppages"] = {"halt": stop}
    buses = draw(st.integers(1, 5))
    return two_sides_data(
        buses,
        4,
        deal,
        **{
            "sites__north__groups__civilians__people": draw(st.integers(480, 600)),
            "sites__south__groups__civilians__people": 500,
            "flows__north__convoy": {"north-buses": buses},
            "flows__north__smallest": 1,
            "flows__south__opens": at(draw(st.sampled_from([0, 500, 2000]))),
            "sites__north__bays": draw(st.sampled_from([1, 3])),
            **changes,
        },
    )


def accepted(data):
    try:
        return from_data(data)
    except ScenarioError:
        return None


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(pacts())
def test_people_vehicles_hours_and_the_pace_are_kept(data):
    """`run` checks after every event where everybody is, and that causes sum up."""
    operation = accepted(data)
    if operation is None:
        return
    log = run(operation)
    aboard: Counter[str] = Counter()
    for event in log.events:
        if event.kind in {Kind.ASSIGNED, Kind.PARTED}:
            aboard[event.convoy] += event.people
        elif event.kind in {Kind.ARRIVED, Kind.RETURNED}:
            aboard[event.convoy] -= event.people
        assert aboard[event.convoy] >= 0
    parted = [event.people for event in log.events if event.kind is Kind.PARTED]
    assert sum(parted) == 0
    if parted:
        assert operation.agreements["deal"].parts
    pace = (operation.agreements["deal"].at_most or {}).get("north")
    if pace is not None:
        _keeps_to(pace, log)


def _keeps_to(pace, log):
    """No day has more of the north than the pace, but for one vehicle or convoy."""
    days: dict[int, list[int]] = {}
    for event in log.events:
        if event.kind is Kind.COUNTED and event.reason.side == "north":
            if event.people < 0:
                continue  # turned back later: it has passed all the same
            amount = {"people": event.people, "vehicles": event.vehicles}
            each = amount.get(pace.unit, 1)
            days.setdefault(event.time_s // DAY_S, []).append(each)
    for amounts in days.values():
        assert sum(amounts) <= pace.number or len(amounts) == 1


@settings(max_examples=80, deadline=None)
@given(pacts())
def test_what_fits_whole_crosses_as_without_parts(data):
    """One tranche a side with room for all, no pace: `parts` changes nothing."""
    deal = data["agreements"]["deal"]
    for field in ("at_most", "each"):
        deal.pop(field, None)
    deal["tranches"] = [dict.fromkeys(SIDES, 300), dict.fromkeys(SIDES, "rest")]
    data["sites"]["north"]["groups"]["civilians"]["people"] = 300
    deal["unit"] = "people"
    plain, parts = (
        {**data, "agreements": {"deal": deal | {"parts": yes}}}
        for yes in (
            False,
            True,
        )
    )
    one, other = accepted(plain), accepted(parts)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert run(one).rows == run(other).rows
