"""Larger operations have larger batches, as far as past ones say so."""

from math import log

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.past.facts import past_operations
from sim.past.like import read_like
from sim.past.quantities import people_of
from sim.past.reference_class import ReferenceClass
from sim.past.sizes import PRIOR_OF_SLOPE, SLOPE, BySize
from sim.scenario import from_data, uncertain_fields
from tests.builders import shuttle

BUSES, PEOPLE = "buses of a batch", "people of a batch"
SIZE, LOAD = "flows.evacuation.convoy.buses", "flows.evacuation.load.buses"


def made_up(slope, *, operations=60, seed=1):
    """Return batches of operations, and their people, of which the truth is known."""
    rng = np.random.default_rng(seed)
    people = {
        ("war", f"{at}"): float(np.exp(rng.normal(log(4_000), 1.0)))
        for at in range(operations)
    }
    values = {
        key: np.exp(
            log(2.0)
            + slope * log(own)
            + 0.3 * rng.standard_normal()
            + 0.4 * rng.standard_normal(4)
        ).tolist()
        for key, own in people.items()
    }
    return BySize(values, people, wars_differ=False)


@pytest.mark.parametrize("truth", [0.0, 0.7])
def test_the_slope_of_a_made_up_class_is_found(truth):
    mean, deviation = made_up(truth).slope

    assert abs(mean - truth) < 3 * deviation
    assert deviation < 0.1


def test_an_operation_of_ten_times_as_many_people_has_batches_by_the_slope():
    it = made_up(0.7)
    small, large = (it.middle(people).quantile(0.5) for people in (1_000, 10_000))

    assert log(large / small) == pytest.approx(it.slope[0] * log(10), rel=0.02)
    assert it.deviations["operation"] == pytest.approx(0.3, abs=0.12)
    assert it.deviations["batch"] == pytest.approx(0.4, abs=0.1)


def test_slopes_weigh_as_much_as_linear_algebra_says():
    """At fixed deviations, of any two slopes: the prior and a normal density."""
    values = {("a", "1"): (20.0, 30.0), ("a", "2"): (50.0,), ("b", "3"): (70.0, 90.0)}
    people = {("a", "1"): 900.0, ("a", "2"): 5_000.0, ("b", "3"): 9_000.0}
    it = BySize(values, people)
    posterior = it._by_slope[0][1].posterior
    at = int(np.flatnonzero((posterior.batch > 0.2) & (posterior.operation > 0.3))[7])
    war, operation, batch = (
        each[at] for each in (posterior.war, posterior.operation, posterior.batch)
    )
    keys = [key for key, own in values.items() for _ in own]
    x = np.array([log(people[key]) for key in keys])
    y = np.array([log(each) for own in values.values() for each in own])
    same_war = np.equal.outer([key[0] for key in keys], [key[0] for key in keys])
    same = np.equal.outer([key[1] for key in keys], [key[1] for key in keys])
    flat = 1e6
    known = flat + war**2 * same_war + operation**2 * same + batch**2 * np.eye(len(y))

    def by_hand(slope):
        rest = y - slope * x
        return (
            -rest @ np.linalg.solve(known, rest) / 2
            - ((slope - SLOPE) / PRIOR_OF_SLOPE) ** 2 / 2
        )

    slopes = [slope for slope, _ in it._by_slope]
    found = it._log_p[:, at]
    expected = np.array([by_hand(slope) for slope in slopes])
    assert found - found[0] == pytest.approx(expected - expected[0], abs=1e-3)


def test_the_class_says_that_larger_operations_have_larger_batches():
    known = ReferenceClass()
    middles = [
        known.spread(BUSES, war="syria", people=people).middle.quantile(0.5)
        for people in (200, 4_000, 20_000)
    ]

    assert middles == sorted(middles)
    assert middles[-1] > 2 * middles[0]


def test_an_operation_of_which_nobody_said_how_many_is_left_out():
    known = ReferenceClass()
    every, sized = known.spread(BUSES), known.spread(BUSES, people=4_000)

    without = {
        each.operation
        for each in known.values(BUSES)
        if people_of(known.known, each.operation) is None
    }
    assert without
    assert sized.operations == every.operations - len(without)


def test_people_are_those_announced_and_else_all_who_left():
    facts = past_operations()

    assert people_of(facts, "WAER17") == 12_000  # announced; 20,000 left
    assert people_of(facts, "HOMSN18") == 23_500  # nothing was announced
    assert people_of(facts, "SUMY22") == 5_000 + 12_276  # two days
    assert people_of(facts, "TRAV92") is None


def test_a_scenario_asks_for_so_many_people():
    words = "like past operations, of 8000 people, in syria, without BARZ17"
    operation = from_data(shuttle(uncertain={SIZE: {"spread": words}}))
    of_class = ReferenceClass(frozenset({"BARZ17"})).spread(
        BUSES, war="syria", people=8_000
    )

    (found,) = uncertain_fields(operation).values()
    middle = of_class.middle.quantile(0.5)
    assert found.values([0.5])[0] == pytest.approx(middle, rel=0.005)
    assert f"{of_class.operations} operations" in operation.uncertain[SIZE].note


@pytest.mark.parametrize(
    ("path", "words", "said"),
    [
        (LOAD, "of 8000 people", "'of 8000 people' says nothing of people on a bus"),
        (SIZE, "of 0 people", "'of 0 people' means nothing"),
        (SIZE, "of 80 people, of 90 people", "of 90 people"),
    ],
)
def test_people_that_say_nothing_are_refused(path, words, said):
    wish = {path: {"spread": f"like past operations, {words}"}}

    with pytest.raises(ScenarioError) as error:
        from_data(shuttle(uncertain=wish))

    assert said in str(error.value).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def test_the_same_number_twice_is_one_number():
    words = "like past operations, of 80 people, of 80 people"

    assert read_like(words).people == 80
