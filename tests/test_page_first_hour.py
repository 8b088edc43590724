"""What a planner meets on the page who has read nothing: lists, columns, questions."""

import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest

from sim.evidence.columns import EXAMPLE_ROW, every_message
from sim.evidence.figures import Figure
from sim.evidence.row import COLUMNS
from sim.evidence.table import SOURCE_COLUMNS
from sim.evidence.vocabulary import MEANINGS
from sim.studies.ask.offered import moments, numbers
from sim.studies.cases import opened
from tests.page_desk import a_page

CASE = "two-towns"
LINES = "Upper Mill\t20\t880\t2027-03-10T06:00\r\nLower Mill\t10\t590\r\n"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with a_page(tmp_path_factory.mktemp("newcomer")) as page:
        page.fill("en/", do="begin", name="valley", first_day="2027-03-10")
        yield page


def changes_in(answer):
    return parse_qs(urlsplit(answer.headers["location"]).query).get("change", [])


def told(answer, field):
    assert answer.status_code == 422
    return unescape(re.search(rf'id="{field}-wrong">(.*?)</ul>', answer.text, re.S)[1])


# Columns of evidence


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_column_metric_and_word_is_explained_on_the_page(page, language):
    seen = page.get(f"/{language}/evidence/valley").text

    for table, columns in (("evidence", COLUMNS), ("sources", SOURCE_COLUMNS)):
        for column in columns:
            (row,) = re.findall(
                rf'<tr id="column-{table}-{column}">(.*?)</tr>', seen, re.S
            )
            says = re.findall("<td[^>]*>(.*?)</td>", row)[0]
            assert bool(re.search("[\u0621-\u064a]", says)) == (language == "ar"), row
    assert all(f">{metric}</th>" in seen for metric in MEANINGS)
    assert all(f'id="words-{name}"' in seen for name in ("from", "bound", "role"))


def test_all_that_is_said_of_columns_is_said_in_arabic(page):
    seen = unescape(page.get("/ar/evidence/valley").text)

    assert not [f"{each}" for each in every_message() if f">{each}<" in seen]


def test_the_example_of_a_row_is_one():
    row = {name: text for name, text in EXAMPLE_ROW.items() if text}

    assert Figure.model_validate(row).metric == "cumulative_arrivals"
    assert {*EXAMPLE_ROW} == {*COLUMNS}


def test_the_explanation_is_open_where_there_is_no_row_yet(page):
    empty = page.get("/en/evidence/valley").text
    filled = page.get("/en/evidence/aleppo-2016").text

    assert '<details id="columns-evidence" open>' in empty
    assert '<details id="columns-evidence">' in filled


# Evidence of a new case


@pytest.mark.parametrize("kind", ["text", "workbook"])
def test_a_new_case_has_tables_without_rows(page, kind):
    page.fill("en/", do="begin", name=f"bare-{kind}", kind=kind)
    said = unescape(page.says(f"/en/evidence/bare-{kind}"))
    folder = page.folder / f"scenarios/bare-{kind}"

    assert "Nothing is wrong with it." in page.says(f"/en/case/bare-{kind}")
    assert "northtown,first_arrival" not in said
    if kind == "text":
        assert (folder / "evidence.csv").read_text() == f"{','.join(COLUMNS)}\n"
        assert "There is none yet. Bring one in, or write it below." in said
    else:
        book = openpyxl.load_workbook(folder / "scenario.xlsx")
        assert {"evidence", "sources"} <= {*book.sheetnames}
        assert book["evidence"].max_row <= 2


# Several at once


