"""One room in memory: who hears what, what waits for the absent, who leads."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from teleward.consult.cards import SeatCard
from teleward.consult.live import answers as a
from teleward.consult.live import messages as m
from teleward.consult.live.limits import HOLD_SECONDS, LIMITS, QUEUED_MESSAGES
from teleward.consult.live.outbox import Kept
from teleward.consult.live.problems import Gone, NoSuchPeer, NotAdmitted, Replayed
from teleward.consult.live.room import Room

HOST, PATIENT, INTERPRETER, STRANGER = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)
NAMES = {HOST: "Dr. Amal Haddad", PATIENT: "Jonas Weber", INTERPRETER: "Rosa Lima", STRANGER: "Nobody Known"}
NO_ICE = a.IceServers(servers=(), ttl=600)
TALKS = a.State(mode="video", microphone=True, camera=True, screen=False)


class Wire:
    """A transport that remembers what it delivered; peers that are not `open` are away."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self.heard: dict[str, list[dict[str, Any]]] = {}

    def send(self, *, visit: UUID, peer: str, frame: str | Kept) -> bool:
        text = frame.frame if isinstance(frame, Kept) else frame
        if peer in self.open:
            self.heard.setdefault(peer, []).append(json.loads(text))
        return peer in self.open

    def types(self, peer: str) -> list[str]:
        return [message["type"] for message in self.heard.get(peer, [])]


class Scene:
    def __init__(self) -> None:
        self.wire, self.at = Wire(), 1000.0
        self.room = Room(visit=uuid4(), transport=self.wire, clock=lambda: self.at)  # type: ignore[arg-type]

    def card(self, peer: str, number: int | None = None) -> SeatCard:
        return SeatCard(
            peer=peer,
            number=number,
            role="host" if peer == HOST else "patient",
            name=NAMES[peer],
            state="admitted" if number else "present",
            person=UUID(int=1) if peer == HOST else None,
            pass_id=None if peer == HOST else UUID(peer),
            arrived_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
            mode="",
            check=None,
            company=(),
        )

    def come(self, peer: str, number: int | None = None) -> a.Welcome:
        self.wire.open.add(peer)
        self.room.come(card=self.card(peer, number), is_host=peer == HOST, grant=None)  # type: ignore[arg-type]
        welcome = self.room.welcome(peer=peer, ice=NO_ICE, limits=LIMITS)
        self.room.greet(peer)
        return welcome

    def go_away(self, peer: str) -> None:
        self.wire.open.discard(peer)
        self.room.away(peer)

    def wait(self, peer: str) -> None:
        self.room.arrived(replace(self.card(peer), state="waiting", mode="video", company=("her son",)))

    def admit(self, peer: str, number: int) -> None:
        self.room.admitted(self.card(peer, number))

    def relay(self, sender: str, to: str, number: int, kind: str = "offer") -> None:
        body = msgspec.Raw(json.dumps({"kind": kind, "n": number}).encode())
        self.room.relay(sender=sender, message=m.Relay(to=to, id=number, body=body))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_guest_who_was_not_let_in_learns_of_nobody(scene: Scene) -> None:
    scene.come(HOST, 1)
    welcome = scene.come(PATIENT)
    scene.wait(PATIENT)
    scene.come(INTERPRETER, 2)
    scene.room.media(sender=HOST, state=TALKS)
    scene.room.forget(INTERPRETER, why="left")
    told = json.dumps([json.loads(a.encode(welcome)), scene.wire.heard[PATIENT]])
    assert (welcome.admitted, welcome.seat, welcome.peers, welcome.leader) == (False, None, (), False)
    assert scene.wire.types(PATIENT) == ["waiting"]
    for other in (HOST, INTERPRETER):
        assert other not in told
        assert NAMES[other] not in told


