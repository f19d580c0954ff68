"""The practice's server over HTTP: with TLS, or on this machine; no redirect is followed."""

import gzip
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import msgspec

from teleward.command.refusal import CannotContinue
from teleward.kernel.clock import now

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
PATIENCE = 30.0  # seconds for one piece of an exchange
MOST = 4_000_000  # bytes of an answer
SMALL = 1_000  # bytes of a body that is not worth packing
PROGRAM = "teleward-gateway"
EXACT = timedelta(seconds=2)  # the hour in an answer's head is no better
AWAY = (OSError, HTTPException, ValueError)


class Silent(Exception):
    """There is no answer, or none that can be read."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; the names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def says(self) -> dict[str, Any]:
        """Its JSON object; empty where it has none."""
        try:
            return msgspec.json.decode(self.body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return {}


@dataclass
class Server:
    """One server, and how far its clock is from ours."""

    origin: str
    language: str = "en"
    ahead: timedelta = field(default_factory=timedelta)
    packs: bool = True  # whether it takes gzip

    def now(self) -> datetime:
        """The server's time, as its answers told it."""
        return now() + self.ahead

    def post(self, path: str, body: object, *, token: str = "") -> Answer:
        """Send JSON. Raises Silent."""
        return self._ask("POST", path, msgspec.json.encode(body), token)

    def look(self) -> None:
        """Learn the server's time without asking for anything. Raises Silent."""
        self._ask("GET", "/healthz", b"", "")

    def _ask(self, method: str, path: str, body: bytes, token: str) -> Answer:
        head = {
            "Accept": "application/json",
            "Accept-Language": self.language,
            "User-Agent": "teleward-gateway",
        }
        head |= {"Authorization": f"Bearer {token}"} if token else {}
        head |= {"Content-Type": "application/json"} if body else {}
        if self.packs and len(body) > SMALL:
            head, body = head | {"Content-Encoding": "gzip"}, gzip.compress(body, 6)
        began = time.monotonic()
        try:
            answer = self._exchanged(method, path, body, head)
        except AWAY as failure:
            raise Silent(type(failure).__name__) from failure
        self._learn(answer, timedelta(seconds=time.monotonic() - began))
        return answer

    def _exchanged(self, method: str, path: str, body: bytes, head: Mapping[str, str]) -> Answer:
        with closing(_line(self.origin)) as line:
            line.request(method, path, body=body or None, headers=dict(head))
            return _read(line.getresponse())

    def _learn(self, answer: Answer, took: timedelta) -> None:
        told = _told(answer)
        if told is not None:
            ahead = told + took / 2 - now()
            self.ahead = ahead if abs(ahead) > EXACT else timedelta()


def checked_origin(address: str) -> str:
    """The address as scheme, host and port. Raises CannotContinue."""
    parts = urlsplit(address if "//" in address else f"https://{address}")
    if not parts.hostname or parts.scheme not in {"https", "http"} or parts.username:
        raise CannotContinue("Give the practice's address as it stands on the page: https://practice.example")
    if parts.scheme == "http" and parts.hostname not in HERE:
        raise CannotContinue("Readings travel encrypted only. The address has to begin with https://")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _line(origin: str) -> HTTPConnection:
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=PATIENCE, context=ssl.create_default_context())
    if host not in HERE:
        raise socket.gaierror("not encrypted")
    return HTTPConnection(host, parts.port, timeout=PATIENCE)


def _read(answer: HTTPResponse) -> Answer:
    body = answer.read(MOST + 1)
    if len(body) > MOST:
        raise HTTPException("too much")
    return Answer(status=answer.status, headers={n.lower(): v for n, v in answer.getheaders()}, body=body)


def _told(answer: Answer) -> datetime | None:
    try:
        if said := answer.says().get("server_time"):
            return datetime.fromisoformat(str(said)).astimezone(UTC)
        return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return None
