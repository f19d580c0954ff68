"""The two WebAuthn ceremonies: what holds, and each thing that makes an answer worthless."""

import secrets
import uuid
from dataclasses import replace
from typing import Any

import pytest
from fakes.authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, SoftwareKey

from teleward.access.signin.ceremonies import (
    CeremonyFailed,
    KnownKey,
    NewKey,
    challenge_in,
    creation_options,
    finish_creation,
    finish_request,
    request_options,
)

PERSON = uuid.uuid4()


def made(key: SoftwareKey) -> NewKey:
    challenge = secrets.token_bytes(32)
    question = creation_options(challenge=challenge, person=PERSON, email="anna@praxis.example", name="Anna")
    answer = key.make(question)
    assert challenge_in(answer) == challenge
    return finish_creation(challenge=challenge, response=answer)


def known(new: NewKey) -> KnownKey:
    return KnownKey(
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        is_backup_eligible=new.is_backup_eligible,
    )


def touched(key: SoftwareKey, new: NewKey, **changes: Any) -> object:
    challenge = secrets.token_bytes(32)
    answer = replace(key, **changes).touch(request_options(challenge=challenge))
    return finish_request(challenge=challenge, key=known(new), response=answer)


def test_the_questions_ask_for_a_discoverable_key_and_a_verified_user() -> None:
    question = creation_options(
        challenge=b"c" * 32, person=PERSON, email="anna@praxis.example", name="Anna", known=[b"old"]
    )
    assert question["authenticatorSelection"]["residentKey"] == "required"
    assert question["authenticatorSelection"]["userVerification"] == "required"
    assert [listed["id"] for listed in question["excludeCredentials"]] == ["b2xk"]
    asked = request_options(challenge=b"c" * 32)
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "localhost"
    assert not asked.get("allowCredentials")


def test_a_new_key_is_kept_with_what_it_says_of_itself() -> None:
    key = SoftwareKey(flags=PRESENT | VERIFIED | ELIGIBLE | BACKED_UP)
    new = made(key)
    assert (new.credential_id, new.aaguid, new.sign_count) == (key.credential_id, key.aaguid, 1)
    assert new.is_backup_eligible
    assert new.is_backed_up
    assert new.transports == ("internal",)


def test_a_touch_by_the_same_key_holds() -> None:
    key = SoftwareKey()
    new = made(key)
    assert touched(key, new) is not None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"origin": "http://localhost:8001"}, "origin"),
        ({"origin": "https://localhost:8000"}, "origin"),
        ({"origin": "http://localhost.evil.example:8000"}, "origin"),
        ({"rp": "evil.example"}, "relying-party"),
        ({"flags": VERIFIED}, "not-present"),
        ({"flags": PRESENT}, "not-verified"),
        ({"cross_origin": True}, "cross-origin"),
        ({"flags": PRESENT | VERIFIED | BACKED_UP}, "backup-state"),
    ],
)
def test_a_lie_is_refused_at_both_ceremonies(fault: dict[str, Any], reason: str) -> None:
    with pytest.raises(CeremonyFailed) as refused:
        made(SoftwareKey(**fault))
    assert refused.value.reason == reason
    key = SoftwareKey()
    new = made(key)
    with pytest.raises(CeremonyFailed) as refused:
        touched(key, new, **fault)
    assert refused.value.reason == reason


def test_another_private_key_is_refused() -> None:
    key = SoftwareKey()
    new = made(key)
    with pytest.raises(CeremonyFailed, match="signature"):
        touched(key, new, private=SoftwareKey().private)


@pytest.mark.parametrize("counter", [-1, 0])
def test_a_counter_that_does_not_rise_is_refused_for_it_may_be_a_copy(counter: int) -> None:
    key = SoftwareKey(counter=7)
    new = made(key)
    with pytest.raises(CeremonyFailed, match="counter"):
        touched(key, new, counter=6 + counter)


def test_a_key_that_never_counts_is_taken() -> None:
    key = SoftwareKey(counter=0, counts=False)
    new = made(key)
    assert touched(key, new) is not None


def test_a_key_that_changes_whether_it_can_be_copied_is_refused() -> None:
    key = SoftwareKey()
    new = made(key)
    with pytest.raises(CeremonyFailed, match="backup-eligibility"):
        touched(key, new, flags=PRESENT | VERIFIED | ELIGIBLE)


def test_the_answer_to_another_challenge_is_refused() -> None:
    key = SoftwareKey()
    new = made(key)
    answer = key.touch(request_options(challenge=secrets.token_bytes(32)))
    with pytest.raises(CeremonyFailed, match="challenge"):
        finish_request(challenge=secrets.token_bytes(32), key=known(new), response=answer)


def test_a_registration_is_no_touch_and_a_touch_no_registration() -> None:
    key = SoftwareKey()
    new = made(key)
    challenge = secrets.token_bytes(32)
    answer = key.touch(request_options(challenge=challenge))
    with pytest.raises(CeremonyFailed):
        finish_creation(challenge=challenge, response=answer)
    question = creation_options(challenge=challenge, person=PERSON, email="a@b.example", name="A")
    with pytest.raises(CeremonyFailed):
        finish_request(challenge=challenge, key=known(new), response=key.make(question))


@pytest.mark.parametrize(
    "rubbish",
    [
        {},
        {"response": {}},
        {"response": "x"},
        {"id": "x", "rawId": "x", "response": {"clientDataJSON": "!!", "attestationObject": "AA"}},
        {
            "id": "x",
            "rawId": "eA",
            "type": "public-key",
            "response": {"clientDataJSON": "e30", "attestationObject": "oA"},
        },
        {"rawId": 7, "response": {"clientDataJSON": 7}},
        {"response": {"clientDataJSON": "W10"}},
    ],
)
def test_rubbish_is_refused_and_breaks_nothing(rubbish: dict[str, Any]) -> None:
    new = made(SoftwareKey())
    with pytest.raises(CeremonyFailed):
        challenge_in(rubbish)
    with pytest.raises(CeremonyFailed):
        finish_creation(challenge=b"c" * 32, response=rubbish)
    with pytest.raises(CeremonyFailed):
        finish_request(challenge=b"c" * 32, key=known(new), response=rubbish)
