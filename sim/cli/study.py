"""Runs scenarios many times for a command; what goes wrong becomes a sentence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.cli.options import command_as_typed
from sim.cli.places import pool_of
from sim.cli.screen import progress
from sim.cli.wanted import Wanted, Where
from sim.errors import RunError
from sim.experiment import Job, Runner, Study
from sim.experiment.pool import Pool
from sim.experiment.runner import AllFailedError, run_study
from sim.experiment.store import Memory, Store
from sim.scenario import Operation

if TYPE_CHECKING:
    from sim.cli.scenarios import Opened
    from sim.results.unfinished import Arm, Plan, Unfinished

Sampled = TypeVar("Sampled")
BROKEN = (
    "worker processes ended unexpectedly again and again, often because memory ran "
    "out. Try again with fewer, as in --workers 2, or with --workers 1."
)


def planned(
    command: str,
    title: str,
    arms: "Sequence[Arm]",
    wanted: Wanted,
    began: datetime,
    options: dict[str, Any],
    base: "Arm | None" = None,
) -> "Plan":
    """Return what a study is to do, as it is kept on the disk.

    Parameters
    ----------
    command : that does it.
    title : what its folder is called after.
    arms : the scenarios.
    wanted : how often to run them.
    began : now.
    options : further ones of the command.
    base : of arms that only change it.
    """
    from sim.results.unfinished import Plan

    if wanted.knowledge and not any(each.operation.uncertain for each in arms):
        click.echo(
            "The scenario has nothing under 'uncertain', so --knowledge draws nothing.",
            err=True,
        )
    return Plan(
        command=command,
        title=title,
        arms=tuple(arms),
        seed=wanted.seed,
        replications=wanted.replications,
        band=wanted.band,
        per_draw=wanted.per_draw,
        options=options,
        typed=command_as_typed(),
        began=began,
        base=base,
    )


def tried(operation: Operation, wanted: Wanted) -> Study:
    """Return a study of one run, to see which metrics there are before all are run.

    Raises
    ------
    RunError
        If it fails.
    """
    try:
        return run_study(
            operation,
            seed=wanted.seed,
            replications=1,
            band=wanted.band,
            per_draw=wanted.per_draw,
        )
    except AllFailedError as error:
        raise RunError(f"the first run to see what is measured: {error}") from error


def measured(found: "Opened", wanted: Wanted, where: Where) -> Study:
    """Return the study of a scenario, kept in memory only.

    Raises
    ------
    RunError
        If the processes broke down, or every run failed.
    """
    many = wanted.replications
    job = Job(found.operation, found.figures, wanted.seed, wanted.band, wanted.per_draw)

    def sample(runner: Runner) -> Study:
        return runner.upto(many)[0]

    try:
        with _working([job], [Memory()], many, where, sample) as (study, _):
            return study
    except AllFailedError as error:
        raise RunError(f"{found.name}: {error}") from error


@contextmanager
def carried_on(
    study: "Unfinished", where: Where, sample: Callable[[Runner], Sampled]
) -> Iterator[tuple[Sampled, Pool]]:
    """Run what is missing of a study; give it, and the processes for more work.

    When the caller is done the folder of the unfinished study is removed; if anything
    stops it before, what has been run is kept and the user is told how to go on.

    Parameters
    ----------
    study : to go on with.
    where : to run it.
    sample : asks for runs, and returns what the caller wants of them.

    Raises
    ------
    RunError
        If the processes broke down, or every run failed.
    click.ClickException
        If a word of the command turns out to be wrong.
    click.exceptions.Exit
        If the user stops it.
    """
    stores = study.stores()
    with study.held() as hold:
        try:
            most = len(stores) * study.plan.replications
            with _working(study.plan.jobs(), stores, most, where, sample) as given:
                yield given
            hold.discard()
        except KeyboardInterrupt as stop:
            click.echo(_stopped(study, stores), err=True)
            raise click.exceptions.Exit(130) from stop
        except AllFailedError as error:
            hold.discard()
            place, _ = error.args
            raise RunError(f"{study.plan.arms[place].name}: {error}") from error
        except click.ClickException:
            hold.discard()  # a wrong word in the command: nobody will go on with it
            raise
        finally:
            if not hold.worthless and not _kept(stores):
                hold.discard()


def tell_failures(studies: Iterable[Study]) -> None:
    """Say how many runs failed.

    Raises
    ------
    click.exceptions.Exit
        If any did.
    """
    failed, whole = 0, 0
    for study in studies:
        failed += len(study.failures)
        whole += len(study.replications) + len(study.failures)
    if failed:
        told = f"{failed:,} of {whole:,} runs failed; why is in failures.csv."
        click.echo(told, err=True)
        raise click.exceptions.Exit(1)


def _kept(stores: Sequence[Store]) -> int:
    return sum(len(store.done()) for store in stores)


@contextmanager
def _working(
    jobs: Sequence[Job],
    stores: Sequence[Store],
    most: int,
    where: Where,
    sample: Callable[[Runner], Sampled],
) -> Iterator[tuple[Sampled, Pool]]:
    try:
        with pool_of(where, most) as pool:
            with progress(most, "runs") as show:
                sampled = sample(Runner(jobs, stores, pool, show))
            yield sampled, pool
    except BrokenExecutor as error:
        raise RunError(BROKEN) from error


def _stopped(study: "Unfinished", stores: Sequence[Store]) -> str:
    """Return what to tell the user who stopped a study."""
    kept = _kept(stores)
    if not kept:
        return "Stopped. Nothing was written; start again to get the same results."
    whole = len(stores) * study.plan.replications
    return (
        f"Stopped. {kept:,} of {whole:,} runs are kept. To go on:\n"
        f"  python run.py resume {study.path}"
    )
