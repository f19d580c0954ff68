"""Going out over HTTP to an address that somebody typed: only where it may lead, little, and quickly.

The name is looked up once, every address it has must be one that may be reached, and that very address is
connected to: a name cannot lead into our own network (RFC 8725 3.10; OWASP: server-side request forgery).
A redirect is an answer like any other: it is never followed.
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

Place = ipaddress.IPv4Address | ipaddress.IPv6Address
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
NEVER = tuple(  # where clouds tell machines their secrets, and ways to write such an address differently
    map(
        ipaddress.ip_network,
        (
            "169.254.0.0/16",
            "fe80::/10",
            "fd00:ec2::/32",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "64:ff9b::/96",
            "2002::/16",
        ),
    )
)


class Closed(Exception):
    """The address may not be reached from here."""


class Silent(Exception):
    """There is no answer, or not in time."""


class TooMuch(Exception):
    """The answer is longer than it may be, or comes drop by drop."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request. `most` bytes of an answer are read, within `patience`.

    `near`: networks of the house (settings.NEIGHBOURS) may be reached too.
    """

    address: str
    patience: timedelta
    most: int
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    near: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; the names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_allowed(address: str) -> bool:
    """Whether it is written as it has to be: with TLS, or this machine where we serve this machine alone."""
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return False
    if parts.username or parts.password or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE and _serves_itself())


def ask(question: Question) -> Answer:
    """Raises Closed, Silent or TooMuch."""
    if not is_allowed(question.address):
        raise Closed
    parts = urlsplit(question.address)
    until = monotonic() + question.patience.total_seconds()
    connection = _connection(parts, question)
    headers = {"Accept": "application/json", "Host": parts.netloc, **question.headers}
    try:
        with _cut_after(connection, question.patience):
            connection.request(question.method, _path(parts), body=question.body, headers=headers)
            answer = connection.getresponse()
            body = _text(answer, question.most, until)
    except (OSError, HTTPException) as failure:
        raise Silent from failure
    finally:
        connection.close()
    if monotonic() >= until:  # cut, what came looks whole
        raise TooMuch
    named = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(status=answer.status, headers=named, body=body)


def place_of(host: str, port: int, *, near: bool) -> str:
    """The one address to connect to. Raises Closed where any of the name's may not be reached, or Silent."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise Silent from unknown
    places = [str(place[4][0]) for place in found]
    if not places or not all(_may_be_reached(place, near=near) for place in places):
        raise Closed
    return places[0]


def _connection(parts: SplitResult, question: Question) -> HTTPConnection:
    host, seconds = str(parts.hostname), question.patience.total_seconds()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    place = place_of(host, port, near=question.near)
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
        self.sock = self._trust.wrap_socket(plain, server_hostname=self._name, do_handshake_on_connect=False)
        self.sock.do_handshake()


@contextmanager
def _cut_after(connection: HTTPConnection, patience: timedelta) -> Iterator[None]:
    """A time limit of a socket is for each piece; this one is for all, also for an answer drop by drop."""
    timer = Timer(patience.total_seconds(), _cut, (connection,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _may_be_reached(place: str, *, near: bool) -> bool:
    address: Place = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in NEVER) or address.is_multicast or address.is_unspecified:
        return False
    if address.is_loopback:
        return _serves_itself()
    return address.is_global or (near and _is_near(address))


def _is_near(address: Place) -> bool:
    return any(address in ipaddress.ip_network(network) for network in settings.NEIGHBOURS)


def _serves_itself() -> bool:
    """Whether our own address is this machine: on trial, or under test."""
    return urlsplit(str(settings.ORIGIN)).hostname in HERE


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _text(answer: HTTPResponse, most: int, until: float) -> bytes:
    """The body, within its size and its time, also where it comes drop by drop."""
    text = b""
    while part := answer.read1(65_536):
        text += part
        if len(text) > most or monotonic() > until:
            raise TooMuch
    return text
