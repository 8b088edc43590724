"""Each past operation foretold from the others: what is known, and how it is scored."""

import re
from datetime import datetime
from io import StringIO
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from sim.errors import OptionError, ScenarioError
from sim.inference.past_operations.cases import cases_in
from sim.inference.past_operations.foretold import (
    at_rate,
    batches_h,
    by_others,
    by_simulation,
    evenly,
    mean_rate,
)
from sim.inference.past_operations.leave_one_out import (
    LEVELS,
    RIVALS,
    Method,
    _row,
    left_one_out,
)
from sim.past.facts import past_operations
from sim.report.forms.csv_file import as_csv
from sim.report.forms.terminal import as_terminal
from sim.report.leave_one_out import report_on_leave_one_out
from sim.studies.past import _rate_of_aleppo, left_out_in_turn, shown
from sim.words import Words
from tests.commands import call

ROOT = Path(__file__).parents[1]
PAST = ROOT / "scenarios" / "past"
FEWEST = 8
"""Operations that are asked for at least."""


@pytest.fixture(scope="module")
def cases():
    return {case.id: case for case in cases_in(PAST)}


@pytest.mark.slow
def test_there_are_enough_operations_to_tell(cases):
    assert len(cases) >= FEWEST
    assert all(len(case.counts) >= 2 and case.last for case in cases.values())


def test_no_case_takes_anything_from_itself(cases):
    for name, case in cases.items():
        known = past_operations().operations[name]
        own = {row.value for row in past_operations().facts if row.operation == name}
        assert own
        assert known.id == name
        for plan in case.operation.uncertain.values():
            assert plan.spread.startswith("about ")
            assert "Like past operations" in plan.note


def test_a_case_that_takes_from_itself_is_refused(tmp_path):
    text = (PAST / "DAMS18" / "scenario.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "DAMS18"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(
        text.replace(", without DAMS18", "", 1), encoding="utf-8"
    )

    with pytest.raises(ScenarioError, match="DAMS18 itself; add 'without DAMS18'"):
        cases_in(tmp_path)


def test_a_folder_without_scenarios_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="there are no scenarios"):
        cases_in(tmp_path)


def test_a_case_of_no_past_operation_is_refused(tmp_path):
    (tmp_path / "ROME44").mkdir()
    (tmp_path / "ROME44" / "scenario.yaml").write_text("operation: x")

    with pytest.raises(ScenarioError, match="ROME44 is not a past operation"):
        cases_in(tmp_path)


@pytest.mark.slow
def test_totals_never_fall_and_are_what_the_facts_add_up_to(cases):
    for case in cases.values():
        for site in case.origins:
            best = [each.best for each in case.counts if each.origin == site]
            assert best == sorted(best)
    facts = {row.id: row for row in past_operations().facts}
    second = facts["DAMS18-001"].value + facts["DAMS18-004"].value
    assert cases["DAMS18"].counts[1].best == second


def test_days_are_counted_from_the_first(cases):
    """It may set out at 06:00 of the first day."""
    days = cases["DAMS18"].days_until(np.array([0.0, 17.9, 18.1, 42.1]))

    assert days.tolist() == [1, 1, 2, 3]


def test_an_even_spread_is_exact(cases):
    """8,000 people in five days, first looked at 18 hours after it may begin."""
    it = evenly(cases["BARZ17"], 3)

    assert it.totals[0, 0] == pytest.approx(8000 * 18 / 120)
    assert it.totals[:, -1].tolist() == [8000] * 3
    assert it.days.tolist() == [5] * 3


def test_without_a_time_announced_it_is_that_of_the_class(cases):
    case = cases["KHAN16"]
    hours = batches_h(case, 2900)

    assert case.days is None
    assert evenly(case, 1).days[0] == pytest.approx(hours / 24)


def test_a_rate_is_exact(cases):
    it = at_rate(cases["KHAN16"], 2, 100.0)

    assert it.totals[0].tolist() == [1800, 2900]
    assert it.days[0] == pytest.approx(29 / 24)
    noon, later = datetime(2016, 12, 1, 12), datetime(2016, 12, 2, 12)
    assert mean_rate(2400, noon, later) == 100
    with pytest.raises(ValueError, match="is not after"):
        mean_rate(2400, later, noon)


def test_the_class_alone_knows_nothing_of_the_operation(cases):
    """Every draw is of another operation, its people over its days."""
    case = cases["WADI17"]
    facts = past_operations().facts
    others = {
        row.value
        for row in facts
        if row.quantity == "people_left" and row.operation != "WADI17"
    }

    found = by_others(case, 50, 1).totals.max(axis=1)
    assert all(any(n >= most - 1e-6 for n in others) for most in found)


