"""Word about a case: to whom it goes, once, and what keeps it from nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from fakes.members import Member, joins, practice

from teleward.access.models import Patient
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.watch.models import Case, Notice
from teleward.watch.operations.by_itself import grant_for_case
from teleward.watch.operations.notices import cases_with_word_due, tell
from teleward.watch.tasks import tell_what_is_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters_are_sent")]


def told_later(patient: Patient, member: Member) -> Case:
    """An emergency whose two letters, to the patient and to the member of staff, are due now."""
    case = Case.objects.create(
        organisation=practice(), patient=patient, person=member.person, kind="emergency", about=new_id(),
        due_at=now() + timedelta(hours=72),
    )  # fmt: skip
    for place, says in enumerate(("opened", "was-it-you")):
        Notice.objects.create(case=case, says=says, due_at=now() - timedelta(hours=2 - place))
    return case


@pytest.fixture
def another() -> Patient:
    return Patient.objects.create(
        organisation=practice(), given_name="Ulf", family_name="Kern", born_on="1950-01-01"
    )


def test_an_address_that_takes_no_mail_keeps_word_of_an_emergency_from_nobody_else(
    doctor: Member, ifeoma: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_later(ifeoma, doctor)
    told_later(ifeoma, joins("Boris Muster"))
    sent: list[str] = []

    def refuses_patients(letter: EmailMessage) -> int:
        if letter.to == ["ifeoma@mail.example"]:
            raise ConnectionRefusedError
        sent.extend(letter.to)
        return 1

    monkeypatch.setattr(EmailMessage, "send", refuses_patients)
    with pytest.raises(ConnectionRefusedError):
        tell_what_is_due(0)
    assert sent == [doctor.person.email, "boris@praxis.example"]
    waiting = Notice.objects.filter(done_at=None)
    assert [(notice.says, notice.how) for notice in waiting] == [("opened", "")] * 2


def test_word_about_one_case_tells_nobody_of_another(
    doctor: Member, ifeoma: Patient, another: Patient
) -> None:
    case, other = told_later(ifeoma, doctor), told_later(another, joins("Boris Muster"))
    tell(grant=grant_for_case(case=case.id))
    assert [letter.to for letter in mail.outbox] == [["ifeoma@mail.example"], [doctor.person.email]]
    assert not other.notices.exclude(done_at=None).exists()


def test_a_patient_without_an_address_reads_it_on_the_page_and_the_member_of_staff_is_asked(
    doctor: Member, another: Patient
) -> None:
    case = told_later(another, doctor)
    tell(grant=grant_for_case(case=case.id))
    assert dict(case.notices.values_list("says", "how")) == {"opened": "page", "was-it-you": "mail"}
    assert [letter.to for letter in mail.outbox] == [[doctor.person.email]]


def test_two_who_send_at_the_same_time_send_each_letter_once(
    doctor: Member, ifeoma: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = grant_for_case(case=told_later(ifeoma, doctor).id)
    sent: list[Any] = []

    def while_another_sends_too(letter: EmailMessage) -> int:
        sent.append(letter.to)
        tell(grant=grant)
        return 1

    monkeypatch.setattr(EmailMessage, "send", while_another_sends_too)
    tell(grant=grant)
    assert sent == [["ifeoma@mail.example"], [doctor.person.email]]


def test_nothing_is_due_that_was_told_that_waits_or_that_is_held_back(
    doctor: Member, ifeoma: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, later, held = (told_later(ifeoma, doctor) for _ in range(3))
    told.notices.update(done_at=now(), how="mail")
    later.notices.update(due_at=now() + timedelta(hours=1))
    assert cases_with_word_due() == [held.id]
    monkeypatch.setattr("teleward.watch.operations.notices.held_until", lambda *, patient: patient)
    held.notices.filter(says="was-it-you").update(done_at=now(), how="mail")
    assert cases_with_word_due() == []
