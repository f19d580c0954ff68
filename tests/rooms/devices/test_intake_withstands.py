"""What a gateway may send, and what becomes of the rest: bombs, other formats, too much, too often."""

import asyncio
import gzip
import json
from typing import Any

import httpx
import pytest
from stage.home import Gateway, Home

from teleward.devices.arriving import LARGEST, MOST
from teleward.devices.live import desk
from teleward.web import edge


def posted(gateway: Gateway, body: bytes, **headers: str) -> Any:
    return gateway.server.post(
        "/devices/readings", body, authorization=f"Bearer {gateway.token()}", **headers
    )


def test_packed_readings_are_taken(gateway: Gateway) -> None:
    answer = gateway.send(gateway.reading(), packed=True)
    assert [each["status"] for each in answer.json()["answers"]] == ["kept"]


def test_a_bomb_is_unpacked_no_further_than_a_batch_may_be_long(gateway: Gateway) -> None:
    bomb = gzip.compress(b" " * 300_000_000, 9)
    assert len(bomb) < 300_000
    answer = posted(gateway, bomb, **{"content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (413, "devices:body-too-large")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"[]", {}, 400),
        (b"{", {}, 400),
        (b'{"readings":1}', {}, 400),
        (b"\xff\xfe", {}, 400),
        (b'{"readings":[]}', {"content-type": "text/plain"}, 415),
        (b'{"readings":[]}', {"content-encoding": "br"}, 415),
        (b"no gzip", {"content-encoding": "gzip"}, 400),
        (gzip.compress(b'{"readings":[]}')[:-6], {"content-encoding": "gzip"}, 400),
        (gzip.compress(b'{"readings":[]}') * 2, {"content-encoding": "gzip"}, 400),
        (b'{"readings":[]}' + b" " * LARGEST, {}, 413),
        (b" " * (edge.BODY_BYTES + 1), {}, 413),
    ],
    ids=["list", "cut", "number", "bytes", "text", "brotli", "plain", "torn", "two", "long", "longer"],
)
def test_what_is_no_batch_is_refused(
    gateway: Gateway, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert posted(gateway, body, **headers).status_code == status


def test_more_readings_than_a_batch_holds_are_refused_whole(gateway: Gateway) -> None:
    body = json.dumps({"readings": [{}] * (MOST + 1)}).encode()
    assert posted(gateway, body).json()["code"] == "devices:body-too-large"


def test_deep_nonsense_is_refused_and_the_others_stand(gateway: Gateway) -> None:
    deep = b"[" * 5_000 + b"]" * 5_000
    body = b'{"readings":[' + json.dumps(gateway.reading()).encode() + b"," + deep + b"]}"
    answer = posted(gateway, body)
    assert answer.status_code in {200, 400}
    assert "Traceback" not in answer.text


def test_a_slow_body_is_given_up(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "BODY_SECONDS", 0)
    said: list[dict[str, Any]] = []

    async def slow() -> dict[str, Any]:
        return await asyncio.Event().wait()  # type: ignore[return-value]  # it never comes

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/devices/readings",
        "headers": [],
        "query_string": b"",
    }
    gateway.server.portal.call(gateway.server.app, scope, slow, send)
    assert said[0]["status"] == 408


def test_only_post_is_answered(gateway: Gateway) -> None:
    async def looked() -> Any:
        transport = httpx.ASGITransport(app=gateway.server.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://home.example") as client:
            return await client.get("/devices/readings")

    assert gateway.server.portal.call(looked).status_code == 405


def test_too_many_at_once_are_told_to_wait(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "WAITING", 0)
    answer = gateway.send(gateway.reading())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def test_without_a_word_nothing_is_taken(home: Home) -> None:
    answer = home.server.post("/devices/readings", {"readings": []})
    assert (answer.status_code, answer.json()["reason"]) == (401, "none")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_refusal_is_said_in_the_language_that_was_asked_for(gateway: Gateway) -> None:
    answer = gateway.server.post("/devices/readings", {"readings": []}, **{"accept-language": "de-DE"})
    assert "Gerät" in answer.json()["message"]
