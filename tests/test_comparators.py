"""Comparators: what each foretells by hand, and what none of them may do."""

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest

from sim.inference.claims import Scales
from sim.inference.class_numbers import HaltClass, class_numbers
from sim.inference.comparators.damped_trend import damped_trend
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.even_spread import agreed_total_evenly
from sim.inference.comparators.growth import gompertz
from sim.inference.comparators.known import (
    KnownAtOrigin,
    could_move_h,
    known_at_origin,
    stream_of,
)
from sim.inference.comparators.onwards import onwards, rates
from sim.inference.comparators.phases import rates_by_phase
from sim.inference.comparators.rates import (
    constant_rate,
    last_day_again,
    open_hours_rate,
)
from sim.inference.comparators.registry import COMPARATORS, ensembles
from sim.inference.comparators.reporting import agreeing, reported
from sim.inference.comparators.so_far import curves_so_far
from sim.inference.comparators.sources import mean_of_sources
from sim.inference.comparators.stop_and_go import (
    with_bootstrapped_spells,
    with_mean_spells,
)
from sim.inference.record import entries_of
from sim.scenario import from_data
from tests.builders import changed
from tests.foreseen import DATA, FIGURES, arrived

OPERATION = from_data(DATA)
DRAWS = 300
NEARLY = 0.12
"""Three standard errors of the median of so many draws of a spread of about 0.55."""


def entries(*figures):
    return tuple(entries_of(figures, OPERATION, Scales()))


def stream(name="test"):
    return stream_of(1, name)


@pytest.fixture
def known():
    """1,000 people by the end of the second day; half of it was closed."""
    return KnownAtOrigin(
        site="pocket",
        counts=entries(arrived("day-2", 1_000, 3)),
        begins_h=0.0,
        moment_h=48.0,
        until_h=200.0,
        windows=[(0.0, 12.0), (24.0, 36.0), (48.0, 200.0)],
        announced=np.full(DRAWS, 3_000.0),
    )


def start(known, name="test"):
    """Return what a comparator is told."""
    return known, curves_so_far(known, stream("so far")), stream(name)


def median_at(ensemble, hour):
    return float(np.median(ensemble.at([hour])))


def expected_rate(known, rate, hours):
    """Return the middle of the class and of what was seen, each by its precision."""
    usual, spread = known.usual.people_an_hour
    before, seen = log(spread) ** -2, hours / 24 / 0.5**2
    return exp((before * log(usual) + seen * log(rate)) / (before + seen))


@pytest.mark.parametrize("name", COMPARATORS)
def test_curves_never_fall_and_nobody_comes_who_is_not_there(known, name):
    found = COMPARATORS[name](*start(known, name))

    assert (np.diff(found.people, axis=1) >= 0).all()
    assert (found.people <= found.expected[:, None] + 1e-6).all()
    assert (found.people <= known.announced.max() + 1e-6).all()
    assert (found.people[:, 0] == 0).all()


@pytest.mark.parametrize("name", COMPARATORS)
def test_nothing_that_is_known_later_changes_anything(name):
    """Other figures later, another end: what was known is the same."""

    def told(figures):
        record = entries_of(figures[:1], OPERATION, Scales())
        return known_at_origin(OPERATION, record, "pocket", 32.0, 50, seed=1)

    others = (FIGURES[0], *(arrived(f"x{day}", 2_900, day) for day in (3, 4)))
    one, two = (
        COMPARATORS[name](*start(told(figures), name)) for figures in (FIGURES, others)
    )

    assert np.array_equal(one.people, two.people)


@pytest.mark.parametrize("name", COMPARATORS)
def test_another_count_changes_what_is_foretold(known, name):
    """Negative control of the test above."""
    more = replace(known, counts=entries(arrived("day-2", 2_000, 3)))
    one, two = (COMPARATORS[name](*start(each, name)) for each in (known, more))

    assert median_at(two, 60) > median_at(one, 60)


def test_each_comparator_has_a_stream_of_its_own(known):
    everybody = ensembles(known, seed=1)

    for name, found in everybody.items():
        (alone,) = ensembles(known, seed=1, names=(name,)).values()
        assert np.array_equal(found.people, alone.people)
    assert len({float(found.people.sum()) for found in everybody.values()}) == len(
        COMPARATORS
    )


def test_all_go_on_from_the_same_curves_so_far(known):
    before = [found.at([48.0]) for found in ensembles(known, seed=1).values()]

    assert all(np.allclose(each, before[0]) for each in before)


def test_curves_start_from_the_last_count_within_its_errors(known):
    """The claim's own error is .18, that of most sources .1: some .2 in all."""
    last = curves_so_far(known, stream()).at([48.0])[:, 0]

    assert np.median(last) == pytest.approx(1_000, rel=0.06)
    assert 0.1 < np.std(np.log(last)) < 0.4


