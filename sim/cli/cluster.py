"""`cluster`: a scheduler and workers, on one machine or on many."""

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from sim.cli.options import language_option, tls_option, workers_option

if TYPE_CHECKING:
    from sim.studies.options import Certificates

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
@language_option
def cluster(
    *,
    workers: int,
    host: str,
    port: int,
    join: str | None,
    tls: "Certificates | None",
    language: str,
) -> None:
    """Start a scheduler with workers here, or workers for one elsewhere.

    Others then run on it with --cluster ADDRESS. It goes on until Ctrl-C.
    """
    from sim.cli.screen import aloud
    from sim.studies import cluster as study

    with suppress(KeyboardInterrupt):
        if join is None:
            study.serve(workers, host, port, tls, aloud(language))
        else:
            study.join(join, workers, tls, aloud(language))
