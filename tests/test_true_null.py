"""Comparing two variants that do not differ: how often a difference is claimed.

The variants are simulated, not drawn from a textbook distribution. Names decide which
random numbers a part gets, so a scenario with other names for its flow and checkpoint
has other luck and the same distribution of everything.
"""

from math import sqrt

import numpy as np
import pytest

from sim.metrics.registry import summary
from sim.model import simulate
from sim.statistics.intervals import holm, paired
from tests.builders import operation

METRICS = ("t50/pocket", "t90/pocket", "t100/pocket", "waiting/pocket")
PAIRS, LEVEL = 10, 0.05


def world(flow="evacuation", post="post", inspection="10 min to 40 min"):
    """Return three trips of a bus over a road and through a checkpoint."""
    renamed = {} if flow == "evacuation" else {"flows__evacuation": None}
    return operation(
        sites__pocket__groups__civilians__people=150,
        legs__road__time="50 min to 70 min",
        checkpoints={post: {"lanes": 1, "inspection": inspection}},
        routes__out__through=["road", post],
        **renamed,
        **{
            f"flows__{flow}": {
                "route": "out",
                "groups": ["civilians"],
                "convoy": {"buses": 1},
                "boarding": "5 min to 15 min",
                "unloading": "5 min",
            }
        },
    )


def runs(operation, seed):
    """Return the metrics of the replications of one study, a row for each metric."""
    found = [
        summary(simulate(operation, seed=seed, replication=replication))
        for replication in range(PAIRS)
    ]
    return np.array([[run[name] for run in found] for name in METRICS])


def p_values(base, variant):
    """Return the p-value of each metric in each of many studies."""
    return [
        [paired(*sides).p for sides in zip(ours, theirs, strict=True)]
        for ours, theirs in zip(base, variant, strict=True)
    ]


def rejected(p):
    """Return how many studies reject each metric, and any of them after Holm."""
    alone = np.count_nonzero(np.array(p) <= LEVEL, axis=0)
    together = sum(min(holm(row)) <= LEVEL for row in p)
    return {**dict(zip(METRICS, alone.tolist(), strict=True)), "any": together}


@pytest.mark.parametrize("studies", [200, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_mere_change_of_names_is_rarely_taken_for_a_difference(
    studies, record_property
):
    """Each metric at its level; of all four together, at most at that level."""
    tolerance = 3.29 * sqrt(studies * LEVEL * (1 - LEVEL))
    # Negative control: inspections that take eight minutes longer of some hours.
    base, renamed, longer = (
        [runs(variant, seed) for seed in range(studies)]
        for variant in (
            world(),
            world("departure", "barrier"),
            world("departure", "barrier", inspection="18 min to 48 min"),
        )
    )
    nothing = rejected(p_values(base, renamed))
    something = rejected(p_values(base, longer))
    record_property("rejected, true null", {k: v / studies for k, v in nothing.items()})
    record_property("rejected", {k: v / studies for k, v in something.items()})
    for name in METRICS:
        assert abs(nothing[name] - LEVEL * studies) < tolerance, name
    assert nothing["any"] - LEVEL * studies < tolerance
    for name in ("waiting/pocket", "any"):
        assert something[name] - LEVEL * studies > 3 * tolerance, name


def test_other_names_are_other_luck_and_the_same_names_are_not():
    """Without this, the null above would be true for a poor reason."""
    base, again, other = (
        runs(world(*names), seed=1) for names in ((), (), ("departure", "barrier"))
    )
    assert (base == again).all()
    assert (base != other).all(axis=1).all()
