"""A followed operation on the disk: begun, told what comes, undone, deleted.

The folder holds `log.jsonl`, the scenarios that were taken and `given.csv`, the rows of
evidence that it began with. `scenario.yaml` and `evidence.csv` say what stands now, for
any other command; they are written anew after each entry.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from sim.errors import (
    EvidenceError,
    OptionError,
    RunError,
    UnusableError,
)
from sim.evidence.cells import CellProblem
from sim.evidence.figures import Figure
from sim.evidence.written import figures_as_csv
from sim.experiment.lock import HeldError, LockError, locked
from sim.report.following import clock_is_behind
from sim.scenario import Operation, load, resolved_yaml, scenario_hash
from sim.scenario.files import shown
from sim.studies import present
from sim.studies.cases import Scenario, opened
from sim.studies.folder import in_plain_words
from sim.studies.following.doubts import doubts
from sim.studies.following.entries import (
    ENTRY,
    EntryRedone,
    EntryUndone,
    FigureEntered,
    ForecastMade,
    Kind,
    Logged,
    ScenarioTaken,
    StandingEntries,
)
from sim.studies.following.journal import add_line, whole_lines
from sim.studies.following.known_table import KnownTable
from sim.studies.told import Note, Tell, nobody
from sim.whole_file import write_whole
from sim.words import Text, joined, say

LOG, EVIDENCE, SCENARIO = "log.jsonl", "evidence.csv", "scenario.yaml"
GIVEN, TAKEN, _LOCK = "given.csv", "scenarios", "lock"
FORECASTS, IN_FULL, DRAWS = "forecasts", "in-full", "draws"
_PATIENCE_S, _PAUSE_S = 5.0, 0.05
_MINUTE = timedelta(minutes=1)
"""By which clocks of one machine may differ that nobody has moved."""
_CHANGED = (
    "Somebody has changed it, or another version of the program wrote it: bring back a "
    "copy from before, or open it with that version."
)


@dataclass(frozen=True, slots=True)
class FollowedOperation:
    """The folder of an operation that goes on.

    Attributes
    ----------
    path : of the folder.
    """

    path: Path

    @property
    def forecasts(self) -> Path:
        """The folder of results of its forecasts."""
        return self.path / FORECASTS

    @property
    def in_full(self) -> Path:
        """The folder of results of those in full that followed a quick one."""
        return self.path / IN_FULL

    def standing(
        self, at: datetime | None = None, entries: int | None = None
    ) -> StandingEntries:
        """Return what stood at a moment, with its zone; what stands now if None.

        Parameters
        ----------
        at : the moment.
        entries : how many of the log are looked at; all if None.

        Raises
        ------
        UnusableError
            If the log is damaged.
        """
        return StandingEntries.of(_entries(self.path / LOG)[:entries], at)

    def known(self, at: datetime | None = None) -> "KnownThen":
        """Return the operation and its evidence as they stood.

        Raises
        ------
        UnusableError
            If the log or a scenario is damaged or gone.
        OptionError
            If it was not followed yet.
        """
        standing = self.standing(at)
        if at is not None and not standing.entries:
            raise OptionError(
                "at", say("it was not followed yet. Name a later moment.")
            )
        return self._with(standing)

    def local_now(self) -> datetime:
        """Return what time it is in the zone of the operation, without the zone."""
        return _local(present.now(), self.known().operation)

    def clock(self) -> Text:
        """Return what is wrong with the clock of this machine; None if nothing is."""
        now = present.now()
        entry = self.standing().later_than(now)
        if entry is None or (behind := entry.at - now) < _MINUTE:
            return None
        return clock_is_behind(entry.number, round(behind.total_seconds()))

    def problems(self, cells: Mapping[str, str]) -> "Checked":
        """Return a figure as it would be entered, and what is wrong with it."""
        standing = self.standing()
        known = self._with(standing)
        number, now = len(standing.entries) + 1, _local(present.now(), known.operation)
        return Checked(*known.table.checked(cells, number, now))

    def enter(self, cells: Mapping[str, str], tell: Tell = nobody) -> FigureEntered:
        """Write down a figure that came.

        Parameters
        ----------
        cells : of the row of the evidence table, as `said_figure.completed` fills in.
        tell : hears what may be wrong with it all the same.

        Raises
        ------
        EvidenceError
            If anything is wrong with it; each problem begins with its column.
        RunError, ResultsError
            If another start is at work on the folder, or the disk does not take it.
        """
        with self.writing() as standing:
            known = self._with(standing)
            number = len(standing.entries) + 1
            now = _local(present.now(), known.operation)
            row, problems = known.table.checked(cells, number, now)
            known.table.refuse(problems)
            entry = self.added(standing, FigureEntered, cells=row)
        for doubt in doubts(entry.figure, known.figures, known.operation):
            tell(Note(doubt))
        return entry

    def undo(self, entry: int | None = None) -> EntryUndone:
        """Take back a figure or a scenario; it stays in the log.

        Parameters
        ----------
        entry : its number; the last one that stands if None.

        Raises
        ------
        OptionError
            If there is nothing of that number to take back.
        EvidenceError, ScenarioError
            If what is left does not fit together without it.
        RunError, ResultsError
            As of `enter`.
        """
        with self.writing() as standing:
            number = _chosen(entry, standing.undoable, "undo")
            self._check(standing, EntryUndone, number)
            return self.added(standing, EntryUndone, entry=number)

    def redo(self, entry: int | None = None) -> EntryRedone:
        """Let what was taken back stand again.

        Parameters
        ----------
        entry : its number; what was taken back last if None.

        Raises
        ------
        OptionError
            If nothing of that number was taken back.
        EvidenceError, ScenarioError
            If what stands since does not fit together with it.
        RunError, ResultsError
            As of `enter`.
        """
        with self.writing() as standing:
            number = _chosen(entry, standing.redoable, "redo")
            self._check(standing, EntryRedone, number)
            return self.added(standing, EntryRedone, entry=number)

    def take(self, scenario: Scenario, tell: Tell = nobody) -> ScenarioTaken:
        """Let the operation be what a scenario says, as when a stoppage has begun.

        Its own table of evidence is not looked at.

        Raises
        ------
        ScenarioError, EvidenceError
            If anything in it is wrong, or figures that were entered do not fit it.
        RunError, ResultsError
            As of `enter`.
        """
        case = opened(scenario, tell)
        with self.writing() as standing:
            known = self._with(standing)
            known.table.of(case.operation).figures()
            digest = kept_scenario(self.path, case.operation)
            return self.added(standing, ScenarioTaken, name=case.name, scenario=digest)

    def record(self, **told: Any) -> ForecastMade:
        """Write down a forecast that was made; one that the log has is not added again.

        Parameters
        ----------
        told : fields of `ForecastMade`.

        Raises
        ------
        RunError, ResultsError
            As of `enter`.
        """
        with self.writing() as standing:
            for entry in standing.of_kind(ForecastMade):
                if (entry.study, entry.began) == (told["study"], told["began"]):
                    return entry
            return self.added(standing, ForecastMade, **told)

    def _with(self, standing: StandingEntries) -> "KnownThen":
        """Return what follows from entries.

        Raises
        ------
        UnusableError
            If there is no scenario among them.
        RunError
            If the operation was deleted meanwhile.
        """
        if not standing.of_kind(ScenarioTaken):
            if not (self.path / LOG).is_file():
                raise RunError(not_followed(self.path))
            why = "no scenario stands in it"
            raise UnusableError(str(self.path / LOG), why, _CHANGED)
        taken = standing.scenario
        operation = _taken(self.path / TAKEN / f"{taken.scenario}.yaml")
        entered = {each.number: each.cells for each in standing.of_kind(FigureEntered)}
        table = KnownTable(self.path / GIVEN, entered, operation)
        return KnownThen(taken.name, operation, table, standing)

    def _check(
        self,
        standing: StandingEntries,
        kind: type[EntryUndone | EntryRedone],
        number: int,
    ) -> None:
        """Refuse what does not fit together once an entry is undone or redone.

        Raises
        ------
        EvidenceError
            With what then has no sense, or is counted twice.
        """
        entry = _new(standing, kind, entry=number)
        then = self._with(StandingEntries.of((*standing.entries, entry)))
        then.table.figures()
        before = self._with(standing).table.counted_twice()
        if new := [each for each in then.table.counted_twice() if each not in before]:
            raise EvidenceError(tuple(new))

    def added(self, standing: StandingEntries, kind: type[Kind], **told: Any) -> Kind:
        """Add an entry to the log, for one who is `writing`; return it.

        Once it is in the log it is kept. If the disk does not take the tables for other
        commands any more, the next look writes them.
        """
        entry = _new(standing, kind, **told)
        add_line(self.path / LOG, entry.model_dump_json())
        with suppress(OSError):
            self._show(StandingEntries.of((*standing.entries, entry)))
        return entry

    def _show(self, standing: StandingEntries) -> None:
        """Write what stands, for other commands."""
        known = self._with(standing)
        write_whole(self.path / SCENARIO, resolved_yaml(known.operation).encode())
        write_whole(self.path / EVIDENCE, known.evidence.encode())

    @contextmanager
    def writing(self) -> Iterator[StandingEntries]:
        """Give what stands, and keep others from adding to it meanwhile.

        Raises
        ------
        RunError
            If somebody else is at it all the time, or nobody can have the right to.
        """
        with in_plain_words(self.path), ExitStack() as held:
            self._hold(held)
            yield self.standing()

    def _hold(self, held: ExitStack) -> None:
        """Take the right to write, as soon as nobody else has it.

        Raises
        ------
        RunError
            If somebody else has it all the time, or nobody can have it.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            if not (self.path / LOG).is_file():
                raise RunError(not_followed(self.path))
            try:
                held.enter_context(locked(self.path / _LOCK))
            except HeldError as error:
                if time.monotonic() > deadline:
                    raise RunError(
                        f"{shown(self.path)} cannot be written now: another start is "
                        "at work on it. Try again."
                    ) from error
                time.sleep(_PAUSE_S)
            except LockError as error:
                if not (self.path / LOG).is_file():
                    raise RunError(not_followed(self.path)) from error
                _, why = error.args
                raise RunError(
                    f"{shown(self.path)} cannot be kept from others ({why}). Make sure "
                    "that you may write there, and delete the file 'lock' in it if "
                    "it is damaged."
                ) from error
            else:
                return


