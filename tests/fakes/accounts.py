"""A patient who can be reached, and the way to their account as a desk and a second person go it."""

import re
from datetime import date

from django.http import HttpResponse
from django.test import Client
from fakes.members import practice

from teleward.access.grants import Action
from teleward.access.models import AccountRequest, ContactChange, Patient
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.signin.limits import ACCOUNT
from teleward.kernel.clock import now

ENGLISH = {"accept-language": "en"}
HOME = "ada@example.org"


def reachable(email: str = HOME, *, for_long: bool = True) -> Patient:
    """Ada, whose address has stood in her entry for long, or was entered just now."""
    made = register_patient(
        grant=system_grant(action=Action.PATIENT_CREATE, organisation=practice().id),
        given_name="Ada",
        family_name="Osei",
        born_on=date(1961, 4, 2),
        language="de",
        email=email,
    )
    if for_long:
        ContactChange.objects.update(at=now() - ACCOUNT.settled)
    return Patient.objects.get(id=made.id)


def asks(browser: Client, patient: Patient, by: str = "shown", **more: str) -> HttpResponse:
    answer: HttpResponse = browser.post(
        f"/patients/{patient.id}/account/", {"by": by, **more}, headers=ENGLISH
    )
    return answer


def seconds(browser: Client, patient: Patient, how: str = "id-card") -> HttpResponse:
    """Answers the request that waits, as the page would."""
    asked = AccountRequest.objects.get(patient=patient, ended_at=None, invitation=None)
    said = {"request": str(asked.id), "answer": "agree", "how": how}
    answer: HttpResponse = browser.post(f"/patients/{patient.id}/account/second/", said, headers=ENGLISH)
    return answer


def shown_link(browser: Client, patient: Patient) -> str:
    """The link as it stands on the screen, without the host."""
    answer = browser.post(f"/patients/{patient.id}/account/link/")
    found = re.search(r"http://localhost:8000(/sign-in/invitation/[\w-]+/)", answer.content.decode())
    assert found, answer.status_code
    return found[1]
