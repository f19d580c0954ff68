"""A signalling hub as small as teleward-live/1 allows, and the pages, for calls without a house."""

import asyncio
import contextlib
import json
import threading
from collections import deque
from collections.abc import Coroutine
from concurrent.futures import Future
from http import HTTPStatus
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

HERE = Path(__file__).parent
CALL = Path(__file__).parents[2] / "teleward" / "consult" / "static" / "consult" / "call"
QUEUED = 64


class Room:
    """One visit: who has which seat, who is connected, what waits for whom."""

    def __init__(self) -> None:
        self.seats: dict[str, int] = {}
        self.roles: dict[str, str] = {}
        self.sockets: dict[str, ServerConnection] = {}
        self.queues: dict[str, deque[dict[str, Any]]] = {}
        self.waiting: dict[str, dict[str, Any]] = {}
        self.said: list[dict[str, Any]] = []
        self.middle: ServerConnection | None = None

    def person(self, peer: str) -> dict[str, Any]:
        return {"peer": peer, "seat": self.seats[peer], "role": self.roles[peer], "name": self.roles[peer]}

    def others(self, peer: str) -> list[dict[str, Any]]:
        return [self.person(one) for one in self.seats if one != peer]

    async def tell(self, peer: str, message: dict[str, Any]) -> None:
        socket = self.sockets.get(peer)
        if socket is None:
            self.queues.setdefault(peer, deque(maxlen=QUEUED)).append(message)
            return
        with contextlib.suppress(Exception):
            await socket.send(json.dumps(message))

    async def tell_others(self, peer: str, message: dict[str, Any]) -> None:
        for one in self.seats:
            if one != peer:
                await self.tell(one, message)

    async def admit(self, peer: str) -> None:
        self.waiting.pop(peer, None)
        self.seats[peer] = len(self.seats) + 1
        await self.tell(peer, {"type": "admitted", "seat": self.seats[peer], "peers": self.others(peer)})
        await self.tell_others(peer, {"type": "joined", **self.person(peer)})


class Hub:
    """Serves the pages and the socket on one free port; may be stopped and started again on the same one."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.port = 0
        self.ice: list[dict[str, Any]] = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.server: Server | None = None

    def __enter__(self) -> Self:
        self.thread.start()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def start(self) -> None:
        self._run(self._start())

    def stop(self) -> None:
        """Ends every socket without a word, as a killed server does; seats are remembered, as rows are."""
        self._run(self._stop())

    def kill_sockets(self, room: str) -> None:
        self._run(self._kill(self.rooms[room]))

    def room(self, name: str) -> Room:
        return self.rooms.setdefault(name, Room())

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        future: Future[None] = asyncio.run_coroutine_threadsafe(work, self.loop)
        future.result(10)

    async def _start(self) -> None:
        self.server = await serve(self._talk, "localhost", self.port, process_request=page)
        self.port = self.port or next(iter(self.server.sockets)).getsockname()[1]

    async def _stop(self) -> None:
        if self.server is None:
            return
        for room in self.rooms.values():
            await self._kill(room)
        self.server.close()
        await self.server.wait_closed()
        self.server = None

    async def _kill(self, room: Room) -> None:
        for socket in [*room.sockets.values()]:
            socket.transport.abort()
        room.sockets.clear()

    async def _talk(self, socket: ServerConnection) -> None:
        target = urlsplit(socket.request.path if socket.request else "")
        room = self.room(target.path.rsplit("/", 1)[-1])
        role = parse_qs(target.query).get("role", ["patient"])[0]
        peer = json.loads(await socket.recv())["peer"]
        with contextlib.suppress(ConnectionClosed):
            await self._welcome(room, socket, peer, role)
            async for frame in socket:
                await self._heard(room, peer, json.loads(frame))
        if room.sockets.get(peer) is socket:
            del room.sockets[peer]

    async def _welcome(self, room: Room, socket: ServerConnection, peer: str, role: str) -> None:
        if role == "middle":
            room.middle = socket
            return
        room.roles[peer] = role
        if role == "clinician" and not room.seats:
            room.seats[peer] = 1
        queued = room.queues.pop(peer, deque())
        admitted = peer in room.seats
        welcome = {
            "type": "welcome",
            "peer": peer,
            "seat": room.seats.get(peer),
            "role": role,
            "admitted": admitted,
            "peers": room.others(peer) if admitted else [],
            "ice": {"servers": self.ice, "ttl": 600},
        }
        await socket.send(json.dumps(welcome))
        for message in queued:
            await socket.send(json.dumps(message))
        room.sockets[peer] = socket

    async def _heard(self, room: Room, peer: str, message: dict[str, Any]) -> None:
        room.said.append({"peer": peer, **message})
        act = getattr(self, f"_on_{message['type'].replace('-', '_')}", None)
        if act:
            await act(room, peer, message)

    async def _on_ping(self, room: Room, peer: str, message: dict[str, Any]) -> None:
        await room.tell(peer, {"type": "pong", "n": message["n"]})

    async def _on_ice(self, room: Room, peer: str, _message: dict[str, Any]) -> None:
        await room.tell(peer, {"type": "ice", "servers": self.ice, "ttl": 600})

    async def _on_arrive(self, room: Room, peer: str, message: dict[str, Any]) -> None:
        if peer in room.seats:
            return
        room.waiting[peer] = {"peer": peer, "role": room.roles[peer], "mode": message["mode"]}
        await room.tell(peer, {"type": "waiting", "since": ""})
        host = next(iter(room.seats), None)
        if host:
            await room.tell(host, {"type": "lobby", "waiting": [*room.waiting.values()]})

    async def _on_admit(self, room: Room, _peer: str, message: dict[str, Any]) -> None:
        await room.admit(message["peer"])

    async def _on_relay(self, room: Room, peer: str, message: dict[str, Any]) -> None:
        passed = {**message, "from": message.get("as", peer)}
        if room.middle and "as" not in message:
            await room.middle.send(json.dumps(passed))
        else:
            await room.tell(message["to"], passed)

    async def _on_media(self, room: Room, peer: str, message: dict[str, Any]) -> None:
        await room.tell_others(peer, {**message, "from": peer})

    async def _on_leave(self, room: Room, peer: str, _message: dict[str, Any]) -> None:
        room.sockets.pop(peer, None)
        room.seats.pop(peer, None)
        await room.tell_others(peer, {"type": "left", "peer": peer})


def page(_connection: ServerConnection, request: Request) -> Response | None:
    """Answers what is not a socket from two folders and nothing else."""
    path = urlsplit(request.path).path
    if path.startswith("/live/"):
        return None
    name = path.removeprefix("/call/")
    file = (CALL if path.startswith("/call/") else HERE / "pages") / name.lstrip("/")
    if not file.is_file():
        return Response(HTTPStatus.NOT_FOUND, "Not Found", Headers(), b"")
    kind = guess_type(file.name)[0] or "text/plain"
    body = file.read_bytes()
    headers = Headers({"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"})
    return Response(HTTPStatus.OK, "OK", headers, body)
