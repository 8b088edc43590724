"""The class says what its model says: against brute force, and over made-up classes."""

from math import log

import numpy as np
import pytest
import scipy

from sim.past.levels import (
    PRIOR_OF_BATCHES,
    PRIOR_OF_OPERATIONS,
    PRIOR_OF_WARS,
    BetweenOperations,
    _Posterior,
)
from sim.past.mixtures import DEGREES, Family, Mixture, student_below
from sim.past.quantities import QUANTITIES, ClassForm
from sim.past.reference_class import ReferenceClass, TooFewOperationsError
from sim.past.singles import heavy_tailed, rates, shares

MADE_UP = (
    ("north", (3.1, 3.4, 2.9)),
    ("north", (3.9,)),
    ("south", (3.3, 3.2)),
    ("east", (4.4, 4.0, 4.1, 4.3)),
)


def covariance(operations, war, operation, batch):
    """Return the covariance of all values, given the three deviations."""
    wars = [name for name, logs in operations for _ in logs]
    of = [at for at, (_, logs) in enumerate(operations) for _ in logs]
    return (
        war**2 * np.equal.outer(wars, wars)
        + operation**2 * np.equal.outer(of, of)
        + batch**2 * np.eye(len(of))
    )


def brute_force(operations, deviations, *, war_of_new=""):
    """Return log evidence, mean and variance of a new middle by linear algebra.

    The common mean has a normal prior so wide that it is flat.
    """
    x = np.array([value for _, logs in operations for value in logs])
    names = np.array([name for name, logs in operations for _ in logs])
    flat = 1e6
    war, operation, batch = deviations
    known = covariance(operations, war, operation, batch) + flat
    new = flat + war**2 * (names == war_of_new)
    gain = np.linalg.solve(known, new)
    variance = flat + war**2 + operation**2 - gain @ new
    _, log_size = np.linalg.slogdet(known)
    evidence = -log_size / 2 - x @ np.linalg.solve(known, x) / 2
    return evidence, gain @ x, variance


@pytest.fixture(scope="module")
def posterior():
    return _Posterior.of(MADE_UP, wars_differ=True)


def test_closed_forms_are_those_of_brute_force(posterior):
    """At any deviations: evidence up to one constant, and the next operation."""
    rng = np.random.default_rng(1)
    found = []
    usable = np.flatnonzero((posterior.batch > 0.05) & (posterior.operation > 0.05))
    for at in rng.choice(usable, 25, replace=False):
        deviations = posterior.war[at], posterior.operation[at], posterior.batch[at]
        prior = sum(
            -((each / scale) ** 2) / 2 + log(each)
            for each, scale in zip(
                deviations,
                (PRIOR_OF_WARS, PRIOR_OF_OPERATIONS, PRIOR_OF_BATCHES),
                strict=True,
            )
        )
        evidence, mean, variance = brute_force(MADE_UP, deviations)
        found.append(posterior.log_p[at] - prior - evidence)
        own_variance = (
            1 / posterior.precision[at] + deviations[0] ** 2 + deviations[1] ** 2
        )
        assert posterior.mean[at] == pytest.approx(mean, abs=1e-3)
        assert own_variance == pytest.approx(variance, rel=1e-4)
        _, mean, variance = brute_force(MADE_UP, deviations, war_of_new="north")
        there = posterior.wars["north"]
        assert there[0][at] == pytest.approx(mean, abs=1e-3)
        assert there[1][at] + deviations[1] ** 2 == pytest.approx(variance, rel=1e-4)

    assert np.ptp(found) < 1e-3


