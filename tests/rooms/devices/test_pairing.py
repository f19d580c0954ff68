"""A gateway is one patient's: a code once, a key of its own, a word once, and an end that holds at once."""

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection, connections
from django.utils import translation
from joserfc import jws
from joserfc.jwk import ECKey
from stage.home import Gateway, Home, code_for, paired, public

from teleward.access.grants import Action
from teleward.access.models import Patient
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.access.queries.tokens import TooFast
from teleward.audit.queries import of_patient
from teleward.devices.live.app import _rotated
from teleward.devices.live.messages import Request
from teleward.devices.operations.erasing import erase_readings
from teleward.devices.operations.pairing import ALIKE, LETTERS, end_pairing
from teleward.devices.operations.words import device_asking
from teleward.devices.queries.credentials import CredentialInvalid, proven
from teleward.kernel import fence
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id
from teleward.trust.sentences import sentence


def end(home: Home, gateway: Gateway) -> None:
    end_pairing(grant=home.grant(Action.PAIRING_CHANGE), pairing=UUID(gateway.pairing), why="stopped")


def did(home: Home, gateway: Gateway) -> list[str]:
    """What the patient's chain says of it."""
    said = [entry.facts["detail"] for entry in of_patient(patient=home.stage.patient.id)]
    return [str(each["did"]) for each in said if each.get("pairing") == gateway.pairing and "did" in each]


def test_a_code_pairs_one_gateway_once_and_is_kept_as_a_hash(home: Home) -> None:
    code = code_for(home.stage)
    first, second = Gateway(home.server), Gateway(home.server)
    answer = first.pair(f" {code.code[:5].lower()}-{code.code[5:]}")
    assert answer.status_code == 200
    assert "weight" in answer.json()["kinds"]
    assert second.pair(code.code).json()["code"] == "devices:code-unknown"
    rows = home.owner.execute("SELECT code_hash FROM devices_pairing").fetchall()
    assert code.code.encode() not in b"".join(bytes(row[0]) for row in rows)


def test_a_code_is_over_after_fifteen_minutes(home: Home) -> None:
    code = code_for(home.stage)
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        answer = Gateway(home.server).pair(code.code)
    assert (answer.status_code, answer.json()["code"]) == (404, "devices:code-unknown")


def test_letters_that_look_alike_count_as_one(home: Home) -> None:
    assert "O0Il1".upper().translate(ALIKE) == "00111"
    assert not set("OIL") & set(LETTERS)


def test_who_tries_many_codes_has_to_wait(home: Home) -> None:
    asked = {"code": "0000000000", "public_key": public(Gateway(home.server).key)}
    answers = [home.server.post("/devices/pair", asked, **{"from": "192.0.2.77"}) for _try in range(12)]
    assert {answer.status_code for answer in answers} == {404, 429}
    assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.parametrize("crv", ["P-384", "secp256k1"])
def test_only_a_key_on_p_256_is_taken(home: Home, crv: Any) -> None:
    key = ECKey.generate_key(crv, private=True)
    answer = Gateway(home.server, key=key).pair(code_for(home.stage).code)
    assert (answer.status_code, answer.json()["code"]) == (422, "devices:key-unusable")


def test_a_key_that_was_told_with_its_secret_is_refused(home: Home) -> None:
    key = ECKey.generate_key("P-256", private=True)
    asked = {"code": code_for(home.stage).code, "public_key": key.as_dict(private=True)}
    assert home.server.post("/devices/pair", asked).json()["code"] == "devices:key-unusable"


def test_a_key_belongs_to_one_pairing(home: Home, gateway: Gateway) -> None:
    answer = Gateway(home.server, key=gateway.key).pair(code_for(home.stage).code)
    assert answer.json()["code"] == "devices:key-unusable"


