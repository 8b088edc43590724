"""`gives_up_after`: how long a convoy stands at its gate before it turns back."""

import pytest

from sim.events import Kind
from sim.scenario import from_data
from tests.builders import (
    NEVER,
    START,
    at,
    halt,
    named_first,
    terms,
    two_sides,
    two_sides_data,
)
from tests.logs import causes, crossings, formed, held, returns, run, states, times
from tests.reference.compare import differences

PRIOR = terms("prior", 1, 1, first="south")
PATIENCE = "agreements__deal__parties__north__gives_up_after"


def patient(minutes=60, south=NEVER, stoppages=None, **changes):
    """North comes at 70 and waits for the south, an hour unless it is said."""
    return two_sides(
        1,
        1,
        PRIOR,
        **{
            "flows__south__opens": south,
            "sites__north__groups__civilians__people": 50,
            "stoppages": stoppages or {},
            PATIENCE: f"{minutes} min" if minutes else None,
            **changes,
        },
    )


def impatient(**changes):
    """As `patient`, without the second departure of those who were turned back."""
    return patient(**{"flows__north__closes": at(60), **changes})


# It turns back


def test_who_gave_up_as_it_set_out_goes_again_with_vehicles_of_another_fleet():
    """Both buses are back at once; the car of a later phase was none of its own."""
    operation = impatient(
        minutes=0,
        south=at(399),
        ends=at(400),
        legs__near={"time": "0 min"},
        routes__north__through=["near", "north-gate", "road"],
        flows__north__boarding="0 min",
        flows__north__phases={at(30): {"convoy": {"cars": 1}}},
        fleets__north_D_buses__joins={START: 2},
        fleets__cars={"kind": "private", "seats": 5, "joins": {START: 1}},
        **{PATIENCE: "0 min"},
    )

    assert formed(run(operation), "north") == [0, 30]
    assert differences(operation, 0) == []


def test_a_convoy_that_has_stood_for_too_long_turns_back():
    """At 130; home at 190, it sets out anew and gives up again at 320."""
    log = run(patient(south=at(399), ends=at(400)))

    assert causes(log, "north-gate", "north-001") == [
        (70, "agreement", "deal: waits for south"),
        (130, "road", "deal: north gave up waiting"),
    ]
    assert returns(log, "north") == [(190, 50), (380, 50)]
    assert formed(log, "north") == [0, 190, 380]


def test_without_patience_it_stands():
    log = run(patient(minutes=None, south=at(5000), ends=at(5001)))

    assert held(log, "north") == [(70, "deal: waits for south")]
    assert returns(log, "north") == []


def test_it_gives_up_its_place_to_others():
    """South crosses at 160 and opens one tranche: to the bus that has come at 110.

    The first, come at 70, had the place in it until it turned back at 130.
    """
    log = run(
        impatient(
            south=at(90),
            sites__north__groups__civilians__people=100,
            fleets__north_D_buses__joins={START: 1, at(40): 1},
            flows__north__headway="40 min",
        )
    )

    assert times(log, Kind.TURNED_BACK) == [130]
    assert crossings(log, "north") == [160]


def test_who_is_let_pass_before_does_not_turn_back():
    """The south sets out at 55 and crosses at 125, five minutes before."""
    log = run(patient(south=at(55)))

    assert crossings(log, "north") == [125]
    assert returns(log, "north") == []


def in_both_orders(terms, **changes):
    """Return fifty a side who set out at 0; the side named first moves first."""
    data = two_sides_data(
        1,
        1,
        terms,
        **{
            "sites__north__groups__civilians__people": 50,
            "sites__south__groups__civilians__people": 50,
            "flows__north__closes": at(60),
            "flows__south__closes": at(60),
            **changes,
        },
    )
    return [from_data(named_first(data, "flows", side)) for side in ("north", "south")]


def test_who_may_pass_in_the_second_in_which_patience_ends_passes():
    """South crosses at 130, when north has stood for an hour."""
    for scenario in in_both_orders(PRIOR, south_road="120 min", **{PATIENCE: "60 min"}):
        log = run(scenario)

        assert crossings(log, "south") == crossings(log, "north") == [130]


def test_so_does_who_is_detained_until_then():
    """From 70 to 130; its patience is over at 100."""
    search = halt("north-gate", 60, 71, caught="detain", detained_for="60 min")
    for scenario in in_both_orders(
        PRIOR,
        south_road="120 min",
        stoppages={"search": search},
        **{PATIENCE: "30 min"},
    ):
        log = run(scenario)

        assert crossings(log, "south") == crossings(log, "north") == [130]


@pytest.mark.parametrize(
    ("road", "crossed", "turned"), [(60, [70], []), (61, [], [70, 71])]
)
def test_sides_without_patience_are_released_if_they_come_in_one_second(
    road, crossed, turned
):
    """North is at its gate at 70, and south as well or a minute later."""
    for scenario in in_both_orders(
        terms("simultaneous", 1),
        south_road=f"{road} min",
        agreements__deal__parties__south__gives_up_after="0 min",
        **{PATIENCE: "0 min"},
    ):
        log = run(scenario)

        assert crossings(log, "north") == crossings(log, "south") == crossed
        assert times(log, Kind.TURNED_BACK) == turned