def test_between_counts_people_come_in_open_hours(known):
    so_far = curves_so_far(known, stream())

    assert np.allclose(so_far.between(12.0, 24.0), 0)
    assert np.allclose(so_far.between(0.0, 12.0), so_far.between(24.0, 36.0))


def test_a_constant_rate_goes_on_in_all_hours(known):
    found = constant_rate(*start(known))
    rate = expected_rate(known, 1_000 / 48, 48)

    assert median_at(found, 72) == pytest.approx(1_000 + 24 * rate, rel=NEARLY)


def test_an_open_hours_rate_goes_on_in_open_hours_alone(known):
    shut = replace(known, windows=[(0.0, 12.0), (24.0, 36.0), (60.0, 200.0)])
    found = open_hours_rate(*start(shut))
    rate = expected_rate(known, 1_000 / 24, 24)

    assert np.allclose(found.between(48.0, 60.0), 0)
    assert median_at(found, 72) == pytest.approx(1_000 + 12 * rate, rel=NEARLY)


def test_the_last_day_comes_again(known):
    """Of 1,000 people half came in the 24 hours before the count."""
    found = last_day_again(*start(known))

    assert median_at(found, 72) == pytest.approx(1_500, rel=NEARLY)


def test_a_trend_wears_off(known):
    """Growth of each period is below that of the one before."""
    found = damped_trend(*start(known))
    added = np.median(np.diff(found.at(48 + 6 * np.arange(8)), axis=1), axis=0)

    assert (np.diff(added) < 0).all()
    assert added[0] > 0


def test_the_agreed_total_is_spread_over_open_hours(known):
    """A quarter of 200 hours in the middle case, in which all the rest comes."""
    found = agreed_total_evenly(*start(known))

    assert median_at(found, 48 + 25) == pytest.approx(2_000, rel=NEARLY)
    assert median_at(found, 200) == pytest.approx(3_000, rel=0.01)


def test_the_mean_of_sources_is_that_of_their_rates(known):
    """One counts 1,000 in 48 hours, the other 1,200; each is a source of its own."""
    two = arrived("other", 1_200, 3, attributed_to="B", family="B", source="B")
    both = replace(known, counts=(*known.counts, *entries(two)))
    found = mean_of_sources(*start(both))
    means = [expected_rate(known, n / 48, 48) for n in (1_000, 1_200)]
    # The mean of lognormals that are half as wide each is above their medians.
    rate = float(np.mean(means)) * exp(0.32**2 / 4)

    assert median_at(found, 72) == pytest.approx(1_100 + 24 * rate, rel=NEARLY)


def test_mean_spells_leave_gates_open_for_their_share(known):
    """All spells seen and of the class have a mean of 12 h: open half of the time."""
    usual = replace(class_numbers(), halts=HaltClass(halt_h=12.0, gap_h=12.0))
    many = replace(known, usual=usual, until_h=400.0, announced=np.full(DRAWS, 1e6))
    found = with_mean_spells(*start(many))
    rate = expected_rate(known, 1_000 / 24, 24)

    gone = (found.people[:, -1] - found.at([48.0])[:, 0]).mean() / (400 - 48)
    mean = rate * exp(_variance(known, 24) / 2)
    assert gone == pytest.approx(mean / 2, rel=0.15)


def test_bootstrapped_spells_are_those_that_were_seen(known):
    """Six of seven spells last 12 h and one of the class does not end before long."""
    usual = replace(class_numbers(), halts=HaltClass(halt_h=1e-6, gap_h=1e-6))
    windows = [(24.0 * day, 24.0 * day + 12) for day in range(7)]
    past = replace(known, usual=usual, windows=[*windows, (168.0, 400.0)])
    many = replace(past, moment_h=168.0, until_h=400.0, announced=np.full(DRAWS, 1e6))
    found = with_bootstrapped_spells(*start(many))
    stopped = np.diff(found.people, axis=1) == 0
    ahead = stopped[:, found.hours[1:] > 192]

    assert ahead.mean() == pytest.approx(0.5, abs=0.07)


def _variance(known, hours):
    _, spread = known.usual.people_an_hour
    return 1 / (log(spread) ** -2 + hours / 24 / 0.5**2)


def test_growth_curves_know_how_fast_it_went(known):
    """Where nearly all have come in a day, nobody expects the rest in a month."""
    counts = entries(arrived("a", 1_500, 2), arrived("b", 2_900, 3))
    fast = gompertz(*start(replace(known, counts=counts)))

    assert median_at(fast, 100) > 2_850


def test_one_phase_is_an_open_hours_rate(known):
    one = rates_by_phase(*start(known), phases=(1,))

    # Lognormal around the rate so far: the median goes on at it.
    assert median_at(one, 60) == pytest.approx(1_000 + 12 * 1_000 / 24, rel=NEARLY)


