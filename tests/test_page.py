"""The planner's page, asked as a browser would: the whole path of a planner."""

import io
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest

from sim.page.app import planners_page
from sim.page.asked import Desk
from sim.page.change import ready_made
from sim.page.guard import Doorway, hosts_of
from sim.page.labels import LANGUAGES
from sim.page.questions import FORMS
from sim.page.studies import case_in
from sim.studies import library
from sim.studies.ask.questions import QUESTIONS
from sim.studies.cases import Changed, opened
from sim.studies.check import verdict_on
from sim.studies.library import Library
from tests.page_desk import HOST, SCENARIOS, a_page

CASE = "two-towns"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with a_page(tmp_path_factory.mktemp("planner")) as page:
        yield page


@pytest.fixture(scope="module")
def finished(page):
    """Return the address of a study that is finished."""
    address = page.fill("en/run/two-towns", runs="3").headers["location"]
    page.queue.work()
    return address


def test_it_opens_in_a_language_and_has_the_same_address_in_another(page):
    english = page.get("/")
    arabic = page.get("/ar/case/two-towns?change=shift%3D24+h")

    assert english.url.path == "/en/"
    assert 'lang="en" dir="ltr"' in english.text
    assert 'href="/ar/"' in english.text
    assert 'lang="ar" dir="rtl"' in arabic.text
    assert 'href="/en/case/two-towns?change=shift%3D24+h"' in arabic.text
    assert "No native speaker has read this translation" in arabic.text


def test_every_case_is_listed_and_says_what_it_is(page):
    listed = page.get("/en/").text
    said = page.says("/en/case/aleppo-2016")

    for name in ("aleppo-2016/un-path", CASE, "past/DARA18"):
        assert f'href="/en/case/{name}"' in listed
    assert "40,500 people are to leave East Aleppo" in said
    assert "The fleet green-buses: 100 vehicles in all, with 100 seats each." in said
    assert page.get("/en/case/aleppo-2016").text.count("<svg") == 1
    assert "2016-12-14T05:00" in said  # in the time line
    assert "Nothing is wrong with it." in said


def test_a_variant_says_what_it_changes(page):
    said = page.get("/en/case/aleppo-2016/shorter-suspension").text

    assert "What differs from scenario" in said
    assert "instead of" in said


@pytest.mark.parametrize("kind", ["text", "workbook"])
def test_a_case_is_begun_in_the_shape_of_a_past_operation(page, kind):
    name = f"begun-as-{kind}"
    begun = page.fill("en/", do="begin", name=name, like="DARA18", kind=kind)

    assert begun.headers["location"] == f"/en/case/{name}"
    assert "Nothing is wrong with it." in page.get(f"/en/case/{name}").text
    again = page.fill("en/", do="begin", name=name, like="DARA18", kind=kind)
    assert again.status_code == 422
    assert "is there already" in again.text


def test_a_file_is_brought_in_and_each_mistake_stands_beside_its_line(page):
    text = page.text_of(CASE).replace("seats: 50", "seats: fifty")
    brought = page.fill(
        "en/", do="bring", name="brought", files={"file": ("Mine.yaml", text.encode())}
    )
    line = 1 + text[: text.index("fifty")].count("\n")

    case = page.get(brought.headers["location"]).text
    assert "It cannot be run as it is." in case
    assert f"scenario.yaml:{line}:" in case
    assert "Run it" not in case
    lines = page.get("/en/text/brought").text
    wrong = re.search(r'<li id="line-(\d+)" class="bad-line">.*?</li>', lines, re.S)
    assert int(wrong[1]) == line
    assert "is not a count" in wrong[0]


def test_a_workbook_is_called_by_its_title_and_takes_the_place_of_another(page):
    page.fill("en/", do="begin", name="sheets", like=CASE, kind="workbook")
    sheets = page.get("/en/file/sheets").content

    refused = page.fill("en/text/sheets", files={"file": ("a.xlsx", b"no workbook")})
    brought = page.fill("en/text/sheets", files={"file": ("b.xlsx", sheets)})

    assert 'href="/en/case/sheets">sheets (to be filled in)<' in page.get("/en/").text
    assert 'href="/en/file/sheets"' in page.get("/en/text/sheets").text
    assert refused.status_code == 422
    assert "Bring an Excel workbook (.xlsx)." in refused.text
    assert brought.headers["location"] == "/en/case/sheets"
    assert page.get("/en/file/sheets").content == sheets


def test_a_mistake_is_mended_in_the_text(page):
    text = page.text_of(CASE)
    page.fill(
        "en/",
        do="bring",
        name="mended",
        files={"file": ("x.yaml", text.replace("seats: 50", "seats: x").encode())},
    )
    before = page.text_of("mended")
    refused = page.fill("en/text/mended", before="something else", text=text)
    saved = page.fill("en/text/mended", before=before, text=text.replace("\n", "\r\n"))

    assert refused.status_code == 422
    assert "changed elsewhere" in refused.text
    assert saved.status_code == 303
    assert page.text_of("mended") == text
    assert "Nothing is wrong with it." in page.get("/en/case/mended").text


