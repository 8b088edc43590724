"""A forecast of a small operation whose end is known, and its scores."""

from dataclasses import fields, replace
from datetime import datetime
from math import inf, isnan

import numpy as np
import pytest

from sim.errors import EvidenceError
from sim.inference.arrival_curves import documented_series, open_windows
from sim.inference.comparators.registry import COMPARATORS
from sim.inference.forecast import forecasters as forecasters_of
from sim.inference.forecast.forecast import forecast
from sim.inference.forecast.forecasters import (
    POOL,
    SIMULATION,
    SiteDraws,
    forecasters,
    later_counts,
    mixed,
    pool_of,
    simulated,
    with_draws,
)
from sim.inference.forecast.pooled import earlier_moments, pooled_forecast
from sim.inference.forecast.quantiles import (
    LEVELS,
    at_levels,
    curve_quantiles,
    forecast_quantiles,
)
from sim.inference.forecast.rolling_origin import (
    CHOSEN,
    SHIPPED,
    apart,
    compared,
    half_days,
    rolling_scores,
    worse_at,
)
from sim.inference.forecast.rolling_score import documented_curve
from sim.inference.forecast.task import known_at
from sim.plots.forecast import fan
from sim.plots.rolling import rolling
from sim.report.forecast import report_on_forecast
from sim.report.rolling import report_on_rolling
from sim.scenario import from_data
from sim.words import Words
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


def test_what_speaks_of_the_moment_itself_is_no_prediction(operation):
    """Published later, of a total and of an end: the next second is predicted."""
    ends = {
        "metric": "last_arrival",
        "unit": "time",
        "low": None,
        "bound": "exact",
        "from": None,
        "published": "2020-01-09T00:00",
    }

    def later(moment, best):
        total = arrived(
            "total", 300, 2, published="2020-01-09T00:00", **{"from": moment}
        )
        end = arrived("end", 0, 2, **(ends | {"best": best, "high": None}))
        _, entries, known = known_at(operation, (total, end), MOMENT)
        return {entry.figure.id for entry in entries[known:]}

    assert later("2020-01-02T08:00", "2020-01-02T08:00") == set()
    assert later("2020-01-02T08:02", "2020-01-02T08:01") == {"total", "end"}


def test_other_figures_of_later_change_nothing(operation, made):
    """Only their predictions have other names; the draws are the same to the bit."""
    others = (FIGURES[0], arrived("other", 2_900, 4))
    again = forecast(operation, others, MOMENT, EFFORT)

    assert np.array_equal(again.outcomes.totals, made.outcomes.totals)
    assert np.array_equal(again.outcomes.done_h, made.outcomes.done_h)


def test_another_figure_of_before_changes_the_forecast(operation, made):
    """Negative control: more people on the first day, more on the days after.

    By 3,000 runs weighed by the likelihood the medians are 212 and 256 people.
    """
    more = (arrived("day-2", 500, 2), *FIGURES[1:])
    again = forecast(operation, more, MOMENT, EFFORT)

    assert median_of_tomorrow(again) > 1.1 * median_of_tomorrow(made)


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
def done(operation):
    moments = half_days(operation, FIGURES)[2:5:2]
    return rolling_scores(operation, FIGURES, moments, EFFORT)


def test_every_morning_and_evening_is_an_origin(operation):
    moments = half_days(operation, FIGURES)

    assert [moment.hour for moment in moments[:3]] == [8, 20, 8]
    assert moments[-1] < datetime.fromisoformat("2020-01-05T00:00")


EVERYBODY = {SIMULATION, POOL, SHIPPED, CHOSEN, *COMPARATORS}


@pytest.mark.slow
def test_all_forecasters_are_scored_on_the_same(done):
    for moment in {score.moment for score in done.scores}:
        rows = [score for score in done.scores if score.moment == moment]
        assert {row.forecaster for row in rows} == EVERYBODY
        assert len(rows) == len(EVERYBODY)
        assert len({(score.figures, score.days) for score in rows}) == 1
        assert not any(isnan(row.inside_90 + row.interval_score) for row in rows)


@pytest.mark.slow
def test_what_is_shipped_is_the_pool_or_the_simulation(done):
    for choice in done.choices:
        by_name = {
            row.forecaster: replace(row, forecaster="")
            for row in done.scores
            if row.moment == choice.moment
        }
        assert by_name[SHIPPED] == by_name[choice.shipped]
        assert by_name[CHOSEN] == by_name[choice.comparator]


def test_the_second_moment_learns_from_the_first(done):
    """Between them the figure of the third day was published."""
    first, second = done.choices

    assert first.figures == 0
    simulation, *comparators = first.weights.values()
    assert simulation == pytest.approx(0.5)
    assert len(set(comparators)) == 1
    assert second.figures == 1
    assert len(set(second.weights.values())) > 2


