"""Where chunks of work are done: here, in processes, or on a cluster.

Everything above this seam hands out functions and gets their results back; it never
asks where they ran.
"""

import os
import pickle
import shutil
import signal
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory, gettempdir
from threading import Thread, current_thread, main_thread
from typing import Any, Literal, Protocol, TypeVar

from sim.errors import RunError
from sim.experiment.lock import HeldError, LockError, locked

_PREFIX = "convoys-"
"""How the names of our temporary folders begin."""
_LOCK = "lock"
_FRESH_S = 60
"""Age at which the owner of a temporary folder has its lock, if it is alive."""

Result = TypeVar("Result")
Message = bytes | str
"""Something pickled, or the path of the file that it is in."""
_SHORT = 2048
"""Bytes that a pipe takes whole or not at all (PIPE_BUF is 4,096 on Linux)."""
StartMethod = Literal["spawn", "fork"]


class Pool(Protocol):
    """A place where work is done.

    Attributes
    ----------
    size : pieces of work that it does at the same time.
    """

    size: int

    def submit(self, work: Callable[..., Result], *given: Any) -> Future[Result]:
        """Begin a piece of work, or put it in line."""
        ...

    def renew(self) -> None:
        """Replace workers that have been lost, with all work that was under way."""
        ...


class Here:
    """Does every piece of work at once, in this process."""

    size = 1

    def submit(self, work: Callable[..., Result], *given: Any) -> Future[Result]:
        """Do the work and return its result, or what it raised, as a future."""
        future: Future[Result] = Future()
        try:
            future.set_result(work(*given))
        except Exception as error:  # noqa: BLE001 (it is for whoever asks the future)
            future.set_exception(error)
        return future

    def renew(self) -> None:
        """Do nothing: this process is never lost."""


class Processes:
    """Processes of this machine.

    What is sent to them and back goes through files, and only short messages through
    pipes: a process that is killed in the middle of a long one would leave the other
    end waiting for the rest for ever.

    Parameters
    ----------
    size : how many.
    start : how they are started. `spawn` is the same on every system, and copies no
        thread half-way.
    folder : for files that are sent.
    """

    def __init__(self, size: int, start: StartMethod, folder: str) -> None:
        self.size = size
        self._start = start
        self._folder = folder
        self._executor = self._started()

    def submit(self, work: Callable[..., Result], *given: Any) -> Future[Result]:
        """Put a piece of work in line."""
        sent = _posted((work, given), self._folder)
        answer = self._executor.submit(_answered, sent, self._folder)
        outcome: Future[Result] = Future()
        answer.add_done_callback(partial(_hand_over, outcome))
        return outcome

    def renew(self) -> None:
        """Start new processes in place of all."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._started()

    def close(self) -> None:
        """End the processes; work in line is not begun."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _started(self) -> Executor:
        """Start all processes while Ctrl-C and a hang-up are not heard.

        They inherit that. Both reach every process of a terminal, and each would print
        where it was.
        """
        with _deaf():
            executor = ProcessPoolExecutor(
                self.size,
                get_context(self._start),
                initializer=_be_a_worker,
                initargs=(self._folder,),
            )
            for _ in range(self.size):
                executor.submit(_be_deaf)
        return executor


@contextmanager
def processes(
    size: int, start: StartMethod = "spawn", *, apart: bool = False
) -> Iterator[Pool]:
    """Give processes of this machine, ended when the work is over.

    Parameters
    ----------
    size : how many; with one, work is done in this process.
    start : how they are started.
    apart : whether a single one is a process of its own, too.
    """
    if size == 1 and not apart:
        yield Here()
        return
    with _temporary_folder() as folder:
        pool = Processes(size, start, folder)
        try:
            yield pool
        finally:
            pool.close()


@contextmanager
def _temporary_folder() -> Iterator[str]:
    """Give a folder that goes with this process, or at a later start.

    Raises
    ------
    RunError
        If the disk does not take it.
    """
    _remove_what_the_dead_left()
    try:
        with (
            TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder,
            locked(Path(folder) / _LOCK),
        ):
            yield folder
    except LockError as error:
        raise RunError(_no_room(gettempdir(), error)) from error


def _remove_what_the_dead_left() -> None:
    """Remove the temporary folders of ours whose owner was killed.

    A process has the lock in its folder as long as it lives, also where its number says
    nothing here, as that of one in a container.
    """
    for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, HeldError, LockError):
            facts = folder.lstat()
            mine = not hasattr(os, "getuid") or facts.st_uid == os.getuid()
            fresh = time.time() - facts.st_mtime < _FRESH_S
            if mine and not fresh and stat.S_ISDIR(facts.st_mode):
                with locked(folder / _LOCK):
                    pass
                shutil.rmtree(folder, ignore_errors=True)


def _no_room(folder: str, error: Exception) -> str:
    return (
        f"the folder for temporary files, {folder}, does not take what processes tell "
        f"each other ({error}). Make room there, name another folder in the variable "
        "TMPDIR, or use --workers 1."
    )


def _posted(content: object, folder: str) -> Message:
    """Return what can be sent at one go: the content itself, or the file it is in.

    Raises
    ------
    RunError
        If the disk does not take the file.
    """
    packed = pickle.dumps(content, pickle.HIGHEST_PROTOCOL)
    if len(packed) <= _SHORT:
        return packed
    try:
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(packed)
    except OSError as error:
        raise RunError(_no_room(folder, error)) from error
    return file.name


def _opened(message: Message) -> Any:
    """Return what was posted; a file of it is gone then."""
    if isinstance(message, bytes):
        return pickle.loads(message)  # noqa: S301 (from our own processes)
    path = Path(message)
    content = pickle.loads(path.read_bytes())  # noqa: S301 (likewise)
    path.unlink()
    return content


def _answered(message: Message, folder: str) -> Message:
    """Do a piece of work that was posted, and post the result."""
    work, given = _opened(message)
    return _posted(work(*given), folder)


def _hand_over(outcome: Future[Result], answer: Future[Message]) -> None:
    """Give the result of a piece of work to who waits for it, or what it raised."""
    try:
        outcome.set_result(_opened(answer.result()))
    except BaseException as error:  # noqa: BLE001 (it is for whoever asks the future)
        outcome.set_exception(error)


def _be_a_worker(folder: str) -> None:
    """Leave Ctrl-C to the process that started this one, and end with it.

    However that ends, by a signal that nobody can hear too: else its workers would wait
    for work for ever.
    """
    _be_deaf()
    Thread(target=_end_with_parent, args=(folder,), daemon=True).start()


def _end_with_parent(folder: str) -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)


@contextmanager
def _deaf() -> Iterator[None]:
    """Let processes that are started hear neither Ctrl-C nor a hang-up."""
    if current_thread() is main_thread():
        heard = _be_deaf()
        try:
            yield
        finally:
            for number, handler in heard.items():
                signal.signal(number, handler)
    elif hasattr(signal, "pthread_sigmask"):  # others may not say who answers a signal
        terminal = {signal.SIGINT, signal.SIGHUP}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, terminal)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    else:
        yield


def _be_deaf() -> dict[int, Any]:
    """Leave what reaches a whole terminal to the process that started this one.

    Returns
    -------
    dict
        What was done before, by the number of the signal.
    """
    return {
        number: signal.signal(number, signal.SIG_IGN)
        for name in ("SIGINT", "SIGHUP")
        if (number := getattr(signal, name, None)) is not None
    }
