"""Where a command runs its work: here, in processes, or on a cluster."""

from collections.abc import Iterator
from contextlib import contextmanager

from sim.cli.wanted import Where
from sim.experiment.pool import Pool, processes

_FEWEST_RUNS = 16
"""Below, starting processes takes longer than running."""


@contextmanager
def pool_of(where: Where, runs: int) -> Iterator[Pool]:
    """Give the place where so many runs are done.

    Raises
    ------
    RunError
        If the cluster does not answer.
    """
    if where.cluster:
        from sim.experiment.cluster import cluster

        with cluster(where.cluster, where.certificates) as pool:
            yield pool
        return
    size = where.workers if runs >= _FEWEST_RUNS else 1
    with processes(size) as pool:
        yield pool
