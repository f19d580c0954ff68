"""A visit over real sockets: coming, waiting, being let in, talking, going."""

from typing import Any

import pytest
from pytest_django import Settings
from stage.live import Dial, Pair, Practice

from teleward.consult.models import Admission, EquipmentCheck, ModePeriod, Seat, Verification

HOST, PATIENT, THIRD = "a" * 32, "b" * 32, "c" * 32
OFFER = {"kind": "offer", "sdp": "v=0 a=fingerprint:sha-256 00"}


def test_the_host_is_seated_at_once_and_hears_the_limits(dial: Dial, practice: Practice) -> None:
    host = dial(practice.host_cookie)
    host.say("hello", version=1, peer=HOST)
    welcome = host.hear("welcome")
    assert (welcome["seat"], welcome["host"], welcome["admitted"], welcome["leader"]) == (1, True, True, True)
    assert welcome["waiting"] == []
    assert welcome["limits"]["frame"] == 32_768
    assert welcome["visit"] == str(practice.visit)


def test_a_guest_waits_and_learns_of_nobody(dial: Dial, practice: Practice) -> None:
    host, patient = dial(practice.host_cookie), dial(practice.patient_cookie)
    host.say("hello", version=1, peer=HOST)
    host.hear("welcome")
    patient.say("hello", version=1, peer=PATIENT)
    patient.say("arrive", mode="audio", company=["my son"])
    patient.hear("waiting")
    host.say("media", mode="video", microphone=True, camera=True, screen=False)
    host.hears_nothing_but("lobby")
    patient.hears_nothing_but("waiting")
    told = str(patient.heard)
    assert HOST not in told
    assert "Haddad" not in told
    assert patient.heard[0]["seat"] is None


def test_the_host_sees_who_waits_with_what_they_said(dial: Dial, practice: Practice) -> None:
    host, patient = dial(practice.host_cookie), dial(practice.patient_cookie)
    host.say("hello", version=1, peer=HOST)
    check = {"path": "relayed", "camera": False, "microphone": True, "speaker": True}
    patient.say("hello", version=1, peer=PATIENT)
    patient.say("arrive", mode="audio", company=["my son"], check=check)
    (waiting,) = host.hear("lobby")["waiting"]
    assert (waiting["name"], waiting["role"], waiting["mode"]) == ("Jonas Weber", "patient", "audio")
    assert (waiting["company"], waiting["check"]) == (["my son"], check)
    assert EquipmentCheck.objects.get().path == "relayed"


def test_being_let_in_is_a_decision_of_its_own_and_a_row(pair: Pair) -> None:
    seats = {seat.peer: seat for seat in Seat.objects.all()}
    assert (seats[HOST].number, seats[PATIENT].number) == (1, 2)
    assert Admission.objects.filter(seat=seats[PATIENT]).count() == 1


def test_a_body_goes_from_one_seat_to_the_other_unchanged(pair: Pair) -> None:
    pair.host.say("relay", to=PATIENT, id=1, body=OFFER)
    assert pair.patient.hear("relay") == {"type": "relay", "from": HOST, "id": 1, "body": OFFER}
    pair.patient.say("relay", to=HOST, id=1, body={"kind": "answer", "sdp": "v=0"})
    assert pair.host.hear("relay")["body"]["kind"] == "answer"


def test_media_states_are_shown_to_the_other_and_minutes_run_on_the_servers_clock(pair: Pair) -> None:
    pair.patient.say("media", mode="video", microphone=True, camera=True, screen=False)
    assert pair.host.hear("media")["from"] == PATIENT
    pair.patient.say("media", mode="audio", microphone=True, camera=False, screen=False)
    assert pair.host.hear("media")["mode"] == "audio"
    pair.patient.hears_nothing_but("joined")
    first, second = ModePeriod.objects.order_by("from_at")
    assert (first.mode, second.mode, second.until) == ("video", "audio", None)
    assert first.until is not None
    assert first.until >= first.from_at


def test_the_tick_and_the_path_are_kept(pair: Pair) -> None:
    pair.patient.say("words", peer=HOST, run=1, outcome="same", form="words", evidence="ab" * 32)
    pair.patient.say("path", peer=HOST, path="direct")
    pair.patient.hears_nothing_but()
    assert Verification.objects.get().outcome == "same"


def test_a_third_participant_joins_the_two_and_the_fifth_finds_the_room_full(
    pair: Pair, dial: Dial, practice: Practice
) -> None:
    others = []
    for number, (role, name) in enumerate(
        [("interpreter", "Rosa Lima"), ("relative", "Tom Weber"), ("clinician", "Dr. Ito")]
    ):
        cookie, _pass = practice.invite(role, name)
        guest = dial(cookie)
        guest.say("hello", version=1, peer=f"{number:x}" * 32)
        guest.hear("welcome")
        guest.say("arrive", mode="video")
        guest.hear("waiting")
        pair.host.say("admit", peer=f"{number:x}" * 32)
        others.append(guest)
    assert [guest.hear("admitted")["seat"] for guest in others[:2]] == [3, 4]
    pair.host.hear("error", code="live:full")
    others[2].hears_nothing_but()
    assert [one["name"] for one in pair.patient.heard if one["type"] == "joined"] == []
    assert pair.patient.hear("joined")["name"] == "Rosa Lima"


