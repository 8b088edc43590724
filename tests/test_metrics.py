"""Metrics of logs written by hand, with answers worked out on paper."""

import math
from collections import Counter

import pytest

from sim.events import Cause, Kind
from sim.metrics import arrivals, convoys, exchange, fleet, holds, registry, waiting
from sim.metrics.curves import Curve
from sim.metrics.spans import Charge
from tests.logs import total_waiting
from tests.reasons import closed
from tests.test_metrics_story import Story, town
from tests.test_metrics_story import exchange as exchange_story

HOUR = 3600


def test_a_curve_counts_what_happens_in_the_second_asked_for() -> None:
    curve = Curve.of_changes([(10, 5), (10, 2), (20, 3), (30, 0)])
    assert curve == Curve((10, 20), (7, 10))
    assert [curve.before(10), curve.at(10), curve.at(19), curve.at(99)] == [0, 7, 7, 10]
    assert [curve.time_of(7), curve.time_of(8), curve.time_of(11)] == [10, 20, None]


def test_a_share_of_people_is_rounded_up_to_whole_people() -> None:
    """14 of 15 are 90 %: seen to fail with `int(0.9 * 15)`, which is 13."""
    curve = Curve((1, 2), (13, 14))
    assert curve.time_of_percent(90, 15) == 2
    assert curve.time_of_percent(100, 15) is None
    assert curve.time_of_percent(50, 0) is None


def test_arrivals_are_told_by_origin_and_group() -> None:
    log = town().log()
    assert arrivals.arrivals_by_origin(log) == {"town": Curve((4100,), (70,))}
    assert arrivals.arrivals_by_group(log) == {
        ("town", "civilians"): Curve((4100,), (50,)),
        ("town", "wounded"): Curve((4100,), (20,)),
    }


def test_an_origin_nobody_left_has_an_empty_curve() -> None:
    log = Story(10, {"out": "town"}, {}).log()
    assert arrivals.arrivals_by_origin(log) == {"town": Curve()}


def test_midnight_belongs_to_the_day_that_begins() -> None:
    curve = Curve((50, 100, 250), (1, 11, 111))
    assert arrivals.daily(curve, [0, 100, 200]) == (1, 10, 100)
    assert arrivals.daily(curve, [100, 200]) == (10, 100)


def test_those_who_stay_are_inside_but_not_to_leave() -> None:
    log = town().log()
    inside = arrivals.still_inside(log)["town", "civilians"]
    assert [inside.at(s) for s in (0, 1600, 5000, 7400)] == [100, 50, 10, 47]
    assert arrivals.people_to_leave(log) == {
        ("town", "civilians"): 90,
        ("town", "wounded"): 20,
    }


def test_curves_of_groups_add_up() -> None:
    whole = arrivals.total([Curve((1, 5), (2, 4)), Curve((1, 3), (1, 9))])
    assert whole == Curve((1, 3, 5), (3, 11, 13))


def test_every_person_second_is_charged_to_one_cause() -> None:
    """Seen to fail without the closing of the crowd's span when people board."""
    log = town().log()
    booked = waiting.charges(log)
    seconds: Counter[str] = Counter()
    for charge, time_s in booked.items():
        seconds[charge.cause] += time_s
    assert seconds == {
        Cause.NOT_BEGUN: 110_000,
        Cause.NO_VEHICLE: 298_200,
        Cause.BOARDING: 66_000,
        Cause.ROAD: 86_800,
        Cause.STOPPAGE: 70_000,
        Cause.UNLOADING: 7_000,
        Cause.DETENTION: 38_500,
    }
    assert sum(booked.values()) == total_waiting(log) == 676_500


def test_people_who_came_back_wait_for_what_the_others_wait_for() -> None:
    story = town()
    story.at(7400).wait("town", "civilians", Cause.STOPPAGE, closed("closure"))
    booked = waiting.charges(story.log())
    key = Charge("town", "civilians", "town", Cause.STOPPAGE, closed("closure"), False)
    assert booked[key] == 37 * 2600


def test_time_without_a_cause_is_shown_and_not_hidden() -> None:
    story = Story(100, {}, {})
    story.start("town", people=3)
    assert waiting.by_cause(waiting.charges(story.log())) == {"uncharged": 300 / HOUR}


def test_waiting_is_told_by_place_and_by_origin() -> None:
    booked = waiting.charges(town().log())
    by_place = waiting.by_place(booked, "town")
    assert by_place["gate"] == (70 * 1000 + 70 * 500) / HOUR
    assert by_place["camp"] == 7000 / HOUR
    assert sum(by_place.values()) == pytest.approx(676_500 / HOUR)
    assert waiting.by_place(booked, "elsewhere") == {}
    assert waiting.by_origin(booked) == {"town": 676_500 / HOUR}


