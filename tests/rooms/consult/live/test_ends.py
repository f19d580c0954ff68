"""When the facts behind a socket change, it ends: at once by notice, or when it is checked again."""

import asyncio
import json
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from stage.live import Dial, House, Pair, Practice, until

from teleward.access.models import Deactivation, Pass, PassRevocation, Session
from teleward.consult.models import Consent, Seat, Visit, Withdrawal
from teleward.kernel.clock import now
from teleward.kernel.notices import notify

HOST, PATIENT = "a" * 32, "b" * 32
BY_NOTICE = pytest.mark.usefixtures("no_recheck")


@pytest.fixture
def no_recheck(monkeypatch: pytest.MonkeyPatch) -> None:
    """From before the server starts: who waits for it to look again waits for ever."""
    monkeypatch.setattr("teleward.consult.live.hub.RECHECK_SECONDS", 3600)


@BY_NOTICE
def test_deactivating_a_person_closes_their_sockets(pair: Pair, practice: Practice) -> None:
    with transaction.atomic():
        Deactivation.objects.create(person=practice.clinician, reason="left the practice")
        notify("person-deactivated", person=practice.clinician.id)
    assert pair.host.code() == 4403
    pair.patient.hear("left", peer=HOST, why="removed")


@BY_NOTICE
def test_ending_a_session_closes_its_sockets_and_no_others(pair: Pair, practice: Practice) -> None:
    with transaction.atomic():
        Session.objects.filter(id=practice.session).update(ended_at=now())
        notify("session-ended", session=practice.session)
    assert pair.host.code() == 4401
    pair.patient.hears_nothing_but("left", "joined")


@BY_NOTICE
def test_a_revoked_pass_closes_its_socket_and_the_others_hear_that_they_left(
    pair: Pair, practice: Practice
) -> None:
    with transaction.atomic():
        PassRevocation.objects.create(taken_id=practice.guest_pass)
        notify("pass-revoked", **{"pass": practice.guest_pass})
    assert pair.patient.code() == 4403
    pair.host.hear("left", peer=PATIENT, why="removed")


@BY_NOTICE
def test_a_pass_opened_on_another_device_closes_the_socket_of_the_first_but_not_of_the_second(
    pair: Pair, practice: Practice, dial: Dial
) -> None:
    with transaction.atomic():
        cookie = practice.claim(Pass.objects.get(id=practice.guest_pass))
        notify("pass-moved", **{"pass": practice.guest_pass})
    assert pair.patient.code() == 4409
    second = dial(cookie)
    notify("pass-moved", **{"pass": practice.guest_pass})
    second.say("hello", version=1, peer="c" * 32)
    assert second.hear("welcome")["admitted"] is False
    second.hears_nothing_but()


@BY_NOTICE
@pytest.mark.parametrize("topic", ["visit-ended", "visit-cancelled"])
def test_the_end_of_a_visit_is_told_to_everybody_and_closes_every_socket(
    pair: Pair, practice: Practice, topic: str
) -> None:
    Visit.objects.filter(id=practice.visit).update(state="ended")
    notify(topic, visit=practice.visit)
    for talker in (pair.host, pair.patient):
        assert talker.code() == 4410
        assert talker.heard[-1] == {"type": "ended"}


def test_a_visit_that_is_over_cannot_be_entered_again(pair: Pair, practice: Practice, dial: Dial) -> None:
    Visit.objects.filter(id=practice.visit).update(state="ended")
    late = dial(practice.patient_cookie)
    late.say("hello", version=1, peer=PATIENT)
    assert late.code() == 4410
    assert late.heard[-1] == {"type": "ended"}


@BY_NOTICE
def test_withdrawn_consent_is_told_to_everybody_in_the_visit(pair: Pair, practice: Practice) -> None:
    with transaction.atomic():
        Withdrawal.objects.create(consent=Consent.objects.get())
        notify("visit-changed", visit=practice.visit)
    for talker in (pair.host, pair.patient):
        talker.hear("notice", kind="withdrawn")


def test_without_any_notice_the_recheck_finds_it(pair: Pair, practice: Practice, house: House) -> None:
    PassRevocation.objects.create(taken_id=practice.guest_pass)
    assert pair.patient.code() == 4403
    assert Seat.objects.get(peer=PATIENT).state == "admitted"


