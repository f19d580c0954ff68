"""One message over MLLP, and its acknowledgement."""

import hashlib
import hmac
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final

from django.conf import settings

from teleward.kernel.outward import Closed, Silent, place_of
from teleward.records.connections.kind import Refused, Unreachable
from teleward.records.hl7.framing import Frames, framed
from teleward.records.hl7.reading import Message, read
from teleward.records.hl7.reasons import MessageRefused

PATIENCE_SECONDS: Final = 30.0
MOST: Final = 64 * 1024  # of an acknowledgement
TAKEN: Final = frozenset({"AA", "CA"})
LATER: Final = frozenset({"206", "207"})  # table 0357: locked, or a fault of the other side


@dataclass(frozen=True, kw_only=True)
class Wire:
    """Where to. `fingerprint` is the SHA-256 of its certificate, "" where roots vouch for it."""

    host: str
    port: int
    is_plain: bool = False
    fingerprint: str = ""


def asked(wire: Wire, message: bytes) -> None:
    """Sends a message and waits for its acknowledgement. Raises Refused or Unreachable."""
    with reached(wire) as connection:
        try:
            connection.sendall(framed(message))
            answer = _answer(connection, monotonic() + PATIENCE_SECONDS)
        except TimeoutError as slow:
            raise Unreachable("slow") from slow
        except OSError as gone:
            raise Unreachable("silent") from gone
    _judged(answer, read(message).control_id)


@contextmanager
def reached(wire: Wire) -> Iterator[socket.socket]:
    """A connection to who it has to be. Raises Unreachable or Refused."""
    try:
        place = place_of(wire.host, wire.port, near=True)
    except Closed as closed:
        raise Refused("closed-address") from closed
    except Silent as silent:
        raise Unreachable("silent") from silent
    try:
        plain = socket.create_connection((place, wire.port), PATIENCE_SECONDS)
        connection = plain if wire.is_plain else _over_tls(plain, wire)
    except OSError as failed:  # an untrusted certificate is one
        raise Unreachable("silent") from failed
    with connection:
        _is_who_it_says(connection, wire)
        yield connection


def _over_tls(plain: socket.socket, wire: Wire) -> ssl.SSLSocket:
    """With our own certificate, where we have one: it is how the other side may know us."""
    trust = ssl.create_default_context()
    if wire.fingerprint:
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE  # it is held against the fingerprint
    if settings.HL7_CERTIFICATE and settings.HL7_KEY:
        trust.load_cert_chain(settings.HL7_CERTIFICATE, settings.HL7_KEY)
    return trust.wrap_socket(plain, server_hostname=wire.host)


def _is_who_it_says(connection: socket.socket, wire: Wire) -> None:
    if not wire.fingerprint or not isinstance(connection, ssl.SSLSocket):
        return
    seen = hashlib.sha256(connection.getpeercert(binary_form=True) or b"").hexdigest()
    if not hmac.compare_digest(seen, wire.fingerprint):
        raise Refused("not-let-in", said="certificate")


def _answer(connection: socket.socket, until: float) -> bytes:
    frames = Frames(most=MOST)
    while (left := until - monotonic()) > 0:
        connection.settimeout(left)
        data = connection.recv(4096)
        if not data:
            raise Unreachable("silent")
        try:
            for message in frames.feed(data):
                return message
        except MessageRefused as too_much:
            raise Unreachable("too-much") from too_much
    raise Unreachable("slow")


def _judged(answer: bytes, number: str) -> None:
    try:
        message = read(answer, otherwise="8859/1")
        word, about = message.needed("MSA").text(1), message.needed("MSA").text(2)
    except MessageRefused as unreadable:
        raise Unreachable("unreadable") from unreadable
    if about != number:
        raise Unreachable("unreadable", said="MSA-2")
    if word not in TAKEN:
        code = _code(message)
        if code in LATER:
            raise Unreachable("broken-there", said=f"{word} {code}")
        raise Refused("not-taken", said=f"{word[:2]} {code}".strip())


def _code(message: Message) -> str:
    """What stands in ERR-3, or in ERR-1.4 before 2.5: a number of table 0357, and nothing else."""
    error = message.first("ERR")
    words = (error.text(3), error.field(1).part(4)) if error else ()
    return next((word for word in words if word.isdecimal() and len(word) <= 3), "")