def test_patience_ends_in_the_second_in_which_the_agreement_lapses():
    """The agreement changes first."""
    log = run(
        patient(
            agreements__deal__deadline=at(130),
            agreements__deal__after_deadline="lapse",
        )
    )

    assert crossings(log, "north") == [130]


# What keeps it there


def test_after_a_breach_it_turns_back_all_the_same_and_sets_out_no_more():
    attack = halt("south-gate", 100, 101, breaches=["deal"])
    log = run(patient(stoppages={"attack": attack}))

    assert times(log, Kind.TURNED_BACK) == [130]
    assert formed(log, "north") == [0]
    assert states(log)[-1] == (100, "breached")


def test_in_a_suspension_too():
    talks = halt("south-gate", 60, 300, suspends=["deal"])
    log = run(patient(south=at(0), stoppages={"talks": talks}))

    assert times(log, Kind.TURNED_BACK, "north-001") == [130]


def test_and_before_it_is_in_force():
    """Proposed at 30, when it is under way; in force at 400."""
    log = run(
        patient(
            agreements__deal__proposed=at(30),
            agreements__deal__in_force=at(400),
        )
    )

    assert times(log, Kind.TURNED_BACK)[0] == 130


def test_a_closed_gate_alone_does_not_turn_it_back():
    """The agreement lets it pass from 70 on; the halt does not until 300."""
    log = run(patient(south=None, stoppages={"halt": halt("north-gate", 60, 300)}))

    assert returns(log, "north") == []
    assert crossings(log, "north")[0] == 300


def test_behind_a_closed_gate_it_turns_back_if_the_agreement_does_not_let_it():
    """It has stood for an hour at 130, and south is not in sight."""
    log = run(impatient(stoppages={"halt": halt("north-gate", 60, 300)}))

    assert times(log, Kind.TURNED_BACK) == [130]


# Detention counts


@pytest.mark.parametrize(("minutes", "turned"), [(30, 130), (60, 130), (100, 170)])
def test_who_is_detained_turns_back_when_that_and_its_patience_are_over(
    minutes, turned
):
    search = halt("north-gate", 60, 71, caught="detain", detained_for=f"{minutes} min")
    log = run(impatient(stoppages={"search": search}))

    assert times(log, Kind.TURNED_BACK) == [turned]


def test_who_is_detained_at_the_time_and_may_pass_then_passes():
    """Detained from 70 to 170; south crosses at 150."""
    search = halt("north-gate", 60, 71, caught="detain", detained_for="100 min")
    log = run(impatient(south=at(80), stoppages={"search": search}))

    assert crossings(log, "north") == [170]
    assert returns(log, "north") == []


def test_it_stands_without_a_break_from_when_it_came():
    """Halted until 100, then held by the agreement: an hour after 70 it turns back."""
    log = run(impatient(stoppages={"halt": halt("north-gate", 60, 100)}))

    assert times(log, Kind.TURNED_BACK) == [130]


def test_a_stay_at_another_gate_does_not_count():
    """Held for two hours at the approach, it comes to its gate at 190."""
    log = run(
        impatient(
            gates__approach={},
            routes__north__through=["road", "approach", "north-gate", "road"],
            stoppages={"halt": halt("approach", 60, 190)},
        )
    )

    assert times(log, Kind.TURNED_BACK) == [250]


# How long, and of whom


def test_patience_is_drawn_for_each_convoy():
    """Two that come at 70 give up at different moments, the same in every run."""
    scenario = impatient(
        sites__north__groups__civilians__people=100,
        fleets__north_D_buses__joins={START: 2},
        **{PATIENCE: "30 min to 90 min"},
    )
    turned = times(run(scenario), Kind.TURNED_BACK)

    assert len(set(turned)) == 2
    assert all(100 <= minute <= 160 for minute in turned)
    assert times(run(scenario), Kind.TURNED_BACK) == turned
    assert times(run(scenario, seed=2), Kind.TURNED_BACK) != turned


def test_one_convoy_more_does_not_change_the_patience_of_the_first():
    def turned(buses):
        scenario = impatient(
            sites__north__groups__civilians__people=100,
            fleets__north_D_buses__joins={START: buses},
            **{PATIENCE: "30 min to 90 min"},
        )
        return times(run(scenario), Kind.TURNED_BACK, "north-001")

    assert turned(1) == turned(2)


def test_the_other_side_has_its_own():
    """South, without patience, stands; north gives up and comes again."""
    log = run(
        two_sides(
            1,
            1,
            terms("simultaneous", 2),
            sites__north__groups__civilians__people=50,
            ends=at(300),
            **{PATIENCE: "60 min"},
        )
    )

    assert times(log, Kind.TURNED_BACK, "north-001") == [130]
    assert not returns(log, "south")


def test_empty_vehicles_do_not_lose_patience():
    """On the way back through its gate, closed from 120 to 400, the bus waits."""
    log = run(
        patient(
            south=None,
            routes__north__back=["north-gate", "road"],
            stoppages={"halt": halt("north-gate", 120, 400)},
        )
    )

    assert times(log, Kind.RELIEVED, "north-001") == [460]
