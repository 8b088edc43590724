"""A queue of studies is a folder: nothing in it is lost, doubled or done unasked."""

import errno
import json
import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sim.errors import RunError, StoppedError, TakenError
from sim.experiment import NamedStudy, compare, run_study
from sim.experiment.pool import Here
from sim.experiment.runner import Runner
from sim.experiment.store import Folder
from sim.report.so_far import comparison_so_far, run_so_far
from sim.studies import server
from sim.studies.finish import finished
from sim.studies.options import Where
from sim.studies.queue import Queue, StudyStanding
from sim.studies.ticket import TICKET_FILE, Ticket, read_ticket, write_ticket
from sim.studies.told import Step
from sim.studies.unfinished import ENDING, begun, found
from sim.studies.work import working
from sim.words import say
from tests.builders import in_words
from tests.queued import (
    comparison,
    failing,
    files,
    on_a_bench,
    standings,
    tiny,
    wait_until,
)


@pytest.fixture
def bench(monkeypatch):
    return on_a_bench(monkeypatch)


def path_of(queue_root, address):
    return queue_root / f"{address}{ENDING}"


def rests(queue):
    return not {"waiting", "running"} & set(standings(queue).values())


# What is on the disk


def test_a_study_is_on_the_disk_before_add_returns(tmp_path):
    plan = tiny()
    address = Queue(tmp_path).add(plan)

    assert found(path_of(tmp_path, address)).plan == plan
    (entry,) = Queue(tmp_path).entries()
    assert (entry.address, entry.standing) == (address, "waiting")
    assert (entry.kind, entry.title, entry.typed, entry.began, entry.plan) == (
        *("run", plan.title, plan.typed, plan.began, plan),
    )
    assert (entry.step, entry.folder, entry.says) == (None, None, None)


def test_studies_that_began_last_come_first(tmp_path):
    queue, plan = Queue(tmp_path), tiny()
    addresses = [queue.add(plan) for _ in range(11)]
    later = replace(plan, began=plan.began + timedelta(seconds=2), title="a")
    addresses.append(queue.add(later))

    assert [each.address for each in queue.entries()] == addresses[::-1]


def test_what_was_stopped_stays_stopped_in_a_later_start(tmp_path):
    queue = Queue(tmp_path)
    first, second = queue.add(tiny(1)), queue.add(tiny(2))
    queue.stop(first)

    assert standings(Queue(tmp_path)) == {first: "stopped", second: "waiting"}
    assert in_words(queue.entry(first).says) == "Stopped. What has been run is kept."


def test_a_study_that_is_resumed_goes_to_the_end_and_one_that_waits_keeps_its_place(
    tmp_path,
):
    queue = Queue(tmp_path)
    addresses = [queue.add(tiny(seed)) for seed in range(3)]
    queue.stop(addresses[0])
    queue.resume(addresses[0])
    queue.resume(addresses[1])

    places = [read_ticket(path_of(tmp_path, each)).place for each in addresses]
    assert places == [4, 2, 3]


def test_a_study_begun_by_a_command_waits_for_nobody_until_it_is_resumed(tmp_path):
    study, queue = begun(tiny(), tmp_path), Queue(tmp_path)

    assert standings(queue) == {study.name: "stopped"}
    assert in_words(queue.entry(study.name).says).startswith("Begun outside this queue")
    queue.resume(study.name)
    assert standings(queue) == {study.name: "waiting"}


def test_a_study_at_which_a_command_is_at_work_runs(tmp_path):
    study, queue = begun(tiny(), tmp_path), Queue(tmp_path)
    with study.held():
        assert standings(queue) == {study.name: "running"}
        with pytest.raises(TakenError, match="another start is at work"):
            queue.remove(study.name)
    assert standings(queue) == {study.name: "stopped"}


def _of_another_version(path):
    file = path / "study.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "program": "another"}))


def _changed(path):
    file = path / "study.json"
    file.write_text(file.read_text().replace('"seed": 1', '"seed": 2'))


