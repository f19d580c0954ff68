"""How long and how much a connection may send before the head of its request is whole.

uvicorn waits for ever and keeps all that comes, so a stranger could hold connections or memory for nothing.
"""

from asyncio import AbstractEventLoop, TimerHandle, Transport
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_SECONDS: Final = 20
HEAD_BYTES: Final = 64 * 1024
GATHERED_BYTES: Final = 64 * 1024


class Gathering:
    """A transport that sends together what is written in one turn of the loop.

    An answer's head and body are then one packet, which wakes either end once: a tenth of a read over FHIR.
    """

    def __init__(self, transport: Transport, loop: AbstractEventLoop) -> None:
        self.transport, self._loop = transport, loop
        self._written: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the rest is the transport's own
        return getattr(self.transport, name)

    def write(self, data: bytes) -> None:
        """Send it with this turn, or at once where it is much: then the reader is waited for."""
        if not self._written:
            self._loop.call_soon(self._send)
        self._written.append(data)
        self._size += len(data)
        if self._size > GATHERED_BYTES:
            self._send()

    def close(self) -> None:
        """Close, once everything is sent."""
        self._send()
        self.transport.close()

    def _send(self) -> None:
        written, self._written, self._size = self._written, [], 0
        if written and not self.transport.is_closing():
            self.transport.write(b"".join(written))


class Wire(HttpToolsProtocol):
    """One connection, of which a head is awaited from its beginning and again after each answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **kwargs)
        self._unread = 0
        self._end: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Somebody has connected: the time runs."""
        super().connection_made(cast("Transport", Gathering(transport, self.loop)))
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """More of a head, or of what follows it."""
        self._unread += len(data)
        super().data_received(data)
        if not self._waits_for_a_head():
            return
        if self._unread > HEAD_BYTES:
            self.transport.close()
        elif self._unread and self._end is None:
            self._expect()

    def on_headers_complete(self) -> None:
        """The head is whole; the edge looks at it from here on."""
        self._expect_nothing()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is whole too."""
        self._unread = 0
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """A socket for messages writes whole ones, and writes them itself."""
        self.transport = cast("Gathering", self.transport).transport
        super().handle_websocket_upgrade()

    def _waits_for_a_head(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _expect(self) -> None:
        self._end = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _expect_nothing(self) -> None:
        self._unread = 0
        if self._end is not None:
            self._end.cancel()
            self._end = None
