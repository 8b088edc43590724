"""How often and how long people are stopped: between the record and the class."""

import numpy as np
import pytest
from scipy.stats import gamma

from sim.inference.class_numbers import class_numbers
from sim.inference.forecast.halts import halt_outlook, merged

USUAL = class_numbers().halts
HALTS_H = USUAL.seen * USUAL.halt_h
OPEN_H = USUAL.seen * USUAL.gap_h


def test_the_class_alone_speaks_before_anything_was_seen():
    """It is worth two halts."""
    found = halt_outlook([], 0.0)

    assert found.halt_h == pytest.approx(HALTS_H / gamma.median(2))
    assert found.gap_h == pytest.approx(OPEN_H / gamma.median(2))


def test_halts_so_far_are_added_to_the_class():
    """Two halts of 6 h: 12 hours more in which 2 + 2 halts ended."""
    found = halt_outlook([(0, 6), (20, 26)], 100)

    assert found.halt_h == pytest.approx((HALTS_H + 12) / gamma.median(4))
    assert found.gap_h == pytest.approx((OPEN_H + 88) / gamma.median(4))


def test_many_halts_outweigh_the_class():
    seen = [(hour, hour + 6.0) for hour in range(0, 4_000, 20)]
    found = halt_outlook(seen, 4_000)

    assert found.halt_h == pytest.approx(6, rel=0.05)
    assert found.gap_h == pytest.approx(14, rel=0.05)
    assert found.halt_spread < 1.1
    assert found.gap_spread < 1.1


def test_halts_that_overlap_are_one():
    assert merged([(10, 20), (0, 5), (15, 30)]) == [(0, 5), (10, 30)]
    assert halt_outlook([(10, 20), (15, 30)], 100) == halt_outlook([(10, 30)], 100)


def test_a_halt_that_goes_on_is_longer_than_it_has_lasted():
    """It has hours, and no end."""
    over, going_on = (halt_outlook([(0, end)], 30.0) for end in (30.0, 31.0))

    assert going_on.halt_h == pytest.approx((HALTS_H + 30) / gamma.median(2))
    assert going_on.halt_h > over.halt_h


def test_an_end_that_is_not_known_yet_changes_nothing():
    assert halt_outlook([(0, 31)], 30.0) == halt_outlook([(0, 900)], 30.0)


def test_what_is_believed_of_a_mean_holds_it_as_often_as_it_says():
    """Means drawn from the class, halts from each mean: two thirds are inside."""
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(600):
        mean = HALTS_H / rng.gamma(2)
        lengths = rng.exponential(mean, 3)
        ends = np.cumsum(lengths + 1.0)
        closed = list(zip(ends - lengths, ends, strict=True))
        found = halt_outlook(closed, float(ends[-1]))
        held += abs(np.log(mean / found.halt_h)) < np.log(found.halt_spread)

    assert held / 600 == pytest.approx(0.68, abs=0.06)
