"""The installed command finds the shipped scenarios and says its own name."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from run import pip_host
from sim.errors import StoppedError
from sim.invocation import program

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("started", "named"),
    [
        ("/somewhere/bin/convoy", "convoy"),
        ("convoy.exe", "convoy"),
        ("run.py", "python run.py"),
        ("-c", "python run.py"),
    ],
)
def test_messages_name_the_command_that_works_here(monkeypatch, started, named):
    monkeypatch.setattr(sys, "argv", [started])

    assert program() == named
    assert f"{named} resume there" in str(StoppedError("there", "3 runs are kept."))


@pytest.mark.slow
def test_an_installed_command_runs_away_from_the_source(tmp_path):
    """Built, installed without its dependencies beside ours, and run elsewhere."""
    place = tmp_path / "env"
    venv.EnvBuilder(system_site_packages=False, symlinks=True).create(place)
    bin_of = place / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [pip_host(), "-m", "pip", "--python", str(bin_of / "python")]
    try:
        subprocess.run([*pip, "install", "-q", "-c", "constraints.txt", "."],
                       cwd=ROOT, check=True, capture_output=True)  # fmt: skip
    except subprocess.CalledProcessError as error:
        pytest.skip(f"pip cannot build here: {error.stderr[-200:]!r}")

    def convoy(*words):
        command = [str(bin_of / "convoy"), *words]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    assert "ok" in convoy("check", "aleppo-2016/twice-the-buses")
    said = convoy("run", "two-towns", "-n", "3", "--no-figures")
    assert "northtown" in said
    (page,) = (tmp_path / "results").glob("*/report.html")
    assert "convoy run two-towns -n 3 --no-figures" in page.read_text("utf-8")
