"""The FHIR API as an application of its own, beside the pages."""

import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import PurePath

from starlette.types import Receive, Scope, Send

from teleward.access.grants import Circumstances
from teleward.kernel.errors import Problem
from teleward.records.store.modifiers import NotSearchable
from teleward.records.store.sessions import Busy, Session, Sessions

from .ahead import Ahead
from .asking import Known, asker_of
from .desk import Desk
from .exchange import Exchange
from .messages import Answer, Request, must_speak_json, request_of, send_answer
from .outcomes import answer_to
from .problems import Failed, Overloaded, SearchNotUnderstood
from .routes import answer

_log = logging.getLogger(__name__)


class Fhir:
    """Everything that runs for `/fhir`."""

    def __init__(self, *known: Known) -> None:
        """`known`: how other rooms know who asks by a token of theirs."""
        self._known = known
        self._sessions = Sessions()
        self._desk: Desk | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the server runs: database sessions, and a few threads."""
        self._desk = Desk()
        try:
            async with self._sessions.running():
                yield
        finally:
            await self._desk.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Whatever goes wrong is said as an OperationOutcome and in no more than that."""
        request = Request(method=scope["method"], path=())
        try:
            request = await request_of(scope, receive)
            found = await self._answered(request)
        except Problem as problem:
            found = answer_to(problem, request)
        except NotSearchable as unclear:
            found = answer_to(SearchNotUnderstood(str(unclear)), request)
        except Busy:
            found = answer_to(Overloaded(), request)
        except Exception as error:  # noqa: BLE001 - the server's trouble is told as such, and logged without content
            _log_without_content(error)
            found = answer_to(Failed(), request)
        await send_answer(found, send, head=scope["method"] == "HEAD")

    async def _answered(self, request: Request) -> Answer:
        must_speak_json(request)
        async with self._sessions.session() as session:
            return await self._exchanged(request, session)

    async def _exchanged(self, request: Request, session: Session) -> Answer:
        desk = self._desk
        if desk is None:
            raise Failed
        here = Circumstances(request_id=request.id, client_address=request.client, via="api")
        ahead = Ahead(request, session)
        actor = await asker_of(request, ahead, desk, self._known)
        exchange = Exchange(
            request=request,
            session=session,
            actor=actor,
            circumstances=here,
            desk=desk,
            ahead=ahead,
            sessions=self._sessions.session,
            asker=lambda later: asker_of(request, Ahead(request, later), desk, self._known),
        )
        return await answer(exchange)


def _log_without_content(error: Exception) -> None:
    """Where it happened; the words of an error may hold somebody's."""
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    _log.error("FHIR request failed: %s at %s", type(error).__name__, " > ".join(places[-6:]))
