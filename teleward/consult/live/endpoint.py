"""The door of the live part: `/live/visits/<visit id>`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import parse_cookie
from django.utils import translation
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from teleward.access.grants import Circumstances
from teleward.access.operations.sessions import COOKIE as SESSION_COOKIE
from teleward.access.queries.passes import COOKIE as VISIT_COOKIE
from teleward.kernel.errors import Problem

from .answers import Error, encode
from .conversation import Conversation
from .hub import Hub
from .notices import listen
from .outbox import Close, Outbox
from .problems import Failed, TooFast, log_without_content
from .session import PROTOCOL, Session
from .visitor import Credentials, Visitor, enter

_CLOSES: Final[Mapping[int, Close]] = {
    HTTPStatus.UNAUTHORIZED: Close.NOT_SIGNED_IN,
    HTTPStatus.TOO_MANY_REQUESTS: Close.TOO_FAST,
    HTTPStatus.INTERNAL_SERVER_ERROR: Close.LATER,
}


class Live:
    """Everything that runs for the sockets of this process."""

    def __init__(self, hub: Hub | None = None) -> None:
        self.hub = hub or Hub()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listens and watches while the server runs; at its end every socket is told to come back."""
        tasks = [
            asyncio.create_task(listen(heard=self.hub.notice, gap=self.hub.recheck)),
            asyncio.create_task(self.hub.keep()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.hub.close()

    async def visit(self, socket: WebSocket) -> None:
        """One socket: where it comes from, who it is, whether the gate opens, then the conversation."""
        if socket.headers.get("origin") != settings.ORIGIN:
            await socket.send_denial_response(Response(status_code=HTTPStatus.FORBIDDEN))
            return
        try:
            visitor = await self._enter(socket)
        except Problem as problem:
            await _turn_back(socket, problem)
            return
        except Exception as error:  # noqa: BLE001 - the server's trouble is told as such, and logged without names
            log_without_content(error)
            await _turn_back(socket, Failed())
            return
        await self._converse(socket, visitor)

    async def _enter(self, socket: WebSocket) -> Visitor:
        credentials, circumstances = _credentials(socket), _circumstances(socket)
        if not self._may_knock(credentials, circumstances):
            raise TooFast
        visitor = await self.hub.desk(
            enter,
            credentials=credentials,
            visit=socket.path_params["visit"],
            side=socket.query_params.get("as", ""),
            circumstances=circumstances,
        )
        if not self.hub.has_place_for(visitor):
            raise TooFast
        return visitor

    def _may_knock(self, credentials: Credentials, circumstances: Circumstances) -> bool:
        holder = credentials.session or credentials.visit
        of_address = self.hub.knocks_of_address.allows(circumstances.client_address)
        return of_address and (not holder or self.hub.knocks.allows(holder))

    async def _converse(self, socket: WebSocket, visitor: Visitor) -> None:
        visit: UUID = socket.path_params["visit"]
        conversation = Conversation(hub=self.hub, visitor=visitor, visit=visit, outbox=Outbox())
        session = Session(socket=socket, conversation=conversation, language=_language(socket))
        self.hub.sockets.add(session)
        try:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # gone before it was accepted
                await socket.accept(
                    subprotocol=PROTOCOL if PROTOCOL in socket.scope["subprotocols"] else None
                )
                await session.run()
        finally:
            self.hub.sockets.discard(session)


async def _turn_back(socket: WebSocket, problem: Problem) -> None:
    """Says the refusal on the socket: a browser hides the status of a refused handshake from its page."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError), translation.override(_language(socket)):
        await socket.accept()
        await socket.send_text(encode(Error(code=problem.code, message=str(problem.message), fatal=True)))
        await socket.close(_CLOSES.get(problem.status, Close.REFUSED))


def _credentials(socket: WebSocket) -> Credentials:
    cookies = parse_cookie("; ".join(socket.headers.getlist("cookie")))
    return Credentials(session=cookies.get(SESSION_COOKIE, ""), visit=cookies.get(VISIT_COOKIE, ""))


def _circumstances(socket: WebSocket) -> Circumstances:
    address = socket.client.host if socket.client else ""
    return Circumstances(
        request_id=socket.headers.get("x-request-id", ""), client_address=address, via="live"
    )


def _language(socket: WebSocket) -> str:
    """The language the person chose, or the first one of the browser that we speak."""
    accepted = socket.headers.get("accept-language", "").split(",")
    wanted = [socket.cookies.get(settings.LANGUAGE_COOKIE_NAME, ""), *accepted]
    spoken = dict(settings.LANGUAGES)
    codes = (word.partition(";")[0].strip().partition("-")[0].lower() for word in wanted)
    return next((code for code in codes if code in spoken), settings.LANGUAGE_CODE)
