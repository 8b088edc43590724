"""Connections that may neither be many nor stand idle, whatever comes over them."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 128
"""Connections at the same time; a browser opens six."""
PATIENCE_S = 10.0
"""Until the head of a request must be there."""


class PatientProtocol(H11Protocol):
    """HTTP over a connection that is closed if it asks for nothing in time."""

    most = MOST
    patience_s = PATIENCE_S
    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; wait anew only when a request is whole."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._unwait()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._unwait()
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let a connection go."""
        self._unwait()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._due = self.loop.call_later(self.patience_s, self._give_up)

    def _unwait(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _give_up(self) -> None:
        busy: Any = self.cycle is not None and not self.cycle.response_complete
        if not busy and not self.transport.is_closing():
            self.transport.abort()
