"""Runs operations many times, and keeps what has been run."""

from collections.abc import Callable, Sequence

from sim.evidence.figures import Figure
from sim.experiment.pool import Here, Pool
from sim.experiment.replicate import Band, Job, replicated
from sim.experiment.store import Beginning, Memory, Store
from sim.experiment.study import Study
from sim.experiment.work import worked_through
from sim.scenario import Operation

Progress = Callable[[int], None]


class AllFailedError(Exception):
    """Every replication of a job failed. Args: place of the job, first failure."""

    def __str__(self) -> str:
        _, first = self.args
        return f"every replication failed; the first: {first.error}"


class Runner:
    """Runs operations as often as it is asked, and keeps what has been run.

    Parameters
    ----------
    jobs : what to run.
    stores : of each job; what they hold already is not run again.
    pool : where.
    progress : called with the number of replications done so far, of all jobs.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        stores: Sequence[Store],
        pool: Pool,
        progress: Progress = lambda done: None,
    ) -> None:
        self._jobs = tuple(jobs)
        self._stores = tuple(stores)
        self._pool = pool
        self._progress = progress
        self._kept = [store.done() for store in stores]

    def upto(
        self, replications: int, jobs: Sequence[int] | None = None
    ) -> tuple[Study, ...]:
        """Return studies of so many replications each, having run what is missing.

        Parameters
        ----------
        replications : of each job.
        jobs : places of the jobs to run; None for all.

        Raises
        ------
        AllFailedError
            If every replication of a job failed.
        BrokenExecutor
            If workers are lost again and again.
        """
        chosen = range(len(self._jobs)) if jobs is None else jobs
        studies = self.tried(replications, chosen)
        for job, study in zip(chosen, studies, strict=True):
            if not len(study.replications):
                raise AllFailedError(job, study.failures[0])
        return studies

    def tried(
        self, replications: int, jobs: Sequence[int] | None = None
    ) -> tuple[Study, ...]:
        """Do what `upto` does, but also return studies without a run that worked."""
        chosen = range(len(self._jobs)) if jobs is None else jobs
        missing = [
            [n for n in range(replications) if n not in self._kept[job]]
            for job in chosen
        ]
        self._tell()
        own = [self._jobs[job] for job in chosen]
        for chunk, rows in worked_through(own, missing, replicated, self._pool):
            job = chosen[chunk.job]
            self._stores[job].add(rows)
            self._kept[job].update(chunk.replications)
            self._tell()
        return tuple(self._study(job, replications) for job in chosen)

    def _study(self, job: int, replications: int) -> Study:
        store = self._stores[job]
        if max(self._kept[job], default=0) >= replications:
            store = Beginning(store, replications)
        return Study(self._jobs[job], store)

    def _tell(self) -> None:
        self._progress(sum(map(len, self._kept)))


def run_study(
    operation: Operation,
    figures: Sequence[Figure] = (),
    *,
    seed: int,
    replications: int,
    band: Band = "chance",
    per_draw: int = 1,
    at_moments: Sequence[str] = (),
    pool: Pool | None = None,
    store: Store | None = None,
) -> Study:
    """Run an operation many times.

    Parameters
    ----------
    operation : what to run.
    figures : documented figures to read off each run.
    seed : root of all random numbers.
    replications : how many.
    band : `chance`: all runs share the values of the file; `knowledge and chance`:
        what is not known is drawn from its range.
    per_draw : replications in a row that share a draw.
    at_moments : metrics at a moment, as `still_inside@2016-12-19T08:00`.
    pool : where to run; in this process if None.
    store : where to keep them; what it holds already is not run again. In memory if
        None.

    Raises
    ------
    AllFailedError
        If every replication failed.
    """
    job = Job(
        *(operation, tuple(figures), seed, band, per_draw),
        at_moments=tuple(at_moments),
    )
    (study,) = Runner([job], [store or Memory()], pool or Here()).upto(replications)
    return study
