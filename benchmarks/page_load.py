"""Whether the planner's page loses anything while its server is killed again and again.

Run as `python -m benchmarks.page_load [SECONDS]`; of Linux alone. Eight clients click
through the page, 40 studies are asked for, and the server is killed at random moments
and started again. Then it says how long answers took, what memory the server held, and
whether each study is there once, with the results that it has without kills, or waits;
and that nothing else is left. Ends with status 1 if anything was lost or left.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

import httpx2

from benchmarks.page import CLIENTS, PAGES, PATIENCE_S, SMALL, asked, memory_mb
from sim.studies.finish import finished
from sim.studies.options import Amount
from sim.studies.run import planned
from sim.studies.shelf import Shelf, Title
from sim.studies.ticket import StudyStanding, read_ticket
from sim.studies.told import Caller
from sim.studies.unfinished import begun

STUDIES, RUNS = 40, 8
COMPARED = 8
"""Studies whose results are worked out again, which takes as long as they did."""
PAUSE_S = 0.2
MOST_REQUESTS = 20_000
"""Of one client, however short its answers take."""
BETWEEN_KILLS_S = (1.0, 80.0)
WARM_S = 5.0
"""After a start in which answers are counted apart: the page loads the rest."""
GONE_S = 20.0
"""Until all processes of a server are gone."""
LEFT = (".tmp-*", ".gone-*", "*.broken")
STALE_S = 48 * 3600
"""Age at which what a start left that was killed is nobody's any more."""


@dataclass
class Seen:
    """What clients and whoever kills the server have seen.

    Attributes
    ----------
    waits_s : until each answer, of a page that was started a while ago.
    early_s : the same of one that has just been started.
    memory_mb : of the server, once a second.
    kills, refused, asked : how often it was killed, requests that met no server, and
        studies that were asked for.
    wrong : answers that no page should give.
    """

    waits_s: list[float] = field(default_factory=list)
    early_s: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    kills: int = 0
    refused: int = 0
    asked: int = 0
    wrong: Counter[str] = field(default_factory=Counter)


class Site:
    """A server of the page that is always started again at the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "own"
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.sessions: list[int] = []
        self.start()

    def start(self) -> None:
        """Start the server."""
        command = [sys.executable, "run.py", "page", "--no-browser"]
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*command, "--port", f"{self.port}", "--folder", str(self.folder)],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": str(self.temporary)},
            start_new_session=True,
        )
        self.sessions.append(self.process.pid)

    def ready(self) -> bool:
        """Wait until the page answers; return whether it does."""
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s and self.process.poll() is None:
            with suppress(httpx2.HTTPError):
                httpx2.get(f"{self.address}/en/").raise_for_status()
                return True
            time.sleep(0.05)
        return False

    def kill(self) -> None:
        """End the server, and nothing but it, at once."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End the server as Ctrl-C does; return its status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)

    def left(self) -> list[int]:
        """Return its processes that do not go away, of all starts."""
        until_s = time.monotonic() + GONE_S
        while found := [each for each in self.sessions if _lives(each)]:
            if time.monotonic() > until_s:
                break
            time.sleep(0.1)
        return found


def _lives(session: int) -> bool:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, its, *_ = path.read_text().rpartition(")")[2].split()
            if int(its) == session and state not in "ZX":
                return True
    return False


def click(site: Site, seen: Seen, until_s: float, number: int) -> None:
    """Look at one page after the other."""
    chance = random.Random(number)  # noqa: S311 (of pages)
    with httpx2.Client(base_url=site.address, timeout=PATIENCE_S) as client:
        for _ in range(MOST_REQUESTS):
            if time.monotonic() > until_s:
                return
            studies = [path.name for path in (site.folder / "results").glob("20*")]
            pages = [*PAGES, *(f"study/{_address(each)}" for each in studies)]
            page = chance.choice(pages)
            began = time.monotonic()
            try:
                status = client.get(f"/en/{page}").status_code
            except httpx2.HTTPError:  # as where the server was killed
                seen.refused += 1
                time.sleep(PAUSE_S)
                continue
            took_s = time.monotonic() - began
            early = began - site.began < WARM_S
            (seen.early_s if early else seen.waits_s).append(took_s)
            if status != 200:
                seen.wrong[f"{status} {page}"] += 1
            time.sleep(PAUSE_S)


def _address(name: str) -> str:
    return name.removesuffix(".unfinished")


def kill_again_and_again(site: Site, seen: Seen, until_s: float, seed: int) -> None:
    """Kill the server at random moments, and start it again."""
    chance = random.Random(seed)  # noqa: S311 (of moments)
    while site.ready():
        due_s = time.monotonic() + chance.uniform(*BETWEEN_KILLS_S)
        while time.monotonic() < min(due_s, until_s):
            with suppress(OSError, ValueError):
                seen.memory_mb.append(memory_mb(site.process.pid))
            time.sleep(min(1.0, max(0.0, due_s - time.monotonic())))
        if time.monotonic() > until_s:
            return
        if site.process.poll() is not None:
            seen.wrong[f"the server ended by itself: {site.process.returncode}"] += 1
        site.kill()
        seen.kills += 1
        site.start()


def ask(site: Site, seen: Seen, until_s: float, studies: int) -> None:
    """Ask for studies, as many as there is time for."""
    for seed in range(studies):
        if time.monotonic() > until_s:
            return
        seen.asked += 1
        _ask_for(site, seed)


