"""The pages of twelve questions show what the commands answer, word for word.

Where one changes for a reason: `python -m tests.transcripts docs/twelve-questions.md`.
"""

import pytest

from tests.commands import ROOT
from tests.transcripts import answer_to, shown, with_answer

NAMES = ("twelve-questions.md", "twelve-questions-four-towns.md")
PAGES = [(ROOT / "docs" / name).read_text("utf-8") for name in NAMES]
PAGE, *_ = PAGES
QUESTIONS = [*shown(PAGE)]
EVERY = [asked for page in PAGES for asked in shown(page)]


@pytest.mark.slow
@pytest.mark.parametrize("asked", EVERY, ids=lambda each: each.command[:36])
def test_each_question_is_answered_as_the_page_shows(asked, tmp_path) -> None:
    assert answer_to(asked.command, tmp_path) == asked.answer


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_there_are_twelve_and_each_has_an_answer(page) -> None:
    asked = [*shown(page)]

    assert len(asked) == page.count("\n```text\n") == page.count("?**\n") == 12
    assert all(each.answer.count("\n") > 1 for each in asked)


def test_an_answer_is_put_where_it_belongs() -> None:
    asked = QUESTIONS[3]
    anew = with_answer(PAGE, asked.command, "Otherwise.\n")

    assert [each.answer for each in shown(anew)] == [
        "Otherwise.\n" if each == asked else each.answer for each in QUESTIONS
    ]
