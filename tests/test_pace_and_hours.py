"""Hours, releases, capacity and changes of gates, checkpoints and legs, by hand.

A bus boards from 0 to 10, drives 60 min to the gate (there at 70), 60 min on, and
unloads in 5 min; minutes after the start.
"""

from itertools import repeat

import pytest
import simpy

from sim.errors import ScenarioError
from sim.events import Cause, Kind, ReasonKind
from sim.metrics.periods import closures
from sim.metrics.waiting import charges
from sim.model.releasing import Releases
from sim.scenario import from_data
from tests.builders import START, at, halt, operation, shuttle, times, with_gate
from tests.builders import with_post as post
from tests.logs import arrivals, causes, run, waiting


def column(vehicles, convoys=1, **changes):
    """Convoys of so many buses of fifty seats each, which do not come back."""
    buses = vehicles * convoys
    return {
        "sites__pocket__groups__civilians__people": 50 * buses,
        "fleets__buses__joins": {START: buses},
        "flows__evacuation__convoy": {"buses": vehicles},
        "flows__evacuation__at_once": convoys,
        "flows__evacuation__returns": False,
        **changes,
    }


def one(**changes):
    return {"sites__pocket__groups__civilians__people": 50, **changes}


def released(vehicles, every, **changes):
    return {"gates__gate__releases": {"vehicles": vehicles, "every": every}, **changes}


# Hours of gates


def test_a_gate_holds_outside_its_hours_and_lets_go_when_they_begin():
    log = run(with_gate(**one(gates__gate={"hours": "02:00 to 20:00"})))

    assert arrivals(log) == [(120 + 65, 50)]
    [held] = [e for e in log.events if e.kind is Kind.HELD]
    assert (held.time_s, held.cause) == (70 * 60, Cause.OUTSIDE_HOURS)
    assert (held.reason.kind, held.reason.place) == (ReasonKind.OUTSIDE_HOURS, "gate")
    waited = {charge.cause: s for charge, s in charges(log).items()}
    assert waited[Cause.OUTSIDE_HOURS] == 50 * 50 * 60


@pytest.mark.parametrize(
    ("hours", "crosses"),
    [("00:00 to 01:10", 24 * 60), ("01:10 to 20:00", 70), ("00:00 to 01:11", 70)],
)
def test_hours_include_their_first_second_and_not_their_last(hours, crosses):
    log = run(with_gate(**one(gates__gate={"hours": hours})))

    assert times(log, Kind.CROSSED) == [crosses]


def test_the_log_and_the_picture_know_when_it_was_closed():
    log = run(with_gate(gates__gate={"hours": "02:00 to 20:00"}))

    first, second, *_ = closures(log)
    assert (first.name, first.since_s, first.until_s) == ("gate", 0, 2 * 3600)
    assert (second.since_s, second.until_s) == (20 * 3600, 26 * 3600)
    assert first.reason.kind is ReasonKind.OUTSIDE_HOURS


def test_what_began_first_is_what_one_waits_for():
    """A halt from 60 to 180 and hours that begin at 120 close it from 0."""
    hours = {"hours": "02:00 to 20:00"}
    log = run(with_gate({"halt": halt("gate", 60, 180)}, **one(gates__gate=hours)))

    waited = {charge.cause: s for charge, s in charges(log).items()}
    assert waited[Cause.OUTSIDE_HOURS] == 50 * 50 * 60  # 70 to 120
    assert waited[Cause.STOPPAGE] == 50 * 60 * 60  # 120 to 180
    assert times(log, Kind.CROSSED) == [180]


def test_hours_begin_before_a_halt_of_the_same_second():
    """Open and closed again at 120: two closures, and nobody passes before 180."""
    hours = {"hours": "02:00 to 20:00"}
    log = run(with_gate({"halt": halt("gate", 120, 180)}, **one(gates__gate=hours)))

    night, halted, *_ = closures(log)
    assert (night.until_s, halted.since_s, halted.until_s) == (7200, 7200, 10800)
    assert times(log, Kind.CROSSED) == [180]


def test_hours_do_not_deter():
    log = run(with_gate(**one(gates__gate={"hours": "02:00 to 20:00"})))

    assert times(log, Kind.FORMED) == [0]


