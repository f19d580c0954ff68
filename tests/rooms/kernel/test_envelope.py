import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from teleward.kernel.envelope import KeyDestroyed, SealBroken, destroy_key, seal, seal_own, unseal, unseal_own
from teleward.kernel.ids import new_id
from teleward.kernel.models import PatientKey

pytestmark = pytest.mark.django_db


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=some.binary(max_size=2000))
def test_what_is_sealed_opens_again_and_is_not_readable_meanwhile(text: bytes) -> None:
    patient = new_id()
    sealed = seal(patient=patient, plaintext=text, context="note")
    assert unseal(patient=patient, sealed=sealed, context="note") == text
    assert len(text) < 8 or text not in sealed


def test_the_same_text_is_sealed_differently_each_time() -> None:
    patient = new_id()
    assert len({seal(patient=patient, plaintext=b"fever", context="note") for _ in range(20)}) == 20


def test_a_sealed_text_moved_to_another_patient_or_place_does_not_open() -> None:
    ada, ben = new_id(), new_id()
    sealed = seal(patient=ada, plaintext=b"fever", context="note")
    seal(patient=ben, plaintext=b"-", context="note")
    with pytest.raises(SealBroken):
        unseal(patient=ben, sealed=sealed, context="note")
    with pytest.raises(SealBroken):
        unseal(patient=ada, sealed=sealed, context="reason")


@pytest.mark.parametrize("position", [0, 11, 12, -1])
def test_one_changed_bit_is_noticed(position: int) -> None:
    patient = new_id()
    sealed = bytearray(seal(patient=patient, plaintext=b"fever", context="note"))
    sealed[position] ^= 1
    with pytest.raises(SealBroken):
        unseal(patient=patient, sealed=bytes(sealed), context="note")


def test_destroying_the_key_makes_everything_of_the_patient_unreadable() -> None:
    patient = new_id()
    sealed = seal(patient=patient, plaintext=b"fever", context="note")
    destroy_key(patient=patient)
    with pytest.raises(KeyDestroyed):
        seal(patient=patient, plaintext=b"written by somebody who did not know", context="note")
    with pytest.raises(KeyDestroyed):
        unseal(patient=patient, sealed=sealed, context="note")


def test_the_stored_key_is_wrapped_and_each_patient_has_their_own() -> None:
    ada, ben = new_id(), new_id()
    seal(patient=ada, plaintext=b"x", context="note")
    seal(patient=ben, plaintext=b"x", context="note")
    wrapped = {bytes(row.wrapped) for row in PatientKey.objects.filter(patient__in=[ada, ben])}
    assert len(wrapped) == 2
    assert all(len(key) == 40 for key in wrapped)  # RFC 3394: 32 bytes and 8 of integrity


def test_a_secret_of_the_installation_opens_only_in_its_place() -> None:
    sealed = seal_own(plaintext=b"seed", context="totp")
    assert unseal_own(sealed=sealed, context="totp") == b"seed"
    with pytest.raises(SealBroken):
        unseal_own(sealed=sealed, context="other")
