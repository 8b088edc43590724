"""A followed operation: entered, undone, redone, killed, deleted; nothing is lost."""

import errno
import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from sim.errors import (
    EvidenceError,
    OptionError,
    ResultsError,
    RunError,
    ScenarioError,
    UnusableError,
)
from sim.evidence.table import load_figures
from sim.experiment.lock import LockError
from sim.inference.forecast.task import known_at
from sim.scenario import load
from sim.studies import present
from sim.studies.following import followed as followed_module
from sim.studies.following import lifecycle, pass_phrase
from sim.studies.following.entries import FigureEntered
from sim.studies.following.followed import (
    EVIDENCE,
    LOG,
    SCENARIO,
    TAKEN,
    FollowedOperation,
)
from sim.studies.following.journal import add_line, whole_lines
from sim.studies.following.lifecycle import begin, delete, followed_in
from sim.studies.following.said_figure import completed
from sim.words import Words
from tests.foreseen import MOMENT, written

START = datetime(2020, 1, 2, 8, tzinfo=UTC)
SAID = {
    "attributed_to": "UN",
    "origin": "pocket",
    "best": "440",
    "from": "2020-01-03T00:00",
    "published": "2020-01-03T06:00",
}


class Clock:
    """A clock that goes on a minute with each look."""

    def __init__(self):
        self.time = datetime(2020, 2, 1, tzinfo=UTC)

    def __call__(self):
        self.time += timedelta(minutes=1)
        return self.time


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(present, "now", found)
    return found


@pytest.fixture
def scenario(tmp_path):
    (tmp_path / "case").mkdir()
    return written(tmp_path / "case")


@pytest.fixture
def followed(scenario, tmp_path):
    return begin(tmp_path / "operation", scenario, MOMENT)


def refused(followed, **cells):
    """Return the columns of what is wrong with a figure."""
    with pytest.raises(EvidenceError):
        followed.enter(SAID | cells)
    checked = followed.problems(SAID | cells)
    return [problem.column for problem in checked.problems]


def ids(followed):
    return [figure.id for figure in load_figures(followed.path / EVIDENCE)]


def test_it_begins_with_what_had_been_published(followed):
    assert ids(followed) == ["day-2"]


def test_it_begins_with_all_evidence_if_no_moment_is_named(scenario, tmp_path):
    assert ids(begin(tmp_path / "all", scenario)) == ["day-2", "day-3"]


def test_a_figure_says_who_how_many_of_what_by_when_and_how_sure(followed):
    followed.enter(SAID | {"low": "400", "high": "480"})

    figure = load_figures(followed.path / EVIDENCE)[-1]
    assert figure.id == "entered-2"
    assert (figure.low, figure.best, figure.high) == (400, 440, 480)
    assert (figure.bound, figure.unit, figure.metric, figure.role) == (
        *("about", "people", "cumulative_arrivals", "fit"),
    )
    assert (figure.attributed_to, figure.family, figure.source) == ("UN", "UN", "UN")