def test_lines_become_changes_that_stand_among_the_others(page):
    form = page.get("/en/change/valley?change=fleets.buses.seats%3D44&section=sites")
    (address,) = re.findall(r'href="([^"]*/several/[^"]*)"', form.text)
    shown = page.get(unescape(address)).text
    added = page.fill(
        "en/several/valley",
        section="sites",
        like="northtown",
        lines=LINES,
        change="fleets.buses.seats=44",
    )
    seen = page.get(added.headers["location"]).text

    assert "<textarea" in shown
    assert "fleets.buses.seats=44" in shown
    first, *others = changes_in(added)
    assert first == "fleets.buses.seats=44"
    assert [each.partition("=")[0] for each in others[:4]] == [
        "sites.upper-mill",
        "routes.upper-mill-to-harbour",
        "flows.upper-mill-families",
        "flows.upper-mill-wounded",
    ]
    assert len(others) == 8
    assert "The site upper-mill (Upper Mill) is new." in re.sub("<[^>]*>", "", seen)
    noted = re.search(r'<aside class="noted".*?</aside>', seen, re.S)[0]
    assert "The new flows stand under no agreement." in noted
    query = urlsplit(added.headers["location"]).query
    assert page.get(f"/en/run/valley?{query}").status_code == 200


def test_what_was_not_taken_is_told_until_the_next_change(page):
    fields = {"section": "sites", "like": "northtown", "lines": LINES}
    added = page.fill("en/several/valley", **fields)
    first = page.get(added.headers["location"]).text
    further = page.fill(
        "en/change/valley",
        do="fields",
        section="fleets",
        change=changes_in(added),
        **{"field:fleets.buses.seats": "41"},
    )

    assert 'class="noted"' in first
    assert 'class="noted"' not in page.get(further.headers["location"]).text


def test_a_line_that_is_wrong_is_told_by_its_number_and_nothing_is_lost(page):
    lines = "Upper Mill\t20\t1,200\r\nLower Mill\t10\t590\r\n"
    refused = page.fill(
        "en/several/valley", section="sites", like="northtown", lines=lines
    )

    assert "line 1: families: '1,200' may be read in two ways" in told(refused, "lines")
    assert "Lower Mill\t10\t590" in refused.text


def test_what_does_not_go_together_with_the_rest_is_told_by_its_line(page):
    lines = "Upper Mill\t20\t880\r\nLower Mill\t10\t590\t2020-01-01T06:00\r\n"
    fields = {"section": "sites", "like": "northtown", "lines": lines}
    refused = page.fill("en/several/valley", **fields)
    taken = page.fill("en/several/valley", anyway="yes", **fields)

    said = told(refused, "lines")
    said = re.sub("<[^>]*>", "", said)
    assert re.search("line 2: .*'2020-01-01T06:00' is before the operation", said)
    assert "line 1" not in said
    assert "Take it all the same" in refused.text
    assert len(changes_in(taken)) == 8


def test_so_many_that_no_address_holds_them_go_into_the_case_at_once(page):
    page.fill("en/", do="begin", name="many", first_day="2027-03-10")
    lines = "\n".join(f"Village {number}\t5\t100" for number in range(40))
    fields = {"section": "sites", "like": "northtown", "lines": lines}
    refused = page.fill("en/several/many", **fields)
    saved = page.fill("en/several/many", do="into", **fields)

    assert "too long for an address" in told(refused, "lines")
    assert saved.headers["location"] == "/en/case/many"
    operation = opened(page.folder / "scenarios/many/scenario.yaml").operation
    assert len(operation.sites) == 43
    assert operation.sites["village-39"].title == "Village 39"
    said = page.says("/en/case/many")
    assert "Nothing is wrong with it." in said
    assert "The new flows stand under no agreement." in said
    page.fill("en/change/many", do="into", change="fleets.buses.seats=44")
    assert "stand under no agreement" not in page.says("/en/case/many")


def test_several_fleets_are_added_in_the_same_way(page):
    added = page.fill(
        "en/several/valley",
        section="fleets",
        like="buses",
        lines="Red Line;12;50;2027-03-10T08:00\nHill Tours;8;30;2027-03-11T07:00",
    )

    assert changes_in(added)[1] == (
        "fleets.hill-tours={kind: bus, seats: 30, joins: {'2027-03-11T07:00': 8}, "
        "carries: [families]}"
    )
    assert "No flow sends the new vehicles yet." in page.says(added.headers["location"])


@pytest.mark.parametrize("section", ["legs", "", "nothing"])
def test_there_are_no_several_of_other_sections(page, section):
    assert page.get(f"/en/several/valley?section={section}").status_code == 404


