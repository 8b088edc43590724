"""What is said of several scenarios: the same numbers in every form, and no more."""

import re
from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from sim.errors import OptionError
from sim.experiment import Failure, Job, NamedStudy, Runner, compare, run_study
from sim.experiment.compare import (
    Lacking,
    OtherEnd,
    OtherStart,
    Overdrawn,
    Undrawn,
)
from sim.experiment.designs import design
from sim.experiment.pool import Here
from sim.experiment.ranking import ranked
from sim.experiment.store import Memory
from sim.experiment.sweep import swept
from sim.plots import PICTURES
from sim.report.cautions import of_points, of_variant
from sim.report.comparison import answer, report_on_comparison
from sim.report.selection import report_on_selection
from sim.report.sweep import answer as answer_of_sweep
from sim.report.sweep import report_on_sweep
from sim.scenario import amended
from sim.statistics.intervals import paired
from sim.statistics.selection import Contest
from sim.studies import comparison, sweep
from sim.studies.finish import finished
from sim.studies.options import Amount
from sim.studies.told import Caller
from sim.studies.unfinished import begun
from sim.words import Words
from tests.builders import operation
from tests.commands import flat
from tests.forms import on_a_terminal, shown
from tests.test_compare import LIVELY, TWICE, told

T100, WAITING, USE = "t100/pocket", "waiting/pocket", "fleet_use/buses"
BASE = operation(operation="base", **LIVELY)
TOLD = 777.75
"""A number that nothing comes to by itself."""
words = Words()

QUIETLY = Caller(pictures=False)


@pytest.fixture(scope="module")
def study():
    return run_study(BASE, seed=1, replications=20)


def compared(study, *variants, base=None, metrics=(T100,)):
    """Return a comparison of made-up numbers: for each side, by metric."""
    sides = [
        NamedStudy(name, told(study, **numbers))
        for name, numbers in (("base", base or {T100: [10] * 6}), *variants)
    ]
    return compare(sides[0], sides[1:], metrics)


def holds_it(text):
    """Return whether a text holds `TOLD`, whole or with one decimal."""
    return re.search(r"(?<![\d.])777\.(75|8)(?!\d)", text) is not None


def in_words(found):
    return words.of(answer(found))


def chosen(**numbers):
    """Return a choice among two variants, of which some have made-up numbers."""
    worlds = {"base": BASE, "twice": operation(operation="twice", **LIVELY, **TWICE)}
    jobs = [Job(world, (), 1) for world in worlds.values()]
    runner = Runner(jobs, [Memory(), Memory()], Here())
    ranking = ranked(runner, tuple(worlds), WAITING, Contest(20, first=5, most=9))
    means = {name: float(np.mean(column)) for name, column in numbers.items()}
    return replace(
        ranking,
        numbers={**ranking.numbers, **numbers},
        selection=replace(
            ranking.selection, means={**ranking.selection.means, **means}
        ),
    )


def points(study, vary, *numbers, metrics=(T100,)):
    """Return a sweep whose points have made-up numbers, and their studies."""
    made = design(vary, BASE.clock)
    studies = [
        replace(
            told(study, **dict.fromkeys(metrics, own)),
            job=replace(study.job, operation=amended(BASE, point)),
        )
        for own, point in zip(numbers, made.points, strict=True)
    ]
    return swept(Job(BASE, (), 1), made, studies, metrics), studies


def of_sweep(sweep, studies, failed=None):
    return report_on_sweep(sweep, command="", failed=failed or {})


ROAD = "legs.road.time=1 h, 2 h"


def test_a_number_of_a_comparison_is_the_same_in_every_form(study, tmp_path):
    for number in (10.0, TOLD):
        found = compared(study, ("other", {T100: [number] * 6}))
        report = report_on_comparison(found, command="")
        for form, text in shown(report, tmp_path).items():
            assert holds_it(text) is (number == TOLD), form


def test_a_number_of_a_choice_is_the_same_in_every_form(tmp_path):
    for number in (10.0, TOLD):
        report = report_on_selection(chosen(base=np.full(5, number)), command="")
        for form, text in shown(report, tmp_path).items():
            assert holds_it(text) is (number == TOLD), form


def test_a_number_of_a_sweep_is_the_same_in_every_form(study, tmp_path):
    for number in (10.0, TOLD):
        report = of_sweep(*points(study, [ROAD], [20.0] * 6, [number] * 6))
        for form, text in shown(report, tmp_path).items():
            assert holds_it(text) is (number == TOLD), form


