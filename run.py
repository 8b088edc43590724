"""Start the simulation; the first start sets up what it needs.

python run.py ARGUMENTS         the command line of `sim.cli`; try --help
python run.py test [ARGUMENTS]  the tests, with pytest's arguments
python run.py test slow         the tests that take long
python run.py bench [--quick]   the speed of the model on this machine
python run.py wheels            fill the folder wheels/ for a set-up without network

Standard library only, and written so that an old Python 3 gets as far as saying
that it is too old.
"""

import hashlib
import io
import os
import re
import signal
import sqlite3
import subprocess
import sys
import sysconfig
import venv
from contextlib import closing, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENV = HERE / ".venv"
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MARKER = ENV / "set-up-done"
PROMPT = "convoys"  # in pyvenv.cfg: tells our environment from anybody else's
REQUIREMENT = re.compile(
    r"([\w.-]+)(?:>=([\d.]+))?(?:,<([\d.]+))?(?:; sys_platform == '(\w+)')?"
)
EVERY_CORE = ["-q", "-n", "auto", "--dist", "loadfile"]
NOT_FOUND = re.compile(
    r"(?:Cannot install|No matching distribution found for|satisfies the requirement) "
    r"([\w.-]+)"
)


class SetUpError(Exception):
    """The set-up cannot go on. Args: the sentence for the user."""


def too_old(version: "tuple[int, ...]") -> str:
    """Return what to tell the user of this version of Python; nothing if it will do."""
    if version >= (3, 11):
        return ""
    seen = ".".join(str(part) for part in version[:2])
    return (
        f"evacuation-convoys needs Python 3.11 or newer, and this is Python {seen}. "
        "Install a newer one from python.org and start again with that."
    )


def requirements(test: bool) -> "list[str]":
    """Return the packages that pyproject.toml asks for."""
    import tomllib

    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    extra: list[str] = project["optional-dependencies"]["test"] if test else []
    return [*project["dependencies"], *extra]


def satisfied(needs: "list[str]") -> bool:
    """Tell whether the environment we run in holds every package in a known version."""
    from importlib import metadata

    def numbers(version: str) -> "list[int]":
        return [int(part) for part in re.findall(r"\d+", version)]

    for need in needs:
        name, least, below, platform = REQUIREMENT.findall(need)[0]
        if platform in {"", sys.platform}:
            try:
                found = metadata.version(name)
            except metadata.PackageNotFoundError:
                return False
            if numbers(found) < numbers(least):
                return False
            if below and numbers(found) >= numbers(below):
                return False
    return True


def stamp(test: bool) -> "list[str]":
    """Return what the marker of a finished set-up says: Python, files, extra."""
    files = [HERE / "pyproject.toml", HERE / "constraints.txt"]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    python = f"{sys.implementation.cache_tag}/{sysconfig.get_platform()}"
    return [python, digest, "test" if test else "run"]


def ours() -> bool:
    """Tell whether the private environment was made here."""
    config = ENV / "pyvenv.cfg"
    return config.is_file() and f"'{PROMPT}'" in config.read_text("utf-8")


def marked() -> "list[str]":
    """Return what the marker says, written last of all; nothing if unfinished."""
    finished = ours() and PYTHON.exists() and MARKER.is_file()
    return MARKER.read_text("utf-8").split() if finished else []


def ready(test: bool) -> bool:
    """Tell whether the private environment holds what this start needs."""
    return marked() in ([stamp(True)] if test else [stamp(True), stamp(False)])


def pip_host() -> str:
    """Return a Python that has pip; nothing if there is none."""

    def works(*command: str) -> bool:
        with suppress(FileNotFoundError):
            return not subprocess.run(
                command, capture_output=True, check=False
            ).returncode
        return False

    # The private environment holds no pip, but the Python it was made with may.
    base = getattr(sys, "_base_executable", sys.executable)
    for python in (sys.executable, base, str(PYTHON)):
        if works(python, "-c", "import pip"):
            return python
    return str(PYTHON) if ours() and works(str(PYTHON), "-m", "ensurepip") else ""


