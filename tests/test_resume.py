"""A study that is stopped, killed or robbed of its workers ends as if undisturbed."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from sim.experiment import replicate, run_study
from sim.experiment.store import Folder
from sim.scenario import load, resolved_yaml
from sim.studies import unfinished
from tests.builders import operation
from tests.commands import PROGRAM, ROOT, call, contents

RUNS = 600
WORDS = ["run", "two-towns", "-n", str(RUNS), "--workers", "2", "--no-figures"]
KILLS = 10

posix = pytest.mark.skipif(os.name == "nt", reason="sends signals of POSIX")


def begin(results, *words):
    return subprocess.Popen(
        [*PROGRAM, *(words or WORDS), "--results", str(results)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def resumed(results, folder):
    return begin(results, "resume", str(folder), "--workers", "2")


def unfinished_in(results):
    (folder,) = unfinished.all_unfinished(results)
    return folder


def kept(results):
    """Return how many chunks lie in the folder of the unfinished study."""
    return len(list(results.glob("*/runs/0/[0-9]*.npz")))


def wait_for_chunks(results, number, process):
    while kept(results) < number and process.poll() is None:
        time.sleep(0.01)


def kill_group(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    results = tmp_path_factory.mktemp("undisturbed")
    with begin(results) as process:
        process.communicate(timeout=120)
    assert process.returncode == 0
    return contents(results)


@posix
def test_ctrl_c_keeps_what_was_run_and_says_how_to_go_on(tmp_path, undisturbed):
    with begin(tmp_path) as process:
        wait_for_chunks(tmp_path, 5, process)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    folder = unfinished_in(tmp_path)
    said, command = err.splitlines()
    assert said.startswith("Stopped. ")
    assert said.endswith(f" of {RUNS} runs are kept. To go on:")
    assert command == f"  python run.py resume {folder}"
    assert call("resume", "--results", tmp_path).stdout == f"{folder}\n"

    with resumed(tmp_path, folder) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0
    assert contents(tmp_path) == undisturbed


@posix
def test_nothing_is_lost_or_doubled_when_workers_are_killed(tmp_path, undisturbed):
    chance, killed = np.random.default_rng(1), 0
    with begin(tmp_path) as process:
        while killed < KILLS and process.poll() is None:
            wait_for_chunks(tmp_path, kept(tmp_path) + 1, process)
            time.sleep(chance.uniform(0, 0.1))
            workers = workers_of(process.pid)
            if workers:
                with suppress(ProcessLookupError):
                    os.kill(int(chance.choice(workers)), signal.SIGKILL)
                    killed += 1
        _, err = process.communicate(timeout=120)
    assert killed >= KILLS // 2
    assert process.returncode == 0, err
    assert contents(tmp_path) == undisturbed


@posix
def test_nothing_is_lost_or_doubled_when_the_program_is_killed(tmp_path, undisturbed):
    chance = np.random.default_rng(2)
    process, killed = begin(tmp_path), 0
    while killed < KILLS:
        before = kept(tmp_path)
        wait_for_chunks(tmp_path, before + 1, process)
        time.sleep(chance.uniform(0, 0.05))
        if process.poll() is not None:
            break
        kill_group(process)
        killed += 1
        process = resumed(tmp_path, unfinished_in(tmp_path))
    process.communicate(timeout=120)
    assert killed >= KILLS // 2
    assert process.returncode == 0
    assert contents(tmp_path) == undisturbed


def workers_of(parent):
    """Return the processes that work for a program, by what Linux says of them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            words = path.with_name("cmdline").read_bytes()
            if int(fields[1]) == parent and b"spawn_main" in words:
                found.append(int(path.parent.name))
    return found


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """Return the folder of a study that was stopped after four of six runs."""
    path = tmp_path / "tiny.yaml"
    path.write_text(
        resolved_yaml(operation(flows__evacuation__boarding="5 min to 1 h"))
    )
    whole = Folder.add

    def stopped_after_four(self, rows):
        if len(self.done()) == 4:
            raise KeyboardInterrupt
        whole(self, rows)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "add", stopped_after_four)
        results = tmp_path / "results"
        words = ("run", path, "-n", 6, "--results", results, "--workers", 1)
        result = call(*words, "--no-figures")
    assert result.exit_code == 130
    return unfinished_in(results)