def _cut(path):
    file = path / "study.json"
    file.write_bytes(file.read_bytes()[:100])


@pytest.mark.parametrize(
    ("hurt", "says"),
    [
        (_of_another_version, "was begun with another version of the program"),
        (_changed, "was changed since the study began"),
        (_cut, "is damaged, so nobody can tell what the study was"),
        (
            lambda path: (path / "study.json").unlink(),
            "not the folder of an unfinished",
        ),
    ],
)
def test_a_folder_that_nobody_can_go_on_with_says_so_and_is_not_run(
    hurt, says, tmp_path, bench
):
    bad, good = Queue(tmp_path).add(tiny(1)), Queue(tmp_path).add(tiny(2))
    hurt(path_of(tmp_path, bad))
    with Queue(tmp_path) as queue:
        wait_until(lambda: rests(queue))
        entry = queue.entry(bad)
        assert (entry.standing, entry.plan) == ("failed", None)
        assert says in entry.says
        with pytest.raises(RunError, match=says):
            queue.resume(bad)
        assert queue.glimpse(bad) is None
        queue.remove(bad)
        assert [*standings(queue)] == [good]
    assert bench.done == [good]


def test_a_scenario_that_was_damaged_is_found_when_its_turn_comes(tmp_path, bench):
    address = Queue(tmp_path).add(tiny())
    file = path_of(tmp_path, address) / "scenarios" / "0.yaml"
    file.write_text(file.read_text().replace("100", "101"))
    with Queue(tmp_path) as queue:
        wait_until(lambda: rests(queue))
        entry = queue.entry(address)
    assert (entry.standing, entry.plan) == ("failed", None)
    assert "was changed since the study began" in entry.says


def test_a_ticket_that_is_damaged_is_none(tmp_path):
    queue = Queue(tmp_path)
    address = queue.add(tiny())
    (path_of(tmp_path, address) / TICKET_FILE).write_bytes(b"{")

    assert standings(queue) == {address: "stopped"}


def test_links_and_folders_of_others_are_left_alone(tmp_path):
    root = tmp_path / "results"
    elsewhere = Queue(tmp_path / "elsewhere").add(tiny())
    (root / "pools").mkdir(parents=True)
    (root / "notes.unfinished").write_text("")
    (root / f"link{ENDING}").symlink_to(path_of(tmp_path / "elsewhere", elsewhere))

    assert Queue(root).entries() == []


@pytest.mark.parametrize("address", ["nothing", "..", "../results", "", "a/b"])
def test_an_address_that_is_none_is_no_path(address, tmp_path):
    queue = Queue(tmp_path / "results")
    queue.add(tiny())
    for asked in (queue.entry, queue.stop, queue.resume, queue.remove, queue.glimpse):
        with pytest.raises(KeyError):
            asked(address)


def test_results_have_the_name_that_the_study_had(tmp_path):
    """Of two of the same minute, the first that was finished took the other's."""
    plan = tiny()
    first, second = begun(plan, tmp_path), begun(plan, tmp_path)

    assert finished(second).folder == tmp_path / second.name
    third = begun(plan, tmp_path)
    assert finished(third).folder == tmp_path / third.name
    assert finished(first).folder == tmp_path / first.name
    assert len({first.name, second.name, third.name}) == 3


def test_a_ticket_may_be_written_while_a_study_begins(tmp_path):
    """Whoever begins removes drafts of those who were killed; this one is at work."""
    study = begun(tiny(), tmp_path)
    drafts = [study.path / f".tmp-1-{name}" for name in (TICKET_FILE, "other")]
    for draft in drafts:
        draft.touch()
    with study.held():
        assert [draft.exists() for draft in drafts] == [True, False]


@pytest.mark.parametrize("keep", [True, False])
def test_a_study_of_a_queue_is_kept_where_a_command_would_remove_it(keep, tmp_path):
    study = begun(failing(), tmp_path)
    with pytest.raises(Exception, match="nosuch"):
        finished(study, keep=keep)
    assert study.path.exists() is keep


