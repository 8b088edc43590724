"""Tidy rows of a validation for programs: figures not seen, made-up records."""

from collections.abc import Iterator, Sequence
from math import isfinite, isnan, nan

from sim.inference.validation.ablation import DRAWS
from sim.inference.validation.held_out import FORECASTERS
from sim.inference.validation.phases_alone import SHIPPED
from sim.inference.validation.prior_predictive import JUDGED
from sim.inference.validation.reference_sensitivity import UnderReference
from sim.inference.validation.validation import (
    Validation,
    coverage_by_group,
    families_left_out,
    scores_by_group,
)
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.calibration_data import (
    BAND,
    in_unit,
    reported_and_predicted,
)
from sim.report.contents import Cell, Data, yes_or_no
from sim.report.documented import window
from sim.scenario import Operation
from sim.scenario.units import FieldUnit, field_unit


def validation_data(done: Validation) -> dict[str, Data]:
    """Return the data of a validation, by the name of their file."""
    data = {
        "left-out": left_out_data(done),
        "inside": inside_data(done),
        "scores": scores_data(done),
        "families": families_data(done),
        "by-chance": by_chance_data(done),
        "references": references_data(done),
        "end-totals": end_totals_data(done),
        "own-totals": own_totals_data(done),
        "evidence": evidence_data(done),
        "coverage": coverage_data(done),
        "taken-away": ablation_data(done),
        "without-convoys": without_convoys_data(done),
    }
    return data | ({"agreement": agreement_data(done)} if done.distances else {})


def ablation_data(done: Validation) -> Data:
    """Return the scores of screens with something taken away; `band` is calibrated."""
    columns = ("left", "figures", "ard", "crps_counts", "inside_50", "inside_90")
    return Data(
        (*columns, "possible", "band", "n"),
        [
            (
                *(row.name, row.figures, row.ard, row.crps),
                *(row.inside_50, row.inside_90, yes_or_no(row.possible)),
                *(BAND, DRAWS),
            )
            for row in done.ablations
        ],
    )


def without_convoys_data(done: Validation) -> Data:
    """Return the scores on counts of all people of the screen and rates by phase."""
    columns = ("who", "figures", "ard", "crps_counts", "inside_50", "inside_90")
    return Data(
        (*columns, "n"),
        [
            (
                row.name if row.name == SHIPPED else f"{row.name} phases",
                *(row.figures, row.ard, row.crps, row.inside_50, row.inside_90, DRAWS),
            )
            for row in done.without_convoys
        ],
    )


def left_out_data(done: Validation) -> Data:
    """Return a row for each figure and each fit that has not seen it.

    Totals are as they were told. `run_median` and the rates are people, without any
    bias of a source.
    """
    columns = (
        *("fit", "figure", "family", "site", "metric", "window", "unit", "low", "best"),
        *("high", "p5", "median", "p95", "inside_90", "pit", "crps", "prior_p5"),
        *("prior_median", "prior_p95", "prior_inside_90", "prior_crps", "run_median"),
        *("prior_run_median", "open_hours_rate", "constant_rate", "band"),
    )
    return Data(columns, tuple(_left_out_rows(done)))


def inside_data(done: Validation) -> Data:
    """Return how many figures lie inside, how wide the intervals are, and the misses.

    `fewest_by_chance` is the lower 2.5 percent point if they were independent.
    """
    columns = ("left_out", "figures", "inside_90", "fewest_by_chance")
    more = ("mean_width_people", "prior_mean_width_people", "misses")
    return Data(
        (*columns, *more),
        [
            (
                *(row.of, row.figures, row.inside, row.fewest),
                *(row.width, row.prior_width, "; ".join(row.misses)),
            )
            for row in coverage_by_group(done)
        ],
    )


def scores_data(done: Validation) -> Data:
    """Return the scores of the counts of people that were left out; less is better."""
    columns = ("score", "left_out", "figures")
    return Data(
        (*columns, *_as_columns(FORECASTERS)),
        [
            (row.name, row.of, row.figures, *(row.scores[by] for by in FORECASTERS))
            for row in scores_by_group(done)
        ],
    )


def families_data(done: Validation) -> Data:
    """Return how near everybody comes to each family that was left out.

    After `counts` is the mean CRPS of the logarithm of counts of all people.
    """
    columns = ("family", "figures", "inside_90", "fewest_by_chance", "counts")
    return Data(
        (*columns, *_as_columns(FORECASTERS)),
        [
            (
                *(row.family, row.figures, row.inside, row.fewest, row.counts),
                *(row.crps.get(by, nan) for by in FORECASTERS),
            )
            for row in families_left_out(done)
        ],
    )