def test_what_is_done_is_not_run_again(begun, monkeypatch):
    ran, whole = [], replicate.simulate

    def counted(world, *, seed, replication):
        ran.append(replication)
        return whole(world, seed=seed, replication=replication)

    monkeypatch.setattr(replicate, "simulate", counted)
    result = call("resume", begun)
    assert result.exit_code == 0, result.stderr
    assert ran[:2] == [4, 5]
    assert ran[2:] == [ran[-1]] * len(ran[2:])  # the typical run, for its events
    assert not begun.exists()


def test_a_damaged_file_is_set_aside_and_its_runs_are_run_again(begun):
    first = next((begun / "runs" / "0").glob("00000000-*"))
    contents = bytearray(first.read_bytes())
    contents[len(contents) // 2] ^= 1
    first.write_bytes(contents)
    (store,) = unfinished.found(begun).stores()
    assert store.done() == {1, 2, 3}
    assert not first.exists()
    assert list(first.parent.glob(f"{first.name}.*.broken"))
    result = call("resume", begun)
    assert result.exit_code == 0
    assert "6 runs, seed 1" in result.stdout


def test_two_starts_do_not_work_on_one_study(begun):
    study = unfinished.found(begun)
    with study.held():
        result = call("resume", begun)
    assert result.exit_code == 1
    assert "another start is at work" in result.stderr


def test_runs_of_another_version_are_not_mixed_in(begun):
    facts = json.loads((begun / "study.json").read_text())
    facts["program"] = "0" * 64
    (begun / "study.json").write_text(json.dumps(facts))
    result = call("resume", begun)
    assert result.exit_code == 1
    assert "another version of the program" in result.stderr


def test_a_scenario_that_was_changed_meanwhile_is_refused(begun):
    path = begun / "scenarios" / "0.yaml"
    path.write_text(path.read_text().replace("people: 100", "people: 90"))
    result = call("resume", begun)
    assert result.exit_code == 1
    assert "was changed since the study began" in result.stderr


def test_a_folder_that_is_no_study_is_refused(tmp_path):
    result = call("resume", tmp_path)
    assert result.exit_code == 1
    assert "is not the folder of an unfinished study" in result.stderr


@pytest.mark.parametrize("stopped_at", [10, 25, 42])
def test_a_study_until_precise_goes_on_and_looks_as_if_undisturbed(
    stopped_at, tmp_path, monkeypatch
):
    words = ("run", "two-towns", "--until-precise", "waiting/northtown=80")
    options = ("--workers", 1, "--no-figures", "--results")
    whole = Folder.add

    def stopped(self, rows):
        if len(self.done()) >= stopped_at:
            raise KeyboardInterrupt
        whole(self, rows)

    assert call(*words, *options, tmp_path / "whole").exit_code == 0
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "add", stopped)
        assert call(*words, *options, tmp_path / "torn").exit_code == 130
    result = call("resume", unfinished_in(tmp_path / "torn"), "--workers", 1)
    assert result.exit_code == 0, result.stderr
    assert contents(tmp_path / "torn") == contents(tmp_path / "whole")


def test_settled_files_do_not_depend_on_chunks(tmp_path):
    """Of the same runs, kept one by one or all at once."""
    whole = run_study(load("two-towns"), seed=1, replications=450)
    (rows,) = whole.store.parts()
    single = run_study(
        load("two-towns"), seed=1, replications=450, store=Folder(tmp_path / "single")
    )
    together = Folder(tmp_path / "together")
    together.add(rows)
    single.store.settle(tmp_path / "a")
    together.settle(tmp_path / "b")
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("a", "b")
    )
    assert one == other
    assert len(one) == 3
