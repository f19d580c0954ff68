"""Asking clamd about a document: its bytes go over a socket and are kept nowhere (clamd(8), INSTREAM)."""

import socket
import struct
from collections.abc import Iterator

from .limits import SCAN_CHUNK, SCAN_PATIENCE
from .problems import ScannerAway, VirusFound

LONGEST_ANSWER = 4_096


def must_be_clean(content: bytes, *, scanner: str) -> None:
    """Raises VirusFound, or ScannerAway where there is no clear answer. No `scanner`: nobody is asked.

    `scanner` is `host:port`, or the path of a socket.
    """
    if not scanner:
        return
    try:
        answer = _asked(scanner, content)
    except OSError as away:
        raise ScannerAway from away
    if answer.endswith(b" FOUND"):
        raise VirusFound
    if answer != b"stream: OK":
        raise ScannerAway


def _asked(scanner: str, content: bytes) -> bytes:
    with _connected(scanner) as line:
        line.settimeout(SCAN_PATIENCE.total_seconds())
        line.sendall(b"zINSTREAM\0")
        for chunk in _chunks(content):
            line.sendall(struct.pack(">I", len(chunk)) + chunk)
        return b"".join(_heard(line)).partition(b"\0")[0]


def _connected(scanner: str) -> socket.socket:
    if scanner.startswith("/"):
        return _beside(scanner)
    host, _colon, port = scanner.rpartition(":")
    if not port.isdigit():
        raise ScannerAway
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SCAN_PATIENCE.total_seconds())


def _beside(path: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(SCAN_PATIENCE.total_seconds())
    try:
        line.connect(path)
    except OSError:
        line.close()
        raise
    return line


def _chunks(content: bytes) -> Iterator[bytes]:
    """The pieces, and the empty one that ends them."""
    yield from (content[start : start + SCAN_CHUNK] for start in range(0, len(content), SCAN_CHUNK))
    yield b""


def _heard(line: socket.socket) -> Iterator[bytes]:
    length = 0
    while length < LONGEST_ANSWER and (piece := line.recv(LONGEST_ANSWER)):
        yield piece
        length += len(piece)
        if b"\0" in piece:
            return
