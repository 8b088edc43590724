"""The program at work, and blows that fall at a moment of its own work.

To watch it from outside and strike loses races on a busy machine: the moment is over
before the watcher has its turn. So the program that is tried strikes itself, at a file
that it has kept or at a step that it has taken, or waits there until it is let go.
"""

import errno
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing import active_children
from pathlib import Path
from typing import NamedTuple

from sim import whole_file
from sim.cli import main
from sim.studies import folder, unfinished

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 300
"""More than anything takes, on a machine with much else to do."""


class Blow(NamedTuple):
    """What befalls a program, and when.

    Attributes
    ----------
    kind : of `BLOWS`.
    what : number of a signal or of an error, or a path.
    after : times that the step is taken before it falls.
    step : `kept`: a file has been kept; `begun`: the study has its folder; `written`:
        the results are about to get their name; `finished`: they have it; `gone`: the
        folder of the study has lost its name.
    file : pattern of the name of a file without which, in the folder in which one has
        been kept, the step does not count.
    """

    kind: str
    what: int | str = 0
    after: int = 1
    step: str = "kept"
    file: str = ""


def start(words, blow=None, **more):
    """Start the program in a session of its own, so that all its processes are known.

    Parameters
    ----------
    words : of the command.
    blow : that befalls it.
    more : as of `subprocess.Popen`.
    """
    told = json.dumps(blow)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more.pop("env", {})}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.under_way", told, *map(str, words)],
        **{
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
            "cwd": ROOT,
            **more,
        },
        start_new_session=True,
        env=environment,
    )


def ended(words, blow=None, **more):
    """Return the program when it has ended, with what it printed."""
    with start(words, blow, **more) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def resumed(folder, blow=None, **more):
    """Return a resumed study when it has ended."""
    return ended(["resume", folder, "--workers", 2], blow, **more)


def processes_of(session):
    """Return the processes of a session that live, by what Linux says of them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, its, *_ = path.read_text().rpartition(")")[2].split()
            if int(its) == session and state not in "ZX":
                found.append(int(path.parent.name))
    return found


def all_gone(session, within_s=20.0):
    """Tell whether no process of a session is left after a while."""
    until = time.monotonic() + within_s
    while processes_of(session):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


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


# What befalls it


def _struck(blow):
    os.kill(os.getpid(), blow.what)


def _all_struck(blow):
    os.killpg(0, blow.what)


def _worker_struck(blow):
    for worker in active_children()[:1]:
        os.kill(worker.pid, blow.what)


def _disk_refuses(blow):
    def refused(*_):
        raise OSError(blow.what, os.strerror(blow.what))

    os.fsync = refused


def _removed(blow):
    for path in Path(blow.what).glob("*.unfinished"):
        shutil.rmtree(path)


def _waits(blow):
    """Say that the step is reached, and go on when the file that says so is gone."""
    path = Path(blow.what)
    path.touch()
    while path.exists():
        time.sleep(0.01)


BLOWS = {
    "strikes it": _struck,
    "strikes all": _all_struck,
    "strikes a worker": _worker_struck,
    "disk refuses": _disk_refuses,
    "study removed": _removed,
    "waits": _waits,
}
REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG)
SIGNALS = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")
    if hasattr(signal, name)
]


def _lie_in_wait(blow):
    """Let a blow fall when the program takes a step."""
    owner, name, before = {
        "kept": (whole_file, "_sync", False),
        "begun": (unfinished, "renamed", False),
        "written": (folder, "renamed", True),
        "finished": (folder, "renamed", False),
        "gone": (unfinished, "_out_of_sight", False),
    }[blow.step]
    step = getattr(owner, name)
    times = iter(range(1, sys.maxsize))

    @functools.wraps(step)
    def taken(*given):
        counts = not blow.file or any(given[0].glob(blow.file))
        falls = counts and next(times) == blow.after
        if falls and before:
            BLOWS[blow.kind](blow)
        done = step(*given)
        if falls and not before:
            BLOWS[blow.kind](blow)
        return done

    setattr(owner, name, taken)


if __name__ == "__main__":
    told, *words = sys.argv[1:]
    sys.argv = ["run.py", *words]
    # A shell lets what it starts in the background ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if befalls := json.loads(told):
        _lie_in_wait(Blow(*befalls))
    main()
