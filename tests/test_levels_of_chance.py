"""Levels of chance: quantities that also vary by run, day and convoy."""

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.distributions import Distribution, Level, MultilevelDistribution
from sim.errors import ScenarioError
from sim.model import Streams, simulate
from sim.model.luck import luck_of
from sim.scenario import from_data, settled
from sim.scenario.written import data_of
from tests.builders import operation, with_post

DAY_S = 86_400
LEG, TURN = "legs.road.time", "checkpoints.post.inspection"


def factor(level, path, who, spread, replication=0):
    """What a level multiplies by, from its stream alone."""
    numbers = Streams(1, replication).numbers(f"level/{level}/{path}", who, 1)
    return Distribution.lognormal(1.0, spread).values(numbers)[0]


def luck(world, replication=0, flow="evacuation"):
    return luck_of(world, flow, Streams(1, replication))


def said(**changes):
    with pytest.raises(ScenarioError) as caught:
        operation(**changes)
    return str(caught.value)


# Exact, by hand


def test_two_convoys_of_one_day_share_its_factor_and_another_day_differs():
    """A road of 1 h that varies by day only: the hour times the factor of the day."""
    world = operation(legs__road__time="60 min; by day times or divided by 1.5")
    one = luck(world)
    today = factor("day", LEG, "2020-01-01", 1.5)
    tomorrow = factor("day", LEG, "2020-01-02", 1.5)

    assert one.of(1, 0)["road/loaded"] == [round(3600 * today)]
    assert one.of(2, DAY_S - 1)["road/loaded"] == [round(3600 * today)]
    assert one.of(1, 0)["road/empty"] == one.of(1, 0)["road/loaded"]
    assert one.of(2, DAY_S)["road/loaded"] == [round(3600 * tomorrow)]
    assert today != tomorrow


def test_the_day_is_that_of_the_zone():
    """At 22:00 UTC of 31 December it is 1 January in Damascus, two hours ahead."""
    world = operation(
        zone="Asia/Damascus", legs__road__time="1 h; by day times or divided by 1.5"
    )
    drawn = luck(world).of(1, DAY_S - 1)["road/loaded"]

    assert drawn == [round(3600 * factor("day", LEG, "2020-01-01", 1.5))]


def test_flows_over_one_checkpoint_share_the_factors_of_run_and_day():
    two = with_post(checkpoints__post__inspection="9 min; by run times or divided by 2")
    data = data_of(two)
    data["flows"]["other"] = data["flows"]["evacuation"]
    both = from_data(data)
    run = round(540 * factor("run", TURN, "", 2))

    for flow in ("evacuation", "other"):
        for number in (1, 9, 17):
            assert set(luck(both, flow=flow).of(number)["post/loaded"]) == {run}


def test_each_convoy_has_a_factor_of_its_own_that_its_vehicles_share():
    text = "10 min to 20 min; by convoy times or divided by 1.5"
    plain = operation(
        flows__evacuation__boarding="10 min to 20 min",
        flows__evacuation__convoy={"buses": 3},
        fleets__buses__joins={"2020-01-01T00:00": 3},
    )
    varied = operation(
        flows__evacuation__boarding=text,
        flows__evacuation__convoy={"buses": 3},
        fleets__buses__joins={"2020-01-01T00:00": 3},
    )
    path = "flows.evacuation.boarding"
    for number in (1, 2, 12):
        by = factor("convoy", path, f"evacuation\0{number}", 1.5)
        with_levels = luck(varied).of(number)["pocket/boarding"]
        without = luck(plain).of(number)["pocket/boarding"]
        # Each is rounded once, so the product of what was rounded is off by by / 2.
        for one, other in zip(with_levels, without, strict=True):
            assert abs(one - other * by) <= 0.5 + by / 2


def test_factors_multiply_and_a_speed_divides_the_time():
    """20 km at 10 m/s are 2000 s; twice as fast on a day, 1000 s."""
    levels = "; by run times or divided by 1.3; by day times or divided by 1.2"
    world = operation(legs__road={"length": "20 km", "speed": f"36 km/h{levels}"})
    path = "legs.road.speed"
    faster = factor("run", path, "", 1.3) * factor("day", path, "2020-01-01", 1.2)

    assert luck(world).of(1, 0)["road/loaded"] == [round(2000 / faster)]


def test_a_load_ends_at_the_seats_and_is_at_least_one():
    for median, only in (("49", 50), ("1", 1)):
        world = operation(
            sites__pocket__groups__civilians__people=400,
            flows__evacuation__load={
                "buses": f"{median}; by run times or divided by 9"
            },
        )
        loads = {
            load
            for run in range(12)
            for trip in simulate(world, seed=1, replication=run).trips
            for load in trip.loads
        }
        assert only in loads
        assert min(loads) >= 1
        assert max(loads) <= 50


def test_a_run_needs_the_day_only_if_something_varies_by_day():
    by_run = operation(legs__road__time="1 h; by run times or divided by 1.5")
    by_day = operation(legs__road__time="1 h; by day times or divided by 1.5")

    assert luck(by_run).of(1) == luck(by_run).of(1, DAY_S)
    with pytest.raises(ValueError, match="varies by day"):
        luck(by_day).of(1)


