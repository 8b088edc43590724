"""What the model leaves out moves people in time, and changes nothing else."""

import numpy as np
import pytest

from sim.inference.left_out import ALIKE, SPREAD, LeftOut
from sim.metrics.curves import Curve

DAY_S = 86_400
DAYS = tuple(range(0, 8 * DAY_S, DAY_S))
HOURS = [hour for hour in range(24 * 8) if 6 <= hour % 24 < 18]
CURVE = Curve(
    tuple(hour * 3_600 for hour in HOURS),
    tuple(100 * (place + 1) for place in range(len(HOURS))),
)


def moved(luck, days=DAYS):
    return LeftOut.of(1, [luck], days).moved("town", CURVE)


@pytest.mark.parametrize("luck", range(20))
def test_the_last_comes_when_he_did_and_nobody_is_lost_or_cut_in_two(luck):
    found = moved(luck)

    assert found.last == CURVE.last
    assert found.times_s == CURVE.times_s
    assert all(isinstance(total, int) for total in found.totals)
    assert list(found.totals) == sorted(found.totals)


def test_hours_in_which_nobody_comes_stay_so():
    found = moved(3)
    nights = [
        (day * DAY_S + 18 * 3_600, (day + 1) * DAY_S + 5 * 3_600) for day in range(7)
    ]

    assert all(found.at(begin) == found.at(end) for begin, end in nights)


def test_a_day_is_faster_or_slower_by_its_factor_on_the_share_still_to_come():
    runs = [moved(luck) for luck in range(400)]
    first = np.array([1 - run.before(DAY_S) / CURVE.last for run in runs])
    usual = np.log(1 - CURVE.before(DAY_S) / CURVE.last)
    factors = np.log(np.log(first) / usual)

    assert abs(factors.mean()) < 4 * SPREAD / 20
    assert factors.std() == pytest.approx(SPREAD, rel=0.15)


def test_days_that_follow_each_other_are_alike():
    def factor(run, day):
        shares = [1 - curve.before(day * DAY_S) / CURVE.last for curve in (run, CURVE)]
        later = [
            1 - curve.before((day + 1) * DAY_S) / CURVE.last for curve in (run, CURVE)
        ]
        (ours, theirs) = (
            np.log(after / before) for before, after in zip(shares, later, strict=True)
        )
        return np.log(ours / theirs)

    runs = [moved(luck) for luck in range(400)]
    pairs = np.array([[factor(run, 1), factor(run, 2)] for run in runs])

    assert np.corrcoef(pairs.T)[0, 1] == pytest.approx(ALIKE, abs=0.15)


def test_sites_differ_and_the_same_luck_gives_the_same_again():
    left_out = LeftOut.of(1, [5], DAYS)

    assert left_out.moved("town", CURVE) != left_out.moved("village", CURVE)
    assert moved(5) == left_out.moved("town", CURVE)
    assert moved(5) != moved(6)


def test_without_days_nothing_is_left_out():
    assert moved(5, days=()) == CURVE
