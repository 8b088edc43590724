"""The folder of a forecast: its tables, its picture and what it takes to repeat it."""

from collections.abc import Sequence
from math import isinf, isnan
from pathlib import Path

import numpy as np

from sim.inference.calibration.posterior_predictive import LEVEL
from sim.inference.forecast.forecast import Forecast
from sim.inference.forecast.quantiles import (
    LEVELS,
    ForecastQuantiles,
    at_levels,
    forecast_quantiles,
)
from sim.inference.forecast.rolling_origin import RollingScore
from sim.inference.scores import is_inside
from sim.plots.forecast import fan
from sim.plots.rolling import rolling
from sim.plots.save import save
from sim.results.csv_file import write_csv
from sim.results.manifest import LIMITS, Origin
from sim.results.run_folder import name_of, run_folder
from sim.results.tables import Cell, Table, local_time
from sim.results.text_file import write_json, write_text
from sim.scenario import Operation, resolved_yaml, scenario_hash

NOT_FOR = (
    "Not for timing live movements: nothing here knows what armed parties will do, and "
    "a stoppage to come is drawn from averages."
)
_AT = tuple(f"p{round(100 * level)}" for level in LEVELS)


def write_forecast(
    made: Forecast, root: Path, origin: Origin, *, figures: bool = True
) -> Path:
    """Write a forecast and return its folder.

    Parameters
    ----------
    made : the forecast.
    root : folder of all results.
    origin : where it came from.
    figures : whether to draw the picture.

    Raises
    ------
    ResultsError
        If the disk does not take it; nothing is left then.
    """
    operation = made.then.operation
    name = name_of(
        f"forecast-{origin.scenario}", scenario_hash(operation), origin.began
    )
    with run_folder(root, name) as run:
        write_csv(run.path / "forecast.csv", forecast_table(made))
        write_csv(run.path / "figures.csv", figures_table(made))
        write_csv(run.path / "forgotten.csv", forgotten_table(made))
        write_text(run.path / "scenario.yaml", resolved_yaml(operation))
        if figures:
            save(fan(made), run.path / "figures", "forecast")
        write_json(run.path / "run.json", _facts(operation, origin))
    return run.path


def write_rolling(
    scores: Sequence[RollingScore],
    operation: Operation,
    root: Path,
    origin: Origin,
    *,
    figures: bool = True,
) -> Path:
    """Write the scores of forecasts from many moments and return the folder.

    Parameters
    ----------
    scores : from `sim.inference.forecast.rolling_origin`.
    operation : as it is told afterwards.
    root, origin, figures : as of `write_forecast`.

    Raises
    ------
    ResultsError
        If the disk does not take it; nothing is left then.
    """
    name = name_of(f"rolling-{origin.scenario}", scenario_hash(operation), origin.began)
    with run_folder(root, name) as run:
        write_csv(run.path / "rolling.csv", rolling_table(scores))
        if figures:
            save(rolling(scores, operation), run.path / "figures", "rolling")
        write_json(run.path / "run.json", _facts(operation, origin))
    return run.path


def forecast_table(made: Forecast) -> Table:
    """Return a row for each day of each site, then for when people have arrived.

    A moment is empty where it lies beyond the days that were run.
    """

    def cells(row: ForecastQuantiles, values: tuple[float, ...]) -> tuple[Cell, ...]:
        return tuple(_cell(made, row, value) for value in values)

    clock = made.then.operation.clock
    rows = [
        (
            row.site,
            row.what,
            None if row.is_moment else local_time(clock, row.begins_s),
            None if row.is_moment else local_time(clock, row.ends_s),
            "local time" if row.is_moment else "people",
            band,
            *cells(row, values),
        )
        for row in forecast_quantiles(made)
        for band, values in (("knowledge and chance", row.both), ("chance", row.chance))
    ]
    return Table(("site", "what", "from", "to", "unit", "band", *_AT), rows)


def figures_table(made: Forecast) -> Table:
    """Return a row for each documented figure: used, or published later and predicted.

    Moments are hours after the start.
    """
    rows = []
    for place, entry in enumerate(made.entries):
        reports = made.reports[:, place]
        happened = reports[~np.isnan(reports)]
        claim = entry.claim
        rows.append(
            (
                claim.name,
                entry.figure.origin,
                entry.figure.metric,
                claim.family,
                claim.unit,
                "used" if place < made.known else "predicted",
                claim.best,
                *(at_levels(happened) if len(happened) else [None] * len(LEVELS)),
                is_inside(reports, *claim.reported, LEVEL),
            )
        )
    columns = ("figure", "site", "metric", "family", "unit", "use", "documented")
    return Table((*columns, *_AT, "inside_90"), rows)


def forgotten_table(made: Forecast) -> Table:
    """Return what was not known at the moment, and what was assumed in its place."""
    rows = [tuple(change) for change in made.then.changes]
    late = "kept, although all rows that it rests on were published later"
    rows += [(f"range of {path}", late) for path in made.then.late]
    return Table(("not known", "assumed instead"), rows)


def rolling_table(scores: Sequence[RollingScore]) -> Table:
    """Return a row for each moment, site and forecaster; units in the names."""
    columns = (
        "moment",
        "site",
        "forecaster",
        "later_figures",
        "crps_log",
        "days",
        "crps_people_a_day",
        "crps_completion_h",
        "inside_50",
        "inside_90",
        "width_90_people",
    )
    rows = [
        (
            score.moment.isoformat(timespec="minutes"),
            score.site,
            score.forecaster,
            score.figures,
            *(
                None if isnan(value) else value
                for value in (
                    score.crps,
                    score.days,
                    score.crps_days,
                    score.completion_h,
                    score.inside_50,
                    score.inside_90,
                    score.width_90,
                )
            ),
        )
        for score in scores
    ]
    return Table(columns, rows)


def _cell(made: Forecast, row: ForecastQuantiles, value: float) -> Cell:
    if not row.is_moment:
        return round(value)
    if isinf(value):
        return None
    return local_time(made.then.operation.clock, round(value))


def _facts(operation: Operation, origin: Origin) -> dict[str, object]:
    return {
        "limits": f"{NOT_FOR} {LIMITS}",
        "command": origin.command,
        "began": origin.began.isoformat(timespec="seconds"),
        "scenario": origin.scenario,
        "scenario_sha256": scenario_hash(operation),
    }