def test_phases_follow_a_rate_that_changes(known):
    """300 an hour, then 10: four phases know, one cannot."""
    counts = entries(
        arrived("a", 2_000, 2), arrived("b", 2_100, 3), arrived("c", 2_200, 4)
    )
    slow = replace(
        known,
        counts=counts,
        moment_h=72.0,
        windows=[(0.0, 200.0)],
        announced=np.full(DRAWS, 30_000.0),
    )
    one, four = (
        np.median(rates_by_phase(*start(slow), phases=n).between(72, 96))
        for n in ((1,), (4,))
    )

    assert four < 0.7 * one


def test_without_any_count_the_class_says_how_fast(known):
    nothing = replace(known, counts=())
    rate = rates(np.zeros(4_000), 24.0, nothing, stream())
    median, spread = nothing.usual.people_an_hour

    assert np.median(rate) == pytest.approx(median, rel=0.05)
    assert np.std(np.log(rate)) == pytest.approx(log(spread), rel=0.05)


def test_nobody_comes_beyond_those_who_leave(known):
    so_far = curves_so_far(known, stream())
    added = np.full_like(so_far.people, 1e6)
    found = onwards(so_far, added, np.full(DRAWS, 2_000.0))

    assert found.people.max() == pytest.approx(max(2_000.0, so_far.people.max()))


def test_of_a_single_announced_number_as_many_leave_as_elsewhere(known):
    whole = known.leaving(stream())
    part = replace(known, without_range=3_000.0).leaving(stream())

    assert (whole == 3_000).all()
    assert (part <= 3_000).all()
    assert 0.5 < np.median(part) / 3_000 < 1.0


def test_what_was_known_of_people_and_hours():
    """Of 1,500 to 4,500 people, with a range of its own; a stoppage closes the gate."""
    gate = {
        "gates": {"gate": {}},
        "routes__out__through": ["gate", "road"],
        "stoppages": {
            "a": {
                "cause": "test",
                "closes": ["gate"],
                "starts": "2020-01-01T10:00",
                "until": "2020-01-01T14:00",
            }
        },
    }
    operation = from_data(changed(DATA, **gate))
    told = known_at_origin(operation, (), "pocket", 32.0, 200, seed=1)

    assert told.open_hours(0.0, 32.0) == 28.0
    assert told.without_range == 0
    assert 1_500 <= told.announced.min() < 1_700
    assert 4_300 < told.announced.max() <= 4_500
    assert could_move_h(operation, "pocket") == told.begins_h == told.last_h


def test_curves_that_disagree_with_a_count_are_not_drawn(known):
    """Of curves to 1,000 and to 2,500, hardly any of the second is left."""
    grid = np.array([0.0, 48.0, 100.0])
    curves = np.array([[0, 1_000, 2_000], [0, 2_500, 3_000]] * 50, dtype=float)
    both = Ensemble(grid, curves, np.full(100, 3_000.0))
    kept = agreeing(both, known.counts, 200, stream())

    assert (kept.people[:, 1] == 1_000).mean() > 0.9


def test_reports_have_the_errors_of_the_counters(known):
    """Of a curve that is known to the person; a source goes on from what it said."""
    other = {"attributed_to": "B", "family": "B", "source": "B"}
    later = entries(arrived("day-4", 2_000, 5), arrived("b", 2_000, 5, **other))
    grid = np.array([0.0, 48.0, 96.0])
    sure = Ensemble(grid, np.tile([0.0, 1_000.0, 2_000.0], (2_000, 1)), grid)
    said = np.log(reported(sure, known.counts, later, stream()))

    assert np.median(said, axis=0) == pytest.approx(log(2_000), abs=0.03)
    same, new = np.std(said, axis=0)
    assert 0.03 < same < new / 2
    assert 0.1 < new < 0.35


def test_what_a_source_is_known_to_exaggerate_it_exaggerates_later(known):
    """Twice as many as came were counted; later twice as many will be."""
    later = entries(arrived("day-4", 2_000, 5))
    grid = np.array([0.0, 48.0, 96.0])
    half = Ensemble(grid, np.tile([0.0, 500.0, 1_000.0], (2_000, 1)), grid)

    assert np.median(reported(half, known.counts, later, stream())) > 1_500


def test_completion_is_when_a_share_of_those_who_leave_has_come():
    curve = Ensemble(
        np.array([0.0, 10.0, 20.0]),
        np.array([[0.0, 95.0, 100.0], [0.0, 10.0, 20.0]]),
        np.array([100.0, 100.0]),
    )

    assert curve.completed(0.95).tolist() == [10.0, np.inf]
    assert curve.at([5.0, 30.0]).tolist() == [[47.5, 100.0], [5.0, 20.0]]