def test_a_planner_in_a_hurry_reads_what_changes_and_how_sure_that_is(study):
    variant = ("more-buses", {T100: [4, 6, 5, 7, 8, 11] * 2})
    found = compared(study, variant, base={T100: [10] * 12})
    assert in_words(found) == (
        "more-buses changes all arrived (pocket) by -3.2 (-4.7 to -0.4) h in the "
        "mean, from 2020-01-01 10:00 to 2020-01-01 06:50. Chance alone hardly explains "
        "that (95 % interval over 12 pairs of runs; p 0.039, corrected by Holm's "
        "procedure). It is worse in 2 of 12 pairs of runs (95 % interval 2% to 48% of "
        "all)."
    )


def test_what_few_pairs_cannot_tell_is_said_in_place_of_an_interval(study, tmp_path):
    """One of 20 pairs jumps: the mean of the changes has no bound."""
    jump = ("jump", {T100: [10] * 19 + [40]})
    found = compared(study, jump, base={T100: [10] * 20})
    said = in_words(found)
    assert said.startswith("jump changes all arrived (pocket) by +1.5 h in the mean")
    assert "only 1 of 20 differ much from the rest, and it takes 5" in said
    assert "It may be chance alone (p 1.000" in said
    report = report_on_comparison(found, command="")
    assert "+1.5 ± -" in on_a_terminal(report)
    table = report.data["comparison"]
    (row,) = (dict(zip(table.columns, cells, strict=True)) for cells in table.rows)
    assert row["no_interval"] == "too few runs differ"
    assert isnan(row["low"])
    assert row["worse_low"] == pytest.approx(1 - 0.975 ** (1 / 20))
    for form, text in shown(report, tmp_path).items():
        assert not re.search(r"\bnan\b", text, re.IGNORECASE), form
    always = ("always", {T100: [12] * 20})
    said = in_words(compared(study, always, base={T100: [10] * 20}))
    assert "It is the same in all 20 runs. Chance alone hardly explains" in said


def test_of_several_variants_the_best_is_told(study):
    variants = (("slow", {T100: [12] * 6}), ("fast", {T100: [7, 8, 7, 8, 7, 8]}))
    said = in_words(compared(study, *variants))
    assert said.startswith("Of 2 variants, fast is best by all arrived (pocket)")
    worse = in_words(compared(study, *variants[:1], *variants[:1]))
    assert worse.startswith("None of 2 variants is better by all arrived (pocket)")


def test_what_chance_may_explain_is_told_so(study):
    said = in_words(compared(study, ("other", {T100: [7, 13, 8, 12, 9, 12]})))
    assert "That may be chance alone" in said
    alone = in_words(compared(study, ("o", {T100: [7]}), base={T100: [10]}))
    assert "A single pair of runs cannot tell that from chance." in alone


def test_what_is_sure_is_told_before_what_is_asked_first(study):
    """All arrived is what a planner asks first, but it may be chance."""
    other = {T100: [7, 13, 8, 12, 9, 12], WAITING: [5, 6, 5, 6, 5, 6]}
    base = {T100: [10] * 6, WAITING: [9] * 6}
    said = in_words(compared(study, ("v", other), base=base, metrics=(T100, WAITING)))

    assert said.startswith("v changes waiting (pocket) by")
    assert "Chance alone hardly explains that" in said


def test_an_interval_that_leaves_out_nought_is_not_called_chance_without_a_word(study):
    """Of three changes the first has p 0.044, which Holm's procedure makes 0.13."""
    names = (T100, WAITING, "t50/pocket")
    chance = [7, 13, 8, 12, 9, 12] * 2
    later = [1.3, 1.6, 1.0, -0.1, 1.4, 0.2, 1.6, -0.4, 1.6, 0.7, -0.5, 0.4]
    base = {name: [10] * 12 for name in names}
    other = {T100: [10 + n for n in later], names[1]: chance, names[2]: chance}
    found = compared(study, ("v", other), base=base, metrics=names)
    row = found.rows[0]

    assert row.paired.low > 0
    assert not row.significant
    assert "By itself that would hardly be chance" in in_words(found)
    assert "as one of 3 changes that were tested it may be" in in_words(found)


def test_of_what_nobody_can_say_is_better_the_largest_change_is_told(study):
    sides = (("a", {USE: [0.5] * 6}), ("b", {USE: [0.9] * 6}))
    found = compared(study, *sides, base={USE: [0.6] * 6}, metrics=[USE])
    said = in_words(found)
    assert said.startswith("Of 2 variants, b changes use of the fleet (buses) most")
    assert "worse" not in said


def test_nothing_is_made_of_no_change(study):
    same = ("same", {T100: [10] * 6})
    assert in_words(compared(study, same)).startswith("Nothing changes: no run of the")
    assert "any of the 2 variants" in in_words(compared(study, same, same))
    never = compared(study, ("n", {T100: [np.nan] * 6}))
    assert "in no pair of them" in in_words(never)
    assert "in the base only" in on_a_terminal(report_on_comparison(never, command=""))


