"""What a validation leaves on the disk: tables, pictures, how to repeat it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from math import nan
from pathlib import Path
from typing import Any

from sim.inference.validation.held_out import FORECASTERS, HeldOutFigure
from sim.inference.validation.simulation_based_calibration import CONFIDENCE, LEVELS
from sim.inference.validation.validation import (
    Validation,
    coverage_by_group,
    scores_by_group,
)
from sim.results.calibration import BAND, in_words
from sim.results.csv_file import write_csv
from sim.results.manifest import BANDS, Origin, provenance
from sim.results.run_folder import name_of, run_folder
from sim.results.tables import Cell, Table, unit_in_words, window
from sim.results.text_file import write_json, write_text
from sim.scenario import Clock, resolved_yaml, scenario_hash


def write_validation(
    done: Validation, root: Path, origin: Origin, *, figures: bool = True
) -> Path:
    """Write tables, pictures and how to repeat it all; return the folder.

    Parameters
    ----------
    done : to write.
    root : folder of all results.
    origin : where it came from.
    figures : whether to draw pictures.

    Raises
    ------
    ResultsError
        If the disk does not take them; nothing is left then.
    """
    operation = done.calibrator.ready.simulator.operation
    digest = scenario_hash(operation)
    name = name_of(f"validate-{origin.scenario}", digest, origin.began)
    with run_folder(root, name) as run:
        for table_name, table in tables_of(done).items():
            write_csv(run.path / f"{table_name}.csv", table)
        if figures:
            _draw(done, run.path / "figures")
        write_text(run.path / "scenario.yaml", resolved_yaml(operation))
        write_json(run.path / "run.json", _facts(done, origin))
    return run.path


def tables_of(done: Validation) -> dict[str, Table]:
    """Return the tables of a validation, by the name of their file."""
    tables = {
        "left-out": left_out_table(done),
        "inside": inside_table(done),
        "scores": scores_table(done),
        "by-chance": by_chance_table(done),
        "references": references_table(done),
        "evidence": evidence_table(done),
        "coverage": coverage_table(done),
    }
    return tables | ({"agreement": agreement_table(done)} if done.distances else {})


def left_out_table(done: Validation) -> Table:
    """Return a row for each figure and each fit that has not seen it.

    Reported and predicted are both steps where a total enters as the step from the one
    before it. `run_median` and the rates are people, without any bias of a source.
    """
    columns = (
        *("fit", "figure", "family", "site", "metric", "window", "unit", "low", "best"),
        *("high", "p5", "median", "p95", "inside_90", "pit", "crps", "prior_p5"),
        *("prior_median", "prior_p95", "prior_inside_90", "prior_crps", "run_median"),
        *("prior_run_median", "open_hours_rate", "constant_rate", "band"),
    )
    return Table(columns, tuple(_left_out_rows(done)))


def inside_table(done: Validation) -> Table:
    """Return how many figures lie inside, how wide the intervals are, and the misses.

    `fewest_by_chance` is the lower 2.5 percent point if they were independent.
    """
    columns = ("left_out", "figures", "inside_90", "fewest_by_chance")
    more = ("mean_width_people", "prior_mean_width_people", "misses")
    return Table(
        (*columns, *more),
        [
            (
                *(row.of, row.figures, row.inside, row.fewest),
                *(row.width, row.prior_width, "; ".join(row.misses)),
            )
            for row in coverage_by_group(done)
        ],
    )


def scores_table(done: Validation) -> Table:
    """Return the scores of the counts of people that were left out; less is better."""
    columns = ("score", "left_out", "figures")
    return Table(
        (*columns, *_as_columns(FORECASTERS)),
        [
            (row.name, row.of, row.figures, *(row.scores[by] for by in FORECASTERS))
            for row in scores_by_group(done)
        ],
    )


def by_chance_table(done: Validation) -> Table:
    """Return the ARD of families left out of the record, and of each made-up one.

    Record 0 is the real one. The fit is here the median of the runs that a screen
    finds, before they are corrected; that is not what `scores` holds.
    """
    luck = done.prior_predictive
    rows = () if luck is None else (luck.here, *luck.made_up)
    return Table(
        ("record", *_as_columns(FORECASTERS)),
        [
            (number, *(row[who] for who in FORECASTERS))
            for number, row in enumerate(rows)
        ],
    )


def references_table(done: Validation) -> Table:
    """Return a row for each number and reference. Moments are local times."""
    clock = done.calibrator.ready.simulator.operation.clock
    columns = ("target", "unit", "taken_at_its_word", "p5", "median", "p95", "says")
    return Table(
        (*columns, "band"),
        [
            (
                row.target,
                "local time"
                if row.unit == "h"
                else row.unit or unit_in_words(row.target),
                row.reference,
                *(
                    in_words(level, clock, moments=row.unit == "h")
                    for level in row.levels
                ),
                str(row.says),
                BAND,
            )
            for row in done.under
        ],
    )


def evidence_table(done: Validation) -> Table:
    """Return how probable the record is under each reference.

    No verdict: it also weighs how much bias a choice lets the sources have.
    """
    return Table(
        ("taken_at_its_word", "log_evidence", "rests_on_runs"),
        [(row.reference, row.log_evidence, row.worth) for row in done.evidence],
    )


def coverage_table(done: Validation) -> Table:
    """Return a row for each target: how often intervals held the truth."""
    found = done.coverage
    return Table(
        ("target", "derived", "covered_50", "covered_90", "within_band"),
        [
            (row.name, _yes(flag=row.derived), *row.covered, _yes(flag=row.within))
            for row in found.targets
        ],
    )


def agreement_table(done: Validation) -> Table:
    """Return how far the draws are from those of a tempered fit, by parameter."""
    return Table(
        ("parameter", "learned", "means_apart_sd", "sd_ratio", "trust_tempered"),
        [
            (
                *(row.name, _yes(flag=row.learned), row.apart, row.wider),
                _yes(flag=row.too_far),
            )
            for row in done.distances
        ],
    )


def _left_out_rows(done: Validation) -> Iterator[tuple[Cell, ...]]:
    ready = done.calibrator.ready
    clock = ready.simulator.operation.clock
    for held in done.held_out:
        for row in held.rows:
            figure = ready.record.entries[row.place].figure
            yield (
                *(held.name, figure.id, figure.family, figure.origin, figure.metric),
                *(window(figure), figure.unit),
                *_predicted(row, clock),
                *(row.foretold.get(who, nan) for who in FORECASTERS),
                BAND,
            )


def _predicted(row: HeldOutFigure, clock: Clock) -> Iterator[Cell]:
    """Yield what was said, what the fit predicts, and the prior."""
    after, before = row.after, row.before
    claim = after.claim
    for value in (
        *(after.low, claim.best, after.high),
        *(after.least, after.middle, after.most),
    ):
        yield in_words(value, clock, moments=claim.scale == "hours")
    yield from (_yes(flag=after.inside), after.pit, after.crps)
    for value in (before.least, before.middle, before.most):
        yield in_words(value, clock, moments=claim.scale == "hours")
    yield from (_yes(flag=before.inside), before.crps)


def _facts(done: Validation, origin: Origin) -> dict[str, Any]:
    """Return the contents of run.json."""
    bench, found = done.calibrator, done.coverage
    operation, wish = bench.ready.simulator.operation, bench.options
    return {
        "scenario": origin.scenario,
        "operation": operation.operation,
        "scenario_sha256": scenario_hash(operation),
        "method": wish.method,
        "seed": wish.seeds[0],
        "draws": wish.settings.particles,
        "moves": wish.settings.moves,
        "parts_of_luck": wish.settings.parts,
        "pool": wish.pool,
        "figures": len(bench.ready.claims),
        "left_out": dict(bench.ready.record.left_out),
        "made_up_records": found.sets,
        "draws_of_each": found.draws,
        "coverage": dict(zip(map(str, LEVELS), found.means, strict=True)),
        "band_confidence": CONFIDENCE,
        "outside_band": [row.name for row in found.outside],
        "band": BAND,
        "band_means": BANDS[BAND],
        **provenance(origin, datetime.now().astimezone()),
    }


def _draw(done: Validation, folder: Path) -> None:
    from sim.plots.validation import draw_validation  # noqa: PLC0415 (takes long)

    draw_validation(done, folder)


def _as_columns(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.replace(" ", "_").replace("-", "_") for name in names)


def _yes(*, flag: bool) -> str:
    return "yes" if flag else "no"
