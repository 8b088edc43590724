"""Serves the page: where, with what protection, and what that exposes."""

import ipaddress
import os
import secrets
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from sim.errors import OptionError, SimError
from sim.page.app import pages, planners_page
from sim.page.asked import Desk
from sim.page.connections import MOST, PatientProtocol
from sim.page.guard import TOKEN, Doorway, hosts_of
from sim.words import Text, joined, say

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8765
_OURS = (LOOPBACK, "localhost")
_TRIED = 20
_GRACE_S = 3
_AHEAD_S = 1.0
"""After which what the first page needs not is loaded though nobody asked."""


@dataclass(frozen=True)
class SharedPage:
    """How a page is shared on a network.

    Attributes
    ----------
    address : of this machine there.
    writable : whether others may change and run anything.
    certificate, key : files of TLS; none if None.
    """

    address: str
    writable: bool = False
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True)
class Served:
    """A page that is about to be served.

    Attributes
    ----------
    address : to open.
    exposes : what others can see and do; None if nobody can.
    run : serves it until somebody stops it.
    """

    address: str
    exposes: Text
    run: Callable[[], None]


def served(
    desk: Desk, port: int | None = None, shared: SharedPage | None = None
) -> Served:
    """Return the page, ready to be served on this machine alone, or shared.

    Parameters
    ----------
    desk : what it works with.
    port : to listen at; the usual one, or the next that is free, if None.
    shared : how, if others are to see it.

    Raises
    ------
    OptionError
        If it cannot listen there, or the files of TLS are none.
    """
    name = LOOPBACK if shared is None else _checked(shared)
    listens = _listening(name, port)
    number = listens.getsockname()[1]
    tls = shared is not None and shared.certificate is not None
    door = Doorway(
        hosts_of(_OURS if shared is None else (_in_address(name),), number),
        "https" if tls else "http",
        "" if shared is None else secrets.token_urlsafe(),
        shared is None or shared.writable,
    )
    first = _FirstAnswer(planners_page(desk, door))
    config = uvicorn.Config(
        first,
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="error",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST,
        h11_max_incomplete_event_size=64_000,
        timeout_graceful_shutdown=_GRACE_S,
        ssl_certfile=None if shared is None else shared.certificate,
        ssl_keyfile=None if shared is None else shared.key,
    )
    server = uvicorn.Server(config)
    query = f"?{TOKEN}={door.token}" if door.token else ""
    address = f"{door.scheme}://{_in_address(name)}:{number}/{query}"
    exposes = None if shared is None else _exposes(shared, tls=tls)

    def run() -> None:
        first.then(partial(_load, desk))
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listens])

    return Served(address, exposes, run)


class _FirstAnswer:
    """An application, and something that is done once it has answered first.

    Threads share one processor in Python: what is loaded before would keep whoever
    opens the page waiting.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._given = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note it."""
        await self._app(scope, receive, send)
        if scope.get("path", "/") != "/":  # which only leads to the first page
            self._given.set()

    def then(self, does: Callable[[], object]) -> None:
        """Do something after the first answer, or if nobody asks in a while."""

        def waits() -> None:
            self._given.wait(_AHEAD_S)
            does()

        threading.Thread(target=waits, name="ahead", daemon=True).start()


def _load(desk: Desk) -> None:
    """Load what answers other pages, and start what works behind them."""
    with suppress(SimError):  # whoever asks for it is told
        _ = desk.queue
    pages()
    desk.painter.get_ready()


def _checked(shared: SharedPage) -> str:
    """Return the address at which to share.

    Raises
    ------
    OptionError
        If it is none of one machine, or TLS lacks a file.
    """
    try:
        address = ipaddress.ip_address(shared.address)
    except ValueError as error:
        raise OptionError(
            "share",
            say(
                "'{address}' is no address. Give that of this machine in the network, "
                "as 192.168.1.20.",
                address=shared.address[:60],
            ),
        ) from error
    if address.is_unspecified or address.is_multicast:
        raise OptionError(
            "share",
            say(
                "{address} is not the address of one machine. Give that of this "
                "machine in the network, as 192.168.1.20.",
                address=f"{address}",
            ),
        )
    if (shared.certificate is None) != (shared.key is None):
        raise OptionError("certificate", say("TLS takes both --certificate and --key."))
    if shared.certificate is not None and shared.key is not None:
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(shared.certificate, shared.key)
        except OSError as error:
            raise OptionError(
                "certificate",
                say(
                    "{certificate} and {key} are no certificate and its key that can "
                    "be read.",
                    certificate=f"{shared.certificate}",
                    key=f"{shared.key}",
                ),
            ) from error
    return str(address)


def _in_address(name: str) -> str:
    """Return an address of a machine as it stands in that of a page."""
    return f"[{name}]" if ":" in name else name


def _listening(name: str, port: int | None) -> socket.socket:
    """Return a socket that listens.

    Raises
    ------
    OptionError
        If it cannot.
    """
    wanted = [port] if port is not None else [*range(USUAL_PORT, USUAL_PORT + _TRIED)]
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    for number in wanted:
        listens = socket.socket(family)
        if os.name == "posix":
            # After a start that was killed the system keeps a port for a minute; of
            # other systems this would let two programs have it at the same time.
            listens.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listens.bind((name, number))
            listens.listen(MOST)
        except OSError as error:
            listens.close()
            why = error.strerror
            continue
        return listens
    raise OptionError(
        "share" if name != LOOPBACK else "port",
        say(
            "nothing can listen at {address} ({why}). Choose another --port.",
            address=f"{name}:{wanted[0]}",
            why=why,
        ),
    )


def _exposes(shared: SharedPage, *, tls: bool) -> Text:
    return joined(
        [
            say(
                "Whoever has the address with its token sees all cases, studies and "
                "results in this folder."
            ),
            say("They can change, run and remove them, too.")
            if shared.writable
            else say("They can change and run nothing."),
            say("What goes over the network is encrypted.")
            if tls
            else say(
                "What goes over the network can be read by others in it; give "
                "'--certificate' and '--key' to encrypt it."
            ),
        ]
    )
