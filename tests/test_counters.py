"""A source's running total: its likelihood, against brute force and its own sampler."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.stats import norm
from toy_crossing import claim

from sim.inference.claims import NODES, SILENT, STRAY, stray_share
from sim.inference.counters import chain_likelihood, chains, order
from sim.inference.likelihood import ObservationModel, Reference
from sim.inference.synthetic_reports import synthetic_reports

HOUR = 3_600
WINDOWS = ((20 * HOUR, 20 * HOUR), (30 * HOUR, 42 * HOUR), (60 * HOUR, 60 * HOUR))
BIASES = np.array([-0.2, -0.15, -0.1, -0.05, 0.0, 0.05, 0.1, 0.15, 0.2])
AT_ITS_WORD = Reference(frozenset({"A"}))
FINE = 60
"""Places in an interval at which brute force looks."""


def statement(place, best, width=500.0, wording="cell", window=None, spread=0.1):
    """Return 'so many had come by then', said by A as it counts along."""
    high = np.inf if wording == "at_least" else best + width
    low = best if wording == "at_least" else best - width
    told = claim(f"{place}", "A", low, best, high, wording=wording, spread=spread)
    return replace(told, window=window or WINDOWS[place], counter="A")


def brute_force(claims, totals, reported, bias):
    """Return the probability of all statements, one history after the other.

    A history says which statements are about something else and which moment each of
    the others means; the totals told are summed over many places in their intervals.
    """
    whole = 0.0
    for strays in product((True, False), repeat=len(claims)):
        whole += _history(claims, totals, reported, bias, strays)
    return whole


def _history(claims, totals, reported, bias, strays):
    known = [(1.0, None, 0, np.zeros(1), np.ones(1))]  # share, claim, node, totals, p
    for place, (what, stray) in enumerate(zip(claims, strays, strict=True)):
        low, high = reported[place]
        if stray:
            share = stray_share(what, what.edge(low), what.edge(high))
            mass = sum(weight * p.sum() for weight, _, _, _, p in known)
            known = [
                (mass * STRAY * (1 - SILENT) * share, None, 0, np.zeros(1), np.ones(1))
            ]
            continue
        top = high if np.isfinite(high) else 12 * low
        edges = np.linspace(low, top, FINE * (1 if np.isfinite(high) else 20) + 1)
        middles = (edges[1:] + edges[:-1]) / 2
        after = []
        for weight, before, node, told, p in known:
            shares = (
                order(before.moments, what.moments)[node]
                if before
                else np.full(len(what.moments), 1 / len(what.moments))
            )
            for now, chance in enumerate(shares):
                if not chance:
                    continue
                came = totals[place][now] - (totals[place - 1][node] if before else 0)
                mean = np.log(came + what.grain) + bias
                seen = np.maximum(edges[None, :] - told[:, None] + what.grain, 1e-300)
                below = norm.cdf((np.log(seen) - mean) / what.spread)
                mass = p @ np.diff(below, axis=1)
                after.append((weight * chance * (1 - STRAY), what, now, middles, mass))
        known = after
    return sum(weight * p.sum() for weight, _, _, _, p in known)


def records(count=200):
    """Yield toy records: statements, a run's totals at their moments, and reports."""
    rng = np.random.default_rng(17)
    for _ in range(count):
        run = np.cumsum(rng.gamma(2.0, 2_500.0, 5))
        vague = np.linspace(run[1], run[2], NODES)
        totals = [np.array([run[0]]), vague, np.array([run[3]])]
        noise = np.exp(rng.normal(0, 0.12, 3))
        told = np.round(np.array([run[0], vague[4], run[3]]) * noise, -2)
        told = np.maximum.accumulate(told + np.array([0, 1_000, 2_000]))
        last = "at_least" if rng.random() < 0.3 else "cell"
        claims = [
            statement(0, told[0]),
            statement(1, told[1]),
            statement(2, told[2], wording=last),
        ]
        yield claims, totals, np.array([what.reported for what in claims])


def table(totals):
    """Return the totals of one run as quantities of (run, statement, node)."""
    return np.array([[np.resize(each, NODES) for each in totals]])


@pytest.fixture(scope="module")
def both():
    """Likelihoods of 200 toy records at some biases, and what brute force finds."""
    chain, brute = [], []
    for claims, totals, reported in records():
        found = chain_likelihood(claims, table(totals), reported, BIASES)[0]
        chain.append(found[[2, 4]])
        brute.append(
            [
                np.log(brute_force(claims, totals, reported, bias))
                for bias in BIASES[[2, 4]]
            ]
        )
    return np.array(chain), np.array(brute)


