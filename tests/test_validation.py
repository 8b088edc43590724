"""What a validation rests on: figures not seen, simple rates, made-up records."""

from dataclasses import replace

import numpy as np
import pytest
from small_case import written
from toy_crossing import CLAIMS, NAMES, PARTS, toy

from sim.evidence.table import load_figures
from sim.inference.calibration.fit import SHORT, Calibrator
from sim.inference.calibration.options import FitOptions, FitTask, SmcSettings
from sim.inference.calibration.pool import PoolOrigin, draw_pool, pool_at, pool_name
from sim.inference.calibration.posterior_draws import draws_of, fit_of
from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.inference.claims import NODES
from sim.inference.comparators.registry import (
    BY_PHASE,
    CONSTANT,
    OPEN_HOURS,
    RIVALS,
    STOP_AND_GO,
)
from sim.inference.likelihood import Reference
from sim.inference.problem import prepared
from sim.inference.record import record_of
from sim.inference.validation.held_out import (
    FIT,
    PRIOR,
    HeldOut,
    HeldOutFigure,
    family_left_out,
    held_out,
    held_out_coverage,
    held_out_scores,
    until,
    usual_cut_s,
    without_families,
)
from sim.inference.validation.quantities_of_interest import (
    QuantityOfInterest,
    quantities_of_interest,
)
from sim.inference.validation.reference_sensitivity import (
    FEWEST_DRAWS,
    POOLED,
    SourceUse,
    counting_low,
    counting_people,
    end_totals,
    evidence_of,
    exactly,
    own_totals,
    readings,
    rows_under,
    under_each,
    weighed_anew,
)
from sim.inference.validation.simple_rates import simple_rates
from sim.inference.validation.simulation_based_calibration import covered
from sim.inference.validation.validation import distances
from sim.scenario import from_data, load
from tests.foreseen import DATA, FIGURES

SCREEN = FitOptions("screen", (1,), SmcSettings(particles=200), 500)
TEMPERED = replace(
    SCREEN, method="tempered", settings=SmcSettings(particles=40, moves=2, last_moves=2)
)
ORIGIN = PoolOrigin("toy", "1", 5, NAMES, tuple(each.name for each in CLAIMS))
DAY_S = 86_400


def ready_of(folder, **changes):
    path = written(folder, **changes)
    return prepared(load(path), load_figures(folder / "evidence.csv"))


def told(ready, **said):
    """Return the same operation with other words in the mouths of sources."""
    entries = []
    for entry in ready.record.entries:
        claim = entry.claim
        if claim.name in (
            names := {name.replace("_", "-"): v for name, v in said.items()}
        ):
            best = names[claim.name]
            claim = replace(claim, low=best - 100.0, best=best, high=best + 100.0)
        entries.append(replace(entry, claim=claim))
    return replace(ready, record=replace(ready.record, entries=tuple(entries)))


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    ready = ready_of(folder)
    pool = pool_at(folder / pool_name(ready, SCREEN), ready, SCREEN)
    return Calibrator(ready, SCREEN, pool, folder)


def place_of(ready, name):
    return [claim.name for claim in ready.claims].index(name)