def test_changes_stand_in_the_address_and_what_they_make_different_beside_it(page):
    added = page.fill(
        f"en/change/{CASE}", do="add", what="shift", value="24 h", form="shift"
    )
    address = added.headers["location"]
    seen = page.get(address).text

    assert address == f"/en/change/{CASE}?change=shift%3D24+h"
    assert "starts is 2016-12-16T00:00 instead of 2016-12-15T00:00" in page.says(
        address
    )
    assert f'href="/en/run/{CASE}?change=shift%3D24+h"' in seen
    assert f'href="/en/change/{CASE}"' in seen  # to take it back


def test_a_change_that_cannot_be_made_is_told_beside_its_form(page):
    refused = page.fill(
        f"en/change/{CASE}", do="add", what="shift", value="many", form="shift"
    )

    assert refused.status_code == 422
    told = re.search(r'<ul class="wrong" id="shift-wrong">.*?</ul>', refused.text, re.S)
    assert "does not say by how much" in told[0]
    assert re.search(
        r'<input id="shift"[^>]*value="many"[^>]*shift-wrong', refused.text
    )


def test_fields_say_what_they_mean_and_take_new_values(page):
    form = page.get(f"/en/change/{CASE}?section=fleets").text
    taken = page.fill(
        f"en/change/{CASE}",
        do="fields",
        section="fleets",
        **{"field:fleets.buses.seats": "60"},
    )

    assert 'name="field:fleets.buses.seats" value="55"' in form
    assert "Most people that one vehicle may carry" in form
    assert "change=fleets.buses.seats%3D60" in taken.headers["location"]
    assert "60 seats instead of 55" in page.says(taken.headers["location"])


def test_what_is_wrong_with_fields_stands_beside_each(page):
    refused = page.fill(
        f"en/change/{CASE}",
        do="fields",
        section="fleets",
        **{"field:fleets.buses.seats": "many", "field:fleets.south-buses.seats": "0"},
    )

    assert refused.status_code == 422
    for name, told in (("buses", "is not a count"), ("south-buses", "is too small")):
        below = re.search(
            rf'id="f-fleets-{name}-seats-wrong">(.*?)</ul>', refused.text, re.S
        )
        assert told in below[1]


@pytest.mark.parametrize("kind", ["text", "workbook"])
def test_changes_are_saved_as_a_variant(page, kind):
    saved = page.fill(
        f"en/change/{CASE}",
        do="variant",
        change="shift=24 h",
        name=f"later-{kind}",
        kind=kind,
    )
    address = saved.headers["location"]

    assert address == f"/en/case/{CASE}/later-{kind}"
    assert "Nothing is wrong with it." in page.get(address).text
    assert "starts is 2016-12-16T00:00 instead of" in page.says(address)


def test_a_run_waits_then_shows_its_results(page, finished):
    seen = page.get(finished)

    assert "refresh" not in seen.headers
    assert "arrived" in re.search(r'class="answer"[^>]*>(.*?)<', seen.text)[1]
    for name in ("report.html", "brief.html", "movements.html", "results.xlsx"):
        assert page.get(f"{finished}/files/{name}").status_code == 200
    assert "python run.py run two-towns -n 3" in seen.text


def test_all_files_come_as_one(page, finished):
    archive = page.get(f"{finished}/all.zip")

    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        names = [name.partition("/")[2] for name in files.namelist()]
        assert files.testzip() is None
    assert {"report.html", "run.json", "figures/throughput.svg"} <= {*names}


def test_what_waits_looks_again_by_itself_unless_it_is_to_keep_still(page):
    address = page.fill(f"en/run/{CASE}", runs="2").headers["location"]

    assert page.get(address).headers["refresh"] == "2"
    assert "refresh" not in page.get(f"{address}?still=yes").headers
    assert page.fill(address, do="stop").headers["location"] == address
    assert "stopped" in page.get(address).text
    assert "refresh" not in page.get(address).headers
    page.fill(address, do="resume")
    assert "waits for its turn" in page.get(address).text
    page.fill(address, do="remove")
    assert page.get(address).status_code == 404


@pytest.mark.parametrize("runs", ["0", "-1", "1.5", "٣", "1e9", "100001", "=1+1"])
def test_a_number_of_runs_that_is_none_is_told_beside_its_field(page, runs):
    refused = page.fill(f"en/run/{CASE}", runs=runs)

    assert refused.status_code == 422
    assert "Write a whole number from 1 to 100000." in refused.text


