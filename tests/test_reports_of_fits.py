"""What is said of a fit and of its validation: the same numbers in every form."""

import re
from dataclasses import replace

import pytest

from sim.errors import OptionError
from sim.evidence.table import load_figures
from sim.inference.calibration.fit import Calibrator
from sim.inference.calibration.goodness_of_fit import goals, goodness_of_fit
from sim.inference.calibration.options import FitOptions, FitTask, SmcSettings
from sim.inference.calibration.pool import pool_at, pool_name
from sim.inference.problem import prepared
from sim.inference.validation.validation import Trial, validated
from sim.report.calibration import answer, report_on_calibration
from sim.report.validation import answer as answer_of_validation
from sim.report.validation import report_on_validation
from sim.scenario import load
from sim.studies import calibration, validation
from sim.studies.finish import finished
from sim.studies.told import Caller, Step
from sim.studies.unfinished import begun
from sim.words import Words
from tests.commands import flat
from tests.forms import on_a_terminal, shown
from tests.small_case import written

pytestmark = pytest.mark.slow

OPTIONS = FitOptions("screen", (1,), SmcSettings(particles=60), 500)
TOLD = 7_771.0
"""A number that nothing comes to by itself."""
words = Words()


@pytest.fixture(scope="module")
def calibrator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    path = written(folder)
    ready = prepared(load(path), load_figures(folder / "evidence.csv"))
    pool = pool_at(folder / pool_name(ready, OPTIONS), ready, OPTIONS)
    return Calibrator(ready, OPTIONS, pool, folder)


@pytest.fixture(scope="module")
def good(calibrator):
    return goodness_of_fit(calibrator.fit(FitTask.of_all("fit", calibrator.ready)))


@pytest.fixture(scope="module")
def tried(calibrator):
    return validated(calibrator, Trial(("UN",), None, sets=60, draws=60))


def with_first(rows, **changes):
    first, *others = rows
    return (replace(first, **changes), *others)


def predicting(good, number):
    after = with_first(good.predictions.after, middle=number)
    return replace(good, predictions=replace(good.predictions, after=after))


def foretelling(tried, number):
    """Return a validation whose first unseen figure is foretold to be a number."""
    held, *others = tried.held_out
    row, *more = held.rows
    row = replace(row, after=replace(row.after, middle=number))
    return replace(tried, held_out=(replace(held, rows=(row, *more)), *others))


def holds_it(text):
    return re.search(r"(?<![\w.])7,?771(\.0+)?(?!\w)", text) is not None


CHANGES_OF_A_FIT = {
    "a prediction": predicting,
    "a score": lambda good, n: replace(good, scores=with_first(good.scores, fit=n)),
    "a parameter": lambda good, n: replace(
        good, parameters=with_first(good.parameters, fit=(1.0, n, 9_999.0))
    ),
    "a source": lambda good, n: replace(
        good, sources=with_first(good.sources, factor=(0.5, n, 9_999.0))
    ),
}
CHANGES_OF_A_VALIDATION = {
    "an unseen figure": foretelling,
    "a total": lambda tried, n: replace(
        tried,
        under=tuple(
            replace(row, levels=(1.0, n, 9_999.0)) if row.unit == "people" else row
            for row in tried.under
        ),
    ),
    "evidence": lambda tried, n: replace(
        tried, evidence=with_first(tried.evidence, log_evidence=n)
    ),
}


@pytest.mark.parametrize(
    "changed", CHANGES_OF_A_FIT.values(), ids=list(CHANGES_OF_A_FIT)
)
def test_a_number_of_a_fit_is_the_same_in_every_form(good, changed, tmp_path):
    for number in (1.0, TOLD):
        report = report_on_calibration(changed(good, number), command="")
        for form, text in shown(report, tmp_path).items():
            assert holds_it(text) is (number == TOLD), form


@pytest.mark.slow
@pytest.mark.parametrize(
    "changed", CHANGES_OF_A_VALIDATION.values(), ids=list(CHANGES_OF_A_VALIDATION)
)
def test_a_number_of_a_validation_is_the_same_in_every_form(tried, changed, tmp_path):
    for number in (1.0, TOLD):
        report = report_on_validation(changed(tried, number), command="")
        for form, text in shown(report, tmp_path).items():
            assert holds_it(text) is (number == TOLD), form


