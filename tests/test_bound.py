"""What capacity alone would take: bounds that no run beats, exact where it can be seen.

The shuttle's one bus takes 50 people at minute 0 and again at minute 135; they arrive
at minutes 75 and 210.
"""

from math import isfinite

import pytest

from sim.answers.bound import (
    SURE,
    Envelope,
    LimitKind,
    Sure,
    Usual,
    bounds_of,
    came_in,
    limits,
    needed,
    readings,
    ways,
)
from sim.answers.removals import removable, without
from sim.answers.what_holds import POLITICS
from sim.metrics.account import Account
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.registry import summary
from sim.model import simulate
from sim.scenario import find, from_data, load
from tests.builders import (
    START,
    at,
    changed,
    halt,
    operation,
    shuttle,
    two_sides,
    with_gate,
    with_post,
)
from tests.commands import ROOT, call, flat, rows
from tests.reference.scenarios import scenario

MINUTE = 60
MADE_UP = (*range(20), *range(100_000, 100_015), *range(200_000, 200_010))
MADE_UP = (*MADE_UP, *range(300_000, 300_015))
MORE = (*range(20, 400), *range(100_015, 100_300), *range(200_010, 200_020))
MORE = (*MORE, *range(300_015, 300_300))


def bound_min(world, whose="pocket", percent=100, reading=SURE):
    time_s = bounds_of(world, reading, (percent,), (whose,))[whose, percent].time_s
    return None if time_s is None else time_s / MINUTE


def binds(world, whose="pocket", percent=100):
    return bounds_of(world, SURE, (percent,), (whose,))[whose, percent].binding[0]


def run_min(world, whose="pocket", percent=100, seed=1):
    return summary(simulate(world, seed=seed))[f"t{percent}/{whose}"] * 60