def test_lines_are_not_read_by_the_columns_of_another_than_was_shown(page):
    gone = "sites.northtown=drop"
    taken = page.fill(
        "en/several/valley", section="sites", like="northtown", lines="A\t1\t2"
    )
    shown = page.fill(
        "en/several/valley",
        section="sites",
        like="northtown",
        lines="A\t1",
        change=gone,
    )

    assert taken.status_code == 303
    assert "There is no 'northtown' any more" in told(shown, "lines")


def test_several_are_not_saved_into_what_is_no_case(page):
    page.fill("en/change/valley", do="variant", change="shift=24 h", name="later")
    fields = {"section": "sites", "like": "northtown", "lines": LINES, "do": "into"}

    assert page.fill("en/several/valley/later", **fields).status_code == 404
    assert "save into the case" not in page.says(
        "/en/several/valley/later?section=sites"
    )


def test_the_one_they_are_like_goes_with_all_that_is_its_own(page):
    """Only the agreement that names its flow is left to be mended."""
    fields = {"section": "sites", "like": "northtown", "lines": LINES}
    added = page.fill("en/several/valley", **fields)
    form = page.get(added.headers["location"]).text
    (address,) = re.findall(
        r'href="([^"#]*)#so-far">Remove sites.northtown with its routes', form
    )
    changes = parse_qs(urlsplit(unescape(address)).query)["change"]
    left = page.get(unescape(address)).text
    mended = page.get(f"{unescape(address)}&change=agreements%3Ddrop")

    assert changes[len(changes_in(added)) :] == [
        "sites.northtown=drop",
        "routes.north-to-harbour=drop",
        "flows.north-families=drop",
        "flows.north-wounded=drop",
        "uncertain.sites.northtown.groups.families.people=drop",
    ]
    assert "agreements.exchange.parties.north.flows.0" in left
    assert mended.status_code == 200


def test_what_is_not_known_of_a_part_goes_with_it(page):
    form = page.get("/en/change/valley?section=stoppages").text
    (address,) = re.findall(
        r'href="([^"#]*)#so-far">Remove stoppages.shots-at-the-crossing<', form
    )

    assert parse_qs(urlsplit(unescape(address)).query)["change"] == [
        "stoppages.shots-at-the-crossing=drop",
        "uncertain.stoppages.shots-at-the-crossing.lasts=drop",
    ]
    assert page.get(unescape(address)).status_code == 200


# A list that is no scenario


@pytest.mark.parametrize("sheets", [["Villages"], ["Villages", "Buses"], ["Sites"]])
def test_a_list_of_ones_own_is_told_in_one_sentence_where_to_paste_it(page, sheets):
    book = openpyxl.Workbook()
    for name in sheets:
        book.create_sheet(name).append(["Village", "People"])
    kept = io.BytesIO()
    book.save(kept)
    name = "-".join(sheets).lower()
    brought = page.fill(
        "en/", do="bring", name=name, files={"file": ("list.xlsx", kept.getvalue())}
    )
    seen = unescape(page.says(brought.headers["location"]))

    assert "it has no sheet 'operation', only" in seen
    assert "'Add several sites at once'" in seen
    assert "Did you mean" not in seen
    assert "line 0" not in seen
    assert seen.count("scenario.xlsx:") == 1


# What is removed


def test_a_case_is_removed_when_somebody_is_sure(page):
    page.fill("en/", do="begin", name="unwanted")
    page.fill("en/change/unwanted", do="variant", change="shift=24 h", name="later")
    seen = page.get("/en/case/unwanted").text
    variant = page.fill("en/case/unwanted/later")
    gone = page.fill("en/case/unwanted")

    assert "Yes, remove it" in seen.partition("<summary>Remove this case")[2]
    assert variant.headers["location"] == gone.headers["location"] == "/en/"
    assert not (page.folder / "scenarios/unwanted").exists()
    assert page.get("/en/case/unwanted").status_code == 404
    assert "unwanted" not in page.get("/en/").text


