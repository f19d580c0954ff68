"""Drafts of orders, and texts that notes begin with."""

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from fhir.resources.R4B import get_fhir_model_class
from stage.visits import HERE, Stage, person

from teleward.access.grants import SYSTEM, Action, Grant, authorise
from teleward.access.models import Person
from teleward.consult.cards import VisitCard
from teleward.consult.models import NoteVersion, OrderShared, Visit
from teleward.consult.queries.orders import planned
from teleward.consult.queries.subjects import visit_subject
from teleward.consult.queries.templates import note_templates
from teleward.records.queries.resources import newest

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


@pytest.fixture
def visit(stage: Stage) -> VisitCard:
    return stage.visit_now()


@pytest.fixture
def host(stage: Stage, signed_in: SignIn) -> Client:
    return signed_in(stage.doctor)


def system(visit: VisitCard, action: Action = Action.RECORD_READ) -> Grant:
    return authorise(actor=SYSTEM, action=action, subject=visit_subject(visit=visit.id), circumstances=HERE)


def drafts(host: Client, visit: VisitCard, **said: str) -> str:
    """Keeps a draft; returns its address."""
    fields = {"kind": "lab", "what": "Blutbild", "loaded_for": str(visit.patient), **said}
    page = host.post(f"/visits/{visit.id}/orders/", fields).content.decode()
    return re.findall(rf'href="(/visits/{visit.id}/orders/[0-9a-f-]{{36}}/)"', page)[0]


def kept(visit: VisitCard, kind: str) -> dict[str, object]:
    (version,) = newest(grant=system(visit), kind=kind)
    get_fhir_model_class(kind).model_validate_json(version.body)
    return dict(json.loads(version.body))


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("lab", "ServiceRequest"),
        ("imaging", "ServiceRequest"),
        ("referral", "ServiceRequest"),
        ("medicine", "MedicationRequest"),
    ],
)
def test_a_draft_is_fhir_and_says_that_it_is_one(
    host: Client, visit: VisitCard, kind: str, resource: str
) -> None:
    drafts(host, visit, kind=kind, what="Ibuprofen", dosage="1-0-1", why="Schmerz", urgent="on")
    body = kept(visit, resource)
    assert (body["status"], body["intent"], body["priority"]) == ("draft", "proposal", "urgent")
    assert "not a prescription" in json.dumps(body["note"])
    page = host.get(f"/visits/{visit.id}/orders/").content.decode()
    assert "Drafts, not prescriptions" in page
    assert "Ibuprofen" in page


def test_a_draft_is_changed_and_withdrawn_and_stays_in_the_chart(host: Client, visit: VisitCard) -> None:
    address, whose = drafts(host, visit), {"loaded_for": str(visit.patient)}
    assert host.post(address, {**whose, "what": "Kleines Blutbild", "why": "Müdigkeit"}).status_code == 200
    assert kept(visit, "ServiceRequest")["code"] == {"text": "Kleines Blutbild"}
    host.post(address, {**whose, "do": "withdraw"})
    assert kept(visit, "ServiceRequest")["status"] == "entered-in-error"
    assert "Blutbild" not in host.get(f"/visits/{visit.id}/orders/").content.decode()
    assert host.post(address, {**whose, "do": "withdraw"}).status_code == 409


def test_the_patient_reads_of_it_only_where_it_was_shown_and_as_it_stands(
    host: Client, visit: VisitCard
) -> None:
    address, whose = drafts(host, visit, kind="medicine", what="Ibuprofen", dosage="bei Bedarf"), {}
    whose = {"loaded_for": str(visit.patient)}
    assert planned(grant=system(visit)) == ()
    host.post(address, {**whose, "do": "share"})
    (shown,) = planned(grant=system(visit))
    assert (shown.kind, shown.what, shown.dosage) == ("medicine", "Ibuprofen", "bei Bedarf")
    assert b"Ibuprofen" not in bytes(OrderShared.objects.get().words)
    host.post(address, {**whose, "what": "Paracetamol"})
    assert planned(grant=system(visit)) == ()


