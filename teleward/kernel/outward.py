"""Going out over HTTP to an address that somebody typed: only where it may lead, little, and quickly.

The name is looked up once, every address it has must be one that may be reached, and that very address is
connected to: a name cannot lead into our own network (RFC 8725 3.10; OWASP: server-side request forgery).
A redirect is an answer like any other: it is never followed.
"""

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Thread, Timer
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

Place = ipaddress.IPv4Address | ipaddress.IPv6Address
LOOKUP = timedelta(seconds=5)  # of a name, where nobody says less
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
    fuse = _Fuse(question.patience.total_seconds())
    try:
        with fuse:
            answer = _exchanged(question, fuse)
    except (OSError, HTTPException, ValueError) as failure:  # the last: what HTTP has no way to write
        raise Silent from failure
    if fuse.is_over:  # what came may look whole
        raise TooMuch
    return answer


def place_of(host: str, port: int, *, near: bool, patience: timedelta = LOOKUP) -> str:
    """The one address to connect to. Raises Closed where any of the name's may not be reached, or Silent."""
    try:
        places = _looked_up(host, port, patience.total_seconds())
    except (OSError, ValueError) as unknown:
        raise Silent from unknown
    if not places or not all(_may_be_reached(place, near=near) for place in places):
        raise Closed
    return places[0]


def _looked_up(host: str, port: int, seconds: float) -> list[str]:
    """What the resolver says in time: it knows no limit, so it works in a thread that is left behind."""
    found: Future[list[str]] = Future()

    def look() -> None:
        try:
            places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as unknown:
            found.set_exception(unknown)
        else:
            found.set_result([str(place[4][0]) for place in places])

    Thread(target=look, daemon=True).start()
    return found.result(timeout=seconds)


class _Fuse:
    """One time limit for a whole exchange. A socket's own is for each piece: drop by drop it never ends."""

    def __init__(self, seconds: float) -> None:
        self._until, self.is_over = monotonic() + seconds, False
        self._wire: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        """It burns from now on."""
        self._timer.start()

    def __exit__(self, *_failure: object) -> None:
        """In time, or not."""
        self._timer.cancel()

    def left(self) -> float:
        """Seconds. Raises TimeoutError."""
        left = self._until - monotonic()
        if self.is_over or left <= 0:
            raise TimeoutError
        return left

    def hold(self, wire: socket.socket) -> None:
        """This is what is shut; whoever lets go of it before, as HTTP does, changes nothing about that."""
        self._wire = wire
        if self.is_over:
            self._cut()

    def _cut(self) -> None:
        self.is_over = True
        if self._wire is not None:
            with suppress(OSError):  # below TLS, whose own end is a word to the other side
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)


class _To(HTTPConnection):
    """To one address. With a name it is TLS, and it has to show a certificate of the name."""

    def __init__(self, place: str, port: int, fuse: _Fuse, name: str) -> None:
        super().__init__(place, port)
        self._fuse, self._name = fuse, name

    def connect(self) -> None:
        """As the parent's, held by the fuse."""
        trust = ssl.create_default_context() if self._name else None
        self.sock = socket.create_connection((self.host, self.port), self._fuse.left())
        self._fuse.hold(self.sock)
        if trust is not None:
            self._prove(trust)

    def _prove(self, trust: ssl.SSLContext) -> None:
        wire = trust.wrap_socket(self.sock, server_hostname=self._name, do_handshake_on_connect=False)
        self.sock = wire
        self._fuse.hold(wire)
        wire.do_handshake()


def _exchanged(question: Question, fuse: _Fuse) -> Answer:
    parts = urlsplit(question.address)
    headers = {"Accept": "application/json", "Host": parts.netloc, **question.headers}
    with closing(_connection(parts, question, fuse)) as connection:
        connection.request(question.method, _path(parts), body=question.body, headers=headers)
        answer = connection.getresponse()
        with answer:
            body = _text(answer, question.most)
    named = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(status=answer.status, headers=named, body=body)


def _connection(parts: SplitResult, question: Question, fuse: _Fuse) -> _To:
    host, is_tls = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    place = place_of(host, port, near=question.near, patience=timedelta(seconds=fuse.left()))
    return _To(place, port, fuse, host if is_tls else "")


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


def _text(answer: HTTPResponse, most: int) -> bytes:
    """The body, within its size."""
    text = b""
    while part := answer.read1(65_536):
        text += part
        if len(text) > most:
            raise TooMuch
    return text
