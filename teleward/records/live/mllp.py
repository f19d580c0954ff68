"""The MLLP listener: a wire per sender, one message after the other, each stored before it is answered."""

import asyncio
import hashlib
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Final

from teleward.kernel.clock import now
from teleward.kernel.fence import serving
from teleward.kernel.ids import new_id
from teleward.kernel.threads import ThreadConnections
from teleward.records.hl7.building import acknowledgement
from teleward.records.hl7.framing import Frames, framed
from teleward.records.hl7.listening import Listening, listening
from teleward.records.hl7.reasons import MessageRefused
from teleward.records.operations.hl7.intake import answer_to
from teleward.records.queries.hl7.senders import Peer

THREADS: Final = 4
MOST_WIRES: Final = 64
TURNS: Final = 10  # of the loop, until whoever was let in has begun: asyncio would lose them
CHUNK: Final = 64 * 1024
BEGUN_SECONDS: Final = 60  # a message that has begun must be whole by then
Answer = Callable[[Peer, bytes], bytes]
_log = logging.getLogger(__name__)


class Mllp:
    """Listens while the server runs, where the settings name an address."""

    def __init__(self, where: Listening | None = None, *, answer: Answer | None = None) -> None:
        self._where = where or listening()
        self._connections = ThreadConnections()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="hl7")
        self._answer = answer or self._work
        self._wires: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}
        self.port = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Binds the address; at the end finishes the messages at work and hangs up."""
        if self._where is None:
            yield
            return
        server = await asyncio.start_server(
            self._wire, self._where.host, self._where.port, ssl=self._where.tls, limit=CHUNK
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            for _turn in range(TURNS):
                await asyncio.sleep(0)
            server.close()
            await self._hang_up()

    async def _hang_up(self) -> None:
        while self._wires:
            for writer in list(self._wires):
                writer.close()
            await asyncio.gather(*filter(None, self._wires.values()), return_exceptions=True)
        await asyncio.to_thread(self._threads.shutdown, wait=True)
        self._connections.close()

    async def _wire(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._wires[writer] = asyncio.current_task()
        try:
            if len(self._wires) > MOST_WIRES:
                return
            await self._talk(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ssl.SSLError):
            _log.info("A system hung up.")
        except Exception as fault:  # noqa: BLE001 - without an answer the sender sends it again; the others go on
            _log.warning("A message could not be stored (%s); its sender keeps it.", type(fault).__name__)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            self._wires.pop(writer, None)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer, frames = _peer(writer), Frames()
        while data := await self._more(reader, frames):
            try:
                for message in frames.feed(data):
                    await self._answered(writer, peer, message)
            except MessageRefused as refused:
                await _sent(writer, _last_word(refused))
                return

    @staticmethod
    async def _more(reader: asyncio.StreamReader, frames: Frames) -> bytes:
        return await asyncio.wait_for(reader.read(CHUNK), BEGUN_SECONDS if frames.has_begun else None)

    async def _answered(self, writer: asyncio.StreamWriter, peer: Peer, message: bytes) -> None:
        loop = asyncio.get_running_loop()
        await _sent(writer, await loop.run_in_executor(self._threads, self._answer, peer, message))

    def _work(self, peer: Peer, message: bytes) -> bytes:
        self._connections.before()
        try:
            with serving():
                return answer_to(peer=peer, raw=message)
        finally:
            self._connections.after()


async def _sent(writer: asyncio.StreamWriter, answer: bytes) -> None:
    writer.write(framed(answer))
    await writer.drain()


def _last_word(refused: MessageRefused) -> bytes:
    return acknowledgement(
        to=None, facility="", control_id=new_id().hex[:20], at=now(), reason=refused.reason
    )


def _peer(writer: asyncio.StreamWriter) -> Peer:
    """Its address, and the fingerprint of the certificate that TLS has verified."""
    wire: socket.socket | None = writer.get_extra_info("socket")
    if wire is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    tls: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
    certificate = tls.getpeercert(binary_form=True) if tls else None
    address = writer.get_extra_info("peername")
    return Peer(
        address=address[0] if address else "",
        certificate=hashlib.sha256(certificate).hexdigest() if certificate else "",
    )
