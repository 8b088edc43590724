"""Chance and knowledge told apart: by hand, on average, and with a true interval."""

from math import isnan, nan, sqrt

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from sim.report.intervals import notes_of_shares
from sim.statistics.intervals import Untold, mean_interval
from sim.statistics.shares import _kurtosis, shares
from sim.words import Words

STUDIES = 1_000
TOLERANCE = 3.29 * sqrt(0.95 * 0.05 / STUDIES)
"""Of a share of studies: 99.9 % of checks of a true claim stay within."""
SIZES = (2, 3, 5, 10, 10, 10, 10, 1, 4, 20)


def notes(found):
    return [Words().of(note) for note in notes_of_shares(found)]


def rows(*values):
    return [np.array(row, dtype=np.float64) for row in values]


def test_two_draws_of_two_runs_by_hand():
    # Means 2 and 6 around 4: mean square between 16. Within: (1 + 1 + 1 + 1) / 2 = 2.
    # Knowledge: (16 - 2) / 2 = 7, of 9 in the whole.
    found = shares(rows([1, 3], [5, 7]))
    assert (found.draws, found.runs) == (2, 4)
    assert (found.chance, found.knowledge, found.estimate) == (2, 7, 7)
    assert found.share == pytest.approx(7 / 9)
    assert notes(found) == []
    assert isnan(found.low)
    assert found.untold is Untold.FEW


def test_draws_with_unequal_runs_by_hand():
    # Means 1, 4 and 7 of 1, 2 and 3 runs; mean of all runs 5. Between: (16 + 2 + 12)/2
    # = 15. Within: (2 + 2 + 2 + 0) / 3 -> squares 1 + 1 and 4 + 0 + 4: 10 / 3.
    # Runs in a draw, typically: (6 - 14 / 6) / 2 = 11 / 6.
    found = shares(rows([1], [3, 5], [5, 7, 9]))
    assert found.chance == pytest.approx(10 / 3)
    assert found.knowledge == pytest.approx((15 - 10 / 3) / (11 / 6))


def usual(values, confidence=0.95):
    """Return the interval of equal runs from the quantiles of F."""
    draws, runs = values.shape
    ratio = runs * values.mean(axis=1).var(ddof=1) / values.var(axis=1, ddof=1).mean()
    ends = []
    for level in ((1 + confidence) / 2, (1 - confidence) / 2):
        over = ratio / scipy.special.fdtri(draws - 1, draws * (runs - 1), level)
        ends.append((over - 1) / (over - 1 + runs))
    return ends


def jackknifed(rows):
    """Return the interval of the jackknife, leaving out one draw after the other."""
    sizes = np.array([len(row) for row in rows])
    typical = (sizes.sum() - sizes @ sizes / sizes.sum()) / (len(rows) - 1)

    def logged(some):
        found = shares(some)
        return np.log1p(typical * found.estimate / found.chance)

    k = len(rows)
    values = [
        k * logged(rows) - (k - 1) * logged(rows[:n] + rows[n + 1 :]) for n in range(k)
    ]
    found = mean_interval(np.array(values))
    return [
        max(0.0, np.expm1(end)) / (max(0.0, np.expm1(end)) + typical)
        for end in (found.low, found.high)
    ]


def test_the_interval_holds_that_of_f_and_that_of_the_jackknife():
    values = np.random.default_rng(3).normal(0, 1, (12, 6))
    values += np.random.default_rng(4).normal(0, 1, (12, 1))
    found, f, left_out = shares(list(values)), usual(values), jackknifed(list(values))
    assert found.low == pytest.approx(min(f[0], left_out[0]), rel=1e-9)
    assert found.high == pytest.approx(max(f[1], left_out[1]), rel=1e-9)


def test_with_unequal_runs_the_jackknife_is_that_of_leaving_out_draws():
    rng = np.random.default_rng(8)
    rows = [rng.normal(rng.normal(0, 3), 1, n) for n in (*SIZES, 7, 5)]
    found, left_out = shares(rows), jackknifed(rows)
    assert found.untold is None
    assert found.low <= left_out[0] * (1 + 1e-9)
    assert found.high >= left_out[1] * (1 - 1e-9)
    assert found.low == pytest.approx(left_out[0]) or found.high == pytest.approx(
        left_out[1]
    )


def test_an_estimate_below_0_is_told_and_taken_as_0():
    # Both means are 2: between 0, within 2, so knowledge (0 - 2) / 2 = -1.
    found = shares(rows([1, 3], [3, 1]))
    assert (found.chance, found.knowledge, found.estimate) == (2, 0, -1)
    assert found.share == 0
    assert notes(found) == [
        "What is not known shows no effect of its own: its variance, estimated as -1, "
        "is taken as 0.",
    ]


def test_what_did_not_happen_is_left_out_and_told():
    whole = shares(rows([1, 3], [5, 7]))
    found = shares(rows([1, nan, 3], [nan], [], [5, 7, nan]))
    assert notes(found) == [
        "3 runs in which it did not happen are left out.",
        "2 draws without a run that counts are left out.",
    ]
    assert (found.draws, found.runs) == (2, 4)
    assert found.share == whole.share


def test_no_chance_and_nothing_at_all():
    found = shares(rows([0.1] * 3, [0.7] * 3))
    assert found.share == 1
    assert found.untold is Untold.SAME
    assert notes(found) == [
        "The runs of a draw are all the same: chance makes no difference.",
    ]
    # Means of the same number in other numbers of runs differ by rounding.
    nothing = shares(rows([0.1] * 3, [0.1] * 7, [0.1] * 6))
    assert isnan(nothing.share)
    assert notes(nothing) == ["Nothing varies."]


