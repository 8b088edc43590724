"""Faults by the hundred, each at a moment drawn by chance: is anything lost by them?

    python -m tests.faults --count 300 --seed 1

Each fault befalls a small study, which is then resumed or begun anew as the program
says. The end must be that of an undisturbed study, file by file; no process may be left
running, no temporary folder, no half of a folder; and whatever is said must be a
sentence. Prints a table of what was tried, and ends with 1 if anything was amiss.
"""

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock

from tests.small_case import written
from tests.under_way import (
    PATIENCE_S,
    REFUSALS,
    SIGNALS,
    Blow,
    all_gone,
    ended,
    processes_of,
    start,
)

RUNS = 48
WORDS = ("run", "two-towns", "-n", RUNS, "--workers", 2, "--no-figures")
FILES = 12
"""Files that such a study keeps at least."""
OLD_S = 120
"""Age of a temporary folder that a later start may take for left behind."""


class AmissError(Exception):
    """Something is lost, doubled, left or said wrongly. Args: what."""


def expect(holds, what):
    if not holds:
        raise AmissError(what)


class Place:
    """Where one fault is tried: a folder of results and one for temporary files."""

    def __init__(self, root, seed, whole, small):
        self.root, self.chance, self.seed = root, random.Random(seed), seed
        self.whole, self.small = whole, small
        self.results, self.temporary = root / "results", root / "tmp"
        self.temporary.mkdir(parents=True)
        self.sessions = []

    def start(self, words, blow=None, **more):
        process = start(words, blow, env={"TMPDIR": str(self.temporary)}, **more)
        self.sessions.append(process.pid)
        return process

    def run(self, words, blow=None, **more):
        with self.start(words, blow, **more) as process:
            out, err = process.communicate(timeout=PATIENCE_S)
        done = subprocess.CompletedProcess(words, process.returncode, out, err)
        self.is_said_well(done)
        return done

    def begin(self, blow=None, words=WORDS, **more):
        return self.run([*words, "--results", self.results], blow, **more)

    def resume(self, blow=None, folder=None, **more):
        folder = folder or self.unfinished()
        return self.run(["resume", folder, "--workers", 2], blow, **more)

    def unfinished(self):
        (folder,) = self.results.glob("*.unfinished")
        return folder

    def is_said_well(self, done):
        for said in (done.stdout or "", done.stderr or ""):
            for word in ("Traceback", "bug in the program", "Exception ignored"):
                expect(word not in said, f"says {word!r}: {said[-2000:]}")
        if done.returncode > 0:
            said = (done.stderr or "").strip()
            expect(said or done.stderr is None, "fails without a word")

    def goes_on(self):
        """Resume what is there, or begin anew, and compare the end."""
        if list(self.results.glob("*.unfinished")):
            done = self.resume()
        elif not self.folders():
            done = self.begin()
        else:
            return self.is_whole()
        expect(done.returncode == 0, f"does not go on: {done.stderr}")
        return self.is_whole()

    def folders(self):
        return [path for path in self.results.glob("*") if path.name[0] != "."]

    def is_whole(self):
        """Compare the only results with those of an undisturbed study."""
        folders = self.folders()
        expect(len(folders) == 1, f"there are {[path.name for path in folders]}")
        found = files_of(folders[0])
        expect(found == self.whole, differences(found, self.whole))

    def is_tidy(self):
        """Look for what should not be left."""
        for session in self.sessions:
            expect(all_gone(session), f"runs on: {processes_of(session)}")
        left = list(self.temporary.glob("convoys-*"))
        hidden = list(self.results.glob(".*"))
        if left or hidden:  # of a program that was killed with all its workers
            past = time.time() - OLD_S
            for path in left:
                os.utime(path, (past, past))
            past -= 24 * 3600
            for path in hidden:
                os.utime(path, (past, past))
            self.run([*WORDS, "--results", self.results])
            left = list(self.temporary.glob("convoys-*"))
            hidden = list(self.results.glob(".*"))
        expect(not left + hidden, f"left by a later start: {left + hidden}")


