"""The MLLP listener: a wire per sender, one message after the other, each stored before it is answered."""

import asyncio
import hashlib
import logging
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from teleward.kernel.clock import now
from teleward.kernel.fence import serving
from teleward.kernel.ids import new_id
from teleward.kernel.threads import ThreadConnections
from teleward.records.hl7.building import acknowledgement, refuses
from teleward.records.hl7.framing import Frames, framed
from teleward.records.hl7.listening import Limits, Listening, listening
from teleward.records.hl7.reasons import MessageRefused, Reason
from teleward.records.operations.hl7.intake import answer_to
from teleward.records.queries.hl7.senders import Peer

THREADS: Final = 4
TURNS: Final = 10  # of the loop, until whoever was let in has begun: asyncio would lose them
CHUNK: Final = 64 * 1024
GOODBYE_SECONDS: Final = 10  # for what is still to be sent when we hang up
Answer = Callable[[Peer, bytes], bytes]
_log = logging.getLogger(__name__)


class Mllp:
    """Listens while the server runs, where the settings name an address."""

    def __init__(
        self,
        where: Listening | None = None,
        *,
        answer: Answer | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._where = where or listening()
        self._connections = ThreadConnections()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="hl7")
        self._answer = answer or self._work
        self._limits = limits or Limits()
        self._wires: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}
        self._of_one = Counter[str]()
        self._strangers = 0
        self.port = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Binds the address; at the end finishes the messages at work and hangs up."""
        if self._where is None:
            yield
            return
        tls = self._where.tls
        server = await asyncio.start_server(
            self._wire,
            self._where.host,
            self._where.port,
            ssl=tls,
            ssl_handshake_timeout=self._limits.handshake if tls else None,
            limit=CHUNK,
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
        peer = _peer(writer)
        whose = peer.certificate or peer.address
        self._wires[writer] = asyncio.current_task()
        self._of_one[whose] += 1
        try:
            if len(self._wires) > self._limits.wires or self._of_one[whose] > self._limits.wires_of_one:
                return
            await self._talk(peer, reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ssl.SSLError):
            _log.info("A system hung up.")
        except Exception as fault:  # noqa: BLE001 - without an answer the sender sends it again; the others go on
            _log.warning("A message could not be stored (%s); its sender keeps it.", type(fault).__name__)
        finally:
            await _closed(writer)
            self._wires.pop(writer, None)
            self._of_one -= Counter([whose])

    async def _talk(self, peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames, loop = Frames(), asyncio.get_running_loop()
        until = loop.time() + self._limits.idle
        while data := await self._more(reader, until):
            had_begun, answered = frames.has_begun, False
            try:
                for message in frames.feed(data):
                    await self._answered(writer, peer, message)
                    answered = True
            except MessageRefused as refused:
                await self._sent(writer, _last_word(refused.reason))
                return
            if answered or frames.has_begun != had_begun:
                until = loop.time() + (self._limits.message if frames.has_begun else self._limits.idle)

    @staticmethod
    async def _more(reader: asyncio.StreamReader, until: float) -> bytes:
        async with asyncio.timeout_at(until):
            return await reader.read(CHUNK)

    async def _answered(self, writer: asyncio.StreamWriter, peer: Peer, message: bytes) -> None:
        """Answers, and hangs up on whom nobody registered."""
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, self._answer, peer, message)
        await self._sent(writer, answer)
        if refuses(answer, Reason.SENDER_UNKNOWN):
            self._strangers += 1
            _log.warning("A system that is not registered was hung up on, number %d.", self._strangers)
            raise ConnectionAbortedError

    async def _sent(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        writer.write(framed(answer))
        async with asyncio.timeout(self._limits.message):
            await writer.drain()

    def _work(self, peer: Peer, message: bytes) -> bytes:
        self._connections.before()
        try:
            with serving():
                return answer_to(peer=peer, raw=message)
        finally:
            self._connections.after()


async def _closed(writer: asyncio.StreamWriter) -> None:
    """Also where the other end takes nothing any more."""
    writer.close()
    try:
        async with asyncio.timeout(GOODBYE_SECONDS):
            await writer.wait_closed()
    except TimeoutError:
        writer.transport.abort()
    except OSError:
        _log.debug("A wire ended before it was closed.")


def _last_word(reason: Reason) -> bytes:
    return acknowledgement(to=None, facility="", control_id=new_id().hex[:20], at=now(), reason=reason)


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