@dataclass(frozen=True, slots=True)
class Checked:
    """A figure before it is entered.

    Attributes
    ----------
    cells : by column, those that go without saying filled in.
    problems : sentences, by the column that each is about.
    """

    cells: Mapping[str, str]
    problems: tuple[CellProblem, ...]


@dataclass(frozen=True, slots=True)
class KnownThen:
    """An operation and its evidence as they stood at a moment.

    Attributes
    ----------
    name : of the scenario.
    operation : as it says.
    table : the evidence.
    standing : entries of the log that it follows from.
    """

    name: str
    operation: Operation
    table: KnownTable
    standing: StandingEntries = field(repr=False)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The documented figures."""
        return self.table.figures()

    @property
    def evidence(self) -> str:
        """The evidence as the text of a CSV file, of the usual form."""
        return figures_as_csv(self.figures)


def kept_scenario(folder: Path, operation: Operation) -> str:
    """Keep a scenario; return its hash, after which its file is called."""
    digest = scenario_hash(operation)
    path = folder / TAKEN / f"{digest}.yaml"
    if not path.exists():
        write_whole(path, resolved_yaml(operation).encode())
    return digest


def _taken(path: Path) -> Operation:
    """Return a scenario that was kept; it is read again only if its file has changed.

    To read it takes longer than all else that a page shows, which looks every second.
    """
    try:
        facts = path.stat()
    except OSError:
        return load(path)  # which says what is wrong with it
    return _read(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, mtime_ns: int, size: int) -> Operation:
    del mtime_ns, size
    return load(path)


def _new(standing: StandingEntries, kind: type[Kind], **told: Any) -> Kind:
    return kind(number=len(standing.entries) + 1, at=present.now(), **told)


def _chosen(
    entry: int | None, possible: tuple[int, ...], how: Literal["undo", "redo"]
) -> int:
    """Return the number of an entry.

    Raises
    ------
    OptionError
        If there is none, with those that there are.
    """
    if entry is None and possible:
        return possible[-1]
    if entry is None:
        nothing = say("there is nothing to take back.")
        if how == "redo":
            nothing = say("nothing was taken back.")
        raise OptionError("entry", nothing)
    if entry not in possible:
        there = joined(map(str, sorted(possible)), ", ") if possible else say("none")
        says = say(
            "{entry} cannot be taken back; entries that can: {entries}.",
            entry=entry,
            entries=there,
        )
        if how == "redo":
            says = say(
                "{entry} was not taken back; entries that were: {entries}.",
                entry=entry,
                entries=there,
            )
        raise OptionError("entry", says)
    return entry


def _local(now: datetime, operation: Operation) -> datetime:
    zone = operation.clock.local(0).tzinfo
    return now.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


def _entries(path: Path) -> tuple[Logged, ...]:
    """Return all entries of a log.

    Raises
    ------
    UnusableError
        If a line of it is no entry, or is out of place.
    """
    try:
        lines = whole_lines(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableError(str(path), "it cannot be read", _CHANGED) from error
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            entry = ENTRY.validate_json(line)
        except ValidationError as error:
            why = f"line {number} is no entry"
            raise UnusableError(str(path), why, _CHANGED) from error
        if entry.number != number:
            why = f"line {number} holds entry {entry.number}"
            raise UnusableError(str(path), why, _CHANGED)
        found.append(entry)
    return tuple(found)


def not_followed(path: Path) -> str:
    """Return that a folder is none of a followed operation, and how to begin one."""
    return (
        f"{shown(path)} is not the folder of a followed operation. Begin one with "
        "'follow begin SCENARIO FOLDER'."
    )
