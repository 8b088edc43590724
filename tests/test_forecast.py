"""A forecast of a small operation whose end is known, and its scores."""

from dataclasses import replace
from datetime import datetime
from math import inf, isnan

import numpy as np
import pytest

from sim.errors import EvidenceError
from sim.inference.arrival_curves import Totals, documented_series, open_windows
from sim.inference.baselines import naive_forecasts
from sim.inference.forecast.forecast import forecast
from sim.inference.forecast.quantiles import (
    LEVELS,
    at_levels,
    curve_quantiles,
    forecast_quantiles,
)
from sim.inference.forecast.rolling_origin import (
    SIMULATION,
    compared,
    documented_curve,
    half_days,
    rolling_scores,
    worse_at,
)
from sim.plots.forecast import fan
from sim.plots.rolling import rolling
from sim.report.forecast import report_on_forecast
from sim.report.rolling import report_on_rolling
from sim.scenario import from_data
from tests.builders import changed
from tests.foreseen import DATA, EFFORT, FIGURES, MOMENT, arrived


@pytest.fixture(scope="module")
def operation():
    return from_data(DATA)


@pytest.fixture(scope="module")
def made(operation):
    return forecast(operation, FIGURES, MOMENT, EFFORT)


def test_what_was_published_later_is_predicted_and_not_used(made):
    used = [entry.figure.id for entry in made.entries[: made.known]]
    later = [made.entries[place].figure.id for place in made.later]

    assert used == ["day-2"]
    assert later == ["day-3", "day-4", "day-5"]


def test_other_figures_of_later_change_nothing(operation, made):
    """Only their predictions have other names; the draws are the same to the bit."""
    others = (FIGURES[0], arrived("other", 2_900, 4))
    again = forecast(operation, others, MOMENT, EFFORT)

    assert np.array_equal(again.outcomes.totals, made.outcomes.totals)
    assert np.array_equal(again.outcomes.done_h, made.outcomes.done_h)


def test_another_figure_of_before_changes_the_forecast(operation, made):
    """Negative control: more people on the first day, more on the days after."""
    more = (arrived("day-2", 500, 2), *FIGURES[1:])
    again = forecast(operation, more, MOMENT, EFFORT)

    assert median_of_tomorrow(again) > 1.3 * median_of_tomorrow(made)


def median_of_tomorrow(made):
    begins, ends = made.days[1]
    return np.median(made.arrivals("pocket", begins, ends))


def test_the_same_seed_gives_the_same_forecast(operation, made):
    again = forecast(operation, FIGURES, MOMENT, EFFORT)

    assert np.array_equal(again.reports, made.reports)


def test_days_add_up_to_the_whole(made):
    total = sum(made.arrivals("pocket", *day) for day in made.days)
    first = made.grid_s.index(made.then.moment_s)
    last = made.grid_s.index(made.days[-1][1])
    totals = made.outcomes.totals[:, 0]

    assert (total == totals[:, last] - totals[:, first]).all()


def test_knowledge_and_chance_is_wider_than_chance_alone(made):
    begins, ends = made.days[1]
    both = np.std(made.arrivals("pocket", begins, ends))
    chance = np.std(made.arrivals("pocket", begins, ends, chance=True))

    assert both > chance > 0


def test_levels_are_draws_so_that_never_does_no_harm():
    assert at_levels(np.array([1.0, 2.0, inf, inf])) == (1, 1, 2, inf, inf)


def test_every_day_and_both_completions_are_told(made, operation):
    rows = forecast_quantiles(made)
    data = report_on_forecast(made, operation, command="").data

    assert [row.what for row in rows[-2:]] == ["nearly", "all"]
    assert all(len(row.both) == len(row.chance) == len(LEVELS) for row in rows)
    assert len(data["forecast"].rows) == 2 * len(rows)
    assert [row[5] for row in data["figures"].rows] == ["used", *["predicted"] * 3]


def test_the_fan_shows_later_figures_hollow(made):
    (ax,) = fan(made, curve_quantiles(made)).axes
    faces = {line.get_gid(): line.get_markerfacecolor() for line in ax.get_lines()}

    assert faces["documented-A-later"] == "white"
    assert faces["documented-A-known"] != "white"


def test_without_any_figure_the_ranges_alone_speak(operation):
    made = forecast(operation, FIGURES[1:], MOMENT, EFFORT)

    assert made.known == 0
    assert len(made.outcomes.totals) == EFFORT.draws


def test_a_figure_told_twice_is_refused(operation):
    twice = (*FIGURES, arrived("again", 220, 2))

    with pytest.raises(EvidenceError, match="says the same"):
        forecast(operation, twice, MOMENT, EFFORT)


