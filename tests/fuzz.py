"""Inputs by the hundred thousand that nobody should write: each gets a sentence.

    python -m tests.fuzz --count 300000 --seed 1

Every reader of files and words is given what somebody wrote, changed by chance: texts
of scenarios, tables of figures and of sources, files of arrays, chunks of runs, folders
of studies, options of commands. No input may end in anything but a result or a
sentence, or take more than a second of the processor or 300 MB. What fails is kept in
`tests/fuzz_corpus`, which the ordinary tests read again. Ends with 1 if anything fails.
"""

import argparse
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from sim.cli import main as program
from sim.cli.front import Front
from sim.errors import SimError
from sim.evidence.table import load_figures
from sim.experiment import run_study
from sim.experiment.npz import DamagedError
from sim.experiment.store import packed, unpacked
from sim.inference.calibration.particles import load_particles
from sim.inference.calibration.pool import PoolOrigin, load_pool
from sim.inference.calibration.posterior_draws import About, PosteriorDraws, load_draws
from sim.inference.claims import NODES
from sim.inference.npz_file import save_arrays
from sim.scenario import from_text, load, resolved_yaml
from sim.scenario.tree import decoded
from sim.studies import study_file, unfinished
from sim.studies.options import Amount
from sim.studies.run import planned
from tests.builders import documented_figure, operation
from tests.small_case import written

CORPUS = Path(__file__).parent / "fuzz_corpus"
SLOWEST_S = 1.0
MOST_BYTES = 300_000_000
WORDS = Path(__file__).with_name("fuzz_words.txt").read_text("utf-8").splitlines()
WHOLE = (
    *("\0", "\x1b[31m", "\u202e", "\ufeff", "\u2028", "\x85", "\ud83d\ude00", "\t"),
    *("\r", "\r\n", "\n\n", "\n", " ", "9" * 400, "x" * 3_000, "[" * 600, "- " * 600),
    *("{a: " * 300, "'" * 99, '"' * 99, "," * 999, "ß" * 200, "\u0300" * 200),
)
PIECES = [*WORDS, *WHOLE]


