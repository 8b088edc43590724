"""What the system does to a command: signals end it, and an output takes nothing."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

import click

_ENDS_US = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals, where the system has them, that end a command as Ctrl-C does."""
_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
_CLOSED = "The output was closed before everything was printed."
_REFUSED = "Not everything was printed: the output does not take it ({why})."


class _Heeded:
    """A stream that keeps in mind what went wrong when something was written to it.

    What was not taken may be kept nowhere, and to try again may then say nothing.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text."""
        with self._heeding():
            return self._stream.write(text)

    def flush(self) -> None:
        """See onto its way what was written."""
        with self._heeding():
            self._stream.flush()

    @contextmanager
    def _heeding(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.error = error
            raise


def take_care() -> None:
    """Let other signals end a command as Ctrl-C does, and heed what outputs take.

    What somebody asked the system to ignore, as nohup does, stays ignored.
    """
    for name, mode in _STREAMS:
        if getattr(sys, name) is None:  # it was closed before we began
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    sys.stdout = cast(TextIO, _Heeded(sys.stdout))
    for name in _ENDS_US:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def complain(sentence: str) -> None:
    """Say what is wrong on the error stream, if that takes anything."""
    with suppress(OSError):
        click.echo(sentence, err=True)


def refused() -> str:
    """Return what to say of an output that took not everything; nothing if it did.

    It takes nothing more then, so that nobody fails with it again.
    """
    with suppress(OSError):
        sys.stdout.flush()
    error = getattr(sys.stdout, "error", None)
    if error is None:
        return ""
    _to_nowhere(sys.stdout.fileno())
    vars(sys.stdout)["error"] = None
    if isinstance(error, BrokenPipeError):
        return _CLOSED
    return _REFUSED.format(why=error.strerror)


def quiet_errors() -> None:
    """Let an error stream that takes nothing be no error in itself."""
    try:
        sys.stderr.flush()
    except OSError:
        _to_nowhere(sys.stderr.fileno())


def _to_nowhere(handle: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, handle)
    os.close(nowhere)
