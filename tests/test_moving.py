"""The picture that moves, in a real browser: it shows what the log says."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from sim.events import Kind
from sim.experiment import run_study
from sim.metrics.arrivals import every_arrival, still_inside
from sim.report.forms.html import as_html
from sim.report.forms.terminal import as_terminal
from sim.report.moving import moving
from sim.report.run import report_on_run
from sim.scenario import load
from sim.words import Words
from tests.browser import a_browser, opened

CASE = Path(__file__).parents[1] / "scenarios/two-towns/scenario.yaml"
OUT = {
    "north-road": ("north-crossing", "bridge"),
    "south-road": ("south-crossing", "south-road/coast-road"),
}
"""Where legs of the case lead with people; the coast road depends on who drives."""
PUT = """moment => {
  const slider = document.querySelector(".moving input");
  slider.value = moment;
  slider.dispatchEvent(new Event("input"));
}"""
MARKS = """() => Object.fromEntries(
  [...document.querySelectorAll(".moving .marks path")]
    .filter(mark => mark.style.display !== "none")
    .map(mark => [mark.dataset.convoy, [
      ...mark.getAttribute("transform").match(/-?[\\d.]+/g).map(Number),
      mark.getAttribute("class")]]))"""


@pytest.fixture(scope="module")
def study():
    return run_study(load(CASE), (), seed=1, replications=3)


@pytest.fixture(scope="module")
def log(study):
    return study.log_of(study.typical)


@pytest.fixture(scope="module")
def section(study, log):
    return moving(study, log)


@pytest.fixture(scope="module")
def scene(section):
    return section.parts[-1].scene


def page_of(study, log, section, folder, language="en"):
    report = report_on_run(study, log, name="test", command="python run.py run test")
    only = replace(report, sections=(section,))
    page = folder / f"{language}.html"
    page.write_text(as_html(only, Words(language), {}), encoding="utf-8")
    return page


@pytest.fixture(scope="module")
def path(study, log, section, tmp_path_factory):
    return page_of(study, log, section, tmp_path_factory.mktemp("moving"))


@pytest.fixture(scope="module")
def browser():
    with a_browser() as browser:
        yield browser


@pytest.fixture
def seen(path, browser):
    with opened(browser, path) as page:
        yield page


def moments(log, step=900):
    """Return ten moments of the run that the slider can be put on."""
    return [log.horizon_s * tenth // 10 // step * step for tenth in range(10)]


def wait_until(page, condition):
    """Wait until an expression is true; the page lets nobody wait in it."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def whole(text):
    return int(text.replace(",", ""))


def ends_of(event, before):
    """Return from where to where a leg of the case leads, as its routes say."""
    side = "north" if event.flow.startswith("north") else "south"
    middle = "bridge" if side == "north" else OUT["south-road"][1]
    ends = OUT.get(event.place, (middle, "harbour"))
    return ends if event.people else ends[::-1]


def where(events, time_s, layout):
    """Return the point of a convoy by its events alone, and whether it drives."""
    past = [each for each in events if each.time_s <= time_s]
    last = past[-1]
    if last.kind is not Kind.DEPARTED:
        return layout[last.place], False
    after = next(each for each in events if each.time_s > time_s)
    (ax, ay), (bx, by) = (layout[place] for place in ends_of(last, past))
    share = (time_s - last.time_s) / (after.time_s - last.time_s)
    return (ax + (bx - ax) * share, ay + (by - ay) * share), True


def under_way(log, time_s):
    """Return the events of each convoy that is formed and not yet relieved."""
    found = {}
    for event in log.events:
        if event.convoy and event.kind not in {Kind.COUNTED, Kind.ASSIGNED}:
            found.setdefault(event.convoy, []).append(event)
    return {
        convoy: events
        for convoy, events in found.items()
        if events[0].time_s <= time_s
        and not any(e.kind is Kind.RELIEVED and e.time_s <= time_s for e in events)
    }


