"""Followed operations on the page: entered, forecast, undone, protected, deleted."""

import csv
import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore
from urllib.parse import quote

import pytest

from sim.errors import ResultsError
from sim.evidence.table import load_figures
from sim.page import followed as page_of_one
from sim.page import pass_door
from sim.page.queues import Queues
from sim.page.server import Desk, planners_page
from sim.studies import present
from sim.studies.following.forecast import planned
from sim.studies.following.lifecycle import followed_in
from sim.studies.following.pass_phrase import protect
from tests.foreseen import written
from tests.page_desk import SlowQueue, a_page

NOW = datetime(2020, 6, 10, tzinfo=UTC)
SAID = {
    "do": "enter",
    "attributed_to": "UN",
    "origin": "pocket",
    "metric": "cumulative_arrivals",
    "low": "400",
    "best": "440",
    "high": "480",
    "from": "2020-01-03T00:00",
    "published": "2020-01-03T06:00",
}


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A page on which an operation is followed, before any forecast."""
    monkeypatch.setattr(present, "now", lambda: NOW)
    monkeypatch.setattr(pass_door, "_WRONG_S", 0)
    with a_page(tmp_path) as page:
        (tmp_path / "scenarios/small").mkdir()
        path = written(tmp_path / "scenarios/small")
        path.rename(path.with_name("scenario.yaml"))
        page.fill("en/follow", name="op", case="small", published_by="2020-01-02T08:00")
        yield page


def one(page):
    return followed_in(page.folder / "followed/op")


def ids(page):
    return [figure.id for figure in one(page).known().figures]


def queue(page):
    return page.queues.of(one(page).forecasts)


def behind(page):
    """Return the queue of forecasts in full that follow a quick one."""
    return page.queues.seen(one(page).in_full)


def forecast(page, monkeypatch, **fields):
    """Ask for a forecast, of few runs, and have it made."""

    def few(*given, **options):
        return planned(*given, **options, pool=200, draws=20)

    monkeypatch.setattr(page_of_one, "planned", few)
    answer = page.fill("en/followed/op", do="forecast", **fields)
    queue(page).work()
    behind(page).work()
    return answer


def test_what_is_followed_is_listed_and_begun_once(page):
    assert 'href="/en/followed/op"' in page.get("/en/follow").text
    again = page.fill("en/follow", name="op", case="small")

    assert again.status_code == 422
    assert "is there already" in again.text
    assert ids(page) == ["day-2"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "../op"}, "is not a name"),
        ({"name": "new", "published_by": "yesterday"}, "not a local date and time"),
        ({"name": "new", "published_by": "2020-01-02T08:00+02:00"}, "not a local date"),
    ],
)
def test_a_beginning_that_cannot_be_says_why(fields, says, page):
    answer = page.fill("en/follow", case="small", **fields)

    assert answer.status_code == 422
    assert says in answer.text
    assert [path.name for path in (page.folder / "followed").iterdir()] == ["op"]


def test_a_figure_is_entered_undone_and_redone(page):
    assert page.fill("en/followed/op", **SAID).status_code == 303
    assert ids(page) == ["day-2", "entered-2"]
    shown = page.says("/en/followed/op")
    assert "cumulative arrivals" in shown
    assert "440" in shown
    assert "Undo entry 2" in shown

    page.fill("en/followed/op", do="undo", entry="2")
    assert ids(page) == ["day-2"]
    assert "Redo entry 2" in page.says("/en/followed/op")
    page.fill("en/followed/op", do="redo", entry="2")
    assert ids(page) == ["day-2", "entered-2"]
    table = page.get("/en/followed/op/evidence.csv")
    assert table.text.splitlines()[-1].startswith("entered-2,pocket,cumulative_arr")
    nothing = page.fill("en/followed/op", do="undo", entry="999")
    assert nothing.status_code == 422
    assert "999" in nothing.text


def test_a_number_that_may_be_wrong_is_told_beside_what_is_kept(page):
    page.fill("en/followed/op", **(SAID | {"low": "", "best": "99999999", "high": ""}))

    assert ids(page) == ["day-2", "entered-2"]
    assert "99,999,999 people are more than" in page.says("/en/followed/op")


def test_what_was_told_of_one_figure_is_not_told_again_of_what_follows(page):
    page.fill("en/followed/op", **(SAID | {"low": "", "best": "99999999", "high": ""}))
    page.fill("en/followed/op", do="undo", entry="2")

    assert "99,999,999 people are more than" not in page.says("/en/followed/op")


def test_the_case_that_is_followed_is_the_one_first_offered_anew(page):
    """Whoever takes the first of the list by mistake would follow another operation."""
    shown = page.get("/en/followed/op").text

    assert '<option value="small" selected>' in shown


def test_a_moment_may_be_written_as_the_page_shows_it(page):
    told = SAID | {"from": "2020-01-03 00:00", "published": "2020-01-03 06:00"}

    assert page.fill("en/followed/op", **told).status_code == 303
    assert "2020-01-03 00:00" in page.says("/en/followed/op")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
def test_the_table_to_download_holds_no_formula_and_reads_as_the_same(begins, page):
    """Whoever opens it in a spreadsheet runs nothing that somebody has told."""
    note = f'{begins}HYPERLINK("http://example.org")'
    page.fill("en/followed/op", **(SAID | {"note": note}))
    text = page.get("/en/followed/op/evidence.csv").text
    (row,) = [each for each in csv.DictReader(io.StringIO(text)) if each["note"]]

    assert row["note"] == f"'{note}"
    assert one(page).known().figures[-1].note == note
    (again,) = load_figures(one(page).path / "evidence.csv")[1:]
    assert again.note == note


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"best": "44o"}, "best"),
        ({"low": "500"}, "low"),
        ({"published": "2020-01-02T06:00"}, "published"),
        ({"from": "soon"}, "from"),
        ({"note": "\u202e turned"}, "note"),
        ({"low": "", "best": "", "high": ""}, "best"),
    ],
)
def test_an_error_stands_beside_its_field_and_what_was_filled_in_stays(
    cells, field, page
):
    answer = page.fill("en/followed/op", **(SAID | cells))

    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert 'value="UN"' in answer.text
    assert ids(page) == ["day-2"]


def test_another_case_is_taken(page):
    text = page.text_of("small").replace("operation: test", "operation: changed")
    (page.folder / "scenarios/small/scenario.yaml").write_text(text, "utf-8")
    page.fill("en/followed/op", do="take", case="small")

    assert "<h1>changed</h1>" in page.get("/en/followed/op").text


@pytest.mark.slow
def test_figures_come_and_forecasts_with_them(page, monkeypatch):
    forecast(page, monkeypatch, as_of="2020-01-02T08:00")
    first = page.says("/en/followed/op")
    assert "are not expected to have arrived" in first
    assert "This is the first forecast of this operation." in first

    page.fill("en/followed/op", **SAID)
    forecast(page, monkeypatch, as_of="2020-01-03T08:00", in_full="yes")
    assert [entry.kind for entry in queue(page).entries()] == ["follow"] * 2
    assert [entry.kind for entry in behind(page).entries()] == ["follow"]
    shown = page.get("/en/followed/op").text
    assert "1 figure came." in shown
    brief = shown.partition("brief.html")[0].rpartition('href="')[2] + "brief.html"
    assert "When will the people" in page.get(brief).text.replace("when", "When")
    assert "quick forecast, as of" in page.says("/en/followed/op")
    assert "forecast in full, as of" in page.says("/en/followed/op")
    assert "متابعة عملية جارية" in page.get("/ar/follow").text


def test_a_quick_forecast_waits_for_none_in_full(page, monkeypatch):
    """Each has a queue, and of those in full that wait only the last is made."""
    asked = []

    def plan(*given, full=False, **options):
        found = planned(*given, **options, full=full, pool=200, draws=20)
        asked.append(full)
        basis = {"basis": None if full else 1}
        title = "whole" if full else "quick"
        return replace(found, title=title, options=found.options | basis)

    monkeypatch.setattr(page_of_one, "planned", plan)
    for _ in range(3):
        page.fill(
            "en/followed/op", do="forecast", as_of="2020-01-02T08:00", in_full="yes"
        )

    assert asked == [False, True] * 3
    assert len(queue(page).entries()) == 3
    assert not queue(page).behind
    (last,) = behind(page).entries()
    assert behind(page).behind
    shown = page.get("/en/followed/op").text
    assert last.address in shown
    page.fill("en/followed/op", do="stop", study=last.address)
    assert last.standing == "stopped"
    page.fill("en/followed/op", do="delete")
    assert not page.queues._of_forecasts


def test_a_queue_of_those_in_full_is_opened_only_when_it_has_work(page):
    page.get("/en/followed/op")
    assert [*page.queues._of_forecasts] == [one(page).forecasts]


def test_a_clock_that_was_moved_back_is_told(page, monkeypatch):
    page.fill("en/followed/op", **SAID)
    assert "Set the clock" not in page.says("/en/followed/op")
    monkeypatch.setattr(present, "now", lambda: NOW - timedelta(hours=1))
    assert "Set the clock" in page.says("/en/followed/op")


def test_dates_that_lie_ahead_take_consent(page, monkeypatch):
    monkeypatch.setattr(present, "now", lambda: datetime(2020, 1, 4, tzinfo=UTC))
    answer = forecast(page, monkeypatch)

    assert answer.status_code == 422
    assert 'id="consent-wrong"' in answer.text
    assert queue(page).entries() == []


@pytest.mark.parametrize(
    "fields",
    [{"do": "undo", "entry": "-1"}, {"do": "dance"}, {"do": "take", "case": "nobody"}],
)
def test_what_nobody_can_ask_for_is_not_there(fields, page):
    assert page.fill("en/followed/op", **fields).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        *("/en/followed/none", "/en/followed/%2e%2e%2fscenarios"),
        *("/en/followed/op/forecast/none/report.html", "/en/followed/small"),
    ],
)
def test_what_is_not_there_is_not_found(address, page):
    assert page.get(address).status_code == 404


def test_a_pass_phrase_keeps_others_out_of_all_of_it(page):
    page.fill("en/followed/op", **SAID)
    page.fill("en/followed/op", do="protect", phrase="correct horse")
    assert "cumulative arrivals" in page.get("/en/followed/op").text

    stranger = page.other(page.app)
    for address in ("", "/evidence.csv", "/forecast/any/report.html"):
        shown = stranger.get(f"/en/followed/op{address}")
        assert "asks for its pass phrase" in shown.text
        assert "entered-2" not in shown.text
    form = {"secret": page.door.secret, "do": "undo", "entry": "2"}
    stranger.post("/en/followed/op", data=form)
    assert ids(page) == ["day-2", "entered-2"]

    assert said_at_the_door(page, stranger, "correct mule").status_code == 403
    right = said_at_the_door(page, stranger, "correct horse")
    assert "cumulative arrivals" in right.text
    locks = {"secret": page.door.secret, "do": "lock"}
    stranger.post("/en/followed/op/door", data=locks)
    assert "asks for its pass phrase" in stranger.get("/en/followed/op").text
    again = said_at_the_door(page, stranger, "correct horse", do="dance")
    assert again.status_code == 404


def said_at_the_door(page, client, phrase, do="open", **more):
    says = {"secret": page.door.secret, "do": do, "phrase": phrase}
    return client.post("/en/followed/op/door", data=says, **more)


def kept(page):
    """Return everything in the folder, to the last sign."""
    every = (page.folder / "followed").rglob("*")
    return {path: path.read_bytes() for path in every if path.is_file()}


@pytest.fixture
def reader(page):
    """A browser for which the page is shared for reading only."""
    page.fill("en/followed/op", **SAID)
    page.fill("en/followed/op", do="protect", phrase="correct horse")
    page.door = replace(page.door, writable=False)
    return page.other(planners_page(Desk(page.folder, page.queues), page.door))


def test_where_it_is_shared_for_reading_its_pass_phrase_opens_it(page, reader):
    before = kept(page)
    asks = reader.get("/ar/followed/op").text
    assert 'action="/ar/followed/op/door"' in asks
    assert "entered-2" not in asks

    assert said_at_the_door(page, reader, "correct mule").status_code == 403
    shown = said_at_the_door(page, reader, "correct horse")
    assert "entered-2" in shown.text
    assert "entered-2" in reader.get("/en/followed/op/evidence.csv").text
    assert shown.text.count("<form") == 1  # which locks it again
    said_at_the_door(page, reader, "", do="lock")
    assert "asks for its pass phrase" in reader.get("/en/followed/op").text
    assert kept(page) == before


CHANGES = ("undo", "delete", "unprotect", "protect", "forecast", "enter")
ELSEWHERE = (
    *("/en/followed/op", "/en/followed/op/", "/en/followed/op/door/", "/en/follow"),
    *("/en/followed/op/evidence.csv", "/followed/op/door", "/en/run/small"),
    *("/en/followed/op/door/../../op", "/en/followed/op/door/x", "/en/x/op/door"),
)


def test_who_opened_it_can_still_change_nothing(page, reader):
    """Nowhere else is a form taken, and at the door nothing else is done."""
    said_at_the_door(page, reader, "correct horse")
    before = kept(page)

    def sent(path, does):
        form = {"secret": page.door.secret, "do": does, "entry": "2", "phrase": "a" * 9}
        return reader.post(path, data=form, follow_redirects=False).status_code

    for does in CHANGES:
        assert {sent(path, does) for path in (*ELSEWHERE, "/")} == {403}
        for door in ("/en/followed/op/door", "/en/followed/op%2fdoor"):
            assert sent(door, does) == 404
    assert kept(page) == before
    assert "entered-2" in reader.get("/en/followed/op").text


def test_the_door_keeps_the_rules_of_all_forms(page, reader):
    right = {"do": "open", "phrase": "correct horse"}
    foreign = {"origin": "https://evil.example"}
    answers = [
        reader.post("/en/followed/op/door", data=right),
        said_at_the_door(page, reader, "correct horse", headers=foreign),
        reader.get("/en/followed/op/door", params=right),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert "asks for its pass phrase" in answers[-1].text
    assert not reader.cookies


def test_those_who_try_many_pass_phrases_do_not_keep_the_page_busy(
    page, reader, monkeypatch
):
    """Each waits for those before; more than some are told so at once."""
    monkeypatch.setattr(pass_door, "_waiting", BoundedSemaphore(1))
    with pass_door._waiting:
        assert said_at_the_door(page, reader, "correct horse").status_code == 429
    assert said_at_the_door(page, reader, "correct horse").status_code == 200


def test_a_cookie_is_worth_nothing_once_the_pass_phrase_is_another_or_at_a_new_start(
    page,
):
    page.fill("en/followed/op", do="protect", phrase="correct horse")
    stranger = page.other(page.app)
    stranger.cookies = page.client.cookies
    assert "Undo" not in stranger.get("/en/followed/op").text
    assert "asks for its" not in stranger.get("/en/followed/op").text
    page.fill("en/followed/op", do="protect", phrase="another horse")

    assert "asks for its" in page.other(page.app).get("/en/followed/op").text
    fresh = type(page.door)(page.door.hosts)
    anew = page.other(planners_page(Desk(page.folder, page.queues), fresh))
    anew.cookies = page.client.cookies
    assert "asks for its" in anew.get("/en/followed/op").text


def test_a_short_pass_phrase_is_refused_beside_its_field(page):
    answer = page.fill("en/followed/op", do="protect", phrase="short")

    assert answer.status_code == 422
    assert 'id="phrase-wrong"' in answer.text


@pytest.mark.parametrize("name", ["winter operation", "\u062d\u0644\u0628", "a;b=c"])
def test_a_folder_that_a_command_began_under_any_name_opens(name, page):
    """Its cookie is called otherwise: few signs may stand in the name of one."""
    one(page).path.rename(page.folder / "followed" / name)
    protect(page.folder / "followed" / name, "a long phrase")
    address = f"/en/followed/{quote(name)}"
    assert (
        page.fill(f"{address}/door", do="open", phrase="a long phrase").status_code
        == 303
    )

    assert 'value="lock"' in page.get(address).text


def test_what_is_deleted_while_a_forecast_is_prepared_is_not_made_anew(
    page, monkeypatch
):
    """In two tabs: what was to be gone would lie there again, with its figures."""

    def slow(*given, **options):
        plan = planned(*given, **options, pool=200, draws=20)
        page.fill("en/followed/op", do="delete")
        return plan

    monkeypatch.setattr(page_of_one, "planned", slow)
    answer = page.fill("en/followed/op", do="forecast", as_of="2020-01-02T08:00")

    assert answer.status_code == 404
    assert not (page.folder / "followed/op").exists()


def test_who_looks_while_it_is_deleted_does_not_make_it_anew(page, monkeypatch):
    look = page_of_one._queues

    def late(asked):
        page.fill("en/followed/op", do="delete")
        return look(asked)

    monkeypatch.setattr(page_of_one, "_queues", late)

    assert page.get("/en/followed/op").status_code == 404
    assert not (page.folder / "followed/op").exists()


def test_a_forecast_that_nobody_goes_on_with_can_be_removed(page, monkeypatch):
    """As one of an older version of the program, which would stand there for ever."""

    def few(*given, **options):
        return planned(*given, **options, pool=200, draws=20)

    monkeypatch.setattr(page_of_one, "planned", few)
    page.fill("en/followed/op", do="forecast", as_of="2020-01-02T08:00")
    (entry,) = queue(page).entries()
    queue(page).stop(entry.address)
    assert 'value="remove"' in page.get("/en/followed/op").text
    page.fill("en/followed/op", do="remove", study=entry.address)

    assert not queue(page).entries()
    assert page.fill("en/followed/op", do="remove", study="none").status_code == 404


def test_where_nothing_can_be_written_it_can_be_looked_at(page, monkeypatch):
    """As on a stick that is locked, or a share that others own."""

    class Locked(SlowQueue):
        def __enter__(self):
            raise ResultsError(str(self.root), "the disk is read-only", "")

    page.queues.close(one(page).forecasts)
    monkeypatch.setattr(page.queues, "_make", Locked)

    assert page.get("/en/followed/op").status_code == 200
    answer = page.fill("en/followed/op", do="forecast", as_of="2020-01-02T08:00")
    assert answer.status_code == 422
    assert "the disk is read-only" in answer.text


@pytest.mark.parametrize(
    ("does", "says"),
    [("undo", "99 cannot be taken back"), ("redo", "99 was not taken back")],
)
def test_what_is_no_entry_any_more_is_told(does, says, page):
    """As to who takes back in one tab what is taken back in another."""
    answer = page.fill("en/followed/op", do=does, entry="99")

    assert answer.status_code == 422
    assert says in answer.text


def test_what_tabs_enter_and_undo_at_the_same_time_is_kept_once(page):
    def enter(number):
        said = SAID | {"attributed_to": f"source-{number}"}
        return page.other(page.app).post(
            "/en/followed/op",
            data={"secret": page.door.secret, **said},
            follow_redirects=False,
        )

    def undo(_):
        return page.fill("en/followed/op", do="undo", entry="2")

    page.fill("en/followed/op", **SAID)
    with ThreadPoolExecutor(8) as tabs:
        entered = [tabs.submit(enter, number) for number in range(6)]
        undone = [tabs.submit(undo, number) for number in range(2)]

    assert {each.result().status_code for each in entered} == {303}
    assert sorted(each.result().status_code for each in undone) == [303, 422]
    standing = one(page).standing()
    assert [each.number for each in standing.entries] == [*range(1, 10)]
    assert standing.undone == {2}


def test_deleted_in_two_tabs_it_is_gone(page):
    assert page.fill("en/followed/op", do="delete").status_code == 303
    assert page.fill("en/followed/op", do="delete").status_code == 404


def test_a_folder_with_a_name_that_is_no_text_is_passed_over(page):
    one(page).path.rename(page.folder / os.fsdecode(b"followed/caf\xe9"))

    assert page.get("/en/follow").status_code == 200


def test_deleted_it_is_gone_whole(page):
    page.get("/en/followed/op")
    closed = page.queues.of(one(page).forecasts)
    page.fill("en/followed/op", do="delete")

    assert list((page.folder / "followed").iterdir()) == []
    assert page.get("/en/followed/op").status_code == 404
    assert closed.closed


def test_queues_that_have_nothing_to_do_make_room_for_others(tmp_path):
    folders = [tmp_path / name for name in "abcd"]
    with Queues(tmp_path, make=SlowQueue) as queues:
        first, second, third, fourth = map(queues.of, folders)

        assert first.closed
        assert not hasattr(second, "closed")
        assert queues.of(folders[3]) is fourth
    assert second.closed
    assert third.closed


def test_forecasts_take_as_many_workers_as_other_studies(tmp_path):
    """However many processors there are: the page was started with fewer."""
    with Queues(tmp_path, workers=3, make=SlowQueue) as queues:
        assert queues.studies().workers == 3
        assert queues.of(tmp_path / "forecasts").workers == 3
