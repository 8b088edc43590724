"""A queue of studies, for a front that stays open.

The folder of results is the queue: a study that waits is an unfinished one whose
ticket says so. So whatever ends the program, the next start goes on with what waited
and with what ran, and a study that was stopped stays stopped. One is at work at a time,
in a process of its own; the others wait in their order. See docs/decisions/0018.
"""

import shutil
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

from sim.errors import RunError
from sim.report.contents import Report
from sim.studies.folder import gone_name, in_plain_words, prepare
from sim.studies.glimpse import Glimpse
from sim.studies.plan import StudyPlan
from sim.studies.server import Server
from sim.studies.shelf import Shelf, Title
from sim.studies.ticket import StudyStanding, Ticket, keep_ticket, read_ticket
from sim.studies.told import Step
from sim.studies.unfinished import at_work_on, begun, removed
from sim.words import Text, say

__all__ = ["Entry", "Queue", "StudyStanding"]

_ELSEWHERE = say(
    "Begun outside this queue, and not finished. What has been run is kept."
)
_WHY = {
    StudyStanding.STOPPED: say("Stopped. What has been run is kept."),
    StudyStanding.FAILED: say(
        "The process that ran it ended unexpectedly, often because memory ran out. "
        "What has been run is kept."
    ),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One study of a queue.

    Attributes
    ----------
    address : stable name: that of its folder once it is finished, and before.
    kind, title, typed, began : as of its plan; as far as anybody can tell.
    step : how far it is, while it is at work here.
    folder : of the results; None until it is finished.
    says : why it failed or stands still; None if it does not.
    """

    address: str
    kind: str
    title: str
    typed: str
    began: datetime
    standing: StudyStanding
    step: Step | None
    folder: Path | None
    says: Text
    _shelf: Shelf = field(repr=False)
    _read: Title = field(repr=False)

    @property
    def plan(self) -> StudyPlan | None:
        """Its plan, read when it is asked for.

        None if it is finished, or if the folder cannot be read.
        """
        return self._shelf.plan(self._read)


class Queue:
    """Studies that are done one after the other, in the order in which they were added.

    A context: studies are done as long as it lasts. Its functions may be called by
    several threads at the same time.

    Parameters
    ----------
    root : folder of results.
    workers : processes that run a study; one for each processor if 0.
    behind : whether it works only while nobody else on this machine does.
    """

    def __init__(self, root: Path, workers: int = 0, *, behind: bool = False) -> None:
        self._root = root
        self._shelf = Shelf(root)
        self._server = Server(self._shelf, workers, behind=behind)
        self._glimpses: dict[str, Glimpse] = {}
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> Self:
        """Begin to do what waits.

        Raises
        ------
        ResultsError
            If there can be no results there.
        """
        prepare(self._root)
        self._server.start()
        return self

    def __exit__(self, *error: object) -> None:
        """End what is at work; a later start goes on with it."""
        self._server.close()

    # What is asked of it

    def add(self, plan: StudyPlan) -> str:
        """Put a study at the end of the queue; return its address.

        It is on the disk when this returns.

        Raises
        ------
        ResultsError
            If the disk does not take it.
        """
        with self._one_at_a_time:
            study = begun(plan, self._root, Ticket(place=self._end()))
            self._shelf.put(study.path, plan)
        self._server.wake()
        return study.name

    def entries(self) -> list[Entry]:
        """Return all studies in the folder of results, those that began last first."""
        return [self._entry(title) for title in self._shelf.titles().values()]

    def entry(self, address: str) -> Entry:
        """Return one study.

        Raises
        ------
        KeyError
            If there is none of this address.
        """
        return self._entry(self._shelf.titles()[address])

    def stop(self, address: str) -> None:
        """Let a study rest until somebody resumes it; what has been run is kept.

        It is at rest a little later than this returns, if it is at work.

        Raises
        ------
        KeyError
            If there is none of this address.
        ResultsError
            If the disk does not take it.
        """
        title = self._shelf.titles()[address]
        if not title.finished:
            ticket = read_ticket(title.path) or Ticket(place=0)
            stopped = ticket.model_copy(update={"standing": StudyStanding.STOPPED})
            keep_ticket(title.path, stopped)
            self._server.wake()

    def resume(self, address: str) -> None:
        """Put a study that does not run at the end of the queue.

        Raises
        ------
        KeyError
            If there is none of this address.
        RunError
            If nobody can go on with it.
        ResultsError
            If the disk does not take it.
        """
        title = self._shelf.titles()[address]
        if title.refused:
            raise RunError(title.refused)
        if title.finished:
            return
        with self._one_at_a_time:
            ticket = read_ticket(title.path)
            if ticket is None or ticket.standing is not StudyStanding.WAITING:
                keep_ticket(title.path, Ticket(place=self._end()))
        self._server.wake()

    def remove(self, address: str) -> None:
        """Remove a study, with its results and all.

        Raises
        ------
        KeyError
            If there is none of this address.
        TakenError
            If another program is at work on it.
        ResultsError
            If the disk does not let us.
        """
        title = self._shelf.titles()[address]
        if title.finished:
            with in_plain_words(title.path):
                shutil.rmtree(title.path.rename(gone_name(title.path)))
            return
        self.stop(address)
        self._server.drop(address)
        removed(title.path)

    def glimpse(self, address: str) -> Report | None:
        """Return what the runs so far say of a study that is not finished.

        None before the first, and of kinds of which that cannot be told.

        Raises
        ------
        KeyError
            If there is none of this address.
        """
        titles = self._shelf.titles()
        plan = self._shelf.plan(titles[address])
        if plan is None:
            return None
        with self._one_at_a_time:
            gone = [each for each in self._glimpses if each not in titles]
            for each in gone:
                del self._glimpses[each]
            known = self._glimpses.get(address)
            if known is None or known.plan is not plan:
                known = Glimpse(titles[address].path, plan)
                self._glimpses[address] = known
        return known.report()

    # How it stands

    def _entry(self, title: Title) -> Entry:
        standing, says = self._standing(title)
        here = standing is StudyStanding.RUNNING
        return Entry(
            title.address,
            title.kind,
            title.title,
            title.typed,
            title.began,
            standing,
            self._server.step_of(title.address) if here else None,
            title.path if title.finished else None,
            says,
            self._shelf,
            title,
        )

    def _standing(self, title: Title) -> tuple[StudyStanding, Text]:
        """Return how a study stands, and why if it does not go on."""
        if title.finished:
            return StudyStanding.FINISHED, None
        if title.refused:
            return StudyStanding.FAILED, title.refused
        ticket = read_ticket(title.path)
        wanted = StudyStanding.STOPPED if ticket is None else ticket.standing
        if self._server.is_at_work_on(title.address):
            runs = wanted is StudyStanding.WAITING
        else:
            runs = at_work_on(title.path)
        if runs:
            return StudyStanding.RUNNING, None
        if ticket is None:
            return wanted, _ELSEWHERE
        return wanted, ticket.says or _WHY.get(wanted)

    def _end(self) -> int:
        """Return the place behind all others."""
        every = self._shelf.titles().values()
        tickets = (read_ticket(each.path) for each in every if not each.finished)
        return 1 + max((ticket.place for ticket in tickets if ticket), default=0)
