"""Just enough STUN and TURN (RFC 8489, RFC 8656) to ask a relay whether it would serve us."""

import hashlib
import hmac
import secrets
import socket
import ssl
import struct
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

COOKIE = 0x2112A442
ALLOCATE, ALLOCATED = 0x0003, 0x0103
USERNAME, INTEGRITY, ERROR, REALM, NONCE, TRANSPORT = 0x0006, 0x0008, 0x0009, 0x0014, 0x0015, 0x0019
OVER_UDP = b"\x11\0\0\0"
HEADER = 20
WAIT = 3.0  # seconds for each answer
LIFE = 60  # seconds the credentials hold
DEFAULT_PORTS = {"turn": 3478, "turns": 5349}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a `turn:` or `turns:` URL points."""

    scheme: str
    host: str
    port: int
    transport: str


def trouble_with(url: str, *, secret: str, at: datetime) -> str:
    """What is wrong with this relay in one sentence; empty when it would relay for us."""
    place = parse(url)
    try:
        with _connect(place) as wire:
            return _allocate(wire, secret, at)
    except (OSError, ValueError) as failure:
        return f"no answer ({failure})."


def parse(url: str) -> Place:
    """The parts of a URL of RFC 7065."""
    scheme, _, rest = url.partition(":")
    where, _, query = rest.partition("?")
    host, _, port = where.rpartition(":") if not where.endswith("]") and ":" in where else (where, "", "")
    transport = parse_qs(query).get("transport", ["tcp" if scheme == "turns" else "udp"])[0]
    return Place(
        scheme=scheme,
        host=host.strip("[]"),
        port=int(port or DEFAULT_PORTS.get(scheme, 3478)),
        transport=transport,
    )


def _connect(place: Place) -> socket.socket:
    if place.transport == "udp":
        family, kind, number, _name, address = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_DGRAM
        )[0]
        wire = socket.socket(family, kind, number)
        wire.settimeout(WAIT)
        wire.connect(address)
        return wire
    wire = socket.create_connection((place.host, place.port), WAIT)
    return (
        ssl.create_default_context().wrap_socket(wire, server_hostname=place.host)
        if place.scheme == "turns"
        else wire
    )


def _allocate(wire: socket.socket, secret: str, at: datetime) -> str:
    challenge = dict(_attributes(_ask(wire, _message([(TRANSPORT, OVER_UDP)]))))
    if REALM not in challenge or NONCE not in challenge:
        return "it is not a relay with time-limited credentials."
    name = f"{int(at.timestamp()) + LIFE}:doctor"
    word = b64encode(hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest())
    key = hashlib.md5(b":".join([name.encode(), challenge[REALM], word])).digest()  # noqa: S324 - the protocol's choice
    fields = [
        (TRANSPORT, OVER_UDP),
        (USERNAME, name.encode()),
        (REALM, challenge[REALM]),
        (NONCE, challenge[NONCE]),
    ]
    answer = _ask(wire, _message(fields, key))
    if struct.unpack("!H", answer[:2])[0] == ALLOCATED:
        return ""
    refused = dict(_attributes(answer)).get(ERROR, b"\0\0\0\0")
    return f"it refuses our credentials ({refused[2] * 100 + refused[3]})."


def _message(fields: list[tuple[int, bytes]], key: bytes = b"") -> bytes:
    body = b"".join(_field(kind, value) for kind, value in fields)
    transaction = secrets.token_bytes(12)
    length = len(body) + (24 if key else 0)
    whole = struct.pack("!HHI", ALLOCATE, length, COOKIE) + transaction + body
    return whole + _field(INTEGRITY, hmac.new(key, whole, hashlib.sha1).digest()) if key else whole


def _field(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def _ask(wire: socket.socket, message: bytes) -> bytes:
    wire.sendall(message)
    answer = wire.recv(2048)
    if len(answer) < HEADER or answer[8:HEADER] != message[8:HEADER]:
        raise ValueError("an answer to something else")
    return answer


def _attributes(message: bytes) -> Iterator[tuple[int, bytes]]:
    at = HEADER
    while at + 4 <= len(message):
        kind, length = struct.unpack_from("!HH", message, at)
        yield kind, message[at + 4 : at + 4 + length]
        at += 4 + length + (-length % 4)
