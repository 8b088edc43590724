"""The set-up in run.py, really run in a copy with one tiny package and no network.

`python -S` sees no installed package, so that every start must set up.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import run

HERE = Path(__file__).resolve().parent.parent
CLI = """
import json, sys
def main() -> int:
    if sys.argv[1:] == ["stop"]:
        raise KeyboardInterrupt
    try:
        import pebble
    except ImportError:
        pebble = None
    print(json.dumps([sys.argv[1:], sys.prefix, getattr(pebble, "SIZE", None)]))
    return 7
"""
PROJECT = """
[project]
dependencies = ["pebble>=1.0"]
optional-dependencies.test = []
"""


def make_wheel(folder: Path, size: int) -> None:
    """Write the wheel of a package with one constant."""
    folder.mkdir(exist_ok=True)
    info = f"pebble-1.{size}.dist-info"
    files = {
        "pebble.py": f"SIZE = {size}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: pebble\nVersion: 1.{size}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, "RECORD"])
    path = folder / f"pebble-1.{size}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the project that wants one package and has its wheel."""
    folder = tmp_path / "مسار مع فراغ"
    (folder / "sim").mkdir(parents=True)
    shutil.copy(HERE / "run.py", folder)
    (folder / "sim" / "__init__.py").touch()
    (folder / "sim" / "cli.py").write_text(CLI, "utf-8")
    (folder / "pyproject.toml").write_text(PROJECT, "utf-8")
    (folder / "constraints.txt").write_text("pebble==1.1\n", "utf-8")
    make_wheel(folder / "wheels", 1)
    return folder


def command(copy: Path, *arguments: str, flags: tuple[str, ...] = ("-S",)) -> list[str]:
    return [sys.executable, *flags, str(copy / "run.py"), *arguments]


