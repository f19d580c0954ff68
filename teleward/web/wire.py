"""How long and how much a connection may send before the head of its request is whole.

uvicorn waits for ever and keeps all that comes, so a stranger could hold connections or memory for nothing.
"""

from asyncio import TimerHandle, Transport
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_SECONDS: Final = 20
HEAD_BYTES: Final = 64 * 1024


class Wire(HttpToolsProtocol):
    """One connection, of which a head is awaited from its beginning and again after each answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **kwargs)
        self._unread = 0
        self._end: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Somebody has connected: the time runs."""
        super().connection_made(transport)
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
