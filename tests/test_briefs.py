"""One page for a meeting: what it says, that it is one page, in two languages."""

import re
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from sim.errors import OptionError
from sim.plots import draw
from sim.programs import compare, forecast, report_on, run_study
from sim.report.answers.obstacles import of_obstacle
from sim.report.forms.files import written
from sim.report.likelihood import likelihood, word_for
from sim.report.limits import banner_of
from sim.studies import options
from sim.words import Words
from tests.browser import a_browser, opened
from tests.builders import halt, with_gate

WORDS = Words()
PAGES = re.compile(rb"/Type\s*/Page\b")
DAY = datetime(2016, 12, 19).date()
CASES = {
    "run": lambda: run_study("two-towns", replications=10),
    "four-towns": lambda: run_study("four-towns-2017", replications=10),
    "aleppo": lambda: run_study("aleppo-2016", replications=10),
    "compare": lambda: compare(
        "aleppo-2016",
        "aleppo-2016/twice-the-buses",
        "aleppo-2016/no-bus-attack",
        replications=10,
    ),
    "forecast": lambda: forecast(
        "aleppo-2016", datetime(2016, 12, 19, 8), pool=200, draws=20
    ),
}


@pytest.fixture(scope="module")
def browser():
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="module", params=[*CASES])
def report(request):
    return report_on(CASES[request.param]())


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (1.0, "virtually certain"),
        (0.99, "virtually certain"),
        (0.98, "very likely"),
        (0.66, "likely"),
        (0.5, "about as likely as not"),
        (0.33, "unlikely"),
        (0.10, "very unlikely"),
        (0.0, "exceptionally unlikely"),
    ],
)
def test_words_of_likelihood_are_those_of_the_published_scale(share, word):
    assert WORDS.of(word_for(share)) == word


@pytest.mark.parametrize(
    ("some", "runs", "said"),
    [
        (1_000, 1_000, "virtually certain: in 1,000 of 1,000 runs"),
        (100, 100, "very likely: in 100 of 100 runs (96% to 100%)"),
        (5, 5, "about as likely as not: in 5 of 5 runs"),
        (0, 100, "very unlikely: in 0 of 100 runs (0% to 4%)"),
    ],
)
def test_a_word_never_claims_more_than_so_many_runs_can(some, runs, said):
    assert WORDS.of(likelihood(some, runs)).startswith(said)


@pytest.mark.slow
def test_it_asks_answers_and_says_how_sure_in_words_and_numbers(report):
    brief = report.brief
    certainty = " ".join(WORDS.of(text) for text in brief.certainty)

    assert WORDS.of(brief.question).endswith("?")
    assert WORDS.of(brief.answer)
    assert re.search(r"likely|certain", certainty)
    assert re.search(r"in \d+ of \d+ runs \(\d+% to \d+%\)", certainty)
    assert all(map(WORDS.of, (*brief.assumed, *brief.limits, *brief.repeat)))
    assert brief.curve is not None


def test_the_three_largest_drivers_are_told_by_name_with_their_share_of_the_whole():
    study = CASES["run"]()
    rows = [*report_on(study).brief.causes.rows]
    whole = study.metric("waiting/all").mean()
    most = [*study.held.items()][:3]

    assert [WORDS.of(row[0]) for row in rows] == [
        WORDS.of(of_obstacle(name, study.operation)) for name, _ in most
    ]
    for row, (_, time_s) in zip(rows, most, strict=True):
        hours = time_s / 3600
        assert row[1].middle.value == pytest.approx(np.median(hours))
        assert row[2].value == pytest.approx(hours.mean() / whole)


def test_it_says_when_nine_in_ten_have_arrived():
    """The last few are not what a meeting plans by."""
    study = CASES["run"]()
    said = WORDS.of(report_on(study).brief.certainty[0])
    clock, hours = study.operation.clock, study.metric("t90/northtown")
    middle = clock.local(round(float(np.median(hours)) * 3600))

    assert said.startswith("90 % of the people of northtown have arrived by ")
    assert f"by {middle:%Y-%m-%d %H:%M} in half of the runs" in said


def test_a_stoppage_is_told_by_its_title_and_not_by_its_key():
    world = with_gate({"halt-3-may": halt("gate", 0, 600, title="Halt of 3 May")})
    report = report_on(run_study(world, replications=3))
    first = next(iter(report.brief.causes.rows))

    assert WORDS.of(first[0]) == "stoppage 'Halt of 3 May'"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("ahead", [False, True])
def test_it_is_one_page_and_leaves_nobody_out(
    report, language, ahead, browser, tmp_path
):
    if ahead:
        report = replace(report, banner=banner_of(DAY, DAY))
    saved(report, tmp_path, language)

    sheet = (tmp_path / "brief.pdf").read_bytes()
    assert _pages(sheet) == 1
    page = tmp_path / "brief.html"
    with opened(browser, page) as seen:
        printed = seen.pdf(prefer_css_page_size=True)
        assert len(PAGES.findall(printed)) == 1
        assert re.search(rb"/MediaBox \[0 0 59[45][\d.]* 84[12]", printed)
        assert seen.asked == [page.as_uri()]
        assert not seen.complaints
        direction = {"en": "ltr", "ar": "rtl"}[language]
        assert seen.evaluate("document.documentElement.dir") == direction
        assert seen.locator(".banner").count() == ahead
        assert seen.locator("[role=img]").count() == 1
        found = Axe().run(seen).response["violations"]
        assert not [each["id"] for each in found if each["impact"] != "minor"]


def saved(report, folder, language):
    """Write a report in all forms; of its pictures only the one of the brief."""
    words, curve = Words(language), report.brief.curve
    drawn = folder / "figures"
    draw(curve.name, curve.arguments, drawn, curve.name, words=words)
    written(report, folder, language=language, pictures=False, pdf=True)()


def _pages(sheet):
    """Return how many pages a PDF says that it has, or how many it holds."""
    counted = re.findall(rb"/Count (\d+)", sheet)
    return max(map(int, counted)) if counted else len(PAGES.findall(sheet))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["movements", "receiving"])
def test_pages_of_tables_ask_nobody_and_leave_nobody_out(name, browser, tmp_path):
    written(report_on(CASES["run"]()), tmp_path, pictures=False)()
    page = tmp_path / f"{name}.html"
    with opened(browser, page) as seen:
        assert seen.asked == [page.as_uri()]
        assert not seen.complaints
        found = Axe().run(seen).response["violations"]
        assert not [each["id"] for each in found if each["impact"] != "minor"]
        seen.set_viewport_size({"width": 360, "height": 640})
        assert seen.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_same_brief_gives_the_same_bytes(tmp_path):
    report = report_on(CASES["run"]())
    sheets = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        saved(report, tmp_path / name, "ar")
        sheets.append((tmp_path / name / "brief.pdf").read_bytes())

    assert sheets[0] == sheets[1]


def test_without_the_package_a_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(options, "can_write_pdf", lambda: False)

    with pytest.raises(OptionError, match="pip install typst"):
        options.checked_pdf(True)
    assert options.checked_pdf(False) is False
