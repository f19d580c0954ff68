"""What every request passes before a page is reached."""

import asyncio
from typing import Any

import pytest
from ground.loops import run_apart
from pytest_django import Settings
from starlette.types import Message, Receive, Scope, Send

from teleward.web.edge import BODY_BYTES, FILE_BYTES, Edge

Headers = list[tuple[bytes, bytes]]


class Asked:
    """One request through the edge to an application that repeats what it was given."""

    def __init__(
        self,
        headers: Headers | None = None,
        *,
        body: list[bytes] | None = None,
        kind: str = "http",
        path: str = "/",
    ) -> None:
        self.scope: Scope = {
            "type": kind,
            "method": "POST",
            "path": path,
            "headers": headers or [],
            "client": ("10.0.0.9", 5),
            "scheme": {"http": "http", "websocket": "ws"}[kind],
        }
        self.chunks = body or [b""]
        self.sent: list[Message] = []
        self.seen: dict[str, Any] = {}
        run_apart(Edge(self._app)(self.scope, self._receive, self._send))

    @property
    def status(self) -> int:
        return next(one["status"] for one in self.sent if one["type"] == "http.response.start")

    def header(self, name: bytes) -> bytes | None:
        return dict(self.sent[0]["headers"]).get(name)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen = {"scope": scope, "headers": dict(scope["headers"])}
        if scope["type"] == "http":
            self.seen["body"] = (await receive())["body"]
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def _receive(self) -> Message:
        chunk = self.chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(self.chunks)}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)


def test_a_request_gets_an_id_and_the_answer_repeats_it() -> None:
    asked = Asked()
    given = asked.seen["headers"][b"x-request-id"]
    assert len(given) == 36
    assert asked.header(b"x-request-id") == given


@pytest.mark.parametrize(
    ("theirs", "kept"),
    [(b"trace-0123456789", True), (b"short", False), (b"a b c d e f g h", False), (b"x" * 65, False)],
)
def test_an_id_is_taken_over_only_where_it_is_one(theirs: bytes, *, kept: bool) -> None:
    asked = Asked([(b"x-request-id", theirs)])
    assert (asked.seen["headers"][b"x-request-id"] == theirs) is kept


@pytest.mark.parametrize(
    ("proxies", "address"),
    [(0, "10.0.0.9"), (1, "198.51.100.7"), (2, "203.0.113.5"), (3, "192.0.2.1"), (4, "10.0.0.9")],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(
    settings: Settings, proxies: int, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    asked = Asked([(b"x-forwarded-for", b"192.0.2.1, 203.0.113.5"), (b"x-forwarded-for", b"198.51.100.7")])
    assert asked.seen["scope"]["client"][0] == address


def test_the_scheme_is_that_of_the_origin_and_nobody_elses_to_say(settings: Settings) -> None:
    settings.ORIGIN = "https://clinic.example"
    assert Asked([(b"x-forwarded-proto", b"http")]).seen["scope"]["scheme"] == "https"
    assert Asked(kind="websocket").seen["scope"]["scheme"] == "wss"


def test_a_header_with_an_underscore_cannot_pose_as_another() -> None:
    assert b"x_request_id" not in Asked([(b"x_request_id", b"posing-as-another")]).seen["headers"]


@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"a"), (b"host", b"b")],
        [(b"content-length", b"1"), (b"content-length", b"2")],
        [(b"content-length", b"1"), (b"transfer-encoding", b"chunked")],
        [(b"content-length", b"-1")],
        [(b"content-length", b"one")],
    ],
)
def test_contradictory_headers_are_turned_back(headers: Headers) -> None:
    asked = Asked(headers)
    assert asked.status == 400
    assert asked.seen == {}


def test_too_many_or_too_long_headers_are_turned_back() -> None:
    assert Asked([(b"a%d" % n, b"1") for n in range(101)]).status == 431
    assert Asked([(b"a", b"x" * 40_000)]).status == 431


def test_a_body_of_one_mebibyte_passes_whole_and_one_byte_more_does_not() -> None:
    half = b"x" * (BODY_BYTES // 2)
    assert Asked(body=[half, half]).seen["body"] == half * 2
    assert Asked(body=[half, half, b"x"]).status == 413
    assert Asked([(b"content-length", str(BODY_BYTES + 1).encode())]).status == 413


def test_an_answer_says_under_which_id_it_stands_and_a_file_of_ours_under_none() -> None:
    given = [(b"x-request-id", b"018f4e2a-7777-7000-8000-000000000001")]
    assert Asked(given).header(b"x-request-id") == given[0][1]
    assert Asked(given, path="/static/web/mark.svg").header(b"x-request-id") is None


DOCUMENTS = "/records/documents/01a202d1-2565-7394-93f4-2f4fd3cc7e9d/"
SIGNED_IN = (b"cookie", b"__Host-teleward=somebody")
INVITED = (b"cookie", b"__Host-visit=somebody.secret")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (DOCUMENTS, [SIGNED_IN], 200),
        (DOCUMENTS, [], 413),
        ("/account/", [SIGNED_IN], 413),
        ("/window/documents/", [SIGNED_IN], 200),
        ("/visit/documents/", [INVITED], 200),
        ("/visit/documents/", [SIGNED_IN], 413),
        (DOCUMENTS, [INVITED], 413),
    ],
    ids=["signed in", "nobody", "another page", "patient", "guest", "no guest", "guest elsewhere"],
)
def test_a_file_is_taken_where_files_are_and_from_who_is_signed_in(
    path: str, headers: Headers, status: int
) -> None:
    long = (b"content-length", str(FILE_BYTES).encode())
    assert Asked([long, *headers], body=[bytes(FILE_BYTES)], path=path).status == status


def test_no_file_is_larger_than_that_and_only_a_few_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    longer = (b"content-length", str(FILE_BYTES + 1).encode())
    assert Asked([longer, SIGNED_IN], path=DOCUMENTS).status == 413
    monkeypatch.setattr("teleward.web.file_places.STRANGERS_AT_ONCE", 0)
    assert Asked([(b"content-length", b"2000000"), SIGNED_IN], path=DOCUMENTS).status == 503


def test_a_body_that_does_not_come_holds_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teleward.web.edge.BODY_SECONDS", 0.05)

    async def never(_asked: Asked) -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(Asked, "_receive", never)
    assert Asked().status == 408


def test_a_socket_with_contradictory_headers_is_closed() -> None:
    assert Asked([(b"origin", b"a"), (b"origin", b"b")], kind="websocket").sent == [
        {"type": "websocket.close", "code": 1008}
    ]
