"""The planner's page, asked as a browser would: the whole path of a planner."""

import errno
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
from urllib.parse import parse_qs, urlencode, urlsplit

import openpyxl
import pytest

from sim.errors import ResultsError
from sim.evidence.columns import EXAMPLE_ROW
from sim.page.app import planners_page
from sim.page.asked import Desk
from sim.page.field_forms import holders, new_part, parts_of, sections
from sim.page.filled_in import changed
from sim.page.guard import Doorway, hosts_of
from sim.page.labels import LANGUAGES
from sim.page.questions import FORMS
from sim.page.studies import case_in
from sim.studies import library
from sim.studies.ask.questions import QUESTIONS
from sim.studies.cases import Changed, drafted, opened
from sim.studies.check import verdict_on
from sim.studies.following.lines import changed_in
from sim.studies.library import Library
from sim.studies.planners_folder import made_ready
from sim.studies.proposed_changes import proposed_changes
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

    assert "What differs from East Aleppo, Foua-Kafraya" in said
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


def test_a_mistake_that_begins_with_a_path_runs_from_the_right_in_arabic(page):
    """A direction that is guessed would be that of the path it begins with."""
    text = page.text_of(CASE).replace("seats: 50", "seats: fifty")
    file = {"file": ("x.yaml", text.encode())}
    page.fill("en/", do="bring", name="from-the-right", files=file)

    for address in ("case", "text"):
        shown = page.get(f"/ar/{address}/from-the-right").text
        (problem,) = re.findall(r'<ol class="problems".*?<li([^>]*)>', shown, re.S)
        assert "dir" not in problem
    assert '<p class="wrong" lang="ar" dir="rtl">' in shown


def test_what_is_typed_is_set_apart_in_the_hints_of_fields(page):
    shown = page.get(f"/ar/change/{CASE}?section=agreements").text

    assert '<code dir="ltr">lockstep</code>' in shown
    assert "`" not in shown


def test_no_table_is_called_right_while_the_other_cannot_be_read(page):
    name = begun_case(page, "half-read")
    folder = page.folder / f"scenarios/{name}"
    shutil.copy(SCENARIOS / "aleppo-2016/evidence.csv", folder)
    (folder / "sources.csv").write_text("key,title\nx\n", "utf-8")
    shown = page.get(f"/en/evidence/{name}").text

    assert "What is wrong with this table:" in shown
    assert "Nothing is wrong with this table." not in shown
    assert "checked in full once the other table can be read" in shown


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
        link = rf'Seats: <a href="#f-fleets-{name}-seats">([^<]*)</a>'
        assert told in re.search(link, refused.text)[1]


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
    "best": {"choices": "fleets.buses.vehicles=4 to 8 by 2", "apart": "60 %"},
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
    offered = proposed_changes(opened(scenario).operation)

    assert {"shift", "curfew"} <= {each.what for each in offered}
    for each in offered:
        opened(Changed(scenario, (f"{each.what}={each.value}",)))


def test_a_study_speaks_the_language_that_was_chosen_and_leads_back_to_its_case(page):
    fields = {"runs": "2", "change": "shift=24 h", "language": "ar"}
    address = page.fill("en/run/two-towns", **fields).headers["location"]
    page.queue.work(only=address)

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


# Parts and lists


def changes_in(answer):
    """Return the changes that an address holds."""
    return parse_qs(urlsplit(answer.headers["location"]).query).get("change", [])


HEADWAY = "flows.north-families.headway="
TIMES = ", ".join(f"'2016-12-15T{hour:02}:00': 1" for hour in range(5, 20))
MOST_FLEETS = 60
NEW_FLEET = {
    "new:kind": "bus",
    "new:seats": "40",
    "new:joins": "2016-12-15T05:00: 3\r\n2016-12-16T05:00: 2",
}


def test_a_new_part_is_a_change_that_says_what_was_filled_in(page):
    form = page.get(f"/en/change/{CASE}?section=fleets&add=fleets").text
    put = page.fill(
        f"en/change/{CASE}",
        do="part",
        section="fleets",
        add="fleets",
        name="more-buses",
        **NEW_FLEET,
    )
    (change,) = changes_in(put)
    after = opened(Changed(CASE, (change,))).operation

    needed, _, others = form.partition("What may be said besides")
    assert 'name="new:joins"' in needed
    assert 'name="new:carries"' in others
    assert after.fleets["more-buses"].ever_joining == 5
    assert "The fleet more-buses is new." in page.says(put.headers["location"])
    assert 'value="40"' in page.get(put.headers["location"]).text


