"""A client's public keys, fetched from where it publishes them: only from out there, little, quickly.

The name is looked up once, every address it has must be a public one, and that very address is connected to,
so that a name cannot lead into our own network (RFC 8725 3.10; OWASP: server-side request forgery).
"""

import ipaddress
import json
import re
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from teleward.kernel.clock import now

from .limits import KEYS_ASKED_AGAIN, KEYS_BYTES, KEYS_KEPT, KEYS_PATIENCE
from .problems import InvalidClient

AGE = re.compile(r"(?:^|,)\s*max-age=(\d{1,9})\s*(?:,|$)")
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
REMEMBERED = 500


@dataclass(frozen=True)
class _Kept:
    keys: list[dict[str, Any]]
    at: datetime
    until: datetime


_kept: dict[str, _Kept] = {}


def is_allowed(address: str) -> bool:
    """Whether keys may be fetched there: over TLS, or from this machine where we serve this machine alone."""
    parts = urlsplit(address)
    if parts.username or parts.password or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE and _serves_itself())


def keys_at(address: str, *, name: str) -> list[dict[str, Any]]:
    """The keys published there, `name` among them if possible. Raises InvalidClient."""
    kept, at = _kept.get(address), now()
    if kept is not None and kept.at <= at < kept.until:
        knows = any(key.get("kid") == name for key in kept.keys)
        if knows or at - kept.at <= KEYS_ASKED_AGAIN:
            return kept.keys
    keys, lasts = _fetched(address)
    if len(_kept) >= REMEMBERED:
        _kept.clear()
    _kept[address] = _Kept(keys=keys, at=at, until=at + lasts)
    return keys


def _fetched(address: str) -> tuple[list[dict[str, Any]], timedelta]:
    if not is_allowed(address):
        raise InvalidClient("keys-address")
    parts = urlsplit(address)
    connection = _connection(parts)
    try:
        connection.request("GET", _path(parts), headers={"Accept": "application/json", "Host": parts.netloc})
        answer = connection.getresponse()
        if answer.status != 200:  # a redirect could lead anywhere
            raise InvalidClient("keys-silent")
        return _keys_in(_text(answer)), _age(answer.getheader("Cache-Control", ""))
    except (OSError, HTTPException) as failure:
        raise InvalidClient("keys-silent") from failure
    finally:
        connection.close()


def _connection(parts: SplitResult) -> HTTPConnection:
    host, seconds = str(parts.hostname), KEYS_PATIENCE.total_seconds()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    place = _place(host, port)
    if parts.scheme == "http":
        return HTTPConnection(place, port, timeout=seconds)
    return _To(place, host, port, seconds)


class _To(HTTPSConnection):
    """TLS to one address, which has to show a certificate of the name."""

    def __init__(self, place: str, host: str, port: int, seconds: float) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(place, port, timeout=seconds, context=self._trust)
        self._name = host

    def connect(self) -> None:
        """As the parent's, with the name we know."""
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self._name)


def _place(host: str, port: int) -> str:
    """The address to connect to. Raises InvalidClient where any of the name's is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise InvalidClient("keys-silent") from unknown
    places = [str(place[4][0]) for place in found]
    if not places or not all(_is_public(place) for place in places):
        raise InvalidClient("keys-address")
    return places[0]


def _is_public(place: str) -> bool:
    address = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return _serves_itself()
    return address.is_global and not address.is_multicast


def _serves_itself() -> bool:
    """Whether our own address is this machine: on trial, or under test."""
    return urlsplit(str(settings.ORIGIN)).hostname in HERE


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _text(answer: HTTPResponse) -> bytes:
    """The body, within its size and its time, also where it comes drop by drop."""
    text, until = b"", monotonic() + KEYS_PATIENCE.total_seconds()
    while part := answer.read1(KEYS_BYTES):
        text += part
        if len(text) > KEYS_BYTES or monotonic() > until:
            raise InvalidClient("keys-too-much")
    return text


def _keys_in(text: bytes) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except ValueError as unreadable:
        raise InvalidClient("keys-unreadable") from unreadable
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise InvalidClient("keys-unreadable")
    return keys


def _age(said: str) -> timedelta:
    """How long the answer may be kept: no longer than it says, and never long."""
    found = AGE.search(said)
    if found is None or "no-store" in said or "no-cache" in said:
        return timedelta()
    return min(timedelta(seconds=int(found[1])), KEYS_KEPT)
