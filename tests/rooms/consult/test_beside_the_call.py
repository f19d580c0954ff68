"""Beside the call: whose chart it is stays in sight, others open on purpose, forms land where they belong."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from stage.visits import HERE, Stage

from teleward.access.grants import Action, Subject, authorise
from teleward.access.models import Person
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.audit.queries.chains import of_patient
from teleward.consult.cards import VisitCard
from teleward.consult.models import (
    Consent,
    FormAnswered,
    FormAsked,
    ModePeriod,
    NoteVersion,
    Seat,
    Visit,
    Withdrawal,
)
from teleward.consult.operations.booking import Who
from teleward.consult.operations.identity import identify
from teleward.consult.operations.notes import save_note
from teleward.consult.operations.visits import book
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


def maria(stage: Stage) -> VisitCard:
    """An appointment of the same doctor's with somebody else."""
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=stage.practice.id)
    patient = register_patient(
        grant=creating, given_name="Maria", family_name="Rossi", born_on=date(1990, 2, 1), language="de"
    )
    who = Who(id=patient.id, name=patient.name, language="de")
    own = stage.practice.id
    about = Subject(kind="Organisation", id=own, organisation=own, patient=patient.id)
    booking = authorise(
        actor=stage.actor(stage.desk), action=Action.VISIT_BOOK, subject=about, circumstances=HERE
    )
    return book(grant=booking, wish=stage.wish(patient=who, starts_at=now() + timedelta(hours=2)))


def in_a_call(stage: Stage) -> VisitCard:
    visit = stage.visit_now()
    Visit.objects.filter(id=visit.id).update(state="in-call")
    return visit


def text_of(answer: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())  # type: ignore[attr-defined]  # an answer


def test_name_age_and_initials_stand_above_the_call_and_in_every_sheet(
    stage: Stage, signed_in: SignIn
) -> None:
    visit, host = stage.visit_now(), signed_in(stage.doctor)
    room = host.get(f"/visits/{visit.id}/room/").content.decode()
    bar = room[room.index('class="tw-whose"') :][:600]
    assert ">AD<" in bar
    assert "Ayşe Demir" in bar
    assert "years old, born on 3 May 1979" in bar
    sheets = re.findall(r'class="tw-sheet-title">(.*?)</h2>', room)
    assert len(sheets) > 6
    assert all("Ayşe Demir" in sheet for sheet in sheets)
    for sheet in re.findall(r'data-fragment="([^"]+)"', room):
        assert 'class="tw-whose"' in host.get(sheet).content.decode(), sheet


def lying_open(host: Client, visit: VisitCard) -> list[str]:
    room = host.get(f"/visits/{visit.id}/room/").content.decode()
    return re.findall(r'id="sheet-(\w+)" open', room)


def test_open_beside_the_call_lies_what_is_needed_at_once_and_what_is_still_to_be_done(
    stage: Stage, signed_in: SignIn
) -> None:
    visit, host = stage.visit_now(), signed_in(stage.doctor)
    assert lying_open(host, visit) == ["purpose", "summary", "identity", "consent", "note"]
    identify(grant=stage.grant(Action.VISIT_IDENTIFY, visit), visit=visit.id, how="known")
    assert lying_open(host, visit) == ["purpose", "summary", "consent", "note"]
    given = Consent.objects.create(visit_id=visit.id, version="2026-11", language="de")
    assert lying_open(host, visit) == ["purpose", "summary", "note"]
    Withdrawal.objects.create(consent=given)
    asked = FormAsked.objects.create(visit_id=visit.id, questionnaire=new_id(), version=1)
    FormAnswered.objects.create(asked=asked, response=b"sealed")
    assert lying_open(host, visit) == ["purpose", "summary", "consent", "questions", "note"]


def test_in_a_call_another_patients_pages_ask_first_and_work_without_scripts(
    stage: Stage, signed_in: SignIn
) -> None:
    other, live, host = maria(stage), in_a_call(stage), signed_in(stage.doctor)
    for address in (f"/patients/{other.patient}/", f"/visits/{other.id}/", f"/visits/{other.id}/room/"):
        asked = host.get(address, follow=True)
        assert "You are in a call with Ayşe Demir. Open Maria Rossi?" in text_of(asked), address
    assert host.get(f"/patients/{live.patient}/").status_code == 200
    assert host.get(f"/visits/{live.id}/").status_code == 200


def test_a_yes_is_kept_goes_on_and_is_not_asked_for_again(stage: Stage, signed_in: SignIn) -> None:
    other, live, host = maria(stage), in_a_call(stage), signed_in(stage.doctor)
    wanted = f"/patients/{other.patient}/"
    answer = host.post(f"/visits/{live.id}/aside/{other.patient}/", {"next": wanted})
    assert answer["Location"] == wanted
    assert "Maria Rossi" in text_of(host.get(wanted))
    told = [entry.facts["detail"] for entry in of_patient(patient=live.patient)]
    assert {"aside": "another patient's chart"} in told


def test_without_a_call_nothing_asks_and_a_call_of_yesterday_does_not(
    stage: Stage, signed_in: SignIn
) -> None:
    other, host = maria(stage), signed_in(stage.doctor)
    assert host.get(f"/visits/{other.id}/").status_code == 200
    live = in_a_call(stage)
    yesterday = now() - timedelta(days=1)
    Visit.objects.filter(id=live.id).update(starts_at=yesterday, ends_at=yesterday + timedelta(hours=1))
    assert host.get(f"/visits/{other.id}/").status_code == 200


