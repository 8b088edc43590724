"""Paired comparison: what is claimed about a difference holds, and no more."""

from dataclasses import replace
from math import inf, isnan, nan, pi, sqrt, tan

import numpy as np
import pytest

from sim.experiment import Failure, NamedStudy, compare, run_study
from sim.experiment.compare import (
    Lacking,
    OtherEnd,
    Overdrawn,
    Undrawn,
    cautions,
    chosen,
    overdrawn,
)
from sim.experiment.drawn import Drawn
from sim.experiment.store import Memory
from sim.plots.comparison import differences
from sim.report.cautions import of_variant
from sim.statistics.intervals import Untold, holm, paired, t_both_tails, t_quantile
from sim.words import Words
from tests.builders import START, at, operation, two_sides

# NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2.
TABLE = {
    1: (3.078, 6.314, 12.706, 31.821),
    2: (1.886, 2.920, 4.303, 6.965),
    5: (1.476, 2.015, 2.571, 3.365),
    10: (1.372, 1.812, 2.228, 2.764),
    30: (1.310, 1.697, 2.042, 2.457),
    100: (1.290, 1.660, 1.984, 2.364),
}
LEVELS = (0.90, 0.95, 0.975, 0.99)
STUDIES, PAIRS = 1000, 20
TOLERANCE = 3.29 * sqrt(STUDIES * 0.05 * 0.95)
"""Rejections by chance of a true null at 5 %: 99.9 % of such checks stay within."""
LIVELY = {
    "sites__pocket__groups__civilians__people": 600,
    "flows__evacuation__boarding": "10 min to 40 min",
    "legs__road__time": "50 min to 70 min",
}
TWICE = {"fleets__buses__joins": {START: 2}, "flows__evacuation__at_once": 2}


def numbers(*values):
    return np.array(values, dtype=np.float64)


def test_moments_of_a_start_that_moved_are_compared_as_moments():
    """An hour later with all that follows: an hour later, not at the same hour."""
    base, later = operation(**LIVELY), operation(**LIVELY)
    later = later.model_copy(update={"starts": at(60)})
    later.__dict__.pop("clock", None)
    sides = [
        NamedStudy(name, run_study(world, seed=1, replications=3))
        for name, world in (("base", base), ("later", later))
    ]
    found = compare(sides[0], sides[1:], ["t100/pocket", "waiting/pocket"])
    moment, amount = (row.paired for row in found.rows)

    assert moment.difference == pytest.approx(1)
    assert amount.difference == 0


@pytest.mark.parametrize("df", TABLE)
def test_quantiles_of_t_are_those_of_the_published_table(df):
    for level, published in zip(LEVELS, TABLE[df], strict=True):
        assert t_quantile(level, df) == pytest.approx(published, abs=0.00051)


@pytest.mark.parametrize("level", [0.6, 0.9, 0.975, 0.9999])
def test_quantiles_of_t_are_those_of_the_closed_forms(level):
    cauchy = tan(pi * (level - 0.5))
    assert t_quantile(level, 1) == pytest.approx(cauchy, rel=1e-9)
    two = (2 * level - 1) / sqrt(2 * level * (1 - level))
    assert t_quantile(level, 2) == pytest.approx(two, rel=1e-9)


def test_t_comes_near_the_normal_and_its_tails_do_not_vanish():
    assert t_quantile(0.975, 999_999) == pytest.approx(1.959966, abs=2e-6)
    # With 2 degrees of freedom both tails beyond t are 1 - t / sqrt(2 + t**2), which
    # is 1 / t**2 far out.
    assert t_both_tails(1e6, 2) == pytest.approx(1e-12, rel=1e-6)
    assert t_both_tails(0.0, 7) == 1


@pytest.mark.parametrize(("level", "df"), [(0.5, 3), (1.0, 3), (0.9, 0)])
def test_a_quantile_that_does_not_exist_is_refused(level, df):
    with pytest.raises(ValueError, match="no quantile of t"):
        t_quantile(level, df)


def test_pairs_of_which_few_differ_are_no_surer_than_their_sign_test():
    # Differences -1, -3, -1, -4: mean -9/4, variance 9/4, standard error 3/4, t = -3,
    # whose p-value with 3 degrees of freedom is 1 - 2/3 - sqrt(3) / (2 pi) = 0.058. All
    # four have one sign: 2 / 2**4.
    found = paired(numbers(10, 12, 14, 16), numbers(9, 9, 13, 12))
    assert (found.n, found.base, found.variant) == (4, 13, 10.75)
    assert found.difference == -2.25
    assert isnan(found.low)
    assert found.interval.untold is Untold.FEW
    assert found.p == 0.125
    assert found.factor == pytest.approx((20 / 3 + 17 / 4) / 2.25)
    assert found.percent == pytest.approx(-100 * 2.25 / 13)
    # With both signs Student's is the larger: +1 and -1, -3, -4 lie 0.6 apart.
    found = paired(numbers(0, 0, 0, 0), numbers(1, -1, -3, -4))
    t = -7 / 4 / sqrt(59 / 12 / 4)
    assert found.p == pytest.approx(max(t_both_tails(t, 3), 10 / 16))


