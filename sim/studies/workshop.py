"""A process in which studies are done, one after the other, ready before it is asked.

To start Python, load the program and start workers takes longer than a hundred runs.
So it is done ahead, and a process that has done a study does the next. It ends with the
process that started it, however that ends: what has been run is on the disk.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sim.errors import SimError, StoppedError, TakenError
from sim.studies.told import Step, Tell, Told

if TYPE_CHECKING:
    from sim.experiment.pool import Pool

_PAUSE_S = 0.1
"""Between two steps that are told: a reader sees no more, and a pipe is not filled."""
_CLOSING_S = 5.0
"""For a process that is asked to end."""
_STOP, _CLOSE = "stop", ""
_GIVES_WAY = 5
"""Steps of `nice`: a third of the time of who wants a processor as well."""
_LAST = 19
"""Steps of `nice` after which a process has what is left by others."""


class End(NamedTuple):
    """How work on a study ended.

    Attributes
    ----------
    how : `taken`: somebody else is at work on it; `lost`: the process died.
    says : why it failed.
    """

    how: Literal["finished", "stopped", "failed", "taken", "lost"]
    says: str = ""


class Workshop:
    """The process, seen by who started it.

    Parameters
    ----------
    workers : processes that it runs studies in; with one, it runs them itself.
    behind : whether all of them work only while nobody else on this machine does.
    """

    def __init__(self, workers: int, *, behind: bool = False) -> None:
        context = get_context("spawn")
        orders, self._orders = context.Pipe(duplex=False)
        self._told, tells = context.Pipe(duplex=False)
        # Not a daemon, which could have no workers; whoever starts it closes it.
        self._process = context.Process(
            target=_serve, args=(orders, tells, workers, behind)
        )
        with _undisturbed():
            self._process.start()
        orders.close()
        tells.close()

    @property
    def alive(self) -> bool:
        """Whether it can be asked for anything."""
        return not self._orders.closed and self._process.is_alive()

    def begin(self, path: Path) -> None:
        """Let it go on with the study in a folder."""
        self._ask(str(path))

    def stop(self) -> None:
        """Let it interrupt the study: it soon tells its end."""
        self._ask(_STOP)

    def told(self, within_s: float) -> Told | End | None:
        """Return what it tells next; None if that is nothing for so long."""
        try:
            if not self._told.poll(within_s):
                return None
            told: Told | End = self._told.recv()
        except (EOFError, OSError):
            return End("lost")
        return told

    def close(self) -> None:
        """End it, whatever it does: by itself if it hears, which is tidier."""
        self._ask(_CLOSE)
        self._process.join(_CLOSING_S)
        self._process.kill()
        self._process.join()
        self._orders.close()
        self._told.close()

    def _ask(self, order: str) -> None:
        with suppress(OSError):  # it is dead, which it tells as well
            self._orders.send(order)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let a process that is started hear of no Ctrl-C before it can answer it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# What the process does


class _Bell:
    """Interrupts a study, once, if that is asked for and as long as it is at work.

    A Ctrl-C reaches all processes of a terminal; what it means for studies is for who
    started this one to say.
    """

    def __init__(self) -> None:
        self._asked = self._heard = False
        for name in ("SIGINT", "SIGHUP", "SIGBREAK"):
            if (number := getattr(signal, name, None)) is not None:
                signal.signal(number, self._answer)
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

    def still(self) -> None:
        """Forget what was asked: another study comes next."""
        self._asked = False

    def ring(self) -> None:
        """Interrupt the study; called by another thread than that at work."""
        self._asked = True
        if hasattr(signal, "pthread_kill"):  # it also ends a wait for workers
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        else:
            signal.raise_signal(signal.SIGINT)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Let the study within be interrupted.

        Raises
        ------
        KeyboardInterrupt
            If it is, or if that was asked before it began.
        """
        self._heard = True
        try:
            if self._asked:
                raise KeyboardInterrupt
            yield
        finally:
            self._heard = False

    def _answer(self, number: int, frame: Any) -> None:
        if self._asked and self._heard:
            self._heard = False
            raise KeyboardInterrupt


def _serve(orders: Connection, tells: Connection, workers: int, behind: bool) -> None:
    """Do the studies in the folders that are told, until one does not end well."""
    _give_way(_LAST if behind else _GIVES_WAY)
    from sim.experiment.pool import processes  # noqa: PLC0415 (who starts us need not)

    bell, line = _Bell(), SimpleQueue[str]()
    listener = threading.Thread(target=_listen, args=(orders, line, bell), daemon=True)
    listener.start()
    with processes(workers) as pool:
        _get_ready()
        end = End("finished")
        while end.how in {"finished", "taken"}:
            path = line.get()
            if path == _CLOSE:
                return
            end = _done(Path(path), pool, _teller(tells), bell)
            with suppress(OSError):  # nobody listens any more
                tells.send(end)


def _listen(orders: Connection, line: SimpleQueue[str], bell: _Bell) -> None:
    """Pass orders on, and end this process when nobody can give any more."""
    while True:
        try:
            order = orders.recv()
        except (EOFError, OSError):
            os._exit(1)
        if order not in {_STOP, _CLOSE}:
            bell.still()
        if order != _STOP:
            line.put(order)
        if order in {_STOP, _CLOSE}:
            bell.ring()


def _give_way(steps: int) -> None:
    """Let whoever works on this machine go first, and so the front that they look at.

    Workers are started from here, so it is true of them, too.
    """
    if hasattr(os, "nice"):
        os.nice(steps)


def _get_ready() -> None:
    """Load what most studies need, while workers start."""
    for module in ("finish", "run", "comparison"):
        import_module(f"sim.studies.{module}")


def _done(path: Path, pool: "Pool", tell: Tell, bell: _Bell) -> End:
    """Finish the study in a folder; return how that ended."""
    from sim.studies.finish import finished  # noqa: PLC0415 (workers start meanwhile)
    from sim.studies.unfinished import found  # noqa: PLC0415

    try:
        with bell.heard():
            study = found(path)
            if study.cleared() is None:
                finished(study, tell=tell, pool=pool, keep=True)
    except (KeyboardInterrupt, StoppedError):
        return End("stopped")
    except TakenError:
        return End("taken")
    except SimError as error:
        return End("failed", str(error))
    except Exception as error:  # noqa: BLE001 (it is for whoever asked for the study)
        return End("failed", f"{type(error).__name__}: {error}")
    return End("finished")


def _teller(tells: Connection) -> Tell:
    """Return what tells how far a study is, not more often than anybody looks."""
    due = 0.0

    def tell(told: Told) -> None:
        nonlocal due
        if isinstance(told, Step) and told.done != told.whole:
            if time.monotonic() < due:
                return
            due = time.monotonic() + _PAUSE_S
        with suppress(OSError):  # likewise
            tells.send(told)

    return tell