def test_only_the_host_sees_the_lobby(scene: Scene) -> None:
    scene.come(HOST, 1)
    assert scene.come(INTERPRETER, 2).waiting is msgspec.UNSET
    scene.come(PATIENT)
    scene.wait(PATIENT)
    assert scene.wire.heard[HOST][-1]["waiting"][0] == {
        "peer": PATIENT, "role": "patient", "name": "Jonas Weber", "since": "2026-11-22T09:00:00+00:00",
        "mode": "video", "company": ["her son"], "check": None,
    }  # fmt: skip
    assert "lobby" not in scene.wire.types(INTERPRETER)


def test_who_is_let_in_hears_who_is_there_and_they_hear_of_the_new_one(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT)
    scene.wait(PATIENT)
    scene.admit(PATIENT, 2)
    admitted = scene.wire.heard[PATIENT][-1]
    assert (admitted["type"], admitted["seat"], admitted["peers"][0]["name"]) == (
        "admitted",
        2,
        "Dr. Amal Haddad",
    )
    assert {
        "type": "joined",
        "peer": PATIENT,
        "seat": 2,
        "role": "patient",
        "name": "Jonas Weber",
    } in scene.wire.heard[HOST]
    assert scene.wire.heard[HOST][-1] == {"type": "lobby", "waiting": []}


def test_letting_in_twice_says_it_once(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT)
    scene.admit(PATIENT, 2)
    scene.admit(PATIENT, 2)
    assert scene.wire.types(PATIENT).count("admitted") == 1


def test_the_lowest_seat_leads(scene: Scene) -> None:
    assert scene.come(PATIENT, 2).leader
    assert scene.come(HOST, 1).leader
    assert not scene.come(INTERPRETER, 3).leader


def test_a_message_passes_between_seats_only(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT)
    with pytest.raises(NotAdmitted):
        scene.relay(PATIENT, HOST, 1)
    with pytest.raises(NotAdmitted):
        scene.room.media(sender=PATIENT, state=TALKS)
    with pytest.raises(NoSuchPeer):
        scene.relay(HOST, PATIENT, 1)
    with pytest.raises(NoSuchPeer):
        scene.relay(HOST, STRANGER, 1)
    with pytest.raises(NoSuchPeer):
        scene.relay(HOST, HOST, 1)


def test_a_body_arrives_byte_for_byte(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT, 2)
    scene.relay(PATIENT, HOST, 5)
    assert scene.wire.heard[HOST][-1] == {
        "type": "relay",
        "from": PATIENT,
        "id": 5,
        "body": {"kind": "offer", "n": 5},
    }


def test_an_id_that_does_not_rise_is_a_replay_for_that_pair_alone(scene: Scene) -> None:
    for peer, number in ((HOST, 1), (PATIENT, 2), (INTERPRETER, 3)):
        scene.come(peer, number)
    scene.relay(PATIENT, HOST, 5)
    for stale in (5, 4, 0):
        with pytest.raises(Replayed):
            scene.relay(PATIENT, HOST, stale)
    scene.relay(PATIENT, INTERPRETER, 1)
    scene.relay(HOST, PATIENT, 1)
    scene.relay(PATIENT, HOST, 6)


def test_ids_count_from_the_beginning_after_a_new_hello(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT, 2)
    scene.relay(PATIENT, HOST, 900)
    scene.come(PATIENT, 2)
    scene.relay(PATIENT, HOST, 1)


def test_what_is_sent_to_an_absent_peer_waits_in_order(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT, 2)
    scene.go_away(HOST)
    for number in range(1, 4):
        scene.relay(PATIENT, HOST, number)
    scene.wire.heard.clear()
    scene.come(HOST, 1)
    assert [one["id"] for one in scene.wire.heard[HOST] if one["type"] == "relay"] == [1, 2, 3]
    assert scene.wire.types(PATIENT) == ["joined"]