def test_who_is_turned_away_hears_it_and_the_socket_closes(dial: Dial, practice: Practice) -> None:
    host, patient = dial(practice.host_cookie), dial(practice.patient_cookie)
    host.say("hello", version=1, peer=HOST)
    host.hear("welcome")
    patient.say("hello", version=1, peer=PATIENT)
    patient.say("arrive", mode="video")
    patient.hear("waiting")
    host.say("turn-away", peer=PATIENT)
    patient.hear("turned-away")
    assert patient.code() == 4403
    again = dial(practice.patient_cookie)
    again.say("hello", version=1, peer=PATIENT)
    again.hear("turned-away")
    assert again.code() == 4403


def test_leaving_gives_the_seat_up(pair: Pair) -> None:
    pair.patient.say("leave")
    pair.host.hear("left", peer=PATIENT, why="left")
    assert pair.patient.code() == 1000
    assert Seat.objects.get(peer=PATIENT).state == "left"


def test_a_second_socket_of_the_same_tab_takes_the_seat_over(
    pair: Pair, dial: Dial, practice: Practice
) -> None:
    newer = dial(practice.patient_cookie)
    newer.say("hello", version=1, peer=PATIENT)
    welcome = newer.hear("welcome")
    assert (welcome["admitted"], welcome["seat"]) == (True, 2)
    assert pair.patient.code() == 4409
    newer.say("relay", to=HOST, id=1, body=OFFER)
    assert pair.host.hear("relay")["id"] == 1


def test_another_tab_of_the_same_person_has_to_be_let_in_again(
    pair: Pair, dial: Dial, practice: Practice
) -> None:
    newer = dial(practice.patient_cookie)
    newer.say("hello", version=1, peer=THIRD)
    assert newer.hear("welcome")["admitted"] is False
    assert pair.patient.code() == 4409
    pair.host.hear("left", peer=PATIENT, why="replaced")


def test_a_reload_within_the_minute_finds_what_was_sent_meanwhile(
    pair: Pair, dial: Dial, practice: Practice
) -> None:
    pair.patient.connection.close()
    for number in (1, 2):
        pair.host.say("relay", to=PATIENT, id=number, body=OFFER)
    pair.host.hears_nothing_but("lobby")
    back = dial(practice.patient_cookie)
    back.say("hello", version=1, peer=PATIENT)
    assert back.hear("welcome")["admitted"] is True
    assert [back.hear("relay")["id"] for _ in range(2)] == [1, 2]
    pair.host.hear("joined", peer=PATIENT)


def test_fresh_relay_credentials_come_when_asked_for(pair: Pair, settings: Settings) -> None:
    settings.TURN_URLS = ["turn:127.0.0.1:3478"]
    pair.patient.say("ice")
    answer = pair.patient.hear("ice")
    assert answer["ttl"] == 600
    assert set(answer["servers"][1]) == {"urls", "username", "credential"}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("relay", {"to": HOST, "id": 1, "body": OFFER}),
        ("media", {"mode": "video", "microphone": True, "camera": True, "screen": False}),
        ("path", {"peer": HOST, "path": "direct"}),
        ("words", {"peer": HOST, "run": 1, "outcome": "same", "form": "words", "evidence": "ab" * 32}),
    ],
)
def test_who_waits_can_do_nothing_in_the_room(
    dial: Dial, practice: Practice, kind: str, fields: dict[str, Any]
) -> None:
    patient = dial(practice.patient_cookie)
    patient.say("hello", version=1, peer=PATIENT)
    patient.say(kind, **fields)
    patient.hear("error", code="live:not-admitted")


def test_a_guest_can_neither_let_in_nor_turn_away(pair: Pair, dial: Dial, practice: Practice) -> None:
    for kind in ("admit", "turn-away"):
        pair.patient.say(kind, peer=HOST)
        pair.patient.hear("error", code="live:not-allowed")
    pair.host.hears_nothing_but("lobby")


def test_the_host_cannot_put_themself_out(pair: Pair) -> None:
    pair.host.say("turn-away", peer=HOST)
    pair.host.hear("error", code="live:no-such-peer")
    pair.patient.hears_nothing_but()


def test_the_peer_of_another_visit_cannot_be_reached(pair: Pair, dial: Dial, practice: Practice) -> None:
    elsewhere = practice.book()
    cookie, _pass = practice.invite("relative", "Eve Stone", visit=elsewhere)
    eve, host = dial(cookie, visit=elsewhere), dial(practice.host_cookie, visit=elsewhere)
    host.say("hello", version=1, peer="e" * 32)
    eve.say("hello", version=1, peer="f" * 32)
    eve.hear("welcome")
    eve.say("arrive", mode="video")
    eve.hear("waiting")
    host.say("admit", peer="f" * 32)
    eve.hear("admitted")
    for victim in (PATIENT, HOST):
        eve.say("relay", to=victim, id=1, body=OFFER)
        eve.hear("error", code="live:no-such-peer")
    pair.patient.hears_nothing_but()
