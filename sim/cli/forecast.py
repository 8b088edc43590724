"""`forecast`: what to expect as of a moment, from what was published by then."""

from datetime import datetime
from functools import partial
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    no_figures_option,
    place_options,
    results_option,
    scenario_argument,
    seed_option,
)

if TYPE_CHECKING:
    from rich.console import Console

    from sim.cli.scenarios import Opened
    from sim.cli.wanted import Where
    from sim.inference.forecast.forecast import Effort, Forecast
    from sim.inference.forecast.rolling_origin import RollingScore
    from sim.results.manifest import Origin

_MINUTE = "%Y-%m-%dT%H:%M"


@click.command()
@scenario_argument
@click.option(
    "--as-of",
    "moment",
    type=click.DateTime([_MINUTE]),
    metavar="LOCAL TIME",
    help="Use only what was published by then, as 2016-12-19T08:00.",
)
@click.option(
    "--rolling",
    is_flag=True,
    help="Forecast from every morning and evening, and score each beside simple ones.",
)
@click.option(
    "--pool",
    type=click.IntRange(200, 1_000_000),
    default=1_500,
    show_default=True,
    metavar="RUNS",
    help="Runs for each forecast, of which those that fit the figures are kept.",
)
@click.option(
    "--draws",
    type=click.IntRange(20, 100_000),
    default=300,
    show_default=True,
    help="Draws that each forecast rests on.",
)
@seed_option
@place_options
@results_option
@no_figures_option
def forecast(
    *,
    scenario: str,
    moment: datetime | None,
    rolling: bool,
    pool: int,
    draws: int,
    seed: int,
    where: "Where",
    results: Path,
    no_figures: bool,
) -> None:
    """Say what to expect as of a moment, and how sure that is.

    Nothing is used that was published, or began, after the moment. New figures of a
    running operation are new rows of the evidence table. Not for timing live
    movements.

    \f

    Raises
    ------
    click.UsageError
        If neither a moment nor --rolling is given, or both are.
    """  # noqa: D301 - where click ends its help
    if (moment is None) is not rolling:
        raise click.UsageError("give one of --as-of LOCAL TIME and --rolling")
    from sim.cli.options import command_as_typed
    from sim.cli.scenarios import opened
    from sim.inference.forecast.forecast import Effort
    from sim.results.manifest import Origin
    from sim.results.run_folder import prepare

    began = datetime.now().astimezone()
    found = opened(scenario)
    prepare(results)
    origin = Origin(found.name, command_as_typed(), began)
    effort = Effort(pool=pool, draws=draws, seed=seed)
    if moment is not None:
        _one(found, moment, effort, where, results, origin, figures=not no_figures)
    else:
        _many(found, effort, where, results, origin, figures=not no_figures)


def _one(
    found: "Opened",
    moment: datetime,
    effort: "Effort",
    where: "Where",
    results: Path,
    origin: "Origin",
    *,
    figures: bool,
) -> None:
    from sim.cli.places import pool_of
    from sim.cli.screen import page, progress
    from sim.experiment.work import in_order
    from sim.inference.forecast.forecast import forecast as made_of
    from sim.results.forecast import write_forecast

    with (
        pool_of(where, effort.runs) as pool,
        progress(effort.runs, "runs") as tell,
    ):
        made = made_of(
            found.operation,
            found.figures,
            moment,
            effort,
            partial(in_order, pool),
            tell,
        )
    folder = write_forecast(made, results, origin, figures=figures)
    screen = page()
    _print(screen, made)
    screen.print(f"\nResults: {folder}", soft_wrap=True)


def _many(
    found: "Opened",
    effort: "Effort",
    where: "Where",
    results: Path,
    origin: "Origin",
    *,
    figures: bool,
) -> None:
    from sim.cli.places import pool_of
    from sim.cli.screen import page, progress
    from sim.experiment.work import in_order
    from sim.inference.forecast.rolling_origin import half_days, rolling_scores
    from sim.results.forecast import write_rolling

    moments = half_days(found.operation, found.figures)
    runs = effort.runs * len(moments)
    with pool_of(where, runs) as pool, progress(runs, "runs") as tell:
        scores = rolling_scores(
            found.operation,
            found.figures,
            moments,
            effort,
            partial(in_order, pool),
            tell,
        )
    folder = write_rolling(scores, found.operation, results, origin, figures=figures)
    screen = page()
    _print_scores(screen, scores)
    screen.print(f"\nResults: {folder}", soft_wrap=True)