def test_boarding_waits_for_the_hours_of_its_gate():
    """Nobody is sent before 120; then 10 min of boarding and 60 + 5."""
    changes = {
        "gates": {"yard": {"hours": "02:00 to 20:00"}},
        "flows__evacuation__boards_at": "yard",
    }
    log = run(operation(**one(**changes)))

    assert arrivals(log) == [(195, 50)]
    assert waiting(log, "pocket")[0] == (0, "outside hours", "yard")


def test_a_checkpoint_pauses_at_closing_time():
    """Inspected 70 to 90 and, from 00:00 of the next day, another 10 min."""
    plan = {"lanes": 1, "inspection": "30 min", "hours": "00:00 to 01:30"}
    log = run(post(**one(checkpoints__post=plan, fleets__buses__joins={START: 1})))

    assert times(log, Kind.CLEARED) == [24 * 60 + 10]


# Releases


def test_a_column_passes_in_parts_and_goes_on_when_its_last_is_through():
    """Two at 70, two at 100, one at 130."""
    log = run(with_gate(**column(5, **released(2, "30 min"))))

    assert times(log, Kind.CROSSED) == [130]
    assert arrivals(log) == [(195, 250)]
    [queued] = [e for e in log.events if e.kind is Kind.QUEUED]
    assert (queued.time_s, queued.cause) == (70 * 60, Cause.QUEUE)
    [trip] = log.trips
    starts, _ = trip.station_times["release", "gate"]
    assert starts == [m * 60 for m in (70, 70, 100, 100, 130)]


def test_a_release_takes_vehicles_of_two_convoys():
    """Four at a time: three and one at 70, two at 100."""
    log = run(with_gate(**column(3, 2, **released(4, "30 min"))))

    assert times(log, Kind.CROSSED) == [70, 100]


def test_a_closing_interrupts_and_the_time_to_the_next_release_runs_on():
    """Two at 70; closed 80 to 150; two at 150, the last at 180."""
    halts = {"halt": halt("gate", 80, 150)}
    log = run(with_gate(halts, **column(5, **released(2, "30 min"))))

    assert times(log, Kind.CROSSED) == [180]
    waited = {charge.cause: s for charge, s in charges(log).items()}
    assert waited[Cause.STOPPAGE] == 250 * 70 * 60
    assert waited[Cause.QUEUE] == 250 * (10 + 30) * 60


def test_a_closing_in_the_second_of_a_release_comes_first():
    """The release of 100 is not; closed from 100 to 101, two at 101, one at 131."""
    halts = {"halt": halt("gate", 100, 101)}
    log = run(with_gate(halts, **column(5, **released(2, "30 min"))))

    assert times(log, Kind.CROSSED) == [131]


def test_who_is_turned_back_gives_up_its_releases():
    """The first of two has still to come at 80: the second goes on at 100."""
    halts = {"attack": halt("gate", 80, 90, caught="turn_back", catches=1)}
    changes = column(3, 2, flows__evacuation__closes=at(60))
    log = run(with_gate(halts, **released(2, "30 min", **changes)))

    # Two of the first at 70; it drives back. Two of the second at 100, one at 130.
    assert times(log, Kind.CROSSED) == [130]
    assert times(log, Kind.RETURNED) == [80 + 60]


def test_who_was_detained_joins_again_with_the_vehicles_not_through():
    """Two at 70. Detained from 80 until a second halt ends at 100: one at 100."""
    halts = {
        "shots": halt("gate", 80, 90, caught="detain", detained_for="20 min"),
    }
    log = run(with_gate(halts, **column(3, **released(2, "30 min"))))

    assert times(log, Kind.CROSSED) == [100]


def test_releases_may_change():
    """One an hour from 70; from 100 on one every ten minutes: 100, 110, 120, 130."""
    changes = {at(100): {"releases": {"vehicles": 1, "every": "10 min"}}}
    log = run(
        with_gate(**column(5, gates__gate__changes=changes, **released(1, "60 min")))
    )

    assert times(log, Kind.CROSSED) == [130]


def test_a_gate_may_begin_to_release():
    """Free until 70: at 70 the change comes first, so one at 70, 80, 90."""
    changes = {at(70): {"releases": {"vehicles": 1, "every": "10 min"}}}
    log = run(with_gate(**column(3, gates__gate__changes=changes)))

    assert times(log, Kind.CROSSED) == [90]


