"""Folders of results that another program wrote, or somebody changed, on the page."""

import json
import os
import shutil
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from sim.page.app import planners_page
from sim.page.asked import Desk
from sim.page.queues import Queues
from sim.studies import present
from sim.studies.queue import Queue
from tests.page_desk import HOST, a_page

CASE = "two-towns"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A page with a study that is finished, and one that waits."""
    with a_page(tmp_path_factory.mktemp("made")) as page:
        page.fill(f"en/run/{CASE}", runs="2")
        page.queue.work()
        page.fill(f"en/run/{CASE}", runs="3")
        yield page


@pytest.fixture
def ask(made):
    """Ask a page with a true queue, in which nothing is at work; errors are raised."""
    root = made.folder / "results"
    app = planners_page(Desk(made.folder, Queues(root, make=resting)), made.door)
    client = TestClient(app, base_url=f"http://{HOST}")

    def answer(address, does=None):
        if does is None:
            return client.get(address)
        form = {"secret": made.door.secret, "do": does}
        return client.post(address, data=form, follow_redirects=False)

    yield answer
    for path in root.glob("other*"):
        shutil.rmtree(path)


def resting(folder, workers, behind):
    class Resting(Queue):
        def __enter__(self):
            return self

    return Resting(folder, workers, behind=behind)


def finished(page, name="other"):
    """Return a copy of the study that is finished, under another name."""
    (folder,) = (each for each in page.queue.entries() if each.folder)
    return shutil.copytree(folder.folder, page.folder / "results" / name)


def waiting(page, name="other"):
    (study,) = (
        each
        for address, each in page.queue.studies.items()
        if page.queue.entry(address).standing == "waiting"
    )
    return shutil.copytree(study.path, page.folder / f"results/{name}.unfinished")


def told(folder, file="run.json"):
    return json.loads((folder / file).read_text("utf-8"))


HALF_A_LETTER = "\ud800"
SAYS = {"language": "en", "title": HALF_A_LETTER, "headline": "", "answer": "a"}
CHANGES = {
    "words that are none": {"title": 5, "command": [], "kind": {}},
    "half a letter": {"title": HALF_A_LETTER, "command": HALF_A_LETTER},
    "half a letter in what it says": {"says": SAYS},
    "another language": {"says": {**SAYS, "title": "", "language": "tlh"}},
    "another kind": {"kind": "nonsense"},
    "no time that there is": {"began": "9999-12-31T23:59:59-14:00"},
}
TEXTS = {
    "nothing": "{}",
    "a list": "[1]",
    "no object": "null",
    "half a text": '{"kind": "run", "says": {"ti',
    "not even a text": "?",
    "what never ends": "[" * 100_000,
}


def test_pages_of_what_another_program_left_are_shown_and_it_can_be_removed(made, ask):
    folders = {}
    for n, name in enumerate((*CHANGES, *TEXTS)):
        folders[name] = folder = finished(made, f"other-{n}")
        text = TEXTS.get(name) or json.dumps({**told(folder), **CHANGES.get(name, {})})
        (folder / "run.json").write_text(text, "utf-8")
    (folders["not even a text"] / "run.json").write_bytes(b"\xff")

    for language in ("en", "ar"):
        assert ask(f"/{language}/studies").status_code == 200
        for name, folder in folders.items():
            assert ask(f"/{language}/study/{folder.name}").status_code == 200, name
    for folder in folders.values():
        assert ask(f"/en/study/{folder.name}", "remove").status_code == 303
        assert not folder.exists()


def test_foreign_files_among_results_do_no_harm(made, ask):
    folder = finished(made)
    (folder / os.fsdecode(b"caf\xe9.csv")).write_text("x")
    (folder / "a folder").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
    (folder.parent / os.fsdecode(b"other\xe9")).mkdir()
    (folder.parent / os.fsdecode(b"other\xe9") / "run.json").write_text("{}")

    assert ask("/en/studies").status_code == 200
    assert ask("/en/study/other").status_code == 200
    assert ask("/en/study/other/files/pipe").status_code == 404
    assert ask("/en/study/other/all.zip").content.startswith(b"PK")


OLDER = "another version of the program"
LEFT = {
    "of an older version": ({"program": "0" * 64}, OLDER),
    "of no version": ({"program": None, "typed": HALF_A_LETTER}, OLDER),
    "without options": ({"options": None}, "was changed"),
    "a list": ([], OLDER),
    "cut": (None, "is damaged"),
}


@pytest.mark.parametrize(("change", "says"), LEFT.values(), ids=LEFT)
def test_what_nobody_can_go_on_with_says_why_and_can_be_removed(
    change, says, made, ask
):
    folder = waiting(made)
    file = folder / "study.json"
    text = '{"kind": '
    if change is not None:
        text = json.dumps({**told(folder, file.name), **change} if change else change)
    file.write_text(text, "utf-8")

    assert says in ask("/en/study/other").text
    refused = ask("/en/study/other", "resume")
    assert refused.status_code == 422
    assert says in refused.text
    assert ask("/en/study/other", "remove").status_code == 303
    assert not folder.exists()


def test_a_study_that_takes_the_name_of_a_removed_one_does_not_say_what_that_said(
    made, monkeypatch
):
    """Both began in the same minute and are of the same scenario."""
    monkeypatch.setattr(present, "now", lambda: datetime(2020, 6, 10, tzinfo=UTC))
    said = []
    for runs in ("2", "4"):
        address = made.fill(f"en/run/{CASE}", runs=runs).headers["location"]
        name = address.rpartition("/")[2]
        made.queue.work(only=name)
        folder = made.queue.entry(name).folder
        said.append((folder, told(folder)["says"]["answer"], made.says(address)))
        made.queue.remove(name)
        shutil.rmtree(folder)
    (first, _, _), (second, answer, shown) = said

    assert first == second
    assert answer in shown