def test_the_same_seed_foretells_the_same(cases):
    one, other = (by_simulation(cases["WADI17"], 5, seed=1) for _ in range(2))

    assert (one.totals == other.totals).all()
    assert (one.days == other.days).all()
    assert (one.totals != by_simulation(cases["WADI17"], 5, seed=2).totals).any()


def scored(draws, low, best, high):
    said = dict.fromkeys(Method, np.array(draws, np.float64))
    return _row("x", low, best, high, said, is_time=True)


def test_a_score_is_that_of_logarithms():
    """Of one value e times too high the CRPS is 1; so is the interval score."""
    row = scored([exp(3)] * 50, exp(2), exp(2), exp(2))

    assert row.crps[Method.SIMULATION] == pytest.approx(1)
    assert row.interval_score[Method.SIMULATION] == pytest.approx(1)
    assert row.inside == (False, False)


def test_inside_is_whether_intervals_meet():
    draws = np.exp(np.linspace(0, 1, 101))

    assert scored(draws, 2, 2, 2).inside == (True, True)
    assert scored(draws, 1.1, 1.1, 1.1).inside == (False, True)
    assert scored(draws, 3, 4, 4).inside == (False, False)
    assert scored(draws, 1.2, 1.2, 1.3).inside == (True, True)


@pytest.fixture(scope="module")
def some(cases):
    chosen = [cases["WADI17"], cases["HOMF14"]]
    return left_one_out(chosen, 200.0, draws=30, seed=1)


def test_the_result_counts_what_its_rows_say(some):
    for at, level in enumerate(LEVELS):
        assert some.inside(level)[0] == sum(row.inside[at] for row in some.rows)
    for rival in RIVALS:
        assert some.beaten(rival) == sum(
            each.crps(Method.SIMULATION) < each.crps(rival) for each in some.operations
        )
    assert some.in_time == sum(0.5 <= each.ratio <= 2 for each in some.operations)


def test_the_report_names_every_miss(some):
    report = report_on_leave_one_out(some)
    console = Console(record=True, width=160, file=StringIO())
    for part in as_terminal(report, Words()):
        console.print(part)
    (told,) = re.findall(r"Outside 90 percent: ([^.]+)\.", console.export_text())

    outside = {row.figure for row in some.rows if not row.inside[-1]}
    assert set(re.findall(r"[A-Z0-9]+-\w+", told)) == outside
    rows = as_csv(report.data["leave_one_out"]).splitlines()
    assert len(rows) == 1 + len(some.rows)


def test_the_rate_of_aleppo_is_that_of_its_table():
    """35,000 people from 15:35 on 15 December to 22:00 on the 22nd."""
    hours = 7 * 24 + 6 + 25 / 60

    assert _rate_of_aleppo() == pytest.approx(35_000 / hours)


def test_a_class_is_shown_with_what_it_rests_on():
    rows = as_csv(shown("syria").data["past"]).splitlines()

    assert rows[1].startswith("people on a bus,all,people,23,55,")


def test_an_unknown_war_or_operation_is_refused():
    with pytest.raises(OptionError, match="there is no war 'rome'"):
        shown("rome")
    with pytest.raises(OptionError, match="there is no past operation 'X'"):
        shown("", ["X"])
    with pytest.raises(OptionError, match="the scenarios say it themselves"):
        left_out_in_turn(20, 1, "syria")


def test_the_command_prints_the_class():
    done = call("past", "--war", "syria", "--without", "WAER17")

    assert done.exit_code == 0
    assert "people on a bus" in done.output


@pytest.mark.slow
def test_what_is_claimed_of_the_forecasts_holds(cases):
    """As docs/past-operations.md has it; the goals that are missed are named there."""
    done = left_one_out(tuple(cases.values()), _rate_of_aleppo())

    inside_half, fewest_half = done.inside(0.5)
    assert inside_half >= fewest_half
    own, others = (
        done.interval_score(method) for method in (Method.SIMULATION, Method.OTHERS)
    )
    assert own < others
    two_thirds = 2 * len(done.operations) / 3
    assert done.beaten(Method.EVENLY) >= two_thirds
    assert done.beaten(Method.RATE) >= two_thirds
    claimed = (ROOT / "docs" / "past-operations.md").read_text(encoding="utf-8")
    number, fewest = done.inside(0.9)
    assert f"{number} of {len(done.rows)} figures" in claimed
    assert f"{fewest} or more" in claimed
    assert f"in {done.in_time} of {len(done.operations)}" in claimed
    assert log(own / others) < 0