@pytest.mark.parametrize(
    ("numbers", "bound"),
    [
        ({"best": "440"}, "exact"),
        ({"low": "440", "best": "440", "high": "440"}, "exact"),
        ({"best": "", "low": "400"}, "at_least"),
        ({"best": "", "high": "480"}, "at_most"),
        ({"best": "", "low": "400", "high": "480"}, "interval"),
    ],
)
def test_numbers_tell_what_kind_of_statement_they_are(numbers, bound, followed):
    followed.enter(SAID | numbers)

    assert load_figures(followed.path / EVIDENCE)[-1].bound == bound


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"best": "44o"}, "best"),
        ({"origin": "pockt"}, "origin"),
        ({"metric": "arrived"}, "metric"),
        ({"attributed_to": ""}, "attributed_to"),
        ({"published": "2020-01-02T06:00"}, "published"),
        ({"published": "2020-03-01T06:00"}, "published"),
        ({"select": "group=nobody"}, "select"),
        ({"low": "500"}, "low"),
        ({"fmaily": "UN"}, "fmaily"),
        ({"note": "from \u202e right to left"}, "note"),
        ({"note": "x" * 3_000}, "note"),
        ({"id": "day-2"}, "id"),
        ({"rests_on": "nothing"}, "rests_on"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_is_written(
    cells, column, followed
):
    before = (followed.path / LOG).read_bytes()

    assert column in refused(followed, **cells)
    assert (followed.path / LOG).read_bytes() == before


def test_the_same_words_of_the_same_source_count_once(followed):
    followed.enter(SAID)

    assert refused(followed) == ["id"]
    followed.undo()
    followed.enter(SAID)
    assert ids(followed) == ["day-2", "entered-4"]


def test_what_would_count_twice_is_refused_when_it_is_entered(followed):
    """Else no forecast could be made any more, and nobody would know of which entry."""
    first = followed.enter(SAID)
    other = {"best": "460"}
    with pytest.raises(EvidenceError) as refusal:
        followed.enter(SAID | other)
    assert f"entered-{first.number}" in str(refusal.value)
    assert "take one of them back" in str(refusal.value)
    assert refused(followed, **other) == ["id"]
    assert refused(followed, best="90", select="group=civilians") == ["id"]

    followed.enter(SAID | {"best": "460", "attributed_to": "Red Crescent"})
    followed.enter(SAID | {"best": "460", "role": "check"})
    followed.undo(first.number)
    followed.enter(SAID | {"best": "470"})
    with pytest.raises(EvidenceError, match="counts once"):
        followed.redo(first.number)


def test_figures_may_come_in_any_order(followed):
    """What is told of an earlier day later, and less than was told before."""
    later = {"from": "2020-01-05T00:00", "published": "2020-01-05T06:00"}
    followed.enter(SAID | later)
    followed.enter(SAID | {"best": "430"})
    followed.enter(SAID | {"from": "2020-01-04T00:00", "published": "2020-01-04T06:00"})

    assert ids(followed) == ["day-2", "entered-2", "entered-3", "entered-4"]
    known = followed.known()
    assert known_at(known.operation, known.figures, MOMENT)[2] == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"from": "2019-12-20T00:00", "published": "2019-12-20T06:00"}, "from"),
        ({"from": "2019-12-20T00:00"}, "from"),
        ({"published": "2019-12-20T06:00"}, "published"),
    ],
)
def test_what_was_said_before_it_began_is_refused(cells, column, followed):
    assert column in refused(followed, **cells)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (
            {"best": "99999999", "from": "2020-01-03T03:00"},
            "99,999,999 people are more than the",
        ),
        ({"best": "", "low": "50000", "from": "2020-01-03T03:00"}, "50,000 people are"),
        ({"best": "300", "from": "2020-01-03T03:00"}, "UN had said 440"),
        ({"best": "440", "from": "2020-01-03T03:00"}, ""),
        ({"best": "300", "from": "2020-01-03T03:00", "attributed_to": "ICRC"}, ""),
        ({"best": "300", "from": "2020-01-02T20:00"}, ""),
        ({"best": "", "low": "300", "from": "2020-01-03T03:00"}, ""),
    ],
)
def test_what_may_be_wrong_is_kept_and_told(cells, says, followed):
    """Sources correct themselves; but a digit too many should be heard of at once."""
    followed.enter(SAID)
    told = []
    entry = followed.enter(SAID | cells, told.append)

    assert entry.figure in followed.known().figures
    assert len(told) == bool(says)
    assert says in " ".join(Words().of(each.said) for each in told)


@pytest.mark.parametrize("column", ["published", "from", "since"])
def test_a_time_of_another_zone_is_refused_beside_its_field(column, followed):
    assert column in refused(followed, **{column: "2020-01-03T08:00+02:00"})


def test_what_is_in_the_log_is_kept_though_the_disk_is_full_then(followed, monkeypatch):
    """Whoever is told that it is not would enter it again."""
    stale = (followed.path / EVIDENCE).read_bytes()

    def full(path, contents):
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(followed_module, "write_whole", full)
        patch.setattr(lifecycle, "write_whole", full)
        followed.enter(SAID)
        assert (followed.path / EVIDENCE).read_bytes() == stale
        shown = followed_in(followed.path).known().figures
        assert [figure.id for figure in shown] == ["day-2", "entered-2"]
    followed_in(followed.path)
    assert ids(followed) == ["day-2", "entered-2"]


def test_what_the_disk_does_not_take_is_not_entered(followed, monkeypatch):
    before = (followed.path / LOG).read_bytes()

    def full(path, line):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(followed_module, "add_line", full)
    with pytest.raises(ResultsError, match="full"):
        followed.enter(SAID)
    assert (followed.path / LOG).read_bytes() == before


