"""The page of twelve questions shows what the commands answer, word for word.

Where one changes for a reason: `python -m tests.transcripts docs/twelve-questions.md`.
"""

import pytest

from tests.commands import ROOT
from tests.transcripts import answer_to, shown, with_answer

PAGE = (ROOT / "docs" / "twelve-questions.md").read_text("utf-8")
QUESTIONS = [*shown(PAGE)]


@pytest.mark.slow
@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda each: each.command[:30])
def test_each_question_is_answered_as_the_page_shows(asked, tmp_path) -> None:
    assert answer_to(asked.command, tmp_path) == asked.answer


def test_there_are_twelve_and_each_has_an_answer() -> None:
    assert len(QUESTIONS) == PAGE.count("\n```text\n") == PAGE.count("?**\n") == 12
    assert all(each.answer.count("\n") > 1 for each in QUESTIONS)


def test_an_answer_is_put_where_it_belongs() -> None:
    asked = QUESTIONS[3]
    anew = with_answer(PAGE, asked.command, "Otherwise.\n")

    assert [each.answer for each in shown(anew)] == [
        "Otherwise.\n" if each == asked else each.answer for each in QUESTIONS
    ]
