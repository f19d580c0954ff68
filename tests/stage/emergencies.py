"""An emergency access with what follows from it, typed reasons, and the account of a patient."""

from typing import Any

import pytest
from django.test import Client
from fakes.members import Member, ask, browser_of, joins, practice

from stage.deliveries import deliver_again, deliver_all
from teleward.access.models import BrokenGlass, Patient
from teleward.kernel.envelope import seal
from teleward.kernel.events import Event
from teleward.kernel.ids import new_id
from teleward.watch.models import Case

WORDS = "Found unconscious in our waiting room"
ENGLISH = {"accept-language": "en"}
ANSWER = {"outcome": "justified", "words": "You were unconscious; the doctor had to know your medicines."}


def emergency(member: Member, patient: Patient, *, code: str = "unconscious") -> Case:
    """Somebody breaks the glass, and what follows from it has happened."""
    client = browser_of(member)
    question = ask(client, "/account/unlock/question/").json()
    ask(client, "/account/unlock/", {"credential": member.key.touch(question)})
    client.post(f"/patients/{patient.id}/emergency/", {"code": code, "words": WORDS})
    glass = BrokenGlass.objects.order_by("-asked_at")[0]
    deliver_all(Event.GLASS_BROKEN, glass=glass.id)
    return Case.objects.get(about=glass.id)


def account_of(patient: Patient) -> Client:
    member = joins("Ifeoma Okafor", "patient")
    member.person.roles.all().delete()
    Patient.objects.filter(id=patient.id).update(person=member.person)
    return browser_of(member)


def reasons(member: Member, patient: Patient, lines: list[str]) -> None:
    for line in lines:
        browser_of(member).post(f"/patients/{patient.id}/reason/", {"words": line, "next": "/"})
    (deliver_all if lines else deliver_again)(Event.REASON_GIVEN)


CONTACT = b'{"email": "ifeoma@mail.example", "telephone": ""}'


@pytest.fixture
def letters_are_sent(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"


@pytest.fixture
def ifeoma() -> Patient:
    key = new_id()
    contact = seal(patient=key, plaintext=CONTACT, context="access.patient.contact")
    return Patient.objects.create(
        id=key, organisation=practice(), given_name="Ifeoma", family_name="Okafor", born_on="1988-02-29",
        language="de", contact=contact,
    )  # fmt: skip


@pytest.fixture
def doctor() -> Member:
    return joins("Anna Beispiel")


@pytest.fixture
def officer() -> Client:
    return browser_of(joins("Vera Lind", "privacy-officer"))


@pytest.fixture
def case(doctor: Member, ifeoma: Patient) -> Case:
    return emergency(doctor, ifeoma)
