"""What becomes of a stoppage that may come in forecasts, comparators and reports."""

from datetime import datetime

import pytest

from sim.exports.checklists.of_scenario import stoppages as counted
from sim.inference.arrival_curves import open_windows
from sim.inference.as_it_came import as_it_came
from sim.inference.forecast.as_of import AHEAD_DAYS, as_of
from sim.inference.forecast.changes import MayCome, NotKnown
from sim.inference.problem import prepared
from sim.inference.validation.ablation import ABLATIONS, without
from sim.model import simulate
from sim.model.luck import stoppage_comes
from sim.model.streams import Streams
from sim.page.field_forms import new_part
from sim.report.by_chance import left_to_chance, not_begun
from sim.report.explanation import report_on_longest_waits
from sim.report.not_known import forgotten
from sim.report.scenario import report_on_scenario
from sim.scenario import from_data
from sim.scenario.nodes import Source
from sim.scenario.nodes import from_data as tree_of
from tests.builders import at, changed, documented_figure, halt, in_words, shuttle

MOMENT = datetime(2020, 1, 2, 6)
GATED = changed(
    shuttle(), gates__gate={}, routes__out__through=["gate", "road"], ends=at(9 * 1440)
)
TO_COME = halt("gate", 2880, 4320, chance="1 in 3")
IS_OVER = halt("gate", 60, 600, chance="1 in 3")


def world(**plan):
    return from_data(changed(GATED, stoppages__halt={**TO_COME, **plan}))


def then(figures=(), **plan):
    return as_of(world(**plan), figures, MOMENT)


# Forecasts


@pytest.mark.parametrize("plan", [TO_COME, IS_OVER], ids=["to come", "over"])
def test_it_is_kept_with_its_chance_before_its_moment_and_after_it(plan):
    found = then(**plan)
    kept = found.operation.stoppages["halt"]

    assert kept == world(**plan).stoppages["halt"]
    assert MayCome("halt", 1 / 3) in found.changes
    assert "halt-goes-on" not in found.operation.stoppages


def test_without_a_chance_the_same_is_forgotten_and_a_chance_of_1_is_as_none():
    for chance in ({"chance": None}, {"chance": 1}):
        plan = {key: v for key, v in {**TO_COME, **chance}.items() if v is not None}
        found = as_of(from_data(changed(GATED, stoppages__halt=plan)), (), MOMENT)

        assert NotKnown("stoppage", "halt") in found.changes
        assert "halt" not in found.operation.stoppages


def test_it_may_hang_on_what_happens_and_begin_with_a_convoy():
    begins = {"flow": "evacuation", "convoy": 2, "at": "gate"}
    plan = {key: v for key, v in TO_COME.items() if key not in {"starts", "until"}}
    with_convoy = {**plan, "starts_with": begins, "lasts": "5 h"}
    hanging = {**plan, "starts": "2 d after evacuation begins", "lasts": "5 h"}
    for said in (with_convoy, hanging):
        world_of = from_data(changed(GATED, stoppages__halt=said))
        kept = as_of(world_of, (), MOMENT).operation.stoppages["halt"]
        assert kept.chance == 1 / 3
    assert kept.starts == 2 * 86_400


def test_a_fear_of_which_no_row_was_public_is_not_known():
    late = documented_figure(id="F-1", published="2020-01-03T00:00")

    assert NotKnown("stoppage", "halt") in then((late,), evidence=["F-1"]).changes


def test_a_forecast_looks_as_far_as_what_is_feared():
    far = halt("gate", 60, 8 * 1440, chance=0.5)
    long = from_data(changed(GATED, ends=at(20 * 1440), stoppages__halt=far))
    beyond = changed(GATED, ends=at(20 * 1440))
    later = halt("gate", 13 * 1440, 14 * 1440, chance=0.5)

    assert as_of(long, (), MOMENT).operation.ends == (1 + AHEAD_DAYS) * 86_400 + 21_600
    found = as_of(from_data(changed(beyond, stoppages__halt=later)), (), MOMENT)
    assert found.operation.ends > 14 * 86_400


def test_its_luck_is_that_of_the_scenario():
    """In as many runs it comes, and in the same ones."""
    operation = then().operation
    for seed in range(6):
        begun = [
            event.place
            for event in simulate(operation, seed=seed).events
            if event.kind == "stoppage_began"
        ]
        comes = stoppage_comes(Streams(seed, 0), 1 / 3, "halt")
        assert ("halt" in begun) == comes


