"""Answers that are kept: each is asked for once, whatever stops the program."""

import os

import numpy as np
import pytest

from sim.inference.keeper import Keeper, runs_kept

FIRST, SECOND, THIRD = ([([number / 10], [number])] * 2 for number in (1, 2, 3))
CHUNKS = (FIRST, SECOND, THIRD)


def doubled(chunk):
    return 2 * np.array([point for point, _ in chunk])


@pytest.fixture
def asked():
    return []


@pytest.fixture
def keeper(tmp_path, asked):
    """Return what makes a keeper of the same folder, as a new start would."""

    return lambda study="": Keeper(tmp_path, noting(asked), study)


def noting(asked):
    """Return a mapper that notes what it is asked."""

    def mapper(work, chunks):
        for chunk in chunks:
            asked.append(chunk)
            yield work(chunk)

    return mapper


def answers(keeper, chunks=CHUNKS):
    return [answer.tolist() for answer in keeper(doubled, chunks)]


def stopped_after(keeper, number):
    found = keeper(doubled, CHUNKS)
    for _ in range(number):
        next(found)
    found.close()


def test_a_new_start_asks_only_for_what_is_not_kept(keeper, asked, tmp_path):
    stopped_after(keeper(), 2)
    assert runs_kept(tmp_path) == 4

    assert answers(keeper()) == [doubled(chunk).tolist() for chunk in CHUNKS]
    assert asked == [FIRST, SECOND, THIRD]


@pytest.mark.slow
def test_whatever_byte_of_an_answer_is_damaged_it_is_right_or_asked_for_again(
    keeper, asked, tmp_path
):
    whole = answers(keeper())
    damaged, *_ = sorted(tmp_path.iterdir())
    contents = damaged.read_bytes()
    for place in range(len(contents)):
        other = bytearray(contents)
        other[place] ^= 1
        damaged.write_bytes(other)
        assert answers(keeper()) == whole
    assert len(asked) > 3 + len(contents) // 3
    assert len(set(map(repr, asked[3:]))) == 1


def test_an_answer_of_another_study_is_asked_for_again(keeper, asked):
    answers(keeper("one"), [FIRST])
    answers(keeper("other"), [FIRST])
    assert asked == [FIRST, FIRST]


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_in_the_place_of_an_answer_is_set_aside(
    kind, keeper, asked, tmp_path
):
    whole = answers(keeper())
    first, *_ = sorted(tmp_path.iterdir())
    first.unlink()
    first.mkdir() if kind == "folder" else os.mkfifo(first)
    assert answers(keeper()) == whole
    assert len(asked) == 4
    assert first.is_file()


def test_the_same_question_in_another_call_is_another_question(keeper, asked):
    both = keeper()
    answers(both)
    answers(both)
    assert len(asked) == 6

    again = keeper()
    answers(again)
    answers(again, [FIRST])
    assert len(asked) == 6


def test_another_question_in_the_same_call_is_not_answered_by_what_is_kept(
    keeper, asked
):
    answers(keeper())
    found = answers(keeper(), [THIRD, FIRST[:1]])
    assert found == [doubled(THIRD).tolist(), doubled(FIRST[:1]).tolist()]
    assert asked[-1] == FIRST[:1]
    assert len(asked) == 4
