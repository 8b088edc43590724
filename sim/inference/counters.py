"""A source that counts along: its totals, one after the other, as one chain.

    C_1 = N(tau_1) * exp(bias + e_1)
    C_s = C_(s-1) + (N(tau_s) - N(tau_(s-1))) * exp(bias + e_s)

N is the curve of a run, tau_s the vague moment of statement s, and e_s the error on
what was seen since the statement before it. So a total says something about all that
came before it, and steps share the ends they have in common. What is published is C_s
up to its wording. A statement that is about something else breaks the chain: the next
one stands by itself.

The probability of all statements is exact but for where in its interval a total lies: a
forward pass over (moment, part of the interval), the hidden Markov model of Rabiner,
Proceedings of the IEEE 77 (1989) 257-286.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import scipy
from numpy.lib.stride_tricks import sliding_window_view

from sim.inference.claims import (
    SILENT,
    STRAY,
    Numbers,
    SourceClaim,
    rounded,
    stray_share,
)

PARTS = 3
"""Parts of an interval among which a published total may lie."""
_STEP = 0.05
_FINE = 20
"""Steps of the table of probabilities in one step between the nodes of a bias."""
_BLOCK = 100
"""Runs that are looked at together, as many as a processor has at hand."""
_ABOVE = (0.0, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 1.0)
"""Ends of the parts of what was only said to be more, as shares of it."""
_LUCK = 5
"""Numbers that settle a report: moment, error, whether stray, where, whether silent."""


def chains(claims: Sequence[SourceClaim]) -> Iterator[tuple[int, ...]]:
    """Yield the places of the statements of each counter, in order of time.

    A claim that belongs to none is yielded alone.
    """
    named = [(claim.counter or f"\0{at}", at) for at, claim in enumerate(claims)]
    for _, group in groupby(sorted(named), key=lambda each: each[0]):
        places = (at for _, at in group)
        yield tuple(
            sorted(places, key=lambda at: ((claims[at].window or (0, 0))[::-1], at))
        )


def _ends(claim: SourceClaim) -> tuple[int, ...]:
    return (claim.window or (0, 0))[::-1]


@dataclass(frozen=True, slots=True)
class _Interval:
    """A published interval in parts.

    Attributes
    ----------
    edges : rising, one more than there are parts.
    middles : of the parts.
    """

    edges: Numbers
    middles: Numbers

    @classmethod
    def of(cls, low: float, high: float, grain: float) -> "_Interval":
        if np.isinf(high):
            inner = low * (1 + np.array(_ABOVE))
            edges = np.r_[inner, np.inf]
            return cls(edges, np.r_[_between(inner), 1.5 * inner[-1]])
        if np.isinf(low):
            inner = high * (1 - np.array(_ABOVE))[::-1]
            return cls(np.r_[-np.inf, inner[1:]], _between(inner))
        edges = np.linspace(low, high, (PARTS if high - low > grain / 10 else 1) + 1)
        middles = _between(edges)
        # Nothing lies below 0, so the part with 0 in it takes what lies below.
        return cls(np.where(edges <= 0, -np.inf, edges), np.maximum(middles, 0.0))


def _between(edges: Numbers) -> Numbers:
    return np.asarray((edges[1:] + edges[:-1]) / 2)


class _Table:
    """Probabilities of the parts of an interval, by what was seen and was told before.

    Parameters
    ----------
    claim : of the statement.
    now : its interval.
    before : totals from which it goes on.
    nodes : of the bias, evenly spaced.
    """

    def __init__(
        self, claim: SourceClaim, now: _Interval, before: Numbers, nodes: Numbers
    ) -> None:
        step = float(nodes[1] - nodes[0]) if len(nodes) > 1 else _STEP
        least, most = claim.scaled([0.0, claim.most]).tolist()
        many = int((most - least) / step) + len(nodes) + 1
        self._step, self._least, self._claim = step / _FINE, least, claim
        self._last = (many - len(nodes)) * _FINE
        means = least + nodes[0] + self._step * np.arange(many * _FINE)
        seen = now.edges[None, :] - before[:, None]
        with np.errstate(divide="ignore"):
            ends = np.log(np.maximum(seen + claim.grain, 0.0))
        below = scipy.special.ndtr((ends[:, None, :] - means[:, None]) / claim.spread)
        parts = np.diff(below, axis=2).reshape(len(before), many, _FINE, -1)
        # What one run needs lies in one piece: its nodes are a whole step apart.
        each = np.ascontiguousarray(parts.transpose(0, 2, 1, 3))
        self._wide, self._nodes = len(now.middles), len(nodes)
        self._windows = sliding_window_view(
            each.reshape(len(before), _FINE, -1), self._wide * self._nodes, axis=2
        )

    def rows(self, seen: Numbers) -> np.ndarray:
        """Return the row of the table for a number of people seen, of each run."""
        found = np.rint((self._claim.scaled(seen) - self._least) / self._step)
        return np.asarray(np.minimum(found.astype(np.int64), self._last))

    def parts(self, before: int, rows: np.ndarray) -> Numbers:
        """Return probabilities of the parts, of (run, node, part)."""
        found = self._windows[before, rows % _FINE, rows // _FINE * self._wide]
        return np.asarray(found.reshape(len(rows), self._nodes, self._wide))


def chain_likelihood(
    claims: Sequence[SourceClaim],
    quantities: Numbers,
    reported: Numbers,
    nodes: Numbers,
) -> Numbers:
    """Return the logarithm of the probability of all statements of one counter.

    Of (run, node of the bias).

    Parameters
    ----------
    claims : its statements, in order of time.
    quantities : the run's totals, of (run, statement, node of the moment); NaN where a
        run has no such thing.
    reported : of (statement, end); NaN if nothing was.
    nodes : at which the logarithm of the bias is looked at, evenly spaced.
    """
    statements: list[_Statement] = []
    for claim, (low, high) in zip(claims, reported.tolist(), strict=True):
        before = statements[-1] if statements else None
        statements.append(_Statement.of(claim, low, high, before, nodes))
    found = [
        _forward(statements, quantities[at : at + _BLOCK], len(nodes))
        for at in range(0, len(quantities), _BLOCK)
    ]
    return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class _Statement:
    """One statement, with all about it that is the same for every run.

    Attributes
    ----------
    interval : that was published; None if nothing was.
    alone : probabilities where it follows none.
    further : where it follows the one before, by the part in which that lies; None if
        there is none, or it said nothing.
    shares : of the moments of both, as of `order`.
    stray : probability of it as a report about something else.
    """

    claim: SourceClaim
    interval: _Interval | None
    alone: _Table | None
    further: _Table | None
    shares: Numbers
    stray: float

    @classmethod
    def of(
        cls,
        claim: SourceClaim,
        low: float,
        high: float,
        before: "_Statement | None",
        nodes: Numbers,
    ) -> "_Statement":
        shares = np.ones((1, len(claim.moments)))
        if np.isnan(low):
            return cls(claim, None, None, None, shares, STRAY * SILENT)
        now = _Interval.of(low, high, claim.grain)
        alone = _Table(claim, now, np.zeros(1), nodes)
        further = None
        if before is not None and before.interval is not None:
            further = _Table(claim, now, before.interval.middles, nodes)
            shares = order(before.claim.moments, claim.moments)
        stray = stray_share(claim, claim.edge(low), claim.edge(high))
        return cls(claim, now, alone, further, shares, STRAY * (1 - SILENT) * stray)


def _forward(
    statements: Sequence[_Statement], quantities: Numbers, nodes: int
) -> Numbers:
    """Return the same of a block of runs.

    What is known after a statement is of (moment, run, node, part): the probability of
    all so far, together with that of its moment and part.
    """
    alone: Numbers = np.ones((len(quantities), nodes))
    chained: Numbers = np.zeros((0, *alone.shape, 0))
    earlier: Numbers = np.zeros((len(quantities), 0))
    for place, now in enumerate(statements):
        whole = alone + chained.sum(axis=(0, 3))
        totals = quantities[:, place, : len(now.claim.moments)]
        if now.alone is None:
            chained = chained[:0]
        else:
            new = _first(now.alone, totals, alone)
            if now.further is not None:
                _add_further(new, now, totals, earlier, chained)
            there = ~np.isnan(totals)
            new *= np.where(there, 1 - STRAY, 0.0).T[:, :, None, None]
            chained = new
        alone, earlier = whole * now.stray, totals
    return np.asarray(np.log(alone + chained.sum(axis=(0, 3))))


def _first(table: _Table, totals: Numbers, alone: Numbers) -> Numbers:
    """Return what a statement that follows none adds, of (moment, run, node, part)."""
    share = alone[:, :, None] / totals.shape[1]
    rows = table.rows(np.nan_to_num(totals))
    return np.stack([table.parts(0, each) * share for each in rows.T])


def _add_further(
    found: Numbers, now: _Statement, totals: Numbers, earlier: Numbers, chained: Numbers
) -> None:
    """Add what a statement adds where it follows another."""
    if now.further is None:
        return
    for one, row in enumerate(now.shares):
        before = np.ascontiguousarray(chained[one].transpose(2, 0, 1))
        for two in np.flatnonzero(row):
            seen = np.nan_to_num(totals[:, two] - earlier[:, one])
            rows = now.further.rows(np.maximum(seen, 0.0))
            for part, known in enumerate(before):
                here = (known * row[two])[:, :, None]
                found[two] += now.further.parts(part, rows) * here


def order(before: Sequence[float], after: Sequence[float]) -> Numbers:
    """Return how probable each moment of a statement is, given that of the one before.

    Those not before it are as probable as each other; if all are, it is the last.

    Parameters
    ----------
    before, after : moments that the two may mean, rising.

    Returns
    -------
    numpy.ndarray
        Of (moment before, moment after), rows summing to 1.
    """
    allowed = np.asarray(after)[None, :] >= np.asarray(before)[:, None]
    allowed[~allowed.any(axis=1), -1] = True
    return np.asarray(allowed / allowed.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class SourceLuck:
    """How reports are made up.

    Attributes
    ----------
    luck : numbers between 0 and 1, of (run, claim, 5).
    strays : whether some reports are about something else, or say nothing.
    """

    luck: Numbers
    strays: bool


def telling(runs: int, claims: int, seed: int, *, strays: bool) -> SourceLuck:
    """Return the luck of sources; that of a run depends on its place alone."""
    luck = [
        np.random.default_rng((seed, run, 1)).random((claims, _LUCK))
        for run in range(runs)
    ]
    return SourceLuck(np.array(luck).reshape(runs, claims, _LUCK), strays)


def told(
    claims: Sequence[SourceClaim],
    quantities: Numbers,
    biases: Mapping[str, Numbers],
    how: SourceLuck,
    published: Mapping[int, tuple[float, float]] | None = None,
) -> Numbers:
    """Return what sources would report before rounding, of (run, claim).

    NaN where they say nothing.

    Parameters
    ----------
    claims : of any kind.
    quantities : of (run, claim, node).
    biases : a logarithm for each run, by what shares one.
    how : the luck of the sources.
    published : intervals by the places of statements that are known already: a counter
        goes on from there.
    """
    values = np.full(quantities.shape[:2], np.nan)
    for places in chains(claims):
        _tell_chain(claims, places, quantities, biases, how, published or {}, values)
    return values


def _tell_chain(
    claims: Sequence[SourceClaim],
    places: Sequence[int],
    quantities: Numbers,
    biases: Mapping[str, Numbers],
    how: SourceLuck,
    published: Mapping[int, tuple[float, float]],
    values: Numbers,
) -> None:
    """Fill in the reports of one counter."""
    runs = np.arange(len(quantities))
    counted, seen = np.zeros(len(runs)), np.zeros(len(runs))
    node = np.zeros(len(runs), dtype=np.int64)
    follows = np.zeros(len(runs), dtype=bool)
    before: SourceClaim | None = None
    for place in places:
        claim = claims[place]
        when, error, stray, where, silent = how.luck[:, place].T
        many = len(claim.moments) if claim.counter else quantities.shape[2]
        even = np.full((1, many), 1 / many)
        shares = order(before.moments, claim.moments) if before else even
        rows = np.where(follows[:, None], shares[node if before else 0], even)
        node = _drawn(rows, when)
        total = quantities[runs, place, node]
        new = np.where(follows, np.maximum(total - seen, 0.0), total)
        scaled = (
            claim.scaled(new)
            + biases[claim.bias]
            + claim.spread * scipy.special.ndtri(error)
        )
        counted = np.where(follows, counted, 0.0) + claim.unscaled(scaled)
        values[:, place] = counted
        astray = np.zeros(len(runs), dtype=bool)
        if how.strays:
            astray = stray < STRAY
            least, most = claim.scaled([0.0, claim.most])
            other = claim.unscaled(least + where * (most - least))
            other = np.where(silent < SILENT, np.nan, other)
            values[:, place] = np.where(astray, other, counted)
        if place in published and claim.wording == "cell":
            low, high = published[place]
            counted = low + where * (high - low)
        seen, before = total, claim
        follows = ~astray & ~np.isnan(total) & bool(claim.counter)


def _drawn(shares: Numbers, luck: Numbers) -> np.ndarray:
    """Return a place for each row, as probable as its share."""
    places = (np.cumsum(shares, axis=1) < luck[:, None]).sum(axis=1)
    return np.asarray(np.minimum(places, shares.shape[1] - 1))


def reports(claims: Sequence[SourceClaim], values: Numbers) -> Numbers:
    """Return the intervals in which values would be reported, of (run, claim, end)."""
    found = [rounded(claim, values[:, at]) for at, claim in enumerate(claims)]
    return np.stack(found, axis=1) if found else np.empty((len(values), 0, 2))