def changed_bytes(contents, chance):
    """Return what somebody wrote with a few changes at random places."""
    found = bytearray(contents)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if not found:
            break
        at = chance.randrange(len(found))
        end = min(len(found), at + chance.choice((1, 2, 4, 16, 200)))
        way = chance.randrange(7)
        if way == 0:
            found[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            del found[at:end]
        elif way == 2:
            found[at:at] = found[at:end] * chance.choice((1, 2, 20))
        elif way == 3:
            found[at:end] = chance.randbytes(end - at)
        elif way == 4:
            found[at:at] = piece(chance)
        elif way == 5:
            found[at:end] = piece(chance)
        else:
            del found[at:]
    return bytes(found)


def piece(chance):
    return chance.choice(PIECES).encode("utf-8", "surrogatepass")


def changed_text(contents, chance):
    """Return a text with lines or words changed, or with changes anywhere."""
    if chance.random() < 0.4:
        return changed_bytes(contents, chance)
    lines = contents.decode("utf-8", "surrogateescape").split("\n")
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        way = chance.randrange(6)
        if way == 0:
            lines[at] = lines[other]
        elif way == 1 and len(lines) > 1:
            del lines[at]
        elif way == 2:
            lines.insert(at, lines[other])
        elif way == 3:
            lines[at] = " " * chance.randrange(5) + lines[at]
        else:
            words = re.split(r"(\s+|[,:{}\[\]])", lines[at])
            place = chance.randrange(len(words))
            words[place] = chance.choice(PIECES)
            lines[at] = "".join(words)
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def changed_archive(contents, chance):
    """Return a file of arrays that is changed in a member, with sums that fit."""
    if chance.random() < 0.4:
        return changed_bytes(contents, chance)
    with zipfile.ZipFile(io.BytesIO(contents)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    name = chance.choice(sorted(members))
    data = members[name]
    way = chance.randrange(7)
    if way == 0:
        del members[name]
    elif way == 1:
        members[name] = members[chance.choice(sorted(members))]
    elif way == 2:
        members[name] = changed_bytes(data, chance)
    elif way == 3:
        sizes = ("0", "1", "-1", "7", "10**9", "4294967296", "9" * 30, "0, 9" * 3)
        shape = f"({chance.choice(sizes)}, {chance.choice(sizes)},)".encode()
        members[name] = re.sub(rb"\([\d, ]*\)", lambda _: shape, data, count=1)
    elif way == 4:
        kinds = (b"|O", b"<U9", b"<c16", b"|V0", b"<M8[s]", b">f8", b"<f2", b"|S3")
        kind = chance.choice(kinds)
        members[name] = re.sub(rb"[<|>][a-z]\d+", lambda _: kind, data, count=1)
    elif way == 5:
        members[name] = npy(np.zeros(chance.choice((1, 999, 10**6)), np.uint8))
    else:
        told = next(each for each in ("names.npy", "about.npy") if each in members)
        members[told] = changed_text(members[told], chance)
    buffer = io.BytesIO()
    packing = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(buffer, "w", packing) as file:
        for each, member in members.items():
            file.writestr(each, member)
    return buffer.getvalue()


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


class Reader:
    """Something that reads what others write.

    Subclasses say what it is given to begin with, how that is changed, and how it is
    read; what is read may raise an error of ours only.
    """

    name = ""
    weight = 1
    change = staticmethod(changed_bytes)

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, name, contents):
        path = self.folder / name
        path.write_bytes(contents)
        return path


class ScenarioText(Reader):
    """The text of a scenario, as bytes of a file."""

    name, weight = "scenario", 8
    change = staticmethod(changed_text)

    def seeds(self):
        tiny = resolved_yaml(operation(flows__evacuation__boarding="5 min to 1 h"))
        yield tiny.encode()
        yield resolved_yaml(load("two-towns")).encode()
        yield written(self.folder / "small").read_bytes()

    def read(self, contents):
        from_text(decoded(contents, "fuzz.yaml"))


class Variant(Reader):
    """A variant of a scenario that lies beside it."""

    name, weight = "variant", 3
    change = staticmethod(changed_text)
    TEXT = b"""operation: Another
extends: small.yaml
change:
  sites.pocket.groups.civilians.people: {multiply_by: 2}
  fleets.buses.seats: 40
  uncertain.legs.road.time.spread: 30 min to 1 h
  ends: {shift_by: -6 h}
"""

    def seeds(self):
        written(self.folder)
        yield self.TEXT

    def read(self, contents):
        load(self.write("variant.yaml", contents))


class EvidenceTable(Reader):
    """A table of documented figures."""

    name, weight = "evidence", 8
    change = staticmethod(changed_text)

    def seeds(self):
        self.world = operation()
        written(self.folder / "small")
        yield (self.folder / "small" / "evidence.csv").read_bytes()
        lines = Path("scenarios/aleppo-2016/evidence.csv").read_bytes().split(b"\n")
        alone = [line for line in lines[1:] if line and b"EA16-" not in line[9:]]
        for at in range(0, len(alone) - 6, 12):
            table = b"\n".join([lines[0], *alone[at : at + 6]])
            with suppress(SimError):  # some rest on rows that are not among them
                self.read(table)
                yield table

    def read(self, contents):
        load_figures(self.write("evidence.csv", contents), self.world)


class SourcesTable(EvidenceTable):
    """A table of sources, beside that of the figures."""

    name, weight = "sources", 2

    def seeds(self):
        first = next(super().seeds())
        self.table = first
        self.world = operation()
        yield b"key,title,url\nS1,A report,http://example.org\n"
        sources = Path("scenarios/aleppo-2016/sources.csv")
        if sources.is_file():
            yield b"\n".join(sources.read_bytes().split(b"\n")[:8])

    def read(self, contents):
        self.write("sources.csv", contents)
        load_figures(self.write("evidence.csv", self.table), self.world)


class ChunkOfRuns(Reader):
    """A file of replications."""

    name, weight = "chunk", 6
    change = staticmethod(changed_archive)

    def seeds(self):
        for runs in (1, 3):
            study = run_study(
                operation(), [documented_figure()], seed=1, replications=runs
            )
            (rows,) = study.store.parts()
            yield packed(rows, "study")

    def read(self, contents):
        rows, _ = unpacked(contents)
        list(rows.observed())


ORIGIN = PoolOrigin("s", "m", 1, ("a", "b"), ("q",))


class Pool(Reader):
    """A pool of runs."""

    name, weight = "pool", 3
    change = staticmethod(changed_archive)

    def arrays(self):
        chance = np.random.default_rng(1)
        luck = chance.integers(9, size=(4, 3))
        return {
            "points": chance.random((4, 2)),
            "luck": luck,
            "quantities": chance.random((4, 1, NODES)),
        }

    def about(self):
        return {
            "scenario": "s",
            "model": "m",
            "seed": 1,
            "parameters": ["a", "b"],
            "questions": ["q"],
        }

    def seeds(self):
        path = self.folder / "seed.npz"
        save_arrays(path, self.about(), self.arrays())
        yield path.read_bytes()

    def read(self, contents):
        load_pool(self.write("pool.npz", contents), ORIGIN)


class StepOfAFit(Pool):
    """The particles of a fit under way."""

    name, weight = "step", 3

    def arrays(self):
        more = {"likelihoods": np.zeros(4), "roots": np.arange(4)}
        return {**super().arrays(), **more}

    def about(self):
        level = {
            "temperature": 0.5,
            "accepted_walks": 0.1,
            "accepted_redrawn": 0.1,
            "accepted_luck": 0.1,
        }
        numbers = {"log_evidence": 0.0, "scale": 1.0, "share": 0.5, "runs": 9}
        return {"key": "k", "levels": [level], **numbers}

    def read(self, contents):
        load_particles(self.write("step.npz", contents), "k")


class FitFile(Reader):
    """The draws of a finished fit."""

    name, weight = "fit", 4
    change = staticmethod(changed_archive)

    def seeds(self):
        chance = np.random.default_rng(1)
        names, digest = ("legs.a.time", "legs.b.time"), "0" * 64
        about = About(digest, digest, "screen", (), (1,), 1, names, names[:1])
        luck = chance.integers(9, size=(4, 16))
        path = self.folder / "seed.npz"
        PosteriorDraws(about, chance.random((4, 2)), luck).save(path)
        yield path.read_bytes()

    def read(self, contents):
        list(load_draws(self.write("fit.npz", contents)).each())


class StudyFolder(Reader):
    """The files of an unfinished study, one of them changed."""

    name, weight = "study", 2
    FILES = ("study.json", "scenarios/0.yaml", "figures/0.json")

    def seeds(self):
        arm = planned(operation(), Amount(2))
        self.study = unfinished.begun(arm, self.folder).path
        for file in self.FILES:
            yield file.encode() + b"\n" + (self.study / file).read_bytes()

    def change(self, contents, chance):
        file, _, rest = contents.partition(b"\n")
        rest = changed_text(rest, chance)
        if file == b"study.json" and chance.random() < 0.5:
            with suppress(ValueError, KeyError, TypeError, RecursionError):
                facts = json.loads(rest)
                del facts["seal"]
                rest = json.dumps({**facts, "seal": study_file._seal(facts)}).encode()
        return file + b"\n" + rest

    def read(self, contents):
        file, _, rest = contents.partition(b"\n")
        path = self.study / file.decode("utf-8", "replace")
        if file.decode("utf-8", "replace") not in self.FILES:
            return
        before = path.read_bytes()
        path.write_bytes(rest)
        try:
            unfinished.found(self.study)
        finally:
            path.write_bytes(before)


class Options(Reader):
    """The words of a command; what would run is planned only."""

    name, weight = "options", 4
    LEFT_OUT = ("cluster", "compile", "schema", "score", "explain")
    VALUES = (
        *(
            "1",
            "0",
            "-1",
            "2",
            "1000000",
            "1e3",
            "auto",
            "all",
            "ICRC",
            "t100/pocket=1",
        ),
        *("waiting=2%", "legs.road.time=1 h to 2 h by 30 min", "a=b", "=", "pocket"),
        *("2020-01-02T00:00", "flows.evacuation.headway=1 h,2 h", "t90", "waiting"),
        *("legs.road.time=1 h to 999999 h by 1 s", "fleets.buses.seats=1 to 9 by 2"),
    )

    def seeds(self):
        self.case = str(written(self.folder))
        self.ask = Front.ask
        self.runner = CliRunner()
        for name, command in program.commands.items():
            if name not in self.LEFT_OUT:
                yield "\n".join([name, "CASE"]).encode()
                for option in command.params:
                    if option.opts[0].startswith("--"):
                        words = [name, "CASE", option.opts[0]]
                        yield "\n".join(words).encode()

    def change(self, contents, chance):
        words = contents.decode("utf-8", "replace").split("\n")
        for _ in range(chance.choice((1, 1, 2, 3))):
            at = chance.randrange(1, len(words) + 1)
            known = [word for seed in self.known for word in seed if word[:2] == "--"]
            way = chance.randrange(4)
            if way == 0:
                words.insert(at, chance.choice(known))
            elif way == 1 and at < len(words):
                words[at] = chance.choice((*self.VALUES, *PIECES))
            else:
                words.insert(at, chance.choice((*self.VALUES, *PIECES)))
        return "\n".join(words).encode("utf-8", "surrogatepass")

    @property
    def known(self):
        for command in program.commands.values():
            yield [name for option in command.params for name in option.opts]

    def read(self, contents):
        words = contents.decode("utf-8", "surrogateescape").split("\n")
        # No system hands on a word with a NUL, and the case lies anywhere.
        words = [w.replace("\0", "").replace("CASE", self.case) for w in words]
        if words[0] in self.LEFT_OUT or "--to" in words or "--write" in words:
            return
        Front.ask = _only_planned
        try:
            result = self.runner.invoke(program, words)
        finally:
            Front.ask = self.ask
        error = result.exception
        if error is not None and not isinstance(error, SystemExit):
            raise error
        said = result.output
        if "Traceback" in said or "bug in the program" in said:
            raise AssertionError(said)


def _only_planned(self, plan, *asked, **options):
    plan(*asked, **options)


READERS = {
    reader.name: reader
    for reader in (
        *(ScenarioText, Variant, EvidenceTable, SourcesTable, ChunkOfRuns, Pool),
        *(StepOfAFit, FitFile, StudyFolder, Options),
    )
}


class TooSlowError(BaseException):
    """An input takes too long; nothing may catch that by mistake."""


def _too_slow(*_):
    raise TooSlowError


def problem_with(reader, contents):
    """Return what is wrong with how an input is answered; empty if nothing is."""
    signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, SLOWEST_S)
    try:
        reader.read(contents)
    except (SimError, DamagedError) as answer:
        said = str(answer)
        if not said.strip():
            return "no sentence"
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", said):
            return f"a control character in the sentence: {said!a}"
    except TooSlowError:
        return f"more than {SLOWEST_S} s"
    except (Exception, RecursionError) as error:  # noqa: BLE001 - that is the question
        trace = error.__traceback__
        while trace.tb_next:
            trace = trace.tb_next
        code = trace.tb_frame.f_code
        where = f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}"
        return f"{type(error).__name__} in {where}: {str(error)[:300]!a}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def limited():
    """Let this process take 300 MB more than it has, and no more."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MOST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def fuzzed(names, count, seed, current):
    """Try inputs; return how many of each reader, and those that failed."""
    os.environ["TZ"] = "UTC"
    chance, tried, failed = random.Random(seed), Counter(), {}
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        readers = [READERS[name](Path(folder) / name) for name in names]
        seeds = {reader.name: list(reader.seeds()) for reader in readers}
        limited()
        weights = [reader.weight for reader in readers]
        for _ in range(count):
            (reader,) = chance.choices(readers, weights)
            contents = chance.choice(seeds[reader.name])
            contents = reader.change(contents, chance)
            Path(current).write_bytes(reader.name.encode() + b"\n" + contents)
            problem = problem_with(reader, contents)
            tried[reader.name] += 1
            if problem:
                kind = re.sub(r"\d+", "0", problem.partition(":")[0])
                failed.setdefault((reader.name, kind), (problem, contents))
    return tried, failed


def main(words=None):
    """Try inputs, keep those that fail, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=300_000, help="inputs to try")
    parser.add_argument("--seed", type=int, default=1, help="of what chance decides")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--only", choices=sorted(READERS), help="one reader")
    parser.add_argument("--keep", type=Path, default=CORPUS, help="for what failed")
    asked = parser.parse_args(words)
    names = [asked.only] if asked.only else sorted(READERS)
    tried, failed, began = Counter(), {}, time.monotonic()
    block = min(5_000, -(-asked.count // asked.jobs))
    blocks = -(-asked.count // block)
    scratch = Path(tempfile.mkdtemp(prefix="fuzz-now-"))
    context = get_context("spawn")
    with ProcessPoolExecutor(asked.jobs, context, max_tasks_per_child=1) as pool:
        ahead = [
            pool.submit(
                fuzzed, names, block, f"{asked.seed}/{at}", str(scratch / f"{at}")
            )
            for at in range(blocks)
        ]
        for at, future in enumerate(ahead):
            try:
                more, problems = future.result()
            except Exception as error:  # noqa: BLE001 - the process itself was ended
                name, _, contents = (scratch / f"{at}").read_bytes().partition(b"\n")
                problems = {(name.decode(), "end"): (f"ends it: {error}", contents)}
                more = Counter()
            tried += more
            for (name, kind), (problem, contents) in problems.items():
                if (name, kind) not in failed:
                    failed[name, kind] = problem
                    print(name, problem, flush=True)
                    file = f"{name}-{sha256(contents).hexdigest()[:10]}"
                    asked.keep.mkdir(exist_ok=True)
                    (asked.keep / file).write_bytes(contents)
    shutil.rmtree(scratch)
    seconds = time.monotonic() - began
    for name, count in sorted(tried.items()):
        print(f"{name:12}{count:9,}")
    total = sum(tried.values())
    print(
        f"{total:,} inputs in {seconds:,.0f} s, {total / seconds:,.0f} a second, ",
        end="",
    )
    print(f"{len(failed)} kinds of failure")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