def test_where_nobody_may_write_that_is_said_and_not_that_another_is_at_work(
    followed, monkeypatch
):
    def unwritable(path):
        raise LockError(path, "attempt to write a readonly database")

    monkeypatch.setattr(followed_module, "_PATIENCE_S", 0)
    monkeypatch.setattr(followed_module, "locked", unwritable)
    with pytest.raises(RunError, match="readonly") as refusal:
        followed.enter(SAID)
    assert "Make sure that you may write there" in str(refusal.value)


def test_undone_and_redone_is_as_before(followed):
    bare = (followed.path / EVIDENCE).read_bytes()
    entry = followed.enter(SAID)
    with_it = (followed.path / EVIDENCE).read_bytes()

    followed.undo()
    assert (followed.path / EVIDENCE).read_bytes() == bare
    followed.redo(entry.number)
    assert (followed.path / EVIDENCE).read_bytes() == with_it
    assert len(whole_lines(followed.path / LOG)) == 4


def test_what_stands_cannot_be_redone_nor_what_is_undone_undone(followed):
    entry = followed.enter(SAID)
    with pytest.raises(OptionError, match="nothing was taken back"):
        followed.redo()
    with pytest.raises(OptionError, match="entries that were: none"):
        followed.redo(entry.number)
    followed.undo(entry.number)
    with pytest.raises(
        OptionError, match="cannot be taken back; entries that can: none"
    ):
        followed.undo(entry.number)


def test_the_first_scenario_cannot_be_undone(followed):
    with pytest.raises(OptionError):
        followed.undo(1)


def test_a_row_on_which_another_rests_cannot_be_undone_alone(followed):
    base = followed.enter(SAID | {"role": "check"})
    followed.enter(SAID | {"best": "450", "rests_on": f"entered-{base.number}"})

    with pytest.raises(EvidenceError, match="rests_on"):
        followed.undo(base.number)
    followed.undo()
    followed.undo(base.number)


def test_a_redone_row_must_still_fit(followed):
    first = followed.enter(SAID)
    followed.undo()
    followed.enter(SAID)

    with pytest.raises(EvidenceError, match="copy"):
        followed.redo(first.number)


def test_what_was_known_at_a_moment_is_told_whatever_came_since(followed, clock):
    followed.enter(SAID)
    then = clock.time
    followed.undo()
    followed.enter(SAID | {"best": "500"})

    known = followed.known(then)
    assert [figure.best for figure in known.figures] == [220, 440]
    assert [figure.best for figure in followed.known().figures] == [220, 500]


def test_it_was_not_followed_before_it_began(followed):
    with pytest.raises(OptionError, match="not followed yet"):
        followed.known(START)


def test_another_scenario_is_taken_and_undone(followed, scenario):
    before = (followed.path / SCENARIO).read_bytes()
    text = scenario.read_text("utf-8")
    other = scenario.with_name("other.yaml")
    other.write_text(text.replace("operation: test", "operation: other"), "utf-8")
    followed.take(other)

    assert load(followed.path / SCENARIO).operation == "other"
    followed.undo()
    assert (followed.path / SCENARIO).read_bytes() == before


def test_a_scenario_that_was_read_is_read_again_only_if_its_file_changes(
    followed, monkeypatch
):
    followed.known()
    (kept,) = (followed.path / TAKEN).iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(followed_module, "load", None)
        assert followed.known().operation.operation == "test"

    kept.write_text("operation: [", "utf-8")
    with pytest.raises(ScenarioError):
        followed.known()
    kept.unlink()
    with pytest.raises(ScenarioError):
        followed.known()


def test_a_clock_that_was_moved_back_is_told_and_loses_nothing(followed, clock):
    entry = followed.enter(SAID)
    assert followed.clock() is None

    clock.time -= timedelta(hours=3)
    says = Words().of(followed.clock())
    assert says.startswith(f"Entry {entry.number} was made 2 h 58 min later than")
    followed.undo()
    followed.redo()
    assert ids(followed) == ["day-2", "entered-2"]
    clock.time += timedelta(hours=4)
    assert followed.clock() is None


def test_what_others_read_is_mended_after_a_kill_between_log_and_table(followed):
    stale = (followed.path / EVIDENCE).read_bytes()
    followed.enter(SAID)
    fresh = (followed.path / EVIDENCE).read_bytes()
    (followed.path / EVIDENCE).write_bytes(stale)

    followed_in(followed.path)
    assert (followed.path / EVIDENCE).read_bytes() == fresh