@pytest.mark.parametrize("values", [[], [[1, 2]], [[1], [2]], [[1, 2], [nan]]])
def test_too_few_runs_are_refused(values):
    with pytest.raises(ValueError, match="at least two draws"):
        shares(rows(*values))


FEW = st.lists(
    st.lists(st.integers(-1_000, 1_000), min_size=2, max_size=6), min_size=2, max_size=9
)


@given(FEW, st.integers(-50, 50), st.sampled_from([0.5, 2.0, -4.0]))
def test_the_share_depends_on_neither_unit_nor_origin(values, origin, unit):
    found, moved = (
        shares([scale * row + shift for row in rows(*values)])
        for scale, shift in ((1.0, 0), (unit, origin))
    )
    assert moved.chance == pytest.approx(unit**2 * found.chance, abs=1e-6)
    assert moved.estimate == pytest.approx(unit**2 * found.estimate, abs=1e-6)
    if not isnan(found.share):
        assert moved.share == pytest.approx(found.share, abs=1e-9)
        assert moved.untold == found.untold
        assert (moved.low, moved.high) == pytest.approx(
            (found.low, found.high), nan_ok=True
        )


@given(FEW)
def test_an_interval_lies_around_the_share(values):
    found = shares(rows(*values))
    if not found.untold:
        assert 0 <= found.low <= found.high <= 1
        assert found.low <= found.share + 1e-9


def studies(sizes, knowledge, draw, seed=20261122):
    """Return the shares of many studies, with a variance by chance of 1."""
    rng = np.random.default_rng(seed)
    return [
        shares(
            [
                middle + draw(rng, size)
                for middle, size in zip(
                    sqrt(knowledge) * draw(rng, len(sizes)), sizes, strict=True
                )
            ]
        )
        for _ in range(STUDIES)
    ]


def normal(rng, size):
    return rng.normal(0, 1, size)


def skewed(rng, size):
    return rng.exponential(1, size) - 1


@pytest.mark.parametrize("knowledge", [0.0, 0.25, 1.0])
def test_components_are_right_on_average_and_intervals_as_often_as_they_say(
    knowledge, record_property
):
    found = studies(SIZES, knowledge, normal)
    estimates = np.array([one.estimate for one in found])
    error = estimates.std(ddof=1) / sqrt(STUDIES)
    assert abs(estimates.mean() - knowledge) < 3.29 * error
    chances = np.array([one.chance for one in found])
    error = chances.std(ddof=1) / sqrt(STUDIES)
    assert abs(chances.mean() - 1) < 3.29 * error
    truth = knowledge / (1 + knowledge)
    wrong = sum(one.low > truth or one.high < truth for one in found) / STUDIES
    record_property(f"coverage of the share {truth:.2f}", 1 - wrong)
    assert wrong - 0.05 < TOLERANCE
    assert sum(not one.untold for one in found) > STUDIES / 2 - 50


def test_a_variance_of_means_taken_for_knowledge_would_be_caught():
    """Negative control: means of few runs vary by chance, too."""
    rng = np.random.default_rng(20261122)
    naive = []
    for _ in range(STUDIES):
        middles = 0.5 * normal(rng, len(SIZES))
        pairs = zip(middles, SIZES, strict=True)
        naive.append(np.var([m + normal(rng, n).mean() for m, n in pairs], ddof=1))
    error = np.std(naive, ddof=1) / sqrt(STUDIES)
    assert abs(np.mean(naive) - 0.25) > 3.29 * error


def rare(rng, size):
    return ((rng.random(size) < 0.05) - 0.05) / sqrt(0.05 * 0.95)


@pytest.mark.parametrize("knowledge", [0.25, 1.0])
@pytest.mark.parametrize("draw", [skewed, rare])
def test_of_skewed_numbers_the_interval_holds_or_there_is_none(
    draw, knowledge, record_property
):
    """And components are right on average. Wald's alone is the negative control."""
    draws, runs = 40, 5
    found = studies((runs,) * draws, knowledge, draw)
    truth = knowledge / (1 + knowledge)
    wrong = sum(one.low > truth or one.high < truth for one in found) / STUDIES
    record_property(f"coverage of the share {truth:.2f}, {draw.__name__}", 1 - wrong)
    assert wrong - 0.07 < TOLERANCE
    estimates = np.array([one.estimate for one in found])
    error = estimates.std(ddof=1) / sqrt(STUDIES)
    assert abs(estimates.mean() - knowledge) < 3.29 * error
    rng, missed = np.random.default_rng(1), 0
    for _ in range(STUDIES):
        values = sqrt(knowledge) * draw(rng, draws)[:, None] + draw(
            rng, draws * runs
        ).reshape(draws, runs)
        low, high = usual(values)
        missed += not low <= truth <= high
    assert missed / STUDIES - 0.07 > TOLERANCE


@pytest.mark.parametrize("n", [4, 10, 60])
def test_how_far_out_numbers_lie_is_their_unbiased_excess_kurtosis(n):
    numbers = np.random.default_rng(n).exponential(size=n)
    known = scipy.stats.kurtosis(numbers, bias=False)
    assert _kurtosis(numbers) == pytest.approx(known)
    assert _kurtosis(np.full(n, 3.0)) == 0
