"""What is printed may be lost; what was run never is, and the output is blamed."""

import os
import subprocess

import pytest

from tests.commands import contents, posix
from tests.under_way import PATIENCE_S, ended, start

pytestmark = posix
WORDS = ("run", "two-towns", "-n", 4, "--no-figures", "--results")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    results = tmp_path_factory.mktemp("whole")
    assert ended([*WORDS, results]).returncode == 0
    return contents(results)


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_fault(whole, tmp_path):
    """As `head -1`."""
    with start([*WORDS, tmp_path]) as process:
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(timeout=PATIENCE_S)
    where, why = err.splitlines()
    assert where.startswith(f"Results: {tmp_path}")
    assert why == "The output was closed before everything was printed."
    assert contents(tmp_path) == whole


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("errors", [subprocess.PIPE, subprocess.STDOUT])
def test_a_full_output_is_blamed_and_not_the_results(errors, whole, tmp_path):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = ended([*WORDS, tmp_path], stdout=full, stderr=errors)
    assert done.returncode == 1
    if errors is subprocess.PIPE:
        where, why = done.stderr.splitlines()
        assert where.startswith(f"Results: {tmp_path}")
        assert why.startswith("Not everything was printed: the output does not take")
    assert contents(tmp_path) == whole


@pytest.mark.slow
def test_an_output_that_was_never_there_is_none(whole, tmp_path):
    done = ended([*WORDS, tmp_path], preexec_fn=lambda: os.close(1))
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(tmp_path) == whole
