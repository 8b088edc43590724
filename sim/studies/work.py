"""Where a study does its work, and who hears how far it is."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from sim.errors import RunError
from sim.experiment import Job, Runner
from sim.experiment.pool import Here, Pool, processes
from sim.studies.options import Where
from sim.studies.stopwatch import Stopwatch
from sim.studies.told import Step, Tell, WholeIs
from sim.studies.unfinished import Underway
from sim.words import Text

_FEWEST_RUNS = 16
"""Below, starting processes takes longer than running."""
_BROKEN = (
    "worker processes ended unexpectedly again and again, often because memory ran "
    "out. Try again with fewer, as in --workers 2, or with --workers 1."
)


@dataclass(frozen=True, slots=True)
class Work:
    """What a study works with.

    Attributes
    ----------
    pool : where runs are made.
    near : where this machine does the rest, as to draw pictures.
    tell : hears how far it is.
    """

    pool: Pool
    near: Pool
    tell: Tell

    def runner(
        self,
        study: Underway,
        what: Text,
        jobs: Sequence[Job] | None = None,
        *,
        whole_is: WholeIs = "known",
    ) -> Runner:
        """Return what runs the arms of a study, and keeps what has been run.

        Parameters
        ----------
        jobs : that it makes of its arms, always the same for the same plan; one of
            each arm if None.
        whole_is : what is known of how many runs it takes.
        """
        progress = self.progress(what, study.plan.runs, whole_is)
        own = study.plan.jobs() if jobs is None else jobs
        return Runner(own, study.stores(len(own)), self.pool, progress)

    def progress(
        self, what: Text, whole: int, whole_is: WholeIs = "known"
    ) -> Callable[[int], None]:
        """Return what tells how much of something is done, and how long it takes."""
        pace = Stopwatch()

        def progress(done: int) -> None:
            left_s = pace.seconds_left("", done, whole)
            self.tell(Step(what, done, whole, left_s, whole_is))

        return progress


@contextmanager
def working(
    where: Where, runs: int, tell: Tell, pool: Pool | None = None
) -> Iterator[Work]:
    """Give the place where so many runs are done.

    Parameters
    ----------
    where : to run.
    runs : of the whole study.
    tell : hears how far it is.
    pool : that is open already, in place of where.

    Raises
    ------
    RunError
        If the cluster does not answer, or the processes broke down.
    """
    try:
        if pool is not None:
            yield Work(pool, pool, tell)
        elif where.cluster:
            from sim.experiment.cluster import cluster  # noqa: PLC0415 (an extra)

            with cluster(where.cluster, where.certificates) as far:
                yield Work(far, Here(), tell)
        else:
            size = where.workers if runs >= _FEWEST_RUNS else 1
            with processes(size) as near:
                yield Work(near, near, tell)
    except BrokenExecutor as error:
        raise RunError(_BROKEN) from error
