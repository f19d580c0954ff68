"""What waits to be written to one socket, and how frames reach the socket of a peer."""

from asyncio import Event, Queue, QueueFull
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol
from uuid import UUID

from .limits import OUTBOX_FRAMES


class Close(IntEnum):
    """WebSocket close codes of teleward-live/1."""

    DONE = 1000
    RESTART = 1012
    LATER = 1013
    REFUSED_MESSAGES = 4400
    NOT_SIGNED_IN = 4401
    REFUSED = 4403
    TIMED_OUT = 4408
    ELSEWHERE = 4409
    OVER = 4410
    TOO_FAST = 4429


@dataclass(frozen=True)
class Kept:
    """A frame that is not to be lost with the socket it was meant for."""

    frame: str


@dataclass(frozen=True)
class Goodbye:
    """The last thing an outbox holds."""

    code: Close


class Outbox:
    """A bounded queue of text frames; one reader, many writers. A full one ends its socket."""

    def __init__(self, limit: int = OUTBOX_FRAMES) -> None:
        self._frames: Queue[str | Kept | Goodbye] = Queue(limit)
        self._leaving: str | Kept | Goodbye = ""
        self.goodbye: Goodbye | None = None
        self.closing = Event()
        self.is_slow = False

    def put(self, frame: str | Kept) -> bool:
        """Whether the frame was taken. A reader that lags this far behind is dropped."""
        if self.goodbye:
            return False
        try:
            self._frames.put_nowait(frame)
        except QueueFull:
            self.is_slow = True
            self.close(Close.TIMED_OUT)
            return False
        return True

    def close(self, code: Close) -> None:
        """Take nothing more; after what waits, close with `code`. The first code stands."""
        if self.goodbye:
            return
        self.goodbye = Goodbye(code)
        self.closing.set()
        if self._frames.full():  # nothing of a full queue is worth waiting for
            while not self._frames.empty():
                self._frames.get_nowait()
        self._frames.put_nowait(self.goodbye)

    async def frames(self) -> AsyncIterator[str | Goodbye]:
        """What to write, ending with the goodbye."""
        while True:
            self._leaving = await self._frames.get()
            yield self._leaving.frame if isinstance(self._leaving, Kept) else self._leaving
            if isinstance(self._leaving, Goodbye):
                return
            self._leaving = ""

    def unsent(self) -> list[str]:
        """Once nobody reads any more: what was to be kept and never left, in its order."""
        waiting = [self._leaving]
        while not self._frames.empty():
            waiting.append(self._frames.get_nowait())
        return [one.frame for one in waiting if isinstance(one, Kept)]


class Transport(Protocol):
    """How a frame reaches a peer, wherever its socket is. Another implementation may cross processes."""

    def attach(self, *, visit: UUID, peer: str, outbox: Outbox) -> Outbox | None:
        """Deliver to this outbox from now on; the one it replaces comes back."""

    def detach(self, *, visit: UUID, peer: str, outbox: Outbox) -> bool:
        """Stop delivering to it, if it is still the peer's outbox; whether it was."""

    def send(self, *, visit: UUID, peer: str, frame: str | Kept) -> bool:
        """Whether the frame was handed on; false when the peer has no socket or is too slow."""


class InProcess:
    """The transport of one server process: a dictionary."""

    def __init__(self) -> None:
        self._outboxes: dict[tuple[UUID, str], Outbox] = {}

    def attach(self, *, visit: UUID, peer: str, outbox: Outbox) -> Outbox | None:
        earlier = self._outboxes.get((visit, peer))
        self._outboxes[visit, peer] = outbox
        return earlier

    def detach(self, *, visit: UUID, peer: str, outbox: Outbox) -> bool:
        if self._outboxes.get((visit, peer)) is not outbox:
            return False
        del self._outboxes[visit, peer]
        return True

    def send(self, *, visit: UUID, peer: str, frame: str | Kept) -> bool:
        outbox = self._outboxes.get((visit, peer))
        return outbox is not None and outbox.put(frame)