def test_a_new_part_takes_the_shape_of_another(page):
    address = f"/en/change/{CASE}?section=agreements&add=agreements&like=exchange"
    form = page.get(address).text
    said = re.search(r'name="new:parties"[^>]*>\s*(.*?)</textarea>', form, re.S)[1]

    assert unescape(said) == (
        "{north: {flows: [north-families], gate: north-crossing}, "
        "south: {flows: [south-families], gate: south-crossing}}"
    )


def test_a_phase_is_not_replaced_by_one_whose_moment_is_spelled_otherwise(page):
    phases = "flows.north-families.phases"
    form = {"do": "part", "section": "flows", "add": phases, "new:headway": "2 h"}
    first = f"{phases}.2016-12-16T00:00={{headway: 3 h}}"
    taken = page.fill(
        f"en/change/{CASE}", change=first, name="2016-12-16 00:00", **form
    )

    assert taken.status_code == 422
    assert "is there already" in below(taken, "new-name")


def test_changes_that_fit_into_no_address_are_not_taken_and_can_be_saved(page):
    """A link to them would be refused, and all that was filled in were lost."""
    many = [
        f"fleets.more-{n}={{kind: bus, seats: 40, joins: {{{TIMES}}}}}"
        for n in range(MOST_FLEETS)
    ]
    shown = page.fill(
        f"en/change/{CASE}",
        do="part",
        section="fleets",
        add="fleets",
        name="last",
        change=many,
        **NEW_FLEET,
    )
    saved = page.fill(
        f"en/change/{CASE}", do="variant", name="of-many", title="", change=many
    )

    assert shown.status_code == 422
    assert "too long for an address. Save those so far" in shown.text
    assert saved.status_code == 303
    assert page.get(saved.headers["location"]).status_code == 200


def test_what_is_wrong_with_a_new_part_stands_beside_its_fields(page):
    wrong = {"new:seats": "many", "new:joins": "3 buses"}
    refused = page.fill(
        f"en/change/{CASE}", do="part", add="fleets", name="a.b", **NEW_FLEET | wrong
    )
    taken = page.fill(
        f"en/change/{CASE}", do="part", add="fleets", name="buses", **NEW_FLEET
    )
    unread = page.fill(
        f"en/change/{CASE}", do="part", add="fleets", name="x", **NEW_FLEET | wrong
    )
    bad = page.fill(
        f"en/change/{CASE}",
        do="part",
        add="fleets",
        name="x",
        **NEW_FLEET | {"new:kind": ""},
    )
    many = page.fill(
        f"en/change/{CASE}",
        do="part",
        add="fleets",
        name="x",
        **NEW_FLEET | {"new:seats": "many"},
    )

    assert "is not a name" in below(refused, "new-name")
    assert "is there already" in below(taken, "new-name")
    assert "Write 'buses: 3'." in below(unread, "new-joins")
    assert "is not a count" in below(many, "new-seats")
    assert 'value="many"' in many.text
    assert "This is needed." in below(bad, "new-kind")


def below(answer, field):
    """Return what stands below a field as wrong with it."""
    assert answer.status_code == 422
    return unescape(re.search(rf'id="{field}-wrong">(.*?)</ul>', answer.text, re.S)[1])


@pytest.mark.parametrize(
    ("at", "name", "fields"),
    [
        ("sites", "village", {"new:title": "A village"}),
        ("sites.harbour.groups", "staff", {"new:people": "20"}),
        (
            "routes",
            "back-road",
            {
                "new:origin": "northtown",
                "new:destination": "harbour",
                "new:through": "north-crossing, south-road, coast-road",
            },
        ),
        (
            "stoppages",
            "halt",
            {
                "new:cause": "A halt: nobody says why, or for how long",
                "new:closes": "bridge, north-crossing",
                "new:starts": "2016-12-16T10:00",
                "new:lasts": "1 h to 3 h",
            },
        ),
        ("gates", "third-crossing", {}),
        ("flows.north-families.phases", "2016-12-16T12:00", {"new:convoy": "buses: 4"}),
        ("uncertain", "fleets.buses.seats", {"new:spread": "40 to 60"}),
        (
            "gates.south-crossing.releases",
            "",
            {"new:vehicles": "3", "new:every": "5 min"},
        ),
    ],
)
def test_a_part_can_be_put_wherever_there_may_be_one(page, at, name, fields):
    """That it is used by nothing yet is told; else nothing is wrong with it."""
    section = at.partition(".")[0]
    form = page.get(f"/ar/change/{CASE}?section={section}&add={at}")
    put = page.fill(
        f"en/change/{CASE}", do="part", section=section, add=at, name=name, **fields
    )

    assert form.status_code == 200
    if put.status_code == 422:  # unused, which a later change mends
        assert re.search(r"no (route|flow)|nothing|nobody|not used|leaves", put.text), (
            put.text
        )
        return
    (change,) = changes_in(put)
    assert change.startswith(f"{at}.{name}=" if name else f"{at}=")


