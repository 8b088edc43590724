"""The whole path of a planner, in a real browser, served as the program serves it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from sim.page.field_forms import holders, sections
from sim.page.questions import FORMS
from tests.browser import a_browser

pytestmark = pytest.mark.xdist_group("browser")
PROJECT = Path(__file__).parents[1]
SCENARIOS = PROJECT / "scenarios"
CASE = "two-towns"
SERIOUS = {"serious", "critical"}


@contextmanager
def served(folder):
    """Give the address of a page that the program serves from a folder.

    It has few cases: to copy and read them all takes longer than to look at these.
    """
    for case in (CASE, "aleppo-2016"):
        shutil.copytree(SCENARIOS / case, folder / "scenarios" / case)
    command = [
        *(sys.executable, "run.py", "page", "--no-browser", "--port", "0"),
        *("--folder", str(folder), "--workers", "1"),
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            address = re.search(r"http://\S+", process.stdout.readline())[0]
            yield address.rstrip("/")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("planner") / "own") as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with a_browser() as browser:
        yield browser


@contextmanager
def looking(browser, address, **options):
    """Give a page, and all that went wrong with it or left this machine."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.complaints = []

    def complains(message):
        if "status of 422" not in message.text:  # a form that was refused on purpose
            page.complaints.append(message.text)

    page.on("console", complains)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))

    def leaves(request):
        if not request.url.startswith((f"{address}/", "data:")):
            page.complaints.append(request.url)

    page.on("request", leaves)
    yield page
    context.close()
    assert not page.complaints


def until(page, condition, most=240):
    """Wait until something is seen, across reloads of the page by itself."""
    for _ in range(most):
        if page.locator(condition).count():
            return
        page.wait_for_timeout(250)
    raise AssertionError(condition)


def plan(page, address, language):
    """Choose, change, look at a mistake, run with the change; return the study."""
    page.goto(f"{address}/")
    if language != "en":
        page.click(f"a[hreflang={language}]")
    page.click(f"a[href='/{language}/case/{CASE}']")
    page.click(f"a[href='/{language}/change/{CASE}']")
    page.fill("#shift", "many")
    page.locator("form:has(#shift) button").click()
    until(page, "#shift-wrong")
    until(page, "#mistakes:focus")
    page.fill("#shift", "24 h")
    page.locator("form:has(#shift) button").click()
    until(page, ".so-far .differs li:nth-child(4)")
    page.reload()
    assert page.locator(".so-far code").inner_text() == "shift=24 h"
    page.click(f"a[href^='/{language}/run/{CASE}?change=']")
    page.fill("#runs", "2")
    page.locator("main form button").click()
    page.wait_for_url("**/study/**")
    study = page.url
    until(page, ".results")
    return study


@pytest.mark.parametrize(
    ("language", "scripts"),
    [
        ("en", True),
        ("ar", False),
        pytest.param("en", False, marks=pytest.mark.slow),
        pytest.param("ar", True, marks=pytest.mark.slow),
    ],
)
def test_the_whole_path_of_a_planner(browser, address, language, scripts):
    with looking(browser, address, java_script_enabled=scripts) as page:
        study = plan(page, address, language)
        assert page.locator(".answer").first.inner_text()
        with page.expect_download() as archive:
            page.click("a[href$='/all.zip']")
        assert archive.value.suggested_filename.endswith(".zip")
        page.click("a[href$='/files/report.html']")
        page.wait_for_url("**/report.html")
        assert page.locator("h1").count() == 1
        if scripts:
            page.locator(".moving .controls").wait_for()  # its script runs
        page.go_back()
        page.wait_for_url(study)

        name = f"later-{language}-{scripts}".lower()
        page.goto(f"{address}/{language}/change/{CASE}?change=shift%3D24+h")
        page.locator("details:has([name=name]) summary").click()
        page.fill("[name=name]", name)
        page.locator("details:has([name=name]) button").click()
        page.wait_for_url(f"**/{language}/case/{CASE}/{name}")

        page.goto(f"{address}/{language}/compare/{CASE}")
        page.check(f"[value='{CASE}/{name}']")
        page.fill("#runs", "4")
        page.locator("main form button").click()
        until(page, ".results")

        page.goto(f"{address}/{language}/question/probability/{CASE}")
        page.fill("#goal", "90 % of northtown arrived by 2016-12-17T12:00")
        page.fill("#runs", "4")
        page.locator("main form button").click()
        until(page, ".results")

        page.goto(f"{address}/{language}/run/{CASE}")
        page.fill("#runs", "3000")
        page.locator("main form button").click()
        page.locator("form:has([value=stop]) button").click()
        until(page, "form:has([value=resume])")