def test_variants_are_compared_with_their_case(page):
    page.fill(f"en/change/{CASE}", do="variant", change="shift=24 h", name="compared")
    none = page.fill(f"en/compare/{CASE}", runs="2")
    asked = page.fill(f"en/compare/{CASE}", runs="2", variants=f"{CASE}/compared")
    (entry, *_) = page.queue.entries()

    assert "Choose at least one variant." in none.text
    assert asked.status_code == 303
    assert entry.kind == "compare"
    assert entry.typed == "python run.py compare two-towns two-towns/compared -n 2"


def test_every_question_has_a_form():
    assert {*FORMS} == {*QUESTIONS}


FILLED = {
    "probability": {"goal": "90 % of northtown arrived by 2016-12-17T12:00"},
    "least": {
        "choice": "fleets.buses.vehicles=4 to 8 by 2",
        "goals": "90 % of northtown arrived by 2016-12-17T12:00",
    },
    "latest": {
        "choice": "start=2016-12-15T00:00 to 2016-12-16T00:00 by 12 h",
        "goals": "90 % of northtown arrived by 2016-12-17T12:00",
    },
    "go-or-wait": {
        "confirms": "sites.northtown.groups.families.people",
        "after": "2 h",
    },
    "sensitivity": {"points": "64"},
    "policies": {"agreement": "exchange"},
}


@pytest.mark.parametrize("question", FORMS)
def test_every_question_can_be_asked(page, question):
    seen = page.get(f"/ar/question/{question}/{CASE}")
    asked = page.fill(f"en/question/{question}/{CASE}", **FILLED.get(question, {}))

    assert seen.status_code == 200
    assert asked.status_code == 303, re.findall(r'class="mistakes.*?</div>', asked.text)
    assert page.queue.entries()[0].typed.startswith(f"python run.py ask {question} ")


def test_a_question_that_is_not_answered_says_what_is_needed(page):
    refused = page.fill(f"en/question/probability/{CASE}", goal="soon")

    assert refused.status_code == 422
    assert (
        "Write it as" in re.search(r'id="goal-wrong">(.*?)</ul>', refused.text, re.S)[1]
    )


def test_nothing_at_an_address_is_said_in_its_language(page):
    assert page.get("/en/case/nowhere").status_code == 404
    assert page.get("/ar/nothing").status_code == 404
    assert 'dir="rtl"' in page.get("/ar/nothing").text


def test_shared_for_reading_nothing_can_be_changed(page, tmp_path):
    door = Doorway(hosts_of(("127.0.0.1",), 8765), token="let-me-in", writable=False)  # noqa: S106
    reader = page.other(planners_page(Desk(tmp_path, page.queues), door))

    assert reader.get("/en/").status_code == 401
    assert reader.get("/?token=wrong").status_code == 401
    entered = reader.get("/?token=let-me-in")
    assert "Shared for reading only" in entered.text
    assert "<form" not in entered.text
    refused = reader.post(
        "/en/", data={"secret": door.secret, "name": "x"}, headers={"host": HOST}
    )
    assert refused.status_code == 403


def test_the_page_itself_holds_no_script(page, finished):
    for address in ("/en/", f"/en/case/{CASE}", f"/en/change/{CASE}", finished):
        seen = page.get(address)
        assert "<script" not in seen.text
        assert "script-src" not in seen.headers["content-security-policy"]


@pytest.mark.parametrize(
    "scenario", ["aleppo-2016", "four-towns-2017", "two-towns", "past/FT17"]
)
def test_ready_made_changes_can_be_made_as_they_stand(scenario):
    offered = ready_made(opened(scenario).operation)

    assert {"shift", "curfew"} <= {each.what for each in offered}
    for each in offered:
        opened(Changed(scenario, (f"{each.what}={each.value}",)))


def test_a_study_speaks_the_language_that_was_chosen_and_leads_back_to_its_case(page):
    fields = {"runs": "2", "change": "shift=24 h", "language": "ar"}
    address = page.fill("en/run/two-towns", **fields).headers["location"]
    page.queue.work()

    study, listed = page.get(address).text, page.get("/en/studies").text

    assert "--language ar</pre>" in study
    assert '<h1 lang="ar" dir="rtl">' in study
    assert LANGUAGES["ar"] in study.partition("as it was asked for.")[0]
    assert 'href="/en/case/two-towns"' in study
    assert 'href="/en/change/two-towns?change=shift%3D24+h"' in study
    assert "Runs of a case" in listed
    assert '<bdi dir="rtl">' in listed
    assert 'dir="rtl"' in page.get(f"{address}/files/brief.html").text


