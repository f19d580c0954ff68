"""A connection that does not come to the point is closed; one that does is served as ever."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest
import uvicorn
from stage.live import PATIENCE, until
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from teleward.web import wire
from teleward.web.asgi import SERVER

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


async def yes(scope: Scope, receive: Receive, send: Send) -> None:
    """As the edge does, it answers once the body is whole."""
    while (await receive()).get("more_body"):
        pass
    await PlainTextResponse("yes")(scope, receive, send)


@pytest.fixture
def port() -> Iterator[int]:
    """A server that answers `yes` to everything, with the limits of the real one."""
    usual = SERVER | {"host": "127.0.0.1", "port": 0, "log_config": None, "lifespan": "off"}
    config = uvicorn.Config(yes, **usual)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(PATIENCE)


def heard_after(port: int, *parts: bytes, in_turn: bool = False) -> bytes:
    """Everything the server says until it closes the connection; `in_turn` waits for the first answer."""
    heard = b""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)) as line:
        try:
            for place, part in enumerate(parts):
                while place and in_turn and b"yes" not in heard:
                    heard += line.recv(65536)
                line.sendall(part)
            while said := line.recv(65536):
                heard += said
        except ConnectionError:
            return heard
    return heard


@pytest.mark.parametrize("begun", [b"", b"GET / HTT", HEAD])
def test_whoever_does_not_finish_the_head_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, port: int, begun: bytes
) -> None:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.2)
    assert heard_after(port, begun) == b""


def test_nor_after_a_first_answer(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.2)
    assert heard_after(port, HEAD + b"\r\n", HEAD, in_turn=True).count(b"yes") == 1


def test_a_head_without_end_is_not_kept(port: int) -> None:
    flood = [b"X-%d: %s\r\n" % (number, b"a" * 60_000) for number in range(200)]
    assert heard_after(port, HEAD, *flood) == b""


def test_two_requests_and_a_long_body_on_one_connection_are_served(port: int) -> None:
    body = b"a" * 300_000
    first = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body)
    last = HEAD + b"Connection: close\r\n\r\n"
    assert heard_after(port, first, body, last).count(b"yes") == 2


def test_head_and_body_of_an_answer_leave_together_and_what_is_much_waits_for_its_reader() -> None:
    turns: list[Callable[[], None]] = []
    sent: list[bytes] = []
    transport = SimpleNamespace(
        write=sent.append, is_closing=lambda: False, close=lambda: sent.append(b"closed")
    )
    gathering = wire.Gathering(transport, SimpleNamespace(call_soon=turns.append))  # type: ignore[arg-type]
    gathering.write(b"head ")
    gathering.write(b"body")
    assert sent == []
    for turn in turns:
        turn()
    assert sent == [b"head body"]
    gathering.write(b"a" * (wire.GATHERED_BYTES + 1))
    assert len(sent) == 2
    gathering.write(b"end")
    gathering.close()
    assert sent[2:] == [b"end", b"closed"]
