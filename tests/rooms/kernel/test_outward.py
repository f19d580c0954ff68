"""Where the server goes when somebody typed an address: only where its operator lets it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import LazySettings

from teleward.kernel.outward import Closed, Question, Silent, TooMuch, ask, is_allowed, place_of

NEVER = (
    "169.254.169.254",
    "fd00:ec2::254",
    "100.100.100.200",
    "168.63.129.16",
    "64:ff9b::a9fe:a9fe",
    "::ffff:169.254.169.254",
    "2002:a9fe:a9fe::1",
    "0.0.0.0",  # noqa: S104 - an address that must not be reached
    "224.0.0.1",
)


def named(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_how: found)


@pytest.mark.parametrize("address", NEVER)
def test_where_clouds_keep_secrets_is_never_reached(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings, address: str
) -> None:
    """Not even where the operator named everything."""
    settings.NEIGHBOURS = ["0.0.0.0/0", "::/0"]
    named(monkeypatch, address)
    with pytest.raises(Closed):
        place_of("nord.example", 443, near=True)


def test_a_typed_address_reaches_only_what_the_operator_named(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    named(monkeypatch, "192.168.10.7")
    with pytest.raises(Closed):
        place_of("nord.example", 443, near=True)
    settings.NEIGHBOURS = ["192.168.10.0/24"]
    assert place_of("nord.example", 443, near=True) == "192.168.10.7"
    with pytest.raises(Closed):  # a client's keys are never fetched from the house
        place_of("nord.example", 443, near=False)
    named(monkeypatch, "192.168.10.7", "192.168.11.7")
    with pytest.raises(Closed):
        place_of("nord.example", 443, near=True)


def test_an_address_has_tls_and_no_names_or_passwords_in_it(settings: LazySettings) -> None:
    settings.ORIGIN = "https://praxis.example"
    assert is_allowed("https://nord.example/fhir")
    wrong = ["http://nord.example/", "http://localhost/", "https://a:b@nord.example/", "file:///etc/passwd"]
    assert not [
        address for address in (*wrong, "https://nord.example:x/", "https://[") if is_allowed(address)
    ]
    with pytest.raises(Closed):
        ask(Question(address="http://nord.example/", patience=timedelta(seconds=1), most=10))


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
DROPS = {  # what comes first, and what comes again and again
    "header": (OK + b"X-Drop: ", b"a"),
    "status": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (OK + b"Content-Length: 9999\r\n\r\n", b"a"),
    "trailer": (OK + CHUNKED + b"0\r\n", b"X: a\r\n"),  # after it let go of its wire
}


@pytest.fixture
def dripping(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that goes on for as long as anybody listens."""
    over, (first, drop) = threading.Event(), DROPS[request.param]

    def serve(listener: socket.socket) -> None:
        wire, _peer = listener.accept()
        with wire, suppress(OSError):
            wire.sendall(first)
            while not over.wait(0.02):
                wire.sendall(drop)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        end = threading.Timer(3, over.set)  # or the test would wait with it
        end.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        end.cancel()
        is_late = over.is_set()
        over.set()
        thread.join()
    assert not is_late


@pytest.mark.parametrize("dripping", sorted(DROPS), indirect=True)
def test_an_answer_drop_by_drop_is_cut_when_its_time_is_over(dripping: str) -> None:
    with pytest.raises((Silent, TooMuch)):
        ask(Question(address=dripping, patience=timedelta(seconds=0.3), most=10_000))


def test_a_name_that_nobody_answers_for_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def resolve(*_args: object, **_how: object) -> list[object]:
        over.wait(3)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(Silent):  # nothing found would be Closed
        ask(Question(address="https://nord.example/", patience=timedelta(seconds=0.05), most=10))
    over.set()


def test_what_http_cannot_write_is_as_silence() -> None:
    """Part of it may have come from the other side, such as a token with the end of a line in it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        odd = {"Authorization": "Bearer a\r\nX-Else: b"}
        with pytest.raises(Silent):
            ask(Question(address=address, patience=timedelta(seconds=1), most=10, headers=odd))