def test_operations_that_are_all_alike_say_so():
    """A hundred operations of ten batches each: the middle is known."""
    rng = np.random.default_rng(2)
    values = {
        ("war", f"{at}"): np.exp(
            log(40) + 0.3 * rng.standard_normal() + 0.2 * rng.standard_normal(10)
        ).tolist()
        for at in range(100)
    }
    levels = BetweenOperations.of(values, wars_differ=False)

    assert levels.deviations["operation"] == pytest.approx(0.3, abs=4 * 0.3 / 14)
    assert levels.deviations["batch"] == pytest.approx(0.2, abs=4 * 0.2 / 42)
    assert levels.middle().quantile(0.5) == pytest.approx(40, rel=4 * 0.3 / 10)
    low, high = levels.middle().quantiles((0.05, 0.95))
    assert log(high / low) == pytest.approx(2 * 1.645 * 0.3, rel=0.3)


def places(fit_and_new, sets=300, seed=3):
    """Return the places of new values among what was foretold of them."""
    rng = np.random.default_rng(seed)
    return np.array([fit_and_new(rng) for _ in range(sets)])


def covers(found, level=0.9):
    """Whether as many are in the middle as a right forecast has, by chance."""
    inside = int((np.abs(found - 0.5) < level / 2).sum())
    low, high = scipy.stats.binom.ppf([0.0005, 0.9995], len(found), level)
    return low <= inside <= high


def made_up_class(rng, middle="middle"):
    """Return the place of a new operation's middle in a class drawn from the priors."""
    of_wars, of_operations, of_batches = np.abs(
        rng.normal(0, (PRIOR_OF_WARS, PRIOR_OF_OPERATIONS, PRIOR_OF_BATCHES))
    )
    war = dict.fromkeys(("a", "b", "c"), 0.0)
    war = {name: of_wars * rng.standard_normal() for name in war}
    values = {}
    for at in range(10):
        name = "a" if at < 6 else "b" if at < 8 else "c"
        own = war[name] + of_operations * rng.standard_normal()
        batches = own + of_batches * rng.standard_normal(rng.integers(1, 6))
        values[name, f"{at}"] = np.exp(batches).tolist()
    new = war["a"] + of_operations * rng.standard_normal()
    value = new + of_batches * rng.standard_normal()
    it = BetweenOperations.of(values)
    if middle == "swapped":  # the planted defect: what is between taken for within
        it = it.posterior
        wrong = Mixture.of(
            Family.LOGNORMAL,
            it.wars["a"][0],
            np.sqrt(it.wars["a"][1] + it.batch**2),
            it.log_p,
        )
        return wrong.below(np.exp(new))
    if middle == "value":
        return it.value("a").below(np.exp(value))
    return it.middle("a").below(np.exp(new))


@pytest.mark.parametrize("what", ["middle", "value"])
def test_ranges_cover_new_operations(what):
    found = places(lambda rng: made_up_class(rng, what))

    assert covers(found)
    assert covers(found, 0.5)


def test_between_and_within_mixed_up_do_not_cover():
    found = places(lambda rng: made_up_class(rng, "swapped"))

    assert not (covers(found) and covers(found, 0.5))


def test_heavy_tails_cover():
    def one(rng):
        scale = abs(rng.standard_normal())
        logs = scale * rng.standard_t(DEGREES, size=9)
        return heavy_tailed(np.exp(logs[:8]).tolist()).below(float(np.exp(logs[8])))

    found = places(one)
    assert covers(found)
    assert covers(found, 0.5)


def test_one_value_far_out_hardly_moves_the_middle():
    near = heavy_tailed([0.9, 1.0, 1.1, 0.95, 1.05, 1.0])
    far = heavy_tailed([0.9, 1.0, 1.1, 0.95, 1.05, 30.0])

    assert far.quantile(0.5) == pytest.approx(near.quantile(0.5), rel=0.1)


def test_shares_cover():
    def one(rng):
        mean, size = rng.uniform(), np.exp(rng.uniform(log(0.5), log(200)))
        chance = rng.beta(mean * size, (1 - mean) * size, size=13)
        of = rng.integers(2, 30, size=12)
        return shares(rng.binomial(of, chance[:12]).tolist(), of.tolist()).below(
            float(chance[12])
        )

    found = places(one)
    assert covers(found)


