"""Emergency access: one person, one patient, one session, read only, four hours, and everybody is told."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from fakes.members import Member, ask, browser_of, joins, practice

from teleward.access.models import BrokenGlass, Kinship, Patient, Restriction, Session, Standing
from teleward.access.operations.glass import LASTS
from teleward.access.tasks import end_glass
from teleward.audit.queries.chains import of_patient
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
WORDS = "Found unconscious in our waiting room"
CONTACT = b'{"email": "ifeoma@mail.example", "telephone": ""}'
SAID = {"code": "unconscious", "words": WORDS}


def patient(family_name: str = "Okafor") -> Patient:
    key = new_id()
    return Patient.objects.create(
        id=key,
        organisation=practice(),
        given_name="Ifeoma",
        family_name=family_name,
        born_on="1988-02-29",
        language="de",
        contact=seal(patient=key, plaintext=CONTACT, context="access.patient.contact"),
    )


@pytest.fixture
def ifeoma() -> Patient:
    return patient()


def emergency(who: Patient) -> str:
    return f"/patients/{who.id}/emergency/"


def notes(who: Patient) -> str:
    return f"/patients/{who.id}/notes/"


def breaks(client: Client, who: Patient, **changes: Any) -> Any:
    return client.post(emergency(who), SAID | changes)


def touched(member: Member, **options: Any) -> Client:
    """A browser of somebody who has just touched their passkey."""
    client = browser_of(member, **options)
    question = ask(client, "/account/unlock/question/").json()
    assert ask(client, "/account/unlock/", {"credential": member.key.touch(question)}).status_code == 200
    return client


def test_notes_of_somebody_one_has_no_tie_to_lead_to_the_question_and_show_no_byte(ifeoma: Patient) -> None:
    answer = browser_of(joins()).get(notes(ifeoma))
    assert (answer.status_code, answer["X-Problem"]) == (403, "access:glass-needed")
    body = answer.content.decode()
    assert emergency(ifeoma) in body
    assert [told for told in ("Ifeoma", "Okafor", "ifeoma@", "1988") if told in body] == []


def test_the_form_says_who_will_see_it_and_names_nobody(ifeoma: Patient) -> None:
    body = browser_of(joins()).get(emergency(ifeoma), headers={"accept-language": "en"}).content.decode()
    assert "The patient and the privacy officer will see this" in body
    assert "Okafor" not in body


def test_with_a_passkey_just_touched_it_opens_and_goes_on_where_one_wanted_to_go(ifeoma: Patient) -> None:
    client = touched(joins())
    answer = breaks(client, ifeoma, next=notes(ifeoma))
    assert (answer.status_code, answer["Location"]) == (302, notes(ifeoma))
    assert client.get(notes(ifeoma)).status_code == 200
    glass = BrokenGlass.objects.get()
    assert (glass.code, glass.ends_at - glass.opened_at) == ("unconscious", LASTS)
    assert WORDS.encode() not in bytes(glass.words)


def test_the_code_of_the_app_in_the_same_form_is_enough_and_renews_the_session(ifeoma: Patient) -> None:
    member = joins()
    client = browser_of(member, aal=2)
    Session.objects.update(authenticated_at=now() - timedelta(hours=1))
    assert breaks(client, ifeoma, digits=member.digits()).status_code == 302
    assert client.get(notes(ifeoma)).status_code == 200


@pytest.mark.parametrize("digits", ["", "000000"])
def test_without_a_fresh_second_factor_it_stays_closed_and_what_was_typed_stays(
    ifeoma: Patient, digits: str
) -> None:
    client = browser_of(joins(), aal=2)
    Session.objects.update(authenticated_at=now() - timedelta(minutes=6))
    answer = breaks(client, ifeoma, digits=digits)
    assert answer.status_code == 403
    assert WORDS in answer.content.decode()
    assert "000000" not in answer.content.decode()
    assert not BrokenGlass.objects.exists()


def test_a_password_alone_is_no_second_factor(ifeoma: Patient) -> None:
    member = joins()
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        client = browser_of(member, aal=2)  # signed in by password and code an hour ago as far as keys know
        answer = breaks(client, ifeoma)
    assert (answer.status_code, BrokenGlass.objects.count()) == (403, 0)


@pytest.mark.parametrize("changes", [{"words": "fourteen chars"}, {"code": ""}, {"code": "curiosity"}])
def test_a_coded_reason_and_fifteen_characters_are_asked_for(
    ifeoma: Patient, changes: dict[str, str]
) -> None:
    assert breaks(touched(joins()), ifeoma, **changes).status_code == 422
    assert not BrokenGlass.objects.exists()


def test_it_opens_one_patient_for_reading_and_nothing_else(ifeoma: Patient) -> None:
    client, other = touched(joins()), patient("Ekwueme")
    breaks(client, ifeoma)
    assert client.get(f"/patients/{ifeoma.id}/").status_code == 200
    assert client.get(notes(other)).status_code == 403
    written = client.post(f"/patients/{ifeoma.id}/account/", {"email": "somebody@else.example"})
    assert written.status_code == 403


def test_it_is_good_for_the_session_it_was_opened_in_and_no_other(ifeoma: Patient) -> None:
    member = joins()
    breaks(touched(member), ifeoma)
    assert browser_of(member).get(notes(ifeoma)).status_code == 403


def test_it_ends_by_itself_after_four_hours(ifeoma: Patient) -> None:
    at = now()
    with time_machine.travel(at, tick=False) as clock:
        client = touched(joins())
        breaks(client, ifeoma)
        for minutes in (59, 59, 59, 59):
            clock.shift(timedelta(minutes=minutes))
            assert client.get(notes(ifeoma)).status_code == 200
        clock.shift(timedelta(minutes=5))
        assert client.get(notes(ifeoma)).status_code == 403


def test_when_the_session_ends_or_the_time_is_over_the_end_is_noted(ifeoma: Patient) -> None:
    client, late = touched(joins()), touched(joins("Boris Muster"))
    for each in (client, late):
        breaks(each, ifeoma)
    client.post("/sign-out/")
    end_glass(0)
    first, second = BrokenGlass.objects.order_by("asked_at")
    assert first.ended_at is not None
    assert second.ended_at is None
    with time_machine.travel(now() + timedelta(hours=5), tick=False):
        end_glass(0)
    second.refresh_from_db()
    assert second.ended_at == second.ends_at


def test_ones_own_record_and_that_of_the_family_are_never_opened_like_this(ifeoma: Patient) -> None:
    own, kin = joins(), joins("Boris Muster")
    Patient.objects.filter(id=ifeoma.id).update(person=own.person)
    Kinship.objects.create(person=kin.person, patient=ifeoma, relation="child", told_at=now())
    for client in (touched(own), touched(kin)):
        assert breaks(client, ifeoma)["X-Problem"] == "access:own-record"
    assert not BrokenGlass.objects.exists()


def test_it_ends_when_one_says_so(ifeoma: Patient) -> None:
    client = touched(joins())
    breaks(client, ifeoma)
    glass = BrokenGlass.objects.get()
    assert client.post(f"/emergencies/{glass.id}/end/").status_code == 200
    assert client.get(notes(ifeoma)).status_code == 403
    glass.refresh_from_db()
    assert glass.ended_at is not None


def test_a_bar_stands_on_every_page_of_the_patient_and_on_no_other(ifeoma: Patient) -> None:
    client, english = touched(joins()), {"accept-language": "en"}
    breaks(client, ifeoma)
    assert "Emergency access until" in client.get(f"/patients/{ifeoma.id}/", headers=english).content.decode()
    assert "Emergency access until" not in client.get("/patients/", headers=english).content.decode()


def test_pressed_twice_it_is_one(ifeoma: Patient) -> None:
    client = touched(joins())
    breaks(client, ifeoma)
    breaks(client, ifeoma)
    assert BrokenGlass.objects.count() == 1


def test_the_desk_and_a_stranger_cannot_break_it(ifeoma: Patient) -> None:
    for client in (touched(joins("Olaf Brandt", "reception")), touched(joins("Ada Amt", "administrator"))):
        assert breaks(client, ifeoma).status_code == 403
    assert not BrokenGlass.objects.exists()


def test_the_ledger_of_the_patient_has_the_reason_the_purpose_and_each_look(ifeoma: Patient) -> None:
    client = touched(joins())
    breaks(client, ifeoma)
    client.get(notes(ifeoma))
    facts = [entry.facts for entry in of_patient(patient=ifeoma.id)]
    assert (facts[0]["action"], facts[0]["policy"], facts[0]["purpose"]) == (
        "consult:note:read",
        "p-breakglass",
        "BTG",
    )
    assert facts[0]["detail"]["evidence"] == "glass"
    done = next(
        each for each in facts if each["action"] == "access:glass:break" and each["outcome"] == "done"
    )
    assert done["detail"]["code"] == "unconscious"
    assert WORDS not in str(facts)


def closed(who: Patient) -> None:
    one, two = (joins(name, "privacy-officer").person for name in ("Vera Lind", "Walter Amt"))
    at = now()
    Restriction.objects.create(
        patient=who, tier="closed", reason="at-risk", set_by=one, seconded_by=two, seconded_at=at
    )


def test_a_closed_record_opens_when_a_second_person_agrees_and_not_before(ifeoma: Patient) -> None:
    closed(ifeoma)
    client, second = touched(joins()), touched(joins("Boris Muster"))
    answer = breaks(client, ifeoma)
    assert answer["Location"].startswith(emergency(ifeoma))
    assert client.get(notes(ifeoma)).status_code == 403
    glass = BrokenGlass.objects.get()
    asked = second.get("/emergencies/waiting/").content.decode()
    assert f"/emergencies/{glass.id}/second/" in asked
    assert "Okafor" not in asked
    page = second.get(f"/emergencies/{glass.id}/second/").content.decode()
    assert WORDS in page
    assert second.post(f"/emergencies/{glass.id}/second/", {"answer": "agree"}).status_code == 200
    assert client.get(notes(ifeoma)).status_code == 200
    assert second.get(notes(ifeoma)).status_code == 403


def test_what_one_person_opened_ends_when_two_close_the_record(ifeoma: Patient) -> None:
    client = touched(joins())
    breaks(client, ifeoma)
    assert client.get(notes(ifeoma)).status_code == 200
    officer, doctor = browser_of(joins("Vera Lind", "privacy-officer")), browser_of(joins("Boris Muster"))
    officer.post(f"/patients/{ifeoma.id}/tier/", {"tier": "closed", "reason": "at-risk"})
    assert client.get(notes(ifeoma)).status_code == 200
    assert doctor.post(f"/patients/{ifeoma.id}/tier/second/").status_code == 200
    assert client.get(notes(ifeoma))["X-Problem"] == "access:glass-needed"
    end_glass(0)
    assert BrokenGlass.objects.get().ended_at is not None


def test_nobody_is_their_own_second_person_and_who_declines_opens_nothing(ifeoma: Patient) -> None:
    closed(ifeoma)
    client, second = touched(joins()), touched(joins("Boris Muster"))
    breaks(client, ifeoma)
    address = f"/emergencies/{BrokenGlass.objects.get().id}/second/"
    assert client.post(address, {"answer": "agree"}).status_code == 403
    assert second.post(address, {"answer": "decline"}).status_code == 200
    assert second.post(address, {"answer": "agree"}).status_code == 409
    assert client.get(notes(ifeoma)).status_code == 403


def test_a_request_nobody_answers_is_over_after_half_an_hour(ifeoma: Patient) -> None:
    closed(ifeoma)
    client, second = touched(joins()), joins("Boris Muster")
    breaks(client, ifeoma)
    address = f"/emergencies/{BrokenGlass.objects.get().id}/second/"
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        assert touched(second).post(address, {"answer": "agree"}).status_code == 409


def test_a_restricted_record_opens_to_who_treats_and_asks_everybody_else_for_an_emergency(
    ifeoma: Patient,
) -> None:
    officer = joins("Vera Lind", "privacy-officer").person
    Restriction.objects.create(patient=ifeoma, tier="restricted", reason="employee", set_by=officer)
    treating, other = joins(), joins("Boris Muster")
    Standing.objects.create(
        kind="appointment", visit=new_id(), organisation=practice(), patient=ifeoma, staff=treating.person,
        role="host", starts_at=now(), ends_at=now() + timedelta(minutes=20),
    )  # fmt: skip
    assert browser_of(treating).get(notes(ifeoma)).status_code == 200
    client = touched(other)
    assert client.get(f"/patients/{ifeoma.id}/")["X-Problem"] == "access:glass-needed"
    breaks(client, ifeoma)
    assert client.get(f"/patients/{ifeoma.id}/").status_code == 200