def test_a_part_is_removed_and_what_needs_it_can_be_mended_afterwards(page):
    form = page.get(f"/en/change/{CASE}?section=fleets").text
    address = unescape(
        re.search(r'href="([^"]*buses%3Ddrop[^"]*)"', form)[1].partition("#")[0]
    )
    broken = page.get(address)
    mended = page.fill(
        f"en/change/{CASE}",
        do="fields",
        section="flows",
        change="fleets.buses=drop",
        **{
            "field:flows.north-families.convoy": "south-buses: 10",
            "field:flows.north-families.load": "",
        },
    )

    half_mended = page.fill(
        f"en/change/{CASE}",
        do="fields",
        section="flows",
        change="fleets.buses=drop",
        **{"field:flows.north-families.convoy": "south-buses: 10"},
    )
    worse = page.fill(
        f"en/change/{CASE}",
        do="fields",
        section="flows",
        change="fleets.buses=drop",
        **{"field:flows.north-families.convoy": "nothing: 10"},
    )

    assert broken.status_code == 422
    assert len(changes_in(half_mended)) == 2
    assert "still names it" in page.get(half_mended.headers["location"]).text
    assert worse.status_code == 422
    assert "still names it" in broken.text
    assert "mend first what is wrong" in broken.text
    assert changes_in(mended) == [
        "fleets.buses=drop",
        "flows.north-families.convoy=south-buses: 10",
        "flows.north-families.load=drop",
    ]
    assert "The fleet buses is not there any more." in page.says(
        mended.headers["location"]
    )


def test_a_part_that_was_added_is_taken_back_by_removing_it(page):
    changes = [
        "shift=24 h",
        "fleets.more={kind: bus, seats: 40, joins: {2016-12-15T05:00: 3}}",
        "fleets.more.seats=50",
    ]
    query = urlencode([("section", "fleets"), *(("change", each) for each in changes)])
    seen = unescape(page.get(f"/en/change/{CASE}?{query}").text)
    removed = re.search(r'href="([^"]*)#so-far">Remove fleets.more<', seen)[1]
    back = re.findall(r'href="([^"]*)">Take it back', seen)[1]

    for address in (removed, back):
        assert parse_qs(urlsplit(address).query)["change"] == ["shift=24 h"]


def test_lists_and_values_by_name_are_changed_as_in_a_cell(page):
    form = page.get(f"/en/change/{CASE}?section=flows").text
    taken = page.fill(
        f"en/change/{CASE}",
        do="fields",
        section="flows",
        change="flows.north-families.convoy.buses=8",
        **{
            "field:flows.north-families.convoy": "buses: 6\r\nambulances: 1",
            "field:flows.north-families.groups": "families, wounded",
            "field:flows.south-families.groups": " families ",
        },
    )
    terms = ("north: 2, south: 1", "north: rest, south: rest")
    agreements = page.fill(
        f"en/change/{CASE}",
        do="fields",
        section="agreements",
        **{"field:agreements.exchange.tranches": "\r\n".join(terms)},
    )

    assert re.search(
        r'name="field:flows.north-families.convoy"[^>]*>\s*buses: 10<', form
    )
    assert changes_in(taken) == [
        "flows.north-families.groups=families, wounded",
        "flows.north-families.convoy=buses: 6, ambulances: 1",
    ]
    assert changes_in(agreements) == [
        f"agreements.exchange.tranches=[{', '.join(f'{{{each}}}' for each in terms)}]"
    ]


