"""Whoever makes a way to a patient's account: the patient hears of it at the address on file."""

from datetime import date

import pytest
from django.core import mail
from fakes.members import browser_of, enters, joins, practice

from teleward.access.grants import Action
from teleward.access.models import Patient
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.reactions import write_to_patient

pytestmark = pytest.mark.django_db


def _patient(email: str) -> Patient:
    made = register_patient(
        grant=system_grant(action=Action.PATIENT_CREATE, organisation=practice().id),
        given_name="Ada",
        family_name="Osei",
        born_on=date(1961, 4, 2),
        language="de",
        email=email,
    )
    return Patient.objects.get(id=made.id)


def test_the_letter_goes_to_the_address_on_file_and_not_to_the_one_that_was_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[dict[str, object]] = []
    monkeypatch.setattr(
        "teleward.access.operations.invitations.publish", lambda event, **ids: told.append({event: ids})
    )
    ada = _patient("ada@example.org")
    desk = browser_of(enters(joins("Olaf Brandt", "reception"), ada))
    desk.post(f"/patients/{ada.id}/account/", {"email": "olaf@example.org", "by": "shown"})
    assert {"access:account:offered": {"patient": ada.id}} in told
    write_to_patient(patient=ada.id)
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert "rufen Sie bitte sofort" in letter.body
    assert "Osei" not in letter.body
    assert "/sign-in/" not in letter.body


def test_without_an_address_on_file_nobody_is_written_to() -> None:
    write_to_patient(patient=_patient("").id)
    assert mail.outbox == []
