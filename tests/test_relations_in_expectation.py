"""Relations that hold for means over luck, not run by run.

As `test_relations_of_runs`. A difference of means counts as none within four standard
errors, which chance alone exceeds in one of 16,000 cases; each test is shown a
difference that it sees.
"""

from math import hypot

import numpy as np
import pytest

from sim.experiment.runner import run_study
from sim.scenario import from_data
from tests.builders import operation, shuttle, two_sides
from tests.relations import names_of, renamed

pytestmark = pytest.mark.slow
RUNS = 400
LAST = "t100/pocket"
RANDOM = {
    "legs__road__time": "30 min to 90 min",
    "flows__evacuation__boarding": "5 min to 40 min",
}


def hours(world, name=LAST, **settings):
    """Return a metric of every run."""
    study = run_study(world, seed=1, replications=RUNS, **settings)
    return study.metric(name)


def alike(one, other):
    """Return whether means of independent runs differ by no more than chance."""
    error = hypot(*(each.std(ddof=1) / np.sqrt(each.size) for each in (one, other)))
    return abs(one.mean() - other.mean()) <= 4 * error


@pytest.mark.parametrize("what", ["legs", "flows"])
def test_other_names_bring_other_luck_and_the_same_means(what) -> None:
    data = shuttle(**RANDOM)
    names = {name: f"new-{name}" for name in names_of(data, what)}
    one, other = (hours(from_data(each)) for each in (data, renamed(data, names)))

    assert (one != other).any()
    assert alike(one, other)
    slower = RANDOM | {"legs__road__time": "40 min to 100 min"}
    assert not alike(one, hours(operation(**slower)))


def test_a_range_of_what_is_not_known_is_as_wide_as_that_chance_by_run() -> None:
    """One bus goes once, so that a road has one draw a run either way."""
    once = {"sites__pocket__groups__civilians__people": 50}
    by_chance = hours(operation(**once, legs__road__time="30 min to 90 min"))
    unknown = {"legs.road.time": {"spread": "30 min to 90 min"}}
    drawn = hours(operation(**once, uncertain=unknown), band="knowledge and chance")

    assert alike(by_chance, drawn)
    assert alike(by_chance**2, drawn**2)
    assert not alike(by_chance, hours(operation(**once, legs__road__time="70 min")))


def test_two_sides_of_one_kind_are_out_at_the_same_time_on_average() -> None:
    """In single runs one of them is first."""

    def both(road):
        world = two_sides(
            south_road=road, legs__road__time="30 min to 90 min", agreements=None
        )
        study = run_study(world, seed=1, replications=RUNS)
        return [study.metric(f"t100/{side}") for side in ("north", "south")]

    north, south = both("30 min to 90 min")
    assert (north < south).any()
    assert (north > south).any()
    assert alike(north, south)
    assert not alike(*both("50 min to 110 min"))