@pytest.mark.parametrize("kept", range(0, 200, 13))
def test_a_line_torn_by_a_kill_is_none_and_the_next_one_is_whole(kept, followed):
    followed.enter(SAID)
    log = followed.path / LOG
    first, second = log.read_bytes().splitlines(keepends=True)
    torn = second[: min(kept, len(second) - 1)]
    log.write_bytes(first + torn)

    assert len(followed.standing().entries) == 1
    again = followed.enter(SAID | {"best": "450"})
    assert again.number == 2
    assert len(log.read_bytes().splitlines()) == 2


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text.replace('"number":2', '"number":3'),
        lambda text: text.replace('"figure"', '"rumour"'),
        lambda text: "\n" + text,
        lambda text: text.replace("{", "", 1),
    ],
)
def test_a_log_that_somebody_changed_is_refused(changed, followed):
    followed.enter(SAID)
    log = followed.path / LOG
    log.write_text(changed(log.read_text("utf-8")), "utf-8")

    with pytest.raises(UnusableError, match="line"):
        followed.standing()


@pytest.mark.parametrize("left", [b"", b'{"number":1,"at":'])
def test_a_log_without_a_scenario_is_refused_whatever_is_asked(left, followed):
    """As after the power failed before the first line was on the disk."""
    (followed.path / LOG).write_bytes(left)
    for asks in (
        lambda: followed_in(followed.path),
        followed.known,
        lambda: followed.enter(SAID),
        lambda: followed.problems(SAID),
    ):
        with pytest.raises(UnusableError, match="no scenario stands in it"):
            asks()


def test_a_figure_of_a_program_with_other_columns_is_told_though_it_is_undone(followed):
    """Else whoever only looks at the log would see a bug of the program."""
    followed.enter(SAID)
    followed.undo()
    log = followed.path / LOG
    log.write_text(
        log.read_text("utf-8").replace('"bound"', '"kind_of_bound"'), "utf-8"
    )

    with pytest.raises(UnusableError, match=r"line 2 is no entry.*another version"):
        followed_in(followed.path)


def test_a_line_is_one_line(tmp_path):
    with pytest.raises(ValueError, match="one line"):
        add_line(tmp_path / "log", "two\nlines")


def test_deletion_leaves_nothing(followed, tmp_path):
    followed.enter(SAID)
    pass_phrase.protect(followed.path, "eight or more")
    delete(followed.path)

    assert [path.name for path in tmp_path.iterdir()] == ["case"]