@pytest.mark.slow
def test_the_likelihood_of_a_chain_is_that_of_brute_force(both):
    chain, brute = both

    assert np.abs(chain - brute).max() < 0.5
    assert np.abs(chain - brute).mean() < 0.05


@pytest.mark.slow
def test_steps_with_errors_of_their_own_have_another_likelihood(both):
    """Mutation: each total by itself, as if the source had counted anew."""
    _, brute = both
    apart = []
    for claims, totals, reported in records():
        alone = [replace(what, counter=what.name) for what in claims]
        apart.append(
            sum(
                chain_likelihood([one], table([each]), reported[[at]], BIASES)[
                    0, [2, 4]
                ]
                for at, (one, each) in enumerate(zip(alone, totals, strict=True))
            )
        )

    assert np.abs(np.array(apart) - brute).mean() > 0.3


def test_the_likelihood_of_a_chain_is_the_density_of_its_sampler():
    claims = [statement(0, 4_000.0), statement(1, 9_000.0), statement(2, 12_000.0)]
    totals = [np.array([4_200.0]), np.linspace(7_000, 10_000, NODES), [12_500.0]]
    reported = np.array([what.reported for what in claims])
    runs = 60_000
    sources = ObservationModel(tuple(claims))

    found = synthetic_reports(table(totals).repeat(runs, axis=0), sources, 5)
    hits = (found == reported).all(axis=(1, 2)).mean()

    expected = float(np.exp(sources.log_likelihood(table(totals), reported)[0]))
    assert abs(hits - expected) < 4 * np.sqrt(expected * (1 - expected) / runs)


def test_a_total_says_something_of_all_before_it():
    """Two totals of 20,000 and 21,000 leave little room for 16,000 at the first."""
    claims = [statement(0, 20_000.0), statement(2, 21_000.0)]
    reported = np.array([what.reported for what in claims])
    sources = ObservationModel(tuple(claims), AT_ITS_WORD)
    steady, late = (
        sources.log_likelihood(table([[one], [21_000.0]]), reported)[0]
        for one in (20_000.0, 16_000.0)
    )

    assert steady > late + 2


def test_what_was_told_between_two_totals_is_what_counts_and_not_how_many_there_are():
    """A source that is a tenth low goes on from its own total: steps share the end."""
    claims = [statement(0, 18_000.0), statement(2, 18_900.0)]
    reported = np.array([what.reported for what in claims])
    sources = ObservationModel(tuple(claims), AT_ITS_WORD)
    few, many = (
        sources.log_likelihood(table([[20_000.0], [last]]), reported)[0]
        for last in (21_000.0, 25_000.0)
    )

    assert few > many + 3


def test_a_statement_about_something_else_breaks_the_chain():
    """After it the next total stands by itself, as sound as if it were the first."""
    claims = [statement(0, 50_000.0), statement(2, 12_000.0)]
    reported = np.array([what.reported for what in claims])
    sources = ObservationModel(tuple(claims), AT_ITS_WORD)
    (log_p,) = sources.log_likelihood(table([[4_000.0], [12_000.0]]), reported)
    alone = sources.some([1]).log_likelihood(table([[12_000.0]]), reported[[1]])[0]
    low, high = reported[0]
    share = stray_share(claims[0], claims[0].edge(low), claims[0].edge(high))

    assert log_p == pytest.approx(alone + np.log(STRAY * (1 - SILENT) * share), abs=0.1)


def test_moments_of_statements_follow_each_other():
    shares = order((10.0, 20.0, 30.0), (15.0, 25.0))

    assert shares.tolist() == [[0.5, 0.5], [0.0, 1.0], [0.0, 1.0]]


def test_statements_are_chained_in_order_of_time_whatever_their_order_in_the_table():
    claims = [statement(2, 3.0), claim("other", "B", 1.0, 2.0, 3.0), statement(0, 1.0)]

    assert sorted(chains(claims)) == [(1,), (2, 0)]


def test_a_silent_source_begins_again():
    claims = [statement(0, 4_000.0), statement(2, 12_000.0)]
    reported = np.array([[np.nan, np.nan], claims[1].reported])
    sources = ObservationModel(tuple(claims), AT_ITS_WORD)
    (log_p,) = sources.log_likelihood(table([[4_000.0], [12_000.0]]), reported)
    alone = sources.some([1]).log_likelihood(table([[12_000.0]]), reported[[1]])[0]

    assert log_p == pytest.approx(alone + np.log(STRAY * SILENT))