def test_its_range_is_drawn_still():
    data = changed(GATED, stoppages__halt=TO_COME)
    data["uncertain"] = {
        "stoppages.halt.chance": {"spread": "10 % to 50 %"},
        "stoppages.halt.starts": {"spread": f"{at(2820)} to {at(2940)}"},
    }
    found = as_of(from_data(data), (), MOMENT).operation.uncertain

    assert {"stoppages.halt.chance", "stoppages.halt.starts"} <= {*found}


def test_what_is_known_with_it_can_be_fitted_to_figures():
    public = documented_figure(published="2020-01-02T00:00")
    found = then((public,))
    ready = prepared(found.operation, (public,), published_by=MOMENT)
    counted = ready.simulator([0.5] * ready.prior.size, [1, 2])

    assert (counted == 100).all()  # all had arrived, whether the halt comes or not


def test_the_table_of_what_is_not_known_says_so():
    found = then()
    (change,) = (each for each in found.changes if isinstance(each, MayCome))
    what, instead = map(in_words, forgotten(change, found.operation.clock))

    assert what == "whether halt comes"
    assert instead == "it does in 33% of the runs, as the scenario says"


# As it came, and what comparators know


def test_its_dates_are_those_that_it_has_if_it_comes():
    """However seldom: nobody is told that it did not come."""
    hanging = {"starts": "2 h after evacuation begins", "chance": "2 %"}
    told = as_it_came(world(**hanging)).stoppages["halt"]

    assert (told.starts, told.chance) == (7200, 0.02)


def test_comparators_count_the_gate_open_while_it_may_be():
    assert open_windows(world(**IS_OVER), "pocket", 48) == [(0.0, 48)]
    sure = from_data(changed(GATED, stoppages__halt=halt("gate", 60, 600)))
    assert open_windows(sure, "pocket", 48) == [(0.0, 1.0), (10.0, 48)]


@pytest.mark.parametrize("name", ABLATIONS)
def test_what_is_left_without_a_part_can_be_run(name):
    log = simulate(without(world(), name), seed=1)

    assert "arrived" in {event.kind for event in log.events}


# In words


def test_a_scenario_says_in_how_many_runs_it_comes():
    report = report_on_scenario(world(cause="Closed"), ())
    says, moments = (section.parts[0] for section in report.sections[:2])

    assert (
        "Closed: closes gate, from 2020-01-03 00:00, until 2020-01-04 00:00; it comes "
        "in 33% of the runs."
    ) in map(in_words, says.texts)
    of_what = [in_words(row[1]) for row in moments.rows]
    assert "Closed: Starts, in 33% of the runs" in of_what


def test_a_run_says_what_is_left_to_chance():
    (said,) = map(in_words, left_to_chance(world()))

    assert said == (
        "a halt: whether it comes at all is drawn in each run, with a chance of 33% "
        "(stoppages.halt.chance)."
    )


def test_a_look_at_one_run_says_if_it_did_not_begin():
    operation = world(starts=at(60))
    for seed in range(8):
        log = simulate(operation, seed=seed)
        said = [in_words(text) for text in not_begun(operation, log)]
        comes = stoppage_comes(Streams(seed, 0), 1 / 3, "halt")
        assert said == (
            []
            if comes
            else ["a halt does not begin in this run; it comes in 33% of the runs."]
        )
        report = report_on_longest_waits(operation, log, replication=0, seed=seed)
        assert ("does not begin" in in_words(report.answer)) != comes


def test_a_checklist_counts_it_among_what_is_given():
    assert in_words(counted(world())) == (
        "Stoppages: 1 given, 1 of them with a chance of coming; 0 that come at random."
    )


# On the page


def test_the_form_of_a_stoppage_has_its_field_with_meaning_unit_and_bounds():
    part = new_part(tree_of(GATED, Source("")), "stoppages")
    (form,) = (each for each in part.others if each.field.steps[-1] == "chance")

    assert form.example == "60 %"
    assert in_words(form.field.heading) == "Chance of coming"
    assert in_words(form.field.absent) == "it comes."
    assert (form.takes.kind, form.takes.least, form.takes.most) == ("share", "0", "1")
    assert form.takes.examples == ("60 %", "1 in 3")
