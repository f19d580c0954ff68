"""What the tests of the shell stand on: a client, troubled addresses, hashed files, a small server."""

import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import Client, override_settings
from ground.browsers import launch_chromium
from playwright.sync_api import Browser, Playwright

HASHED = {"staticfiles": {"BACKEND": "teleward.web.staticfiles.HashedFilesStorage"}}


@pytest.fixture
def visitor() -> Client:
    """Somebody's browser, not signed in; shows what a person sees, whatever breaks."""
    return Client(headers={"host": "localhost", "accept": "text/html"}, raise_request_exception=False)


@pytest.fixture
def troubled() -> Iterator[None]:
    """`/trouble/<kind>/` goes wrong."""
    with override_settings(ROOT_URLCONF="stage.troubled"):
        yield


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All static files, hashed and compressed as an installation has them."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STORAGES=HASHED, STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


@pytest.fixture
def hashed(collected: Path) -> Iterator[Path]:
    """Pages name their files by hash, and whitenoise serves them."""
    with override_settings(STORAGES=HASHED, STATIC_ROOT=collected):
        yield collected


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def address(hashed: Path, troubled: None) -> Iterator[str]:
    """Where a small server shows the public pages and the troubled addresses."""
    server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=_Threads, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch_chromium(playwright)
    yield browser
    browser.close()