@BY_NOTICE
def test_what_was_missed_while_the_notice_connection_was_down_is_found_when_it_is_back(
    pair: Pair, practice: Practice
) -> None:
    PassRevocation.objects.create(taken_id=practice.guest_pass)
    listening = "datname = current_database() AND (query = 'SELECT 1' OR query LIKE 'LISTEN%%')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listening}")
        assert cursor.fetchall()
    assert pair.patient.code() == 4403


def test_a_notice_that_makes_no_sense_breaks_nothing(pair: Pair, practice: Practice) -> None:
    with connection.cursor() as cursor:
        for payload in (
            "",
            "{",
            "[]",
            '{"topic": 1}',
            json.dumps({"topic": "visit-ended", "ids": {"visit": "x"}}),
        ):
            cursor.execute("SELECT pg_notify('teleward', %s)", [payload])
    notify("visit-ended", visit=practice.clinician.id)
    notify("something-new", visit=practice.visit)
    notify("visit-changed", visit=practice.visit)
    pair.patient.hear("notice", kind="changed")
    pair.host.hears_nothing_but("lobby", "notice")


def test_a_server_that_stops_tells_everybody_to_come_back(
    pair: Pair, house: House, practice: Practice, dial: Dial
) -> None:
    house.down()
    assert pair.host.code() == 1012
    assert pair.patient.code() == 1012
    house.up()
    back = dial(practice.patient_cookie)
    back.say("hello", version=1, peer=PATIENT)
    welcome = back.hear("welcome")
    assert (welcome["admitted"], welcome["seat"]) == (True, 2)
    assert [(one["peer"], one["present"]) for one in welcome["peers"]] == [(HOST, False)]
    back.say("relay", to=HOST, id=1, body={"kind": "need-restart"})
    host = dial(practice.host_cookie)
    host.say("hello", version=1, peer=HOST)
    assert host.hear("welcome")["peers"][0]["present"] is True
    assert host.hear("relay")["from"] == PATIENT
    back.hear("joined", peer=HOST)


def test_no_thread_and_no_socket_stays_behind(pair: Pair, house: House) -> None:
    pair.host.connection.close()
    pair.patient.connection.close()
    until(lambda: not house.live.hub.sockets)


def test_a_session_that_was_unlocked_under_a_new_secret_keeps_its_call(
    pair: Pair, practice: Practice, house: House
) -> None:
    Session.objects.filter(id=practice.session).update(secret_hash=b"another secret".ljust(32))
    checked = asyncio.run_coroutine_threadsafe(house.live.hub.recheck(), house.loop)
    checked.result(20)
    pair.host.hears_nothing_but("lobby")
    pair.host.say("turn-away", peer=PATIENT)
    pair.patient.hear("turned-away")


def last_sign_of_life(practice: Practice) -> datetime:
    return Session.objects.get(id=practice.session).seen_at


def long_ago(practice: Practice) -> datetime:
    """Nobody was there for so long that the session locks in a minute."""
    at = now() - timedelta(minutes=59)
    Session.objects.filter(id=practice.session).update(seen_at=at)
    return at


def test_a_call_that_goes_on_keeps_its_clinician_signed_in(pair: Pair, practice: Practice) -> None:
    before = long_ago(practice)
    pair.host.hears_nothing_but("lobby")
    until(lambda: last_sign_of_life(practice) > before)


def test_that_is_written_down_once_a_minute_at_most(pair: Pair, practice: Practice) -> None:
    pair.host.hears_nothing_but("lobby")
    pair.host.hears_nothing_but()  # what the first message does is done when the second is answered
    before = long_ago(practice)
    pair.host.hears_nothing_but()
    pair.host.hears_nothing_but()
    assert last_sign_of_life(practice) == before


def test_an_empty_room_left_open_is_no_sign_of_life(dial: Dial, practice: Practice) -> None:
    host = dial(practice.host_cookie)
    host.say("hello", version=1, peer=HOST)
    host.hear("welcome")
    before = long_ago(practice)
    host.hears_nothing_but("lobby")
    host.hears_nothing_but()
    assert last_sign_of_life(practice) == before
