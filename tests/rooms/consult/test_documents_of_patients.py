"""A patient sends documents, from the link or from their own page: checked as all, and marked as theirs."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.formats import date_format
from stage.papers import pdf, png
from stage.visits import HERE, Stage
from stage.wall import day_there

from teleward.access.grants import NOBODY, Action, authorise
from teleward.access.models import Patient, Person
from teleward.access.operations.passes import claim_pass
from teleward.access.queries.passes import COOKIE
from teleward.audit.queries.chains import of_patient
from teleward.consult.cards import VisitCard
from teleward.consult.models import Visit
from teleward.consult.operations.category import keep_visit_closer
from teleward.consult.operations.guests import add_guest, show_link
from teleward.consult.queries.guests import guests
from teleward.consult.queries.subjects import visit_subject
from teleward.records.models import Resource
from teleward.records.operations import documents
from teleward.records.operations.documents import keep_document
from teleward.records.queries.resources import newest

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
LINK, PAGE = "/visit/documents/", "/window/documents/"


def holder(stage: Stage, visit: VisitCard, role: str = "patient") -> Client:
    """The browser of somebody who has pressed their link."""
    inviting = stage.grant(Action.VISIT_INVITE, visit)
    someone = guests(grant=inviting)[0].id
    if role != "patient":
        someone = add_guest(grant=inviting, visit=visit.id, role=role, name="Deniz", language="de")
    link = show_link(grant=inviting, visit=visit.id, guest=someone)
    token = link.url.rstrip("/").rpartition("/")[2]
    grant = authorise(
        actor=NOBODY, action=Action.VISIT_CLAIM, subject=visit_subject(visit=visit.id), circumstances=HERE
    )
    client = Client(headers={"accept-language": "en"})
    client.cookies[COOKIE] = claim_pass(grant=grant, token=token).cookie
    return client


@pytest.fixture
def patient(stage: Stage, signed_in: SignIn) -> Client:
    """The patient, signed in to their own page."""
    account = Person.objects.create(organisation=stage.practice, email="a@example.org", name="Ayşe Demir")
    Patient.objects.filter(id=stage.patient.id).update(person=account)
    return signed_in(account)


def send(browser: Client, to: str, whole: bytes, name: str = "brief.pdf", key: str = "") -> str:
    form = {"title": "Augenklinik", "file": SimpleUploadedFile(name, whole), "key": key}
    answer = browser.post(to, form, follow=True)
    return f"{answer.status_code} {answer.content.decode()}"


def kept(stage: Stage) -> list[dict[str, object]]:
    found = newest(grant=stage.of_patient(Action.RECORD_READ), kind="DocumentReference")
    return [json.loads(each.body) for each in found]


def test_what_is_sent_with_the_link_stands_in_the_record_as_the_patients_own(
    stage: Stage, signed_in: SignIn
) -> None:
    visit = stage.visit_now()
    assert "Your practice has it" in send(holder(stage, visit), LINK, pdf())
    (said,) = kept(stage)
    assert said["author"] == [{"reference": f"Patient/{stage.patient.id}"}]
    assert said["context"] == {"encounter": [{"reference": f"Encounter/{visit.id}"}]}
    host = signed_in(stage.doctor)
    shown = host.get(f"/records/documents/{stage.patient.id}/").content.decode()
    assert "Augenklinik" in shown
    assert "sent by the patient" in shown
    assert "you decide" in host.get(f"/records/documents/{stage.patient.id}/{said['id']}/").content.decode()


def test_what_is_sent_from_ones_own_page_too_and_the_ledger_says_by_whom(
    stage: Stage, patient: Client
) -> None:
    stage.visit()
    assert "Your practice has it" in send(patient, PAGE, png(), "foto.png")
    (said,) = kept(stage)
    assert said["author"] == [{"reference": f"Patient/{stage.patient.id}"}]
    entries = [entry.facts for entry in of_patient(patient=stage.patient.id)]
    brought = [facts for facts in entries if facts["action"] == "records:document:bring"]
    assert {"resource": f"DocumentReference/{said['id']}", "version": 1} in [f["detail"] for f in brought]
    assert {facts["actor_kind"] for facts in brought} == {"PatientAccount"}


@pytest.mark.parametrize("to", [LINK, PAGE])
def test_a_file_that_is_none_of_the_three_kinds_is_not_kept(stage: Stage, patient: Client, to: str) -> None:
    visit = stage.visit_now()
    browser = holder(stage, visit) if to == LINK else patient
    answer = send(browser, to, b"MZ" + bytes(40), "brief.pdf")
    assert answer.startswith("422")
    assert "Only PDF files and pictures" in answer
    assert kept(stage) == []


@pytest.mark.parametrize("to", [LINK, PAGE])
def test_what_was_sent_is_listed_with_its_day_and_sending_the_form_again_sends_nothing(
    stage: Stage, patient: Client, to: str
) -> None:
    visit = stage.visit_now()
    browser = holder(stage, visit) if to == LINK else patient
    first = browser.get(to).content.decode()
    assert "What you sent" not in first
    key = re.findall(r'name="key" value="([^"]+)"', first)[0]
    for _again in range(2):
        answer = send(browser, to, pdf(), key=key)
        assert "Your practice has it" in answer
        assert answer.count("in your record</") == 1
    assert len(kept(stage)) == 1
    reloaded = browser.get(f"{to}?sent=1").content.decode()
    assert f"sent on {date_format(day_there())}" in " ".join(reloaded.split())
    assert key not in reloaded


def test_a_link_lists_what_was_sent_with_its_visit_and_nothing_else_of_the_record(
    stage: Stage, patient: Client
) -> None:
    with_link = holder(stage, stage.visit_now())
    send(patient, PAGE, pdf())
    keep_document(
        grant=stage.of_patient(Action.RECORD_WRITE), patient=stage.patient.id, title="Labor", content=pdf()
    )
    assert "What you sent" not in with_link.get(LINK).content.decode()
    own = patient.get(PAGE).content.decode()
    assert "Augenklinik" in own
    assert "Labor" not in own


def test_what_was_sent_is_listed_no_more_where_the_visit_is_kept_closer_since(stage: Stage) -> None:
    visit = stage.visit_now()
    browser = holder(stage, visit)
    assert "Augenklinik" in send(browser, LINK, pdf())
    keep_visit_closer(grant=stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, category="mental-health")
    assert "Augenklinik" not in browser.get(LINK).content.decode()


def test_an_interpreter_sends_nothing_into_the_patients_record(stage: Stage) -> None:
    assert send(holder(stage, stage.visit_now(), "interpreter"), LINK, pdf()).startswith("403")
    assert kept(stage) == []


def test_with_a_visit_that_is_kept_closer_nothing_is_sent_into_the_record(stage: Stage) -> None:
    visit = stage.visit_now()
    Visit.objects.update(category="mental-health")
    browser = holder(stage, visit)
    assert "kept especially private" in browser.get(LINK).content.decode()
    assert send(browser, LINK, pdf()).startswith("409")
    assert not Resource.objects.filter(type="Binary").exists()


def test_more_than_a_days_worth_is_asked_to_wait(
    stage: Stage, patient: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.visit()
    monkeypatch.setattr(documents, "MOST_BROUGHT", 1)
    send(patient, PAGE, pdf())
    assert "rest tomorrow" in send(patient, PAGE, pdf())
    monkeypatch.setattr(documents, "BROUGHT_WITHIN", timedelta(0))
    assert "Your practice has it" in send(patient, PAGE, pdf())
