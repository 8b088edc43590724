"""A scheduler and workers, on one machine or on many."""

from ipaddress import ip_address

from sim.errors import OptionError
from sim.experiment import cluster
from sim.experiment.cluster import Certificates
from sim.invocation import program
from sim.studies.told import Note, Tell
from sim.words import Text, say, say_many


def serve(
    workers: int, host: str, port: int, certificates: Certificates | None, tell: Tell
) -> None:
    """Run a scheduler with workers on this machine until somebody ends it.

    Parameters
    ----------
    workers : processes; may be 0.
    host : address to listen on.
    port : to listen on; any free one if 0.
    certificates : with which others must prove who they are; none if None.
    tell : hears where it is.

    Raises
    ------
    OptionError
        If others could reach it and nobody had to prove who he is.
    RunError
        If the package is missing, or the address cannot be had.
    """
    if certificates is None and not _is_this_machine(host):
        raise OptionError(
            "host",
            say(
                "a scheduler runs whatever is sent to it, and {host} can be reached "
                "from other machines. Give --tls CA CERT KEY, or listen on 127.0.0.1 "
                "and let others come through ssh -L.",
                host=host,
            ),
        )
    for address in cluster.serve(workers, host, port, certificates):
        there = say(
            "Scheduler at {address} with {workers}. Ctrl-C ends it.",
            address=address,
            workers=_many(workers),
        )
        tell(Note(there))
        to_use = say(
            "To run on it: {program} run SCENARIO --cluster {address}",
            program=program(),
            address=address,
        )
        tell(Note(to_use))


def join(
    address: str, workers: int, certificates: Certificates | None, tell: Tell
) -> None:
    """Let processes of this machine work for a scheduler until it ends.

    Parameters
    ----------
    address : of the scheduler.
    workers : processes.
    certificates : ours.
    tell : hears that they do.

    Raises
    ------
    RunError
        If the package is missing, or the scheduler does not answer.
    """
    at_work = say(
        "{workers} for {address}. Ctrl-C ends the work.",
        workers=_many(workers),
        address=address,
    )
    tell(Note(at_work))
    cluster.join(address, workers, certificates)


def _many(workers: int) -> Text:
    return say_many("{count} worker", "{count} workers", workers)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