def test_convoys_are_where_their_events_say(seen, log, scene):
    compared = 0
    busy = [each.time_s // 900 * 900 for each in log.events if each.convoy]
    for time_s in sorted({*moments(log), *busy[::7]}):
        seen.evaluate(PUT, time_s)
        marks = seen.evaluate(MARKS)
        now = under_way(log, time_s)
        assert marks.keys() == now.keys()
        for convoy, events in now.items():
            (x, y), drives = where(events, time_s, scene.layout)
            shown_x, shown_y, _, _ = marks[convoy]
            if drives:  # on the right-hand side of the road
                assert abs(((shown_x - x) ** 2 + (shown_y - y) ** 2) ** 0.5 - 7) < 0.2
            else:  # above the place, beside others
                assert abs(shown_x - x) <= 70
                assert 0 < y - shown_y < 40
            compared += 1
    assert compared > 20


@pytest.mark.slow
def test_who_has_people_aboard_is_filled(seen, log):
    for time_s in moments(log):
        seen.evaluate(PUT, time_s)
        for convoy, (*_, look) in seen.evaluate(MARKS).items():
            events = [e for e in under_way(log, time_s)[convoy] if e.time_s <= time_s]
            empty = not events[-1].people or events[-1].kind is Kind.ARRIVED
            assert ("empty" in look) is empty


def test_a_gate_is_closed_while_the_log_says_so(seen, log, scene):
    names = [*scene.network.nodes]
    closed_at_all = False
    changes = [e.time_s for e in log.events if e.kind in {Kind.CLOSED, Kind.OPENED}]
    for time_s in sorted({*moments(log), *(-(-t // 900) * 900 for t in changes)}):
        closed = set()
        for event in log.events:
            if event.time_s <= time_s and event.kind is Kind.CLOSED:
                closed.add(event.place)
            elif event.time_s <= time_s and event.kind is Kind.OPENED:
                closed.discard(event.place)
        seen.evaluate(PUT, time_s)
        shut = seen.locator(".moving g.shut").evaluate_all(
            "all => all.map(group => Number(group.dataset.place))"
        )
        assert {names[number] for number in shut} == closed
        closed_at_all |= bool(closed)
    assert closed_at_all


def test_at_the_very_end_agreements_and_gates_are_what_they_were_just_before(seen, log):
    """What the end of a run cuts off is not over then."""
    found = []
    for moment in (log.horizon_s - 900, log.horizon_s):
        seen.evaluate(PUT, moment)
        found.append(seen.locator(".deals").inner_text())
        found.append(seen.locator(".closed").inner_text())

    assert "completed" in found[0]
    assert found[:2] == found[2:]


def test_people_at_each_site_are_those_of_the_metrics(seen, log, scene):
    inside = still_inside(log)
    names = [*scene.network.nodes]
    for time_s in moments(log):
        seen.evaluate(PUT, time_s)
        for row in seen.locator(".people dd[data-place]").all():
            site = names[int(row.get_attribute("data-place"))]
            if row.get_attribute("data-what") == "inside":
                people = sum(
                    c.at(time_s) for (at, _), c in inside.items() if at == site
                )
            else:
                people = sum(
                    each.people
                    for each in every_arrival(log)
                    if each.place == site and each.time_s <= time_s
                )
            assert whole(row.locator(".figure").inner_text()) == people


def test_the_balance_of_an_exchange_is_what_was_counted(seen, log):
    for time_s in moments(log):
        seen.evaluate(PUT, time_s)
        for row, side in zip(
            seen.locator(".deal .side").all(), ("north", "south"), strict=True
        ):
            counted = [
                event
                for event in log.events
                if event.kind is Kind.COUNTED
                and event.reason.side == side
                and event.time_s <= time_s
            ]
            shown = row.locator(".figure").inner_text()
            assert whole(shown) == sum(event.people for event in counted)
            assert whole(row.locator(".moved").inner_text()) == len(counted)


def test_the_table_says_the_same_every_half_day(seen, log, scene):
    rows = seen.locator("table tbody tr").all()

    assert len(rows) == log.horizon_s // 43_200 + 1
    inside = scene.places["northtown"].inside
    for number, row in enumerate(rows):
        assert whole(row.locator("td").first.inner_text()) == inside.at(number * 43_200)


def test_it_plays_and_pauses(seen):
    play = seen.locator(".moving .play")
    assert play.inner_text() == "Play"
    play.click()
    assert play.inner_text() == "Pause"
    assert seen.locator(".moving .said").get_attribute("aria-live") == "off"
    wait_until(seen, "document.querySelector('.moving').dataset.time > 7200")
    play.click()
    stopped = seen.locator(".moving").get_attribute("data-time")
    seen.wait_for_timeout(200)

    assert seen.locator(".moving").get_attribute("data-time") == stopped
    assert seen.locator(".moving .said").get_attribute("aria-live") == "polite"


def test_it_stops_by_itself_at_the_end(seen, log):
    seen.locator(".moving .play").click()
    seen.evaluate(PUT, log.horizon_s // 900 * 900 - 900)
    seen.locator(".moving .play").click()
    wait_until(seen, "document.querySelector('.play').textContent === 'Play'")

    assert float(seen.locator(".moving").get_attribute("data-time")) == log.horizon_s


def test_the_keyboard_does_it_all(seen, scene):
    """Tab goes to each control; focus is seen; arrows scrub, Enter plays."""
    order = []
    seen.locator(".moving .play").focus()
    for _ in range(6):
        order.append(
            seen.evaluate(
                "[document.activeElement.className || document.activeElement.type, "
                "getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
        seen.keyboard.press("Tab")
    assert [name for name, _ in order] == [
        *("play", "before", "after", "select-one", "range", "map")
    ]
    assert {outline for _, outline in order[1:]} == {"solid"}
    scrub = seen.locator(".moving input")
    scrub.focus()
    seen.keyboard.press("Home")
    seen.keyboard.press("ArrowRight")
    assert seen.locator(".moving").get_attribute("data-time") == "900"
    assert scrub.get_attribute("aria-valuetext") == "2016-12-15 00:15"
    seen.locator(".moving .play").focus()
    seen.keyboard.press("Enter")
    assert seen.locator(".moving .play").inner_text() == "Pause"


def test_it_steps_from_event_to_event(seen, scene):
    times = [each.time_s for each in scene.happenings]
    seen.evaluate(PUT, 0)
    for expected in [time for time in times if time > 0][:5]:
        seen.locator(".moving .after").click()
        assert int(seen.locator(".moving").get_attribute("data-time")) == expected
        told = next(each for each in scene.happenings if each.time_s == expected)
        assert Words().of(told.text) in seen.locator(".moving .said").inner_text()
    seen.locator(".moving .before").click()
    assert (
        int(seen.locator(".moving").get_attribute("data-time"))
        == [time for time in times if time > 0][3]
    )


def test_who_asks_for_less_motion_gets_steps(path, browser, scene):
    with opened(browser, path, reduced_motion="reduce") as page:
        page.locator(".moving .play").click()
        wait_until(page, "document.querySelector('.moving').dataset.time > 0")
        shown = int(page.locator(".moving").get_attribute("data-time"))

        assert shown in {each.time_s for each in scene.happenings}


def test_nothing_moves_until_somebody_asks(seen, scene):
    before = seen.evaluate(MARKS)
    seen.wait_for_timeout(300)

    assert seen.evaluate(MARKS) == before
    assert int(seen.locator(".moving").get_attribute("data-time")) == scene.still_s


def test_without_a_script_it_stands_still_and_says_so(path, browser, seen):
    with opened(browser, path, java_script_enabled=False) as page:
        assert not page.locator(".moving .controls").is_visible()
        assert "one moment of the run" in page.locator(".moving noscript").inner_text()
        still = page.locator(".moving").inner_text()
        drawn = page.locator(".marks path").count()
    shown = seen.locator(".moving").inner_text()

    assert drawn == len(seen.evaluate(MARKS)) > 0
    for line in still.splitlines():
        assert "one moment" in line or line in shown


def test_the_script_draws_the_still_as_the_page_has_it(path, browser, seen):
    with opened(browser, path, java_script_enabled=False) as page:
        drawn = page.locator(".marks path").evaluate_all
        still = {
            each.get_attribute("data-convoy"): each.get_attribute("transform")
            for each in page.locator(".marks path").all()
        }
    assert drawn
    for convoy, (x, y, radius, _) in seen.evaluate(MARKS).items():
        numbers = still[convoy].replace("translate(", "").replace("scale(", "")
        at = [float(each) for each in numbers.replace(")", "").split()]
        assert [x, y, radius] == pytest.approx(at, abs=0.11)


def test_nothing_leaves_the_file_and_the_console_is_silent(seen, path, log):
    for time_s in moments(log):
        seen.evaluate(PUT, time_s)

    assert seen.asked == [path.as_uri()]
    assert not seen.complaints


def test_no_script_but_its_own_runs(seen):
    seen.evaluate(
        "() => { const other = document.createElement('script');"
        "other.textContent = 'document.title = \"taken\"'; document.body.append(other)}"
    )

    assert seen.title() != "taken"
    assert any("Content Security Policy" in each for each in seen.complaints)


@pytest.mark.slow
def test_no_fault_that_keeps_anybody_out_is_found(seen):
    found = Axe().run(seen).response["violations"]

    assert not [each["id"] for each in found if each["impact"] != "minor"]


def test_it_reads_from_right_to_left_and_the_drawing_does_not(
    study, log, section, tmp_path, browser, seen
):
    with opened(browser, page_of(study, log, section, tmp_path, "ar")) as page:
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert page.evaluate(MARKS) == seen.evaluate(MARKS)
        places = "all => all.map(group => group.getAttribute('transform'))"
        assert page.locator("g.place").evaluate_all(places) == seen.locator(
            "g.place"
        ).evaluate_all(places)
        before = page.locator(".clock time").text_content()
        page.evaluate(PUT, 3600)
        after = page.locator(".clock time").text_content()
        assert before != after
        # Else the day and the hour would change places.
        assert {before[0], after[0]} == {"\u2068"}
        assert not page.complaints


def test_words_of_a_scenario_cannot_end_its_data(
    study, log, section, tmp_path, browser
):
    picture = section.parts[-1]
    hostile = "</script><img src=http://example.org/x>"
    places = {
        name: replace(place, title=hostile if place.title else "")
        for name, place in picture.scene.places.items()
    }
    scene = replace(picture.scene, places=places)
    changed = replace(section, parts=(replace(picture, scene=scene),))
    page_path = page_of(study, log, changed, tmp_path)
    with opened(browser, page_path) as page:
        assert page.asked == [page_path.as_uri()]
        assert page.locator("img").count() == 0
        data = json.loads(page.locator("script.data").text_content())
        assert data["places"][0][0] == hostile


def test_it_fits_a_narrow_screen(seen):
    seen.set_viewport_size({"width": 360, "height": 640})

    assert seen.evaluate("document.documentElement.scrollWidth") <= 360


def test_it_prints_without_its_controls(seen):
    seen.emulate_media(media="print")

    assert not seen.locator(".moving .controls").is_visible()
    assert seen.locator(".moving svg").first.is_visible()


def test_a_terminal_does_without(study, log):
    report = report_on_run(study, log, name="test", command="x")

    shown = "".join(map(str, as_terminal(report, Words())))
    assert "In half of the runs" in shown
    assert "What moved when" not in shown


def test_the_page_stays_small(path):
    assert path.stat().st_size < 150_000


def test_events_are_told_in_order_and_once_for_a_second(scene):
    times = [each.time_s for each in scene.happenings]

    assert all(one < other for one, other in pairwise(times))
