"""Hashed files, a client for them, and a small server that shows the public pages."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from a2wsgi import WSGIMiddleware
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import override_settings
from ground.loops import run_apart
from starlette.responses import PlainTextResponse

from stage.live import until
from teleward.web.files import Files

HASHED = {"staticfiles": {"BACKEND": "teleward.web.staticfiles.HashedFilesStorage"}}


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All static files, hashed and compressed as an installation has them."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STORAGES=HASHED, STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


@pytest.fixture
def hashed(collected: Path) -> Iterator[Path]:
    """Pages name their files by hash."""
    with override_settings(STORAGES=HASHED, STATIC_ROOT=collected):
        yield collected


class FilesClient:
    """A browser that asks for static files only; what is none is "a page"."""

    def __init__(self) -> None:
        self._app = Files(otherwise=PlainTextResponse("a page", status_code=404))

    def ask(self, method: str, path: str, **headers: str) -> httpx.Response:
        return run_apart(self._ask(method, path, headers))

    async def _ask(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, headers=headers)


@pytest.fixture
def files(hashed: Path) -> FilesClient:
    return FilesClient()


@pytest.fixture
def address(hashed: Path, troubled: None) -> Iterator[str]:
    """Where a small server shows the public pages and the troubled addresses."""
    app = Files(otherwise=WSGIMiddleware(WSGIHandler()))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