def test_baselines_know_what_is_known_and_no_more():
    """300 people in 10 hours of which 5 were open, then 20 hours to go."""
    known = [Totals((0.0, 10.0), (0.0, 300.0))]
    windows = [(5.0, 10.0), (10.0, 30.0)]
    said = naive_forecasts(known, 0.0, 10.0, 30.0, 5_000.0, windows)

    at_20 = {name: float(curve.at(20.0)) for name, curve in said.items()}
    assert at_20 == pytest.approx(
        {
            "constant rate": 600,
            "open-hours rate": 900,
            "last-24-h rate": 300 + 10 * 300 / 24,
            "agreed total, spread evenly": 5_000,
            "mean of sources": 600,
        }
    )


def test_the_mean_of_sources_goes_on_at_the_mean_of_their_rates():
    known = [Totals((0.0, 10.0), (0.0, 100.0)), Totals((0.0, 10.0), (0.0, 300.0))]
    said = naive_forecasts(known, 0.0, 10.0, 30.0, 5_000.0, [(0.0, 30.0)])

    assert float(said["mean of sources"].at(20.0)) == pytest.approx(400)


def test_baselines_stop_at_the_people_expected():
    known = [Totals((0.0, 10.0), (0.0, 300.0))]
    said = naive_forecasts(known, 0.0, 10.0, 100.0, 400.0, [(0.0, 100.0)])

    assert {float(curve.at(100.0)) for curve in said.values()} == {400}


def test_without_figures_baselines_say_what_they_can():
    said = naive_forecasts([], 0.0, 10.0, 100.0, 720.0, [(0.0, 100.0)])

    assert float(said["constant rate"].at(100.0)) == 0
    assert float(said["agreed total, spread evenly"].at(82.0)) == 720


def test_a_step_stands_on_the_total_before_it(made, operation):
    series = documented_series(made.entries, "pocket", 0.0)

    assert series["A"].people == (0, 220, 440, 660, 880)
    curve = documented_curve(operation, FIGURES, "pocket")
    assert curve is not None
    assert curve.at(48.0) == 440


def test_hours_are_open_but_for_the_stoppages():
    gate = {
        "gates": {"gate": {}},
        "routes__out__through": ["gate", "road"],
        "stoppages": {
            "a": {
                "cause": "test",
                "closes": ["gate"],
                "starts": "2020-01-01T10:00",
                "until": "2020-01-01T14:00",
            },
            "b": {
                "cause": "test",
                "closes": ["gate"],
                "starts": "2020-01-01T20:00",
                "lasts": "on average 6 h, memoryless",
            },
        },
    }
    operation = from_data(changed(DATA, **gate))

    assert open_windows(operation, "pocket", 100.0) == [
        (0.0, 10.0),
        (14.0, 20.0),
        (26.0, 100.0),
    ]


@pytest.fixture(scope="module")
def scores(operation):
    moments = half_days(operation, FIGURES)[2:4]
    return rolling_scores(operation, FIGURES, moments, EFFORT)


def test_every_morning_and_evening_is_an_origin(operation):
    moments = half_days(operation, FIGURES)

    assert [moment.hour for moment in moments[:3]] == [8, 20, 8]
    assert moments[-1] < datetime.fromisoformat("2020-01-05T00:00")


def test_all_forecasters_are_scored_on_the_same(scores):
    for moment in {score.moment for score in scores}:
        rows = [score for score in scores if score.moment == moment]
        assert len(rows) == 6
        assert len({(score.figures, score.days) for score in rows}) == 1
        assert rows[0].forecaster == SIMULATION
        assert not isnan(rows[0].inside_90)
        assert isnan(rows[1].inside_90)


def test_scores_are_told_and_drawn(scores, operation):
    report = report_on_rolling(scores, operation, command="")

    assert len(report.data["rolling"].rows) == len(scores)
    assert len(compared(scores)) == 6
    assert len(rolling(scores, operation).axes) == 3


def test_moments_at_which_a_baseline_was_nearer_are_named(scores):
    ours, theirs = (
        next(s for s in scores if s.forecaster == name)
        for name in (SIMULATION, "constant rate")
    )
    better = replace(theirs, crps=ours.crps - 0.1)

    assert worse_at([ours, better], "constant rate") == [ours.moment]
    assert not worse_at([ours, replace(theirs, crps=ours.crps)], "constant rate")


def test_a_steady_operation_is_foreseen_by_a_constant_rate(scores):
    """220 people a day, every day: the simple forecast is right here, and says so."""
    by_name = {score.forecaster: score for score in compared(scores)}

    assert by_name["constant rate"].crps_days == pytest.approx(0, abs=1)
    assert (
        by_name[SIMULATION].crps_days < by_name["agreed total, spread evenly"].crps_days
    )
