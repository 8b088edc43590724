"""Tidy rows of a fit for programs: what was reported, predicted, learned and scored."""

from collections.abc import Iterator

from sim.inference.calibration.goodness_of_fit import GoodnessOfFit
from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.report.contents import Cell, Data, count_or_moment, yes_or_no
from sim.report.documented import window
from sim.scenario import Clock
from sim.scenario.units import FieldUnit, field_unit

BAND = "calibrated"


def calibration_data(good: GoodnessOfFit) -> dict[str, Data]:
    """Return the data of a fit, by the name of their file."""
    return {
        "figures": figures_data(good),
        "scores": scores_data(good),
        "parameters": parameters_data(good),
        "sources": sources_data(good),
        "seeds": seeds_data(good),
    }


def figures_data(good: GoodnessOfFit) -> Data:
    """Return a row for each figure of the record, those left out at the end.

    Totals are as they were told. Moments are local times. `crps` is of logarithms of
    counts, or in hours.
    """
    columns = (
        *("figure", "enters", "why_not", "site", "metric", "window", "unit"),
        *("attributed_to", "family", "source", "locator", "bound", "low", "best"),
        *("high", "p5", "median", "p95", "inside_90", "pit", "crps", "prior_p5"),
        *("prior_median", "prior_p95", "prior_inside_90", "prior_crps", "band", "note"),
    )
    left_out = good.fit.ready.record.left_out.items()
    blank = [None] * (len(columns) - 3)
    return Data(
        columns,
        [
            *_figure_rows(good),
            *((figure, "no", why, *blank) for figure, why in left_out),
        ],
    )


def scores_data(good: GoodnessOfFit) -> Data:
    """Return a row for each score; less is better but for skill and what is inside.

    `floor` is what nothing can better: see `relative_difference.Score` of
    `sim.inference.calibration`.
    """
    columns = ("score", "of", "figures", "fit", "prior", "best_constant_rate")
    return Data(
        (*columns, "best_open_hours_rate", "floor", "floor_moments_free", "band"),
        [
            (
                *(row.name, row.of, row.figures),
                *(row.fit, row.prior, row.line, row.open_hours, row.floor),
                *(row.free_floor, BAND),
            )
            for row in good.scores
        ],
    )


def parameters_data(good: GoodnessOfFit) -> Data:
    """Return a row for each parameter: before, after, and whether it was learned.

    Values are in the unit in which the scenario gives the range, dates in local time.
    `contraction` is the share of the prior variance that this fit removed, below 0 if
    it got wider; `removable` is what such figures remove on average.
    """
    columns = (
        *("parameter", "unit", "prior_p5", "prior_median", "prior_p95", "p5"),
        *("median", "p95", "contraction", "removable", "says", "seeds_apart_sd"),
        "band",
    )
    operation = good.fit.ready.operation
    clock = operation.clock
    return Data(
        columns,
        [
            (
                *(row.name, unit.name),
                *(in_unit(value, unit, clock) for value in (*row.prior, *row.fit)),
                *(row.contraction, row.share, row.verdict, row.apart, BAND),
            )
            for row in good.parameters
            for unit in (field_unit(operation, row.name),)
        ],
    )


def sources_data(good: GoodnessOfFit) -> Data:
    """Return a row for each family and unit: by which factor it differs from the runs.

    A factor is no verdict: all families could be off together and nothing would show.
    """
    columns = ("family_and_unit", "figures", "factor_p5", "factor_median", "factor_p95")
    return Data(
        (*columns, "taken_at_its_word", "band"),
        [
            (row.name, row.figures, *row.factor, yes_or_no(row.pinned), BAND)
            for row in good.sources
        ],
    )


def seeds_data(good: GoodnessOfFit) -> Data:
    """Return a row for each seed, none for a screen."""
    columns = ("seed", "temperatures", "runs", "distinct_share", "first_particles_left")
    more = ("effective_draws", "accepted_walks", "accepted_redrawn", "accepted_luck")
    return Data(
        (*columns, *more, "log_evidence"),
        [
            (
                *(row.seed, row.temperatures, row.runs, row.distinct, row.roots),
                *(row.effective, row.accepted_walks, row.accepted_redrawn),
                *(row.accepted_luck, row.log_evidence),
            )
            for row in good.seeds
        ],
    )


def _figure_rows(good: GoodnessOfFit) -> Iterator[tuple[Cell, ...]]:
    ready, found = good.fit.ready, good.predictions
    clock = ready.operation.clock
    for entry, before, after in zip(
        ready.record.entries, found.before, found.after, strict=True
    ):
        figure = entry.figure
        yield (
            *(figure.id, "yes", "", figure.origin, figure.metric, window(figure)),
            *(figure.unit, figure.attributed_to, figure.family, figure.source),
            *(figure.locator, figure.bound),
            *reported_and_predicted(after, before, clock),
            *(BAND, figure.note),
        )


def reported_and_predicted(
    after: PredictiveCheck, before: PredictiveCheck, clock: Clock
) -> Iterator[Cell]:
    """Yield what was said of a figure, and what a fit and the bare prior predict."""
    claim = after.claim
    moments = claim.scale == "hours"
    said = (after.low, claim.best, after.high)
    for value in (*said, after.least, after.middle, after.most):
        yield count_or_moment(value, clock, moments=moments)
    yield from (yes_or_no(after.inside), after.pit, after.crps)
    for value in (before.least, before.middle, before.most):
        yield count_or_moment(value, clock, moments=moments)
    yield from (yes_or_no(before.inside), before.crps)


def in_unit(value: float, unit: FieldUnit, clock: Clock) -> Cell:
    """Return a value of a parameter, from base units; a date as local time."""
    found = unit.of(value)
    return clock.stamp(round(found)) if unit.is_moment else found