@pytest.mark.parametrize(("silent", "asks"), [(1, True), (3, False)])
def test_a_call_that_nobody_ended_asks_only_while_its_host_is_heard_of(
    stage: Stage, signed_in: SignIn, silent: int, asks: bool
) -> None:
    other, live, host = maria(stage), in_a_call(stage), signed_in(stage.doctor)
    heard = now() - timedelta(minutes=silent)
    for who in (stage.doctor, stage.second):  # a colleague who is still there is not the host
        seat = Seat.objects.create(
            visit_id=live.id, peer=f"{who.id.hex}", person=who.id, role="host", name="J", state="admitted"
        )
        seen = heard if who == stage.doctor else now()
        ModePeriod.objects.create(seat=seat, mode="video", from_at=heard, seen_at=seen)
    answer = host.get(f"/visits/{other.id}/")
    assert (answer.status_code == 302) is asks


def test_whom_one_may_not_open_is_refused_and_not_named(stage: Stage, signed_in: SignIn) -> None:
    in_a_call(stage)
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=stage.practice.id)
    someone = register_patient(
        grant=creating, given_name="Ulf", family_name="Kern", born_on=date(1950, 1, 1), language="de"
    )
    host = signed_in(stage.doctor)
    answer = host.get(f"/patients/{someone.id}/", follow=True)
    assert answer.status_code == 403
    assert "Kern" not in answer.content.decode()
    assert f"/patients/{someone.id}/reason/" in answer.content.decode()
    assert host.get(f"/patients/{someone.id}/emergency/").status_code == 200


@pytest.mark.parametrize("sheet", ["note", "identity", "category", "ending"])
@pytest.mark.parametrize("loaded_for", ["", "somebody-else"])
def test_a_form_that_was_loaded_for_somebody_else_changes_nothing(
    stage: Stage, signed_in: SignIn, sheet: str, loaded_for: str
) -> None:
    other, visit, host = maria(stage), stage.visit_now(), signed_in(stage.doctor)
    typed = {"text": "Meniskus", "after": "0", "how": "known", "disposition": "completed", "category": ""}
    typed["loaded_for"] = str(other.patient) if loaded_for else ""
    answer = host.post(f"/visits/{visit.id}/{sheet}/", typed)
    assert answer.status_code == 409
    assert answer["X-Problem"] == "access:loaded-for-another"
    assert not NoteVersion.objects.exists()
    assert Visit.objects.get(id=visit.id).state == "booked"


def test_every_form_beside_the_call_says_for_whom_it_was_loaded(stage: Stage, signed_in: SignIn) -> None:
    visit, host = stage.visit_now(), signed_in(stage.doctor)
    room, found = host.get(f"/visits/{visit.id}/room/").content.decode(), 0
    for sheet in re.findall(r'data-fragment="([^"]+)"', room):
        part = host.get(sheet, headers={"hx-request": "true"}).content.decode()
        for form in re.findall(r"<form.*?</form>", part, re.DOTALL):
            found += 1
            assert f'name="loaded_for" value="{visit.patient}"' in form, sheet
    assert found >= 5


def test_a_document_is_not_kept_from_a_page_of_somebody_else(stage: Stage, signed_in: SignIn) -> None:
    visit, host = stage.visit_now(), signed_in(stage.doctor)
    answer = host.post(f"/records/documents/{visit.patient}/", {"loaded_for": stage.doctor.id})
    assert answer["X-Problem"] == "access:loaded-for-another"


def test_the_form_on_the_page_is_accepted_as_it_stands(stage: Stage, signed_in: SignIn) -> None:
    visit, host = stage.visit_now(), signed_in(stage.doctor)
    page = host.get(f"/visits/{visit.id}/note/").content.decode()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = host.post(f"/visits/{visit.id}/note/", {**fields, "after": "0", "text": "Meniskus"})
    assert answer.status_code == 200
    assert NoteVersion.objects.count() == 1


def test_the_timeline_has_visits_and_notes_newest_first_by_kind_and_by_pages(
    stage: Stage, signed_in: SignIn
) -> None:
    visit, host = stage.visit_now(), signed_in(stage.doctor)
    save_note(grant=stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, text="Meniskus", after=0)
    at = f"/patients/{stage.patient.id}/timeline/"
    shown = text_of(host.get(at))
    assert "Appointment with Dr. Jana Novák" in shown
    assert "Note by Dr. Jana Novák" in shown
    assert "Meniskus" not in shown
    assert "Note by" not in text_of(host.get(f"{at}?kind=visits"))
    for day in range(1, 22):
        stage.visit(starts_at=now() + timedelta(days=day))
    pages = [host.get(f"{at}?kind=visits&page={n}").content.decode() for n in (1, 2)]
    assert [page.count("Appointment with") for page in pages] == [20, 2]
    assert "page=2" in pages[0]


def test_notes_that_are_kept_closer_are_not_in_the_timeline(stage: Stage, signed_in: SignIn) -> None:
    visit, host = stage.visit_now(), signed_in(stage.doctor)
    save_note(grant=stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, text="Panik", after=0)
    Visit.objects.update(category="mental-health")
    assert "Note by" not in text_of(host.get(f"/patients/{stage.patient.id}/timeline/"))