NEW = {
    "fleets": {
        "new-name": "more-buses",
        "new-seats": "40",
        "new-joins": "2016-12-15T06:00: 4",
    },
    "stoppages": {
        "new-name": "halt",
        "new-cause": "A halt",
        "new-closes": "bridge, north-crossing",
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_fleet_and_a_stoppage_are_added_without_a_script(browser, address, language):
    """By links, forms and the keyboard, on a phone; then it runs."""
    size = {"width": 360, "height": 740}
    with looking(browser, address, viewport=size, java_script_enabled=False) as page:
        page.goto(f"{address}/{language}/change/{CASE}")
        for section, fields in NEW.items():
            page.click(f"a[href*='section={section}']")
            page.click(f"a[href*='add={section}']")
            for field, text in fields.items():
                page.fill(f"#{field}", text)
            if section == "stoppages":
                page.click("#new summary")
                page.fill("#new-starts", "2016-12-16T10:00")
                page.fill("#new-lasts", "1 h to 3 h")
                page.focus("#new-lasts")
                page.keyboard.press("Enter")
            else:
                page.select_option("#new-kind", "bus")
                page.click("#new button")
            assert page.locator("#mistakes").count() == 0
        page.click(f"a[href*='/{language}/change/{CASE}'][href*='section=flows']")
        convoy = page.locator("[name='field:flows.north-families.convoy']")
        convoy.fill("buses: 8\nmore-buses: 2")
        page.locator("form:has([value=fields]) .keep button").click()
        changes = page.locator(".so-far code").all_inner_texts()
        assert [each.partition("=")[0] for each in changes] == [
            "fleets.more-buses",
            "stoppages.halt",
            "flows.north-families.convoy",
        ]
        page.click(f"a[href^='/{language}/run/{CASE}?change=']")
        page.fill("#runs", "2")
        page.locator("main form button").click()
        until(page, ".results")
        assert page.locator(".answer").first.inner_text()


VILLAGES = (
    "Village\tfamilies\twounded\n"
    "Upper Mill\t880\t20\n"
    "\u0627\u0644\u0645\u0637\u062d\u0646\u0629\t1,165\t35\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_list_of_villages_is_pasted_mended_and_run(browser, address, language):
    """Without a script, on a phone; then the least number of buses is asked for."""
    size = {"width": 360, "height": 740}
    with looking(browser, address, viewport=size, java_script_enabled=False) as page:
        page.goto(f"{address}/{language}/change/{CASE}?section=sites")
        page.click(f"a[href^='/{language}/several/{CASE}']")
        page.fill("#lines", VILLAGES)
        page.locator("form:has(#lines) button").first.click()
        (wrong,) = page.locator("#lines-wrong li").all_inner_texts()
        assert "3" in wrong
        assert "1165" in wrong
        assert page.input_value("#lines") == VILLAGES
        page.fill("#lines", VILLAGES.replace("1,165", "1165"))
        page.locator("form:has(#lines) button").first.click()
        changes = page.locator(".so-far code").all_inner_texts()
        assert [each.partition("=")[0] for each in changes][::4] == [
            "sites.upper-mill",
            "sites.site-1",
        ]
        assert page.locator(".noted li").count() == 3
        page.click(f"a[href^='/{language}/ask/{CASE}']")
        page.click("a[href*='/question/least/']")
        page.select_option("#choice-field-1", "fleets.buses.vehicles")
        page.fill("#choice-values-1", "20, 40")
        page.fill("#goals", "10 % of all arrived by 2016-12-18T12:00")
        page.fill("#runs", "20")
        page.locator("main form button").click()
        until(page, ".results")
        assert page.locator(".answer").first.inner_text()


PAGES = (
    *("", f"case/{CASE}", f"text/{CASE}", f"run/{CASE}", "case/aleppo-2016"),
    *(f"change/{CASE}?change=shift%3D24+h&section=fleets", f"compare/{CASE}"),
    *(f"change/{CASE}?section=agreements&add=agreements&like=exchange",),
    *(f"several/{CASE}?section={section}" for section in ("sites", "fleets")),
    *(f"evidence/{CASE}", "evidence/aleppo-2016"),
    *(f"ask/{CASE}", *(f"question/{each}/{CASE}" for each in FORMS)),
    *("follow", "studies", "nothing-here"),
    *(f"change/{CASE}?section={each}" for each in sections()),
    *(
        f"change/{CASE}?section={each}&add={at}"
        for each in sections()
        for at in holders(each)
    ),
    *(f"change/{CASE}?change=fleets.nobody.seats%3D4&section=fleets",),
)
REFUSED = {
    "": {"do": "begin", "name": "../no"},
    f"run/{CASE}": {"runs": "0", "seed": "-1"},
    f"compare/{CASE}": {"runs": "0"},
    f"text/{CASE}": {"before": "x", "text": "x"},
    f"evidence/{CASE}": {"do": "text", "table": "evidence", "before": "x"},
    "follow": {"name": "../no", "case": CASE},
    f"change/{CASE}": {
        **{"do": "fields", "section": "fleets", "field:fleets.buses.seats": "many"},
    },
    f"change/{CASE}?add=fleets": {"do": "part", "add": "fleets", "name": "a.b"},
    **{f"question/{each}/{CASE}": {"seed": "-1"} for each in FORMS},
}
"""What a form says, by its address, that nobody can do."""
_SEND = """([address, fields]) => {
  const form = document.createElement("form");
  const secret = document.querySelector("[name=secret]").value;
  for (const [name, value] of Object.entries({secret, ...fields})) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  form.method = "post";
  form.action = address;
  document.body.append(form);
  form.submit();
}"""


def send(page, address, **fields):
    """Send a form that is on the page, with what no browser would let anybody fill."""
    with page.expect_navigation():
        page.evaluate(_SEND, [address, fields])


def bring_wrong(page, address, language, name):
    """Bring a case with mistakes in its text and its evidence; return its pages."""
    text = (SCENARIOS / CASE / "scenario.yaml").read_text("utf-8")
    wrong = text.replace("seats: 55", "seats: many").replace("lasts: 5 h", "lasts: x")
    file = {"name": "x.yaml", "mimeType": "application/yaml", "buffer": wrong.encode()}
    page.goto(f"{address}/{language}/")
    page.fill("#bring-name", name)
    page.set_input_files("#file", [file])
    page.locator("form:has(#file) button").click()
    page.goto(f"{address}/{language}/evidence/{name}")
    for table, cells in (
        ("evidence", "id,origin,role\nx,nowhere,chek\n"),
        ("sources", "x"),
    ):
        path = f"{address}/{language}/evidence/{name}"
        send(page, path, do="text", table=table, before="", text=cells)
    return [f"{each}/{name}" for each in ("case", "text", "evidence", "change", "run")]


@pytest.mark.slow
@pytest.mark.parametrize("looks", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_has_a_serious_fault_or_is_wider_than_a_phone(
    browser, address, language, looks
):
    size = {"width": 360, "height": 740}
    with looking(browser, address, viewport=size, color_scheme=looks) as page:

        def fine(path):
            found = Axe().run(page).response["violations"]
            assert not [f["id"] for f in found if f["impact"] in SERIOUS], path
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path

        wrong = bring_wrong(page, address, language, f"wrong-{language}-{looks}")
        for path in (*PAGES, *wrong):
            page.goto(f"{address}/{language}/{path}")
            fine(path)
        for path, fields in REFUSED.items():
            page.goto(f"{address}/{language}/{path}")
            send(page, f"{address}/{language}/{path}", **fields)
            assert page.locator("#mistakes:focus").count() == 1, path
            fine(path)
        page.complaints = [c for c in page.complaints if "404" not in c]


def test_numbered_lines_begin_with_their_numbers_in_arabic(browser, address):
    """A box that runs from the right would show how long lines end."""
    size = {"width": 360, "height": 740}
    with looking(browser, address, viewport=size) as page:
        page.goto(f"{address}/ar/text/{CASE}")
        page.click("summary:has(+ .scroll)")
        box = page.locator(".scroll:has(> .lines)").bounding_box()
        line = page.locator(".lines li").first.bounding_box()
        assert line["x"] >= box["x"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def tabbed(page, selector, most=150):
    """Go on with the Tab key until it stands on what a selector means."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(selector)


def test_the_path_of_a_planner_by_keyboard_alone(browser, address):
    """Choose a case, change, run, wait, read the report, come back: no pointer."""
    with looking(browser, address) as page:
        page.goto(f"{address}/en/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        for path in (f"case/{CASE}", f"change/{CASE}"):
            tabbed(page, f"main a[href='/en/{path}']")
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/en/{path}")
        tabbed(page, "#shift")
        page.keyboard.type("24 h")  # what stands in a field is chosen and replaced
        page.keyboard.press("Enter")
        page.wait_for_url("**change=shift*")
        tabbed(page, f"a[href^='/en/run/{CASE}?change=']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/run/**")
        tabbed(page, "#runs")
        page.keyboard.type("2")
        tabbed(page, "main form summary")
        page.keyboard.press("Enter")
        tabbed(page, "#seed")
        page.keyboard.type("7")
        page.keyboard.press("Enter")
        page.wait_for_url("**/study/**")
        until(page, ".results")
        study = page.url
        tabbed(page, "a[href$='/files/report.html']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/report.html")
        page.go_back()  # its key is the browser's own, of which this one has none
        assert page.url == study
        tabbed(page, "header a[href='/en/']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/")
