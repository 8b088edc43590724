"""What a calibration leaves on the disk: draws, tables, pictures, how to repeat it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

from sim.inference.calibration.fit import Fit
from sim.inference.calibration.goodness_of_fit import fit_scores
from sim.inference.calibration.posterior import (
    Parameter,
    SeedDiagnostics,
    SourceBias,
    learned,
    parameters,
    seed_diagnostics,
    source_biases,
)
from sim.inference.calibration.posterior_draws import draws_of
from sim.inference.calibration.posterior_predictive import (
    Predictions,
    PredictiveCheck,
    predictions,
)
from sim.inference.calibration.relative_difference import Score
from sim.results.csv_file import write_csv
from sim.results.manifest import BANDS, Origin, provenance
from sim.results.run_folder import name_of, run_folder
from sim.results.tables import Cell, Table, local_time, unit_in_words, window
from sim.results.text_file import write_json, write_text
from sim.scenario import Clock, resolved_yaml, scenario_hash

BAND = "calibrated"
FIT = "fit.npz"


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fit and everything that is said about it."""

    fit: Fit
    predictions: Predictions
    parameters: tuple[Parameter, ...]
    sources: tuple[SourceBias, ...]
    seeds: tuple[SeedDiagnostics, ...]
    scores: tuple[Score, ...]

    @classmethod
    def of(cls, fit: Fit) -> "Calibration":
        """Return what there is to say about a fit."""
        found = predictions(fit)
        return cls(
            fit,
            found,
            parameters(fit),
            source_biases(fit),
            seed_diagnostics(fit),
            fit_scores(fit, found),
        )