def test_what_never_left_a_dying_socket_comes_before_what_was_sent_later(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT, 2)
    scene.wire.open.discard(HOST)
    scene.room.away(HOST, unsent=['{"type": "relay", "id": 1}', '{"type": "relay", "id": 2}'])
    scene.relay(PATIENT, HOST, 3)
    scene.wire.heard.clear()
    scene.come(HOST, 1)
    assert [one["id"] for one in scene.wire.heard[HOST] if one["type"] == "relay"] == [1, 2, 3]


def test_no_more_waits_than_64_messages(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT, 2)
    scene.go_away(HOST)
    for number in range(QUEUED_MESSAGES):
        scene.relay(PATIENT, HOST, number)
    with pytest.raises(Gone):
        scene.relay(PATIENT, HOST, QUEUED_MESSAGES)


def test_nothing_is_kept_for_one_who_is_gone_for_longer_than_a_seat_is_held(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT, 2)
    scene.go_away(HOST)
    scene.at += HOLD_SECONDS + 1
    with pytest.raises(Gone):
        scene.relay(PATIENT, HOST, 1)


def test_a_seat_is_held_for_a_minute_and_then_the_others_hear_that_it_is_empty(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT, 2)
    scene.go_away(PATIENT)
    scene.at += HOLD_SECONDS - 1
    assert scene.room.sweep() == []
    assert "left" not in scene.wire.types(HOST)
    scene.at += 1
    assert [place.card.peer for place in scene.room.sweep()] == [PATIENT]
    assert scene.wire.heard[HOST][-2:] == [
        {"type": "left", "peer": PATIENT, "why": "lost"},
        {"type": "lobby", "waiting": []},
    ]


def test_a_guest_whose_socket_is_away_is_not_shown_in_the_lobby(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT)
    scene.wait(PATIENT)
    scene.go_away(PATIENT)
    assert scene.wire.heard[HOST][-1] == {"type": "lobby", "waiting": []}


def test_after_a_restart_the_rows_fill_the_room_and_nobody_is_let_in_again(scene: Scene) -> None:
    scene.room.fill([scene.card(HOST, 1), scene.card(PATIENT, 2), scene.card(STRANGER)])
    welcome = scene.come(PATIENT, 2)
    assert (welcome.admitted, welcome.seat, scene.room.knows(STRANGER)) == (True, 2, False)
    assert [(one.peer, one.present) for one in welcome.peers] == [(HOST, False)]
    scene.relay(PATIENT, HOST, 1)
    scene.come(HOST, 1)
    assert "relay" in scene.wire.types(HOST)
    assert scene.wire.types(PATIENT) == ["joined"]


def test_media_states_go_to_the_others_in_the_room(scene: Scene) -> None:
    scene.come(HOST, 1)
    scene.come(PATIENT, 2)
    state = a.State(mode="audio", microphone=True, camera=False, screen=False)
    assert scene.room.media(sender=PATIENT, state=state)
    assert not scene.room.media(sender=PATIENT, state=msgspec.structs.replace(state, microphone=False))
    assert scene.wire.heard[HOST][-1]["microphone"] is False
    assert scene.come(INTERPRETER, 3).peers[1].media is not None


def test_another_tab_of_the_same_holder_and_another_one_on_the_same_seat_are_rivals(scene: Scene) -> None:
    scene.come(PATIENT, 2)
    newer = replace(scene.card(INTERPRETER), pass_id=UUID(PATIENT))
    assert scene.room.rivals(newer) == [PATIENT]
    assert scene.room.rivals(scene.card(STRANGER, 2)) == [PATIENT]
    assert scene.room.rivals(scene.card(STRANGER, 3)) == []
    scene.come(HOST, 1)
    assert scene.room.rivals(replace(scene.card(STRANGER), person=UUID(int=2), pass_id=None)) == []


def test_an_empty_room_can_be_dropped(scene: Scene) -> None:
    scene.come(PATIENT, 2)
    scene.room.forget(PATIENT, why="left")
    assert scene.room.is_empty