def by_chance_data(done: Validation) -> Data:
    """Return the ARD of families left out of the record, and of each made-up one.

    Record 0 is the real one. The fit is here the median of the runs that a screen
    finds, before they are corrected; that is not what `scores` holds.
    """
    luck = done.prior_predictive
    rows = () if luck is None else (luck.here, *luck.made_up)
    return Data(
        ("record", *_as_columns(JUDGED)),
        [(number, *(row[who] for who in JUDGED)) for number, row in enumerate(rows)],
    )


def references_data(done: Validation) -> Data:
    """Return a row for each number and reference. Moments are local times."""
    operation = done.calibrator.ready.operation
    clock = operation.clock
    columns = ("target", "unit", "taken_at_its_word", "p5", "median", "p95", "says")
    return Data(
        (*columns, "band"),
        [
            (
                row.target,
                unit.name,
                row.reference,
                *(
                    in_unit(level, unit, clock) if isfinite(level) else None
                    for level in row.levels
                ),
                row.says,
                BAND,
            )
            for row in done.under
            for unit in (_unit(row, operation),)
        ],
    )


def end_totals_data(done: Validation) -> Data:
    """Return the people in the end of each site, by each reading of the record."""
    columns = ("reading", "families", "site", "p5", "p25", "median", "p75", "p95")
    return Data(
        (*columns, "width_90", "rests_on_draws", "band"),
        [
            (
                *(row.use.value, "; ".join(row.families), row.site, *row.levels),
                *(row.width, None if isnan(row.worth) else row.worth, BAND),
            )
            for row in done.end_totals
        ],
    )


def own_totals_data(done: Validation) -> Data:
    """Return each source's last totals beside runs that take it at its word."""
    columns = ("taken_at_its_word", "site", "figure", "low", "high")
    return Data(
        (*columns, "p25", "median", "p75", "inside_50", "rests_on_draws", "band"),
        [
            (
                *(row.family, row.site, row.figure, row.low, row.high, *row.interval),
                *(yes_or_no(row.inside), None if isnan(row.worth) else row.worth),
                BAND,
            )
            for row in done.own_totals
        ],
    )


def evidence_data(done: Validation) -> Data:
    """Return how probable the record is under each reference.

    No verdict: it also weighs how much bias a choice lets the sources have.
    """
    return Data(
        ("taken_at_its_word", "log_evidence", "rests_on_runs"),
        [(row.reference, row.log_evidence, row.worth) for row in done.evidence],
    )


def coverage_data(done: Validation) -> Data:
    """Return a row for each target: how often intervals held the truth."""
    found = done.coverage
    return Data(
        ("target", "derived", "covered_50", "covered_90", "within_band"),
        [
            (row.name, yes_or_no(row.derived), *row.covered, yes_or_no(row.within))
            for row in found.targets
        ],
    )


def agreement_data(done: Validation) -> Data:
    """Return how far the draws are from those of a tempered fit, by parameter."""
    return Data(
        ("parameter", "learned", "means_apart_sd", "sd_ratio", "trust_tempered"),
        [
            (
                *(row.name, yes_or_no(row.learned), row.apart, row.wider),
                yes_or_no(row.too_far),
            )
            for row in done.distances
        ],
    )


def _left_out_rows(done: Validation) -> Iterator[tuple[Cell, ...]]:
    ready = done.calibrator.ready
    clock = ready.operation.clock
    for held in done.held_out:
        for row in held.rows:
            figure = ready.record.entries[row.place].figure
            yield (
                *(held.name, figure.id, figure.family, figure.origin, figure.metric),
                *(window(figure), figure.unit),
                *reported_and_predicted(row.after, row.before, clock),
                *(row.foretold.get(who, nan) for who in FORECASTERS),
                BAND,
            )


def _unit(row: UnderReference, operation: Operation) -> FieldUnit:
    """Return the unit of a number under a reference; hours are told as moments."""
    if row.unit == "h":
        return FieldUnit("local time", 1 / SECONDS_PER_HOUR, is_moment=True)
    return FieldUnit(row.unit) if row.unit else field_unit(operation, row.target)


def _as_columns(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.replace(" ", "_").replace("-", "_") for name in names)
