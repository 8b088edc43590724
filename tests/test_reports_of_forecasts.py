"""What is said of forecasts: the same numbers in every form, and how sure they are."""

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from sim.inference.comparators.registry import COMPARATORS
from sim.inference.forecast.changes import (
    EndNotKnown,
    FlowNotKnown,
    GoesOn,
    MayStop,
    NotKnown,
    Opens,
    PlanKnown,
    StopsAsWritten,
    VehiclesNotKnown,
)
from sim.inference.forecast.forecast import forecast
from sim.inference.forecast.forecasters import POOL, SIMULATION
from sim.inference.forecast.pool import choice_at
from sim.inference.forecast.quantiles import forecast_quantiles
from sim.inference.forecast.rolling_origin import (
    CHOSEN,
    SHIPPED,
    Rolling,
)
from sim.inference.forecast.rolling_score import RollingScore
from sim.plots import PICTURES
from sim.report.forecast import answer, report_on_forecast
from sim.report.limits import NOT_FOR
from sim.report.not_known import forgotten, titled
from sim.report.rolling import answer as answer_of_scores
from sim.report.rolling import report_on_rolling
from sim.scenario import from_data, load
from sim.words import Words
from tests.commands import flat
from tests.foreseen import DATA, EFFORT, FIGURES, MOMENT
from tests.forms import on_a_terminal, shown

OPERATION = from_data(DATA)
TOLD = 7_777
"""A number that nothing comes to by itself."""
words = Words()


@pytest.fixture(scope="module")
def made():
    return forecast(OPERATION, FIGURES, MOMENT, EFFORT)


def changed(made, **changes):
    """Return a forecast of which some outcomes are other ones."""
    return replace(made, outcomes=replace(made.outcomes, **changes))


def with_tomorrow(made, people):
    """Return a forecast in which so many arrive tomorrow, whatever happens."""
    begins, _ = made.days[1]
    after = np.array(made.grid_s) > begins
    start = made.outcomes.totals[:, :, [made.grid_s.index(begins)]]
    totals = np.where(after, start + people, made.outcomes.totals)
    return changed(made, totals=totals)


def done_at(made, nearly_h, done_h):
    """Return a forecast of which it is known when people have arrived."""
    draws = made.outcomes.nearly_h.shape
    return changed(
        made, nearly_h=np.full(draws, nearly_h), done_h=np.full(draws, done_h)
    )


def of(made):
    return report_on_forecast(made, OPERATION, command="")


def in_words(made):
    return words.of(answer(made, forecast_quantiles(made)))


def holds_it(text):
    return re.search(r"(?<![\d.])7,?777(?![\d.])", text) is not None


def scores(ours, theirs, moments=2):
    """Return scores of some moments, those of comparators beside ours."""
    return [
        RollingScore(
            *(MOMENT + timedelta(days=day), "pocket", name, 3, crps, 2, 9.0, 1.0),
            *(0.5, 0.9, 100.0, crps),
        )
        for day in range(moments)
        for name, crps in (
            *((name, ours) for name in (SIMULATION, POOL, SHIPPED)),
            *((name, theirs) for name in (CHOSEN, *COMPARATORS)),
        )
    ]


def of_scores(*crps):
    done = Rolling(tuple(scores(*crps)), (choice_at(MOMENT, "pocket", []),))
    return report_on_rolling(done, OPERATION, command="")


def test_a_number_of_a_forecast_is_the_same_in_every_form(made, tmp_path):
    for found in (made, with_tomorrow(made, TOLD)):
        for form, text in shown(of(found), tmp_path).items():
            assert holds_it(text) is (found is not made), form


def test_a_score_is_the_same_in_every_form(tmp_path):
    for crps in (1.5, 777.75):
        for form, text in shown(of_scores(crps, 2.0), tmp_path).items():
            assert ("777.75" in text) is (crps > 2), form


def test_a_planner_in_a_hurry_reads_when_and_how_sure_that_is(made):
    assert in_words(done_at(made, 60, 72.5)) == (
        "95% of the people of pocket are expected to have arrived by 2020-01-03 12:00 "
        "(50 %: 2020-01-03 12:00; 90 %: 2020-01-03 12:00). All are expected by "
        "2020-01-04 00:30 (50 %: 2020-01-04 00:30; 90 %: 2020-01-04 00:30). Not for "
        "timing live movements: nothing here knows what armed parties will do, and a "
        "stoppage to come is drawn from averages."
    )


def test_what_is_not_expected_is_said(made):
    said = in_words(done_at(made, np.inf, np.inf))
    assert said.startswith(
        "95% of the people of pocket are not expected to have arrived in the 10 days "
        "that are run (50 %: not by the end; 90 %: not by the end). That all arrive in "
        "this time is not expected"
    )


def test_intervals_may_have_no_end(made):
    hours = np.where(np.arange(len(made.outcomes.done_h)) % 3, 60.0, np.inf)[:, None]
    said = in_words(changed(made, nearly_h=hours))
    assert "(50 %: 2020-01-03 12:00 to not by the end; 90 %" in said


def test_a_picture_has_its_numbers_beside_it_and_says_what_it_shows(made):
    for report in (of(made), of_scores(1, 2)):
        (picture,) = report.pictures()
        assert picture.name in PICTURES
        assert words.of(picture.alternative)
        assert list(picture.table.rows)