def write_calibration(
    done: Calibration, root: Path, origin: Origin, *, figures: bool = True
) -> Path:
    """Write draws, tables, pictures and how to repeat it all; return the folder.

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
    operation = done.fit.ready.simulator.operation
    name = name_of(
        f"calibrate-{origin.scenario}", scenario_hash(operation), origin.began
    )
    with run_folder(root, name) as run:
        draws_of(done.fit, learned(done.parameters)).save(run.path / FIT)
        for table_name, table in tables_of(done).items():
            write_csv(run.path / f"{table_name}.csv", table)
        if figures:
            _draw(done, run.path / "figures")
        write_text(run.path / "scenario.yaml", resolved_yaml(operation))
        write_json(run.path / "run.json", _facts(done, origin))
    return run.path


def tables_of(done: Calibration) -> dict[str, Table]:
    """Return the tables of a calibration, by the name of their file."""
    return {
        "figures": figures_table(done),
        "scores": scores_table(done),
        "parameters": parameters_table(done),
        "sources": sources_table(done),
        "seeds": seeds_table(done),
    }


def figures_table(done: Calibration) -> Table:
    """Return a row for each figure of the record, those left out at the end.

    Reported and predicted are both steps where a total enters as the step from the one
    before it. Moments are local times. `crps` is of logarithms of counts, or in hours.
    """
    columns = (
        *("figure", "enters", "why_not", "site", "metric", "window", "unit"),
        *("attributed_to", "family", "source", "locator", "bound", "low", "best"),
        *("high", "p5", "median", "p95", "inside_90", "pit", "crps", "prior_p5"),
        *("prior_median", "prior_p95", "prior_inside_90", "prior_crps", "band", "note"),
    )
    return Table(columns, (*_figure_rows(done), *_left_out_rows(done)))


def scores_table(done: Calibration) -> Table:
    """Return a row for each score; less is better but for skill and what is inside.

    `floor` is what nothing can better: see `relative_difference.Score` of
    `sim.inference.calibration`.
    """
    columns = ("score", "of", "figures", "fit", "prior", "best_constant_rate")
    return Table(
        (*columns, "best_open_hours_rate", "floor", "band"),
        [
            (
                *(row.name, row.of, row.figures),
                *(row.fit, row.prior, row.line, row.open_hours, row.floor, BAND),
            )
            for row in done.scores
        ],
    )


def parameters_table(done: Calibration) -> Table:
    """Return a row for each parameter: before, after, and whether it was learned.

    `contraction` is the share of the prior variance that this fit removed, below 0 if
    it got wider; `removable` is what such figures remove on average.
    """
    columns = (
        *("parameter", "unit", "prior_p5", "prior_median", "prior_p95", "p5"),
        *("median", "p95", "contraction", "removable", "says", "seeds_apart_sd"),
        "band",
    )
    return Table(
        columns,
        [
            (
                *(row.name, unit_in_words(row.name)),
                *row.prior,
                *row.fit,
                *(row.contraction, row.share, str(row.verdict), row.apart, BAND),
            )
            for row in done.parameters
        ],
    )


def sources_table(done: Calibration) -> Table:
    """Return a row for each family and unit: by which factor it differs from the runs.

    A factor is no verdict: all families could be off together and nothing would show.
    """
    columns = ("family_and_unit", "figures", "factor_p5", "factor_median", "factor_p95")
    return Table(
        (*columns, "taken_at_its_word", "band"),
        [
            (row.name, row.figures, *row.factor, _yes(flag=row.pinned), BAND)
            for row in done.sources
        ],
    )


def seeds_table(done: Calibration) -> Table:
    """Return a row for each fit, empty for a screen."""
    columns = ("seed", "temperatures", "runs", "distinct_share", "first_particles_left")
    more = ("effective_draws", "accepted_walks", "accepted_redrawn", "accepted_luck")
    return Table(
        (*columns, *more, "log_evidence"),
        [
            (
                *(row.seed, row.temperatures, row.runs, row.distinct, row.roots),
                *(row.effective, row.accepted_walks, row.accepted_redrawn),
                *(row.accepted_luck, row.log_evidence),
            )
            for row in done.seeds
        ],
    )


def _figure_rows(done: Calibration) -> Iterator[tuple[Cell, ...]]:
    ready, found = done.fit.ready, done.predictions
    clock = ready.simulator.operation.clock
    for entry, before, after in zip(
        ready.record.entries, found.before, found.after, strict=True
    ):
        figure, claim = entry.figure, entry.claim
        moments = claim.scale == "hours"
        low, best, high = (
            in_words(value, clock, moments=moments)
            for value in (after.low, claim.best, after.high)
        )
        yield (
            *(figure.id, "yes", "", figure.origin, figure.metric, window(figure)),
            *(figure.unit, figure.attributed_to, figure.family, figure.source),
            *(figure.locator, figure.bound, low, best, high),
            *_predicted(after, clock, moments=moments),
            *(_yes(flag=after.inside), after.pit, after.crps),
            *_predicted(before, clock, moments=moments),
            *(_yes(flag=before.inside), before.crps, BAND, figure.note),
        )


def _left_out_rows(done: Calibration) -> Iterator[tuple[Cell, ...]]:
    for figure, why in done.fit.ready.record.left_out.items():
        yield (figure, "no", why, *[None] * 25)


def _predicted(
    row: PredictiveCheck, clock: Clock, *, moments: bool
) -> tuple[Cell, Cell, Cell]:
    least, middle, most = (
        in_words(value, clock, moments=moments)
        for value in (row.least, row.middle, row.most)
    )
    return least, middle, most


def in_words(value: float, clock: Clock, *, moments: bool) -> Cell:
    """Return a count, or hours after the start as a local time; None if unbounded."""
    if not isfinite(value):
        return None
    return local_time(clock, round(value * 3600)) if moments else value


def _facts(done: Calibration, origin: Origin) -> dict[str, Any]:
    """Return the contents of run.json."""
    fit = done.fit
    operation, settings = fit.ready.simulator.operation, fit.options.settings
    ended = datetime.now().astimezone()
    return {
        "scenario": origin.scenario,
        "operation": operation.operation,
        "scenario_sha256": scenario_hash(operation),
        "method": fit.options.method,
        "reference": list(fit.task.reference) or "pooled",
        "seeds": list(fit.options.seeds),
        "particles": settings.particles,
        "moves": settings.moves,
        "parts_of_luck": settings.parts,
        "pool": fit.options.pool,
        "draws": len(fit.points),
        "figures": len(fit.ready.claims),
        "left_out": dict(fit.ready.record.left_out),
        "learned": list(learned(done.parameters)),
        "band": BAND,
        "band_means": BANDS[BAND],
        **provenance(origin, ended),
    }


def _draw(done: Calibration, folder: Path) -> None:
    from sim.plots.calibration import draw_calibration  # noqa: PLC0415 (takes long)

    draw_calibration(done.fit, done.predictions, done.parameters, done.sources, folder)


def _yes(*, flag: bool) -> str:
    return "yes" if flag else "no"
