"""The least ARD that a record allows, moments read in the middle or free."""

import pytest
from test_record import DAY, FIGURES, OPERATION, entries, figure, since

from sim.inference.calibration.relative_difference import (
    conflict_floor,
    counted_steps,
    free_floor,
)
from sim.inference.record import record_of


def floors(*figures):
    """Return the floor with moments read in the middle, and with free ones."""
    rows = entries(*figures)
    steps = counted_steps(rows)["east-aleppo"]
    return conflict_floor([each.step for each in steps]), free_floor(rows, steps)


def test_sources_that_contradict_each_other_at_one_moment_do_so_under_every_reading():
    one = figure("a", 10_000, 16, 8)
    other = figure("b", 6_000, 16, 8, family="SOHR", attributed_to="SOHR")

    assert floors(one, other) == pytest.approx((4_000 / 16_000, 4_000 / 16_000))


def test_vague_hours_that_overlap_can_be_told_apart():
    """10,000 at the end of one window, 12,000 at the beginning of the other."""
    one = figure("a", 12_000, 16, 0, to=DAY.format(16, 12))
    other = figure(
        "b", 10_000, 16, 6, to=DAY.format(16, 18), family="SOHR", attributed_to="SOHR"
    )

    middles, free = floors(one, other)

    assert middles == pytest.approx(2_000 / 22_000)
    assert free == pytest.approx(0)


def test_windows_that_do_not_overlap_keep_their_order():
    one = figure("a", 12_000, 16, 0, to=DAY.format(16, 6))
    other = figure(
        "b", 10_000, 16, 6, to=DAY.format(16, 18), family="SOHR", attributed_to="SOHR"
    )

    middles, free = floors(one, other)

    assert middles == free == pytest.approx(2_000 / 22_000)


def test_totals_of_one_counter_share_their_ends():
    """3,000 and then 10,000, and 5,000 between the two by another."""
    first, second = figure("a", 3_000, 15, 20), figure("b", 10_000, 16, 8)
    between = figure(
        "c", 5_000, 16, 8, **since(15, 20), family="UN", attributed_to="UN"
    )

    assert floors(first, second, between)[1] == pytest.approx(2_000 / 15_000)


def test_free_moments_are_never_further_off_than_those_in_the_middle():
    """On the shipped record, by site."""

    rows = record_of(FIGURES, OPERATION).entries
    for own in counted_steps(rows).values():
        if sum(each.step.people for each in own):
            steps = [each.step for each in own]
            assert 0 <= free_floor(rows, own) <= conflict_floor(steps)