def test_a_study_that_is_stopped_before_its_first_run_is_kept(tmp_path, monkeypatch):
    def stopped(self, rows):
        raise KeyboardInterrupt

    monkeypatch.setattr(Folder, "add", stopped)
    study = begun(tiny(), tmp_path, Ticket(place=1))
    with pytest.raises(StoppedError):
        finished(study, keep=True)
    assert read_ticket(study.path) == Ticket(place=1)


# What is done


def test_studies_are_done_in_the_order_in_which_they_were_added(tmp_path, bench):
    with Queue(tmp_path) as queue:
        addresses = [queue.add(tiny(seed)) for seed in range(4)]
        wait_until(lambda: rests(queue))
        entries = {each.address: each for each in queue.entries()}
    assert bench.done == addresses
    for address in addresses:
        assert entries[address].standing is StudyStanding.FINISHED
        assert entries[address].folder == tmp_path / address
        assert (entries[address].kind, entries[address].title) == ("run", "scenario")
        assert entries[address].plan is None


def test_results_are_those_of_the_command(tmp_path, bench):
    plan = tiny()
    alone = finished(begun(plan, tmp_path / "alone"), Where(1)).folder
    bench.quick = False
    with Queue(tmp_path / "queue") as queue:
        address = queue.add(plan)
        wait_until(lambda: rests(queue))
        assert files(queue.entry(address).folder) == files(alone)


def test_a_study_that_fails_says_why_and_the_next_goes_on(tmp_path, bench):
    bench.quick = False
    with Queue(tmp_path) as queue:
        bad, good = queue.add(failing()), queue.add(tiny())
        wait_until(lambda: rests(queue))
        assert standings(queue) == {bad: "failed", good: "finished"}
        assert "nosuch" in queue.entry(bad).says
    assert standings(Queue(tmp_path)) == {bad: "failed", good: "finished"}


def test_a_process_that_is_lost_fails_its_study_which_can_be_resumed(tmp_path, bench):
    with Queue(tmp_path) as queue:
        bench.lost.add(address := Queue(tmp_path).add(tiny()))
        wait_until(lambda: rests(queue))
        entry = queue.entry(address)
        assert entry.standing == "failed"
        assert "ended unexpectedly" in in_words(entry.says)
        bench.lost.clear()
        queue.resume(address)
        wait_until(lambda: rests(queue))
        assert standings(queue) == {address: "finished"}


def test_a_study_at_work_tells_how_far_it_is_and_can_be_stopped(tmp_path, bench):
    bench.holds.add(first := Queue(tmp_path).add(tiny(1)))
    second = Queue(tmp_path).add(tiny(2))
    with Queue(tmp_path) as queue:
        wait_until(lambda: queue.entry(first).step is not None)
        assert queue.entry(first).step == Step(say("runs"), 1, 6, 5.0)
        assert standings(queue) == {first: "running", second: "waiting"}
        queue.stop(first)
        assert queue.entry(first).standing == "stopped"
        wait_until(lambda: rests(queue))
        assert standings(queue) == {first: "stopped", second: "finished"}
        bench.holds.clear()
        queue.resume(first)
        wait_until(lambda: rests(queue))
    assert bench.done == [second, first]


def test_what_was_at_work_when_a_queue_is_closed_goes_on_in_the_next(tmp_path, bench):
    bench.holds.add(address := Queue(tmp_path).add(tiny()))
    with Queue(tmp_path) as queue:
        wait_until(lambda: queue.entry(address).standing == "running")
    assert standings(queue) == {address: "waiting"}
    bench.holds.clear()
    with Queue(tmp_path) as queue:
        wait_until(lambda: rests(queue))
    assert bench.done == [address]


def test_a_study_that_another_has_is_passed_over_until_it_is_free(tmp_path, bench):
    first, second = (Queue(tmp_path).add(tiny(seed)) for seed in (1, 2))
    bench.taken.add(first)
    with Queue(tmp_path) as queue:
        wait_until(lambda: bench.done == [second])
        bench.taken.clear()
        wait_until(lambda: rests(queue))
    assert bench.done == [second, first]


