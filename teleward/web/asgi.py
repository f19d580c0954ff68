"""The root application: health, files and the live part natively, every page by Django in a few threads."""

import asyncio
import contextlib
import gc
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Final

import django
from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

django.setup()

from teleward.consult.live import Live  # noqa: E402 - models can be imported only now
from teleward.devices.live import Devices  # noqa: E402 - likewise
from teleward.devices.operations.words import device_asking  # noqa: E402 - likewise
from teleward.kernel.threads import TURN_SECONDS, ThreadConnections  # noqa: E402 - likewise
from teleward.records.api import Fhir  # noqa: E402 - likewise
from teleward.records.live import Mllp  # noqa: E402 - likewise
from teleward.web.edge import Edge  # noqa: E402 - likewise
from teleward.web.file_places import Acquaintances  # noqa: E402 - likewise
from teleward.web.files import Files  # noqa: E402 - likewise
from teleward.web.vigil import Vigil  # noqa: E402 - likewise
from teleward.web.wire import Wire  # noqa: E402 - likewise
from teleward.web.worker import Worker  # noqa: E402 - likewise

PAGE_THREADS: Final = 8
ANSWER_CHUNKS: Final = 256  # of one page may wait for a slow reader before its thread has to
CHART: Final = "/fhir"
SMART: Final = f"{CHART}/.well-known/smart-configuration"
SERVER: Final[dict[str, Any]] = {  # how uvicorn is to run this application
    "ws_max_size": 64 * 1024,
    "ws_max_queue": 16,
    "ws_per_message_deflate": False,
    "ws_ping_interval": 20,
    "ws_ping_timeout": 20,
    "http": Wire,
    "timeout_keep_alive": 15,
    "timeout_graceful_shutdown": 5,
    "limit_concurrency": 3_000,
    "server_header": False,
    "proxy_headers": False,  # the edge knows how many proxies to trust
    "access_log": False,  # addresses of people; the ledger holds what has to be held
}


class Pages:
    """Django in a few threads of its own. What a request opened is closed when the threads go."""

    def __init__(self) -> None:
        self._django = get_wsgi_application()
        self._connections = ThreadConnections()
        self.app: Any = WSGIMiddleware(self._answer, workers=PAGE_THREADS, send_queue_size=ANSWER_CHUNKS)

    def close(self) -> None:
        """Let the threads finish and go."""
        self.app.executor.shutdown(wait=True)
        self._connections.close()

    def _answer(self, environ: Any, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - PEP 3333
        try:
            return self._django(environ, start_response)
        finally:
            self._connections.after()


def make_app(*, live: Live | None = None, works_on_jobs: bool = True) -> Callable[..., Any]:
    """The application; tests bring their own `live` and leave the jobs alone."""
    sys.setswitchinterval(TURN_SECONDS)
    live = live or Live()
    fhir, devices, pages, mllp = Fhir(device_asking), Devices(), Pages(), Mllp()
    acquaintances = Acquaintances()

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        helpers: list[Vigil | Worker] = [Vigil(), Worker()] if works_on_jobs else []
        for helper in helpers:
            await asyncio.to_thread(helper.start)
        gc.collect()
        gc.freeze()  # what is loaded stays: it is not looked through for garbage at each turn
        try:
            async with live.running(), fhir.running(), devices.running(), mllp.running():
                yield
        finally:
            for helper in reversed(helpers):
                await asyncio.to_thread(helper.stop)
            await asyncio.to_thread(pages.close)
            await asyncio.to_thread(acquaintances.close)

    others = Starlette(
        lifespan=lifespan,
        routes=[
            Route("/healthz", health, methods=["GET", "HEAD"]),
            WebSocketRoute("/live/visits/{visit:uuid}", live.visit),
            Route(SMART, pages.app),
            Mount(CHART, fhir),
            *(Route(path, devices) for path in devices.paths),
            Mount("/", Files(otherwise=pages.app)),
        ],
    )
    return Edge(_chart_first(fhir, others), who=acquaintances.who)


def _chart_first(fhir: ASGIApp, others: ASGIApp) -> ASGIApp:
    """What is asked most often per second goes the shortest way; it answers its own troubles."""

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path.startswith(f"{CHART}/") and path != SMART:
            await fhir({**scope, "root_path": CHART}, receive, send)
        else:
            await others(scope, receive, send)

    return either


async def health(_request: Request) -> PlainTextResponse:
    """That the server runs and answers; nothing else. Open: it reads nothing."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


app = make_app()
