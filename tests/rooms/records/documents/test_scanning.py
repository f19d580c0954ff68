"""The virus scanner is asked as clamd(8) says, and where it gives no clear answer nothing is kept."""

import socket
import struct
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from threading import Thread

import pytest

from teleward.records.documents.problems import ScannerAway, VirusFound
from teleward.records.documents.scanning import must_be_clean

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """Speaks INSTREAM for one caller; what it was sent is in `heard`."""

    def __init__(self, answer: bytes | None = None, *, path: str = "") -> None:
        self.answer = answer
        self.heard = b""
        self._listening = _beside(path) if path else socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._serve)
        self._thread.start()

    @property
    def place(self) -> str:
        named = self._listening.getsockname()
        return named if isinstance(named, str) else f"127.0.0.1:{named[1]}"

    def close(self) -> None:
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        line, _address = self._listening.accept()
        with line, line.makefile("rb") as coming:
            assert coming.read(10) == b"zINSTREAM\0"
            while length := struct.unpack(">I", coming.read(4))[0]:
                self.heard += coming.read(length)
            line.sendall(self._said())

    def _said(self) -> bytes:
        if self.answer is not None:
            return self.answer
        return b"stream: Eicar-Signature FOUND\0" if EICAR in self.heard else b"stream: OK\0"


def _beside(path: str) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen()
    return listening


@pytest.fixture
def clamd(request: pytest.FixtureRequest) -> Iterator[Clamd]:
    scanner = Clamd(getattr(request, "param", None))
    yield scanner
    scanner.close()


def test_every_byte_goes_over_and_a_clean_document_passes(clamd: Clamd) -> None:
    content = bytes(range(256)) * 600
    must_be_clean(content, scanner=clamd.place)
    assert clamd.heard == content


def test_what_the_scanner_warns_of_is_refused(clamd: Clamd) -> None:
    with pytest.raises(VirusFound):
        must_be_clean(b"before" + EICAR, scanner=clamd.place)


def test_it_is_asked_over_a_socket_of_the_machine_too() -> None:
    with TemporaryDirectory(dir="/tmp") as folder:
        scanner = Clamd(path=f"{folder}/clamd.ctl")
        with pytest.raises(VirusFound):
            must_be_clean(EICAR, scanner=scanner.place)
        scanner.close()


@pytest.mark.parametrize(
    "clamd",
    [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: O", b"nonsense" * 900],
    indirect=True,
    ids=["too long", "nothing", "half", "endless"],
)
def test_an_answer_that_is_not_clear_is_no(clamd: Clamd) -> None:
    with pytest.raises(ScannerAway):
        must_be_clean(b"a letter", scanner=clamd.place)


@pytest.mark.parametrize("place", ["127.0.0.1:1", "/nowhere/clamd.sock", "clamd", "[::1]:x"])
def test_a_scanner_that_cannot_be_reached_lets_nothing_pass(place: str) -> None:
    with pytest.raises(ScannerAway):
        must_be_clean(b"a letter", scanner=place)


def test_without_a_scanner_nobody_is_asked() -> None:
    must_be_clean(EICAR, scanner="")
