"""A cluster on this machine gives what local processes give, whoever is killed."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from sim.experiment import cluster, run_study
from sim.experiment.pool import Here, processes
from sim.experiment.store import Folder
from sim.scenario import load
from tests.commands import PROGRAM, ROOT, call

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends signals of POSIX")
RUNS = 120


def address_said_by(process):
    line = process.stdout.readline()
    return re.search(r"tcp://[\d.]+:\d+", line)[0]


@pytest.fixture(scope="module")
def scheduler():
    words = ["cluster", "--workers", "2", "--port", "0"]
    with subprocess.Popen(
        [*PROGRAM, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        yield process, address_said_by(process)
        os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def files_of(pool, folder, replications=RUNS):
    """Return the files of a study, settled, by their names."""
    study = run_study(
        load("two-towns"),
        seed=3,
        replications=replications,
        pool=pool,
        store=Folder(folder / "chunks"),
        band="knowledge and chance",
        per_draw=4,
    )
    study.store.settle(folder / "settled")
    return {path.name: path.read_bytes() for path in (folder / "settled").iterdir()}


@pytest.fixture(scope="module")
def serial(tmp_path_factory):
    return files_of(Here(), tmp_path_factory.mktemp("serial"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "start"), [(2, "spawn"), (8, "spawn"), (2, "fork"), (8, "fork")]
)
def test_processes_give_the_same_files_however_many_and_however_started(
    size, start, serial, tmp_path
):
    # A fork of a process with threads may hang, so it is tried in one without.
    code = (
        "from pathlib import Path\n"
        "from sim.experiment.pool import processes\n"
        "from tests.test_cluster import files_of\n"
        f"with processes({size}, {start!r}) as pool:\n"
        f"    files_of(pool, Path({str(tmp_path)!r}))\n"
    )
    if start == "fork":
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        found = {
            path.name: path.read_bytes() for path in (tmp_path / "settled").iterdir()
        }
    else:
        with processes(size, start) as pool:
            found = files_of(pool, tmp_path)
    assert found == serial


@pytest.mark.slow
def test_a_cluster_gives_the_same_files(scheduler, serial, tmp_path):
    _, address = scheduler
    with cluster.cluster(address) as pool:
        assert pool.size == 2
        assert files_of(pool, tmp_path) == serial


@pytest.mark.slow
def test_a_killed_worker_of_a_cluster_costs_nothing(scheduler, tmp_path):
    process, address = scheduler
    expected = files_of(Here(), tmp_path / "serial", 400)
    killer = f"""
import os, signal, sys, time
sys.path.insert(0, {str(ROOT)!r})
from tests.under_way import workers_of
for _ in range(3):
    time.sleep(0.4)
    os.kill(workers_of({process.pid})[0], signal.SIGKILL)
"""
    with (
        subprocess.Popen([sys.executable, "-c", killer]) as other,
        cluster.cluster(address) as pool,
    ):
        found = files_of(pool, tmp_path / "cluster", 400)
        other.wait(30)
    assert other.returncode == 0
    assert found == expected


def test_a_scheduler_that_others_could_reach_needs_certificates():
    result = call("cluster", "--host", "0.0.0.0")  # noqa: S104 (it is refused)
    assert result.exit_code == 2
    assert "runs whatever is sent to it" in " ".join(result.stderr.split())


@pytest.mark.parametrize("address", ["hello", "tcp://127.0.0.1", "http://a:1"])
def test_what_is_no_address_is_refused_at_once(address, tmp_path):
    began = time.perf_counter()
    result = call("run", "two-towns", "--cluster", address, "--results", tmp_path)
    assert result.exit_code == 1
    assert "is not the address of a scheduler" in result.stderr
    assert time.perf_counter() - began < 5
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_asks_for_proof_needs_certificates(tmp_path):
    words = ("run", "two-towns", "--cluster", "tls://127.0.0.1:1")
    result = call(*words, "--results", tmp_path)
    assert result.exit_code == 1
    assert "Give --tls CA CERT KEY" in result.stderr


@pytest.mark.slow
def test_workers_of_another_version_are_refused(scheduler, monkeypatch):
    _, address = scheduler
    monkeypatch.setattr(cluster, "fingerprint", os.getpid)
    with (
        pytest.raises(cluster.RunError, match="another version"),
        cluster.cluster(address),
    ):
        pass
