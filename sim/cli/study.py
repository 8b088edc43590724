"""Runs a scenario many times for a command; its failures become sentences."""

from collections.abc import Iterator
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import NamedTuple

import click

from sim.cli.pool import workers_for
from sim.cli.scenarios import Opened
from sim.cli.screen import progress
from sim.errors import RunError
from sim.experiment import Study, run_study

_BROKEN = (
    "a worker process ended unexpectedly, often because memory ran out. Try again with "
    "fewer processes, as in --workers 2, or with --workers 1."
)


class Wanted(NamedTuple):
    """How to run a scenario."""

    replications: int
    seed: int
    workers: int
    knowledge: bool


@contextmanager
def studied(found: Opened, wanted: Wanted) -> Iterator[tuple[Study, Executor | None]]:
    """Give the study of a scenario, and the processes that ran it for more work.

    Raises
    ------
    RunError
        If the processes broke down, or every run failed.
    """
    if wanted.knowledge and not found.operation.uncertain:
        click.echo(
            "The scenario has nothing under 'uncertain', so --knowledge draws nothing.",
            err=True,
        )
    try:
        with workers_for(wanted.replications, wanted.workers) as pool:
            yield _run(found, wanted, pool), pool
    except BrokenProcessPool as error:
        raise RunError(_BROKEN) from error


def _run(found: Opened, wanted: Wanted, pool: Executor | None) -> Study:
    """Return the study.

    Raises
    ------
    RunError
        If every run failed.
    RuntimeError
        If the processes broke down.
    """
    with progress(wanted.replications, "runs") as show:
        try:
            return run_study(
                found.operation,
                found.figures,
                seed=wanted.seed,
                replications=wanted.replications,
                band="knowledge and chance" if wanted.knowledge else "chance",
                pool=pool,
                workers=wanted.workers,
                progress=show,
            )
        except RuntimeError as error:
            if isinstance(error, BrokenProcessPool):
                raise
            raise RunError(str(error)) from error