def test_what_is_no_followed_operation_is_not_deleted(tmp_path, scenario):
    with pytest.raises(RunError, match="not the folder of a followed operation"):
        delete(scenario.parent)
    assert scenario.exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_a_link_to_one_is_not_deleted(followed, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(followed.path)
    with pytest.raises(RunError):
        delete(link)
    assert (followed.path / LOG).exists()


def test_nothing_is_begun_over_something_else(followed, scenario):
    with pytest.raises(OptionError, match="there already"):
        begin(followed.path, scenario)


def test_a_beginning_that_fails_leaves_nothing(scenario, tmp_path, monkeypatch):
    def refuses(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(FollowedOperation, "added", refuses)
    with pytest.raises(KeyboardInterrupt):
        begin(tmp_path / "operation", scenario)
    assert [path.name for path in tmp_path.iterdir()] == ["case"]


def test_only_the_right_pass_phrase_opens(followed):
    assert pass_phrase.opens(followed.path, "anything")
    pass_phrase.protect(followed.path, "correct horse")

    assert pass_phrase.opens(followed.path, "correct horse")
    assert not pass_phrase.opens(followed.path, "correct horsf")
    assert not pass_phrase.opens(followed.path, "c" * 2_000)
    kept = (followed.path / pass_phrase.FILE).read_text("utf-8")
    assert "horse" not in kept
    assert set(json.loads(kept)) == {"salt", "scrypt"}


def test_a_pass_phrase_opens_however_a_keyboard_writes_its_accents(followed):
    composed, apart = "d\u00e9part \u00e0 l'aube", "de\u0301part a\u0300 l'aube"
    pass_phrase.protect(followed.path, composed)
    assert pass_phrase.opens(followed.path, apart)
    pass_phrase.protect(followed.path, apart)
    assert pass_phrase.opens(followed.path, composed)


def test_a_pass_phrase_that_the_disk_does_not_take_is_told(followed, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(pass_phrase, "write_whole", full)
    with pytest.raises(ResultsError, match="the disk is full"):
        pass_phrase.protect(followed.path, "long enough")
    assert not pass_phrase.is_protected(followed.path)


def test_the_same_pass_phrase_is_never_kept_alike(followed):
    kept = set()
    for _ in range(2):
        pass_phrase.protect(followed.path, "correct horse")
        kept.add((followed.path / pass_phrase.FILE).read_text("utf-8"))
    assert len(kept) == 2


def test_a_short_pass_phrase_is_refused(followed):
    with pytest.raises(OptionError, match="8 to"):
        pass_phrase.protect(followed.path, "seven77")


def test_a_damaged_pass_phrase_opens_nothing(followed):
    (followed.path / pass_phrase.FILE).write_text("{}", "utf-8")
    with pytest.raises(UnusableError):
        pass_phrase.opens(followed.path, "anything")


def said_of(people):
    """Return a figure; each number is another source's, as one says one at a time."""
    return SAID | {"best": str(people), "attributed_to": f"source {people}"}


class Story(RuleBasedStateMachine):
    """Enters, undoes, redoes, starts anew and is killed; compared with a plain list."""

    def __init__(self):
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.stands, self.undone, self.lines = {}, {}, 1

    @initialize()
    def begins(self):
        folder = Path(self.place.name)
        (folder / "case").mkdir()
        self.followed = begin(folder / "op", written(folder / "case"), MOMENT)

    @rule(people=st.integers(0, 3_000))
    def enters(self, people):
        said = said_of(people)
        if people in self.stands.values():
            with pytest.raises(EvidenceError):
                self.followed.enter(said)
            return
        entry = self.followed.enter(said)
        self.lines += 1
        assert entry.number == self.lines
        self.stands[entry.number] = people

    @precondition(lambda self: self.stands)
    @rule(data=st.data())
    def undoes(self, data):
        number = data.draw(st.sampled_from(sorted(self.stands)))
        self.followed.undo(number)
        self.lines += 1
        self.undone[number] = self.stands.pop(number)

    @precondition(lambda self: self.undone)
    @rule(data=st.data())
    def redoes(self, data):
        number = data.draw(st.sampled_from(sorted(self.undone)))
        if self.undone[number] in self.stands.values():
            with pytest.raises(EvidenceError):
                self.followed.redo(number)
            return
        self.followed.redo(number)
        self.lines += 1
        self.stands[number] = self.undone.pop(number)

    @rule()
    def starts_anew(self):
        self.followed = followed_in(self.followed.path)

    @rule(torn=st.integers(0, 80), people=st.integers(3_001, 4_000))
    def is_killed_while_writing(self, torn, people):
        log = self.followed.path / LOG
        before = log.read_bytes()
        line = FigureEntered(
            number=self.lines + 1,
            at=START,
            cells=completed(said_of(people), "torn", START),
        ).model_dump_json()
        log.write_bytes(before + line.encode()[:torn])
        self.followed = followed_in(self.followed.path)

    @invariant()
    def what_stands_is_what_was_not_undone(self):
        wanted = [220, *(self.stands[number] for number in sorted(self.stands))]
        assert [figure.best for figure in self.followed.known().figures] == wanted
        table = load_figures(self.followed.path / EVIDENCE)
        assert [figure.best for figure in table] == wanted
        assert len(self.followed.standing().entries) == self.lines

    def teardown(self):
        self.place.cleanup()


TestStory = Story.TestCase
TestStory.settings = settings(
    max_examples=8,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def test_a_lock_that_cannot_be_taken_is_not_said_to_be_somebody_at_work(followed):
    """Whoever waits for another start that there is not would wait for ever."""
    (followed.path / "lock").unlink(missing_ok=True)
    (followed.path / "lock").mkdir()

    with pytest.raises(RunError, match="cannot be kept from others") as refused:
        followed.enter(SAID)
    assert "another start" not in str(refused.value)


def test_somebody_at_work_is_said_to_be(followed, monkeypatch):
    monkeypatch.setattr(followed_module, "_PATIENCE_S", 0.1)

    with followed.writing(), pytest.raises(RunError, match="another start is at work"):
        followed.enter(SAID)


def test_what_goes_wrong_with_other_locks_meanwhile_is_not_taken_for_its_own(followed):
    with pytest.raises(LockError, match="elsewhere"), followed.writing():
        raise LockError("elsewhere")
