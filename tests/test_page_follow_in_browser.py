"""A running operation is followed in a real browser, with and without its scripts."""

import pytest

from tests.browser import a_browser
from tests.foreseen import written
from tests.test_page_in_browser import Axe, looking, served, until

pytestmark = pytest.mark.xdist_group("browser")
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planner") / "own"
    (folder / "scenarios/small").mkdir(parents=True)
    path = written(folder / "scenarios/small")
    path.rename(path.with_name("scenario.yaml"))
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with a_browser() as browser:
        yield browser


def entered(page, people, by, published):
    page.fill("#attributed_to", "UN")
    page.fill("#best", people)
    page.fill("#from", by)
    page.fill("#published", published)
    with page.expect_navigation():  # else the next figure may go into the old page
        page.click("form:has(#best) button")


def forecast(page, moment, says):
    page.fill("#as_of", moment)
    if page.locator("#in_full").count():
        page.uncheck("#in_full")
    page.click("form:has(#as_of) button")
    until(page, f"text={says}", 1_000)


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_three_figures_are_entered_forecast_and_undone(scripts, browser, address):
    name = "with-scripts" if scripts else "without"
    with looking(browser, address, java_script_enabled=scripts) as page:
        page.goto(f"{address}/en/follow")
        page.fill("#name", name)
        page.select_option("#case", "small")
        page.fill("#published_by", "2020-01-02T08:00")
        page.click("form:has(#name) button")
        forecast(page, "2020-01-02T08:00", "the first forecast of this operation")

        entered(page, "43o", "2020-01-03T00:00", "2020-01-03T06:00")
        assert "is not a whole number" in page.inner_text("#best-wrong")
        until(page, "#mistakes:focus")  # a browser complains if another field has it
        entered(page, "430", "2020-01-03T00:00", "2020-01-03T06:00")
        entered(page, "650", "2020-01-04T00:00", "2020-01-04T06:00")
        entered(page, "870", "2020-01-05T00:00", "2020-01-05T06:00")
        forecast(page, "2020-01-05T08:00", "3 figures came.")
        assert page.locator("text=A quick forecast").count()

        page.click("text=Undo entry 5")
        until(page, "text=Redo entry 5")
        page.reload()
        page.go_back()
        assert page.title()
        if scripts:
            found = Axe().run(page).response["violations"]
            assert not [each["id"] for each in found if each["impact"] in SERIOUS]
            page.set_viewport_size({"width": 360, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.click("summary:has-text('Delete this operation')")
        page.click("text=Yes, delete all of it")
        page.wait_for_url("**/en/follow")
        assert page.locator(f"a:has-text('{name}')").count() == 0
