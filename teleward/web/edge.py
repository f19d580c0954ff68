"""What every request and socket passes first: an id, the true address, sane headers, a bounded body."""

import asyncio
import re
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from teleward.access.operations.sessions import COOKIE as SESSION_COOKIE
from teleward.access.queries.passes import COOKIE as VISIT_COOKIE
from teleward.kernel.ids import request_id_of
from teleward.web.file_places import FilePlaces, NoPlace, Who, nobody_known

BODY_BYTES: Final = 1024 * 1024
BODY_SECONDS: Final = 20
FILE_BYTES: Final = 22 * 1024 * 1024  # of a form with a file in it, at the addresses that take one
FILE_SECONDS: Final = 120
FILE_PATIENCE: Final = 10  # seconds, and from there on it has to come as fast as this
FILE_BYTES_PER_SECOND: Final = 32 * 1024
TAKES_FILES: Final = {  # by the cookie that somebody has to come with at least
    f"{SESSION_COOKIE}=": re.compile(
        r"/records/documents/[0-9a-f-]{36}/|/visits/tables/|/imports/new/|/window/documents/"
    ),
    f"{VISIT_COOKIE}=": re.compile(r"/visit/documents/"),
}
HEADER_BYTES: Final = 32 * 1024
HEADERS: Final = 100
ONCE: Final = frozenset({b"host", b"content-length", b"origin", b"x-request-id"})

Headers = list[tuple[bytes, bytes]]


class Turned(Exception):
    """The request is turned back before it reaches a page, with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Edge:
    """The outermost application. What it turns back gets one plain line, for no page was reached."""

    def __init__(self, app: ASGIApp, *, who: Who = nobody_known) -> None:
        self.app = app
        self._places = FilePlaces(who)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, cleaned; or turn it back."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        try:
            scope = _cleaned(scope)
            receive = await self._with_body(scope, receive) if scope["type"] == "http" else receive
        except Turned as turned:
            await _turn_back(scope, send, turned.status)
            return
        await self.app(scope, receive, _with_request_id(scope, send))

    async def _with_body(self, scope: Scope, receive: Receive) -> Receive:
        length = _length(scope)
        if length <= BODY_BYTES or not _takes_files(scope):
            return await _whole_body(receive, length, BODY_BYTES, BODY_SECONDS)
        try:
            async with self._places.one(_cookies(scope), _address(scope)):
                return await _whole_body(receive, length, FILE_BYTES, FILE_SECONDS, FILE_PATIENCE)
        except NoPlace:
            raise Turned(503) from None


def _takes_files(scope: Scope) -> bool:
    """Whether a file may come in here, from somebody who at least says that they are known."""
    cookies = _cookies(scope)
    known = [places for cookie, places in TAKES_FILES.items() if cookie in cookies]
    return scope["method"] == "POST" and any(places.fullmatch(scope["path"]) for places in known)


def _cookies(scope: Scope) -> str:
    return b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _length(scope: Scope) -> int:
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if not length.isdigit():
        raise Turned(400)
    return int(length)


def _cleaned(scope: Scope) -> Scope:
    headers: Headers = list(scope["headers"])
    if len(headers) > HEADERS or sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES:
        raise Turned(431)
    if any(_count(headers, name) > 1 for name in ONCE) or _is_framed_twice(headers):
        raise Turned(400)
    passed = [(name, value) for name, value in headers if b"_" not in name and name != b"x-request-id"]
    passed.append((b"x-request-id", _request_id(headers).encode()))
    secure = settings.ORIGIN.startswith("https:")
    scheme = {"http": ("http", "https"), "websocket": ("ws", "wss")}[scope["type"]][secure]
    return {**scope, "headers": passed, "client": _client(scope, headers), "scheme": scheme}


def _is_framed_twice(headers: Headers) -> bool:
    names = {name for name, _value in headers}
    return b"content-length" in names and b"transfer-encoding" in names


def _request_id(headers: Headers) -> str:
    """The caller's id where it is one, else a new one."""
    given = (value.decode("latin-1") for name, value in headers if name == b"x-request-id")
    return request_id_of(next(given, ""))


def _client(scope: Scope, headers: Headers) -> tuple[str, int] | None:
    """The address that the outermost trusted proxy saw: the nth from the right; else the peer's."""
    proxies: int = settings.TRUSTED_PROXIES
    named = b",".join(value for name, value in headers if name == b"x-forwarded-for").decode("latin-1")
    hops = [hop.strip()[:64] for hop in named.split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return (hops[-proxies], 0)
    client: tuple[str, int] | None = scope.get("client")
    return client


async def _whole_body(receive: Receive, length: int, most: int, seconds: int, patience: int = 0) -> Receive:
    """Reads the body before a thread is taken for it, so that a slow sender holds none. Raises Turned.

    With `patience`, in seconds, it also ends where the body comes too slowly from there on.
    """
    if length > most:
        raise Turned(413)
    body, more, begun = bytearray(), True, asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(patience or seconds) as limit:
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = bool(message.get("more_body", False))
                if len(body) > most:
                    raise Turned(413)
                if patience:
                    limit.reschedule(begun + min(seconds, patience + len(body) / FILE_BYTES_PER_SECOND))
    except TimeoutError:
        raise Turned(408) from None
    return _replay(bytes(body), receive)


def _replay(body: bytes, receive: Receive) -> Receive:
    first = [True]

    async def replayed() -> Message:
        if first.pop() if first else False:
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replayed


def _with_request_id(scope: Scope, send: Send) -> Send:
    if scope["path"].startswith(settings.STATIC_URL):  # nobody looks for one file among so many
        return send
    request_id = next(value for name, value in scope["headers"] if name == b"x-request-id")

    async def sending(message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            MutableHeaders(scope=message)["X-Request-Id"] = request_id.decode()
        await send(message)

    return sending


async def _turn_back(scope: Scope, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    text = f"{status}\n".encode()
    headers = [
        (b"content-type", b"text/plain"),
        (b"content-length", str(len(text)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def _count(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> int:
    return sum(name == wanted for name, _value in headers)
