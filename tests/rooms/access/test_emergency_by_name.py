"""Somebody whom no list shows: in an emergency found by whole name and date of birth, or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from fakes.members import Member, ask, browser_of, joins, listening, practice
from laws.test_nothing_shows_through import HEADERS, PROOF, count
from stage.emergencies import CONTACT, WORDS
from stage.visits import practice as another_practice

from teleward.access.models import (
    AuthenticatorApp,
    BrokenGlass,
    Kinship,
    Organisation,
    Passkey,
    Patient,
    Person,
    Restriction,
    Session,
)
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.ids import new_id

__all__ = ["count"]
pytestmark = pytest.mark.django_db
HERE = "/emergencies/by-name/"
SAID = {"given_name": "ifeoma", "family_name": "Okafor", "born_on": "1988-02-29"} | {
    "code": "unconscious",
    "words": WORDS,
}


def patient(here: Organisation | None = None) -> Patient:
    key = new_id()
    return Patient.objects.create(
        id=key,
        organisation=here or practice(),
        given_name="Ifeoma",
        family_name="Okafor",
        born_on="1988-02-29",
        contact=seal(patient=key, plaintext=CONTACT, context="access.patient.contact"),
    )


def keep(who: Patient, tier: str = "restricted") -> None:
    one = Person.objects.filter(name="Vera Lind").first() or joins("Vera Lind", "privacy-officer").person
    other = Person.objects.filter(name="Otto Zwei").first() or joins("Otto Zwei").person
    two = {"set_by": one, "seconded_by": other, "seconded_at": now()}
    Restriction.objects.create(patient=who, tier=tier, reason="request", **two)


def touched(member: Member) -> Client:
    """A browser of somebody who has just touched their passkey."""
    client = browser_of(member)
    question = ask(client, "/account/unlock/question/").json()
    assert ask(client, "/account/unlock/", {"credential": member.key.touch(question)}).status_code == 200
    return client


@pytest.fixture
def doctor() -> Member:
    return joins("Anna Beispiel")


def test_a_restricted_person_is_opened_by_whole_name_and_birth_date_and_told(doctor: Member) -> None:
    ifeoma = patient()
    keep(ifeoma)
    client = touched(doctor)
    assert str(ifeoma.id) not in client.post("/patients/", {"q": "Okafor"}).content.decode()
    answer = client.post(HERE, SAID)
    assert (answer.status_code, answer["Location"]) == (302, f"/patients/{ifeoma.id}/")
    assert client.get(answer["Location"]).status_code == 200
    glass = BrokenGlass.objects.get()
    assert (glass.patient_id, glass.person_id) == (ifeoma.id, doctor.person.id)
    assert glass.opened_at is not None


def test_a_closed_record_waits_for_the_second_person(doctor: Member) -> None:
    ifeoma = patient()
    keep(ifeoma, "closed")
    answer = touched(doctor).post(HERE, SAID)
    assert answer["Location"] == f"/patients/{ifeoma.id}/emergency/"
    assert BrokenGlass.objects.get().opened_at is None


def test_whom_the_list_shows_anyway_is_opened_without_an_emergency(doctor: Member) -> None:
    ifeoma = patient()
    answer = touched(doctor).post(HERE, SAID)
    assert answer["Location"] == f"/patients/{ifeoma.id}/"
    assert not BrokenGlass.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"given_name": "If"},
        {"family_name": "Oka"},
        {"born_on": "1988-02-28"},
        {"given_name": "%", "family_name": "%"},
    ],
)
def test_a_part_of_a_name_or_another_day_finds_nobody(doctor: Member, changed: dict[str, str]) -> None:
    keep(patient())
    answer = touched(doctor).post(HERE, SAID | changed)
    assert answer.status_code == 404
    assert not BrokenGlass.objects.exists()


def test_two_of_one_name_and_day_are_not_guessed_between(doctor: Member) -> None:
    for who in (patient(), patient()):
        keep(who)
    assert touched(doctor).post(HERE, SAID).status_code == 404


def test_the_search_is_in_the_ledger_with_its_reason_before_the_record_opens(
    doctor: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    ifeoma = patient()
    keep(ifeoma)
    client, heard = touched(doctor), listening(monkeypatch)
    client.post(HERE, SAID)
    told = [(entry.action, entry.outcome, entry.purpose, entry.patient) for entry in heard]
    assert told[:3] == [
        ("access:patient:list", "allow", "BTG", None),
        ("access:patient:list", "done", "BTG", None),
        ("access:glass:break", "allow", "BTG", ifeoma.id),
    ]
    assert heard[1].detail == {"exactly": "name and date of birth", "code": "unconscious", "found": 1}
    assert "Okafor" not in str(heard)


@pytest.mark.parametrize("minutes", [60, 1])  # too long ago; just now, but not with a second factor
def test_without_a_second_factor_nobody_is_looked_for(
    doctor: Member, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    keep(patient())
    client = browser_of(doctor)
    Session.objects.update(authenticated_at=now() - timedelta(minutes=minutes))
    Passkey.objects.update(used_at=None)
    AuthenticatorApp.objects.update(last_step=0)
    heard = listening(monkeypatch)
    assert client.post(HERE, SAID).status_code == 403
    assert "done" not in {entry.outcome for entry in heard}


def relative(doctor: Member) -> None:
    Kinship.objects.create(person=doctor.person, patient=patient(), relation="sibling", told_at=now())


def elsewhere(_doctor: Member) -> None:
    patient(another_practice("Nebenan"))


def seen(client: Client, count: list[str]) -> tuple[Any, ...]:
    """What whoever asks could compare: status, headers, body, work."""
    before = transaction.savepoint()
    count.clear()
    answer = client.post(HERE, SAID, headers=HEADERS)
    statements = len(count)
    transaction.savepoint_rollback(before)
    body = PROOF.sub("", answer.content.decode())
    return answer.status_code, sorted(answer.headers.items()), body, statements


@pytest.mark.parametrize("hidden", [relative, elsewhere])
def test_whom_one_may_not_open_looks_like_nobody(doctor: Member, count: list[str], hidden: Any) -> None:
    client = touched(doctor)
    seen(client, count)  # what a process keeps once it knows it
    nobody = seen(client, count)
    hidden(doctor)
    assert seen(client, count) == nobody
    assert nobody[0] == 404


def test_the_desk_opens_nobody_and_cannot_tell_who_is_there(count: list[str]) -> None:
    client = touched(joins("Olaf Brandt", "reception"))
    seen(client, count)
    nobody = seen(client, count)
    keep(patient())
    assert seen(client, count) == nobody
    assert nobody[0] == 404
    assert not BrokenGlass.objects.exists()