def test_no_change_is_given_in_percent_of_a_base_near_0():
    often = numbers(*[1, 2, 3, 4] * 5)
    assert paired(often, 2 * often).percent == pytest.approx(100)
    assert isnan(paired(0 * often, often).percent)
    # Ten once in 20: the mean of 0.5 may as well be 0.
    once = numbers(10, *[0] * 19)
    assert isnan(paired(once, often).percent)
    assert paired(0 * once + 0.5, often).percent == pytest.approx(400)
    # A base that never varies and is small beside the change.
    assert isnan(paired(0 * often + 1e-3, often).percent)
    assert paired(0 * often + 1, often).percent == pytest.approx(150)


def test_few_pairs_claim_little():
    assert paired(numbers(), numbers()).n == 0
    one = paired(numbers(3), numbers(5))
    assert one.difference == 2
    assert isnan(one.low)
    assert isnan(one.p)
    with pytest.raises(ValueError, match="two sides"):
        paired(numbers(1), numbers(1, 2))


def test_the_same_change_in_every_pair_is_as_sure_as_its_sign_test():
    found = paired(numbers(1, 2, 4), numbers(3, 4, 6))
    assert found.difference == 2
    assert found.interval.untold is Untold.SAME
    assert found.p == 0.25
    assert found.factor == inf
    # Rounding must not pass for chance.
    hours = numbers(*(s / 3600 for s in (100_001, 200_002, 300_007)))
    assert paired(hours, hours + 7 / 3600).factor == inf
    assert paired(hours, hours + 7 / 3600).p == 0.25
    assert paired(hours, hours).p == 1


def test_holm_on_the_textbook_example():
    # Four hypotheses; at 5 % the fourth and the first are rejected.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_what_was_not_tested_does_not_weigh_in():
    first, none, last = holm([0.6, nan, 0.02])
    assert (first, last) == pytest.approx((0.6, 0.04))
    assert isnan(none)
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1, 1]


@pytest.fixture(scope="module")
def nulls():
    """Studies of pairs without a difference: independent, and against each other."""
    rng = np.random.default_rng(20261122)
    base = rng.normal(10, 2, (STUDIES, PAIRS))
    alone = rng.normal(10, 2, (STUDIES, PAIRS))
    against = 10 - 0.5 * (base - 10) + sqrt(0.75) * (alone - 10)
    return base, alone, against


def test_a_true_null_is_rejected_at_most_at_its_nominal_rate(nulls):
    base, *others = nulls
    for variant in others:
        found = [paired(*pair) for pair in zip(base, variant, strict=True)]
        rejected = sum(row.p < 0.05 for row in found)
        assert rejected == sum(not row.low <= 0 <= row.high for row in found)
        assert rejected - 0.05 * STUDIES < TOLERANCE
        # One tail for two, or n for n - 1 with few pairs, would be noticed.
        assert rejected > 0.02 * STUDIES


def test_an_interval_that_is_too_narrow_is_caught(nulls):
    base, alone, against = nulls
    reach = t_quantile(0.975, PAIRS - 1) / sqrt(PAIRS)
    for variant, variance in (
        (alone, alone.var(axis=1, ddof=1)),  # as if the base were known exactly
        (against, (base.var(axis=1, ddof=1) + against.var(axis=1, ddof=1))),
    ):
        change = (variant - base).mean(axis=1)
        rejected = np.count_nonzero(np.abs(change) > reach * np.sqrt(variance))
        assert rejected - 0.05 * STUDIES > TOLERANCE