def pip(target: str, *arguments: str) -> None:
    """Run pip for the Python `target`, with a dot for each line it says.

    Raises
    ------
    SetUpError
        If there is no pip, or it fails: the last of its reasons, and what to do.
    """
    host = pip_host()
    if not host:
        raise SetUpError(
            f"this Python ({sys.executable}) has no pip to install packages with. "
            "Add it (on Debian and Ubuntu: sudo apt install python3-pip), or take the "
            "Python of python.org; then start again."
        )
    # Names relative to HERE, so that pip never reads the blanks and letters of our
    # path; no builds, since an error at once is better than a missing compiler.
    command = [host, "-m", "pip", "--python", target, *arguments]
    command += ["-c", "constraints.txt", "--only-binary=:all:", "--no-input"]
    said = []
    with subprocess.Popen(
        command,
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            said.append(line.rstrip())
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if process.returncode:
        searched = (
            "Only the folder wheels/ was searched: delete it to use the network, or "
            "fill it again with `python run.py wheels` where there is one"
            if "--no-index" in command
            else "Check the network and the room on the disk. To do without a network, "
            "bring a folder wheels/ that `python run.py wheels` filled on a machine of "
            "this kind"
        )
        raise SetUpError(f"{reason(said)}\n{searched}; then start again.")


def reason(said: "list[str]") -> str:
    """Return why pip failed, without its retries and advice that are not for our users.

    If it finds no package, it tells that as a conflict of versions, in many lines.
    """
    errors = [line for line in said if line.startswith("ERROR")]
    names = [name for line in errors for name in NOT_FOUND.findall(line)]
    if names and all(NOT_FOUND.search(e) or "Impossible" in e for e in errors):
        if any("connection broken by" in line for line in said):
            return "no index of packages can be reached from here."
        lacking = ", ".join(sorted({name for name in names if name}))
        return f"pip found no package of the version that is wanted: {lacking}."
    shown = "\n  ".join((errors or said)[-3:])
    return f"pip said:\n  {shown}"


def make(test: bool) -> None:
    """Make the private environment, or bring it up to date.

    Raises
    ------
    SetUpError
        If it cannot be done, with a sentence that says why and what to do.
    """
    before, after = marked(), stamp(test)
    usable = before[:1] == after[:1]  # finished, and of this Python
    if not usable:
        if ENV.exists() and any(ENV.iterdir()) and not ours():
            raise SetUpError(
                "the folder .venv was not made by run.py and lacks packages. "
                "Rename or delete it, then start again."
            )
        links = os.name != "nt"
        venv.EnvBuilder(clear=True, symlinks=links, prompt=PROMPT).create(ENV)
    MARKER.unlink(missing_ok=True)
    source = ["--no-index", "--find-links", "wheels"]
    offline = source if any(HERE.glob("wheels/*.whl")) else []
    try:
        pip(str(PYTHON), "install", *offline, *requirements(test))
    except SetUpError:
        if usable:  # pip puts back what it cannot replace
            MARKER.write_text(" ".join(before), "utf-8")
        raise
    MARKER.write_text(" ".join(after), "utf-8")


def set_up(test: bool) -> None:
    """Make the private environment unless another start is faster.

    Raises
    ------
    SetUpError
        If it cannot be done, with a sentence that says why and what to do.
    """
    print("Setting up .venv, once; this takes a minute.", file=sys.stderr)
    # SQLite holds the one lock of the standard library that is the same on every
    # system and goes away with its holder, however that ends.
    place = HERE / ".venv.lock"
    try:
        with closing(sqlite3.connect(place, timeout=3600)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            if not ready(test):
                make(test)
    except (OSError, sqlite3.Error) as error:
        raise SetUpError(
            f"{error}. The folder {HERE} must be one where you may write, with room "
            "for 500 MB; then start again."
        ) from error


def restart() -> int:
    """Start again in the private environment; return the exit status."""
    command = [str(PYTHON), str(HERE / "run.py"), *sys.argv[1:]]
    if os.name != "nt":  # on Windows the prompt would come back before we are done
        os.execv(command[0], command)  # noqa: S606 (no shell wanted)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child answers Ctrl-C
    return subprocess.call(command)


def start(command: "list[str]", rest: "list[str]") -> int:
    """Do what the arguments say, all packages being there; return the exit status."""
    if command == ["test"]:
        import pytest

        os.chdir(HERE)
        all_of_them = {(): EVERY_CORE, ("slow",): ["-m", "slow", *EVERY_CORE]}
        return pytest.main(all_of_them.get(tuple(rest), rest))
    if command == ["bench"]:
        os.environ["CONVOYS_PLAIN_MODEL"] = "1"  # measures both, side by side
        from benchmarks.measure import main as bench

        return bench(rest)
    from sim.cli import main as cli

    return cli()


def main() -> int:
    """Set up if need be, then do what the arguments say; return the exit status."""
    sentence = too_old(sys.version_info[:3])
    if sentence:
        print(sentence, file=sys.stderr)
        return 1
    if isinstance(sys.stdout, io.TextIOWrapper):  # else an old console lacks letters
        sys.stdout.reconfigure(errors="backslashreplace")
    # Threads for matrices we do not have would cost every start, and every worker.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    command, rest = sys.argv[1:2], sys.argv[2:]
    # To compile takes a compiler that the tests bring along.
    test = command in (["test"], ["compile"], ["bench"])
    try:
        if command == ["wheels"]:
            pip(sys.executable, "download", "-d", "wheels", *requirements(test=True))
            return 0
        inside = ours() and Path(sys.prefix).resolve() == ENV
        if not (ready(test) if inside else satisfied(requirements(test))):
            if not ready(test):
                set_up(test)
            if Path(sys.executable) != PYTHON:  # never twice: it would go on for ever
                return restart()
    except (SetUpError, OSError) as error:
        print(f"Set-up failed: {error}", file=sys.stderr)
        return 1
    return start(command, rest)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