@pytest.mark.parametrize("kind", ["text", "workbook"])
def test_new_parts_are_saved_in_a_variant(page, kind):
    changes = [
        "fleets.more={kind: bus, seats: 40, joins: {2016-12-15T05:00: 3}}",
        "flows.north-families.convoy=buses: 6, more: 2",
        "stoppages.searches=drop",
    ]
    saved = page.fill(
        f"en/change/{CASE}",
        do="variant",
        change=changes,
        name=f"parts-{kind}",
        kind=kind,
    )
    path = page.folder / f"scenarios/{CASE}"
    (file,) = path.glob(f"parts-{kind}.*")

    assert "Nothing is wrong with it." in page.get(saved.headers["location"]).text
    assert opened(file).operation == opened(
        Changed(CASE, tuple(changes))
    ).operation.model_copy(update={"operation": opened(file).operation.operation})


@pytest.mark.parametrize("section", sections())
@pytest.mark.parametrize("case", [CASE, "aleppo-2016"])
def test_every_field_of_every_section_says_what_the_case_says(page, case, section):
    """What a form holds as it is shown is no change, when it is sent."""
    seen = page.get(f"/en/change/{case}?section={section}")
    tree = drafted(case).tree
    parts = parts_of(tree, section)
    forms = [form for part in parts for form in (*part.given, *part.others)]

    assert seen.status_code == 200
    assert changed(tree, {form.input: form.now for form in forms}, ()) == []
    assert all(f'name="{form.input}"' in seen.text for form in forms)
    for path in [*holders(section), *(each for part in parts for each in part.holds)]:
        assert new_part(tree, path) is not None


# Evidence


HEADER = (
    "id,origin,metric,from,low,best,high,bound,unit,attributed_to,family,source,role"
)
EVIDENCE = f"""{HEADER}
a1,northtown,cumulative_arrivals,2016-12-16T12:00,3,4,5,about,people,A,town,T1,check
a2,northtown,cumulative_arrivals,2016-12-17T12:00,9,8,10,about,people,A,town,T2,chek
"""
SOURCES = "key,title\nT1,A list of the town\n"


def begun_case(page, name, kind="text"):
    page.fill("en/", do="begin", name=name, like="DARA18", kind=kind)
    return name


def test_evidence_is_brought_in_and_each_mistake_stands_beside_row_and_column(page):
    page.fill(
        "en/",
        do="bring",
        name="with-evidence",
        files={"file": ("x.yaml", page.text_of(CASE).encode())},
    )
    address = "en/evidence/with-evidence"
    before = page.get(f"/{address}").text
    for name, text in (("evidence", EVIDENCE), ("sources", SOURCES)):
        brought = page.fill(
            address, do="bring", table=name, files={"file": ("x.csv", text.encode())}
        )
        assert brought.headers["location"] == f"/{address}"
    seen = page.get(f"/{address}").text
    arabic = page.get("/ar/evidence/with-evidence").text
    (row,) = re.findall(r'<tr id="evidence-3" class="bad-row">(.*?)</tr>', seen, re.S)
    (wrong,) = re.findall(r'<tr class="told">(.*?)</tr>', seen, re.S)

    assert "There is none yet." in before
    assert page.text_of("with-evidence").endswith("\nevidence: evidence.csv\n")
    assert [unescape(each) for each in re.findall('bad-cell">(.*?)<', row)] == ["chek"]
    assert "Did you mean" in wrong
    assert 'id="sources-2"' in seen
    assert "row 3:role" in unescape(page.says("/en/case/with-evidence"))
    assert "هل تقصد" in re.search(r'<tr class="told">(.*?)</tr>', arabic, re.S)[1]
    assert (
        'href="/en/evidence/with-evidence"' in page.get("/en/case/with-evidence").text
    )


def test_a_table_is_named_from_the_folder_of_the_planner_on(page):
    """Where that folder is on the machine is nothing to read in a mistake."""
    name = begun_case(page, "evidence-without-rows")
    table = page.folder / "scenarios" / name / "evidence.csv"
    table.write_text("")
    for address in (f"/en/evidence/{name}", f"/en/case/{name}", f"/en/run/{name}"):
        says = page.says(address)
        assert f"scenarios/{name}/evidence.csv: is empty" in says
        assert str(page.folder) not in says


