"""One WebSocket from its acceptance to its end: reading, limits, refusals, writing."""

import asyncio
import contextlib
from typing import Final

from django.utils import translation
from starlette.websockets import WebSocket, WebSocketDisconnect

from teleward.kernel.errors import Problem

from . import answers as a
from . import messages as m
from .conversation import Conversation
from .limits import HELLO_SECONDS, SILENCE_SECONDS, Meter
from .outbox import Close, Goodbye
from .problems import (
    Failed,
    Full,
    Gone,
    Malformed,
    NoSuchPeer,
    NotAdmitted,
    NotAllowed,
    OutOfOrder,
    TooFast,
    log_without_content,
)

PROTOCOL: Final = "teleward-live/1"
GRACE_SECONDS: Final = 2

_SAID_HERE: Final[dict[str, type[Problem]]] = {  # what other rooms say, in the words of this protocol
    "access:refused": NotAllowed,
    "access:locked": NotAllowed,
    "access:sign-in-needed": NotAllowed,
    "access:not-covered": NotAllowed,
    "consult:seat-taken": NotAllowed,
    "consult:full": Full,
    "consult:mode": Malformed,
    "consult:no-such-peer": NoSuchPeer,
    "consult:not-admitted": NotAdmitted,
    "consult:over": Gone,
    "kernel:not-found": Gone,
    "kernel:not-possible-now": OutOfOrder,
}
_NO_FAULT: Final = (
    Failed,
    Full,
    Gone,
    NoSuchPeer,
    NotAdmitted,
)  # others came and went; nobody is put out for it


class Session:
    """Runs one conversation over one socket; whatever goes wrong ends at most this socket."""

    def __init__(self, *, socket: WebSocket, conversation: Conversation, language: str) -> None:
        self.conversation = conversation
        self.visitor = conversation.visitor
        self.outbox = conversation.outbox
        self._socket = socket
        self._language = language
        self._meter = Meter()

    @property
    def peer(self) -> str:
        """The peer id it said hello with, or nothing."""
        return self.conversation.peer

    async def run(self) -> None:
        """Read and write until either ends; a reader that takes nothing is given up after a short grace."""
        with translation.override(self._language):
            reading = asyncio.create_task(self._read())
        writing = asyncio.create_task(self._write())
        closing = asyncio.create_task(self._closing())
        try:
            await asyncio.wait({reading, writing, closing}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({writing}, timeout=GRACE_SECONDS if self.outbox.goodbye else 0)
        finally:
            self.conversation.part()
            await _end(reading, writing, closing)

    async def _closing(self) -> None:
        await self.outbox.closing.wait()

    async def _read(self) -> None:
        clock = asyncio.get_running_loop().time
        until_hello = clock() + HELLO_SECONDS
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # starlette: receive after disconnect
            while not self.peer:
                if not await self._take_one(until_hello):
                    return
            while await self._take_one(clock() + SILENCE_SECONDS):
                pass

    async def _take_one(self, deadline: float) -> bool:
        """Whether a frame came before the deadline and the socket goes on after it."""
        try:
            async with asyncio.timeout_at(deadline):
                frame = await self._next()
        except TimeoutError:
            self.outbox.close(Close.TIMED_OUT)
            return False
        return await self._take(frame)

    async def _next(self) -> str:
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        return event.get("text") or ""  # a binary frame is not JSON text: refused as malformed

    async def _take(self, frame: str) -> bool:
        """Whether the socket goes on after this frame."""
        try:
            await self._handle(frame)
        except Problem as problem:
            self._refuse(problem)
        except Exception as error:  # noqa: BLE001 - one message that fails must not end the others' call
            log_without_content(error)
            self._refuse(Failed())
        return self.outbox.goodbye is None

    async def _handle(self, frame: str) -> None:
        if not self._meter.allows(len(frame)):
            raise TooFast
        await self.conversation.take(m.decode(frame))

    def _refuse(self, problem: Problem) -> None:
        said = _SAID_HERE[problem.code]() if problem.code in _SAID_HERE else problem
        code = None if isinstance(said, _NO_FAULT) or self._meter.forgives() else _too_many(said)
        if problem.code == "consult:over":
            self.outbox.put(a.encode(a.Ended()))
            code = Close.OVER
        else:
            self.conversation.tell(a.Error(code=said.code, message=str(said.message), fatal=code is not None))
        if code is not None:
            self.outbox.close(code)

    async def _write(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the socket went away while we wrote
            async for frame in self.outbox.frames():
                if isinstance(frame, Goodbye):
                    await self._socket.close(frame.code)
                else:
                    await self._socket.send_text(frame)


def _too_many(problem: Problem) -> Close:
    return Close.TOO_FAST if isinstance(problem, TooFast) else Close.REFUSED_MESSAGES


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
