"""The page of a report in a real browser: readable by all, and it asks nobody."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from sim.experiment import run_study
from sim.plots import draw
from sim.report.forms.html import as_html
from sim.report.run import report_on_run
from sim.words import Words
from tests.browser import a_browser, opened
from tests.builders import documented_figure, two_sides

HOSTILE = '<script>alert(1)</script><img src="http://example.org/x.png">'


@pytest.fixture(scope="module")
def report():
    world = two_sides(operation=HOSTILE)
    study = run_study(
        world, (documented_figure(origin="north"),), seed=1, replications=3
    )
    log = study.log_of(study.typical)
    return report_on_run(study, log, name="test", command="python run.py run test")


@pytest.fixture(scope="module")
def path(report, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    drawn = {}
    for picture in report.pictures():
        if files := draw(picture.name, picture.arguments, folder, picture.name):
            drawn[picture.name] = files[1].read_text("utf-8")
    page = folder / "report.html"
    page.write_text(as_html(report, Words(), drawn), encoding="utf-8")
    return page


@pytest.fixture(scope="module")
def browser():
    with a_browser() as browser:
        yield browser


@pytest.fixture
def seen(path, browser):
    with opened(browser, path) as page:
        yield page


@pytest.mark.slow
def test_nothing_leaves_the_file_and_the_console_is_silent(seen, path):
    assert seen.asked == [path.as_uri()]
    assert not seen.complaints


@pytest.mark.slow
def test_words_of_a_scenario_are_words(seen):
    assert seen.locator(".about").inner_text() == HOSTILE
    assert seen.locator("img").count() == 0
    ours = seen.locator(".moving script.data, .moving + script")
    assert ours.count() == seen.locator("script").count() == 2


@pytest.mark.slow
def test_no_fault_that_keeps_anybody_out_is_found(seen):
    found = Axe().run(seen).response["violations"]

    assert not [each["id"] for each in found if each["impact"] != "minor"]


@pytest.mark.slow
def test_a_fault_would_be_found(seen):
    seen.evaluate("document.querySelector('[role=img]').removeAttribute('aria-label')")

    found = Axe().run(seen).response["violations"]
    assert "role-img-alt" in {each["id"] for each in found}


def test_every_picture_has_words_and_a_table(seen, report):
    for picture, shown in zip(
        report.pictures(), seen.locator("figure").all(), strict=True
    ):
        assert shown.locator("[role=img]").get_attribute("aria-label")
        assert shown.locator("figcaption").inner_text()
        assert (shown.locator("table").count() == 1) is (picture.table is not None)


def test_a_marker_tells_its_source_to_the_pointer(seen):
    hint = seen.locator("#throughput-figure-A-1 > title")

    assert hint.text_content().startswith("A-1: +Agency, S1")


def test_no_two_names_on_the_page_are_the_same(path):
    names = re.findall(r'\bid="([^"]+)"', path.read_text("utf-8"))

    assert len(names) == len(set(names))


@pytest.mark.slow
def test_the_keyboard_reaches_the_contents_first_and_then_each_section(seen, report):
    seen.keyboard.press("Tab")
    assert seen.evaluate("document.activeElement.className") == "skip"
    seen.keyboard.press("Enter")
    assert seen.evaluate("document.activeElement.id") == "content"
    links = seen.locator("nav a").all()
    shown = [
        each
        for each in report.sections
        if "html" in each.forms and any(part is not None for part in each.parts)
    ]
    assert [link.get_attribute("href") for link in links] == [
        f"#{section.name}" for section in shown
    ]
    for section in shown:
        assert seen.locator(f"section#{section.name} h2").count() == 1


def test_it_fits_a_narrow_screen(seen):
    seen.set_viewport_size({"width": 360, "height": 640})

    assert seen.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.slow
def test_it_prints_on_a4(seen):
    printed = seen.pdf(prefer_css_page_size=True)

    assert re.search(rb"/MediaBox \[0 0 59[45][\d.]* 84[12]", printed)