def test_evidence_is_mended_in_its_text(page):
    name = begun_case(page, "evidence-as-text")
    address = f"en/evidence/{name}"
    path = page.folder / f"scenarios/{name}"
    there = (path / "evidence.csv").read_text("utf-8")
    mended = EVIDENCE.replace("northtown", "daraya").replace(",chek", ",check")
    mended = mended.replace(",9,8,", ",7,8,").replace("2016-12-1", "2016-08-2")

    stale = page.fill(address, do="text", table="evidence", before="x", text=mended)
    saved = page.fill(
        address,
        do="text",
        table="evidence",
        before=there.replace("\n", "\r\n"),
        text=mended.replace("\n", "\r\n"),
    )

    assert stale.status_code == 422
    assert "changed elsewhere" in stale.text
    assert ",7,8," in stale.text  # what was typed is not lost
    assert saved.status_code == 303
    assert (path / "evidence.csv").read_text("utf-8") == mended


def with_a_figure(book):
    """Return a workbook with a row in its evidence, as somebody writes one."""
    opened_book = openpyxl.load_workbook(io.BytesIO(book))
    sheet = opened_book["evidence"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for name, text in EXAMPLE_ROW.items():
        sheet.cell(3, heads[name], text)
    kept = io.BytesIO()
    opened_book.save(kept)
    return kept.getvalue()


def test_evidence_in_a_workbook_is_shown_and_its_sheet_can_be_brought_in(page):
    name = begun_case(page, "evidence-in-sheets", "workbook")
    page.fill("en/", do="begin", name="of-two-towns", like=CASE, kind="workbook")
    book = with_a_figure(page.get("/en/file/of-two-towns").content)
    page.fill("en/text/of-two-towns", files={"file": ("b.xlsx", book)})
    shown = page.get("/en/evidence/of-two-towns").text
    page.fill("en/", do="begin", name="takes-a-sheet", like=CASE, kind="text")
    path = page.folder / "scenarios/takes-a-sheet/evidence.csv"
    brought = page.fill(
        "en/evidence/takes-a-sheet",
        do="bring",
        table="evidence",
        files={"file": ("b.xlsx", book)},
    )
    refused = page.fill(
        f"en/evidence/{name}", do="text", table="evidence", before="", text="id\n"
    )

    assert "It stands in the workbook" in shown
    assert "<textarea" not in shown
    assert brought.status_code == 303
    assert len(path.read_text("utf-8").splitlines()) == 2
    assert (
        "Nothing is wrong with this table."
        in page.get("/en/evidence/takes-a-sheet").text
    )
    assert refused.status_code == 422
    assert "stands in the workbook" in refused.text


def test_evidence_of_past_operations_and_files_that_are_no_tables_stay(page):
    """A scenario may name any file beside it; only tables are written through that."""
    past = page.fill("en/evidence/past/DARA18", do="text", table="evidence", text="x")
    text = page.text_of(CASE) + "\nevidence: README.md\n"
    page.fill(
        "en/",
        do="bring",
        name="names-a-readme",
        files={"file": ("x.yaml", text.encode())},
    )
    readme = page.folder / "scenarios/names-a-readme/README.md"
    readme.write_text("kept", "utf-8")
    other = page.fill(
        "en/evidence/names-a-readme",
        do="text",
        table="evidence",
        before="kept",
        text="x",
    )

    assert past.status_code == 404
    assert other.status_code == 422
    assert readme.read_text("utf-8") == "kept"
    assert page.fill(f"en/evidence/{CASE}", do="text", table="x").status_code == 404


# What was once wrong


def test_a_number_that_cannot_be_read_is_not_the_usual_one(page):
    refused = page.fill(f"en/question/sensitivity/{CASE}", points="many")

    assert "Write a whole number" in below(refused, "points")


def test_a_case_is_not_begun_in_the_shape_of_another_than_was_asked_for(page):
    refused = page.fill("en/", do="begin", name="like-nothing", like="nowhere")

    assert "There is no case 'nowhere'." in below(refused, "like")
    assert not (page.folder / "scenarios/like-nothing").exists()


def test_what_a_study_notes_at_once_stands_above_it(page):
    people = "sites.northtown.groups.families.people"
    asked = page.fill(f"en/run/{CASE}", runs="2", change=f"{people}=1300")
    seen = page.get(asked.headers["location"]).text
    other = page.fill(f"en/run/{CASE}", runs="2").headers["location"]

    noted = re.search(r'<aside class="noted".*?</aside>', seen, re.S)[0]
    assert f"What --change says of {people} holds in every run" in noted
    assert 'class="noted"' not in page.get(other).text
    arabic = asked.headers["location"].replace("/en/", "/ar/")
    assert 'class="noted"' in page.get(arabic).text


def test_a_comparison_may_write_its_brief_as_pdf(page, monkeypatch):
    monkeypatch.setattr("sim.page.compare.can_write_pdf", lambda: True)
    assert 'name="pdf"' in page.get(f"/en/compare/{CASE}").text
    monkeypatch.setattr("sim.page.compare.can_write_pdf", lambda: False)
    assert 'name="pdf"' not in page.get(f"/en/compare/{CASE}").text


def test_a_case_that_only_changes_mend_is_changed(page):
    text = page.text_of(CASE).replace("seats: 55", "seats: many")
    page.fill(
        "en/", do="bring", name="to-mend", files={"file": ("x.yaml", text.encode())}
    )
    form = page.get("/en/change/to-mend?section=fleets")
    mended = page.fill(
        "en/change/to-mend",
        do="fields",
        section="fleets",
        **{"field:fleets.buses.seats": "55"},
    )
    seen = page.get(mended.headers["location"])

    assert "is not a count" in below(form, "f-fleets-buses-seats")
    assert changes_in(mended) == ["fleets.buses.seats=55"]
    assert seen.status_code == 200
    assert "cannot be run without these changes" in seen.text


def test_nothing_is_left_of_a_case_that_the_disk_does_not_take(page, monkeypatch):
    def full(path, contents):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr("sim.studies.taken_in.write_whole", full)
    monkeypatch.setattr("sim.studies.new.write_whole", full)
    brought = page.fill(
        "en/", do="bring", name="no-room", files={"file": ("x.yaml", b"x")}
    )
    begun = page.fill("en/", do="begin", name="no-room", like=CASE)

    assert (brought.status_code, begun.status_code) == (422, 422)
    assert not (page.folder / "scenarios/no-room").exists()


def test_a_text_in_another_encoding_can_be_mended(page):
    page.fill(
        "en/", do="bring", name="latin", files={"file": ("x.yaml", b"about: \xe9")}
    )
    before = (page.folder / "scenarios/latin/scenario.yaml").read_bytes()
    text = before.decode("utf-8", "replace")

    assert page.fill("en/text/latin", before=text, text="about: e").status_code == 303


@pytest.mark.parametrize(
    ("address", "fields", "field"),
    [
        (f"question/probability/{CASE}", {"goal": "soon"}, "goal"),
        (f"question/least/{CASE}", {"choice": "x=1 to 2", "goals": "soon"}, "choice"),
        (
            f"question/least/{CASE}",
            {"choice": "fleets.buses.seats=40, 50", "goals": "soon"},
            "goals",
        ),
        (f"question/sensitivity/{CASE}", {"points": "7"}, "points"),
        (f"question/go-or-wait/{CASE}", {"confirms": "x", "after": "2 h"}, "confirms"),
        (
            f"question/best/{CASE}",
            {"choices": f"{HEADWAY}1 h, 2 h", "plans": "1"},
            "plans",
        ),
        (f"question/best/{CASE}", {"choices": f"{HEADWAY}1 h, , 2 h"}, "choices"),
        (f"question/best/{CASE}", {"choices": f"{HEADWAY}1 h to 2 h"}, "choices"),
        (
            f"question/best/{CASE}",
            {"choices": f"{HEADWAY}1 h, 2 h", "apart": "far"},
            "apart",
        ),
        ("", {"do": "begin", "name": "A/case", "like": CASE}, "name"),
    ],
)
def test_what_is_wrong_with_options_is_told_in_arabic(page, address, fields, field):
    told = below(page.fill(f"ar/{address}", **fields), field)

    assert 'lang="en"' not in told
    assert re.search("[\u0621-\u064a]", told)


def test_what_was_being_written_a_day_ago_is_cleared_away(tmp_path):
    """A program that is killed leaves its drafts, beside a case as beside results."""
    case = tmp_path / "scenarios" / "a-case"
    case.mkdir(parents=True)
    drafts = [tmp_path / ".tmp-copy", case / ".tmp-1-scenario.yaml", case / ".tmp-new"]
    drafts[0].mkdir()
    for draft in drafts[1:]:
        draft.write_text("half", "utf-8")
    for draft in drafts[:2]:
        os.utime(draft, (1, 1))

    made_ready(tmp_path)

    assert [draft.exists() for draft in drafts] == [False, False, True]


def test_no_draft_is_left_where_scenarios_cannot_be_copied(tmp_path, monkeypatch):
    def half(source, target, **_):
        target.mkdir()
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr("shutil.copytree", half)
    with pytest.raises(ResultsError):
        made_ready(tmp_path / "own")

    assert [*(tmp_path / "own").iterdir()] == []


@pytest.mark.parametrize("facts", ["null", "[]", "7", '{"changed_since_last": 7}', "{"])
def test_facts_of_a_forecast_that_are_none_say_that_nothing_changed(tmp_path, facts):
    (tmp_path / "run.json").write_text(facts, "utf-8")

    assert changed_in(tmp_path) == []


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
from sim.studies.proposed_changes import proposed_changes

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


def test_a_case_begins_on_its_first_day(page):
    begun = page.fill("en/", do="begin", name="in-march", first_day="2027-03-10")
    refused = page.fill("en/", do="begin", name="in-may", first_day="5 May")

    says = page.says(begun.headers["location"])
    assert "From 2027-03-10 00:00 to 2027-03-14 00:00" in says
    assert "Nothing is wrong with it." in says
    evidence = page.folder / "scenarios/in-march/evidence.csv"
    assert "2016" not in evidence.read_text("utf-8")
    assert refused.status_code == 422
    assert "'5 May' is not a day. Write one" in unescape(refused.text)


@pytest.mark.parametrize("kind", ["text", "workbook"])
def test_changes_are_saved_into_the_case_itself(page, kind):
    name = f"own-{kind}"
    page.fill("en/", do="begin", name=name, kind=kind)
    change = ["fleets.buses.seats=44", "stoppages.searches=drop"]
    saved = page.fill(
        f"en/change/{name}", do="into", change=change, title="The valley: in March"
    )
    again = page.fill(f"en/change/{name}", do="into", change="fleets.buses.seats=45")

    assert saved.headers["location"] == again.headers["location"] == f"/en/case/{name}"
    found = next(iter((page.folder / "scenarios" / name).glob("scenario.*")))
    operation = opened(found).operation
    assert operation.operation == "The valley: in March"
    assert operation.fleets["buses"].seats == 45
    assert "searches" not in operation.stoppages
    assert "Nothing is wrong with it." in page.says(f"/en/case/{name}")


@pytest.mark.parametrize("kind", ["text", "workbook"])
@pytest.mark.parametrize("do", ["into", "variant"])
def test_what_is_saved_is_what_was_shown(page, do, kind):
    """A range about a value that was changed would undo the change in every draw."""
    case, range_of = f"as-shown-{do}-{kind}", "stoppages.shots-at-the-crossing.lasts"
    page.fill("en/", do="begin", name=case, kind=kind)
    change = f"{range_of}=1 d"
    named = {"name": "halted", "kind": kind} if do == "variant" else {}
    saved = page.fill(f"en/change/{case}", do=do, change=change, title="", **named)

    name = saved.headers["location"].removeprefix("/en/case/")
    run = opened(Changed(case, (change,))) if do == "variant" else None
    kept = opened(name).operation.uncertain
    assert range_of not in kept
    assert "checkpoints.bridge.inspection" in kept
    assert run is None or kept == run.operation.uncertain


def test_only_what_is_no_variant_is_changed_itself(page):
    page.fill(f"en/change/{CASE}", do="variant", change="shift=24 h", name="fixed")
    asked = page.fill(
        f"en/change/{CASE}/fixed", do="into", change="fleets.buses.seats=44"
    )
    shown = page.get(f"/en/change/{CASE}/fixed?change=fleets.buses.seats%3D44").text

    assert asked.status_code == 404
    assert "Save into the case itself" not in shown
    assert "Save as a variant" in shown


def test_parts_that_need_each_other_are_added_one_after_another(page):
    """A site with people needs a flow, which needs a route, which needs the site."""
    part = {"do": "part", "section": "sites", "add": "sites", "name": "mill"}
    part["new:groups"] = "families: {people: 90}"
    refused = page.fill(f"en/change/{CASE}", **part)
    taken = page.fill(f"en/change/{CASE}", anyway="yes", **part)
    unread = page.fill(
        f"en/change/{CASE}", anyway="yes", **{**part, "new:groups": "{families"}
    )

    assert refused.status_code == unread.status_code == 422
    assert "Take it all the same" in refused.text
    assert "Take it all the same" not in unread.text
    assert changes_in(taken) == ["sites.mill={groups: {families: {people: 90}}}"]
    assert "can never leave" in page.get(taken.headers["location"]).text


def test_what_was_removed_is_added_anew_under_its_name(page):
    added = page.fill(
        f"en/change/{CASE}",
        do="part",
        section="stoppages",
        add="stoppages",
        change=["stoppages.searches=drop"],
        name="searches",
        **{"new:cause": "A halt", "new:closes": "bridge", "new:lasts": "1 d"},
        **{"new:starts": "2016-12-16T00:00"},
    )

    (change,) = changes_in(added)
    assert change.startswith("stoppages.searches={cause: A halt")


def test_the_form_of_a_new_stoppage_leads_to_its_chance(page):
    for language, heading, absent in (
        ("en", "Chance of coming", "it comes."),
        ("ar", "احتمال الحدوث", "يحدث."),
    ):
        address = f"/{language}/change/{CASE}?section=stoppages&add=stoppages"
        shown = unescape(page.get(address).text)
        assert heading in shown
        assert absent in shown
    plan = {"new:cause": "A feared halt", "new:closes": "bridge", "new:lasts": "1 d"}
    form = {"do": "part", "section": "stoppages", "add": "stoppages", "name": "feared"}
    starts = {"new:starts": "2016-12-16T00:00"}
    address = f"en/change/{CASE}"
    added = page.fill(address, **form, **plan, **starts, **{"new:chance": "1 in 3"})
    refused = page.fill(address, **form, **plan, **starts, **{"new:chance": "3 in 2"})

    (change,) = changes_in(added)
    assert "chance: 1 in 3" in change
    assert refused.status_code == 422
    assert "is more than" in unescape(refused.text)


def test_a_part_of_which_there_is_none_has_the_example_of_another_case(page):
    query = urlencode(
        {"section": "agreements", "add": "agreements", "change": "agreements=drop"}
    )
    shown = unescape(page.get(f"/en/change/{CASE}?{query}").text)

    assert "written as: [{north: 1, south: 1}" in shown
    assert "Fill in as it is said of:" not in shown


def test_a_later_start_says_how_every_date_moves_with_it(page):
    refused = page.fill(
        f"en/change/{CASE}",
        do="fields",
        section="operation",
        **{"field:starts": "2016-12-17T00:00"},
    )

    told = unescape(re.sub("<[^>]*>", "", refused.text))
    assert "take 'Move every date' instead, with 2 d." in told
    assert "fleets.buses.joins.2016-12-15T05:00: '2016-12-15T05:00' is before" in told


def test_many_changes_do_not_make_the_title_too_long(page):
    changes = [f"sites.s{n}={{title: {'x' * 50}}}" for n in range(60)]
    query = urlencode([("change", each) for each in changes])

    assert page.get(f"/en/change/{CASE}?{query}").status_code == 200


def test_a_long_title_stands_among_the_cases_in_full(page):
    changes = [
        f"fleets.{name}.seats=41" for name in ("buses", "ambulances", "south-buses")
    ]
    page.fill(f"en/change/{CASE}", do="variant", change=changes, name="long-title")
    (kept,) = [
        each
        for name, each in Library(page.folder).cases().items()
        if name == f"{CASE}/long-title"
    ]

    assert kept.title == opened(kept.path).operation.operation
    assert ">-" in kept.path.read_text("utf-8")


def test_a_case_that_cannot_be_run_can_be_changed(page):
    page.fill("en/", do="begin", name="broken")
    page.fill("en/change/broken", do="into", change="sites.northtown.title=N")
    path = page.folder / "scenarios/broken/scenario.yaml"
    path.write_text(path.read_text("utf-8").replace("seats: 55", "seats: -5"), "utf-8")

    shown = page.get("/en/case/broken").text
    assert "It cannot be run as it is" in shown
    assert 'href="/en/change/broken"' in shown
    assert 'href="/en/run/broken"' not in shown


def test_a_case_that_nobody_can_read_leads_to_its_text(page):
    text = "operation: x\n  zone: [here\nsites: {a: b\n"
    file = {"file": ("x.yaml", text.encode())}
    page.fill("en/", do="bring", name="unread", files=file)

    changed = page.get("/ar/change/unread")

    assert changed.status_code == 422
    assert 'href="/ar/text/unread"' in changed.text


def test_a_list_of_ones_own_is_told_what_to_do(page):
    book = openpyxl.Workbook()
    book.active.title = "Villages"
    book.active.append(["Village", "People"])
    kept = io.BytesIO()
    book.save(kept)
    brought = page.fill(
        "en/", do="bring", files={"file": ("list.xlsx", kept.getvalue())}
    )

    assert "begin a case kept as a workbook" in page.says(brought.headers["location"])
