"""A study that is stopped, killed or robbed of its workers ends as if undisturbed."""

import json
import os
import signal
from zlib import crc32

import pytest

from sim.experiment import replicate, run_study
from sim.experiment.rows import joined
from sim.experiment.store import Folder, unpacked
from sim.scenario import load, resolved_yaml
from sim.studies import unfinished
from tests.builders import operation
from tests.commands import call, contents, posix
from tests.under_way import SIGNALS, Blow, all_gone, ended, resumed, start

RUNS = 100
WORDS = ("run", "two-towns", "-n", RUNS, "--workers", 2, "--no-figures")


def slow(case):
    """Return a case that is left to the tests that take long."""
    return pytest.param(case, marks=pytest.mark.slow)


def begin(results, blow=None, **more):
    return ended([*WORDS, "--results", results], blow, **more)


def unfinished_in(results):
    (folder,) = unfinished.all_unfinished(results)
    return folder


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    results = tmp_path_factory.mktemp("undisturbed")
    assert begin(results).returncode == 0
    return contents(results)


@pytest.mark.slow
@posix
@pytest.mark.parametrize("who", ["it", "all"])
@pytest.mark.parametrize("kind", SIGNALS[:3])
def test_ctrl_c_and_its_kin_keep_what_was_run_and_say_how_to_go_on(
    who, kind, tmp_path, undisturbed
):
    done = begin(tmp_path, Blow(f"strikes {who}", kind, after=4))
    assert done.returncode == 130
    assert done.stdout == ""
    folder = unfinished_in(tmp_path)
    said, command = done.stderr.splitlines()
    assert said.startswith("Stopped. ")
    assert said.endswith(f" of {RUNS} runs are kept. To go on:")
    assert command == f"  python run.py resume {folder}"
    assert call("resume", "--results", tmp_path).stdout == f"{folder}\n"

    assert resumed(folder).returncode == 0
    assert contents(tmp_path) == undisturbed


@posix
@pytest.mark.parametrize(
    "kind",
    [SIGNALS[0], *map(slow, SIGNALS[1:])],
)
def test_nothing_is_lost_or_doubled_when_a_worker_is_struck(
    kind, tmp_path, undisturbed
):
    done = begin(tmp_path, Blow("strikes a worker", kind, after=3))
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path) == undisturbed


@posix
@pytest.mark.slow
def test_nothing_is_lost_or_doubled_when_the_program_is_killed_again_and_again(
    tmp_path, undisturbed
):
    kill = Blow("strikes it", signal.SIGKILL, after=2)
    assert begin(tmp_path, kill).returncode == -signal.SIGKILL
    for _ in range(3):
        assert resumed(unfinished_in(tmp_path), kill).returncode == -signal.SIGKILL
    assert resumed(unfinished_in(tmp_path)).returncode == 0
    assert contents(tmp_path) == undisturbed


@posix
def test_workers_and_their_folder_go_with_a_program_that_is_killed(tmp_path):
    """They waited for work for ever, and held the memory of a study each."""
    place = tmp_path / "temporary"
    place.mkdir()
    blow = Blow("strikes it", signal.SIGKILL, after=3)
    words = [*WORDS, "--results", tmp_path / "results"]
    with start(words, blow, env={"TMPDIR": str(place)}) as process:
        process.communicate(timeout=120)
    assert all_gone(process.pid)
    assert list(place.glob("convoys-*")) == []


@pytest.mark.slow
@posix
def test_a_later_start_removes_what_is_left_of_one_that_was_killed_with_its_workers(
    tmp_path,
):
    """And nothing that somebody else may be at work on."""
    place = tmp_path / "temporary"
    place.mkdir()
    blow = Blow("strikes all", signal.SIGKILL, after=3)
    begin(tmp_path / "results", blow, env={"TMPDIR": str(place)})
    (left,) = place.glob("convoys-*")
    fresh = place / "convoys-fresh"
    fresh.mkdir()
    os.utime(left, (0, 0))
    begin(tmp_path / "other", env={"TMPDIR": str(place)})
    assert list(place.glob("convoys-*")) == [fresh]


@posix
@pytest.mark.parametrize("step", [slow("written"), "finished", slow("gone")])
def test_whoever_is_killed_at_the_end_leaves_one_result(step, tmp_path, undisturbed):
    begin(tmp_path, Blow("strikes it", signal.SIGKILL, step=step))
    for folder in unfinished.all_unfinished(tmp_path):
        done = resumed(folder)
        assert done.returncode == 0
        finished = "This study is finished. Results: " in done.stdout
        assert finished == (step == "finished")
    (results,) = [path for path in tmp_path.iterdir() if path.name[0] != "."]
    for name, whole in undisturbed.items():
        assert (results / name).read_bytes() == whole, name


