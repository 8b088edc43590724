"""Several agreements over one gate: each governs its own flows, and all must permit."""

import pytest

from sim.events import Kind
from tests.builders import START, at, halt, terms, times, two_sides
from tests.logs import causes, crossings, formed, held, run, states, waiting

NORTH = {"flows": ["north"], "gate": "north-gate"}
SOUTH = {"flows": ["south"], "gate": "south-gate"}
BOTH = {"north": NORTH, "south": SOUTH}
ALONE = {"parties": {"north": NORTH}, "tranches": [{"north": "rest"}]}


def agreed(road="180 min", **agreements):
    """North is at its gate at 70, south at 190; agreements in the order given."""
    return two_sides(
        1,
        1,
        None,
        road,
        sites__north__groups__civilians__people=50,
        sites__south__groups__civilians__people=50,
        agreements={name.replace("_", "-"): deal for name, deal in agreements.items()},
    )


def opening_at(minute, **more):
    """An agreement of the north alone, proposed when it is under way."""
    return {**ALONE, "proposed": at(30), "in_force": at(minute), **more}


# All must permit


@pytest.mark.parametrize(("one", "two"), [(100, 200), (200, 100), (200, 200)])
def test_a_convoy_passes_when_all_its_agreements_permit(one, two):
    log = run(agreed(one=opening_at(one), two=opening_at(two)))

    assert crossings(log, "north") == [200]


def test_it_waits_for_the_first_named_that_does_not_permit():
    first = run(agreed(one=opening_at(100), two=opening_at(200)))
    second = run(agreed(one=opening_at(200), two=opening_at(100)))

    assert causes(first, "north-gate") == [
        (70, "agreement", "one: not in force yet"),
        (100, "agreement", "two: not in force yet"),
        (200, "road", ""),
    ]
    assert causes(second, "north-gate") == [
        (70, "agreement", "one: not in force yet"),
        (200, "road", ""),
    ]


def test_it_counts_in_all_of_them():
    log = run(agreed(one=opening_at(100), two=opening_at(200)))

    counted = [(e.time_s / 60, e.place) for e in log.events if e.kind is Kind.COUNTED]
    assert counted == [(200, "one"), (200, "two")]
    assert states(log, "one")[-1] == states(log, "two")[-1] == (200, "completed")


def test_an_agreement_that_lapses_leaves_the_other():
    lapsing = opening_at(300, deadline=at(301), after_deadline="lapse")
    log = run(
        agreed(
            one={**lapsing, "requires": {"never": {"never": True}}},
            two=opening_at(200),
        )
    )

    assert crossings(log, "north") == [301]


def test_one_that_is_broken_holds_though_the_other_permits():
    scenario = two_sides(
        1,
        1,
        sites__north__groups__civilians__people=50,
        agreements={"one": ALONE, "two": ALONE},
        stoppages={"attack": halt("south-gate", 40, 41, breaches=["two"])},
    )
    log = run(scenario)

    assert held(log, "north") == [(70, "two: breached")]


def test_flows_wait_for_the_first_named_that_has_no_room():
    log = run(
        agreed(
            one={**ALONE, "in_force": at(100)},
            two={**ALONE, "in_force": at(200)},
        )
    )

    assert waiting(log, "north")[:2] == [
        (0, "agreement", "one: not in force yet"),
        (100, "agreement", "two: not in force yet"),
    ]
    assert formed(log, "north") == [200]


# Each governs its own flows


def test_another_flow_over_the_same_gate_is_not_bound():
    """A bus of another flow crosses at 70 while the north's waits for its deal."""
    log = run(
        two_sides(
            1,
            1,
            terms("prior", 1, first="south"),
            "180 min",
            fleets__other_D_bus={"kind": "bus", "seats": 50, "joins": {START: 1}},
            flows__other={
                "route": "north",
                "groups": ["civilians"],
                "convoy": {"other-bus": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
        )
    )

    assert crossings(log, "north", "other") == [70]
    assert crossings(log, "north", "north") == [190]


def test_the_same_gate_may_serve_two_sides():
    """Both cross the bridge, one after the other: the south first."""
    log = run(
        two_sides(
            1,
            1,
            terms("prior", 1, first="south"),
            "180 min",
            gates={"bridge": {}},
            routes__north__through=["road", "bridge", "road"],
            routes__south__through=["slow-road", "bridge", "road"],
            agreements__deal__parties__north__gate="bridge",
            agreements__deal__parties__south__gate="bridge",
            sites__north__groups__civilians__people=50,
            sites__south__groups__civilians__people=50,
        )
    )

    assert [(e.time_s / 60, e.flow) for e in log.events if e.kind is Kind.CROSSED] == [
        (190, "south"),
        (190, "north"),
    ]


def test_a_second_gate_on_the_way_has_its_own_agreement():
    """Through the first at 70, at the second, an hour on, at 130; open from 300."""
    log = run(
        two_sides(
            1,
            1,
            sites__north__groups__civilians__people=50,
            gates={"north-gate": {}, "far-gate": {}, "south-gate": {}},
            routes__north__through=["road", "north-gate", "road", "far-gate", "road"],
            agreements={
                "near": ALONE,
                "far": {
                    **opening_at(300),
                    "parties": {"north": {"flows": ["north"], "gate": "far-gate"}},
                },
            },
        )
    )

    assert times(log, Kind.CROSSED, "north-001", "north-gate") == [70]
    assert times(log, Kind.CROSSED, "north-001", "far-gate") == [300]


# One more is put forward while a convoy stands there


TOGETHER = {"parties": BOTH, "proposed": at(100), **terms("simultaneous", 1)}


def test_who_is_held_by_one_waits_for_the_first_named_as_soon_as_it_is_proposed():
    """Held by `two` from 70 on; at 100 `one`, named first, does not permit either."""
    log = run(agreed(one=TOGETHER, two=opening_at(400)))

    assert causes(log, "north-gate")[:2] == [
        (70, "agreement", "two: not in force yet"),
        (100, "agreement", "one: waits for south"),
    ]


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_who_is_held_by_one_is_ready_for_the_other(order):
    """At 190 both stand there able to go: the south does, the north waits for 400."""
    deals = {"one": TOGETHER, "two": opening_at(400)}
    log = run(agreed(**{name: deals[name] for name in order}))

    assert crossings(log, "south") == [190]
    assert crossings(log, "north") == [400]


def test_who_is_held_by_one_moves_up_in_the_other():
    """Two buses; the first is detained at the approach until 250, the second stands.

    `one`, proposed at 100, has a tranche for each; the first opens with the south's
    crossing at 190, and belongs to who stands there, held by `two` until 200.
    """
    search = halt("approach", 60, 71, caught="detain", detained_for="3 h", catches=1)
    log = run(
        two_sides(
            2,
            1,
            None,
            "180 min",
            gates={"north-gate": {}, "south-gate": {}, "approach": {}},
            routes__north__through=["road", "approach", "north-gate", "road"],
            stoppages={"search": search},
            flows__north__headway="10 min",
            sites__south__groups__civilians__people=100,
            agreements={
                "one": {
                    "parties": BOTH,
                    "proposed": at(100),
                    **terms("prior", 1, 1, first="south"),
                },
                "two": {**opening_at(200), "proposed": at(20)},
            },
        )
    )

    crossed = [
        (e.time_s / 60, e.convoy)
        for e in log.events
        if e.kind is Kind.CROSSED and e.place == "north-gate"
    ]
    assert crossed[0] == (200, "north-002")