def test_many_true_nulls_together_are_rarely_rejected(nulls):
    base, alone, _ = nulls
    families = np.split(np.arange(STUDIES), STUDIES // 10)
    p = [paired(*pair).p for pair in zip(base, alone, strict=True)]
    plain = sum(any(p[study] < 0.05 for study in own) for own in families)
    kept = sum(any(q < 0.05 for q in holm([p[s] for s in own])) for own in families)
    tolerance = 3.29 * sqrt(len(families) * 0.05 * 0.95)
    assert kept - 0.05 * len(families) < tolerance
    assert plain - 0.05 * len(families) > tolerance


def test_p_values_of_a_comparison_are_corrected_for_all_of_its_rows(lively):
    """Of three changes in which chance plays a part, and one that did not happen."""
    rng = np.random.default_rng(2)
    names = ("t50/pocket", "t90/pocket", "waiting/pocket", "t100/pocket")
    base = {name: np.full(20, 10.0) for name in names[:3]} | {names[3]: [nan] * 20}
    moved = {
        name: np.full(20, 10.0) + rng.normal(shift, 1, 20)
        for name, shift in zip(names, (0.55, 0.6, 0.9), strict=False)
    }
    variant = moved | {names[3]: np.full(20, nan)}
    found = compare(
        NamedStudy("b", told(lively.study, **base)),
        [NamedStudy("v", told(lively.study, **variant))],
        names,
    )
    alone = [paired(np.full(20, 10.0), moved[name]).p for name in names[:3]]
    first, second, third = sorted(alone)
    steps = [3 * first, max(3 * first, 2 * second)]
    steps.append(max(steps[-1], third))
    wanted = dict(zip(sorted(alone), steps, strict=True))
    assert found.tested == 3
    for row, p in zip(found.rows[:3], alone, strict=True):
        assert row.paired.p == p
        assert row.p == pytest.approx(wanted[p])
        assert row.p > p or p == third
    assert isnan(found.rows[3].p)


@pytest.fixture(scope="module")
def lively():
    return NamedStudy("base", run_study(operation(**LIVELY), seed=1, replications=40))


@pytest.fixture(scope="module")
def twice():
    world = operation(**LIVELY, **TWICE)
    return NamedStudy("twice", run_study(world, seed=1, replications=40))


def row_of(comparison, metric):
    return next(row for row in comparison.rows if row.metric == metric)


def told(study, **metrics):
    """Return a study whose runs say these numbers, one for each run."""
    (rows,) = study.store.parts()
    count = min(map(len, metrics.values()))
    rows = rows.chosen(slice(count), ())
    table = rows.metrics.copy()
    for name, values in metrics.items():
        table[:, rows.layout.metrics.index(name)] = values
    return replace(study, store=Memory([replace(rows, metrics=table)]))


def test_a_scenario_does_not_differ_from_itself(lively):
    again = NamedStudy("again", run_study(operation(**LIVELY), seed=1, replications=40))
    comparison = compare(lively, [again])
    assert len(comparison.rows) == 6
    for row in comparison.rows:
        assert row.paired.difference == 0
        assert row.paired.interval.untold is Untold.SAME
        assert row.p == 1
        assert row.differs == row.worse == 0


def test_pairs_share_their_luck_when_buses_are_twice_as_many(
    lively, twice, record_property
):
    comparison = compare(lively, [twice])
    for metric in ("t50", "t90", "t100", "waiting"):
        found = row_of(comparison, f"{metric}/pocket").paired
        record_property(f"variance factor of pairing, {metric}", found.factor)
        assert found.high < 0
        assert found.factor > 2


def test_runs_of_other_seeds_share_nothing_and_are_refused(lively):
    other = run_study(operation(**LIVELY), seed=2, replications=40)
    with pytest.raises(ValueError, match="do not share their luck"):
        compare(lively, [NamedStudy("other", other)])
    # Negative control of the test above: of independent runs pairing makes nothing.
    found = compare(
        lively, [NamedStudy("other", replace(other, job=replace(other.job, seed=1)))]
    )
    assert row_of(found, "waiting/pocket").paired.factor < 2


def test_runs_that_got_worse_behind_a_better_mean_are_counted(lively):
    t100, arrived = "t100/pocket", "arrived/pocket"
    base = told(lively.study, **{t100: (10, 10, 10, 10), arrived: (5, 5, 5, 5)})
    variant = told(lively.study, **{t100: (4, 5, 13, 11), arrived: (9, 9, 2, 5)})
    comparison = compare(
        NamedStudy("b", base), [NamedStudy("v", variant)], (t100, arrived)
    )
    later, fewer = comparison.rows
    assert later.improved
    assert (later.worse, later.all, later.at_worst, later.differs) == (2, 4, 3, 4)
    assert fewer.improved
    assert (fewer.worse, fewer.at_worst, fewer.differs) == (1, 3, 3)


def test_nobody_says_what_is_better_where_nobody_can(lively, twice):
    (row,) = compare(lively, [twice], ["fleet_use"]).rows
    assert row.worse is None
    assert not row.improved


def test_the_picture_shows_the_intervals_of_what_changed(lively, twice):
    comparison = compare(lively, [lively, twice])
    figure = differences(comparison)
    drawn = [ax for ax in figure.axes if ax.containers]
    changed = [row for row in comparison.rows if row.differs]
    assert len(drawn) == len(changed) == 4
    for ax, row in zip(drawn, changed, strict=True):
        ((_, _, (interval,)),) = ax.containers
        ((low, place), (high, _)) = interval.get_segments()[0]
        assert (low, high) == pytest.approx((row.paired.low, row.paired.high))
        assert place == row.variant == 1
    assert differences(compare(lively, [lively])) is None


def test_only_pairs_in_which_it_happened_twice_are_compared(lively):
    t100 = "t100/pocket"
    base = told(lively.study, **{t100: (10, 10, nan, nan, 10)})
    variant = told(lively.study, **{t100: (8, nan, 9, nan, 7)})
    (row,) = compare(NamedStudy("b", base), [NamedStudy("v", variant)], [t100]).rows
    assert (row.paired.n, row.paired.difference) == (2, -2.5)
    assert (row.only_base, row.only_variant, row.all) == (1, 1, 5)
    assert (row.came_base, row.came_variant) == (3, 3)
    assert row.worse == 1  # it no longer happens in the second pair
    assert row.differs == 4


def test_a_pair_with_a_failed_side_is_left_out(lively, twice):
    (rows,) = twice.study.store.parts()
    others = rows.chosen(rows.replications != 10, [Failure(10, "no", "")])
    lost = replace(twice.study, store=Memory([others]))
    comparison = compare(lively, [NamedStudy("twice", lost)])
    assert {row.all for row in comparison.rows} == {39}
    sides = (
        numbers(*(run.metrics["waiting/pocket"] for run in study.runs))
        for study in (lively.study, twice.study)
    )
    without = paired(*(np.delete(side, 10) for side in sides))
    assert row_of(comparison, "waiting/pocket").paired == without


def test_usual_metrics_are_those_of_sites_with_people_to_leave():
    study = run_study(
        two_sides(sites__south__groups__civilians={"people": 9, "stay": 9}),
        seed=1,
        replications=1,
    )
    assert {name.partition("/")[2] for name in chosen(study)} == {"north"}
    assert chosen(study, ["t50/north", "t50"]) == (
        "t50/north",
        "t50/south",
        "t50/all",
    )
    with pytest.raises(ValueError, match="t51"):
        chosen(study, ["t51"])


def test_what_a_variant_lacks_is_said_and_not_compared(lively):
    other = run_study(two_sides(ends="2020-01-09T00:00"), seed=1, replications=40)
    comparison = compare(lively, [NamedStudy("other", other)])
    assert comparison.rows == ()
    ends, lacks = comparison.cautions
    assert ends == OtherEnd("other", other.operation.ends, lively.study.operation.ends)
    assert isinstance(lacks, Lacking)
    assert "t50/pocket" in lacks.metrics


def test_what_is_not_known_is_drawn_alike_on_both_sides():
    people = "sites.pocket.groups.civilians.people"
    unknown = {"uncertain": {people: {"spread": "400 to 800"}}}
    base, variant = (
        run_study(
            operation(**LIVELY, **unknown, **changes),
            seed=1,
            replications=5,
            band="knowledge and chance",
        )
        for changes in ({}, TWICE)
    )
    drawn = [run.parameters[people] for run in base.runs]
    assert drawn == [run.parameters[people] for run in variant.runs]
    assert len(set(drawn)) > 1


def test_a_draw_that_undoes_a_variant_is_told():
    people = "sites.pocket.groups.civilians.people"
    spread = {"uncertain": {people: {"spread": "50 to 150"}}}
    base = operation(**spread)
    more = operation(**spread, sites__pocket__groups__civilians__people=140)
    assert overdrawn(base, more) == (people,)
    assert overdrawn(base, operation(**spread, fleets__buses__seats=40)) == ()
    known = operation(sites__pocket__groups__civilians__people=140)
    assert overdrawn(base, known) == ()
    band = "knowledge and chance"
    sides = [
        NamedStudy(name, run_study(world, seed=1, replications=2, band=band))
        for name, world in (("base", base), ("more", more))
    ]
    (caution,) = compare(sides[0], sides[1:]).cautions
    assert caution == Overdrawn("more", (people,))
    assert f"'uncertain.{people}: drop'" in Words().of(of_variant(caution))


def test_what_a_variant_alone_says_of_a_fit_is_told_and_what_the_base_says_is_not():
    study = run_study(operation(), seed=1, replications=2)
    whole, part = (
        replace(study, job=replace(study.job, drawn=Drawn("fit", names, (), ())))
        for names in (("a", "b"), ("a",))
    )
    assert [*cautions(whole, [NamedStudy("v", part)], [])] == [Undrawn("v", ("b",))]
    assert not [*cautions(part, [NamedStudy("v", whole)], [])]