def test_two_queues_on_one_folder_do_each_study_once(tmp_path, bench):
    with Queue(tmp_path) as one, Queue(tmp_path) as other:
        addresses = {(one, other)[n % 2].add(tiny(n)) for n in range(6)}
        wait_until(lambda: rests(one))
        assert (
            standings(one) == standings(other) == dict.fromkeys(addresses, "finished")
        )


def test_a_study_that_another_queue_stops_is_stopped(tmp_path, bench):
    bench.holds.add(address := Queue(tmp_path).add(tiny()))
    with Queue(tmp_path) as queue:
        wait_until(lambda: queue.entry(address).standing == "running")
        Queue(tmp_path).stop(address)
        wait_until(lambda: not queue._server.is_at_work_on(address))
        assert standings(queue) == {address: "stopped"}


@pytest.mark.parametrize("standing", ["waiting", "running", "stopped", "finished"])
def test_a_study_is_removed_however_it_stands(standing, tmp_path, bench):
    address = Queue(tmp_path).add(tiny())
    if standing != "finished":
        bench.holds.add(address)
    if standing == "stopped":
        Queue(tmp_path).stop(address)
    queue = Queue(tmp_path)
    if standing == "waiting":
        queue.remove(address)
    else:
        with queue:
            wait_until(lambda: queue.entry(address).standing == standing)
            queue.remove(address)
    assert queue.entries() == []
    assert list(tmp_path.iterdir()) == []


def test_results_that_were_written_before_the_program_was_killed_are_not_made_again(
    tmp_path, bench
):
    study = begun(tiny(), tmp_path, Ticket(place=1))
    copy = tmp_path.parent / "copy"
    shutil.copytree(study.path, copy)
    finished(study)
    bench.quick = False
    shutil.move(copy, study.path)
    before = files(tmp_path / study.name)
    assert standings(Queue(tmp_path)) == {study.name: "waiting"}
    with Queue(tmp_path) as queue:
        wait_until(lambda: rests(queue))
        assert standings(queue) == {study.name: "finished"}
    assert files(tmp_path / study.name) == before


# What the runs so far say


def run_some(study, replications):
    jobs = study.plan.jobs()
    Runner(jobs, study.stores(), Here()).upto(replications)


def test_a_glimpse_is_the_report_on_the_first_runs(tmp_path):
    queue, plan = Queue(tmp_path), tiny(runs=20)
    address = queue.add(plan)
    study = found(path_of(tmp_path, address))
    assert queue.glimpse(address) is None
    for runs in (1, 4, 20):
        run_some(study, runs)
        (arm,) = plan.arms
        alone = run_study(arm.operation, seed=1, replications=runs)
        expected = run_so_far(alone, 20, command=plan.typed)
        assert in_words(queue.glimpse(address).answer) == in_words(expected.answer)
        assert (
            queue.glimpse(address).sections[1].parts[0]
            == (expected.sections[1].parts[0])
        )
        first = in_words(queue.glimpse(address).sections[0].parts[0])
        assert first.startswith(f"So far: the first {runs} of 20 runs.")


def test_only_runs_without_a_gap_before_them_count(tmp_path):
    """Else those that take less time would come first more often than others."""
    queue = Queue(tmp_path)
    address = queue.add(tiny(runs=20))
    study = found(path_of(tmp_path, address))
    for runs in range(1, 6):  # each a chunk of its own
        run_some(study, runs)
    sorted((study.path / "runs" / "0").iterdir())[2].unlink()
    said = in_words(queue.glimpse(address).sections[0].parts[0])
    assert said.startswith("So far: the first 2 of 20 runs.")