def test_the_picture_of_a_comparison_says_its_numbers_to_who_cannot_see_it(study):
    sides = (("fast", {T100: [7, 8, 7, 8, 7, 8]}), ("same", {T100: [10] * 6}))
    report = report_on_comparison(compared(study, *sides), command="")
    (picture,) = report.pictures()
    assert "For the one metric that changed, a mark" in words.of(picture.alternative)
    ((row,),) = (group.rows for group in picture.table.groups)
    cells = [words.of(cell) for cell in row]
    assert cells == ["all arrived, h", "-2.5 ± 1.1", "the same in every run"]


def test_all_sites_are_called_so_in_the_picture(study):
    changes = {"waiting/all": np.arange(6.0) + 9}
    base = {"waiting/all": np.arange(6.0)}
    found = compared(study, ("v", changes), base=base, metrics=("waiting/all",))
    (label,) = PICTURES["differences"](found).axes[0].get_yticklabels()

    assert label.get_text().endswith("\nall sites")


def test_long_names_of_metrics_stay_in_the_picture(study):
    names = ("not_arrived/pocket", "held_aboard/pocket", "convoys_arrived/pocket")
    base, variant = (
        {name: np.arange(6.0) * n for name in names} | {names[0]: np.arange(6.0) + n}
        for n in (1, 2)
    )
    found = compared(study, ("v", variant), base=base, metrics=names)
    figure = PICTURES["differences"](found)
    box = figure.get_tightbbox()
    assert (box.min >= 0).all()
    assert (box.max <= figure.get_size_inches()).all()


def test_the_best_point_is_told_with_its_values_and_how_sure_that_is(study):
    vary = ["legs.road.time=1 h, 2 h, 3 h"]
    near, far = [10, 11, 10, 11, 10, 11], [50, 55, 48, 53, 51, 57]
    found, _ = points(study, vary, far, near, [11, 10, 10, 11, 11, 11])
    assert words.of(answer_of_sweep(found)) == (
        "By all arrived (pocket), point 2 has the best mean of 3: 2020-01-01 10:30 "
        "(2020-01-01 09:26 to 2020-01-01 11:33), with road.time 2 h. 1 other point is "
        "as good, for all that is known. Worst: 1, with 2020-01-03 04:20 (2020-01-02 "
        "23:20 to 2020-01-03 18:41)."
    )
    found, _ = points(study, vary[:1], far, near, far)
    assert "No other point is as good" in words.of(answer_of_sweep(found))


def test_what_is_as_good_is_corrected_for_all_pairs_of_points(study):
    """Alone, the second of two points is worse at 5 %; among four it may be chance."""
    rng = np.random.default_rng(1)
    best, worse = rng.normal(10, 0.1, 20), rng.normal(10.1, 0.1, 20)
    assert 0.05 / 6 < paired(best, worse).p < 0.05
    two, _ = points(study, [ROAD], best, worse)
    assert two.extremes[T100].alike == ()
    far = [np.arange(20.0) + 90, np.arange(20.0) + 80]
    four, _ = points(study, ["legs.road.time=1 h, 2 h, 3 h, 4 h"], best, worse, *far)
    assert four.extremes[T100].alike == (1,)


def test_a_point_that_differs_in_few_runs_may_be_as_good(study):
    """In 17 of 20 runs it is worse by an hour, in three it is better by two."""
    best = np.full(20, 10.0)
    found, _ = points(study, [ROAD], best, np.where(np.arange(20) < 17, 11.0, 8.0))
    assert found.extremes[T100].best == (0,)
    assert paired(best, np.where(np.arange(20) < 17, 11.0, 8.0)).p < 0.05
    assert found.extremes[T100].alike == (1,)


def test_points_that_cannot_be_told_apart_have_no_worst(study):
    found, _ = points(study, [ROAD], [10, 11, 12, 13, 14, 15], [11, 10, 13, 12, 15, 15])
    said = words.of(answer_of_sweep(found))
    assert said.endswith("All other points are as good, for all that is known.")
    same, _ = points(study, [ROAD], [10] * 6, [10] * 6)
    said = words.of(answer_of_sweep(same))
    assert said.startswith("No point is best or worst")
    assert "The same mean at all points" in said
    assert "Does not happen" not in said