@posix
@pytest.mark.parametrize(
    "step", ["kept", slow("written"), slow("finished"), slow("gone")]
)
def test_a_second_resume_is_refused_and_touches_nothing(step, tmp_path, undisturbed):
    """In the worst moment of the first: its draft was removed under it."""
    results, gate = tmp_path / "results", tmp_path / "gate"
    begin(results, Blow("strikes it", signal.SIGINT, after=4))
    folder = unfinished_in(results)
    words = ["resume", folder, "--workers", 2]
    with start(words, Blow("waits", str(gate), step=step)) as first:
        while not gate.exists():
            assert first.poll() is None
        before = {path for path in results.rglob("*") if path.name != "lock"}
        second = resumed(folder)
        after = {path for path in results.rglob("*") if path.name != "lock"}
        gate.unlink()
        first.communicate(timeout=120)
    assert second.returncode == 1
    said = "its study is finished" if step == "gone" else "another start is at work"
    assert said in second.stderr
    assert before == after
    assert first.returncode == 0
    assert contents(results) == undisturbed


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """Return the folder of a study that was stopped after four of six runs."""
    path = tmp_path / "tiny.yaml"
    path.write_text(
        resolved_yaml(operation(flows__evacuation__boarding="5 min to 1 h"))
    )
    whole = Folder.add

    def stopped_after_four(self, rows):
        if len(self.done()) == 4:
            raise KeyboardInterrupt
        whole(self, rows)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "add", stopped_after_four)
        results = tmp_path / "results"
        words = ("run", path, "-n", 6, "--results", results, "--workers", 1)
        result = call(*words, "--no-figures")
    assert result.exit_code == 130
    return unfinished_in(results)


def test_what_is_done_is_not_run_again(begun, monkeypatch):
    ran, whole = [], replicate.simulate

    def counted(world, *, seed, replication):
        ran.append(replication)
        return whole(world, seed=seed, replication=replication)

    monkeypatch.setattr(replicate, "simulate", counted)
    result = call("resume", begun)
    assert result.exit_code == 0, result.stderr
    assert ran[:2] == [4, 5]
    assert ran[2:] == [ran[-1]] * len(ran[2:])  # the typical run, for its events
    assert not begun.exists()


