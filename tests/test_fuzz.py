"""What once failed a reader, and a few inputs more of each kind: see `tests.fuzz`."""

import random

import pytest

from tests import fuzz

FEW = 40


@pytest.fixture(params=sorted(fuzz.READERS))
def reader(request, tmp_path):
    return fuzz.READERS[request.param](tmp_path)


def kept_for(reader):
    return sorted(fuzz.CORPUS.glob(f"{reader.name}-*"))


def test_what_once_failed_gets_a_sentence(reader):
    list(reader.seeds())
    for path in kept_for(reader):
        assert fuzz.problem_with(reader, path.read_bytes()) == "", path.name


def test_what_somebody_wrote_is_read(reader):
    """Else the fuzzer would try nothing but the first refusal."""
    for contents in reader.seeds():
        reader.read(contents)


def test_a_few_changes_get_a_sentence(reader):
    chance, seeds = random.Random(1), list(reader.seeds())
    for _ in range(FEW):
        contents = reader.change(chance.choice(seeds), chance)
        assert fuzz.problem_with(reader, contents) == "", contents


def test_a_reader_that_fails_is_found_out(tmp_path):
    """By an error that is none of ours, by the clock, and by what it says."""

    class Bad(fuzz.Reader):
        def read(self, contents):
            if contents == b"error":
                raise KeyError(contents)
            if contents == b"escape":
                raise fuzz.SimError("\x1b[31m")
            while contents == b"slow":
                pass

    bad = Bad(tmp_path)
    assert "KeyError" in fuzz.problem_with(bad, b"error")
    assert "control character" in fuzz.problem_with(bad, b"escape")
    assert "more than" in fuzz.problem_with(bad, b"slow")
    assert fuzz.problem_with(bad, b"good") == ""
