"""Work on other machines, through dask.distributed (the extra `cluster`).

A scheduler runs whatever is sent to it, so it must only be reachable by those who may:
on this machine, or with certificates.
"""

import asyncio
import logging
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from sim.errors import RunError
from sim.experiment.pool import Pool
from sim.experiment.program import fingerprint
from sim.invocation import program

Result = TypeVar("Result")
_ADDRESS = re.compile(r"(tcp|tls)://[^/\s]+:\d+")
_PATIENCE_S = 10
_LOST_WORKERS = 20
"""Workers that one piece of work may lose before it is taken to be their ruin."""


class Certificates(NamedTuple):
    """Files with which a cluster and those who use it prove who they are."""

    ca: str
    cert: str
    key: str


class Cluster:
    """The workers of a scheduler.

    Parameters
    ----------
    client : of distributed, connected.
    """

    def __init__(self, client: Any) -> None:
        self._executor: Executor = client.get_executor(pure=False, retries=2)
        self.size = max(1, sum(client.nthreads().values()))

    def submit(self, work: Callable[..., Result], *given: Any) -> Future[Result]:
        """Put a piece of work in line."""
        return self._executor.submit(work, *given)

    def renew(self) -> None:
        """Do nothing: the scheduler gives lost work to other workers by itself."""


@contextmanager
def cluster(address: str, certificates: Certificates | None = None) -> Iterator[Pool]:
    """Give the workers of a scheduler.

    Parameters
    ----------
    address : as `tcp://127.0.0.1:8786`; `tls://…` needs certificates.
    certificates : ours.

    Raises
    ------
    RunError
        If the package is missing, the scheduler does not answer or is lost, or it has
        no workers of this version of the program.
    """
    distributed = _distributed()
    _check(address, certificates)
    try:
        client = distributed.Client(
            address,
            timeout=_PATIENCE_S,
            security=_security(certificates),
            set_as_default=False,
        )
    except (OSError, ValueError, TypeError) as error:
        raise RunError(
            f"no scheduler answers at {address} ({error}). Start one with "
            f"'{program()} cluster' and give the address that it prints."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE_S)
        except TimeoutError as error:
            raise RunError(
                f"the scheduler at {address} has no workers. Start some with "
                f"'{program()} cluster --join {address}'."
            ) from error
        if _versions(client) != {fingerprint()}:
            raise RunError(
                f"workers at {address} have another version of the program. Bring all "
                "machines to the same version, and start scheduler and workers again."
            )
        lost = (distributed.scheduler.KilledWorker, CancelledError)
        try:
            yield Cluster(client)
        except lost as error:
            raise RunError(
                f"the cluster at {address} was lost ({type(error).__name__}). What has "
                "been run is kept."
            ) from error


def _versions(client: Any) -> set[str]:
    """Return what the workers say of their version; nothing if one does not know us."""
    try:
        return set(client.run(fingerprint).values())
    except Exception:  # noqa: BLE001 (a worker raises bare ones in our place)
        return set()


def serve(
    workers: int, host: str, port: int, certificates: Certificates | None
) -> Iterator[str]:
    """Run a scheduler and its workers on this machine; yield its address, then wait.

    Parameters
    ----------
    workers : processes; may be 0.
    host : address to listen on.
    port : to listen on; any free one if 0.
    certificates : with which others must prove who they are; none if None.

    Raises
    ------
    RunError
        If the package is missing, or the address cannot be had.
    """
    distributed = _distributed()
    _configure()
    try:
        server = distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host=host,
            scheduler_port=port,
            dashboard_address=f"{host}:0",
            scheduler_kwargs={"dashboard": False},
            security=_security(certificates),
        )
    except (OSError, RuntimeError) as error:
        raise RunError(
            f"no scheduler can be started on {host}, port {port}: {error}. Choose "
            "another with --host or --port."
        ) from error
    with server:
        yield server.scheduler_address
        server.sync(server.scheduler.finished)


def join(address: str, workers: int, certificates: Certificates | None) -> None:
    """Let processes of this machine work for a scheduler until it ends.

    Parameters
    ----------
    address : of the scheduler.
    workers : processes.
    certificates : ours.

    Raises
    ------
    RunError
        If the package is missing, or the scheduler does not answer.
    """
    distributed = _distributed()
    _check(address, certificates)
    _configure()
    # Listen only where the scheduler can reach us: on this machine if it is here.
    scheduler, _, _ = address.partition("://")[2].rpartition(":")
    host = distributed.utils.get_ip(scheduler)

    async def work() -> None:
        nannies = [
            distributed.Nanny(
                address,
                nthreads=1,
                host=host,
                dashboard=False,
                security=_security(certificates),
                death_timeout=_PATIENCE_S,
            )
            for _ in range(workers)
        ]
        await asyncio.gather(*nannies)
        await asyncio.gather(*(nanny.finished() for nanny in nannies))

    try:
        asyncio.run(work())
    except (OSError, RuntimeError, TimeoutError) as error:
        raise RunError(f"no scheduler answers at {address} ({error}).") from error


def _check(address: str, certificates: Certificates | None) -> None:
    """Check an address before anybody waits for an answer.

    Raises
    ------
    RunError
        If it is none, or if it takes certificates and there are none.
    """
    if not _ADDRESS.fullmatch(address):
        raise RunError(
            f"'{address}' is not the address of a scheduler. It looks like "
            "tcp://127.0.0.1:8786, or tls:// with certificates."
        )
    if address.startswith("tls:") and certificates is None:
        raise RunError(
            f"{address} asks for proof of who we are. Give --tls CA CERT KEY."
        )


def _configure() -> None:
    """Let the scheduler be patient, say little, and serve no pages."""
    import dask  # noqa: PLC0415 (comes with distributed)

    os.environ["DASK_LOGGING__DISTRIBUTED"] = "warning"  # for the workers
    dask.config.set(
        {
            "distributed.scheduler.allowed-failures": _LOST_WORKERS,
            "distributed.scheduler.http.routes": [],
            "distributed.worker.http.routes": [],
        }
    )
    logging.getLogger("distributed").setLevel(logging.WARNING)


def _security(certificates: Certificates | None) -> Any:
    if certificates is None:
        return None
    ca, cert, key = certificates
    same = {"cert": cert, "key": key}
    return _distributed().Security(
        require_encryption=True,
        tls_ca_file=ca,
        **{f"tls_{who}_{what}": file for who in _WHO for what, file in same.items()},
    )


_WHO = ("scheduler", "worker", "client")


def _distributed() -> Any:
    """Return the package, which takes half a second to load and few need.

    Raises
    ------
    RunError
        If it is not installed.
    """
    try:
        import distributed  # noqa: PLC0415
    except ImportError as error:
        raise RunError(
            "a cluster needs the package distributed, which is not installed. Install "
            "it where this program runs: pip install distributed."
        ) from error
    return distributed