def test_what_has_no_levels_draws_what_it_drew():
    """Beside a field with levels, and in a run without any."""
    spread = {"flows__evacuation__boarding": "5 min to 25 min"}
    plain = luck(operation(**spread))
    beside = luck(
        operation(**spread, legs__road__time="1 h; by day times or divided by 1.5")
    )
    for number in range(1, 20):
        one, other = plain.of(number), beside.of(number, DAY_S)
        assert one["pocket/boarding"] == other["pocket/boarding"]


# Theory


def logs(spreads, *, runs=400, days=2, per_day=2):
    """Return log durations of (run, day, convoy), all else being the same."""
    levels = "".join(f"; by {level} times or divided by {s}" for level, s in spreads)
    world = operation(
        legs__road__time=f"about 100 h, times or divided by 1.1{levels}",
    )
    found = np.empty((runs, days, per_day))
    for run in range(runs):
        mine = luck(world, run)
        for day in range(days):
            for convoy in range(per_day):
                drawn = mine.of(1 + day * per_day + convoy, day * DAY_S)
                found[run, day, convoy] = log(drawn["road/loaded"][0])
    return found


def components(found):
    """Return the variances between runs, days and convoys (nested, balanced ANOVA)."""
    days, each = found.shape[1:]
    within = found.var(axis=2, ddof=1).mean()
    of_days = found.mean(axis=2).var(axis=1, ddof=1).mean() - within / each
    of_runs = (
        found.mean(axis=(1, 2)).var(ddof=1) - of_days / days - within / (days * each)
    )
    return of_runs, of_days, within


def test_the_components_of_variance_are_what_the_file_says():
    """Logs are normal, so each component is the square of the log of its spread.

    400 runs of 2 days of 2 convoys. The mean square of runs has 399 degrees of freedom
    and the expectation r + d / 2 + c / 4; a mean square varies by sqrt(2 / df) of
    itself, and a component is a difference of two; four standard errors.
    """
    r, d, c = log(1.5) ** 2, log(1.3) ** 2, log(1.1) ** 2
    found = components(logs((("run", 1.5), ("day", 1.3))))
    of_runs = r + d / 2 + c / 4
    of_days = d + c / 2
    errors = (
        sqrt(2 / 399) * of_runs + sqrt(2 / 400) * of_days / 2,
        sqrt(2 / 400) * of_days + sqrt(2 / 800) * c / 2,
        sqrt(2 / 800) * c,
    )
    for one, expected, error in zip(found, (r, d, c), errors, strict=True):
        assert abs(one - expected) < 4 * error

    # Negative control: without the levels nothing is left of two components.
    without = components(logs(()))
    assert abs(without[0] - r) > 4 * errors[0]
    assert abs(without[1] - d) > 4 * errors[1]


@given(st.floats(1.05, 3), st.floats(1.05, 3), st.floats(0, 1))
def test_more_ignorance_of_the_middle_never_narrows(each, day, ignorance):
    """Every value is multiplied by the middle's factor: worlds about it only add."""
    whole = MultilevelDistribution(Distribution.lognormal(20, each), {Level.DAY: day})
    grid = (np.arange(200) + 0.5) / 200

    def values(middle):
        it = whole.about(middle)
        return np.outer(it.each.values(grid), it.factor(Level.DAY).values(grid))

    worlds = [20 * (1 + ignorance * share) for share in np.linspace(-0.9, 0.9, 7)]
    several = np.var([values(middle) for middle in worlds])
    assert several >= np.var(values(20)) * (1 - 1e-9)


# Convoys of several sizes


def sized(text, **changes):
    return operation(
        sites__pocket__groups__civilians__people=2000,
        fleets__buses__joins={"2020-01-01T00:00": 12},
        flows__evacuation__convoy={"buses": text},
        flows__evacuation__at_once=1,
        **changes,
    )


def test_each_convoy_has_the_size_that_was_drawn_for_it():
    world = sized("3 to 12")
    drawn = Distribution.uniform(3, 12)
    log = simulate(world, seed=1, replication=0)
    for number, trip in enumerate(log.trips[:-1]):
        block, place = divmod(number, 8)
        numbers = Streams(1, 0).numbers(
            "convoy/buses", f"evacuation\0{block}\0" + "0", 8 * 32
        )
        assert len(trip.vehicles) == round(drawn.values(numbers)[place * 32])