def test_a_pairing_that_was_ended_is_over_with_the_next_request(home: Home, gateway: Gateway) -> None:
    assert gateway.answers(gateway.reading())[0]["status"] == "kept"
    end(home, gateway)
    answer = gateway.send(gateway.reading())
    assert (answer.status_code, answer.json()["code"]) == (401, "devices:credential")
    assert [card.why for card in home.cards() if str(card.id) == gateway.pairing] == ["stopped"]
    end(home, gateway)
    keys = "SELECT count(*) FROM devices_devicekey WHERE pairing_id = %s AND ended_at IS NULL"
    assert home.owner.execute(keys, [gateway.pairing]).fetchone() == (0,)
    assert did(home, gateway).count("ended") == 1


def test_a_pairing_of_somebody_else_is_not_there_to_be_ended(home: Home) -> None:
    with pytest.raises(NotFound):
        end_pairing(grant=home.grant(Action.PAIRING_CHANGE), pairing=new_id(), why="stopped")


def test_a_gateway_is_listed_with_its_own_patient_alone(home: Home, gateway: Gateway) -> None:
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=home.stage.practice.id)
    named = {"given_name": "Kwame", "family_name": "Osei", "language": "de"}
    other = register_patient(grant=creating, born_on=date(1961, 4, 2), **named)
    theirs = paired(home.server, replace(home.stage, patient=other)).pairing
    listed = {str(card.id) for card in home.cards()}
    assert gateway.pairing in listed
    assert theirs not in listed


def test_after_a_new_key_the_old_one_is_nothing(home: Home, gateway: Gateway) -> None:
    following = ECKey.generate_key("P-256", private=True)
    token = f"Bearer {gateway.token()}"
    answer = home.server.post("/devices/key", {"public_key": public(following)}, authorization=token)
    assert answer.status_code == 200
    assert gateway.send(gateway.reading()).status_code == 401
    assert gateway.send(gateway.reading(), token=gateway.token(following)).status_code == 200


def test_a_word_counts_once(home: Home, gateway: Gateway) -> None:
    token, reading = gateway.token(), gateway.reading()
    assert gateway.send(reading, token=token).status_code == 200
    following = {"public_key": public(ECKey.generate_key("P-256"))}
    again = gateway.send(reading, token=token)
    for answer in (again, home.server.post("/devices/key", following, authorization=f"Bearer {token}")):
        assert (answer.status_code, answer.json()["reason"]) == (401, "used")


WORDS: dict[str, dict[str, Any]] = {
    "audience": {"aud": "https://elsewhere.example"},
    "too-long": {"exp": 4_000_000_000},
    "number": {"jti": ""},
    "unreadable": {"sub": "somebody-else"},
}


@pytest.mark.parametrize("why", WORDS)
def test_a_word_that_does_not_hold_is_refused_with_the_reason_and_our_time(
    gateway: Gateway, why: str
) -> None:
    answer = gateway.send(token=gateway.token(**WORDS[why]))
    assert (answer.status_code, answer.json()["reason"]) == (401, why)
    assert answer.json()["server_time"].startswith(f"{now():%Y-%m-%d}")


def test_a_clock_that_is_wrong_is_told_our_time(gateway: Gateway) -> None:
    with time_machine.travel(now() - timedelta(hours=3)):
        token = gateway.token()
    assert gateway.send(token=token).json()["reason"] == "time"


def test_a_word_that_somebody_else_signed_is_refused(gateway: Gateway) -> None:
    stranger = ECKey.generate_key("P-256", private=True)
    assert gateway.send(token=gateway.token(stranger)).json()["reason"] == "signature"


def test_one_gateway_cannot_speak_for_another(home: Home, gateway: Gateway) -> None:
    other = Gateway(home.server, pairing=gateway.pairing)
    assert other.send(other.reading()).json()["reason"] == "signature"


def test_without_a_practice_none_of_it_is_there(home: Home, gateway: Gateway) -> None:
    gateway.answers(gateway.reading())
    with fence.serving(), connection.cursor() as cursor:
        for table in ("pairing", "devicekey", "taken", "batch", "homereading"):
            cursor.execute(f"SELECT count(*) FROM devices_{table}")
            assert cursor.fetchone() == (0,), table


