"""Work on other machines, through dask.distributed (the extra `cluster`).

A scheduler runs whatever is sent to it, so it must only be reachable by those who may:
on this machine, or with certificates.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any, TypeVar

from sim.errors import RunError
from sim.experiment.pool import Pool

Result = TypeVar("Result")
_PATIENCE_S = 10
_RETRIES = 10
"""Lost workers that one piece of work survives; the scheduler begins it anew."""


class Cluster:
    """The workers of a scheduler.

    Parameters
    ----------
    client : connected to it.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor: Executor = client.get_executor(pure=False, retries=_RETRIES)
        self.size = max(1, sum(client.nthreads().values()))

    def submit(self, work: Callable[..., Result], *given: Any) -> Future[Result]:
        """Put a piece of work in line."""
        return self._executor.submit(work, *given)

    def renew(self) -> None:
        """Do nothing: the scheduler gives lost work to other workers by itself."""


@contextmanager
def cluster(address: str, certificates: tuple[str, str, str] | None) -> Iterator[Pool]:
    """Give the workers of a scheduler.

    Parameters
    ----------
    address : as `tcp://127.0.0.1:8786`; `tls://…` needs certificates.
    certificates : files of the authority, of our certificate and of its key.

    Raises
    ------
    RunError
        If the package is missing, the scheduler does not answer or has no workers.
    """
    try:
        from distributed import Client  # noqa: PLC0415 (half a second, for few)
        from distributed.security import Security  # noqa: PLC0415
    except ImportError as error:
        raise RunError(
            "--cluster needs the package distributed, which is not installed: "
            "pip install 'evacuation-convoys[cluster]'."
        ) from error
    security = None
    if certificates is not None:
        ca, cert, key = certificates
        security = Security(  # type: ignore[no-untyped-call]
            tls_ca_file=ca,
            tls_client_cert=cert,
            tls_client_key=key,
            require_encryption=True,
        )
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=_PATIENCE_S, security=security, set_as_default=False
        )
    except (OSError, ValueError, TypeError) as error:
        raise RunError(
            f"no scheduler answers at {address} ({error}). Start one with "
            "'python run.py cluster' and give the address that it prints."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE_S)
        except TimeoutError as error:
            raise RunError(
                f"the scheduler at {address} has no workers. Start one with "
                f"'python run.py cluster --join {address}'."
            ) from error
        yield Cluster(client)