def test_a_variant_goes_alone_and_past_operations_stay(page):
    page.fill("en/", do="begin", name="keeps-its-case")
    page.fill(
        "en/change/keeps-its-case", do="variant", change="shift=24 h", name="later"
    )
    page.fill("en/case/keeps-its-case/later")

    assert page.get("/en/case/keeps-its-case").status_code == 200
    assert page.get("/en/case/keeps-its-case/later").status_code == 404
    assert page.fill("en/case/past/DARA18").status_code == 404
    assert "Remove this" not in page.get("/en/case/past/DARA18").text


# Questions that take a field


def test_the_fields_of_the_case_can_be_picked(page):
    seen = unescape(page.get("/en/question/least/valley").text)

    for path, said in (
        ("fleets.buses.vehicles", "buses: vehicles in all (now 30)"),
        ("fleets.buses.seats", "buses: Seats (now 55)"),
        ("checkpoints.bridge.lanes", "bridge: Lanes (now 2)"),
        (
            "flows.north-families.load.buses",
            "north-families buses: People in a vehicle (now 40 to 55, mostly 50)",
        ),
        ("flows.north-families.headway", "north-families: Time between convoys"),
    ):
        (option,) = re.findall(rf'<option value="{path}">(.*?)</option>', seen)
        assert option.startswith(said)
    assert 'label="Fleets"' in seen


@pytest.mark.parametrize(
    ("question", "fields", "typed"),
    [
        (
            "least",
            {
                "choice-field-1": "fleets.buses.vehicles",
                "choice-values-1": "4 to 8 by 2",
                "goals": "90 % of northtown arrived by 2027-03-12T12:00",
            },
            "'fleets.buses.vehicles=4 to 8 by 2'",
        ),
        (
            "latest",
            {
                "choice-field-1": "start",
                "choice-values-1": "2027-03-10T00:00, 2027-03-10T12:00",
                "goals": "90 % of northtown arrived by 2027-03-12T12:00",
            },
            "'start=2027-03-10T00:00, 2027-03-10T12:00'",
        ),
        (
            "best",
            {
                "choices-field-1": "fleets.buses.vehicles",
                "choices-values-1": "4 to 8 by 2",
                "choices-field-3": "flows.north-families.headway",
                "choices-values-3": "1 h, 2 h",
            },
            "--choose 'flows.north-families.headway=1 h, 2 h'",
        ),
        (
            "sensitivity",
            {"vary-field-1": "fleets.buses.seats", "vary-values-1": "40 to 60"},
            "--vary 'fleets.buses.seats=40 to 60'",
        ),
    ],
)
def test_what_was_picked_is_asked_for(page, question, fields, typed):
    asked = page.fill(f"en/question/{question}/valley", **fields)

    assert asked.status_code == 303, told(asked, next(iter(fields))[:6])
    assert typed in page.queue.entries()[0].typed


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "This is needed."),
        ({"choice-field-1": "fleets.buses.seats"}, "Write which values of"),
        ({"choice-values-1": "40, 50"}, "Pick what '40, 50' are values of."),
        (
            {
                "choice-field-1": "fleets.buses.seats",
                "choice-values-1": "40, 50",
                "choice": "fleets.buses.vehicles=1, 2",
            },
            "but not both",
        ),
        (
            {"choice-field-1": "fleets.buses.seats", "choice-values-1": "many"},
            "many",
        ),
    ],
)
def test_what_is_missing_beside_a_pick_is_said(page, fields, said):
    refused = page.fill("en/question/least/valley", goals="x", **fields)

    assert said in told(refused, "choice")
    if "choice-field-1" in fields:
        assert re.search('value="fleets.buses.seats" selected', refused.text)