def beaten(world, seed, reading=SURE):
    """Return who had arrived before the bound says that so many can have."""
    run = Account(simulate(world, seed=seed))
    curves = {**run.arrivals, ALL_SITES: run.all_arrivals}
    found = []
    for whose, curve in curves.items():
        envelope = Envelope(world, reading, whose)
        steps = [*zip(curve.times_s, curve.totals, strict=True)]
        shown = steps[:: max(len(steps) // 5, 1)] + steps[-1:]
        found += [
            (whose, time_s, people, envelope.most_by(time_s))
            for time_s, people in shown
            if envelope.most_by(time_s) < people - 1e-4
        ]
    return found


# No run beats it


@pytest.mark.parametrize("seed", MADE_UP)
def test_no_run_has_more_people_out_at_any_moment_than_the_bound(seed) -> None:
    assert beaten(from_data(scenario(seed)), seed) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed",
    [*range(100_000, 100_030), *range(200_000, 200_030), *range(300_000, 300_030)],
)
def test_nor_has_any_whose_moments_are_given_more_than_the_bound_for_them(seed) -> None:
    world = from_data(scenario(seed))
    came = came_in(simulate(world, seed=seed))

    assert beaten(world, seed, Sure(came)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", MORE)
def test_nor_has_any_of_many_more(seed) -> None:
    assert beaten(from_data(scenario(seed)), seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*range(0, 60, 3), *range(100_000, 100_020)])
def test_no_run_reaches_a_percentage_before_the_bound(seed) -> None:
    world = from_data(scenario(seed))
    took = summary(simulate(world, seed=seed))

    for (whose, percent), bound in bounds_of(world, SURE).items():
        hours = took[f"t{percent}/{whose}"]
        if isfinite(hours):
            assert bound.time_s is not None
            assert bound.time_s <= hours * 3600


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("name", ["aleppo-2016", "four-towns-2017", "two-towns"])
def test_no_run_of_a_shipped_scenario_beats_it(name, seed) -> None:
    assert beaten(load(find(name, ROOT)), seed) == []


def hit(world, seeds=range(1, 9)):
    return any(beaten(world, seed) for seed in seeds)


def random_road(**changes):
    return operation(legs__road__time="40 min to 80 min", **changes)


def test_means_in_the_place_of_least_times_would_be_beaten(monkeypatch) -> None:
    assert not hit(random_road())
    monkeypatch.setattr(readings.Sure, "seconds", lambda *a: round(readings.mean(a[1])))
    assert hit(random_road())


def test_loads_by_their_means_would_be_beaten(monkeypatch) -> None:
    world = operation(flows__evacuation__load={"buses": "10 to 50"})
    assert not hit(world)
    monkeypatch.setattr(readings.Sure, "number", lambda *a: 30)
    assert hit(world)


def test_a_way_back_that_a_lost_convoy_does_not_drive_would_be_beaten(
    monkeypatch,
) -> None:
    """The first bus is destroyed on its way home at 75, and the second goes then."""
    world = operation(
        fleets__buses__joins={START: 2},
        gates={"home": {}},
        routes__out__back=["home", "road"],
        stoppages={"closed": halt("home", 60, 100, loses={"buses": 1})},
    )
    assert run_min(world) == 75 + 75
    assert not hit(world)
    monkeypatch.setattr(ways.Roads, "_ends_at", lambda *a: False)
    assert hit(world)


def test_turns_that_who_was_detained_does_not_have_would_be_beaten(monkeypatch) -> None:
    detention = halt("post", 0, 900, caught="detain", detained_for="1 min")
    world = with_post({"closed": detention}, inspection="60 min")
    assert not hit(world)
    monkeypatch.setattr(ways.Roads, "skips_turns", lambda *a: False)
    assert hit(world)


def test_a_longer_way_than_that_of_a_detour_would_be_beaten(monkeypatch) -> None:
    world = operation(
        gates={"fork": {}},
        legs__short__time="5 min",
        routes__out__through=["fork", "road"],
        routes__aside={
            "origin": "pocket",
            "destination": "refuge",
            "through": ["fork", "short"],
        },
        stoppages={"closed": halt("fork", 5, 500, caught="divert", to="aside")},
    )
    assert not hit(world)
    monkeypatch.setattr(ways, "_detours", lambda *a: iter(()))
    assert hit(world)


def test_without_the_way_back_it_is_looser_and_still_a_bound(monkeypatch) -> None:
    monkeypatch.setattr(ways.Roads, "back_s", lambda *a: 0)

    assert bound_min(operation()) == 150
    assert not hit(operation())


# Where it can be seen, it is exact


def test_the_shuttle_is_out_no_sooner_than_it_is() -> None:
    assert bound_min(operation()) == run_min(operation()) == 210
    assert bound_min(operation(), percent=50) == 75
    assert binds(operation()).kind in {LimitKind.VEHICLES, LimitKind.CONVOYS}


@pytest.mark.parametrize(
    ("changes", "minutes", "kind"),
    [
        ({"fleets__buses__joins": {at(30): 1}}, 240, LimitKind.VEHICLES),
        ({"flows__evacuation__opens": at(20)}, 230, LimitKind.VEHICLES),
        (
            {
                "fleets__buses__joins": {START: 2},
                "flows__evacuation__headway": "40 min",
            },
            210,
            LimitKind.CONVOYS,
        ),
        (
            {
                "fleets__buses__joins": {START: 2},
                "flows__evacuation__at_once": 2,
                "flows__evacuation__headway": "40 min",
            },
            115,
            LimitKind.CONVOYS,
        ),
        (
            {
                "fleets__buses__joins": {START: 2},
                "flows__evacuation__at_once": 2,
                "sites__pocket__bays": 1,
            },
            85,
            LimitKind.BAYS,
        ),
        (
            {
                "fleets__buses__joins": {START: 2},
                "flows__evacuation__at_once": 2,
                "sites__refuge": {"bays": 1},
            },
            80,
            LimitKind.BAYS,
        ),
        (
            {"sites__pocket__groups__civilians__ready": {at(600): 50}},
            675,
            LimitKind.PEOPLE,
        ),
        ({"flows__evacuation__returns": False}, None, LimitKind.VEHICLES),
        (
            {"flows__evacuation__at_most": "1 convoy a day"},
            1440 + 75,
            LimitKind.PACE,
        ),
        ({"flows__evacuation__hours": "05:00 to 07:00"}, 300 + 1515, None),
        (
            {"flows__evacuation__dispatch_dates": [at(50), at(400)]},
            475,
            LimitKind.DEPARTURES,
        ),
        ({"flows__evacuation__load": {"buses": "25"}}, 480, LimitKind.VEHICLES),
        ({"sites__refuge": {"holds": 50, "moves_on": {at(900): 50}}}, None, None),
    ],
)
def test_a_limit_that_alone_binds_is_met_to_the_minute(changes, minutes, kind) -> None:
    world = operation(**changes)

    if minutes is None or kind is None:
        assert (bound_min(world) or 0) <= run_min(world) or minutes is None
    else:
        assert bound_min(world) == run_min(world) == minutes
        assert binds(world).kind is kind


def test_lanes_that_serve_one_vehicle_after_the_other_bind() -> None:
    """Two buses at minute 70, 30 min each in one lane, 60 more to drive and 5."""
    world = with_post()

    assert bound_min(world) == run_min(world) == 195
    assert binds(world).kind is LimitKind.LANES
    assert bound_min(with_post(lanes=2)) == 165


def test_a_road_that_takes_one_vehicle_an_hour_binds() -> None:
    world = operation(
        fleets__buses__joins={START: 2},
        flows__evacuation__at_once=2,
        legs__road__vehicles_per_hour=1,
    )

    assert bound_min(world) == run_min(world) == 135
    assert binds(world).kind is LimitKind.ROAD


def test_a_road_that_holds_one_vehicle_binds() -> None:
    world = operation(
        fleets__buses__joins={START: 2},
        flows__evacuation__at_once=2,
        legs__road__holds=1,
    )

    assert bound_min(world) == 135
    assert bound_min(world) <= run_min(world)


def test_releases_at_a_gate_bind() -> None:
    world = with_gate(
        fleets__buses__joins={START: 2},
        flows__evacuation__at_once=2,
        gates={"gate": {"releases": {"vehicles": 1, "every": "20 min"}}},
    )

    assert bound_min(world) == run_min(world) == 155
    assert binds(world).kind is LimitKind.RELEASES


def test_a_ferry_that_has_to_come_back_binds() -> None:
    world = operation(
        fleets__buses__joins={START: 2},
        flows__evacuation__at_once=2,
        stages={"ferry": {"boat": {"places": 1, "crossing": "30 min"}}},
        routes__out__through=["boat"],
    )

    assert bound_min(world) == run_min(world) == 10 + 30 + 60 + 5
    assert binds(world).kind is LimitKind.FERRY


def test_a_group_that_rides_in_one_fleet_only_waits_for_it() -> None:
    """Ten wounded, two at a time, while the bus could take them all."""
    world = operation(
        sites__pocket__groups__wounded={"people": 10, "priority": 1},
        fleets__buses__carries=["civilians"],
        fleets__ambulances={
            "kind": "ambulance",
            "seats": 2,
            "joins": {START: 1},
            "carries": ["wounded"],
        },
        flows__evacuation__groups=["civilians"],
        flows__wounded={
            "route": "out",
            "groups": ["wounded"],
            "convoy": {"ambulances": 1},
            "boarding": "10 min",
            "unloading": "5 min",
        },
    )

    assert bound_min(world) == run_min(world) == 4 * 135 + 75
    assert binds(world).name in {"ambulances", "wounded"}


def test_who_joins_later_cannot_arrive_before() -> None:
    world = operation(sites__pocket__groups__civilians__joins={at(1000): 10})

    assert bound_min(world) == run_min(world) == 1075


def test_those_who_may_be_lost_are_not_awaited() -> None:
    world = with_gate({"closed": halt("gate", 60, 100, unaccounted=7)})

    assert needed(world, SURE, "pocket") == 93
    assert needed(world, Usual({}), "pocket") == 100


def test_a_phase_on_a_date_is_used_from_then_on_only() -> None:
    """Of a bus that takes 25 at minute 0, and 50 at minutes 135 and 270.

    That it must have set out before the phase is no limit, so the bound is 5 minutes
    below: two loads of the phase, which begins at minute 130, are enough.
    """
    phases = {at(130): {"load": {"buses": "50"}}}
    world = operation(
        flows__evacuation__load={"buses": "25"}, flows__evacuation__phases=phases
    )

    assert (bound_min(world), run_min(world)) == (340, 345)


def test_what_cannot_be_by_the_end_is_said_so() -> None:
    world = operation(ends=at(200))

    assert bound_min(world) is None
    assert bound_min(world, percent=50) == 75


def test_stoppages_and_agreements_do_not_count() -> None:
    assert bound_min(with_gate({"closed": halt("gate", 60, 100)})) == 330
    assert bound_min(with_gate()) == 330
    alone = two_sides(north_buses=3)
    assert bound_min(alone, "north") <= run_min(alone, "north")


# What may change, and how


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*range(0, 40, 2), *range(100_000, 100_010)])
def test_more_vehicles_never_raise_the_bound(seed) -> None:
    data = scenario(seed)
    more = changed(data)
    for fleet in more["fleets"].values():
        fleet["joins"] = {when: 2 * number for when, number in fleet["joins"].items()}
    before, after = (bounds_of(from_data(each), SURE) for each in (data, more))

    for key, bound in before.items():
        if bound.time_s is not None:
            assert after[key].time_s is not None
            assert after[key].time_s <= bound.time_s


