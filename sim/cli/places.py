"""Where a command runs its work: here, in processes, or on a cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from sim.experiment.pool import Pool, processes

if TYPE_CHECKING:
    from sim.experiment.cluster import Certificates

_FEWEST_RUNS = 16
"""Below, starting processes takes longer than running."""


class Where(NamedTuple):
    """Where to run.

    Attributes
    ----------
    workers : processes of this machine.
    cluster : address of a scheduler; this machine if empty.
    certificates : for an address that begins with tls://.
    """

    workers: int
    cluster: str = ""
    certificates: "Certificates | None" = None


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
