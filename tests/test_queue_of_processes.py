"""The queue with processes of its own: nothing is lost whatever befalls them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.studies.finish import finished
from sim.studies.queue import Queue
from sim.studies.unfinished import begun
from tests.builders import in_words
from tests.commands import ROOT, posix
from tests.queued import (
    PATIENCE_S,
    files,
    standings,
    tiny,
    wait_until,
)
from tests.under_way import all_gone, workers_of

pytestmark = [pytest.mark.slow, posix]
LONG = 300
"""Runs that take longer than it takes to strike."""

SERVER = """
import signal, sys, time
from pathlib import Path
from sim.studies.queue import Queue
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
    with Queue(Path(sys.argv[1]), int(sys.argv[2])):
        time.sleep(1000)
"""


def children():
    """Return the processes of this one, but for what clears up after all others."""
    return {
        process
        for process in workers_of(os.getpid())
        if b"resource_tracker" not in Path(f"/proc/{process}/cmdline").read_bytes()
    }


def at_work(queue, address, runs=1):
    """Wait until a study has kept so many runs."""
    folder = queue._shelf.root / f"{address}.unfinished" / "runs" / "0"
    wait_until(lambda: len([*folder.glob("*.npz")]) >= runs)


def rests(queue):
    return not {"waiting", "running"} & set(standings(queue).values())


def test_ten_wait_while_one_runs_and_one_is_stopped_and_resumed(tmp_path):
    plans = [tiny(0, runs=LONG), *(tiny(seed) for seed in range(1, 10))]
    with Queue(tmp_path / "queue", workers=2) as queue:
        began = time.monotonic()
        addresses = [queue.add(plan) for plan in plans]
        assert time.monotonic() - began < PATIENCE_S / 10
        assert len(set(addresses)) == 10
        at_work(queue, addresses[0], runs=3)
        queue.stop(addresses[0])
        wait_until(lambda: queue.entry(addresses[9]).standing == "finished")
        assert queue.entry(addresses[0]).standing == "stopped"
        kept = len([*(tmp_path / "queue").glob("*.unfinished/runs/0/*.npz")])
        assert kept >= 3
        queue.resume(addresses[0])
        wait_until(lambda: rests(queue))
        assert set(standings(queue).values()) == {"finished"}
        for place in (0, 9):
            alone = finished(begun(plans[place], tmp_path / f"{place}")).folder
            folder = queue.entry(addresses[place]).folder
            assert files(folder) == files(alone)
    assert children() == set()


def _start(root, workers):
    return subprocess.Popen(
        [sys.executable, root.parent / "server.py", root, str(workers)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_that_is_killed_goes_on_as_if_undisturbed(workers, tmp_path):
    root = tmp_path / "queue"
    (tmp_path / "server.py").write_text(SERVER)
    queue = Queue(root)
    plans = [tiny(0, runs=LONG), tiny(1), tiny(2)]
    first, second, third = (queue.add(plan) for plan in plans)
    queue.stop(third)
    with _start(root, workers) as server:
        at_work(queue, first, runs=3)
        wait_until(lambda: queue.entry(first).standing == "running")
        os.kill(server.pid, signal.SIGKILL)
    assert all_gone(server.pid, within_s=60)
    assert standings(queue) == {first: "waiting", second: "waiting", third: "stopped"}
    with Queue(root, workers) as again:
        wait_until(lambda: rests(again))
        assert standings(again) == {
            **{first: "finished", second: "finished"},
            third: "stopped",
        }
    alone = finished(begun(plans[0], tmp_path / "alone")).folder
    assert files(root / first) == files(alone)
    assert json.loads((root / first / "run.json").read_text())["failed"] == 0


def test_a_process_that_is_killed_says_so_and_its_study_can_be_resumed(tmp_path):
    with Queue(tmp_path, workers=1) as queue:
        address = queue.add(tiny(runs=LONG))
        at_work(queue, address)
        for process in children():
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: queue.entry(address).standing == "failed")
        assert "ended unexpectedly" in in_words(queue.entry(address).says)
        second = queue.add(tiny(1))
        wait_until(lambda: queue.entry(second).standing == "finished")
        queue.resume(address)
        wait_until(lambda: queue.entry(address).standing == "finished")


def test_ctrl_c_at_a_terminal_is_for_the_server_to_answer(tmp_path):
    """It reaches all processes of a terminal."""
    root = tmp_path / "queue"
    (tmp_path / "server.py").write_text(SERVER)
    queue = Queue(root)
    address = queue.add(tiny(runs=LONG))
    with _start(root, 2) as server:
        at_work(queue, address, runs=2)
        os.killpg(server.pid, signal.SIGINT)
    assert all_gone(server.pid, within_s=60)
    assert standings(queue) == {address: "waiting"}


@pytest.mark.parametrize("behind", [False, True])
def test_a_queue_behind_all_others_takes_what_they_leave(behind, tmp_path):
    """Its process says so before it does anything, and workers inherit it."""
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    before = children()
    with Queue(tmp_path, 2, behind=behind) as queue:
        address = queue.add(tiny(runs=LONG))
        at_work(queue, address)
        found = children() - before
        found |= {each for process in found for each in workers_of(process)}
        steps = {os.getpriority(os.PRIO_PROCESS, each) for each in found}

    assert len(found) >= 3
    assert steps == ({19} if behind else {usual})
