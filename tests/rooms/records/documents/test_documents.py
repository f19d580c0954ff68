"""Documents of a patient: kept sealed, listed, shown without ever running, each look in the ledger."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from fakes.members import listening
from fhir.resources.R4B import get_fhir_model_class
from pytest_django import Settings
from stage.papers import jpeg, pdf, png
from stage.visits import HERE, Stage

from teleward.access.grants import SYSTEM, Action, NotCovered, Subject, authorise
from teleward.access.models import Person
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id
from teleward.records.models import Resource
from teleward.records.operations import attaching
from teleward.records.operations.documents import keep_document
from teleward.records.operations.versions import keep_text
from teleward.records.queries.documents import content, document, documents
from teleward.records.queries.resources import newest

SignIn = Callable[[Person], Client]


@pytest.fixture
def treated(stage: Stage) -> Stage:
    stage.visit()
    return stage


def keep(stage: Stage, whole: bytes, title: str = "Augenklinik") -> UUID:
    grant = stage.of_patient(Action.RECORD_WRITE)
    return keep_document(grant=grant, patient=stage.patient.id, title=title, content=whole)


def place(stage: Stage, kept: UUID | None = None, more: str = "") -> str:
    return f"/records/documents/{stage.patient.id}/" + (f"{kept}/{more}" if kept else "")


def send(browser: Client, stage: Stage, whole: bytes, name: str = "scan.pdf", title: str = "Brief") -> str:
    file = SimpleUploadedFile(name, whole, content_type="text/html")
    answer = browser.post(place(stage), {"title": title, "file": file, "loaded_for": str(stage.patient.id)})
    return f"{answer.status_code} {answer.content.decode()}"


def test_a_document_is_two_resources_that_fhir_knows(treated: Stage) -> None:
    keep(treated, pdf())
    reading = treated.of_patient(Action.RECORD_READ)
    for kind in ("DocumentReference", "Binary"):
        (version,) = newest(grant=reading, kind=kind)
        get_fhir_model_class(kind).model_validate_json(version.body)
    (pointer,) = newest(grant=reading, kind="DocumentReference")
    said = json.loads(pointer.body)
    assert said["subject"]["reference"] == f"Patient/{treated.patient.id}"
    assert said["author"][0]["reference"] == f"Practitioner/{treated.doctor.id}"
    assert said["content"][0]["attachment"]["contentType"] == "application/pdf"


def test_nothing_of_it_stands_in_clear(treated: Stage) -> None:
    keep(treated, pdf(b"% Netzhautbefund"))
    rows = b"".join(bytes(row.body) for row in Resource.objects.all())
    assert b"Augenklinik" not in rows
    assert b"JVBERi0" not in rows


def test_it_comes_back_byte_for_byte_and_the_ledger_has_which(
    treated: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, kept = treated.patient.id, keep(treated, pdf())
    grant = treated.of_patient(Action.RECORD_READ)
    found = content(grant=grant, patient=own, document=kept)
    (card,) = documents(grant=grant, patient=own)
    assert (found.content, found.kind, found.ending) == (pdf(), "application/pdf", ".pdf")
    assert (card.id, card.title, card.size, card.by) == (kept, "Augenklinik", len(pdf()), treated.doctor.id)
    assert card == document(grant=grant, patient=own, document=kept)


def test_a_document_that_another_system_wrote_oddly_hides_no_other_and_goes_out(treated: Stage) -> None:
    kept, own, odd = keep(treated, pdf()), treated.patient.id, new_id()
    body = (
        f'{{"resourceType":"DocumentReference","id":"{odd}","status":"current","description":"Seltsam",'
        f'"subject":{{"reference":"Patient/{own}"}},"content":[{{"attachment":{{"url":"Binary/17"}}}}],'
        '"extension":[{"url":"urn:odd","valueDecimal":9e999999}]}'
    )
    keep_text(grant=treated.of_patient(Action.RECORD_WRITE), kind="DocumentReference", body=body.encode())
    reading = treated.of_patient(Action.RECORD_READ)
    assert {each.id for each in documents(grant=reading, patient=own)} == {kept, odd}
    subject = Subject(kind="Patient", id=own, organisation=treated.practice.id, patient=own)
    sending = authorise(actor=SYSTEM, action=Action.RECORD_SEND, subject=subject, circumstances=HERE)
    assert b"9E+999999" in attaching.whole(grant=sending, body=body.encode())


def test_of_another_patient_or_of_nobody_there_is_none(treated: Stage) -> None:
    kept, own = keep(treated, pdf()), treated.patient.id
    grant = treated.of_patient(Action.RECORD_READ)
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=treated.practice.id)
    named = {"given_name": "Kwame", "family_name": "Osei", "language": "de"}
    other = replace(treated, patient=register_patient(grant=creating, born_on=date(1961, 4, 2), **named))
    other.visit_now()
    theirs = keep(other, pdf())
    for look in (document, content):
        with pytest.raises(NotFound):
            look(grant=grant, patient=own, document=theirs)
    with pytest.raises(NotCovered):
        content(grant=grant, patient=new_id(), document=kept)
    with pytest.raises(NotFound):
        content(grant=grant, patient=own, document=new_id())


def test_a_doctor_sends_one_and_reads_it_in_the_list(treated: Stage, signed_in: SignIn) -> None:
    answer = send(signed_in(treated.doctor), treated, pdf(), title="Brief der Augenklinik")
    assert answer.startswith("200")
    assert "Brief der Augenklinik" in answer
    assert "The document is kept." in answer


REFUSED = (
    (b"<html>", "scan.pdf", "Only PDF files and pictures"),
    (pdf()[:-9], "scan.pdf", "damaged or not complete"),
    (pdf(b"/Encrypt 9 0 R"), "scan.pdf", "protected by a password"),
    (pdf(b"/Launch "), "scan.pdf", "holds a program"),
    (pdf(), "scan.png", "does not fit what is in it"),
    (b"", "scan.pdf", "This file is empty"),
)


def test_what_is_not_kept_is_said_in_one_sentence_beside_the_field(treated: Stage, signed_in: SignIn) -> None:
    browser = signed_in(treated.doctor)
    for whole, name, sentence in REFUSED:
        answer = send(browser, treated, whole, name)
        assert answer.startswith("422")
        assert sentence in answer
        assert "Brief" in answer
    assert not Resource.objects.filter(type="Binary").exists()


def test_where_the_scanner_is_away_nothing_is_kept(
    treated: Stage, signed_in: SignIn, settings: Settings
) -> None:
    settings.CLAMAV = "127.0.0.1:1"
    answer = send(signed_in(treated.doctor), treated, pdf())
    assert "The virus scanner does not answer" in answer
    assert not Resource.objects.filter(type="DocumentReference").exists()


def test_the_bytes_leave_as_a_download_that_runs_nothing(treated: Stage, signed_in: SignIn) -> None:
    browser = signed_in(treated.doctor)
    for whole in (pdf(), jpeg(), png()):
        answer = browser.get(place(treated, keep(treated, whole), "content/"))
        assert answer.content == whole
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_picture_is_shown_on_its_page_and_a_pdf_is_not(treated: Stage, signed_in: SignIn) -> None:
    browser = signed_in(treated.doctor)
    picture, letter = (browser.get(place(treated, keep(treated, whole))) for whole in (png(), pdf()))
    assert b"<img src=" in picture.content
    assert b"<img src=" not in letter.content.replace(b"mark.svg", b"").partition(b"<main")[2]


def test_beside_a_call_the_list_comes_without_a_page_around_it(treated: Stage, signed_in: SignIn) -> None:
    answer = signed_in(treated.doctor).get(place(treated), headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert b"No documents are kept here yet." in answer.content


@pytest.mark.parametrize("who", ["second", "desk"])
def test_nobody_reads_or_sends_without_an_appointment(treated: Stage, signed_in: SignIn, who: str) -> None:
    browser, kept = signed_in(getattr(treated, who)), keep(treated, pdf(), "Augenklinik")
    for path in (place(treated), place(treated, kept), place(treated, kept, "content/")):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert b"Augenklinik" not in answer.content
    assert send(browser, treated, pdf()).startswith("403")


def test_each_look_is_told_with_what_was_looked_at(
    treated: Stage, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, browser = keep(treated, pdf()), signed_in(treated.doctor)
    heard = listening(monkeypatch)
    browser.get(place(treated, kept, "content/"))
    assert [(entry.action, entry.outcome) for entry in heard] == [("records:resource:read", "allow")]
    assert Resource.objects.filter(type="Binary").count() == 1
