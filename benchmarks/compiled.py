"""The compiled model, in processes of its own: a process has it, or the plain one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from benchmarks.inputs import Arrival, arrivals_in
from benchmarks.timing import cpu_s
from sim.compiled import PLAIN, folder, in_use
from sim.compiled.build import CompilationError, compile_model
from sim.model import no_search_for_garbage, simulate
from sim.scenario import Operation


def compiled() -> str:
    """Compile the model if need be; return why that cannot be done, if so."""
    try:
        if not folder().is_dir():
            print("Compiling the model; this takes a minute.", flush=True)
            compile_model()
    except CompilationError as error:
        return str(error)
    return ""


@contextmanager
def processes_use_it() -> Iterator[None]:
    """Let processes that are started meanwhile use the compiled model."""
    plain = os.environ.pop(PLAIN, None)
    try:
        yield
    finally:
        if plain is not None:
            os.environ[PLAIN] = plain


class Elsewhere:
    """Replications of an operation by the compiled model, in a process that obeys."""

    def __init__(self, operation: Operation) -> None:
        context = get_context("spawn")
        self._pipe, there = context.Pipe()
        with processes_use_it():
            self._process = context.Process(
                target=_obey, args=(there, operation), daemon=True
            )
            self._process.start()

    def __call__(self, seed: int) -> list[Arrival]:
        """Run once; return the arrivals in order."""
        self._pipe.send(seed)
        arrivals: list[Arrival] = self._pipe.recv()
        return arrivals

    def cpu_s(self, seeds: range) -> float:
        """Return the processor time of one replication, on average over seeds [s]."""
        self._pipe.send(seeds)
        seconds: float = self._pipe.recv()
        return seconds

    def __enter__(self) -> "Elsewhere":
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.send(None)
        self._process.join()


def _obey(pipe: Connection, operation: Operation) -> None:
    if not in_use():
        raise RuntimeError("the compiled model is not in use")

    def run(seed: int) -> object:
        return simulate(operation, seed=seed)

    with no_search_for_garbage():
        while (wanted := pipe.recv()) is not None:
            if isinstance(wanted, int):
                pipe.send(arrivals_in(simulate(operation, seed=wanted)))
            else:
                pipe.send(cpu_s(run, wanted))