@pytest.mark.parametrize("case", [CASE, "aleppo-2016", "four-towns-2017"])
def test_every_field_that_can_be_picked_can_be_searched(case):
    from sim.answers.choices import read_choice  # noqa: PLC0415 (below the page)

    operation = opened(case).operation
    offered = [*numbers(operation), *moments(operation)]

    assert len({each.path for each in offered}) == len(offered)
    for each in offered:
        now = re.search(r"\(now (.*)\)$", f"{each.says}")[1]
        value = r"([0-9][0-9T:.%-]*(?: (?!to|a)[a-z/%]+)?)(?:[ ,]|$)"
        first = re.match(f"(?:about |on average |at least )?{value}", now)
        if first is not None:
            read_choice(f"{each.path}={first[1]}", operation)


def test_numbers_to_compare_by_are_proposed(page):
    for question in ("best", "go-or-wait"):
        seen = page.get(f"/en/question/{question}/valley").text
        assert 'list="metric-list"' in seen
        assert '<option value="t90/all">' in seen


# A workbook of the case's own


VILLAGES = (
    ("upper-mill", "Upper Mill", 20, 880),
    ("lower-mill", "Lower Mill", 10, 590),
)


def filled_in(book, ready):
    """Return a workbook with the villages in its sheets, as somebody types them."""
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    flows = sheets["flows"]
    like = {row[0].value: [each.value for each in row[:-1]] for row in flows}
    for key, title, wounded, families in VILLAGES:
        sheets["sites"].append([key, title])
        for group, people in (("wounded", wounded), ("families", families)):
            cells = [key, group, people, None, None, None, ready.format(people=people)]
            sheets["sites.groups"].append(cells)
            flows.append([f"{key}-{group}", key, *like[f"north-{group}"][2:]])
        through = "north-crossing, north-road, bridge, coast-road"
        sheets["routes"].append([key, key, "harbour", through])
    kept = io.BytesIO()
    sheets.save(kept)
    return kept.getvalue()


@pytest.mark.slow
def test_a_case_in_a_workbook_is_filled_in_and_runs_to_an_arabic_brief(page):
    page.fill(
        "en/", do="begin", name="in-sheets", kind="workbook", first_day="2027-03-10"
    )
    book = page.get("/en/file/in-sheets").content
    address = "en/text/in-sheets"
    plain = filled_in(book, "2027-03-10T06:00")
    page.fill(address, files={"file": ("v.xlsx", plain)})
    refused = unescape(page.says("/en/case/in-sheets"))
    whole = filled_in(book, "2027-03-10T06:00: {people}")
    page.fill(address, files={"file": ("v.xlsx", whole)})
    case = page.says("/en/case/in-sheets")
    study = page.fill("ar/run/in-sheets", runs="2", consent="yes").headers["location"]
    page.queue.work(only=study)
    brief = page.get(f"{study}/files/brief.html").text

    assert "as in '2027-03-10T06:00: 20'" in refused
    assert "Nothing is wrong with it." in case
    assert "3,560 people are to leave northtown, southtown, Upper Mill" in case
    assert 'dir="rtl"' in brief
    assert "Upper Mill" in brief


def test_villages_are_added_to_a_case_in_a_workbook_as_well(page):
    page.fill("en/", do="begin", name="pasted", kind="workbook", first_day="2027-03-10")
    saved = page.fill(
        "en/several/pasted",
        section="sites",
        like="northtown",
        lines=LINES,
        do="into",
    )
    book = openpyxl.load_workbook(
        io.BytesIO(page.get("/en/file/pasted").content), read_only=True
    )

    assert saved.headers["location"] == "/en/case/pasted"
    assert "Upper Mill" in [row[1] for row in book["sites"].iter_rows(values_only=True)]
    assert "Nothing is wrong with it." in page.says("/en/case/pasted")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Dry Valley 2027", "dry-valley-2027"),
        ("\u0648\u0627\u062f\u064a 2026", "case-1"),
    ],
)
def test_a_case_is_called_as_people_write(page, typed, name):
    """Who writes Arabic alone has no letters 'a' to 'z' to name a case with."""
    begun = page.fill("ar/", do="begin", name=typed)

    assert begun.headers["location"] == f"/ar/case/{name}"
    assert f"operation: {typed}" in page.text_of(name)
    assert "to be filled in" not in page.text_of(name)