def test_a_glimpse_touches_nothing(tmp_path):
    queue = Queue(tmp_path)
    address = queue.add(tiny())
    study = found(path_of(tmp_path, address))
    assert queue.glimpse(address) is None
    assert not (study.path / "runs").exists()
    run_some(study, 3)
    chunk = sorted((study.path / "runs" / "0").iterdir())[-1]
    chunk.write_bytes(b"damaged")
    before = files(study.path)
    assert queue.glimpse(address) is not None
    assert files(study.path) == before


def test_a_glimpse_of_a_comparison_is_of_the_pairs_so_far(tmp_path):
    queue, plan = Queue(tmp_path), comparison(runs=20)
    address = queue.add(plan)
    study = found(path_of(tmp_path, address))
    run_some(study, 8)
    sides = [
        NamedStudy(arm.name, run_study(arm.operation, seed=1, replications=8))
        for arm in plan.arms
    ]
    expected = comparison_so_far(compare(sides[0], sides[1:]), 20, command=plan.typed)

    assert in_words(queue.glimpse(address).answer) == in_words(expected.answer)
    said = in_words(queue.glimpse(address).sections[0].parts[0])
    assert said.startswith("So far: the first 8 of 20 runs.")


def test_arms_of_a_study_grow_together(tmp_path):
    """A difference can be shown early only if both sides have runs early."""
    study = begun(comparison(runs=40), tmp_path)
    seen = []

    def progress(done):
        seen.append([len(store.done()) for store in study.stores()])

    Runner(study.plan.jobs(), study.stores(), Here(), progress).upto(40)
    assert all(min(base, variant) > 0 for base, variant in seen[2:])
    assert seen[-1] == [40, 40]


def test_what_has_not_changed_is_not_told_anew(tmp_path):
    queue = Queue(tmp_path)
    address = queue.add(tiny())
    run_some(found(path_of(tmp_path, address)), 6)
    assert queue.glimpse(address) is queue.glimpse(address)


def test_other_kinds_tell_nothing_until_they_are_finished(tmp_path):
    queue = Queue(tmp_path)
    plan = replace(tiny(), kind="deadlock")
    address = queue.add(plan)
    run_some(found(path_of(tmp_path, address)), 3)
    assert queue.glimpse(address) is None


def test_runs_tell_how_long_they_will_still_take(tmp_path):
    told, plan = [], tiny(runs=40)
    with working(Where(1), plan.runs, told.append) as work:
        work.runner(begun(plan, tmp_path), say("runs")).upto(40)
    assert [each.seconds_left for each in told[:1]] == [None]
    assert all(each.seconds_left > 0 for each in told[1:-1])
    assert told[-1].seconds_left == 0
    assert in_words(told[-1].said) == "runs: 40 of 40, about 0 s left"


def test_a_ticket_is_read_as_it_was_written(tmp_path):
    ticket = Ticket(place=3, standing=StudyStanding.FAILED, says="“why”")
    write_ticket(tmp_path, ticket)
    assert read_ticket(tmp_path) == ticket
    assert read_ticket(Path("nowhere")) is None


@pytest.mark.parametrize("later", [False, True])
def test_of_two_studies_asked_for_at_once_neither_is_taken_for_the_other(
    later, tmp_path
):
    """They are the same but for their names, down to the second in which they began."""
    plan = tiny()
    twins = [begun(plan, tmp_path), begun(plan, tmp_path)]
    first, other = twins[::-1] if later else twins
    where = finished(first).folder

    assert where.name == first.name
    assert other.cleared() is None
    assert finished(other).folder.name == other.name


def test_a_queue_goes_on_when_no_process_could_be_started_for_a_while(
    tmp_path, monkeypatch
):
    """As where memory has run out; nobody would see that studies wait for ever."""
    bench, refused = on_a_bench(monkeypatch), []

    def workshop(workers, **how):
        if not refused:
            refused.append(workers)
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return bench(workers, **how)

    monkeypatch.setattr(server, "Workshop", workshop)
    with Queue(tmp_path) as queue:
        address = queue.add(tiny())
        wait_until(lambda: standings(queue)[address] == "finished")
    assert refused