def test_a_damaged_file_is_set_aside_and_its_runs_are_run_again(begun):
    first = next((begun / "runs" / "0").glob("00000000-*"))
    contents = bytearray(first.read_bytes())
    contents[len(contents) // 2] ^= 1
    first.write_bytes(contents)
    (store,) = unfinished.found(begun).stores()
    assert store.done() == {1, 2, 3}
    assert not first.exists()
    assert list(first.parent.glob(f"{first.name}.*.broken"))
    result = call("resume", begun)
    assert result.exit_code == 0
    assert "6 runs, seed 1" in result.stdout


def test_two_starts_do_not_work_on_one_study(begun):
    study = unfinished.found(begun)
    with study.held():
        result = call("resume", begun)
    assert result.exit_code == 1
    assert "another start is at work" in result.stderr


def test_runs_of_another_version_are_not_mixed_in(begun):
    facts = json.loads((begun / "study.json").read_text())
    facts["program"] = "0" * 64
    (begun / "study.json").write_text(json.dumps(facts))
    result = call("resume", begun)
    assert result.exit_code == 1
    assert "another version of the program" in result.stderr


def test_a_scenario_that_was_changed_meanwhile_is_refused(begun):
    path = begun / "scenarios" / "0.yaml"
    path.write_text(path.read_text().replace("people: 100", "people: 90"))
    result = call("resume", begun)
    assert result.exit_code == 1
    assert "was changed since the study began" in result.stderr


def test_what_study_json_says_may_not_be_changed_or_taken_away(begun):
    path = begun / "study.json"
    facts = json.loads(path.read_text("utf-8"))
    others = {"seed": 2, "band": "calibrated", "per_draw": 5, "replications": 9}
    for key in facts.keys() - {"program"}:
        for other in (
            {**facts, key: others.get(key, "something else")},
            {name: value for name, value in facts.items() if name != key},
        ):
            path.write_text(json.dumps(other), "utf-8")
            result = call("resume", begun)
            assert result.exit_code == 1, key
            assert "was changed since the study began" in result.stderr
    path.write_text(json.dumps(facts), "utf-8")
    assert call("resume", begun).exit_code == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", "[" * 9_000])
def test_a_study_json_that_is_none_gets_a_sentence(text, begun):
    (begun / "study.json").write_text(text, "utf-8")
    result = call("resume", begun)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("part", ["study.json", "scenarios/0.yaml", "figures/0.json"])
@pytest.mark.parametrize("kind", ["gone", "folder", "pipe", "without end"])
def test_a_part_of_a_study_that_is_no_file_gets_a_sentence(part, kind, begun):
    path = begun / part
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "without end":
        path.symlink_to("/dev/zero")
    result = call("resume", begun)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert begun.is_dir()


def chunk_of(begun):
    return next((begun / "runs" / "0").glob("00000001-*"))


@pytest.mark.parametrize(
    "kind", ["folder", "pipe", "broken zip", "of another study", "copied", "renumbered"]
)
def test_what_is_no_chunk_of_the_study_is_set_aside(kind, begun):
    chunk = chunk_of(begun)
    contents = chunk.read_bytes()
    if kind == "folder":
        chunk.unlink()
        (chunk / "in-it").mkdir(parents=True)
    elif kind == "pipe":
        chunk.unlink()
        os.mkfifo(chunk)
    elif kind == "broken zip":
        chunk.unlink()
        rest = contents[: len(contents) // 2]
        name = f"{chunk.stem.rpartition('-')[0]}-{crc32(rest):08x}.npz"
        chunk.with_name(name).write_bytes(rest)
    elif kind == "of another study":
        chunk.unlink()
        (store,) = unfinished.found(begun).stores()
        (rows,) = run_study(operation(), seed=9, replications=6).store.parts()
        Folder(store.path, "another").add(rows)
    elif kind == "copied":
        chunk.with_name(f"{chunk.stem} (copy).npz").write_bytes(contents)
    else:
        name = f"00000005-00000005-{crc32(contents):08x}.npz"
        chunk.with_name(name).write_bytes(contents)
    lost = kind not in {"copied", "renumbered"}
    (store,) = unfinished.found(begun).stores()
    first, last, _ = chunk.stem.split("-")
    gone = set(range(int(first), int(last) + 1)) if lost else set()
    assert store.done() == {0, 1, 2, 3} - gone
    assert list(chunk.parent.glob("*.broken"))
    result = call("resume", begun)
    assert result.exit_code == 0, result.stderr
    assert "6 runs, seed 1" in result.stdout


def test_runs_that_two_files_hold_are_kept_once(begun):
    """The second of them is set aside, and what it alone held is run again."""
    (store,) = unfinished.found(begun).stores()
    kept = [unpacked(path.read_bytes())[0] for path in chunk_of(begun).parent.iterdir()]
    store.add(joined(kept))
    assert store.done() == {0, 1, 2, 3}
    assert len(list(store.path.glob("*.broken"))) == 1
    assert [n for rows in store.parts() for n in rows.replications] == [0, 1, 2, 3]


def test_a_folder_that_is_no_study_is_refused(tmp_path):
    result = call("resume", tmp_path)
    assert result.exit_code == 1
    assert "is not the folder of an unfinished study" in result.stderr


@pytest.mark.parametrize("stopped_at", [slow(10), 25, slow(42)])
def test_a_study_until_precise_goes_on_and_looks_as_if_undisturbed(
    stopped_at, tmp_path, monkeypatch
):
    words = ("run", "two-towns", "--until-precise", "waiting/northtown=80")
    options = ("--workers", 1, "--no-figures", "--results")
    whole = Folder.add

    def stopped(self, rows):
        if len(self.done()) >= stopped_at:
            raise KeyboardInterrupt
        whole(self, rows)

    assert call(*words, *options, tmp_path / "whole").exit_code == 0
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "add", stopped)
        assert call(*words, *options, tmp_path / "torn").exit_code == 130
    result = call("resume", unfinished_in(tmp_path / "torn"), "--workers", 1)
    assert result.exit_code == 0, result.stderr
    assert contents(tmp_path / "torn") == contents(tmp_path / "whole")


def test_settled_files_do_not_depend_on_chunks(tmp_path):
    """Of the same runs, kept one by one or all at once."""
    whole = run_study(load("two-towns"), seed=1, replications=450)
    (rows,) = whole.store.parts()
    single = run_study(
        load("two-towns"), seed=1, replications=450, store=Folder(tmp_path / "single")
    )
    together = Folder(tmp_path / "together")
    together.add(rows)
    single.store.settle(tmp_path / "a")
    together.settle(tmp_path / "b")
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("a", "b")
    )
    assert one == other
    assert len(one) == 3
