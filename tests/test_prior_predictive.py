"""How often a sound model loses against simple rates, on records that it made up."""

from dataclasses import replace

import numpy as np
import pytest
from small_case import written

from sim.evidence.table import load_figures
from sim.inference.calibration.options import FitOptions, SmcSettings
from sim.inference.calibration.pool import pool_at
from sim.inference.comparators.registry import CONSTANT, OPEN_HOURS
from sim.inference.problem import prepared
from sim.inference.validation.held_out import FIT, PRIOR
from sim.inference.validation.prior_predictive import (
    JUDGED,
    PriorPredictive,
    prior_predictive,
)
from sim.scenario import load

OPTIONS = FitOptions("screen", (1,), SmcSettings(), 500)
SETS, DRAWS, SEED = 60, 60, 1


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Return a record of two families, two counts each, and a pool of runs."""
    folder = tmp_path_factory.mktemp("case")
    path = written(folder)
    ready = prepared(load(path), load_figures(folder / "evidence.csv"))
    return ready, pool_at(folder / "pool.npz", ready, OPTIONS)


def tried(case, **changes):
    ready, pool = case
    return prior_predictive(ready, replace(pool, **changes), SETS, DRAWS, SEED)


def saying(ready, family, times):
    """Return the record with so many times the people in the mouth of a family."""
    entries = []
    for entry in ready.record.entries:
        claim = entry.claim
        if claim.family == family:
            more = (times - 1) * claim.best
            ends = ("low", "best", "high")
            claim = replace(claim, **{end: getattr(claim, end) + more for end in ends})
        entries.append(replace(entry, claim=claim))
    return replace(ready, record=replace(ready.record, entries=tuple(entries)))


def test_shares_count_the_records_in_which_the_fit_is_as_far_off():
    rows = [{FIT: fit, OPEN_HOURS: rate} for fit, rate in ((1, 2), (3, 2), (4, 2))]
    luck = PriorPredictive({FIT: 3.0, OPEN_HOURS: 2.0}, tuple(rows))

    assert luck.times(OPEN_HOURS) == 1.5
    assert luck.share(OPEN_HOURS, 1.5) == pytest.approx(2 / 3)
    assert luck.share(OPEN_HOURS, 2.5) == 0


def test_to_be_as_exact_as_somebody_without_error_is_once_as_far_off():
    assert PriorPredictive({FIT: 0.0, CONSTANT: 0.0}, ()).times(CONSTANT) == 1
    assert PriorPredictive({FIT: 0.1, CONSTANT: 0.0}, ()).times(CONSTANT) == np.inf


@pytest.mark.slow
def test_each_family_is_foretold_from_the_others(case):
    """By hand, at a constant rate, in totals.

    From the UN's 1,000 by hour 36 come 500 by hour 18 and 1,000 by hour 72, where the
    ICRC has 500 and 1,200; from the ICRC's 1,200 by hour 72 come 200 by hour 12 and 600
    by hour 36, where the UN has 350 and 1,000.
    """
    assert tried(case).here[CONSTANT] == pytest.approx((0 + 200 + 150 + 400) / 3_050)


def test_a_fit_that_has_seen_one_family_is_nearer_to_the_other_than_the_prior(case):
    here = tried(case).here

    assert here[FIT] < 0.7 * here[PRIOR]


def test_every_record_is_foretold_by_everybody(case):
    luck = tried(case)

    # In one of them, the same for the same seed, a whole family says nothing.
    assert SETS - 1 <= len(luck.made_up) <= SETS
    for row in (luck.here, *luck.made_up):
        assert set(row) == set(JUDGED)
        assert all(value >= 0 for value in row.values())


def as_far(luck):
    """Return in how many made-up records the fit is as far off as on the real one."""
    return np.mean([row[FIT] >= luck.here[FIT] for row in luck.made_up])


def test_a_record_of_which_one_half_contradicts_the_other_is_rare(case):
    """Negative control, of a record on which a sound model is rather near."""
    ready, pool = case
    quarrel = saying(ready, "ICRC", 4)

    assert as_far(tried(case)) > 0.5
    assert as_far(tried((quarrel, pool))) < 0.25


def test_what_is_said_of_a_family_left_out_is_not_seen(case):
    """Its own figures only change what it is compared with."""
    ready, pool = case
    entries = ready.record.entries
    some = {row.claim.family for row in entries}
    assert some == {"UN", "ICRC"}

    once, more = (tried((saying(ready, "ICRC", times), pool)) for times in (1, 1.001))

    assert once.here != more.here
    assert once.here[FIT] == pytest.approx(more.here[FIT], abs=0.05)


@pytest.mark.slow
def test_runs_on_which_records_are_made_up_are_not_screened(case):
    _, pool = case
    other = pool.quantities.copy()
    other[:SETS] *= 2

    assert tried(case, quantities=other).here == tried(case).here
    assert tried(case, quantities=other).made_up != tried(case).made_up


def test_with_one_family_nothing_can_be_left_out(case):
    ready, pool = case
    alone = [row for row in ready.record.entries if row.claim.family == "UN"]
    places = [ready.record.entries.index(row) for row in alone]
    one = replace(ready, record=replace(ready.record, entries=tuple(alone)))

    assert tried((one, pool), quantities=pool.quantities[:, places]) is None
