"""Studies for tests of the queue, and a place where they are done in this process."""

import threading
import time
from contextlib import contextmanager
from dataclasses import replace

from sim.errors import RunError, TakenError
from sim.experiment.pool import Here
from sim.studies import server, workshop
from sim.studies.comparison import planned as compared
from sim.studies.folder import FACTS, run_folder, write_json
from sim.studies.options import Amount
from sim.studies.run import planned
from sim.studies.told import Caller, Step
from sim.studies.unfinished import found
from sim.words import say
from tests.builders import operation

QUIET = Caller("python run.py run tiny", pictures=False)
PATIENCE_S = 240
"""More than anything takes, on a machine with much else to do."""


def tiny(seed=1, runs=6, **changes):
    """Return the plan of a few runs of one bus."""
    world = operation(flows__evacuation__boarding="5 min to 1 h", **changes)
    return planned(world, Amount(runs, seed=seed), caller=QUIET)


def failing():
    """Return a plan that nobody can do: it wants a metric that there is not."""
    plan = tiny(seed=9)
    return replace(plan, options={**plan.options, "until": ["nosuch=1%"]})


def comparison(runs=6):
    """Return the plan of a bus that loads faster, beside one that loads slowly."""
    slow = operation(flows__evacuation__boarding="20 min to 1 h")
    fast = operation(flows__evacuation__boarding="5 min to 10 min")
    return compared(slow, [fast], Amount(runs), caller=QUIET)


def files(folder):
    """Return what a study left, but for what tells when it was run."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def standings(queue):
    return {each.address: str(each.standing) for each in queue.entries()}


def wait_until(true):
    """Wait until something is true, which it soon must be."""
    until = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


class NoBell:
    @contextmanager
    def heard(self):
        yield


def quickly(path):
    """Give a study an empty folder of results; return how that ended."""
    try:
        study = found(path)
        with study.held() as grip, run_folder(study.root, study.name, path) as run:
            plan = study.plan
            told = {"kind": plan.kind, "title": plan.title, "command": plan.typed}
            write_json(run.path / FACTS, {**told, "began": plan.began.isoformat()})
            grip.discard()
    except TakenError:
        return workshop.End("taken")
    except RunError as error:
        return workshop.End("failed", str(error))
    return workshop.End("finished")


class Bench:
    """Does studies in this process, in place of a process of their own.

    Quickly, it only gets a folder of results; else it is run as in that process. A
    study whose address is in `holds` is at work until it is let go, stopped or lost.
    """

    holds, lost, taken, done, quick = set(), set(), set(), [], True

    def __init__(self, workers, *, behind=False):
        self.alive = True
        self.stopped = threading.Event()
        self.told_step = False

    def begin(self, path):
        self.path, self.address = path, path.name.removesuffix(".unfinished")
        self.stopped.clear()

    def told(self, within_s):
        if not self.told_step:
            self.told_step = True
            return Step(say("runs"), 1, 6, 5.0)
        for how, which in (("taken", self.taken), ("lost", self.lost)):
            if self.address in which:
                return workshop.End(how)
        if self.stopped.is_set():
            return workshop.End("stopped")
        if self.address in self.holds:
            time.sleep(0.01)
            return None
        self.done.append(self.address)
        if self.quick:
            return quickly(self.path)
        return workshop._done(self.path, Here(), lambda _: None, NoBell())

    def stop(self):
        self.stopped.set()

    def close(self):
        self.alive = False


def on_a_bench(monkeypatch):
    """Let queues do their studies in this process; return where they are done."""
    for name, value in (
        *(("holds", set()), ("lost", set()), ("taken", set()), ("done", [])),
        ("quick", True),
    ):
        monkeypatch.setattr(Bench, name, value)
    monkeypatch.setattr(server, "Workshop", Bench)
    monkeypatch.setattr(server, "_REST_S", 0.02)
    return Bench
