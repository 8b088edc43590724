"""How replications are handed out, kept and read again, whatever goes wrong."""

import io
import json
import pickle
import time
from concurrent.futures import BrokenExecutor, Future
from dataclasses import replace
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import UnusableError
from sim.experiment import Job, columns, run_study
from sim.experiment.columns import Columns
from sim.experiment.pool import Here
from sim.experiment.replicate import replicated
from sim.experiment.rows import QUANTITIES, Failure, joined
from sim.experiment.store import Beginning, Folder, Memory, packed, settle, unpacked
from sim.experiment.work import worked_through
from sim.scenario import load
from tests.builders import operation

TOWNS = load("two-towns")


def counted(job, replications):
    return [(job, replication) for replication in replications]


class Fragile(Here):
    """Breaks down at given pieces of work, and gives them up until it is renewed."""

    size = 2

    def __init__(self, breakdowns):
        self.breakdowns = list(breakdowns)
        self.submitted = self.renewed = 0

    def submit(self, work, *given):
        self.submitted += 1
        if self.breakdowns and self.submitted >= self.breakdowns[0]:
            self.breakdowns.pop(0)
            future = Future()
            future.set_exception(BrokenExecutor())
            return future
        return super().submit(work, *given)

    def renew(self):
        self.renewed += 1


@given(
    missing=st.lists(st.sets(st.integers(0, 60)), max_size=3),
    breakdowns=st.lists(st.integers(1, 50), max_size=5),
)
@settings(max_examples=200)
def test_each_missing_replication_is_done_once_whatever_breaks(missing, breakdowns):
    jobs = [f"job {number}" for number in range(len(missing))]
    pool = Fragile(sorted(breakdowns))
    lists = [sorted(numbers) for numbers in missing]
    found = [
        pair
        for _, result in worked_through(jobs, lists, counted, pool)
        for pair in result
    ]
    wanted = [
        (job, n) for job, numbers in zip(jobs, lists, strict=True) for n in numbers
    ]
    assert sorted(found) == sorted(wanted)


def test_a_pool_that_always_breaks_is_given_up():
    pool = Fragile([0] * 100)
    with pytest.raises(BrokenExecutor):
        list(worked_through(["job"], [[0, 1]], counted, pool))
    assert pool.renewed < 10


def test_what_the_work_raises_is_raised():
    def failing(job, replications):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(worked_through(["job"], [[0]], failing, Here()))


def test_chunks_take_about_a_second():
    def slow(job, replications):
        time.sleep(0.02 * len(replications))

    chunks = [
        len(chunk.replications)
        for chunk, _ in worked_through(["job"], [range(250)], slow, Here())
    ]
    assert sum(chunks) == 250
    assert chunks[0] == 1  # nothing is known yet
    assert 30 <= max(chunks) <= 60


@given(
    widths=st.integers(0, 5),
    rows=st.lists(st.integers(0, 6), min_size=1, max_size=6),
    in_memory=st.booleans(),
)
def test_columns_are_the_same_in_memory_and_in_a_file(widths, rows, in_memory):
    rng = np.random.default_rng(1)
    parts = [rng.integers(0, 9, (count, widths), np.int32) for count in rows]
    whole = np.concatenate(parts)
    limit = 2**20 if in_memory else -1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "_MOST_IN_MEMORY", limit)
        patch.setattr(columns, "_AT_ONCE", 8)
        kept = Columns()
        for part in parts:
            kept.add(part)
        assert (kept.take(slice(None)) == whole).all()
        for place in range(widths):
            assert (kept.column(place) == whole[:, place]).all()
        if len(whole):
            levels = (0.05, 0.5, 0.95)
            assert (kept.quantiles(levels) == np.quantile(whole, levels, axis=0)).all()


def same(one, other):
    return (
        one.layout == other.layout
        and one.failures == other.failures
        and (one.replications == other.replications).all()
        and all(
            np.array_equal(
                getattr(one, name),
                getattr(other, name),
                equal_nan=name in {"metrics", "readings", "parameters", "waiting"},
            )
            for name in QUANTITIES
        )
    )


def test_a_file_gives_back_what_was_kept():
    rows = replicated(Job(TOWNS, (), 1, "knowledge and chance"), range(5))
    lost = replace(rows, failures=(Failure(7, "ValueError('é')", "trace\n"),))
    assert same(unpacked(packed(rows))[0], rows)
    assert same(unpacked(packed(lost))[0], lost)


