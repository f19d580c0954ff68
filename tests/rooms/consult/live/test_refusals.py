"""Bad messages are refused with their stable code and end nothing but, at most, their sender."""

import json
from contextlib import suppress
from typing import Any

import pytest
from stage.live import Dial, House, Pair, Practice
from websockets.exceptions import ConnectionClosed

HOST, PATIENT = "a" * 32, "b" * 32
OFFER = {"kind": "offer", "sdp": "v=0"}


def the_call_goes_on(pair: Pair, number: int = 90_000) -> None:
    """Both directions, both people."""
    pair.host.say("relay", to=PATIENT, id=number, body=OFFER)
    assert pair.patient.hear("relay", id=number)["from"] == HOST
    pair.patient.say("relay", to=HOST, id=number, body=OFFER)
    assert pair.host.hear("relay", id=number)["from"] == PATIENT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "live:malformed"),
        ("null", "live:malformed"),
        ('{"type": "ping"}', "live:malformed"),
        ('{"type": "ping", "n": 1, "extra": 1}', "live:malformed"),
        ('{"type": "melt"}', "live:unknown-type"),
        (json.dumps({"type": "ping", "n": 1}) + " " * 33_000, "live:too-large"),
        (
            json.dumps({"type": "relay", "to": HOST, "id": 1, "body": {**OFFER, "sdp": "x" * 16_400}}),
            "live:too-large",
        ),
        (json.dumps({"type": "hello", "version": 1, "peer": PATIENT}), "live:out-of-order"),
        (json.dumps({"type": "relay", "to": "d" * 32, "id": 1, "body": OFFER}), "live:no-such-peer"),
        (json.dumps({"type": "admit", "peer": HOST}), "live:not-allowed"),
    ],
)  # fmt: skip
def test_one_bad_message_is_refused_and_the_call_goes_on_for_both(pair: Pair, text: str, code: str) -> None:
    pair.patient.connection.send(text)
    error = pair.patient.hear("error")
    assert (error["code"], error["fatal"]) == (code, False)
    assert error["message"]
    the_call_goes_on(pair)


def test_bytes_are_no_message(pair: Pair) -> None:
    pair.patient.connection.send(b"\x00\x01")
    assert pair.patient.hear("error")["code"] == "live:malformed"
    the_call_goes_on(pair)


def test_a_replayed_body_is_not_passed_on_again(pair: Pair) -> None:
    for _ in range(2):
        pair.patient.say("relay", to=HOST, id=7, body=OFFER)
    assert pair.patient.hear("error")["code"] == "live:replayed"
    pair.host.hears_nothing_but("relay", "lobby")
    assert [one["id"] for one in pair.host.heard if one["type"] == "relay"] == [7]


def test_a_frame_beyond_all_measure_ends_the_senders_socket_alone(
    pair: Pair, dial: Dial, practice: Practice
) -> None:
    cookie, _pass = practice.invite("relative", "Tom Weber")
    guest = dial(cookie)
    guest.connection.send("x" * 200_000)
    assert guest.code() == 1009
    the_call_goes_on(pair)


def test_whoever_sends_nothing_but_rubbish_is_put_out_and_the_call_of_the_others_goes_on(
    pair: Pair, dial: Dial, practice: Practice
) -> None:
    cookie, _pass = practice.invite("relative", "Tom Weber")
    guest = dial(cookie)
    guest.say("hello", version=1, peer="c" * 32)
    guest.hear("welcome")
    with suppress(ConnectionClosed):  # put out before the last of it was sent
        for _ in range(60):
            guest.connection.send("rubbish")
    assert guest.code() == 4400
    assert set(guest.errors()) == {"live:malformed"}
    assert guest.heard[-1]["fatal"] is True
    the_call_goes_on(pair)


def test_a_flood_is_cut_off_and_does_not_slow_the_others_down(
    pair: Pair, dial: Dial, practice: Practice
) -> None:
    cookie, _pass = practice.invite("relative", "Tom Weber")
    flood = dial(cookie)
    flood.say("hello", version=1, peer="c" * 32)
    flood.hear("welcome")
    with suppress(ConnectionClosed):  # closed while we send: that is the point
        for number in range(5_000):
            flood.say("ping", n=number)
    assert flood.code() == 4429
    assert "live:too-fast" in flood.errors()
    the_call_goes_on(pair)


def test_too_many_bytes_are_refused_like_too_many_messages(pair: Pair) -> None:
    body = {"kind": "offer", "sdp": "x" * 16_000}
    for number in range(1, 40):
        pair.patient.say("relay", to=HOST, id=number, body=body)
    pair.patient.hear("error", code="live:too-fast")
    received = [pair.host.hear("relay")["id"] for _ in range(20)]
    assert received == sorted(received)


@pytest.mark.parametrize(
    "first", [{"type": "ping", "n": 1}, {"type": "leave"}, {"type": "arrive", "mode": "video"}]
)
def test_before_hello_nothing_is_done(dial: Dial, practice: Practice, first: dict[str, Any]) -> None:
    patient = dial(practice.patient_cookie)
    patient.connection.send(json.dumps(first))
    assert patient.hear("error")["code"] == "live:out-of-order"
    patient.say("hello", version=1, peer=PATIENT)
    patient.hear("welcome")


def test_the_peer_id_of_somebody_else_cannot_be_taken(pair: Pair, dial: Dial, practice: Practice) -> None:
    cookie, _pass = practice.invite("relative", "Eve Stone")
    eve = dial(cookie)
    eve.say("hello", version=1, peer=PATIENT)
    assert eve.hear("error")["code"] == "live:not-allowed"
    the_call_goes_on(pair)


def test_no_hello_in_time_closes_the_socket(
    dial: Dial, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teleward.consult.live.session.HELLO_SECONDS", 0.2)
    assert dial(practice.patient_cookie).code() == 4408


def test_a_silent_socket_is_closed_but_its_seat_is_held(
    dial: Dial, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teleward.consult.live.session.SILENCE_SECONDS", 0.3)
    host = dial(practice.host_cookie)
    host.say("hello", version=1, peer=HOST)
    host.hear("welcome")
    assert host.code() == 4408
    monkeypatch.undo()
    again = dial(practice.host_cookie)
    again.say("hello", version=1, peer=HOST)
    assert again.hear("welcome")["seat"] == 1


def test_one_who_does_not_read_is_dropped_and_nobody_waits_for_them(
    pair: Pair, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teleward.consult.live.limits.Meter.allows", lambda _meter, _size: True)
    patient = next(one for one in house.live.hub.sockets if one.peer == PATIENT)
    body = {"kind": "candidate", "filler": "x" * 16_000}
    for number in range(3_000):  # the patient's side reads nothing meanwhile
        pair.host.say("relay", to=PATIENT, id=number, body=body)
        if patient.outbox.goodbye:
            break
        if number % 20 == 0:
            pair.host.say("ping", n=number)
            pair.host.hear("pong", n=number)
    assert patient.outbox.is_slow
    pair.host.hears_nothing_but("lobby", "error")
