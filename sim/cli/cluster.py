"""`cluster`: a scheduler and workers, on one machine or on many."""

from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING

import click

from sim.cli.options import tls_option, workers_option

if TYPE_CHECKING:
    from sim.experiment.cluster import Certificates

_PORT = 8786


@click.command()
@workers_option
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; others than this machine's own need --tls.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    help="Port to listen on; 0 for any that is free.",
)
@click.option("--join", metavar="ADDRESS", help="Only work for this scheduler.")
@tls_option
def cluster(
    *,
    workers: int,
    host: str,
    port: int,
    join: str | None,
    tls: "Certificates | None",
) -> None:
    """Start a scheduler with workers here, or workers for one elsewhere.

    Others then run on it with --cluster ADDRESS. It goes on until Ctrl-C.

    \f

    Raises
    ------
    click.BadParameter
        If others could reach it and nobody had to prove who he is.
    """  # noqa: D301 - where click ends its help
    from sim.experiment.cluster import join as join_cluster
    from sim.experiment.cluster import serve

    many = f"{workers} worker{'s' * (workers != 1)}"
    if join is not None:
        click.echo(f"{many} for {join}. Ctrl-C ends the work.")
        with suppress(KeyboardInterrupt):
            join_cluster(join, workers, tls)
        return
    if tls is None and not _is_this_machine(host):
        raise click.BadParameter(
            f"a scheduler runs whatever is sent to it, and {host} can be reached from "
            "other machines. Give --tls CA CERT KEY, or listen on 127.0.0.1 and let "
            "others come through ssh -L.",
            param_hint="--host",
        )
    with suppress(KeyboardInterrupt):
        for address in serve(workers, host, port, tls):
            click.echo(
                f"Scheduler at {address} with {many}. Ctrl-C ends it.\n"
                f"To run on it: python run.py run SCENARIO --cluster {address}"
            )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