def test_a_file_of_an_earlier_program_is_read_without_what_it_lacks():
    rows = replicated(Job(TOWNS, (), 1), range(3))
    earlier = replace(
        rows,
        layout=rows.layout._replace(obstacles=()),
        obstacles=np.zeros((3, 0), np.int64),
    )
    with ZipFile(io.BytesIO(packed(earlier))) as file:
        members = {name: file.read(name) for name in file.namelist()}
    names = json.loads(members["names.npy"].partition(b"\n")[2])
    names[0] = names[0][:-1]
    text = np.frombuffer(json.dumps(names).encode(), np.uint8)
    del members["obstacles.npy"]
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as file:
        for name, content in members.items():
            if name != "names.npy":
                file.writestr(name, content)
        with file.open("names.npy", "w") as member:
            np.save(member, text)

    assert same(unpacked(buffer.getvalue())[0], earlier)


def test_a_chunk_that_changed_after_it_was_read_is_not_taken_from_memory(tmp_path):
    store = Folder(tmp_path)
    store.add(replicated(Job(TOWNS, (), 1), range(2)))
    (file,) = tmp_path.iterdir()
    assert next(iter(store.parts())) is next(iter(store.parts()))
    file.write_bytes(file.read_bytes()[:-1])

    with pytest.raises(UnusableError):
        [*store.parts()]


def test_what_is_asked_for_is_the_same_if_nothing_else_is_read():
    whole = replicated(Job(TOWNS, (), 1), range(4))
    asked = replicated(Job(TOWNS, (), 1, only=("t90", "waiting")), range(4))
    places = [
        n
        for n, name in enumerate(whole.layout.metrics)
        if name.partition("/")[0] in {"t90", "waiting"}
    ]

    assert asked.layout.metrics == tuple(whole.layout.metrics[n] for n in places)
    assert np.array_equal(asked.metrics, whole.metrics[:, places])
    assert (asked.arrivals == whole.arrivals).all()
    assert same(unpacked(packed(asked))[0], asked)


def test_parts_are_joined_in_order_of_replication():
    job = Job(TOWNS, (), 1)
    whole = replicated(job, range(6))
    parts = [replicated(job, spell) for spell in (range(4, 6), range(2), range(2, 4))]
    assert same(joined(parts), whole)


def test_columns_and_single_runs_say_the_same():
    study = run_study(TOWNS, seed=1, replications=4)
    for place, run in enumerate(study.runs):
        for name, value in run.metrics.items():
            assert np.array_equal(study.metric(name)[place], value, equal_nan=True)
        for origin, curve in run.arrivals.items():
            assert (study.arrivals_of(origin).take(slice(None))[place] == curve).all()
        for (origin, cause), hours in run.waiting.items():
            assert study.hours_of(origin, cause)[place] == hours


def test_a_store_that_holds_some_is_filled_up(tmp_path):
    folder = Folder(tmp_path)
    folder.add(replicated(Job(TOWNS, (), 1), [1, 2]))
    study = run_study(TOWNS, seed=1, replications=5, store=folder)
    whole = run_study(TOWNS, seed=1, replications=5)
    assert study.replications.tolist() == [0, 1, 2, 3, 4]
    assert (study.metric("t50/northtown") == whole.metric("t50/northtown")).all()


def test_runs_that_share_a_draw_differ_by_chance_only():
    people = "sites.pocket.groups.civilians.people"
    world = operation(uncertain={people: {"spread": "400 to 800"}})
    study = run_study(
        world, seed=1, replications=6, band="knowledge and chance", per_draw=3
    )
    drawn = study.parameter(people).tolist()
    assert drawn[:3] == [drawn[0]] * 3
    assert drawn[3:] == [drawn[3]] * 3
    assert drawn[0] != drawn[3]


def test_a_study_can_be_sent_to_another_process():
    study = run_study(TOWNS, seed=1, replications=2)
    assert len(study.metric("t50/northtown")) == 2
    sent = pickle.loads(pickle.dumps(study))
    assert (sent.metric("t50/northtown") == study.metric("t50/northtown")).all()


def test_memory_gives_parts_in_order_although_they_came_in_another():
    job = Job(TOWNS, (), 1)
    store = Memory([replicated(job, [3]), replicated(job, [0, 1])])
    (rows,) = store.parts()
    assert rows.replications.tolist() == [0, 1, 3]
    assert store.done() == {0, 1, 3}


def test_the_beginning_of_a_study_is_settled_like_a_study_of_that_size(tmp_path):
    """As of one that went on further before it was stopped and resumed."""
    further, exact = Folder(tmp_path / "further"), Folder(tmp_path / "exact")
    job = Job(TOWNS, (), 1)
    further.add(replicated(job, range(30)))
    exact.add(replicated(job, range(20)))
    beginning = Beginning(further, 20)
    assert beginning.lasting
    assert not Beginning(Memory(), 20).lasting
    settle(beginning, tmp_path / "a")
    settle(exact, tmp_path / "b")
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("a", "b")
    )
    assert one == other