def _ask_for(site: Site, seed: int) -> None:
    """Ask for a study until it is there; what was asked may be there unanswered."""
    shelf = Shelf(site.folder / "results")
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s and not _of(shelf, seed):
        with (
            suppress(httpx2.HTTPError, ValueError, KeyError),
            httpx2.Client(base_url=site.address, timeout=PATIENCE_S) as client,
        ):
            asked(client, f"/en/run/{SMALL}", runs=f"{RUNS}", seed=f"{seed}")
        time.sleep(0.05)


def _of(shelf: Shelf, seed: int) -> list[Title]:
    titles = shelf.titles().values()
    return [each for each in titles if f" --seed {seed} " in f"{each.typed} "]


def results_of(folder: Path) -> dict[str, bytes]:
    """Return the numbers that a study left, without what tells when it was run."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.suffix in {".csv", ".npz"} or path.name == "scenario.yaml"
    }


def without_kills(site: Site, seed: int, folder: Path) -> dict[str, bytes]:
    """Return the numbers of the same study, done here."""
    file = site.folder / "scenarios" / SMALL / "scenario.yaml"
    typed = f"python run.py run {SMALL} -n {RUNS} --seed {seed}"
    caller = Caller(typed, pictures=False)  # numbers are all that is compared
    plan = planned(file, Amount(RUNS, seed), caller=caller)
    return results_of(finished(begun(plan, folder)).folder)


def lost_or_left(site: Site, studies: int, compared: int) -> Iterator[str]:
    """Yield what is not as it must be once the server has ended."""
    shelf = Shelf(site.folder / "results")
    done = 0
    for seed in range(studies):
        found = _of(shelf, seed)
        if len(found) != 1:
            yield f"study {seed} is there {len(found)} times"
            continue
        (title,) = found
        if title.finished and done < compared:
            done += 1
            with tempfile.TemporaryDirectory() as folder:
                right = without_kills(site, seed, Path(folder))
            if results_of(title.path) != right:
                yield f"study {seed} has other results than without kills"
        elif not title.finished:
            ticket = read_ticket(title.path)
            if ticket is None or ticket.standing is not StudyStanding.WAITING:
                yield f"study {seed} does not wait: {ticket}"
    yield from (f"left: {path}" for path in _left_by(site))


def _left_by(site: Site) -> list[Path]:
    found = [site.folder.rglob(pattern) for pattern in LEFT]
    return [*chain(*found), *site.temporary.iterdir()]


def _started_later(site: Site) -> int:
    """Start the server as if a day later, which clears away what others left.

    Return the status with which it ends.
    """
    before = _left_by(site)
    then_s = time.time() - STALE_S
    for path in before:
        os.utime(path, (then_s, then_s), follow_symlinks=False)
    site.start()
    until_s = time.monotonic() + PATIENCE_S
    while site.ready() and set(before) & set(_left_by(site)):
        if time.monotonic() > until_s:
            break
        time.sleep(0.1)
    return site.stop()


@contextmanager
def _at_a_scratch_site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        try:
            yield site
        finally:
            site.kill()


def tried(
    last_s: float, studies: int = STUDIES, *, seed: int = 1, compared: int = COMPARED
) -> tuple[Seen, list[str], int]:
    """Return what was seen in so many seconds, what was lost, and how many finished.

    Parameters
    ----------
    last_s : seconds in which the server is killed.
    studies : that are asked for.
    seed : of the moments at which it is killed.
    compared : studies at the most whose results are worked out again.
    """
    seen = Seen()
    with _at_a_scratch_site() as site, ThreadPoolExecutor(CLIENTS + 2) as pool:
        site.ready()
        until_s = time.monotonic() + last_s
        tasks = [
            pool.submit(kill_again_and_again, site, seen, until_s, seed),
            pool.submit(ask, site, seen, until_s, studies),
            *(pool.submit(click, site, seen, until_s, each) for each in range(CLIENTS)),
        ]
        for task in tasks:
            task.result()
        site.ready()
        for status in (site.stop(), _started_later(site)):
            seen.wrong[f"the server ended with status {status}"] += bool(status)
        left = site.left()  # nobody writes any more
        wrong = [f"processes left of session {each}" for each in left]
        wrong += lost_or_left(site, seen.asked, compared)
        titles = Shelf(site.folder / "results").titles().values()
        done = sum(each.finished for each in titles)
    wrong += [f"{times} times {what}" for what, times in seen.wrong.items() if times]
    return seen, wrong, done


def main() -> int:
    """Print all of it; return the status."""
    last_s = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()}")
    seen, wrong, done = tried(last_s)
    print(
        f"{seen.kills} kills; {done} of {seen.asked} studies finished, the others wait"
    )
    for what, waits_s in (
        ("usual", seen.waits_s),
        (f"in the first {WARM_S:.0f} s of a start", seen.early_s),
    ):
        if len(waits_s) > 1:
            print(
                f"{len(waits_s)} answers, {what}: median {1000 * median(waits_s):.0f} "
                f"ms, 95 of 100 within {1000 * quantiles(waits_s, n=20)[-1]:.0f} ms"
            )
    print(f"{seen.refused} requests met no server")
    if seen.memory_mb:
        print(f"memory of the server: at most {max(seen.memory_mb):.0f} MB")
    print("\n".join(wrong) or "nothing was lost, and nothing is left")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
