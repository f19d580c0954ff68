"""Every emergency is looked at: case, word to those concerned, answer, figures."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from fakes.members import Member, browser_of, joins, practice
from stage.deliveries import deliver_again, deliver_all
from stage.emergencies import ANSWER, ENGLISH, WORDS, account_of, emergency
from stage.wall import PLACE, day_there

from teleward.access.models import Patient, Person, SafeguardingHold, Session
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.events import Event
from teleward.watch.models import Case, Denial, Notice, Review
from teleward.watch.tasks import tell_what_is_due
from teleward.watch.times import evening_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters_are_sent")]
NOON = datetime.combine(day_there(ahead=1), time(12), PLACE).astimezone(UTC)


def test_an_emergency_is_a_case_that_is_due_in_72_hours_and_only_once(case: Case) -> None:
    deliver_again(Event.GLASS_BROKEN, glass=case.about)
    assert Case.objects.count() == 1
    assert case.due_at - case.opened_at == timedelta(hours=72)


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def test_the_patient_is_told_at_once_in_their_language_without_name_or_clinical_word(
    noon: None, case: Case
) -> None:
    (letter,) = mail.outbox
    assert letter.to == ["ifeoma@mail.example"]
    assert "/window/emergencies/" in letter.body
    assert letter.body.startswith("Guten Tag")
    told = f"{letter.subject} {letter.body}".lower()
    named = ("okafor", "ifeoma", "anna", "beispiel", "unconscious", "bewusstlos", WORDS.lower())
    assert [word for word in named if word in told] == []


def test_the_member_of_staff_is_asked_at_eight_the_same_evening(doctor: Member, ifeoma: Patient) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        emergency(doctor, ifeoma)
        mail.outbox.clear()
        clock.shift(timedelta(hours=7, minutes=59))
        tell_what_is_due(0)
        assert mail.outbox == []
        clock.shift(timedelta(minutes=1))
        tell_what_is_due(0)
        tell_what_is_due(0)
    (letter,) = mail.outbox
    assert letter.to == [doctor.person.email]
    assert "12:00" in letter.body
    assert "Okafor" not in letter.body


def test_who_acts_after_eight_is_asked_the_same_night() -> None:
    late = NOON + timedelta(hours=10, minutes=30)
    assert evening_of(late, "Europe/Berlin") == late


def hold(patient: Patient, *, until: datetime) -> None:
    one, two = Person.objects.all()[:2]
    words = seal(patient=patient.id, plaintext=b"x", context="access.safeguard.words")
    SafeguardingHold.objects.create(
        patient=patient, asked_by=one, confirmed_by=two, confirmed_at=now(), words=words, until=until
    )


def test_word_that_two_people_hold_back_goes_out_by_itself_when_the_hold_is_over(
    doctor: Member, ifeoma: Patient
) -> None:
    joins("Vera Lind", "privacy-officer")
    with time_machine.travel(NOON, tick=False) as clock:
        hold(ifeoma, until=NOON + timedelta(days=2))
        emergency(doctor, ifeoma)
        tell_what_is_due(0)
        assert mail.outbox == []
        clock.shift(timedelta(days=2, minutes=1))
        tell_what_is_due(0)
    assert [letter.to for letter in mail.outbox] == [["ifeoma@mail.example"], [doctor.person.email]]


def test_while_word_is_held_back_the_page_of_the_patient_is_silent_too(
    case: Case, ifeoma: Patient, doctor: Member
) -> None:
    joins("Vera Lind", "privacy-officer")
    hold(ifeoma, until=now() + timedelta(days=2))
    own = account_of(ifeoma)
    assert WORDS not in own.get("/window/emergencies/").content.decode()
    with time_machine.travel(now() + timedelta(days=2, minutes=1), tick=False):
        Session.objects.update(begun_at=now(), seen_at=now(), authenticated_at=now())
        assert WORDS in own.get("/window/emergencies/").content.decode()


def test_where_no_letter_can_go_the_officer_is_told_to_tell_the_patient(
    doctor: Member, ifeoma: Patient, officer: Client, settings: Any
) -> None:
    settings.EMAIL_HOST = ""
    case = emergency(doctor, ifeoma)
    assert mail.outbox == []
    assert Notice.objects.get(case=case, says="opened").how == "page"
    body = officer.get(f"/watch/cases/{case.id}/", headers=ENGLISH).content.decode()
    assert "Please tell them yourself" in body


def test_the_desk_shows_the_clock_and_what_is_overdue_stands_out(doctor: Member, ifeoma: Patient) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        emergency(doctor, ifeoma)
        member = joins("Vera Lind", "privacy-officer")
        clock.shift(timedelta(hours=10, minutes=30))
        assert "61 hours left" in browser_of(member).get("/watch/", headers=ENGLISH).content.decode()
        clock.shift(timedelta(hours=62))
        body = browser_of(member).get("/watch/", headers=ENGLISH).content.decode()
    assert "1 emergency is overdue" in body
    assert "Overdue since" in body


def test_the_officer_reads_the_reason_and_closes_the_case_once(case: Case, officer: Client) -> None:
    address = f"/watch/cases/{case.id}/"
    assert WORDS in officer.get(address).content.decode()
    assert officer.post(f"{address}review/", ANSWER).status_code == 302
    assert officer.post(f"{address}review/", ANSWER).status_code == 409
    review = Review.objects.get()
    assert (review.outcome, review.by.name) == ("justified", "Vera Lind")
    assert b"unconscious" not in bytes(review.words)


@pytest.mark.parametrize(
    "changes", [{"words": "too short"}, {"outcome": ""}, {"outcome": "policy-gap"}, {"outcome": "fine"}]
)
def test_an_answer_without_words_outcome_or_the_rule_closes_nothing(
    case: Case, officer: Client, changes: dict[str, str]
) -> None:
    answer = officer.post(f"/watch/cases/{case.id}/review/", ANSWER | changes)
    assert (answer.status_code, Review.objects.count()) == (422, 0)


def test_a_gap_names_its_rule_and_misuse_leads_to_the_end_of_access(
    doctor: Member, ifeoma: Patient, officer: Client
) -> None:
    gap, misuse = emergency(doctor, ifeoma), emergency(joins("Boris Muster"), ifeoma)
    said = ANSWER | {"outcome": "policy-gap", "policy": "cover at night"}
    officer.post(f"/watch/cases/{gap.id}/review/", said)
    assert Review.objects.get(case=gap).policy == "cover at night"
    officer.post(f"/watch/cases/{misuse.id}/review/", ANSWER | {"outcome": "misuse"})
    body = officer.get(f"/watch/cases/{misuse.id}/").content.decode()
    assert f"/staff/{misuse.person_id}/deactivation/" in body


def test_nobody_reviews_what_they_did_themselves(ifeoma: Patient) -> None:
    both = joins("Clara Beides", "physician", "privacy-officer")
    case = emergency(both, ifeoma)
    answer = browser_of(both).post(f"/watch/cases/{case.id}/review/", ANSWER)
    assert (answer.status_code, Review.objects.count()) == (403, 0)


@pytest.mark.parametrize("role", ["physician", "reception", "administrator"])
def test_nobody_else_sees_the_desk_or_a_case(case: Case, role: str) -> None:
    client = browser_of(joins("Emil Anders", role))
    for address in ("/watch/", f"/watch/cases/{case.id}/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Okafor" not in answer.content.decode()


def test_the_patient_reads_who_why_until_when_and_then_the_answer(
    case: Case, ifeoma: Patient, officer: Client
) -> None:
    own = account_of(ifeoma)
    body = own.get("/window/emergencies/", headers=ENGLISH).content.decode()
    assert "opened your record as an emergency" in body
    assert "Who: Anna Beispiel · Role: Doctor" in body
    assert WORDS in body
    assert "The privacy officer is checking it" in body
    mail.outbox.clear()
    officer.post(f"/watch/cases/{case.id}/review/", ANSWER)
    deliver_all(Event.CASE_REVIEWED, case=case.id)
    assert [letter.to for letter in mail.outbox] == [["ifeoma@praxis.example"]]
    body = own.get("/window/emergencies/", headers=ENGLISH).content.decode()
    assert "Checked: the access was right" in body
    assert ANSWER["words"] in body


def test_another_patient_reads_nothing_of_it(case: Case) -> None:
    stranger = Patient.objects.create(
        organisation=practice(), given_name="Ulf", family_name="Kern", born_on="1950-01-01"
    )
    assert WORDS not in account_of(stranger).get("/window/emergencies/").content.decode()


def test_the_member_of_staff_sees_it_without_a_patients_name_and_can_say_it_was_not_them(
    case: Case, doctor: Member, officer: Client
) -> None:
    client = browser_of(doctor)
    body = client.get("/watch/mine/", headers=ENGLISH).content.decode()
    assert "cannot speak for themselves" in body
    assert "Okafor" not in body
    assert client.post(f"/watch/mine/{case.id}/denial/").status_code == 302
    assert Denial.objects.get().case_id == case.id
    assert "It was not me" in officer.get("/watch/", headers=ENGLISH).content.decode()


def test_nobody_denies_in_anothers_name(case: Case) -> None:
    assert browser_of(joins("Emil Anders")).post(f"/watch/mine/{case.id}/denial/").status_code == 404
    assert not Denial.objects.exists()
