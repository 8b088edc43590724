"""Compile the model, with mypyc and the C compiler of this machine."""

import os
import shutil
import subprocess
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.compiled import PLACE, PLAIN, SIM, folder, parts
from sim.errors import SimError

TO_INSTALL = (
    "To compile it takes a C compiler and Python's header files (on Debian and Ubuntu: "
    "sudo apt install gcc python3-dev; on macOS: xcode-select --install; on Windows: "
    "the Build Tools for Visual Studio). Everything works without, only slower."
)
_SCENARIOS = SIM.parent / "scenarios"
_UNFINISHED = "unfinished-"
_SET_UP = """
import sys
from mypyc.build import mypycify
from setuptools import setup

target, scratch, *files = sys.argv[1:]
modules = mypycify(["--ignore-missing-imports", *files], opt_level="3")
options = ["build_ext", "--build-lib", target, "--build-temp", scratch]
setup(name="model", ext_modules=modules, script_args=options)
"""
_TRIAL = """
import hashlib, sys, time
from dataclasses import replace
from pathlib import Path

import sim.compiled

if len(sys.argv) > 2:
    sim.compiled.use(Path(sys.argv[2]))
from sim.model import no_search_for_garbage, simulate
from sim.scenario import load

digest, seconds = hashlib.sha256(), 0.0
for name in ("two-towns", "aleppo-2016"):
    operation = load(Path(sys.argv[1]) / name)
    for seed in range(30):
        began = time.process_time()
        with no_search_for_garbage():
            log = simulate(operation, seed=seed)
        seconds += time.process_time() - began
        digest.update(repr(log.rows).encode())
        for trip in log.trips:
            times = dict(trip.station_times)
            digest.update(repr(replace(trip, station_times=times)).encode())
print(digest.hexdigest(), seconds)
"""


class CompilationError(SimError):
    """The model cannot be compiled here. Args: the sentence."""

    def __str__(self) -> str:
        return f"The model was not compiled: {self.args[0]}"


def compile_model() -> float:
    """Compile the model, try it, and put it where imports find it.

    Returns
    -------
    float
        The time of trial runs, as a share of what they take without.

    Raises
    ------
    CompilationError
        If there is no compiler, it fails, or the trial runs differ; nothing is kept.
    """
    _look_for_what_it_takes()
    try:
        PLACE.mkdir(exist_ok=True)
        for older in PLACE.iterdir():
            if not older.name.startswith(_UNFINISHED):
                shutil.rmtree(older, ignore_errors=True)
        target = folder()
        with TemporaryDirectory(prefix=_UNFINISHED, dir=PLACE) as scratch:
            made = Path(scratch) / "made"
            _compile(Path(scratch), made)
            share = _tried(made)
            if not target.is_dir():  # else another start was faster
                made.rename(target)
    except OSError as error:
        raise CompilationError(f"{error}. {TO_INSTALL}") from error
    return share


def _look_for_what_it_takes() -> None:
    tools = "mypy", "setuptools"
    if missing := " ".join(tool for tool in tools if find_spec(tool) is None):
        raise CompilationError(
            f"packages are missing. Use `python run.py compile`, which brings them "
            f"along, or install them: pip install {missing}"
        )
    if not _SCENARIOS.is_dir():
        raise CompilationError(
            f"{_SCENARIOS} is missing, with what it is tried on. Compile in the folder "
            "of the project."
        )
    if os.name == "nt":
        return  # setuptools finds it, or says that there is none
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        raise CompilationError(f"this machine has no {compiler}. {TO_INSTALL}")
    header = Path(sysconfig.get_path("include")) / "Python.h"
    if not header.is_file():
        raise CompilationError(f"{header} is missing. {TO_INSTALL}")


def _compile(scratch: Path, made: Path) -> None:
    """Compile a copy of the files: the compiler writes beside what it reads."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SIM, scratch / "sim", ignore=ignored)
    files = [str(file.relative_to(SIM.parent)) for file in parts()]
    # A product and a sum in one instruction would round once, and not twice as Python.
    flags = "" if os.name == "nt" else "-ffp-contract=off"
    _run(
        [sys.executable, "-c", _SET_UP, str(made), str(scratch / "temporary"), *files],
        scratch,
        {"CFLAGS": f"{os.environ.get('CFLAGS', '')} {flags}".strip()},
    )


def _tried(made: Path) -> float:
    """Return the share of the time that trial runs take.

    Raises
    ------
    CompilationError
        If they do not give the same.
    """
    trial = [sys.executable, "-c", _TRIAL, str(_SCENARIOS)]
    here = SIM.parent
    plain = {PLAIN: "1"}
    same, plain_s = _run(trial, here, plain).split()
    given, seconds = _run([*trial, str(made)], here, plain).split()
    if given != same:
        raise CompilationError(
            "trial runs of the compiled model differ from those of the model. This is "
            "a bug, here or in the compiler; please report it. The model is run as it "
            "is."
        )
    return float(seconds) / float(plain_s)


def _run(command: list[str], where: Path, more: dict[str, str]) -> str:
    """Run a command; return what it printed.

    Raises
    ------
    CompilationError
        If it fails: with the last that it said.
    """
    done = subprocess.run(  # noqa: S603 (words of our own, no shell)
        command,
        cwd=where,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line]
        raise CompilationError(
            "the compiler said:\n  " + "\n  ".join(said[-5:]) + f"\n{TO_INSTALL}"
        )
    return done.stdout