def test_an_order_is_not_kept_from_a_page_of_somebody_else(
    stage: Stage, host: Client, visit: VisitCard
) -> None:
    said = {"kind": "lab", "what": "Blutbild", "loaded_for": str(stage.doctor.id)}
    assert host.post(f"/visits/{visit.id}/orders/", said).status_code == 409
    assert newest(grant=system(visit), kind="ServiceRequest") == ()


def test_a_visit_that_is_kept_closer_puts_no_order_into_the_chart(host: Client, visit: VisitCard) -> None:
    address, whose = drafts(host, visit), {"loaded_for": str(visit.patient)}
    Visit.objects.filter(id=visit.id).update(category="sexual-health")
    for where in (f"/visits/{visit.id}/orders/", address):
        answer = host.post(where, {**whose, "kind": "lab", "what": "HIV-Test"})
        assert answer["X-Problem"] == "consult:order-kept-closer"
    assert kept(visit, "ServiceRequest")["code"] == {"text": "Blutbild"}
    page = host.get(f"/visits/{visit.id}/orders/").content.decode()
    assert "write what is planned into the note" in page
    assert 'name="what"' not in page
    assert host.post(address, {**whose, "do": "withdraw"}).status_code == 200


def test_who_does_not_treat_the_patient_writes_no_orders(
    stage: Stage, signed_in: SignIn, visit: VisitCard
) -> None:
    said = {"kind": "lab", "what": "Blutbild", "loaded_for": str(visit.patient)}
    for someone in (stage.second, stage.desk):
        assert signed_in(someone).post(f"/visits/{visit.id}/orders/", said).status_code == 403


def test_a_template_is_inserted_below_what_was_typed_and_nothing_is_saved_by_it(
    stage: Stage, host: Client, visit: VisitCard
) -> None:
    host.post("/templates/", {"name": "Knie", "text": "Beweglichkeit:\nSchwellung:"})
    (template,) = note_templates(grant=stage.grant(Action.NOTE_READ, visit))
    said = {"loaded_for": str(visit.patient), "after": "0", "template": str(template.id), "insert": "1"}
    answer = host.post(f"/visits/{visit.id}/note/", {**said, "text": "Schon geschrieben"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Schon geschrieben\n\nBeweglichkeit:\nSchwellung:" in page
    assert not NoteVersion.objects.exists()


def test_a_changed_template_takes_the_place_of_the_old_one(
    stage: Stage, host: Client, visit: VisitCard
) -> None:
    def offered() -> list[tuple[str, str]]:
        found = note_templates(grant=stage.grant(Action.NOTE_READ, visit))
        return [(each.name, each.text) for each in found]

    host.post("/templates/", {"name": "Knie", "text": "alt"})
    (template,) = note_templates(grant=stage.grant(Action.NOTE_READ, visit))
    host.post(f"/templates/{template.id}/", {"name": "Knie", "text": "neu"})
    assert offered() == [("Knie", "neu")]
    (template,) = note_templates(grant=stage.grant(Action.NOTE_READ, visit))
    host.post(f"/templates/{template.id}/", {"end": "1"})
    assert offered() == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_starters_come_in_the_readers_language_and_once(
    stage: Stage, signed_in: SignIn, visit: VisitCard, language: str
) -> None:
    admin = signed_in(person(stage.practice, "Dagny Falk", "administrator"))
    for _twice in range(2):
        admin.post("/templates/starters/", headers={"accept-language": language})
    found = note_templates(grant=stage.grant(Action.NOTE_READ, visit))
    assert [each.language for each in found] == [language, language]


def test_the_reception_changes_no_templates(stage: Stage, signed_in: SignIn) -> None:
    desk = signed_in(stage.desk)
    assert desk.get("/templates/").status_code == 403
    assert desk.post("/questionnaires/starters/").status_code == 403