def test_what_is_derived_is_read_in_the_middle_of_its_window(bench):
    ready = bench.ready
    place = place_of(ready, "icrc-2")
    quantities = np.zeros((1, len(ready.claims), NODES))
    quantities[0, place] = 10.0 * np.arange(NODES)

    (found,) = (
        each
        for each in quantities_of_interest(ready.record.entries, ready.operation.clock)
        if each.place == place
    )

    assert found.of(quantities).tolist() == [10.0 * (NODES // 2)]


def test_the_people_derived_are_those_of_the_last_and_of_a_middle_moment(bench):
    ready = bench.ready
    names = [
        each.name
        for each in quantities_of_interest(ready.record.entries, ready.operation.clock)
    ]

    assert names == [
        "people arrived from pocket by 2020-01-04 00:00",
        "people arrived from pocket by 2020-01-02 12:00",
    ]


def test_of_four_evenings_the_second_is_the_middle_of_the_last():
    operation = from_data(DATA)
    entries = record_of(FIGURES, operation).entries

    assert [each.name for each in quantities_of_interest(entries, operation.clock)] == [
        "people arrived from pocket by 2020-01-05 00:00",
        "people arrived from pocket by 2020-01-03 00:00",
    ]


def test_simple_rates_meet_the_last_total_that_is_known(tmp_path):
    closed = {"cause": "A test", "closes": ["gate"], "starts": "2020-01-02T00:00"}
    ready = ready_of(
        tmp_path,
        gates={"gate": {}},
        routes__out__through=["gate", "road"],
        stoppages={"all-day": closed | {"until": "2020-01-03T00:00"}},
    )
    entries = ready.record.entries
    known = [entry for entry in entries if entry.claim.family == "ICRC"]

    rates = simple_rates(ready.operation, known, "pocket")

    # 1,200 people by hour 72, of which 24 were closed.
    assert rates[CONSTANT].at([36, 72, 90]).tolist() == [600, 1_200, 1_200]
    assert rates[OPEN_HOURS].at([12, 24, 48, 72]).tolist() == [300, 600, 600, 1_200]


def test_simple_rates_need_a_count(bench):
    operation = bench.ready.operation

    assert simple_rates(operation, [], "pocket") == {}


def test_rivals_are_distributions_that_know_what_the_fit_knows(bench):
    """Another left-out figure moves no prediction, and its score."""
    task = without_families(bench.ready)[1]
    other = replace(bench, ready=told(bench.ready, un_2=9_000.0))

    one, two = (held_out(each.fit(task), last_days=False) for each in (bench, other))

    for here, there in zip(one.rows, two.rows, strict=True):
        assert here.foretold == there.foretold
        assert set(here.crps) == set(RIVALS)
    assert one.rows[-1].crps != two.rows[-1].crps


def test_the_usual_cut_leaves_about_a_third_of_the_counts(bench):
    """Of four counts one ends after 3 January, and two after the 2nd."""
    cut_s = usual_cut_s(bench.ready)

    assert cut_s == 2 * DAY_S
    left = set(range(4)) - set(until(bench.ready, cut_s).used)
    assert left == {place_of(bench.ready, "icrc-2")}
    for nothing in (0, 30 * DAY_S):
        with pytest.raises(ValueError, match=r"(no|every) fitted figure ends by 2020"):
            until(bench.ready, nothing)


def test_each_family_is_left_out_once(bench):
    claims = bench.ready.claims
    found = {
        task.name: {claims[at].family for at in task.used}
        for task in without_families(bench.ready)
    }

    assert found == {"without ICRC": {"UN"}, "without UN": {"ICRC"}}


@pytest.mark.slow
@pytest.mark.parametrize("options", [SCREEN, TEMPERED], ids=["screen", "tempered"])
def test_a_fit_does_not_see_what_is_left_out(bench, tmp_path, options):
    other = replace(bench, ready=told(bench.ready, un_1=700.0, un_2=1_500.0))
    benches = [replace(each, options=options, kept=tmp_path) for each in (bench, other)]
    without, with_it = (
        next(a for a in without_families(bench.ready) if a.name == "without UN"),
        under_each(bench.ready, ())[0],
    )

    one, two = (each.fit(without) for each in benches)
    np.testing.assert_array_equal(one.points, two.points)
    np.testing.assert_array_equal(one.outcomes.quantities, two.outcomes.quantities)
    assert evidence_of(one) == evidence_of(two)

    one, two = (each.fit(with_it) for each in benches)
    assert (one.points != two.points).any()


def test_what_a_left_out_figure_says_does_not_move_its_prediction(bench):
    task = without_families(bench.ready)[1]
    other = replace(bench, ready=told(bench.ready, un_2=9_000.0))

    one, two = (held_out(each.fit(task), last_days=False) for each in (bench, other))

    assert [row.after.middle for row in one.rows] == [
        row.after.middle for row in two.rows
    ]


def test_a_planted_wrong_figure_is_a_named_miss(bench):
    task = without_families(bench.ready)[1]
    planted = replace(bench, ready=told(bench.ready, un_2=9_000.0))

    good, bad = (
        held_out_coverage("all", [held_out(each.fit(task), last_days=False)])
        for each in (bench, planted)
    )

    assert (good.inside, good.figures, good.misses) == (2, 2, ())
    assert (bad.inside, bad.misses) == (1, ("un-2 (UN)",))
    assert good.width > 0


@pytest.mark.slow
def test_a_tempered_fit_goes_on_where_it_was_stopped(bench, tmp_path):
    task = under_each(bench.ready, ())[0]
    whole = replace(bench, options=TEMPERED, kept=tmp_path / "whole").fit(task)
    calls = 0

    def stops(work, chunks):
        nonlocal calls
        for chunk in chunks:
            calls += 1
            if calls == 12:
                raise KeyboardInterrupt
            yield work(chunk)

    stopped = replace(bench, options=TEMPERED, kept=tmp_path / "stopped")
    with pytest.raises(KeyboardInterrupt):
        replace(stopped, mapper=stops).fit(task)
    assert len(list((tmp_path / "stopped").iterdir())) == 1
    resumed = stopped.fit(task)

    np.testing.assert_array_equal(resumed.points, whole.points)
    np.testing.assert_array_equal(resumed.outcomes.totals, whole.outcomes.totals)


def test_each_reference_has_the_same_rows(bench):
    families = counting_people(bench.ready)
    found = [
        rows_under(bench.fit(task))
        for task in under_each(bench.ready, [(family,) for family in families])
    ]

    assert families == ("ICRC", "UN")
    assert [rows[0].reference for rows in found] == [POOLED, "ICRC", "UN"]
    targets = [row.target for row in found[0]]
    assert targets == [
        "sites.pocket.groups.civilians.people",
        "legs.road.time",
        "people arrived from pocket",
        "95 % have arrived from pocket",
        "all have arrived from pocket",
    ]
    assert all([row.target for row in rows] == targets for rows in found)
    least, middle, most = found[0][2].levels
    assert 800 <= least < middle < most <= 2_000


def test_a_source_at_its_word_says_what_runs_have(bench):
    """ICRC's last total is the greater one; only families that are believed are asked.

    With other words in its mouth it is outside.
    """
    wrong = replace(bench, ready=told(bench.ready, icrc_2=1_900.0))
    pooled, icrc = under_each(bench.ready, [("ICRC",)])
    (row,) = own_totals(bench.fit(icrc))
    (other,) = own_totals(replace(bench.fit(icrc), calibrator=wrong))

    assert own_totals(bench.fit(pooled)) == []
    assert (row.family, row.site, row.figure) == ("ICRC", "pocket", "icrc-2")
    assert (row.low, row.high) == (1_100.0, 1_300.0)
    assert row.inside
    assert not other.inside
    assert other.interval == row.interval


def test_draws_weighed_anew_are_as_probable_as_another_reference_makes_them(bench):
    """Against the same weights by hand; their own reference changes nothing."""
    task = FitTask.of_all("fit", bench.ready)
    fit = bench.fit(task)
    quantities = fit.quantities
    same, all_of_them = weighed_anew(fit, task)
    np.testing.assert_array_equal(same.points, fit.points)
    assert all_of_them == pytest.approx(len(fit.points))

    anew, worth = weighed_anew(fit, FitTask.of_all("", bench.ready, ("UN",)))

    log_p = [
        bench.ready.problem(task.used, Reference(frozenset(each))).log_likelihood(
            quantities
        )
        for each in ((), ("UN",))
    ]
    weights = np.exp(log_p[1] - log_p[0])
    people = fit.outcomes.totals[:, 0, -1]
    expected = (weights * people).sum() / weights.sum()
    assert anew.task.reference == ("UN",)
    assert anew.outcomes.totals[:, 0, -1].mean() == pytest.approx(expected, rel=0.01)
    assert 1 < worth < len(fit.points)
    assert len(anew.points) == len(anew.luck) == len(fit.points)


def test_people_in_the_end_are_those_of_the_runs_of_each_reading(bench):
    fit = bench.fit(FitTask.of_all("fit", bench.ready))
    totals = fit.outcomes.totals[:, 0, -1]
    (row,) = end_totals(SourceUse.POOLED, (), fit)

    assert row.levels == tuple(np.quantile(totals, (0.05, 0.25, 0.5, 0.75, 0.95)))
    assert row.width == row.levels[-1] - row.levels[0]
    assert (row.site, np.isnan(row.worth)) == ("pocket", True)


def test_a_reading_takes_draws_weighed_anew_or_a_short_fit_if_too_few_are_left(bench):
    """600 draws weighed by hand; of five draws not enough are left."""
    many = replace(SCREEN, settings=SmcSettings(particles=600))
    given = replace(bench, options=many).fit(FitTask.of_all("fit", bench.ready))
    task = FitTask.without(bench.ready, ["UN"])
    anew, worth = exactly(task, given)
    short, first = exactly(task, first_draws(given, 5))

    weights = unseen(bench.ready, given)
    totals = given.outcomes.totals[:, 0, -1]
    expected = (weights * totals).sum() / weights.sum()
    assert FEWEST_DRAWS <= worth < len(totals)
    assert anew.outcomes.totals[:, 0, -1].mean() == pytest.approx(expected, rel=0.01)
    assert first == len(set(short.clouds[0].roots.tolist()))
    assert len(short.points) == SHORT.particles
    assert short.clouds[0].temperature == 1
    assert short.task.used == task.used


def unseen(ready, fit):
    """Return by how much more the draws weigh if UN had said nothing."""
    only = [at for at, claim in enumerate(ready.claims) if claim.family == "UN"]
    log_p = ready.problem(only).log_likelihood(fit.quantities[:, only])
    return np.exp(log_p.min() - log_p)


def first_draws(fit, number):
    """Return a fit of so many draws."""
    some = np.arange(number)
    outcomes = fit.outcomes.chosen(some)
    return replace(fit, points=fit.points[some], luck=fit.luck[some], outcomes=outcomes)


def test_a_family_counts_low_if_runs_have_more_than_it_says(bench):
    """UN's two totals at a quarter of what they were, beside those of ICRC."""
    low = replace(bench, ready=told(bench.ready, un_1=125.0, un_2=225.0))
    fits = [each.fit(FitTask.of_all("fit", each.ready)) for each in (bench, low)]

    assert [counting_low(fit) for fit in fits] == [(), ("UN",)]


def test_readings_leave_out_several_families_and_never_all(bench):
    ready = bench.ready

    assert readings(ready, ("UN",), ("ICRC",)) == []
    assert readings(ready, ("ICRC", "UN"), ("ICRC", "UN")) == []
    three = with_a_third(ready)
    (low,) = readings(three, ("ICRC", "UN"), ())
    assert low[:2] == (SourceUse.WITHOUT_LOW, ("ICRC", "UN"))
    assert {three.claims[at].family for at in low[2].used} == {"third", "fourth"}
    (alone,) = readings(three, (), ("ICRC", "UN"))
    assert alone[:2] == (SourceUse.ALONE, ("ICRC", "UN"))
    assert {three.claims[at].family for at in alone[2].used} == {"ICRC", "UN"}


def with_a_third(ready):
    """Return the same with two figures of two other families."""
    entries = list(ready.record.entries)
    for at, family in ((0, "third"), (2, "fourth")):
        claim = replace(entries[at].claim, family=family)
        entries.append(replace(entries[at], claim=claim))
    return replace(ready, record=replace(ready.record, entries=tuple(entries)))


def test_a_family_that_is_left_out_has_its_own_scores(bench):
    """One that foretells worse than others says who is nearer."""
    task = without_families(bench.ready)[1]
    row = family_left_out(held_out(bench.fit(task), last_days=False))

    assert (row.family, row.figures, row.counts) == ("UN", 2, 2)
    assert row.inside <= row.figures
    assert set(row.crps) == {FIT, PRIOR, *RIVALS}
    nearer = replace(row, crps={**row.crps, FIT: 0.0}).nearer
    worse = replace(row, crps={**row.crps, FIT: 9.0}).nearer
    assert (nearer, worse) == ((), RIVALS)
    assert replace(row, crps={}).nearer == ()


def test_draws_of_a_file_are_the_fit_again(bench):
    fit = bench.fit(FitTask.of_all("fit", bench.ready))

    again = fit_of(draws_of(fit, ()), bench)

    np.testing.assert_allclose(again.points, fit.points, atol=1e-9)
    np.testing.assert_allclose(again.outcomes.totals, fit.outcomes.totals)


def test_evidence_of_a_screen_is_the_mean_over_the_pool(bench):
    """A claim that holds in every run of the prior costs nothing."""
    place = place_of(bench.ready, "un-1")
    everything = replace(
        bench.ready.claims[place],
        wording="at_least",
        low=0.0,
        best=0.0,
        high=np.inf,
    )
    entries = list(bench.ready.record.entries)
    entries[place] = replace(entries[place], claim=everything)
    record = replace(bench.ready.record, entries=tuple(entries))
    sure = replace(bench, ready=replace(bench.ready, record=record))

    found = evidence_of(sure.fit(FitTask("sure", (place,))))

    assert found.log_evidence == pytest.approx(0, abs=0.01)
    assert found.worth == pytest.approx(500, rel=0.01)


def row_of(best, middle, rate, *, family="A", inside=True):
    claim = replace(CLAIMS[1], best=best, family=family)
    row = PredictiveCheck(
        claim, 0, 0, middle - 10, middle, middle + 10, inside, 0.5, 0.1
    )
    rates = {} if rate is None else {CONSTANT: rate, OPEN_HOURS: best}
    rates |= {} if rate is None else dict.fromkeys((BY_PHASE, STOP_AND_GO), best)
    said = {FIT: middle, PRIOR: 2 * best, **rates}
    near = dict.fromkeys(rates, abs(best - middle) / 1_000)
    return HeldOutFigure(1, row, replace(row, crps=0.3), said, near)


def test_scores_are_pooled_over_figures_about_which_everybody_speaks():
    held = [
        HeldOut("one", False, (row_of(1_000.0, 900.0, 500.0),)),
        HeldOut("two", False, (row_of(3_000.0, 3_300.0, 4_000.0),)),
        HeldOut("three", False, (row_of(9_000.0, 0.0, None, inside=False),)),
    ]

    ard, crps = held_out_scores("all", held)

    assert ard.figures == crps.figures == 2
    assert ard.scores == {
        "fit": (100 + 300) / 4_000,
        "bare prior": 1.0,
        OPEN_HOURS: 0.0,
        CONSTANT: (500 + 1_000) / 4_000,
        BY_PHASE: 0.0,
        STOP_AND_GO: 0.0,
    }
    assert crps.scores["fit"] == pytest.approx(0.1)
    assert crps.scores[CONSTANT] == pytest.approx((0.1 + 0.3) / 2)
    told = held_out_coverage("all", held)
    assert (told.inside, told.misses, told.width) == (2, ("first day (A)",), 20.0)
    assert held_out_scores("none", held[2:]) == ()


def test_distances_are_in_deviations_of_the_tempered_fit():
    tempered = np.array([[0.0, 0.0], [2.0, 2.0]])
    ours = np.array([[1.0, 0.0], [3.0, 4.0]])

    one, two = distances(("a", "b"), ("a",), ours, tempered)

    assert (one.apart, one.wider, one.too_far) == (1.0, 1.0, True)
    assert (two.apart, two.wider, two.too_far) == (1.0, 2.0, False)


@pytest.fixture(scope="module")
def toy_pool():
    return draw_pool(toy, replace(ORIGIN, seed=6), 6_500, PARTS)


def test_a_sound_screen_stays_within_the_band(toy_pool):
    found = covered(
        toy_pool, CLAIMS, (QuantityOfInterest("by hour 24", 1),), 500, 200, seed=2
    )

    assert [row.name for row in found.targets] == [*NAMES, "by hour 24"]
    assert [row.derived for row in found.targets] == [False] * 4 + [True]
    assert not found.outside
    half, most = found.means
    assert 0.46 <= half <= 0.54
    assert 0.87 <= most <= 0.93


def test_a_screen_that_believes_every_source_is_too_sure(toy_pool):
    """Negative control: reports are made up with the bias that it does not expect."""
    naive = covered(toy_pool, CLAIMS, (), 1_000, 200, 1, Reference(every_source=True))

    assert "people" in {row.name for row in naive.outside}
    assert naive.targets[0].covered[1] < 0.87


def test_truths_are_not_screened(toy_pool):
    found = covered(toy_pool, CLAIMS, (), 100, 50, seed=1)

    assert (found.sets, found.runs, len(found.targets[0].shares)) == (100, 6_400, 100)
    with pytest.raises(ValueError, match="too many to hold out"):
        covered(toy_pool, CLAIMS, (), 3_250, 50, seed=1)
