"""Does the studies that wait in a folder of results, one after the other."""

import threading
import time

from sim.errors import SimError
from sim.studies.options import workers_here
from sim.studies.shelf import Shelf, Title
from sim.studies.study_file import STUDY_FILE
from sim.studies.ticket import StudyStanding, keep_ticket, read_ticket
from sim.studies.told import Step
from sim.studies.unfinished import at_work_on
from sim.studies.workshop import End, Workshop

_LOOK_S = 0.2
"""Between two looks whether a study at work is to be stopped."""
_REST_S = 1.0
"""Between two looks at what others have done in the folder."""
_FULL_S = 60.0
"""Before a study is tried again of which the disk does not take why it failed."""
_GRACE_S = 10.0
"""For a study that is asked to stop. What it has run is kept without it, too."""


class Server:
    """A thread that hands studies to a process and hears how far they are.

    What is to be done it reads off the folders alone; so it does not matter who says
    so, nor when.

    Parameters
    ----------
    shelf : where studies wait.
    workers : processes that run one; one for each processor if 0.
    behind : whether they work only while nobody else on this machine does.
    """

    def __init__(self, shelf: Shelf, workers: int = 0, *, behind: bool = False) -> None:
        self._shelf = shelf
        self._workers = workers or workers_here()
        self._behind = behind
        self._at_work, self._dropped = "", ""
        self._step: Step | None = None
        self._later: dict[str, float] = {}
        self._changes = threading.Condition()
        self._news, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name="queue", daemon=True)

    def start(self) -> None:
        """Begin to do what waits."""
        self._thread.start()

    def close(self) -> None:
        """End what is at work, at once; a later start goes on with it."""
        self._closing.set()
        self._news.set()
        self._thread.join()

    def wake(self) -> None:
        """Look at once what is to be done."""
        self._news.set()

    def is_at_work_on(self, address: str) -> bool:
        """Tell whether a study is being done here."""
        return self._at_work == address

    def step_of(self, address: str) -> Step | None:
        """Return how far a study is; None if it has told nothing, or is elsewhere."""
        with self._changes:
            return self._step if self._at_work == address else None

    def drop(self, address: str) -> None:
        """End work on a study at once, if it is being done; it must not wait."""
        with self._changes:
            self._dropped = address
            self._changes.wait_for(lambda: self._at_work != address)
            self._dropped = ""

    # The thread

    def _serve(self) -> None:
        shop: Workshop | None = None
        try:
            while not self._closing.is_set():
                self._news.clear()
                try:
                    if shop is None or not shop.alive:
                        shop = self._opened(shop)
                    title = self._next()
                except OSError:  # a disk is away, or there is no room for a process
                    title = None
                if title is None or shop is None:
                    self._news.wait(_REST_S)
                    continue
                if self._done(title, shop) not in {"finished", "taken"}:
                    shop.close()
        finally:
            if shop is not None:
                shop.close()

    def _opened(self, before: Workshop | None) -> Workshop:
        """Return a process that is ready, in place of one that has ended."""
        if before is not None:
            before.close()
        return Workshop(self._workers, behind=self._behind)

    def _next(self) -> Title | None:
        """Return the study whose turn it is; None if none waits.

        Those at which somebody else is at work are passed over.
        """
        waiting = []
        for title in self._shelf.titles().values():
            ticket = (
                None if title.finished or title.refused else read_ticket(title.path)
            )
            if ticket is not None and ticket.standing is StudyStanding.WAITING:
                waiting.append((ticket.place, title.age, title))
        now_s = time.monotonic()
        for _, _, title in sorted(waiting, key=lambda each: each[:2]):
            later = self._later.get(title.address, 0.0) > now_s
            if not later and not at_work_on(title.path):
                return title
        return None

    def _done(self, title: Title, shop: Workshop) -> str:
        """Let a study be done; return how that ended."""
        with self._changes:
            self._at_work, self._step = title.address, None
        try:
            shop.begin(title.path)
            end = self._heard_out(title, shop)
            if end.how == "taken":
                self._later[title.address] = time.monotonic() + _REST_S
            elif end.how in {"failed", "lost"}:
                _fail(title, end.says)
        except (OSError, SimError):  # a full disk does not even take why it failed
            self._later[title.address] = time.monotonic() + _FULL_S
            return "failed"
        finally:
            with self._changes:
                self._at_work, self._step = "", None
                self._changes.notify_all()
        return end.how

    def _heard_out(self, title: Title, shop: Workshop) -> End:
        """Return how a study ended; stop it if it is to wait no more."""
        until_s: float | None = None
        while True:
            told = shop.told(_LOOK_S)
            if isinstance(told, End):
                return told
            if isinstance(told, Step):
                with self._changes:
                    self._step = told
            if self._closing.is_set() or self._dropped == title.address:
                shop.close()
                return End("stopped")
            if until_s is None:
                if not _is_to_stop(title):
                    continue
                shop.stop()
                until_s = time.monotonic() + _GRACE_S
            elif time.monotonic() > until_s:
                shop.close()
                return End("stopped")


def _is_to_stop(title: Title) -> bool:
    """Tell whether a study at work waits no more; one that is finished need not."""
    ticket = read_ticket(title.path)
    waits = ticket is not None and ticket.standing is StudyStanding.WAITING
    return not waits and (title.path / STUDY_FILE).is_file()


def _fail(title: Title, says: str) -> None:
    """Keep why a study failed, unless somebody has stopped it meanwhile."""
    ticket = read_ticket(title.path)
    if ticket is None or ticket.standing is not StudyStanding.WAITING:
        return
    failed = {"standing": StudyStanding.FAILED, "says": says}
    keep_ticket(title.path, ticket.model_copy(update=failed))
