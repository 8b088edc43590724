"""The tutorial, followed word for word in a bare folder."""

import os
import sys
from itertools import pairwise

import pytest

from tests.commands import ROOT, call
from tests.tutorials import Reader, changed, see, steps

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "tutorial.md"
SHOWN = "one\n...\nthree\n"


def test_the_tutorial_comes_out_as_it_says(tmp_path, monkeypatch):
    """Commands see a folder with nothing in it, and no terminal."""
    monkeypatch.chdir(tmp_path)

    def type_in(words):
        monkeypatch.setattr(sys, "argv", ["run.py", *words])
        return call(*words).output

    reader = Reader(tmp_path, type_in)
    assert not os.listdir(tmp_path)
    for step in steps(PAGE.read_text("utf-8")):
        reader.follow(step)

    assert {path.name for path in tmp_path.iterdir()} == {"my-cases", "results"}


def test_the_tutorial_tells_and_shows_all_that_it_is_about():
    told = list(steps(PAGE.read_text("utf-8")))
    typed = "".join(step.body for step in told if step.what == "commands")

    for command in (
        "new",
        "check",
        "run",
        "ask probability",
        "ask what-holds",
        "ask least",
        "score",
        "calibrate",
        "compare",
        "convert",
        "diff",
    ):
        assert f"python run.py {command} " in typed
    for step, after in pairwise(told):
        if step.what == "commands":
            assert step.body.count("\n") == 1
            assert after.what == "answer", step.body


def test_a_block_of_which_nothing_says_what_it_is_for_is_refused():
    with pytest.raises(ValueError, match="nothing says"):
        list(steps("Here it is.\n\n```yaml\nsites: {}\n```\n"))


@pytest.mark.parametrize(
    "comes", ["one\nthree\n", "one\ntwo\nthree\n\n", "one  \n2\n2\nthree"]
)
def test_what_comes_out_as_shown_is_seen(comes):
    see(SHOWN, comes)


@pytest.mark.parametrize(
    "comes", ["three\none\n", "zero\none\nthree\n", "one\nthree\nfour\n", "one\n"]
)
def test_what_comes_out_otherwise_is_noticed(comes):
    with pytest.raises(AssertionError, match="come"):
        see(SHOWN, comes)


def test_a_change_of_a_line_that_is_not_there_once_is_noticed():
    assert changed("a: 1\nb: 2\n", "-b: 2\n+b: 3\n") == "a: 1\nb: 3\n"
    for text in ("a: 1\n", "b: 2\nb: 2\n"):
        with pytest.raises(AssertionError):
            changed(text, "-b: 2\n+b: 3\n")