def test_a_held_convoy_holds_those_aboard_until_it_is_released() -> None:
    booked = waiting.charges(town().log())
    assert waiting.held_aboard(booked) == {"town": (70_000 + 38_500) / HOUR}


def test_a_release_without_a_cause_ends_the_hold_but_not_the_charge() -> None:
    story = Story(100, {"out": "town"}, {})
    story.start("town", people=1)
    story.form("out", "c")
    story.board("c", people=1)
    story.note(Kind.HELD, "c", "gate", Cause.STOPPAGE, closed("closure"))
    story.at(60).note(Kind.RELEASED, "c", "gate")
    booked = waiting.charges(story.log())
    assert waiting.by_cause(booked) == {Cause.STOPPAGE: 100 / HOUR}
    assert waiting.held_aboard(booked) == {"town": 60 / HOUR}


def test_the_mean_wait_of_the_wounded_counts_their_whole_time() -> None:
    log = town().log()
    leaving = arrivals.people_to_leave(log)
    mean = waiting.mean_wait_h(waiting.charges(log), leaving, ("wounded",))
    assert mean == {"town": 4100 / HOUR}
    assert waiting.mean_wait_h({}, leaving, ("fighters",)) == {}


def test_a_convoy_leaves_when_it_first_crosses_with_people() -> None:
    first, second = convoys.passages(town().log())
    assert (first.departed_s, first.departed_people, first.gate) == (3500, 70, "gate")
    assert (first.formed_s, first.arrived_s, first.relieved_s) == (1000, 4100, 4200)
    assert first.arrived == {("town", "civilians"): 50, ("town", "wounded"): 20}
    assert first.vehicles == {"bus": 2, "ambulance": 1}
    assert (second.departed_s, second.arrived_s) == (5600, None)
    assert (second.turned_back_s, second.turned_back_people) == (7000, 37)
    assert second.unaccounted == {("town", "civilians"): 3}


def test_a_convoy_turned_back_has_left_too() -> None:
    rows = convoys.passages(town().log())
    assert convoys.departed(rows, 0, 10_000) == list(rows)
    assert convoys.departed(rows, 3500, 5600) == [rows[0]]
    assert convoys.turned_back(rows) == [rows[1]]


def test_a_convoy_turned_back_has_not_arrived() -> None:
    rows = convoys.passages(town().log())
    assert convoys.arrived(rows) == [rows[0]]


def test_destroyed_vehicles_do_not_arrive() -> None:
    story = town()
    story.trips["out-1"].fates[0] = "lost"
    rows = convoys.passages(story.log())
    assert rows[0].vehicles == {"bus": 1, "ambulance": 1}
    assert convoys.vehicles_lost(rows) == {"bus": 1}


def test_the_vehicles_of_all_convoys_that_were_destroyed_are_lost() -> None:
    story = town()
    story.trips["out-1"].fates |= {0: "lost", 2: "lost"}
    story.trips["out-2"].fates[0] = "lost"
    lost = convoys.vehicles_lost(convoys.passages(story.log()))
    assert lost == {"bus": 2, "ambulance": 1}
    numbers = registry.summary(story.log())
    assert numbers["vehicles_lost/bus"] == 2
    assert numbers["vehicles_lost/ambulance"] == 1


def test_of_a_convoy_that_loses_vehicles_twice_the_first_time_counts() -> None:
    story = Story(10_000, {"out": "town"}, {"buses": "bus"})
    story.at(1000).form("out", "out-1", buses=3)
    for second in (2000, 3000):
        story.at(second).note(Kind.LOST, "out-1", "road")
    (row,) = convoys.passages(story.log())
    assert row.lost_s == 2000


def test_vehicles_are_in_use_from_setting_out_to_being_free() -> None:
    """Buses: two for 3,200 s and one of them again for 3,200 s, out of 2 x 10,000 s."""
    log = town().log()
    rows = convoys.passages(log)
    assert fleet.share_in_use(log, rows) == {"buses": 0.48, "vans": 0.32}


def test_vehicles_that_are_out_at_the_end_are_in_use_until_then() -> None:
    """Of two buses one sets out after a quarter of the run and is never free again."""
    story = Story(10_000, {"out": "town"}, {"buses": "bus", "vans": "ambulance"})
    story.at(2500).form("out", "out-1", buses=1)
    story.trips["out-1"].vehicles[0] = 1
    log = story.log()
    in_use = fleet.share_in_use(log, convoys.passages(log))
    assert in_use == {"buses": 0.375, "vans": 0}


def test_loads_are_told_per_vehicle() -> None:
    rows = convoys.passages(town().log())
    assert fleet.people_per_vehicle(rows, "bus") == 110 / 3
    assert math.isnan(fleet.people_per_vehicle(rows, "private"))


PARTIES = {"city": ("city-out",), "village": ("village-out",)}
UNITS: tuple[exchange.Unit, ...] = ("people", "vehicles", "convoys")