def test_a_case_that_several_ask_for_at_once_is_read_once(page, monkeypatch):
    reads = []

    def slowly(path):
        reads.append(path)
        time.sleep(0.2)
        return verdict_on(path)

    monkeypatch.setattr("sim.page.reading.verdict_on", slowly)
    page.fill("en/", do="begin", name="asked-at-once", like=CASE, kind="text")
    with ThreadPoolExecutor(4) as pool:
        answers = [*pool.map(page.get, ["/en/case/asked-at-once"] * 4)]

    assert {each.status_code for each in answers} == {200}
    assert len(reads) == 1


HEAVY = ("numpy", "scipy", "matplotlib", "duckdb", "xlsxwriter", "sim.model")
FIRST_ANSWER = """
import asyncio, sys
from pathlib import Path
from sim.cli import main
from sim.page.asked import Desk
from sim.page.guard import Doorway, hosts_of
from sim.page.painter import Painter
from sim.page.queues import Queues
from sim.page.server import planners_page, served
from sim.studies.folder import prepare
from sim.studies.planners_folder import made_ready

place = made_ready(Path(sys.argv[1]))
prepare(place / "results")
desk = Desk(place, Queues(place / "results"), painter=Painter(apart=True))
app = planners_page(desk, Doorway(hosts_of(("here",), 80)))
scope = {
    "type": "http", "method": "GET", "path": "/en/", "raw_path": b"/en/",
    "query_string": b"", "root_path": "", "headers": [(b"host", b"here:80")],
}
said = []

async def receive():
    return {"type": "http.request"}

async def send(message):
    said.append(message)

asyncio.run(app(scope, receive, send))
assert said[0]["status"] == 200 and b"two-towns" in said[1]["body"]
print(*sys.modules)
"""


def test_nothing_heavy_is_loaded_before_the_first_answer(tmp_path):
    """Whoever opens the page would wait for it."""
    command = [sys.executable, "-c", FIRST_ANSWER, tmp_path / "own"]
    told = subprocess.run(
        command, cwd=SCENARIOS.parent, capture_output=True, text=True, check=True
    )

    loaded = told.stdout.split()
    assert "sim.page.cases" in loaded
    assert not set(HEAVY) & set(loaded)


def test_what_is_loaded_later_has_all_addresses(page):
    """Also those that the first page has, and what is asked of them wrongly."""
    assert page.get("/en/studies").status_code == 200
    assert page.get("/en/nosuch").status_code == 404
    assert page.client.post("/en/studies").status_code == 405
    assert page.client.get("/en", follow_redirects=False).status_code == 307


@pytest.fixture
def odd(page):
    """The file of a case that there is only in one test."""
    file = page.folder / "scenarios/odd/scenario.yaml"
    file.parent.mkdir()
    yield file
    shutil.rmtree(file.parent)


@pytest.mark.parametrize("contents", [b"operation: Ma\xf1ana\n", b"\xff\xfe\0\1"])
def test_a_case_that_is_not_utf_8_can_be_mended_where_it_lies(page, odd, contents):
    odd.write_bytes(contents)

    text = page.get("/en/text/odd")
    assert "not UTF-8 text" in text.text
    (before,) = re.findall(r'name="before" value="([^"]*)"', text.text)
    right = page.text_of("two-towns")
    saved = page.fill("/en/text/odd", before=unescape(before), text=right)
    assert saved.status_code == 303
    assert odd.read_text("utf-8") == right


@pytest.mark.parametrize(
    ("typed", "kind", "named"),
    [
        ("python run.py run two-towns -n 3", "run", "two-towns"),
        ("convoy two-towns --change shift=1", "run", "two-towns"),
        ("python run.py run run -n 3", "run", "run"),
        ("python run.py run compare", "run", "compare"),
        ("python run.py compare run two-towns", "compare", "run"),
        ("python run.py ask bound bound", "bound", "bound"),
        ("python run.py ask bound ask --seed 1", "bound", "ask"),
        ("python run.py run --language ar two-towns", "run", "two-towns"),
        ("python run.py run", "run", "run"),
        ("", "", ""),
    ],
)
def test_a_case_is_found_where_a_command_names_it(typed, kind, named):
    """It may be called as a command is, or as a value of an option."""
    assert case_in(typed.split(), kind) == named


def test_cases_that_go_while_they_are_looked_at_are_passed_over(page, odd, monkeypatch):
    is_scenario, scandir = library._is_scenario, os.scandir

    def going(look):
        def looked(path):
            found = look(path)
            seen = [*found] if look is scandir else found
            if odd.exists() and str(path).startswith(str(odd.parent)):
                odd.unlink()
            return seen

        return looked

    cases = Library(page.folder)
    odd.write_text("operation: odd\n")
    with monkeypatch.context() as patch:
        patch.setattr(library, "_is_scenario", going(is_scenario))
        assert "two-towns" in cases.cases()
    assert not odd.exists()
    odd.write_text("operation: odd\n")
    with monkeypatch.context() as patch:
        patch.setattr(library.os, "scandir", going(scandir))
        cases.stamp()
    assert not odd.exists()
