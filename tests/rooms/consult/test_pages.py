"""The practice's pages: each opens in both languages, and refuses strangers with an entry."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from stage.visits import Stage, tomorrow

from teleward.access.grants import Action
from teleward.access.models import Person
from teleward.audit.queries import of_patient
from teleward.consult.cards import VisitCard
from teleward.consult.models import (
    Cancellation,
    Company,
    Ending,
    Guest,
    IdentityCheck,
    Note,
    NoteVersion,
    Visit,
)
from teleward.consult.operations.notes import NoteChanged, NoteTooLong, save_note

SignIn = Callable[[Person], Client]


@pytest.fixture
def visit(stage: Stage) -> VisitCard:
    return stage.visit_now()


@pytest.fixture
def browser(stage: Stage, signed_in: SignIn) -> Client:
    return signed_in(stage.doctor)


PAGES = (
    "/day/",
    "/day/?date=2027-03-28",
    "/day/?date=nonsense&host=nobody",
    "/day/?date=9999-12-31",
    "/day/?date=0001-01-01",
    "/patients/",
    "/patients/new/",
    "/patients/{patient}/",
    "/patients/{patient}/visits/",
    "/patients/{patient}/notes/",
    "/patients/{patient}/contact/",
    "/visits/new/",
    "/visits/new/?patient={patient}",
    "/visits/new/?patient={patient}&date=2026-02-31",
    "/visits/{visit}/",
    "/visits/{visit}/room/",
    "/visits/{visit}/cancellation/",
    "/visits/{visit}/appointment.ics",
    "/visits/{visit}/purpose/",
    "/visits/{visit}/identity/",
    "/visits/{visit}/consent/",
    "/visits/{visit}/note/",
    "/visits/{visit}/ending/",
)
OF_THIS_PATIENT = tuple(page for page in PAGES if "{" in page)


def address(page: str, stage: Stage, visit: VisitCard) -> str:
    return page.format(patient=stage.patient.id, visit=visit.id)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_both_languages(
    stage: Stage, visit: VisitCard, browser: Client, page: str, language: str
) -> None:
    browser.cookies["teleward-language"] = language
    answer = browser.get(address(page, stage, visit))
    assert answer.status_code == 200
    if "html" in answer["Content-Type"]:
        assert f'<html lang="{language}">' in answer.content.decode()


@pytest.mark.parametrize("page", OF_THIS_PATIENT)
def test_a_stranger_is_refused_and_the_ledger_says_so(
    stage: Stage, visit: VisitCard, stranger: Person, signed_in: SignIn, page: str
) -> None:
    before = len(of_patient(patient=stage.patient.id))
    answer = signed_in(stranger).get(address(page, stage, visit))
    assert answer.status_code == 403
    assert "Demir" not in answer.content.decode()
    entries = of_patient(patient=stage.patient.id)
    assert len(entries) == before + 1
    assert entries[0].facts["outcome"] == "deny"


@pytest.mark.parametrize("page", PAGES)
def test_nobody_gets_in_without_signing_in(stage: Stage, visit: VisitCard, page: str) -> None:
    answer = Client().get(address(page, stage, visit))
    assert answer.status_code in {302, 303, 401}


@pytest.mark.parametrize("page", ["purpose/", "note/", "ending/", "room/"])
def test_the_reception_books_but_reads_nothing_clinical(
    stage: Stage, visit: VisitCard, signed_in: SignIn, page: str
) -> None:
    desk = signed_in(stage.desk)
    assert desk.get(f"/visits/{visit.id}/").status_code == 200
    assert desk.get(f"/visits/{visit.id}/{page}").status_code == 403


def test_call_now_shows_the_link_at_once_and_the_room_one_press_away(stage: Stage, browser: Client) -> None:
    page = browser.post(f"/patients/{stage.patient.id}/call/").content.decode()
    made = Visit.objects.get()
    assert "/join/" in page
    assert "<svg" in page
    assert f"/visits/{made.id}/room/" in page
    assert (made.state, made.planned) == ("invited", False)
    assert browser.get(f"/visits/{made.id}/room/").status_code == 200


def test_the_day_says_who_waits_since_when_and_how_they_want_to_talk(
    stage: Stage, visit: VisitCard, browser: Client
) -> None:
    row = Visit.objects.get(id=visit.id)
    row.choices.create(mode="audio")
    row.seats.create(
        peer="d" * 32, person=stage.doctor.id, role="patient", name="Ayşe Demir", state="waiting"
    )
    page = browser.get("/day/", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in page
    assert "Ayşe Demir has been waiting since" in page
    assert "Sound only" in page


def test_the_link_is_shown_once_and_nowhere_else(stage: Stage, visit: VisitCard, browser: Client) -> None:
    guest = Guest.objects.get()
    said = {"guest": str(guest.id), "channel": "shown"}
    assert "/join/" in browser.post(f"/visits/{visit.id}/invitations/", said).content.decode()
    assert "/join/" not in browser.get(f"/visits/{visit.id}/").content.decode()


def test_a_text_message_without_a_gateway_is_refused_in_words(
    stage: Stage, visit: VisitCard, browser: Client
) -> None:
    said = {"guest": str(Guest.objects.get().id), "channel": "sms"}
    answer = browser.post(f"/visits/{visit.id}/invitations/", said)
    assert (answer.status_code, b"Text messages are not set up" in answer.content) == (422, True)


def test_a_visit_more_than_thirty_days_away_is_not_invited_yet(stage: Stage, browser: Client) -> None:
    far = stage.visit(starts_at=tomorrow() + timedelta(days=40))
    said = {"guest": str(Guest.objects.get(visit=far.id).id), "channel": "email"}
    answer = browser.post(f"/visits/{far.id}/invitations/", said)
    assert (answer.status_code, b"30 days" in answer.content) == (422, True)


def test_an_interpreter_is_asked_in_and_removed_again(
    stage: Stage, visit: VisitCard, browser: Client
) -> None:
    browser.post(f"/visits/{visit.id}/guests/", {"role": "interpreter", "name": "Ali Kaya", "language": "de"})
    guest = Guest.objects.get(role="interpreter")
    assert "Ali Kaya" in browser.get(f"/visits/{visit.id}/").content.decode()
    browser.post(f"/visits/{visit.id}/guests/{guest.id}/removal/")
    assert "Ali Kaya" not in browser.get(f"/visits/{visit.id}/").content.decode()


def test_the_patient_cannot_be_removed(stage: Stage, visit: VisitCard, browser: Client) -> None:
    assert browser.post(f"/visits/{visit.id}/guests/{Guest.objects.get().id}/removal/").status_code == 404


def test_calling_off_asks_why(stage: Stage, visit: VisitCard, browser: Client) -> None:
    browser.post(f"/visits/{visit.id}/cancellation/", {"reason": "moved"})
    assert Cancellation.objects.get().reason == "moved"
    assert "Cancelled" in browser.get(f"/visits/{visit.id}/").content.decode()


def test_a_new_patient_gets_an_entry(stage: Stage, browser: Client) -> None:
    said = {"given_name": "Noor", "family_name": "van Dijk", "born_on": "2001-02-28", "language": "en"}
    answer = browser.post("/patients/new/", said)
    assert answer.status_code == 302
    assert "Noor van Dijk" in browser.get(answer["Location"]).content.decode()
    wrong = browser.post("/patients/new/", {**said, "born_on": "1800-01-01"})
    assert (wrong.status_code, b"Noor" in wrong.content) == (422, True)


def loaded(visit: VisitCard) -> dict[str, str]:
    """What a form says of itself: for whom its page was opened."""
    return {"loaded_for": str(visit.patient)}


def test_identity_and_company_are_kept(stage: Stage, visit: VisitCard, browser: Client) -> None:
    page = browser.post(
        f"/visits/{visit.id}/identity/", {"how": "id-card", "who": "Schwester Ines", **loaded(visit)}
    )
    assert page.status_code == 200
    assert IdentityCheck.objects.get().how == "id-card"
    assert b"Ines" not in bytes(Company.objects.get().who)
    assert browser.post(f"/visits/{visit.id}/identity/", {"how": "guess", **loaded(visit)}).status_code == 422


def test_a_visit_does_not_end_without_saying_how(stage: Stage, visit: VisitCard, browser: Client) -> None:
    assert browser.post(f"/visits/{visit.id}/ending/", loaded(visit)).status_code == 422
    browser.post(
        f"/visits/{visit.id}/ending/",
        {"disposition": "follow-up-video", "follow_up_offered": "on", **loaded(visit)},
    )
    assert (Ending.objects.get().disposition, Ending.objects.get().follow_up_offered) == (
        "follow-up-video",
        True,
    )
    assert (
        browser.post(f"/visits/{visit.id}/ending/", {"disposition": "completed", **loaded(visit)}).status_code
        == 409
    )


def test_every_saved_note_is_a_version_and_none_is_readable_in_the_database(
    stage: Stage, visit: VisitCard, browser: Client
) -> None:
    for after, text in enumerate(["Knie geschwollen", "Knie geschwollen, Kühlung"]):
        assert (
            browser.post(
                f"/visits/{visit.id}/note/", {"text": text, "after": after, **loaded(visit)}
            ).status_code
            == 200
        )
    assert [b"Knie" in bytes(row.text) for row in NoteVersion.objects.all()] == [False, False]
    page = browser.get(f"/visits/{visit.id}/note/{stage.doctor.id}/versions/").content.decode()
    assert "Knie geschwollen, Kühlung" in page
    assert "Version 1" in page
    assert "Kühlung" in browser.get(f"/patients/{stage.patient.id}/notes/").content.decode()


def test_saving_the_same_text_again_makes_no_version(stage: Stage, visit: VisitCard) -> None:
    grant = stage.grant(Action.NOTE_WRITE, visit)
    saved = [
        save_note(grant=grant, visit=visit.id, text="Kühlung", after=after).number for after in (0, 0, 1)
    ]
    assert saved == [1, 1, 1]


def test_a_note_written_in_another_window_is_not_overwritten(
    stage: Stage, visit: VisitCard, browser: Client
) -> None:
    grant = stage.grant(Action.NOTE_WRITE, visit)
    save_note(grant=grant, visit=visit.id, text="eins", after=0)
    with pytest.raises(NoteChanged):
        save_note(grant=grant, visit=visit.id, text="zwei", after=0)
    answer = browser.post(f"/visits/{visit.id}/note/", {"text": "zwei", "after": 0, **loaded(visit)})
    assert answer.status_code == 422
    assert "zwei" in answer.content.decode()
    assert Note.objects.count() == 1


def test_an_endless_note_is_refused(stage: Stage, visit: VisitCard) -> None:
    with pytest.raises(NoteTooLong):
        save_note(grant=stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, text="x" * 50_001, after=0)