def test_a_variant_is_called_as_people_write(page):
    change = {"change": "shift=24 h", "name": "A day later: no buses"}
    saved = page.fill("en/change/two-towns", do="variant", **change)

    assert saved.headers["location"] == "/en/case/two-towns/a-day-later-no-buses"
    assert "A day later: no buses" in page.says(saved.headers["location"])


@pytest.mark.parametrize("typed", ["../out", ".hidden", "a/b", "a\\b", " "])
def test_no_path_is_taken_for_what_a_case_is_called(page, typed):
    assert page.fill("en/", do="begin", name=typed).status_code == 422


def test_a_file_with_a_name_in_arabic_is_brought_in(page):
    files = {"file": ("\u0648\u0627\u062f\u064a.yaml", b"operation: x\n")}
    brought = page.fill("ar/", files=files, do="bring", name="")

    assert brought.headers["location"].startswith("/ar/case/case-")


def test_each_ready_made_change_says_what_is_written_there(page):
    says = page.says("/en/change/valley")

    assert "'-24 h' is earlier" in unescape(says)
    assert "The hours in which they may set out." in says


def test_all_vehicles_of_a_fleet_are_halved_as_the_page_says(page):
    shown = unescape(page.says("/en/change/valley?section=fleets"))
    halved = page.fill(
        "en/change/valley",
        do="fields",
        section="fleets",
        **{"field:fleets.buses.joins": "multiply_by: 0.5"},
    )

    assert "write 'multiply_by: 0.5' alone" in shown
    assert "is 10 vehicles instead of 20" in page.says(halved.headers["location"])


def test_a_chance_is_allowed_in_percent_as_it_is_written(page):
    shown = page.says("/en/change/valley?section=stoppages")

    assert "allowed: 0 % to 100 %" in shown
    assert "allowed: 0 to 1 " not in shown


def test_a_finished_study_is_run_again_in_another_language(page):
    address = page.fill("en/run/valley", runs="2").headers["location"]
    page.queue.work()
    shown = page.get(address).text

    assert "For another language, run it again" in shown
    assert '<a href="/en/run/valley">Run it again</a>' in shown


def test_the_time_line_is_in_words(page):
    """No planner knows a path such as `fleets.buses.joins.2027-03-10T05:00`."""
    shown = unescape(page.get("/en/case/valley").text)

    assert "buses: Vehicles that join" in shown
    assert "Exchange of families: In force from" in shown
    assert "fleets.buses.joins" not in shown


def test_fields_to_pick_from_have_the_titles_of_their_parts(page):
    page.fill("en/", do="begin", name="titled")
    page.fill("en/change/titled", do="into", change="sites.northtown.title=North Town")

    shown = page.says("/en/question/least/titled")
    assert "North Town families: People at the start" in shown


def test_a_question_that_was_answered_is_asked_again(page):
    address = page.fill("en/question/bound/valley", runs="2").headers["location"]

    assert (
        '<a href="/en/question/bound/valley">Run it again</a>' in page.get(address).text
    )


def test_a_mistake_in_one_of_many_flows_says_in_which(page):
    fields = {
        "field:flows.north-families.convoy": "buses: many",
        "field:flows.north-wounded.convoy": "ambulances: few",
    }
    refused = page.fill("en/change/valley", do="fields", section="flows", **fields)
    shown = re.sub("<[^>]*>", "", refused.text)

    assert "north-families: Vehicles in a full convoy: " in shown
    assert "north-wounded: Vehicles in a full convoy: " in shown


def test_the_latest_start_is_searched_among_dates_as_the_hint_has_them(page):
    hint = "2027-03-10T00:00 to 2027-03-14T00:00 by 1 d"
    asked = page.fill(
        "en/question/latest/valley",
        **{"choice-field-1": "start", "choice-values-1": hint},
        goals="all of all arrived by day 3 18:00",
        probability="90 %",
        confidence="95 %",
        runs="20",
    )

    assert hint in page.says("/en/question/latest/valley")
    assert asked.status_code == 303, re.findall(
        r'class="wrong.*?</ul>', asked.text, re.S
    )
