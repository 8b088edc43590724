"""The oldest packages that `pyproject.toml` allows are really enough."""

import os
import subprocess
import sys
import venv

import pytest

import run
from tests.commands import ROOT, contents

WORDS = ("run", "two-towns", "-n", "20", "--knowledge", "--workers", "2")


def oldest(test):
    """Yield each requirement with the least version that it allows, as pip takes it."""
    for need in run.requirements(test):
        name, least, _, platform = run.REQUIREMENT.findall(need)[0]
        if platform in {"", sys.platform}:
            yield f"{name}=={least}" if least else name


def start(python, *words):
    return subprocess.run(
        [python, "-c", "from sim.cli import main; main()", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_package_that_runs_need_has_a_least_version():
    """Else nobody could tell which is the oldest."""
    for need in run.requirements(test=False):
        _, least, _, platform = run.REQUIREMENT.findall(need)[0]
        assert least or platform, need


@pytest.mark.slow
def test_a_run_with_the_oldest_packages_says_the_same(tmp_path):
    """Installed from wherever pip is set to find them."""
    env = tmp_path / "env"
    venv.create(env, with_pip=True)
    python = env / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run(
        [python, "-m", "pip", "install", "--only-binary=:all:", *oldest(test=False)],
        check=True,
        env={**os.environ, "PIP_CONSTRAINT": os.devnull},
    )
    for name, program in (("old", python), ("new", sys.executable)):
        done = start(program, *WORDS, "--results", tmp_path / name)
        assert done.returncode == 0, done.stderr
    old, new = contents(tmp_path / "old"), contents(tmp_path / "new")
    tables = {name for name in new if name.endswith((".csv", ".npz", ".yaml"))}
    assert tables
    assert old.keys() == new.keys()
    assert [name for name in sorted(tables) if old[name] != new[name]] == []

    (folder,) = (tmp_path / "old").iterdir()
    for words in (
        ("export", folder),
        ("explain", "two-towns", "northtown/families"),
        ("score", "aleppo-2016", "-n", 20),
        ("schema",),
        ("check", "aleppo-2016"),
    ):
        done = start(python, *words)
        assert done.returncode == 0, done.stderr
