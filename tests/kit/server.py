"""The room's page on a plain server: real templates, real headers, a call that tests can play."""

import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from teleward.access.grants import NOBODY
from teleward.web.safety import safety_headers

from .places import PATHS, VISIT

HERE = Path(__file__).parent
STAND_INS = {"consult/call/call.js": "played_call.js", "consult/call/link.js": "played_certificate.js"}
SHEETS = (
    {"name": "identity", "url": "/sheet", "title": "Identity", "open": True},
    {"name": "documents", "url": "/sheet?folded", "title": "Documents"},
)
SHEET = (
    "<html><body><main><div class='tw-width'><p id='said'>{said}</p><form method='post' action='/sheet'>"
    "<input name='how' value='by document' aria-label='How'><button>Save</button></form>"
    "<script>document.title = 'ran'</script></div></main></body></html>"
)


def page_of(side: str, language: str, mode: str) -> tuple[str, dict[str, str]]:
    """The room page and its headers, as one side gets them."""
    request = RequestFactory().get(PATHS[side])
    request.actor = NOBODY
    with translation.override(language):
        text = render_to_string(f"consult/room_{side}.html", _context(side, language, mode), request)
    return text, safety_headers(request)


def _context(side: str, language: str, mode: str) -> dict[str, Any]:
    room = {
        "socket": f"/live/visits/{VISIT}",
        "visit": str(VISIT),
        "side": side,
        "role": "physician" if side == "host" else "patient",
        "name": "Dr. Amal Haddad" if side == "host" else "Jonas Weber",
        "mode": mode,
        "language": language,
        "limits": {"file": 2_000_000},
        "urls": {"decline": "/decline", "over": "/over", "protection": "/protection/"},
    }
    return {
        "room": room,
        "with_name": "Jonas Weber" if side == "host" else "Dr. Amal Haddad",
        "who": {"initials": "JW", "name": "Jonas Weber", "age": 65, "born_on": date(1961, 3, 9)},
        "phone": "030 1234567",
        "fragments": SHEETS if side == "host" else [],
    }


class Answers(BaseHTTPRequestHandler):
    """One request to the test server."""

    server: "Server"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/static/"):
            return self._static(parts.path.removeprefix("/static/"))
        if parts.path == "/sheet":
            return self._send(SHEET.format(said="nothing yet").encode(), "text/html")
        if parts.path not in PATHS.values():
            return self._send(b"", "text/plain", status=404)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        side = next(side for side, path in PATHS.items() if path == parts.path)
        text, headers = page_of(side, asked.get("language", "en"), asked.get("mode", "video"))
        return self._send(text.encode(), "text/html; charset=utf-8", headers=headers)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.posted.append((self.path, body))
        if self.path == "/sheet":
            return self._send(SHEET.format(said="saved").encode(), "text/html")
        return self._send(b"", "text/plain", status=204)

    def _static(self, name: str) -> None:
        found = HERE / STAND_INS[name] if name in STAND_INS else finders.find(name)
        if not found:
            return self._send(b"", "text/plain", status=404)
        return self._send(Path(str(found)).read_bytes(), guess_type(name)[0] or "application/octet-stream")

    def _send(
        self, body: bytes, kind: str, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Cross-Origin-Resource-Policy": "same-origin",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """The test server, on a port of its own."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.posted: list[tuple[str, str]] = []

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