class Ajar:
    """A door that is open."""

    is_open = True


def test_who_has_passed_in_a_second_counts_when_releases_are_arranged_anew():
    """Three at a time: two have gone on, so only one of the third convoy goes now."""
    releases = Releases(simpy.Environment())
    releases.change(3, repeat(600), 0)
    for number in (1, 2):
        gone = releases.book([0], Ajar(), (), number)
        releases.has_passed(gone, 0)
        gone.over()
    third = releases.book([0, 0], Ajar(), (), 3)
    releases.arrange(0)

    assert third.starts == [0, 600]


# Legs


def test_a_road_lets_so_many_enter_in_an_hour():
    """One a minute: five enter from 10 to 14, the next five from 15 to 19."""
    log = run(operation(**column(5, 2, legs__road__vehicles_per_hour=60)))

    assert times(log, Kind.DEPARTED) == [10, 15]
    assert arrivals(log) == [(79, 250), (84, 250)]
    waited = {charge.cause: s for charge, s in charges(log).items()}
    assert waited[Cause.QUEUE] == 250 * 5 * 60


def test_the_flow_of_a_road_is_reckoned_in_fractions():
    """3600 / 7 s apart: at 600, 1114 2/7 and 1628 4/7, in the seconds after these."""
    log = run(operation(**column(3, legs__road__vehicles_per_hour=7)))

    assert [t * 60 for t, _ in arrivals(log)] == [1629 + 3600 + 300]


def test_a_road_holds_so_many():
    """Two from 10 to 70, two to 130, the last to 190."""
    log = run(operation(**column(5, legs__road__holds=2)))

    assert arrivals(log) == [(195, 250)]


def test_nobody_enters_before_the_last_of_the_convoy_ahead():
    """Two of the first at 10, its third at 70 with the first of the second convoy."""
    log = run(operation(**column(3, 2, legs__road__holds=2)))

    assert times(log, Kind.DEPARTED) == [10, 70]
    assert arrivals(log) == [(135, 150), (195, 150)]


@pytest.mark.parametrize(
    ("hours", "enters"),
    [("01:00 to 20:00", 60), ("00:00 to 00:10", 1440), ("00:10 to 20:00", 10)],
)
def test_convoys_enter_a_road_within_its_hours(hours, enters):
    log = run(operation(**one(legs__road__hours=hours)))

    assert times(log, Kind.DEPARTED)[0] == enters
    waited = {charge.cause: s for charge, s in charges(log).items()}
    assert waited.get(Cause.OUTSIDE_HOURS, 0) == 50 * (enters - 10) * 60


def test_who_is_on_the_road_goes_on_and_a_column_is_not_cut():
    """Five enter from 10 to 14, though the hours end at 12; the next waits a night."""
    changes = {"legs__road": {"time": "60 min", "vehicles_per_hour": 60}}
    changes["legs__road"]["hours"] = "00:00 to 00:12"
    log = run(operation(**column(5, 2, **changes)))

    assert times(log, Kind.DEPARTED) == [10, 1440]
    assert arrivals(log)[0] == (79, 250)
    waited = {charge.cause: s for charge, s in charges(log).items()}
    assert waited[Cause.QUEUE] == 250 * 2 * 60
    assert waited[Cause.OUTSIDE_HOURS] == 250 * 1428 * 60


def test_a_road_may_take_more_from_a_moment_on():
    """The second five queue from 10; after 14 the next is at 14.5 min, then 15, ..."""
    changes = {at(12): {"vehicles_per_hour": 120}}
    legs = {"time": "60 min", "vehicles_per_hour": 60, "changes": changes}
    log = run(operation(**column(5, 2, legs__road=legs)))

    assert times(log, Kind.DEPARTED) == [10, 14.5]
    assert arrivals(log) == [(79, 250), (16.5 + 65, 250)]


def test_a_road_may_hold_fewer_from_a_moment_on():
    """Two of the first at 10, one at 70; from 20 on it holds one: the next at 130."""
    legs = {"time": "60 min", "holds": 2, "changes": {at(20): {"holds": 1}}}
    log = run(operation(**column(3, 2, legs__road=legs)))

    assert times(log, Kind.DEPARTED) == [10, 130]