def test_a_convoy_waits_for_the_size_drawn_unless_fewer_are_enough():
    """Twelve join, six first: a convoy for which more are drawn waits for them."""
    joins = {"2020-01-01T00:00": 6, "2020-01-03T00:00": 6}
    world = operation(
        sites__pocket__groups__civilians__people=2000,
        fleets__buses__joins=joins,
        flows__evacuation__convoy={"buses": "5 to 20"},
        flows__evacuation__at_once=9,
    )
    sizes = [len(trip.vehicles) for trip in simulate(world, seed=1).trips]
    # No more than the fleet has; and never less than the least unless nobody is left.
    assert max(sizes) <= 12
    assert min(sizes[:-1]) >= 5


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0 to 5", "too small"),
        ("7.5", "not a whole number"),
        ("3 to 9; by convoy times or divided by 2", "the part before the first"),
        ("3 to 9; by vehicle times or divided by 2", "one value for each convoy"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(text, problem):
    assert problem in said(flows__evacuation__convoy={"buses": text})


def test_the_smallest_convoy_may_not_be_above_every_size():
    told = said(
        fleets__buses__joins={"2020-01-01T00:00": 12},
        flows__evacuation__convoy={"buses": "5 to 9"},
        flows__evacuation__smallest=10,
    )
    assert "the smallest convoy has 10 of 'buses', but a full one 9" in told


# Text


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"legs__road__time": "1 h; by convoy times or divided by 2"}, "before the"),
        ({"legs__road__time": "1 h; by vehicle times or divided by 2"}, "one value"),
        ({"legs__road__time": "1 h; by week times or divided by 2"}, "'week' is"),
        ({"legs__road__time": "1 h; by day times or divided by 1"}, "factor above 1"),
        ({"legs__road__time": "1 h; by day 1.2"}, "does not say by what"),
        ({"legs__road__time": "1 h;"}, "does not say by what"),
        ({"legs__road__time": "0 s; by day times or divided by 2"}, "stays so"),
        (
            {
                "legs__road__time": "1 h; by day times or divided by 2; "
                "by day times or divided by 3"
            },
            "says twice",
        ),
        (
            {"flows__evacuation__boarding": "9 min; by vehicle times or divided by 2"},
            "before the first",
        ),
        (
            {
                "uncertain": {
                    LEG: {"spread": "1 h to 2 h; by day times or divided by 2"}
                }
            },
            "cannot vary by run, day or convoy here",
        ),
    ],
)
def test_what_makes_no_sense_after_a_semicolon_is_refused(changes, problem):
    assert problem in said(**changes)


LEVELS = st.dictionaries(
    st.sampled_from(list(Level)), st.floats(1.001, 10), min_size=1
).map(lambda it: {level: it[level] for level in Level if level in it})


@given(LEVELS, st.integers(1, 10**6), st.integers(1, 10**6))
def test_what_is_written_reads_as_the_same(levels, low, more):
    for each in (
        Distribution.fixed(low),
        Distribution.uniform(low, low + more),
        Distribution.lognormal(low, 1.5),
    ):
        text = operation().model_copy()
        path = "flows.evacuation.boarding"
        then = settled(text, {})
        plan = then.flows["evacuation"].model_copy(
            update={"boarding": MultilevelDistribution(each, levels)}
        )
        changed = then.model_copy(update={"flows": {"evacuation": plan}})
        again = from_data(data_of(changed))
        assert again.flows["evacuation"].boarding == plan.boarding, path


# What is not known of a level


def varied(**uncertain):
    return operation(
        legs__road__time="50 min to 70 min; by day times or divided by 1.2",
        uncertain={k.replace("__", "."): {"spread": v} for k, v in uncertain.items()},
    )


def test_the_middle_the_width_and_a_level_may_be_unknown():
    world = varied()
    path = LEG
    then = settled(
        world, {path: 7200, f"{path}.width": 0.5, f"{path}.day.width": 2}
    ).legs["road"]

    assert then.time.each == Distribution.uniform(6600, 7800)
    assert then.time.spreads == {Level.DAY: pytest.approx(1.44)}
    assert world.legs["road"].time.spreads == {Level.DAY: 1.2}


def test_the_width_of_a_level_is_drawn_as_a_factor():
    world = varied(legs__road__time__day__width="0.5 to 2")
    assert world.uncertain.keys() == {f"{LEG}.day.width"}


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (f"{LEG}.run.width", f"'{LEG}' does not vary by run"),
        (f"{LEG}.day", f"Did you mean '{LEG}.day.width'"),
        (f"{LEG}.by day", f"Did you mean '{LEG}.day.width'"),
        (f"{LEG}.week.width", "does not exist"),
    ],
)
def test_a_level_that_is_not_there_has_no_width(path, problem):
    with pytest.raises(ScenarioError) as caught:
        varied(**{path.replace(".", "__"): "0.5 to 2"})
    assert problem in str(caught.value)


def test_the_width_of_what_varies_by_day_only_is_that_of_the_day():
    told = said(
        legs__road__time="1 h; by day times or divided by 1.2",
        uncertain={f"{LEG}.width": {"spread": "0.5 to 2"}},
    )
    assert f"'{LEG}' varies by day only" in told
    assert f"Write '{LEG}.day.width'" in told


def test_a_level_may_not_become_too_wide_for_numbers():
    told = said(
        legs__road__time="1 h; by day times or divided by 10",
        uncertain={f"{LEG}.day.width": {"spread": "1 to 500"}},
    )
    assert "more than a million" in told