@pytest.mark.parametrize("days", [1, 3])
def test_a_shift_of_everything_shifts_the_bound(days) -> None:
    """Vehicles, opening, departures and people who come, all by whole days."""

    def world(later):
        shift = later * 24 * 60
        return from_data(
            shuttle(
                fleets__buses__joins={at(30 + shift): 2},
                flows__evacuation__opens=at(10 + shift),
                flows__evacuation__at_most="3 convoys a day",
                flows__evacuation__hours="01:00 to 20:00",
                sites__pocket__groups__civilians__joins={at(90 + shift): 75},
            )
        )

    assert bound_min(world(days)) == bound_min(world(0)) + days * 24 * 60


def test_a_fleet_split_in_two_changes_nothing() -> None:
    whole = operation(
        sites__pocket__groups__civilians__people=700, fleets__buses__joins={START: 4}
    )
    half = {"kind": "bus", "seats": 50, "joins": {START: 2}}
    split = operation(
        sites__pocket__groups__civilians__people=700,
        fleets={"buses": half, "others": half},
        flows__evacuation__convoy={"buses": 2, "others": 2},
    )
    in_fours = changed(shuttle(), flows__evacuation__convoy={"buses": 4})
    in_fours = changed(
        in_fours,
        sites__pocket__groups__civilians__people=700,
        fleets__buses__joins={START: 4},
    )

    assert bound_min(split) == bound_min(from_data(in_fours))
    assert bound_min(whole) > bound_min(split)