def test_of_many_points_a_workbook_holds_all_and_a_terminal_both_ends(study):
    vary = ["fleets.buses.seats=30 to 80 by 1"]
    numbers = [[float(seats)] * 6 for seats in range(30, 81)]
    report = of_sweep(*points(study, vary, *numbers))
    rows = {
        form: [
            len([*table.rows])
            for table in report.tables(form)
            if Words().of(table.name).startswith("Points")
        ]
        for form in ("terminal", "workbook", "html")
    }
    assert rows == {"terminal": [20], "workbook": [51], "html": [20]}
    assert "pocket (20 of 51 points)" in on_a_terminal(report)


def test_each_site_has_a_picture_with_a_file_of_its_own(study):
    metrics = (T100, WAITING, USE)
    report = of_sweep(*points(study, [ROAD], [9.0] * 6, [8.0] * 6, metrics=metrics))
    names = [picture.name for picture in report.pictures()]
    assert names == ["sweep-pocket", "sweep-buses"]
    first, second = report.pictures()
    assert {first.drawing, second.drawing} == {"sweep-lines"}
    assert "Best points: all arrived: 2; waiting: 2." in words.of(first.alternative)
    assert "Best" not in words.of(second.alternative)
    assert {cell for row in first.table.rows for cell in map(words.of, row)} >= {
        "best 8 every time",
        "worst 9 every time",
    }


@pytest.mark.parametrize(
    ("caution", "says"),
    [
        (OtherStart("v"), "v starts at another time than the base"),
        (OtherEnd("v", 7200, 3600), "v lasts 2.0 h and the base 1.0 h"),
        (Lacking("v", ("a", "b")), "v does not have a, b: not compared."),
        (Overdrawn("v", ("a.b", "c")), "'uncertain.a.b: drop', 'uncertain.c: drop'."),
        (Undrawn("v", ("a.b",)), "v says something of its own about a.b: its runs"),
    ],
)
def test_every_caution_is_a_sentence(caution, says):
    assert says in words.of(of_variant(caution))


def test_cautions_of_points_are_sentences():
    assert "start at different times" in words.of(of_points("starts"))
    assert "last differently long" in words.of(of_points("ends"))


def test_several_scenarios_are_repeated_by_all_their_hashes(study):
    report = report_on_comparison(compared(study, ("v", {T100: [9] * 6})), command="x")
    (section,) = [each for each in report.sections if each.name == "repeat"]
    command, scenarios = map(words.of, section.parts)
    assert command == "Command: x"
    assert scenarios.startswith("Scenarios: SHA-256 ")
    assert scenarios.partition(".")[0].count(",") == 1


def test_failures_are_told_in_words_and_as_rows(study):
    (rows,) = study.store.parts()
    broken = replace(rows, failures=(Failure(7, "Boom()", "the trace"),))
    broken = replace(study, store=Memory([broken]))
    sides = [NamedStudy("base", study), NamedStudy("broken", broken)]
    report = report_on_comparison(compare(sides[0], sides[1:]), command="")
    said = "1 run of broken failed and its pair is left out; the first, replication 7"
    assert said in flat(on_a_terminal(report))
    ((scenario, replication, *_),) = report.data["failures"].rows
    assert (scenario, replication) == ("broken", 7)


def test_a_comparison_needs_no_terminal(tmp_path):
    plan = comparison.planned(
        "two-towns", ["two-towns"], Amount(replications=2), caller=QUIETLY
    )
    done = finished(begun(plan, tmp_path))
    assert words.of(done.report.answer).startswith("Nothing changes")
    assert (done.folder / "scenarios" / "variant-1.yaml").exists()
    assert (done.failed, done.whole) == (0, 4)


def test_what_cannot_be_done_names_the_option(tmp_path):
    with pytest.raises(OptionError) as caught:
        sweep.planned("two-towns", ["nothing.here=1"], Amount(replications=2))
    option, sentence = caught.value.args
    assert option == "vary"
    assert "does not exist" in sentence


def test_what_pairing_gained_is_told_apart_from_changes_without_a_variance():
    """A change that is the same in every pair has no variance to be compared with."""
    study = run_study(BASE, seed=1, replications=6)
    base = {T100: [1, 2, 3, 4, 5, 6], WAITING: [1, 2, 3, 4, 5, 6]}
    same = {T100: [3, 4, 5, 6, 7, 8], WAITING: [3, 4, 5, 6, 7, 8]}
    alike, both = (
        flat(
            on_a_terminal(
                report_on_comparison(
                    compared(study, ("v", own), base=base, metrics=(T100, WAITING)),
                    command="run",
                )
            )
        )
        for own in (same, same | {WAITING: [1, 3, 3, 5, 5, 7]})
    )

    assert "Pairing" not in alike
    assert "The changes of 2 metrics are the same in every pair" in alike
    assert "The change of 1 metric is the same in every pair" in both
    assert re.search(r"variance of a change is [\d.]+ times smaller", both)
    assert "all times" not in alike + both