def test_pairing_stands_in_the_patients_ledger(home: Home, gateway: Gateway) -> None:
    assert sorted(did(home, gateway)) == ["code", "paired"]
    assert [card.seen_at for card in home.cards() if str(card.id) == gateway.pairing] == [None]


def test_the_patient_reads_in_words_what_their_devices_did(home: Home, gateway: Gateway) -> None:
    gateway.answers(gateway.reading(), gateway.reading())
    newest = of_patient(patient=home.stage.patient.id, most=6)
    with translation.override("en"):
        told = [sentence(facts=each.facts, names={}, zone=ZoneInfo("Europe/Berlin")) for each in newest]
    begun = [each.split(",")[0] for each in told]
    assert begun[0] == "A device at your home sent 2 readings of yours"
    assert "A device at your home was paired with you" in begun
    assert "The system made a code to pair a device at your home" in begun


def test_a_key_that_was_changed_meanwhile_changes_none(home: Home, gateway: Gateway) -> None:
    early, mine, theirs = (proven(token=gateway.token()), *(ECKey.generate_key("P-256") for _key in "ab"))
    asked = {"public_key": public(mine)}
    signed = f"Bearer {gateway.token()}"
    assert home.server.post("/devices/key", asked, authorization=signed).status_code == 200
    late = Request(method="POST", path="/devices/key")
    with pytest.raises(CredentialInvalid):
        _rotated(who=early, request=late, given=public(theirs))
    gateway.key = mine
    assert gateway.send(gateway.reading()).status_code == 200


DEEP = base64.urlsafe_b64encode(b'{"alg":"ES256","x":' + b"[" * 1_100).decode()
ODD = b'{"iss":"%s","sub":"%s","aud":"%s","jti":"\\ud800","iat":%d,"exp":%d}'


def test_a_word_made_to_break_the_server_is_no_word(home: Home, gateway: Gateway) -> None:
    at, whose = int(now().timestamp()), gateway.pairing.encode()
    claims = ODD % (whose, whose, settings.ORIGIN.encode(), at, at + 55)
    odd = jws.serialize_compact({"alg": "ES256"}, claims, gateway.key)
    for token in (f"{DEEP}.e30.x", odd):
        assert gateway.send(gateway.reading(), token=token).status_code == 401


def test_a_claim_made_to_break_the_server_is_unreadable(home: Home) -> None:
    deep = b'{"code":"A","public_key":{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}}"
    assert home.server.post("/devices/pair", deep).status_code == 400


def test_a_gateway_that_asks_the_chart_without_end_has_to_wait(gateway: Gateway) -> None:
    tokens = [gateway.token() for _time in range(60)]
    with pytest.raises(TooFast):
        all(device_asking(token=token, address="") for token in tokens)


BLOCKED = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
READING = """INSERT INTO devices_homereading
SELECT %s, 1, now(), %s, %s, 'weight', now(), ''"""


def erase(patient: UUID) -> None:
    about = replace(patient_subject(patient=patient), kind="Erasure")
    try:
        erase_readings(
            grant=system_grant(action=Action.ERASURE_ANSWER, organisation=about.organisation, subject=about)
        )
    finally:
        connections.close_all()


def test_a_batch_that_comes_in_while_its_patient_is_erased_leaves_nothing(home: Home) -> None:
    practice = home.stage.practice
    other = Patient.objects.create(
        organisation=practice, given_name="X", family_name="Y", born_on="1980-01-01"
    )
    whose = paired(home.server, replace(home.stage, patient=other)).pairing
    with ThreadPoolExecutor(1) as pool:
        with home.owner.transaction():
            home.owner.execute("SELECT FROM devices_taken WHERE pairing_id = %s FOR UPDATE", [whose])
            erasing = pool.submit(erase, other.id)
            while not home.owner.execute(BLOCKED).fetchone() and not erasing.done():
                pass
            home.owner.execute(READING, [whose, practice.id, other.id])
        erasing.result()
    left = home.owner.execute("SELECT count(*) FROM devices_homereading WHERE pairing = %s", [whose])
    assert left.fetchone() == (0,)
