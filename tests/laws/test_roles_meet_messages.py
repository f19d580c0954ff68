"""Everybody opens the socket of a visit, their own and another, and sends every kind of message.

Who does not get in hears one refusal, the same for every message and whether or not there is such a visit.
Who gets in may do what the table of the messages says for their seat.
"""

import json
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from stage.everybody import House, everybody
from stage.live import PATIENCE, house
from stage.live import House as Server
from stage.visits import HERE
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from teleward.access.grants import Action, Refused
from teleward.access.operations.sessions import COOKIE as SESSION
from teleward.access.queries.passes import COOKIE as VISIT
from teleward.consult.live import messages
from teleward.consult.live.messages import MESSAGES
from teleward.consult.live.visitor import Credentials, Visitor, ask_again, enter
from teleward.kernel.ids import new_id

__all__ = ["house"]
SEATS = {"host": Action.VISIT_HOST, "guest": Action.VISIT_JOIN, "relative": Action.VISIT_JOIN}
NOT_OF = {"host": {"arrive"}, "guest": {"admit", "turn-away"}, "relative": {"admit", "turn-away"}}
PEER = "a" * 32
SAMPLES: dict[str, dict[str, Any]] = {  # one valid message of each kind
    "hello": {"version": 1, "peer": PEER},
    "ping": {"n": 1},
    "arrive": {"mode": "video"},
    "admit": {"peer": PEER},
    "turn-away": {"peer": PEER},
    "relay": {"to": PEER, "id": 1, "body": {"kind": "bye"}},
    "ice": {},
    "media": {"mode": "video", "microphone": True, "camera": True, "screen": False},
    "path": {"peer": PEER, "path": "direct"},
    "words": {"peer": PEER, "run": 1, "outcome": "same", "form": "words", "evidence": "0" * 64},
    "leave": {},
}


@pytest.fixture
def everyone(fresh_database: str) -> House:
    return everybody()


def cookie_of(everyone: House, who: str) -> str:
    return "; ".join(f"{name}={held.value}" for name, held in everyone.browsers[who]().cookies.items())


def heard(server: Server, cookie: str, visit: str, says: dict[str, Any]) -> tuple[int, list[Any]]:
    """The code with which the socket closes, and everything that was said on it before."""
    address = f"ws://127.0.0.1:{server.port}/live/visits/{visit}"
    said: list[Any] = []
    with connect(address, origin=settings.ORIGIN, additional_headers={"Cookie": cookie}) as socket:  # type: ignore[arg-type]  # a plain text
        with suppress(ConnectionClosed):  # it may be refused before anything is said
            socket.send(json.dumps(says))
        try:
            while True:
                said.append(json.loads(socket.recv(timeout=PATIENCE)))
        except ConnectionClosed as closed:
            return (closed.rcvd.code if closed.rcvd else 1006), said


def test_there_is_a_sample_of_every_message() -> None:
    assert set(SAMPLES) == {messages.tag(kind) for kind in MESSAGES}


def test_who_has_no_seat_hears_one_refusal_whatever_they_send_and_wherever(
    everyone: House, house: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.live.hub.knocks_of_address, "allows", lambda _address: True)
    nowhere, visit = str(new_id()), everyone.ids["visit"]
    for who in sorted(set(everyone.browsers) - set(SEATS)):
        cookie = cookie_of(everyone, who)
        answers = [heard(house, cookie, visit, {"type": kind, **said}) for kind, said in SAMPLES.items()]
        answers.append(heard(house, cookie, nowhere, {"type": "hello", **SAMPLES["hello"]}))
        assert all(answer == answers[0] for answer in answers), (who, answers)
        assert answers[0][0] in {4401, 4403}, (who, answers)
        assert [one["type"] for one in answers[0][1]] == ["error"], (who, answers)


def test_a_seat_sends_what_the_table_of_messages_says_and_holds_in_one_visit_only(everyone: House) -> None:
    visit, other = UUID(everyone.ids["visit"]), everyone.another_visit
    for who, action in SEATS.items():
        held = {name: one.value for name, one in everyone.browsers[who]().cookies.items()}
        credentials = Credentials(session=held.get(SESSION, ""), visit=held.get(VISIT, ""))
        visitor = enter(credentials=credentials, visit=visit, side="", circumstances=HERE)
        assert visitor.grant.action is action
        may = {messages.tag(kind) for kind, gate in MESSAGES.items() if passes(visitor, gate)}
        assert may == set(SAMPLES) - NOT_OF[who], who
        with pytest.raises(Refused):
            enter(credentials=credentials, visit=other, side="", circumstances=HERE)


def passes(visitor: Visitor, gate: messages.Gate) -> bool:
    """Whether this seat may send such a message."""
    if gate.asks is None:
        return bool(gate.open_because) or visitor.grant.action in gate.covered_by
    try:
        ask_again(visitor=visitor, action=gate.asks)
    except Refused:
        return False
    return True
