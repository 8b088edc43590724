"""The page of every kind of study, in a real browser: readable by all, whole on paper.

Each is written as a user would have it written, by its command.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import foreseen, small_case
from tests.browser import a_browser, opened
from tests.commands import call

VARIANT = """\
operation: Twice the buses
extends: small.yaml
change:
  fleets.buses.joins: {multiply_by: 2}
"""
BOARDING = "flows.evacuation.unloading=5 min, 10 min"
SEATS = "fleets.buses.seats=40, 60"
FEW = ("-n", "4")
METRIC = ("--metric", "t100/pocket")
COMMANDS = {
    "run": ("run", "small.yaml", *FEW),
    "comparison": ("compare", "small.yaml", "twice.yaml", *FEW),
    "sweep of one field": ("sweep", "small.yaml", "--vary", BOARDING, *FEW),
    "sweep of two fields": (
        *("sweep", "small.yaml", "--vary", BOARDING, "--vary", SEATS, *METRIC, *FEW),
    ),
    "selection": (
        *("select", "small.yaml", "twice.yaml", *METRIC, "--matters", "1", "-n", "40"),
    ),
    "calibration": ("calibrate", "small.yaml", "--screen", "--pool", "500"),
    "validation": (
        *("validate", "small.yaml", "--pool", "500", "--sets", "60", "--draws", "60"),
    ),
    "forecast": (
        *("forecast", "foreseen.yaml", "--as-of", "2020-01-03T08:00"),
        *("--pool", "200", "--draws", "20"),
    ),
}
LONG = {"selection", "calibration", "validation", "forecast"}
NARROW, WIDE = 390, 1280


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    small_case.written(folder)
    (folder / "twice.yaml").write_text(VARIANT, "utf-8")
    (folder / "foreseen").mkdir()
    foreseen.written(folder / "foreseen")
    return folder


@pytest.fixture(scope="module")
def browser():
    with a_browser() as browser:
        yield browser


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=[pytest.mark.slow] if name in LONG else [])
        for name in COMMANDS
    ],
)
def path(request, case, browser, tmp_path_factory):
    """The page of one kind of study. Without a browser none is made."""
    results = tmp_path_factory.mktemp("results")
    files = {"foreseen.yaml": case / "foreseen" / "foreseen.yaml"}
    words = (
        files.get(word, case / word) if word.endswith(".yaml") else word
        for word in COMMANDS[request.param]
    )
    done = call(*words, "--results", results, "--workers", 1)
    assert done.exit_code == 0, done.output
    (page,) = results.glob("*/report.html")
    return page


@pytest.fixture(scope="module")
def seen(path, browser):
    viewport = {"width": WIDE, "height": 900}
    with opened(browser, path, viewport=viewport) as page:
        yield page


@pytest.mark.slow
def test_it_asks_nobody_and_the_console_is_silent(seen, path):
    assert seen.asked == [path.as_uri()]
    assert not seen.complaints


def test_nothing_keeps_anybody_out(seen):
    found = Axe().run(seen).response["violations"]

    assert not [each["id"] for each in found if each["impact"] != "minor"]


@pytest.mark.slow
def test_every_picture_has_words_and_its_numbers(seen):
    assert seen.locator("img:not([alt])").count() == 0
    for picture in seen.locator("figure").all():
        assert picture.locator("[role=img]").get_attribute("aria-label")
        assert picture.locator("figcaption").inner_text()
        section = picture.locator("xpath=ancestor::section")
        assert section.locator("table").count()


def test_no_section_is_empty(seen):
    for section in seen.locator("main section").all():
        title, *told = section.inner_text().splitlines()
        assert [line for line in told if line.strip()], title


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_it_fits_the_screen(seen, width):
    seen.set_viewport_size({"width": width, "height": 800})

    assert seen.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_drawn_runs_off_its_picture(seen):
    """Letters of a picture are outlines: each group of them lies within its frame."""
    seen.set_viewport_size({"width": WIDE, "height": 900})
    outside = seen.evaluate(
        """() => [...document.querySelectorAll('.drawing svg')].flatMap(svg => {
          const frame = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('[id*="-text_"], [id$="picture-title"]')]
            .filter(text => {
              const box = text.getBoundingClientRect();
              return box.width && (box.left < frame.left - 1 ||
                box.right > frame.right + 1 || box.top < frame.top - 1 ||
                box.bottom > frame.bottom + 1);
            }).map(text => text.id);
        })"""
    )
    assert outside == []