def _print(screen: "Console", made: "Forecast") -> None:
    from sim.cli import words
    from sim.cli.screen import show, table
    from sim.inference.forecast.quantiles import ForecastQuantiles, forecast_quantiles
    from sim.inference.scores import is_inside
    from sim.results.forecast import NOT_FOR

    operation = made.then.operation
    clock = operation.clock
    when = words.moment(clock, made.then.moment_s)
    screen.print(f"{operation.operation}: forecast as of {when}")
    screen.print(
        f"{made.known} figures published by then were used; "
        f"{len(made.outcomes.totals)} draws, {made.distinct} of them different. "
        "Bands show knowledge and chance, the last column chance alone."
    )
    screen.print()

    def said(row: ForecastQuantiles, value: float) -> str:
        if row.is_moment:
            return words.moment(clock, value)
        return words.number(value)

    def between(row: ForecastQuantiles, low: float, high: float) -> str:
        one, other = said(row, low), said(row, high)
        return one if one == other else f"{one} to {other}"

    for site in made.sites:
        columns = ("median", "50 %", "90 %", "90 %, chance alone")
        rows = table("", *columns, right=columns[:1])
        for row in forecast_quantiles(made):
            if row.site != site:
                continue
            days = f"{clock.local(row.begins_s):%Y-%m-%d}"
            if row.begins_s == made.then.moment_s:
                days = f"rest of {days}"
            rows.add_row(
                row.what if row.is_moment else f"arrive, {days}",
                said(row, row.both[2]),
                between(row, row.both[1], row.both[3]),
                between(row, row.both[0], row.both[4]),
                between(row, row.chance[0], row.chance[4]),
            )
        show(screen, operation.sites[site].title or site, rows)
    rows = table("not known at that time", "assumed instead")
    for change in made.then.changes:
        rows.add_row(*change)
    show(screen, "Without hindsight", rows)
    if made.then.late:
        screen.print(
            "These ranges rest on rows published later, and are kept: "
            f"{', '.join(made.then.late)}."
        )
    inside = sum(
        is_inside(made.reports[:, place], *made.entries[place].claim.reported, 0.9)
        for place in made.later
    )
    if made.later:
        screen.print(
            f"Published later: {inside} of {len(made.later)} figures lie inside their "
            "90 % interval (figures.csv)."
        )
    screen.print(NOT_FOR)


def _print_scores(screen: "Console", scores: "tuple[RollingScore, ...]") -> None:
    from sim.cli.screen import show, table
    from sim.inference.forecast.rolling_origin import SIMULATION, compared, worse_at
    from sim.results.forecast import NOT_FOR

    def said(value: float, form: str) -> str:
        return "" if isnan(value) else format(value, form)

    for site in dict.fromkeys(score.site for score in scores):
        own = [score for score in scores if score.site == site]
        moments = len({score.moment for score in own})
        columns = ("later figures", "by day", "completion", "nearer than we")
        rows = table("mean CRPS over all moments", *columns, right=columns)
        for row in compared(own):
            nearer = f"at {len(worse_at(own, row.forecaster))} of {moments}"
            rows.add_row(
                row.forecaster,
                said(row.crps, ".2f"),
                said(row.crps_days, ",.0f"),
                said(row.completion_h, ".1f"),
                "" if row.forecaster == SIMULATION else nearer,
            )
        show(screen, site, rows)
        (ours,) = (row for row in compared(own) if row.forecaster == SIMULATION)
        screen.print(
            f"Of the later figures {ours.inside_50:.0%} lie inside the 50 % intervals "
            f"of the simulation and {ours.inside_90:.0%} inside those of 90 %, which "
            f"are {ours.width_90:,.0f} people wide on average."
        )
        screen.print()
    screen.print(
        "Lower is better. Later figures in logarithms, days in people, completion (95 "
        "percent arrived) in hours. The last column counts the moments at which a "
        "simple forecast was nearer to the later figures than the simulation; each "
        "moment is a row of rolling.csv."
    )
    screen.print(NOT_FOR)