def test_many_operations_alike_have_the_rate_they_have():
    rng = np.random.default_rng(4)
    over = np.full(200, 20.0)
    found = rates(rng.poisson(0.3 * over).tolist(), over.tolist())

    assert found.quantile(0.5) == pytest.approx(0.3, rel=4 / np.sqrt(0.3 * 20 * 200))


def test_quantiles_undo_probabilities():
    parameters = np.array([0.5, 2.0]), np.array([0.7, 1.5]), np.array([0.4, 0.6])
    for family in Family:
        it = Mixture(family, *parameters)
        for level in (0.05, 0.5, 0.95):
            assert it.below(it.quantile(level)) == pytest.approx(level, abs=1e-9)


def test_draws_are_of_the_same_distribution():
    parameters = np.array([0.5, 2.0]), np.array([0.7, 1.5]), np.array([0.4, 0.6])
    for family in Family:
        it = Mixture(family, *parameters)
        drawn = it.draws(np.random.default_rng(5), 400)
        found = scipy.stats.kstest([it.below(float(x)) for x in drawn], "uniform")
        assert found.pvalue > 1e-3, family


def test_student_is_that_of_the_textbook():
    there = np.linspace(-30, 30, 601)

    found = scipy.special.stdtr(DEGREES, there)
    assert student_below(there) == pytest.approx(found, abs=1e-12)


def test_an_operation_that_is_left_out_says_nothing():
    """No fact of it is in the class, and what it says changes without it."""
    without = ReferenceClass(frozenset({"WAER17"}))

    assert all(row.operation != "WAER17" for row in without.known.facts)
    assert "WAER17" not in without.known.operations
    for quantity in QUANTITIES.values():
        for part in quantity.classes:
            values = without.values(quantity.name, part)
            assert all(each.operation != "WAER17" for each in values)
    there = ReferenceClass().spread("days between batches", "weekly", "syria")
    left = without.spread("days between batches", "weekly", "syria")
    assert (there.values - left.values, there.operations - left.operations) == (9, 1)
    assert left.middle.quantile(0.95) != there.middle.quantile(0.95)


def test_two_rhythms_are_two_classes():
    known = ReferenceClass()
    daily = known.spread("days between batches", "daily")
    weekly = known.spread("days between batches", "weekly")

    assert daily.middle.quantile(0.95) < weekly.middle.quantile(0.5)


def test_lists_are_met_and_deals_are_not():
    known = ReferenceClass()

    assert known.spread("left over announced", "list").middle.quantile(0.5) > 0.85
    assert known.spread("left over announced", "deal").middle.quantile(0.5) < 0.7


def test_a_war_of_its_own_is_less_known():
    known = ReferenceClass()
    for name in ("people on a bus", "buses of a batch", "hours of a halt"):
        apart = known.spread(name).middle.quantiles((0.05, 0.95))
        same = known.spread(name, war="syria").middle.quantiles((0.05, 0.95))
        assert apart[1] / apart[0] > same[1] / same[0]


def test_every_range_says_what_it_rests_on():
    known = ReferenceClass()
    for quantity in QUANTITIES.values():
        for part in quantity.classes:
            spread = known.spread(quantity.name, part)
            assert spread.values == len(known.values(quantity.name, part))
            if quantity.form is ClassForm.HEAVY:
                assert spread.operations <= spread.values


def test_too_few_values_are_refused():
    without = ReferenceClass(frozenset({"WAER17", "BARZ17", "DARA18"}))

    with pytest.raises(
        TooFewOperationsError, match="weekly, past operations have only 0 values"
    ):
        without.spread("days between batches", "weekly")


def test_an_unknown_class_is_refused():
    with pytest.raises(KeyError):
        ReferenceClass().values("people on a bus", "weekly")