def test_sides_move_in_people_vehicles_or_convoys() -> None:
    log = exchange_story().log()
    assert exchange.moved(log, "swap", PARTIES) == {
        "city": Curve((2000,), (50,)),
        "village": Curve((1800,), (30,)),
    }
    assert exchange.moved(log, "swap", PARTIES, "vehicles")["city"].last == 1
    assert exchange.moved(log, "swap", PARTIES, "convoys")["city"].last == 1
    assert exchange.moved(log, "other", PARTIES)["city"] == Curve()


def test_what_is_turned_back_is_taken_back() -> None:
    """Crossings alone would count the people twice who cross again."""
    story = exchange_story()
    story.at(3000).count("swap", "village", "village-out-1", -30)
    story.at(4000).count("swap", "village", "village-out-1", 28)
    log = story.log()
    moved = {u: exchange.moved(log, "swap", PARTIES, u)["village"] for u in UNITS}
    assert moved["people"] == Curve((1800, 3000, 4000), (30, 0, 28))
    assert moved["vehicles"].last == moved["convoys"].last == 1


def test_what_crosses_and_is_not_counted_was_not_moved_under_it() -> None:
    story = exchange_story()
    story.at(3000).form("city-out", "city-out-2", buses=1)
    story.note(Kind.CROSSED, "city-out-2", "bridge")
    assert exchange.moved(story.log(), "swap", PARTIES)["city"].last == 50


def test_the_imbalance_is_greatest_when_one_side_has_moved_and_the_other_not() -> None:
    curves = exchange.moved(exchange_story().log(), "swap", PARTIES)
    assert exchange.imbalance(curves) == Curve((1800, 2000), (30, 20))
    worst = exchange.greatest_imbalance(curves)
    assert worst == (1800, 30, "village", "city")
    assert exchange.greatest_imbalance({"city": Curve()}) == (0, 0, "", "")


def test_a_side_waits_from_the_hold_to_the_release() -> None:
    (wait,) = exchange.waits(exchange_story().log(), "swap", PARTIES)
    assert (wait.side, wait.awaited) == ("city", "village")
    assert (wait.hold.since_s, wait.hold.until_s, wait.hold.people) == (200, 2000, 50)
    assert exchange.waits(exchange_story().log(), "other", PARTIES) == ()


def test_an_empty_convoy_is_held_for_a_stoppage_though_no_cause_is_charged() -> None:
    found = {hold.convoy: hold for hold in holds.holds(exchange_story().log())}
    assert found["village-out-1"].cause == Cause.STOPPAGE
    assert found["village-out-1"].people == 0


def test_a_hold_that_ends_in_the_same_second_is_none() -> None:
    story = exchange_story()
    story.at(2700).note(Kind.HELD, "city-out-1", "bridge", reason=closed("fire"))
    before = len(holds.holds(story.log()))
    story.note(Kind.RELEASED, "city-out-1", "bridge")
    assert len(holds.holds(story.log())) == before - 1


def test_that_a_convoy_counts_leaves_it_where_it_is() -> None:
    """Seen to fail: the row ended the hold, for spans and for holds."""
    story = Story(100, {"out": "town"}, {})
    story.start("town", people=1)
    story.form("out", "c")
    story.board("c", people=1)
    story.at(20).note(Kind.HELD, "c", "gate", Cause.STOPPAGE, closed("closure"))
    story.at(50).count("swap", "town", "c", 1)
    (hold,) = holds.holds(story.log())
    assert (hold.since_s, hold.until_s) == (20, 100)
    assert waiting.held_aboard(waiting.charges(story.log())) == {"town": 80 / HOUR}


def test_the_summary_names_each_number_by_what_it_is_given_for() -> None:
    numbers = registry.summary(town().log())
    assert numbers["arrived/town"] == 70
    assert numbers["not_arrived/town"] == 40
    assert numbers["t50/town"] == numbers["first_arrival/town"] == 4100 / HOUR
    assert math.isnan(numbers["t90/town"])
    assert numbers["waiting/town"] == 676_500 / HOUR
    assert numbers["waiting_by_cause/detention"] == 38_500 / HOUR
    assert numbers["waiting_by_cause/uncharged"] == 0
    assert numbers["held_aboard/town"] == 108_500 / HOUR
    assert numbers["wounded_wait/town"] == 4100 / HOUR
    assert numbers["turned_back/town"] == 37
    assert numbers["unaccounted/town"] == 3
    assert numbers["convoys_arrived/town"] == 1
    assert numbers["fleet_use/vans"] == 0.32
    assert registry.unit_of("t50/town") == "h after start"


def test_the_summary_has_the_same_names_when_nothing_happens() -> None:
    story = Story(10, {"out": "town"}, {"buses": "bus", "vans": "ambulance"})
    story.start("town", wounded=1)
    assert set(registry.summary(story.log())) == set(registry.summary(town().log()))
