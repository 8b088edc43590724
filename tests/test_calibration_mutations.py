"""Mistakes in a record that a calibration has to notice."""

from dataclasses import replace

import numpy as np
import pytest
from toy_crossing import CLAIMS, NAMES, PARTS, toy

from sim.inference.calibration.pool import PoolOrigin, draw_pool
from sim.inference.claims import intervals
from sim.inference.likelihood import ObservationModel

ORIGIN = PoolOrigin("toy", "1", 5, NAMES, tuple(each.name for each in CLAIMS))


@pytest.fixture(scope="module")
def pool():
    return draw_pool(toy, ORIGIN, 4_000, PARTS)


def log_likelihood(pool, claims):
    return ObservationModel(claims).log_likelihood(pool.quantities, intervals(claims))


def evidence(pool, claims):
    """Logarithm of the probability of a record, over all that the prior allows."""
    log_p = log_likelihood(pool, claims)
    return float(log_p.max() + np.log(np.mean(np.exp(log_p - log_p.max()))))


def with_claim(place, **changes):
    claims = list(CLAIMS)
    claims[place] = replace(claims[place], **changes)
    return tuple(claims)


def test_a_zero_too_many_lowers_the_evidence(pool):
    misread = with_claim(1, low=25_000.0, best=30_000.0, high=35_000.0)

    assert evidence(pool, misread) < evidence(pool, CLAIMS) - 2


def test_one_bad_figure_does_not_own_the_result(pool):
    """The floor of strays: what is said of the people stays where the others put it."""

    def people(claims):
        log_p = ObservationModel(claims).log_likelihood(
            pool.quantities, intervals(claims)
        )
        weights = np.exp(log_p - log_p.max())
        return weights @ pool.points[:, 0] / weights.sum()

    misread = with_claim(1, low=25_000.0, best=30_000.0, high=35_000.0)

    assert people(misread) == pytest.approx(people(CLAIMS), abs=0.1)