def files_of(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def differences(one, other):
    names = {name for name in one | other if one.get(name) != other.get(name)}
    return f"differ: {sorted(names)}"


# Faults: each leaves a place where the study can go on


def program_struck(place):
    """The program gets a signal at a file that it has kept."""
    blow = Blow("strikes it", place.chance.choice(SIGNALS), place.chance.randint(1, 6))
    done = place.begin(blow)
    expect(done.returncode in (130, -9), f"ends with {done.returncode}")
    place.goes_on()


def everything_struck(place):
    """All processes get a signal at once, as from a terminal that is closed."""
    blow = Blow("strikes all", place.chance.choice(SIGNALS), place.chance.randint(1, 6))
    done = place.begin(blow)
    expect(done.returncode in (130, -9), f"ends with {done.returncode}")
    place.goes_on()


def worker_struck(place):
    """A worker gets a signal; the program goes on without it."""
    blow = Blow(
        "strikes a worker", place.chance.choice(SIGNALS), place.chance.randint(1, 6)
    )
    done = place.begin(blow)
    expect(done.returncode == 0, f"a worker's end ends it: {done.stderr}")
    place.is_whole()


def struck_in_a_window(place):
    """The program gets a signal between two steps that belong together."""
    step = place.chance.choice(["begun", "written", "finished", "gone"])
    place.begin(Blow("strikes it", place.chance.choice(SIGNALS), 1, step))
    place.goes_on()


def struck_again_and_again(place):
    """The program and its resumed successors are killed, until one is not."""
    place.begin(Blow("strikes it", SIGNALS[-1], place.chance.randint(1, 4)))
    for _ in range(2):
        if list(place.results.glob("*.unfinished")):
            place.resume(Blow("strikes it", SIGNALS[-1], place.chance.randint(1, 4)))
    place.goes_on()


def disk_refuses(place):
    """The disk is full, over quota, read-only, broken, or files may not grow."""
    refusal = place.chance.choice(REFUSALS)
    done = place.begin(Blow("disk refuses", refusal, place.chance.randint(1, 6)))
    expect(done.returncode == 1, f"ends with {done.returncode}: {done.stderr}")
    expect("cannot be written to" in done.stderr, done.stderr)
    place.goes_on()


def files_may_not_grow(place):
    """The system lets no file grow beyond a size, as `ulimit -f` says."""
    most = place.chance.choice([0, 1, 4, 16, 64]) * 1024

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    done = place.begin(preexec_fn=limited)
    expect(done.returncode in (0, 1), f"ends with {done.returncode}: {done.stderr}")
    place.goes_on()


def folder_is_read_only(place):
    """The folder of results cannot be written."""
    folder = Path("/proc/nothing") if os.geteuid() == 0 else place.root / "shut"
    if os.geteuid():
        folder.mkdir(mode=0o500)
    done = place.run([*WORDS, "--results", folder])
    expect(done.returncode == 1, f"ends with {done.returncode}")
    expect("cannot be written to" in done.stderr, done.stderr)
    place.goes_on()


def disk_is_small(place):
    """The disk of the results is really full; only root can make one for the test."""
    if os.geteuid() or not shutil.which("mount"):
        return disk_refuses(place)
    place.results.mkdir()
    size = place.chance.choice([16, 40, 64, 100, 160])
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", place.results]
    if subprocess.run(mounted, check=False, capture_output=True).returncode:
        return disk_refuses(place)
    try:
        done = place.begin()
        expect(done.returncode in (0, 1), f"ends with {done.returncode}")
        if done.returncode:
            expect("the disk is full" in done.stderr, done.stderr)
        grown = ["mount", "-o", "remount,size=100m", place.results]
        subprocess.run(grown, check=True)
        return place.goes_on()
    finally:
        place.is_tidy()
        subprocess.run(["umount", place.results], check=True)


def output_is_gone(place):
    """Nobody takes what is printed."""
    way = place.chance.choice(["closed pipe", "/dev/full", "no stream", "errors too"])
    if way == "closed pipe":
        with place.start([*WORDS, "--results", place.results]) as process:
            process.stdout.close()
            process.stdout = None
            _, err = process.communicate(timeout=PATIENCE_S)
        place.is_said_well(subprocess.CompletedProcess([], 1, "", err))
        expect("was closed" in err, err)
    elif way == "no stream":
        done = place.begin(preexec_fn=lambda: os.close(1))
        expect(done.returncode == 0, f"ends with {done.returncode}: {done.stderr}")
    else:
        with open("/dev/full", "w") as full:
            err = full if way == "errors too" else subprocess.PIPE
            done = place.begin(stdout=full, stderr=err)
        expect(done.returncode == 1, f"ends with {done.returncode}")
        expect(done.stderr is None or "the output does not" in done.stderr, done.stderr)
    place.is_whole()


def stopped(place):
    """Stop a study somewhere; return its folder."""
    place.begin(Blow("strikes it", SIGNALS[0], place.chance.randint(2, 6)))
    return place.unfinished()


def study_is_edited(place):
    """Somebody changes what the study is, or takes a part of it away."""
    folder = stopped(place)
    path = folder / "study.json"
    kept = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    facts = json.loads(path.read_text("utf-8"))
    key = place.chance.choice(sorted(facts))
    way = place.chance.choice(["other", "gone", "cut", "scenario", "figures", "folder"])
    if way == "other":
        facts[key] = {"seed": 2, "band": "calibrated"}.get(key, "something else")
        path.write_text(json.dumps(facts), "utf-8")
    elif way == "gone":
        del facts[key]
        path.write_text(json.dumps(facts), "utf-8")
    elif way == "cut":
        path.write_bytes(path.read_bytes()[: place.chance.randint(0, 400)])
    elif way == "scenario":
        scenario = folder / "scenarios" / "0.yaml"
        text = scenario.read_text("utf-8")
        scenario.write_text(text.replace("people: 60", "people: 61"), "utf-8")
    elif way == "figures":
        (folder / "figures" / "0.json").unlink()
    else:
        path.unlink()
        path.mkdir()
    done = place.resume(folder=folder)
    expect(done.returncode == 1, f"{way} {key} is taken: {done.stdout}")
    expect(folder.is_dir(), "the study is gone")
    shutil.rmtree(path) if path.is_dir() else None
    for each, contents in kept.items():
        each.write_bytes(contents)
    place.goes_on()


def study_is_removed(place):
    """Somebody removes the folder under the program."""
    blow = Blow("study removed", str(place.results), place.chance.randint(1, 6))
    done = place.begin(blow)
    expect(done.returncode == 1, f"ends with {done.returncode}: {done.stderr}")
    expect("was removed while" in done.stderr, done.stderr)
    expect(not place.folders(), f"left: {place.folders()}")
    place.goes_on()


def damaged(path, chance, others=()):
    """Damage a file in one of many ways; return how."""
    contents = path.read_bytes()
    way = chance.choice(["bit", "cut", "empty", "folder", "pipe", "device", "text"])
    path.unlink()
    if way == "bit":
        other = bytearray(contents)
        other[chance.randrange(len(other))] ^= 1 << chance.randrange(8)
        path.write_bytes(other)
    elif way == "cut":
        path.write_bytes(contents[: chance.randrange(len(contents))])
    elif way == "empty":
        path.touch()
    elif way == "folder":
        path.mkdir()
        (path / "in-it").touch()
    elif way == "pipe":
        os.mkfifo(path)
    elif way == "device":
        path.symlink_to("/dev/zero")
    else:
        path.write_text("no arrays\n")
    return way


def chunk_is_damaged(place):
    """A file of runs is damaged, or something else lies in its place."""
    folder = stopped(place)
    chunks = sorted(folder.glob("runs/0/*.npz"))
    damaged(place.chance.choice(chunks), place.chance)
    place.goes_on()


def chunk_is_a_lie(place):
    """A file of runs is broken, copied or of another study, under a right checksum."""
    folder = stopped(place)
    chunk = place.chance.choice(sorted(folder.glob("runs/0/*.npz")))
    stem, contents = chunk.stem.rpartition("-")[0], chunk.read_bytes()
    way = place.chance.choice(["broken zip", "renumbered", "of another", "copied"])
    if way == "broken zip":
        at = place.chance.randrange(len(contents))
        contents = contents[:at] + bytes(8) + contents[at + 8 :]
        chunk.unlink()
    elif way == "renumbered":
        first = place.chance.randrange(RUNS)
        stem = f"{first:08d}-{first:08d}"
    elif way == "copied":
        shutil.copy(chunk, chunk.with_name(f"{chunk.stem} (copy).npz"))
    else:
        other = Place(place.root / "other", place.seed, place.whole, place.small)
        seeds = ("run", "two-towns", "-n", RUNS, "--seed", 2, "--workers", 1)
        other.begin(Blow("strikes it", SIGNALS[0], 6), [*seeds, "--no-figures"])
        for each in sorted(other.unfinished().glob("runs/0/*.npz")):
            shutil.copy(each, chunk.parent)
        place.goes_on()
        return
    if way != "copied":
        sum_ = f"{zlib.crc32(contents):08x}"
        (chunk.parent / f"{stem}-{sum_}.npz").write_bytes(contents)
    place.goes_on()


def two_at_once(place):
    """Two resume one study; the second comes in the worst moment of the first."""
    folder = stopped(place)
    step = place.chance.choice(["kept", "written", "finished", "gone"])
    gate = place.root / "gate"
    blow = Blow("waits", str(gate), 1, step)
    with place.start(["resume", folder, "--workers", 2], blow) as first:
        until = time.monotonic() + PATIENCE_S
        while not gate.exists() and first.poll() is None:
            expect(time.monotonic() < until, "the first never comes so far")
            time.sleep(0.01)
        drafts = set(folder.rglob(".tmp-*")) if folder.exists() else set()
        second = place.resume(folder=folder)
        still = {each for each in drafts if each.exists()}
        expect(still == drafts, "the second touched what the first writes")
        with suppress(FileNotFoundError):
            gate.unlink()
        out, err = first.communicate(timeout=PATIENCE_S)
    place.is_said_well(subprocess.CompletedProcess([], first.returncode, out, err))
    expect(first.returncode == 0, f"the first fails: {err}")
    told = ("another start is at work" in second.stderr, "finished" in second.stderr)
    expect(second.returncode == 1 and any(told), f"the second says {second.stderr}")
    place.is_whole()


def found_finished(place):
    """The program is killed when all is written, and before its folder is gone."""
    place.begin(Blow("strikes it", SIGNALS[-1], 1, "finished"))
    folder = place.unfinished()
    done = place.resume(folder=folder)
    expect(done.returncode == 0, done.stderr)
    expect("This study is finished. Results: " in done.stdout, done.stdout)
    expect(not folder.exists(), "its folder stays")
    place.is_whole()


# Faults of calibrations, which keep pools, steps and answers


def _tables(results):
    (folder,) = [path for path in results.glob("*small*") if path.is_dir()]
    texts = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    with suppress(FileNotFoundError):
        texts["fit"] = (folder / "fit.npz").read_bytes()
    return texts


class Small:
    """Undisturbed calibrations and forecasts of the small case, made when needed."""

    def __init__(self, root):
        self.root, self.case, self._whole = root, written(root / "case"), {}
        self._one_at_a_time = Lock()

    def words(self, kind):
        quick = ("--pool", 500, "--particles", 30)
        return {
            "screen": ("calibrate", self.case, "--screen", *quick),
            "fit": ("calibrate", self.case, "--moves", 1, *quick),
            "forecast": (
                *("forecast", self.case, "--as-of", "2020-01-02T18:00"),
                *("--pool", 200),
            ),
        }[kind] + ("--no-figures", "--workers", 1)

    def whole(self, kind):
        with self._one_at_a_time:
            if kind not in self._whole:
                results = self.root / f"whole-{kind}"
                done = ended([*self.words(kind), "--results", results])
                expect(done.returncode == 0, done.stderr)
                self._whole[kind] = (_tables(results), results)
            return self._whole[kind]


def pool_is_damaged(place):
    """A pool of runs, whole or begun, is damaged: it is drawn again."""
    whole, results = place.small.whole("screen")
    shutil.copytree(results / "pools", place.results / "pools")
    (pool,) = (place.results / "pools").glob("pool-*.npz")
    damaged(pool, place.chance)
    done = place.begin(words=place.small.words("screen"))
    expect(done.returncode == 0, done.stderr)
    expect(_tables(place.results) == whole, "another result")


def _stopped_and_damaged(place, kind, pattern, after):
    whole, _ = place.small.whole(kind)
    place.begin(Blow("strikes it", SIGNALS[0], after), place.small.words(kind))
    kept = sorted(place.unfinished().glob(pattern))
    if kept:
        damaged(place.chance.choice(kept), place.chance)
    done = place.resume()
    expect(done.returncode == 0, done.stderr)
    expect(_tables(place.results) == whole, "another result")


def step_is_damaged(place):
    """What is kept of a fit under way is damaged: it is made again."""
    _stopped_and_damaged(place, "fit", "steps/*.npz", place.chance.randint(2, 6))


def answer_is_damaged(place):
    """What is kept of a forecast under way is damaged: it is asked for again."""
    after = place.chance.randint(2, 20)
    _stopped_and_damaged(place, "forecast", "answers/*.npz", after)


def fit_is_damaged(place):
    """A finished fit is damaged: it is refused, or it is taken as it was."""
    _, results = place.small.whole("screen")
    (fit,) = results.glob("*small*/fit.npz")
    copy = place.root / "fit.npz"
    shutil.copy(fit, copy)
    way = damaged(copy, place.chance)
    words = ("run", place.small.case, "--fit", copy, "-n", 20, "--no-figures")
    done = place.begin(words=[*words, "--workers", 1])
    lucky = way == "bit" and done.returncode == 0
    expect(lucky or done.returncode in (1, 2), f"{way}: {done.returncode}")
    expect(lucky or not place.folders(), "a broken fit leaves a folder")


FAULTS: dict[Callable, int] = {
    program_struck: 4,
    everything_struck: 3,
    worker_struck: 4,
    struck_in_a_window: 4,
    struck_again_and_again: 1,
    disk_refuses: 3,
    files_may_not_grow: 2,
    folder_is_read_only: 1,
    disk_is_small: 2,
    output_is_gone: 3,
    study_is_edited: 3,
    study_is_removed: 2,
    chunk_is_damaged: 3,
    chunk_is_a_lie: 3,
    two_at_once: 4,
    found_finished: 1,
    pool_is_damaged: 2,
    step_is_damaged: 1,
    answer_is_damaged: 1,
    fit_is_damaged: 2,
}
"""How often each is drawn, beside the others."""


def main(words=None):
    """Try faults, print what came of it, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="faults to try")
    parser.add_argument("--seed", type=int, default=1, help="of what chance decides")
    parser.add_argument("--jobs", type=int, default=2, help="tried at the same time")
    parser.add_argument("--only", help="one kind, by the name of its function")
    asked = parser.parse_args(words)
    chance = random.Random(asked.seed)
    kinds = {f: n for f, n in FAULTS.items() if asked.only in (None, f.__name__)}
    line = list(kinds) + chance.choices(
        list(kinds), list(kinds.values()), k=max(0, asked.count - len(kinds))
    )
    tried, failed, began = Counter(), Counter(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        root = Path(folder)
        done = ended([*WORDS, "--results", root / "whole"])
        (whole,) = (root / "whole").iterdir()
        small = Small(root / "small")

        def attempt(number, fault, seed):
            place = Place(root / f"{number}", seed, files_of(whole), small)
            try:
                fault(place)
                place.is_tidy()
            except Exception as error:  # noqa: BLE001 - the others are tried as well
                return fault.__name__, f"({number}): {type(error).__name__}: {error}"
            finally:
                shutil.rmtree(place.root, ignore_errors=True)
            return fault.__name__, ""

        seeds = [chance.getrandbits(32) for _ in line]
        with ThreadPoolExecutor(asked.jobs) as pool:
            ends = pool.map(attempt, range(asked.count), line, seeds)
            for name, problem in ends:
                tried[name] += 1
                if problem:
                    failed[name] += 1
                    print(name, problem, flush=True)
    for name, times in sorted(tried.items()):
        print(f"{name:26}{times:5}   {failed[name] or 'none'} amiss")
    minutes = (time.monotonic() - began) / 60
    total = sum(tried.values())
    print(f"{total} faults of {len(tried)} kinds in {minutes:.1f} min, ", end="")
    print(f"{sum(failed.values())} amiss")
    return 1 if failed or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