@pytest.mark.slow
def test_leaving_a_limit_out_never_raises_it(monkeypatch) -> None:
    world = load(find("two-towns", ROOT))
    before = bounds_of(world, SURE)
    every = limits.limits_of
    for kind in LimitKind:
        monkeypatch.setattr(
            "sim.answers.bound.envelope.limits_of",
            lambda rides, kind=kind: (x for x in every(rides) if x.kind is not kind),
        )
        if kind in {LimitKind.PEOPLE, LimitKind.CONVOYS}:
            continue  # without them nothing bounds some sums
        for key, bound in bounds_of(world, SURE).items():
            assert bound.time_s is None or bound.time_s <= before[key].time_s


def test_moments_that_are_given_bound_more_closely() -> None:
    """The second bus joins an hour after the first 50 have arrived, at minute 135."""
    world = operation(
        sites__pocket__groups__civilians__people=150,
        fleets__buses__joins={
            START: 1,
            "60 min after 50 people of evacuation have arrived": 1,
        },
        flows__evacuation__at_once=2,
    )
    came = came_in(simulate(world, seed=1))

    assert [*came.values()] == [135 * MINUTE]
    assert bound_min(world) == 210
    assert bound_min(world, reading=Sure(came)) == run_min(world) == 210
    assert bound_min(world, reading=Sure({})) == 345


# The replay, without anything that holds it


def test_the_replay_without_stoppages_and_agreements_comes_within_a_tenth() -> None:
    """East Aleppo: half, nine tenths and all, median of eight runs against means."""
    whole = load(find("aleppo-2016", ROOT))
    free = without(whole, [o for o in removable(whole) if o.kind in POLITICS])
    logs = [simulate(free, seed=1, replication=number) for number in range(8)]
    usual = bounds_of(free, Usual(came_in(logs[0])), sites=("east-aleppo",))

    for percent in (50, 90, 100):
        took = sorted(summary(log)[f"t{percent}/east-aleppo"] for log in logs)
        hours = usual["east-aleppo", percent].time_s / 3600
        assert sum(took[3:5]) / 2 == pytest.approx(hours, rel=0.1)


# The question


def test_ask_bound_says_first_how_much_is_waiting(tmp_path) -> None:
    answer = flat(
        call("ask", "bound", "two-towns", "-n", "4", "--results", tmp_path).output
    )

    assert "With usual values and without any stoppage or agreement" in answer
    assert "No run with these values can have them out before" in answer
    assert "when so many percent can be out, and are" in answer
    (folder,) = tmp_path.iterdir()
    table = rows(folder / "bounds.csv")
    assert {row["percent"] for row in table} == {"50", "90", "100"}
    for row in table:
        assert float(row["no_run_before_h"]) <= float(row["median_run_h"])


@pytest.mark.slow
def test_the_report_of_a_run_says_what_capacity_would_take(tmp_path) -> None:
    said = flat(call("run", "two-towns", "-n", "2", "--results", tmp_path).output)

    assert "Capacity is bound by" in said