def test_scores_are_told_and_drawn(done, operation):
    report = report_on_rolling(done, operation, command="")

    assert len(report.data["rolling"].rows) == len(done.scores)
    assert len(report.data["weights"].rows) == 2 * (1 + len(COMPARATORS))
    assert len(compared(done.scores)) == len(EVERYBODY)
    assert len(rolling(done.scores, operation).axes) == 3


def test_moments_at_which_a_comparator_was_nearer_are_named(done):
    ours, theirs = (
        next(s for s in done.scores if s.forecaster == name)
        for name in (SHIPPED, "constant rate")
    )
    better = replace(theirs, crps=ours.crps - 0.1)

    assert worse_at([ours, better], "constant rate") == [ours.moment]
    assert not worse_at([ours, replace(theirs, crps=ours.crps)], "constant rate")


def test_differences_are_paired_by_moment(done):
    found = apart(done.scores, SHIPPED, CHOSEN)
    means = {row.forecaster: row.crps for row in compared(done.scores)}

    assert found.moments == 2
    assert found.mean == pytest.approx(means[SHIPPED] - means[CHOSEN])


def test_a_steady_operation_is_foreseen_by_a_constant_rate(done):
    """220 people a day, every day: the simple forecast is right here, and says so."""
    by_name = {score.forecaster: score for score in compared(done.scores)}

    assert (
        by_name["constant rate"].crps_days
        < by_name["agreed total, spread evenly"].crps_days
    )


def test_a_forecast_of_a_pool_says_of_a_site_what_the_pool_does(made):
    everybody = forecasters(made, "pocket", seed=1)
    weights = {name: 1 / len(everybody) for name in everybody}
    rng = np.random.default_rng(1)
    said = mixed(everybody, weights, len(made.outcomes.totals), rng)
    pooled = with_draws(made, "pocket", said)

    assert np.array_equal(simulated(pooled, "pocket").reports, said.reports)
    assert np.array_equal(pooled.to_leave("pocket"), said.people)
    assert np.array_equal(pooled.done_h("pocket", nearly=True), said.nearly_h)
    assert np.array_equal(pooled.chance.totals, made.chance.totals)
    begins, ends = pooled.days[1]
    assert np.array_equal(
        pooled.arrivals("pocket", begins, ends), said.arrivals(made, begins, ends)
    )


def test_who_has_no_draw_in_a_pool_is_not_asked_and_changes_nothing(made, monkeypatch):
    """Of 60 draws, a thousandth of the weight has none."""
    everybody = forecasters(made, "pocket", seed=1)
    weights = dict.fromkeys(everybody, 0.0) | {
        SIMULATION: 0.001,
        "constant rate": 0.599,
        "damped trend": 0.4,
    }
    wanted = pool_of(made, "pocket", weights, 1, everybody)
    asked = []

    def noted(made, site, seed, names):
        asked.extend(names)
        return forecasters(made, site, seed, names)

    monkeypatch.setattr(forecasters_of, "forecasters", noted)
    found = pool_of(made, "pocket", weights, 1)
    assert set(asked) == {"damped trend", "constant rate"}
    for field in fields(SiteDraws):
        one, other = (getattr(each, field.name) for each in (found, wanted))
        assert np.array_equal(one, other)


def test_draws_that_have_a_run_in_common_are_said_to_be_worth_less(made, operation):
    def known(effective):
        told = replace(made, effective=effective)
        known, *_ = report_on_forecast(told, operation, command="again").sections
        return Words().of(known.parts[0])

    assert "they are worth 12 independent draws." in known(12.0)
    assert "independent" not in known(float(made.distinct))
    assert 0 < made.effective <= made.distinct


def test_all_go_on_from_the_same_people(made):
    """Nobody's curve falls after the moment, whoever draws it."""
    for said in forecasters(made, "pocket", seed=1).values():
        assert (np.diff(said.totals, axis=1) >= -1e-6).all()
        assert said.reports.shape[1] == len(later_counts(made, "pocket")) == 3


@pytest.mark.slow
def test_a_forecast_learns_from_the_days_before(operation):
    """On the fourth day two mornings before had foretold what is public by then."""
    moment = datetime.fromisoformat("2020-01-04T08:00")
    earlier = earlier_moments(operation, FIGURES, moment)
    pooled = pooled_forecast(operation, FIGURES, moment, EFFORT)

    assert [each.day for each in earlier] == [1, 2, 3]
    (choice,) = pooled.followed
    assert (choice.site, choice.figures) == ("pocket", 3)
    assert choice.shipped in {POOL, SIMULATION}


@pytest.mark.slow
def test_what_is_published_later_changes_no_weight(operation):
    moment = datetime.fromisoformat("2020-01-04T08:00")
    others = (*FIGURES[:3], arrived("other", 2_900, 5))
    one, two = (
        pooled_forecast(operation, figures, moment, EFFORT).followed
        for figures in (FIGURES, others)
    )

    assert one == two