# Changes of a checkpoint


def cleared(buses, before, **change):
    return times(
        run(
            post(
                lanes=before,
                sites__pocket__groups__civilians__people=50 * buses,
                fleets__buses__joins={START: buses},
                flows__evacuation__at_once=buses,
                checkpoints__post__changes={at(80): change},
            )
        ),
        Kind.CLEARED,
    )


def test_a_lane_more_takes_who_waits():
    assert cleared(2, 1, lanes=2) == [100, 110]


def test_with_a_lane_fewer_the_turns_begun_go_on():
    assert cleared(4, 2, lanes=1) == [100, 100, 130, 160]


def test_turns_not_begun_take_the_new_time():
    assert cleared(3, 1, inspection="10 min") == [100, 110, 120]


def test_lanes_and_time_may_change_together():
    assert cleared(3, 1, lanes=2, inspection="10 min") == [90, 100, 100]


# Loaded convoys


@pytest.mark.parametrize(
    ("field", "value", "leaves"),
    [
        ("release_times", ["01:00"], 60),
        ("release_times", ["00:10", "03:00"], 10),
        ("release_times", ["00:09"], 24 * 60 + 9),
        ("release_hours", "01:00 to 20:00", 60),
        ("release_hours", "00:00 to 00:10", 24 * 60),
    ],
)
def test_loaded_convoys_leave_at_their_hours(field, value, leaves):
    log = run(operation(**one(**{f"flows__evacuation__{field}": value})))

    assert times(log, Kind.FORMED) == [0]
    assert arrivals(log) == [(leaves + 65, 50)]
    assert times(log, Kind.HELD) == ([10] if leaves > 10 else [])
    waited = {charge.cause: s for charge, s in charges(log).items()}
    assert waited.get(Cause.OUTSIDE_HOURS, 0) == 50 * (leaves - 10) * 60


def test_who_waits_for_hours_after_the_end_is_in_no_deadlock():
    changes = {"ends": "2020-01-01T00:30"}
    hours = {"flows__evacuation__release_hours": "00:00 to 00:05"}
    log = run(operation(**one(**changes, **hours)))

    [left] = [e for e in log.events if e.kind in {Kind.DEADLOCK, Kind.UNFINISHED}]
    assert (left.kind, left.cause) == (Kind.UNFINISHED, Cause.OUTSIDE_HOURS)


# What is refused


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gates__gate": {"hours": "02:00 to 03:00"}}, "never opens"),
        ({"legs__road__hours": "02:00 to 03:00"}, "never opens"),
        ({"legs__road": {"time": "0 min", "holds": 2}}, "no meaning"),
        ({"gates__gate": {"changes": {START: {}}}}, "releases"),
        (
            {
                "gates__gate": {
                    "changes": {START: {"releases": {"vehicles": 1, "every": "1 h"}}}
                }
            },
            "when the operation starts",
        ),
        ({"legs__road__changes": {at(30): {}}}, "nothing changes"),
        ({"legs__road__changes": {at(60): {"holds": 1}}}, "operation ends"),
        (
            {"gates__gate": {"releases": {"vehicles": 1, "every": "0 s"}}},
            "no time at all",
        ),
        ({"flows__evacuation__release_hours": "02:00 to 03:00"}, "ever leaves"),
        (
            {
                "flows__evacuation__release_hours": "00:00 to 00:20",
                "flows__evacuation__release_times": ["00:10", "00:30"],
            },
            "outside",
        ),
    ],
)
def test_what_has_no_effect_is_refused(changes, said):
    data = {"gates__gate": {}, "routes__out__through": ["road", "gate", "road"]}
    with pytest.raises(ScenarioError, match=said):
        from_data(shuttle(**{**data, "ends": at(60), **changes}))


def test_releases_of_a_gate_at_which_vehicles_only_board_are_refused():
    plan = {"releases": {"vehicles": 1, "every": "1 h"}}
    with pytest.raises(ScenarioError, match="only board"):
        operation(gates__yard=plan, flows__evacuation__boards_at="yard")


def test_causes_of_a_night_are_read_off_the_log():
    log = run(with_gate(**one(gates__gate={"hours": "02:00 to 20:00"})))

    assert (70, "outside hours", "gate") in causes(log, "gate")