def test_the_numbers_beside_a_picture_are_those_that_it_draws(made):
    (picture,) = of(made).pictures()
    figure = PICTURES["forecast"](*picture.arguments)
    (median,) = [
        line for line in figure.axes[0].get_lines() if line.get_gid() == "median"
    ]
    beside = [row[1].middle.value for row in picture.table.rows]
    assert beside == median.get_ydata().tolist()


def test_later_figures_are_counted_against_their_intervals(made):
    said = flat(on_a_terminal(of(made)))
    inside = [row[-1] for row in of(made).data["figures"].rows if row[5] == "predicted"]
    later = inside.count("yes")
    assert f"Published later: {later} of 3 figures lie inside" in said


def test_moments_of_figures_are_dates(made):
    """The last arrival is documented for hour 72.5; runs say other moments."""
    entry = made.entries[made.known]
    claim = replace(
        entry.claim, unit="time", scale="hours", grain=0.0, best=72.5, low=72, high=73
    )
    entries = list(made.entries)
    entries[made.known] = replace(entry, claim=claim)
    reports = np.array(made.reports)
    reports[:, made.known] = 48
    row = of(replace(made, entries=tuple(entries), reports=reports)).data["figures"]
    figure = row.rows[made.known]

    assert figure[6] == "2020-01-04T00:30:00+00:00"
    assert set(figure[7:12]) == {"2020-01-03T00:00:00+00:00"}


def test_nobody_reads_of_a_forecast_without_what_it_is_not_for(made, tmp_path):
    for report in (of(made), of_scores(1, 2)):
        for form, text in shown(report, tmp_path).items():
            assert NOT_FOR.one in flat(text) or form == "csv"


def test_it_is_said_if_a_comparator_was_nearer():
    nearest = words.of(answer_of_scores(scores(1, 2, 4), OPERATION))
    beaten = words.of(answer_of_scores(scores(2, 1, 4), OPERATION))
    assert nearest.startswith(
        "What is shipped was as near to the later figures of pocket as the comparator "
        "that earlier moments would have chosen, or nearer: its mean CRPS is 1.00, "
        "that of the comparator 2.00. The comparator was nearer at 0 of 4 moments. The "
        "convoys add to the forecast"
    )
    assert beaten.startswith(
        "The comparator that earlier moments would have chosen was nearer to the later "
        "figures of pocket than what is shipped: its mean CRPS is 1.00, and 2.00 that "
        "of what is shipped. The comparator was nearer at 4 of 4 moments. The convoys "
        "add nothing to the forecast here"
    )


def test_of_too_few_moments_it_is_not_said_that_convoys_add_anything():
    said = words.of(answer_of_scores(scores(1, 2, 2), OPERATION))

    assert "It is not shown that the convoys add to the forecast" in said
    assert "-1.00 [not known, not known]" in said


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (NotKnown("stoppage", "halt-20-21-dec"), "stoppage Halt of 20 and 21 December"),
        (
            GoesOn("suspension-16-18-dec", 9, None),
            "the end of Suspension of 16 to 18 December",
        ),
        (FlowNotKnown("east-aleppo", ""), "flow East Aleppo, buses and ambulances"),
        (VehiclesNotKnown("green-buses", 9, known=True), "9 vehicles more in green-b"),
    ],
)
def test_what_is_forgotten_is_told_by_its_title(change, what):
    world = load("aleppo-2016")
    told, _ = forgotten(titled(change, world), world.clock)

    assert words.of(told).startswith(what)


@pytest.mark.parametrize(
    ("change", "what", "instead"),
    [
        (NotKnown("agreement", "a"), "agreement a", "nobody moves under it"),
        (
            NotKnown("terms", "a"),
            "the terms of a after the moment",
            "the terms that were in force",
        ),
        (NotKnown("stoppage", "a"), "stoppage a", "may come at random"),
        (NotKnown("weather", "a"), "weather a", "good weather"),
        (FlowNotKnown("a", "b"), "flow a", "b goes on"),
        (FlowNotKnown("a", ""), "flow a", "nothing goes on"),
        (
            VehiclesNotKnown("a", 1_231, known=True),
            "1231 vehicles more in a",
            "the fleet stays as it is",
        ),
        (
            VehiclesNotKnown("a", 3, known=False),
            "3 vehicles more in a",
            "no such vehicles",
        ),
        (
            GoesOn("a", 24.2, None),
            "the end of a",
            "it goes on for 24 h in the middle case",
        ),
        (
            GoesOn("a", 24, 86_400),
            "the end of a",
            "it goes on for 24 h, until 2020-01-02 00:00",
        ),
        (Opens("a", None), "when a opens", "the moment of the forecast"),
        (Opens("a", 93_600), "when a opens", "2020-01-02 02:00, as planned"),
        (
            StopsAsWritten("a", ("b", "c")),
            "stoppages to come at a",
            "those that the scenario draws at random: b, c",
        ),
        (
            PlanKnown(3_600),
            "what joins, opens or begins later",
            "kept as planned: the plan was known since 2020-01-01 01:00",
        ),
        (
            MayStop("a", 19.2, 22.4),
            "stoppages to come at a",
            "one in 19 h of open gates, for 22 h, on average",
        ),
        (EndNotKnown(10), "when it all ended", "the next 10 days are run"),
    ],
)
def test_what_is_forgotten_and_assumed_is_in_words(change, what, instead):
    assert tuple(map(words.of, forgotten(change, OPERATION.clock))) == (what, instead)
