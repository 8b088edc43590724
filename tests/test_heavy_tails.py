"""Durations with a heavy tail: `at least 2 h, half of them over 4 h` (Pareto)."""

from math import inf, log

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.distributions import GREATEST, Distribution
from sim.errors import ScenarioError
from sim.model import simulate
from sim.scenario import from_data, settled
from sim.scenario.load import notes
from sim.scenario.written import data_of
from tests.builders import operation

HALT = {"cause": "x", "closes": ["gate"], "starts": "2020-01-01T00:30"}


def halted(lasts, **changes):
    return operation(
        gates={"gate": {}},
        routes__out__through=["road", "gate"],
        stoppages={"halt": {**HALT, "lasts": lasts}},
        **changes,
    )


def test_quantiles_by_hand():
    """Index log 2 / log 2 = 1: the share above x is 2 h / x."""
    tail = halted("at least 2 h, half of them over 4 h").stoppages["halt"].lasts

    assert tail == Distribution.pareto(7200, 14_400)
    assert tail.tail_index == 1
    assert tail.values([0.5, 0.75, 0.9]) == pytest.approx([14_400, 28_800, 72_000])


@example(1, 5_623, 0.9375)
@given(st.integers(1, 10**5), st.integers(1, 10**5), st.floats(0.01, 0.99))
def test_half_are_over_the_median_and_all_over_the_least(least, more, share):
    tail = Distribution.pareto(least, least + more)
    low, middle, value = tail.values([1e-12, 0.5, share])

    assert low == pytest.approx(least)
    assert middle == pytest.approx(least + more)
    above = (least / value) ** tail.tail_index
    if value < GREATEST:
        assert above == pytest.approx(1 - share)
    else:  # cut off there, by the next test
        assert above >= 1 - share


def test_no_value_is_too_great_for_a_whole_number():
    """1 s, half over ten years: an index of 0.035."""
    tail = Distribution.pareto(1, 315_576_000)

    assert tail.values([1 - 2**-53]) == [1e15]
    log = simulate(halted("at least 1 s, half of them over 3652 d"), seed=1)
    assert log.horizon_s == 10 * 86_400


@given(st.integers(2, 10**6), st.integers(1, 10**6))
def test_what_is_written_reads_as_the_same(least, more):
    tail = Distribution.pareto(least, least + more)
    world = halted("1 h")
    plan = world.stoppages["halt"].model_copy(update={"lasts": tail})
    changed = world.model_copy(update={"stoppages": {"halt": plan}})

    assert from_data(data_of(changed)).stoppages["halt"].lasts == tail


def test_a_draw_moves_the_median_and_a_width_the_least_value():
    """Middle 8 h: 4 h at least. Twice as wide: the ratio of 2 becomes 4."""
    path = "stoppages.halt.lasts"
    world = halted("at least 2 h, half of them over 4 h")

    def then(drawn):
        return settled(world, drawn).stoppages["halt"].lasts

    moved = then({path: 8 * 3600})
    assert moved == Distribution.pareto(4 * 3600, 8 * 3600)
    assert moved.tail_index == 1
    assert then({f"{path}.width": 2}) == Distribution.pareto(3600, 4 * 3600)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("at least 4 h, half of them over 2 h", "cannot be over less"),
        ("at least 2 h, half of them over 2 h", "cannot be over less"),
        ("at least 0 s, half of them over 2 h", "least value"),
        ("at least 2 h", "none of the forms of a range"),
        ("at least 2 h, half of them over four", "not a duration"),
    ],
)
def test_tails_that_make_no_sense_are_refused(text, problem):
    with pytest.raises(ScenarioError) as caught:
        halted(text)
    assert problem in str(caught.value)


def test_only_durations_have_such_a_tail():
    with pytest.raises(ScenarioError, match="only a duration can have such a tail"):
        operation(flows__evacuation__load={"buses": "at least 2, half of them over 4"})


def test_a_tail_that_may_outlast_the_operation_is_told():
    """2 h in 240 h at an index of 1: one of 120; at 1/3, about 1 of 5."""
    assert not notes(halted("at least 2 h, half of them over 4 h"))
    (note,) = notes(halted("at least 2 h, half of them over 16 h"))

    assert note.path == "stoppages.halt.lasts"
    assert "its average is infinite, and 0.2 of all such times" in note.problem


def test_a_random_stoppage_with_a_tail_may_come_too_often():
    """At an index of 1 the mean below h of what is at least 1 s is 1 + log h."""
    often = {"cause": "x", "closes": ["gate"], "lasts": "1 s"}
    with pytest.raises(ScenarioError, match="are the most") as caught:
        operation(
            gates={"gate": {}},
            routes__out__through=["road", "gate"],
            stoppages={"s": {**often, "every": "at least 1 s, half of them over 2 s"}},
        )
    times = 864_000 / (1 + log(864_000) + 1)
    assert f"{times:,.0f}" in str(caught.value)


def test_it_has_no_greatest_value():
    assert Distribution.pareto(1, 2).high == inf
    assert not Distribution.pareto(1, 2).is_bounded