def test_a_reader_in_a_hurry_reads_what_a_fit_reaches_and_how_sure_that_is(good):
    asked = list(goals(good))
    reached = sum(goal.reached for goal in asked)
    said = words.of(answer(good))
    assert said.startswith(f"{reached} of {len(asked)} goals are reached, and 4 of 4 ")
    assert "(of the bare prior: 4)" in said
    assert said.endswith(
        "as far as a screen can tell: a quick look, a little too wide."
    )


def test_a_figure_that_lies_outside_is_named(good):
    after = with_first(good.predictions.after, inside=False)
    missed = replace(good, predictions=replace(good.predictions, after=after))
    said = flat(on_a_terminal(report_on_calibration(missed, command="")))
    assert "and 3 of 4 documented figures lie inside" in said
    assert "Outside: icrc-1 (ICRC)." in said
    assert "eached: 3 of 4 figures inside 90 %, at least 2 (the bare" in said


def test_a_goal_is_told_with_what_the_fit_has(good):
    scores = tuple(
        replace(row, fit=0.75) if row.name.startswith("CRPS skill") else row
        for row in good.scores
    )
    said = flat(
        on_a_terminal(report_on_calibration(replace(good, scores=scores), command=""))
    )
    assert "Reached: CRPS skill over the prior 0.75 on counts, above 0" in said


@pytest.mark.parametrize(
    ("share", "says"),
    [(0.8, "is too sure"), (0.9, "as sure as it may"), (0.95, "less sure than it")],
)
def test_whether_the_screen_is_too_sure_is_told(tried, share, says):
    targets = tuple(
        replace(row, covered=(0.5, share)) for row in tried.coverage.targets
    )
    found = replace(tried, coverage=replace(tried.coverage, targets=targets))
    assert says in words.of(answer_of_validation(found))


def test_who_comes_nearer_to_what_was_not_seen_is_told(tried):
    assert "nearer to unseen counts than an open-hours rate" in words.of(
        answer_of_validation(tried)
    )
    rows = [row for held in tried.held_out for row in held.rows]
    assert "of 5 figures that a fit has not seen" in words.of(
        answer_of_validation(tried)
    )
    assert len(rows) == 5


def test_a_validation_of_nothing_unseen_still_says_how_sure_the_screen_is(tried):
    alone = replace(tried, held_out=(), prior_predictive=None)
    report = report_on_validation(alone, command="")
    assert words.of(report.answer).startswith("The screen")
    assert [picture.name for picture in report.pictures()] == ["coverage"]


def test_a_parameter_that_was_not_learned_under_a_reference_has_no_number(tried):
    under = tuple(
        replace(row, says="prior only") if row.reference == "UN" and row.says else row
        for row in tried.under
    )
    said = on_a_terminal(report_on_validation(replace(tried, under=under), command=""))
    (line,) = [line for line in said.splitlines() if line.startswith("legs.road.time")]
    assert line.rstrip().endswith("prior only")


def test_how_far_a_fit_is_is_told_as_soon_as_anybody_knows():
    assert words.of(Step("fit", 30, None).said).startswith("fit: 30; how many there")
    said = words.of(Step("fit", 30, 90, 3_600, whole_is="estimated").said)
    assert said == "fit: 30 of about 90, about 1 h 00 min left"


@pytest.mark.slow
def test_a_calibration_and_its_validation_need_no_terminal(tmp_path):
    path = str(written(tmp_path / "case"))
    quick = {"pool": 500, "caller": Caller(pictures=False)}
    told = []
    plan = calibration.planned(path, screen=True, particles=50, **quick)
    fit = finished(begun(plan, tmp_path / "results"), tell=told.append)
    assert plan.runs == 500
    assert {"pool of runs", "fit: runs"} <= {step.what for step in told}
    assert (fit.folder / "fit.npz").exists()

    plan = validation.planned(path, sets=60, draws=60, **quick)
    trust = finished(begun(plan, tmp_path / "results"))
    assert "made-up records" in words.of(trust.report.answer)
    assert len(list((tmp_path / "results" / "pools").iterdir())) == 1


def test_what_cannot_be_calibrated_names_the_option(tmp_path):
    path = str(written(tmp_path))
    for asked, option in (
        ({"reference": ["UNO"]}, "reference"),
        ({"sets": 10_000}, "sets"),
    ):
        with pytest.raises(OptionError) as caught:
            validation.planned(path, **asked)
        assert caught.value.args[0] == option