def quiet() -> dict[str, str]:
    """Return the surroundings without anybody's settings for pip."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTEST"))}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PYTHONIOENCODING": "utf-8"}


def start(
    copy: Path, *arguments: str, flags: tuple[str, ...] = ("-S",)
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(copy, *arguments, flags=flags),
        capture_output=True,
        encoding="utf-8",
        env=quiet(),
        cwd=copy.parent,
        check=False,
    )


def size_seen(done: subprocess.CompletedProcess[str]) -> int:
    """Return what the package said; the start must have reached the program."""
    assert done.returncode == 7, done.stderr
    size: int = json.loads(done.stdout)[2]
    return size


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 99)])
def test_an_old_python_gets_a_sentence(version: tuple[int, ...]) -> None:
    assert f"this is Python 3.{version[1]}. Install" in run.too_old(version)


def test_a_new_python_gets_none() -> None:
    assert not run.too_old((3, 11, 0))
    assert not run.too_old((4, 0, 0))


def test_an_old_python_can_read_run_py() -> None:
    """It must get as far as the sentence instead of a syntax error."""
    ast.parse((HERE / "run.py").read_text("utf-8"), feature_version=(3, 6))


def test_run_py_understands_every_requirement() -> None:
    for need in run.requirements(test=True):
        assert run.REQUIREMENT.fullmatch(need), need


@pytest.mark.parametrize(
    ("need", "there"),
    [
        ("pytest>=9", True),
        ("pytest>=999", False),
        ("no-such-package", False),
        ("no-such-package; sys_platform == 'elsewhere'", True),
        (f"no-such-package; sys_platform == '{sys.platform}'", False),
    ],
)
def test_the_environment_at_hand_will_do(need: str, there: bool) -> None:
    assert run.satisfied([need]) is there


def test_arguments_and_exit_status_are_handed_through(copy: Path) -> None:
    done = start(copy, "a b", "حلب", "--option=*", "")
    assert done.returncode == 7, done.stderr
    arguments, prefix, size = json.loads(done.stdout)
    assert arguments == ["a b", "حلب", "--option=*", ""]
    assert (Path(prefix), size) == (copy / ".venv", 1)
    assert "Setting up" in done.stderr

    again = start(copy)
    assert (size_seen(again), again.stderr) == (1, "")
    assert start(copy, "stop").returncode == 130


def test_no_environment_is_made_where_none_is_needed(copy: Path) -> None:
    (copy / "pyproject.toml").write_text(PROJECT.replace("pebble", "pytest"), "utf-8")
    done = start(copy, "x", flags=())
    assert json.loads(done.stdout)[0] == ["x"]
    assert (done.returncode, done.stderr) == (7, "")
    assert not (copy / ".venv").exists()


def test_arguments_of_test_go_to_pytest(copy: Path) -> None:
    (copy / "pyproject.toml").write_text(PROJECT.replace("pebble", "pytest"), "utf-8")
    (copy / "test_one.py").write_text("def test_one(): pass\n", "utf-8")
    assert start(copy, "test", "-k", "nothing", flags=()).returncode == 5


def test_an_interrupted_set_up_is_repaired(copy: Path) -> None:
    """pip takes a package for installed as soon as its description is there."""
    start(copy)
    (package,) = (copy / ".venv").rglob("pebble.py")
    package.unlink()
    (copy / ".venv" / run.MARKER.name).unlink()
    assert size_seen(start(copy)) == 1


def test_a_changed_constraint_is_followed_and_a_failed_change_undone(
    copy: Path,
) -> None:
    start(copy)
    constraints = copy / "constraints.txt"
    constraints.write_text("pebble==1.2\n", "utf-8")
    failed = start(copy)
    assert failed.returncode == 1
    assert "pebble" in failed.stderr

    constraints.write_text("pebble==1.1\n", "utf-8")
    back = start(copy)
    assert (size_seen(back), back.stderr) == (1, "")

    make_wheel(copy / "wheels", 2)
    constraints.write_text("pebble==1.2\n", "utf-8")
    assert size_seen(start(copy)) == 2


def test_two_starts_at_once_make_one_environment(copy: Path) -> None:
    both = [
        subprocess.Popen(
            command(copy),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=quiet(),
        )
        for _ in range(2)
    ]
    ends = [(p.communicate(), p.returncode) for p in both]
    assert [status for _, status in ends] == [7, 7], ends
    said = [line for (_, text), _ in ends for line in text.splitlines()]
    assert sum(set(line) == {"."} for line in said) == 1, "pip ran once"


def test_broken_wheels_end_in_a_sentence(copy: Path) -> None:
    """With the packages of the real project, none of which is there."""
    shutil.copy(HERE / "pyproject.toml", copy)
    shutil.copy(HERE / "constraints.txt", copy)
    (copy / "wheels" / "simpy-4.1.2-py3-none-any.whl").write_bytes(b"not a wheel")
    done = start(copy)
    assert done.returncode == 1
    assert "Set-up failed: pip" in done.stderr
    assert "simpy" in done.stderr
    assert "Only the folder wheels/ was searched: delete it" in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_the_environment_of_somebody_else_is_left_alone(copy: Path) -> None:
    theirs = copy / ".venv" / "pyvenv.cfg"
    theirs.parent.mkdir()
    theirs.write_text("prompt = somebody\n", "utf-8")
    done = start(copy)
    assert done.returncode == 1
    assert "not made by run.py" in done.stderr
    assert theirs.read_text("utf-8") == "prompt = somebody\n"


def test_a_set_up_without_network_says_so_in_one_sentence(copy: Path) -> None:
    """pip tells it as a conflict of versions, after a page of retries."""
    shutil.rmtree(copy / "wheels")
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
    done = subprocess.run(
        command(copy),
        capture_output=True,
        encoding="utf-8",
        env={**quiet(), **nowhere, "PIP_TIMEOUT": "1"},
        check=False,
    )
    assert done.returncode == 1
    *_, said, remedy = done.stderr.splitlines()
    assert said == "Set-up failed: no index of packages can be reached from here."
    assert remedy.startswith("Check the network and the room on the disk.")
    assert "Retry" not in done.stderr
    assert "Impossible" not in done.stderr


def test_a_folder_of_wheels_that_lacks_one_says_which(copy: Path) -> None:
    (copy / "constraints.txt").write_text("pebble==1.2\n", "utf-8")
    done = start(copy)
    assert "found no package of the version that is wanted: pebble." in done.stderr
    assert "Only the folder wheels/ was searched" in done.stderr


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            [
                "WARNING: Retrying after connection broken by 'timeout'",
                "Collecting simpy",
                "ERROR: Could not install packages: [Errno 28] No space left on device",
            ],
            "pip said:\n  ERROR: Could not install packages: [Errno 28] No space left",
        ),
        (["segmentation fault"], "pip said:\n  segmentation fault"),
    ],
)
def test_what_is_no_missing_package_is_said_as_it_is(
    said: list[str], shown: str
) -> None:
    assert run.reason(said).startswith(shown)


@pytest.mark.slow
def test_the_real_packages_are_installed(copy: Path) -> None:
    """From wherever pip is set to find them: a network, or a folder of wheels."""
    shutil.rmtree(copy / "wheels")
    if (HERE / "wheels").is_dir():
        shutil.copytree(HERE / "wheels", copy / "wheels")
    shutil.copy(HERE / "pyproject.toml", copy)
    shutil.copy(HERE / "constraints.txt", copy)
    done = subprocess.run(
        command(copy, "test", "--version"),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert size_seen_without_pebble(start(copy))


def size_seen_without_pebble(done: subprocess.CompletedProcess[str]) -> bool:
    return done.returncode == 7 and json.loads(done.stdout)[2] is None
