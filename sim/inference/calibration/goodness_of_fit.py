"""How good a fit is: its scores beside others, and what is asked of any.

Scores stand beside those of the bare prior, of simple curves and a floor. That all
figures lie inside says little: they do so for the bare prior too, which is wide. So
each score stands beside that of the prior, and sharpness is scored as well.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from math import isnan, nan

import numpy as np

from sim.inference.calibration.fit import Fit
from sim.inference.calibration.posterior import (
    Parameter,
    Ridge,
    SeedDiagnostics,
    SourceBias,
    learned,
    parameters,
    ridge,
    seed_diagnostics,
    source_biases,
)
from sim.inference.calibration.posterior_predictive import (
    LEVEL,
    Predictions,
    predictions,
    predictive_reports,
    scored,
)
from sim.inference.calibration.relative_difference import (
    EVERYWHERE,
    NEAREST,
    Score,
    counted_steps,
    medians,
    relative_differences,
)
from sim.inference.claims import Numbers, Scale
from sim.inference.likelihood import ObservationModel
from sim.inference.scores import (
    Goal,
    GoalKind,
    crps,
    fewest_inside,
    is_inside,
    mase,
    mean_known,
    skill,
    weighted_interval_score,
)

COUNTS = "counts, logarithm"
SKILL = "CRPS skill over the prior"
CLOSE = 2.0
"""Standard deviations of a report by which the last arrival may be early or late."""
_FIGURES_PER_RATE = 3
"""Figures of one site from which on a rate through them is held against a fit."""
_AS_NEAR = 1e-6
"""Differences of less than this are those of the arithmetic."""
_KNOWN, _TOLD = 20, 100
"""Runs that are known in their turn, and pairs of reports of each."""
_SEEDS_APART = {"learned": 0.25, "all": 0.5}
_SCALES: Mapping[Scale, str] = {"ratio": COUNTS, "hours": "moments, h"}


@dataclass(frozen=True, slots=True)
class GoodnessOfFit:
    """A fit and everything that is said about it.

    Attributes
    ----------
    predictions : what would be reported if it, or the bare prior, were true.
    parameters : before and after.
    ridge : the parameters that it tells apart worst.
    sources : how far they lie from it.
    seeds : how its parts went; none for a screen.
    scores : beside those of others.
    """

    fit: Fit
    predictions: Predictions
    parameters: tuple[Parameter, ...]
    ridge: Ridge
    sources: tuple[SourceBias, ...]
    seeds: tuple[SeedDiagnostics, ...]
    scores: tuple[Score, ...]

    @property
    def learned(self) -> tuple[str, ...]:
        """The names of the parameters that the record says something about."""
        return learned(self.parameters)

    def score(self, name: str, of: str) -> Score:
        """Return a score; one of no figures if the record has none for it."""
        for row in self.scores:
            if (row.name, row.of) == (name, of):
                return row
        return Score(name, of, 0, nan, nan)


def goodness_of_fit(fit: Fit) -> GoodnessOfFit:
    """Return what there is to say about a fit."""
    found = predictions(fit)
    return GoodnessOfFit(
        fit,
        found,
        parameters(fit),
        ridge(fit),
        source_biases(fit),
        seed_diagnostics(fit),
        fit_scores(fit, found),
    )


def fit_scores(fit: Fit, found: Predictions) -> tuple[Score, ...]:
    """Return all scores of a fit."""
    operation = fit.ready.operation
    entries = fit.ready.record.entries
    return (
        *relative_differences(operation, entries, fit.quantities, fit.pool.quantities),
        *_mases(fit),
        *_sharpness(fit, found),
        *_coverage(fit, found),
    )


def _mases(fit: Fit) -> Iterable[Score]:
    """Yield the MASE of each series of at least three steps of one source.

    In hindsight: its scale is the error of "as much as last time" on the very series.
    """
    steps = [
        (f"{entries[each.place].claim.family}: {site}", each)
        for entries in (fit.ready.record.entries,)
        for site, own in counted_steps(entries).items()
        for each in own
    ]
    for name, rows in groupby(
        sorted(steps, key=lambda row: row[0]), lambda row: row[0]
    ):
        own = sorted((each for _, each in rows), key=lambda each: each.step.ends_h)
        if len(own) < 3:
            continue
        known = [each.step.people for each in own]
        ours, theirs = (
            mase(medians(quantities, own), known, known)
            for quantities in (fit.quantities, fit.pool.quantities)
        )
        yield Score("MASE in hindsight", name, len(own), ours, theirs)


def _sharpness(fit: Fit, found: Predictions) -> Iterable[Score]:
    """Yield mean scores of whole distributions, counts and moments apart."""
    claims = fit.ready.claims
    for name, score in (
        ("CRPS", crps),
        ("weighted interval score", weighted_interval_score),
    ):
        for scale, of in _SCALES.items():
            rows = [
                (
                    scored(score, found.fit[:, at], claim),
                    scored(score, found.prior[:, at], claim),
                )
                for at, claim in enumerate(claims)
                if claim.scale == scale and claim.wording == "cell"
            ]
            # What happens in no draw has no distribution that could be scored.
            rows = [row for row in rows if not np.isnan(row).any()]
            if not rows:
                continue
            ours, theirs = np.mean(rows, axis=0).tolist()
            if name != "CRPS":
                yield Score(name, of, len(rows), ours, theirs)
                continue
            least = expected_of_the_knowing(
                fit.quantities, fit.sources, scale, fit.options.seeds[0]
            )
            yield Score(name, of, len(rows), ours, theirs, floor=least)
            yield Score(
                SKILL,
                of,
                len(rows),
                skill(ours, theirs),
                0.0,
                floor=skill(least, theirs),
            )


def expected_of_the_knowing(
    quantities: Numbers, sources: ObservationModel, scale: Scale, seed: int
) -> float:
    """Return the CRPS expected of somebody who knows the run, and nothing of sources.

    What is left are their biases, errors and moments. The expected CRPS of a
    distribution of its own draws is half of their mean distance (Gneiting and Raftery,
    JASA 102 (2007) 359-378, equation 21). NaN if there are no such claims.

    Parameters
    ----------
    quantities : of (run, claim, node), of runs that are known in their turn.
    sources : how they report.
    scale : of the claims that count.
    seed : of the reports.
    """
    claims = sources.claims
    places = [
        place
        for place, claim in enumerate(claims)
        if claim.scale == scale and claim.wording == "cell"
    ]
    pairs = quantities[:_KNOWN].repeat(2 * _TOLD, axis=0)
    rng = np.random.default_rng(seed)
    nothing = np.full((len(claims), 2), nan)
    told = predictive_reports(pairs, sources, nothing, (), rng)
    return mean_known(
        [
            float(np.abs(np.diff(scaled.reshape(-1, 2), axis=1)).mean() / 2)
            for place in places
            for scaled in (claims[place].scaled(told[:, place]),)
        ]
    )


def _coverage(fit: Fit, found: Predictions) -> Iterable[Score]:
    reported = fit.ready.reported
    for level in (0.5, 0.9):
        inside = [
            sum(
                is_inside(drawn[:, place], float(low), float(high), level)
                for place, (low, high) in enumerate(reported)
            )
            for drawn in (found.fit, found.prior)
        ]
        yield Score(
            f"inside {level:.0%}", "figures", len(reported), *map(float, inside)
        )


def goals(good: GoodnessOfFit) -> Iterator[Goal]:
    """Yield what is asked of any fit, with what this one has.

    Nothing is asked that is known by nobody, or that no curve can reach.
    """
    yield from _difference_goals(good)
    checks = good.predictions.after
    inside = sum(check.inside for check in checks)
    fewest = fewest_inside(len(checks), LEVEL)
    yield Goal(GoalKind.FIGURES_INSIDE, inside, least=fewest)
    if not isnan(gained := good.score(SKILL, COUNTS).fit):
        yield Goal(GoalKind.SKILL, gained, least=0.0)
    for entry, check in zip(good.fit.ready.record.entries, checks, strict=True):
        claim = entry.claim
        late_h = check.middle - claim.best
        if (
            entry.figure.metric == "last_arrival"
            and claim.wording == "cell"
            and not isnan(late_h)
        ):
            close_h = CLOSE * claim.spread
            yield Goal(GoalKind.LAST_ARRIVAL, late_h, -close_h, close_h, claim.name)
    for of, most in _SEEDS_APART.items():
        apart = [
            each.apart
            for each in good.parameters
            if not isnan(each.apart) and (of == "all" or each.name in good.learned)
        ]
        if apart:
            yield Goal(GoalKind.SEEDS_AGREE, max(apart), most=most, of=of)


def _difference_goals(good: GoodnessOfFit) -> Iterator[Goal]:
    """Yield what is asked of the averaged relative difference.

    Where somebody else is as near as sources allow, nobody can be nearer; and a rate is
    no match where it was fitted to hardly more figures than there are rates.
    """
    row, nearest = good.score("ARD", EVERYWHERE), good.score(NEAREST, EVERYWHERE)
    rates = sum(each.name == row.name for each in good.scores) - 1
    line = row.line if row.figures >= _FIGURES_PER_RATE * rates else nan
    for kind, ours, theirs in (
        (GoalKind.MEDIAN_BELOW_PRIOR, row.fit, row.prior),
        (GoalKind.NEAREST_BELOW_PRIOR, nearest.fit, nearest.prior),
        (GoalKind.MEDIAN_BELOW_RATE, row.fit, line),
    ):
        if theirs > row.floor + _AS_NEAR:
            yield Goal(kind, ours, most=theirs, below=True)
