"""A questionnaire goes with the appointment, is answered before the call, and stands beside it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from stage.deliveries import deliver_all
from stage.visits import HERE, Stage, person

from teleward.access.grants import NOBODY, SYSTEM, Action, authorise
from teleward.access.models import Person
from teleward.access.operations.passes import claim_pass
from teleward.access.queries.passes import COOKIE
from teleward.audit.queries.chains import of_patient
from teleward.consult.cards import VisitCard
from teleward.consult.models import FormAnswered, FormAsked, FormDraft, Visit
from teleward.consult.operations.guests import add_guest, show_link
from teleward.consult.queries.guests import guests
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.events import Event
from teleward.records.fhir.reading import read
from teleward.records.models import Resource
from teleward.records.queries.questionnaires import questionnaires
from teleward.records.queries.resources import newest

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


@pytest.fixture
def admin(stage: Stage, signed_in: SignIn) -> Client:
    return signed_in(person(stage.practice, "Dagny Falk", "administrator"))


@pytest.fixture
def visit(stage: Stage, admin: Client) -> VisitCard:
    admin.post("/questionnaires/starters/")
    return stage.visit_now()


def sends(stage: Stage, host: Client, visit: VisitCard) -> str:
    """The host sends the first questionnaire; returns where the patient answers it."""
    card = next(each for each in questionnaires(practice=stage.practice.id) if "Before" in each.title)
    fields = {"questionnaire": card.id, "loaded_for": visit.patient}
    assert host.post(f"/visits/{visit.id}/questions/", fields).status_code == 200
    return f"/visit/questions/{FormAsked.objects.get().id}/"


def guest(stage: Stage, visit: VisitCard, role: str = "patient") -> Client:
    """The browser of somebody who has pressed their link."""
    inviting = stage.grant(Action.VISIT_INVITE, visit)
    if role != "patient":
        someone = add_guest(grant=inviting, visit=visit.id, role=role, name="Deniz", language="de")
    else:
        someone = guests(grant=inviting)[0].id
    link = show_link(grant=inviting, visit=visit.id, guest=someone)
    token = link.url.rstrip("/").rpartition("/")[2]
    subject = visit_subject(visit=visit.id)
    grant = authorise(actor=NOBODY, action=Action.VISIT_CLAIM, subject=subject, circumstances=HERE)
    client = Client(headers={"accept-language": "en"})
    client.cookies[COOKIE] = claim_pass(grant=grant, token=token).cookie
    return client


def named(page: str, label: str) -> str:
    """The name of the first field below this text."""
    found = re.search(re.escape(label) + r'.*?name="([^"]+)"', page, re.DOTALL)
    assert found, label
    return found[1]


def seen(page: str) -> str:
    found = re.search(r'name="shown" value="([^"]*)"', page)
    assert found
    return found[1]


def answers(page: str) -> dict[str, str]:
    """What a patient without complaints says."""
    return {
        named(page, "What is it about?"): "Husten",
        named(page, "Are you in pain?"): "false",
        named(page, "Do you take any medicines?"): "false",
        named(page, "Do you have allergies"): "false",
    }


def test_it_is_answered_before_the_call_and_kept_in_the_chart(
    stage: Stage, signed_in: SignIn, visit: VisitCard
) -> None:
    host = signed_in(stage.doctor)
    address = sends(stage, host, visit)
    patient = guest(stage, visit)
    assert address in patient.get("/visit/questions/").content.decode()
    page = patient.get(address).content.decode()
    answer = patient.post(address, {**answers(page), "do": "hand-in", "shown": seen(page)})
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert "Thank you for your answers" in patient.get(address).content.decode()
    deliver_all(Event.FORM_ANSWERED, visit=visit.id)
    reading = authorise(
        actor=SYSTEM,
        action=Action.RECORD_READ,
        subject=visit_subject(visit=visit.id),
        circumstances=HERE,
    )
    (kept,) = newest(grant=reading, kind="QuestionnaireResponse")
    read("QuestionnaireResponse", kept.body)
    assert b'"valueString":"Husten"' in kept.body
    assert b"Husten" not in bytes(Resource.objects.get(type="QuestionnaireResponse").body)
    sheet = host.get(f"/visits/{visit.id}/questions/").content.decode()
    assert "Husten" in sheet
    assert "by the patient" in sheet


def test_answers_of_a_visit_that_is_kept_closer_stay_with_the_visit(
    stage: Stage, signed_in: SignIn, visit: VisitCard
) -> None:
    host = signed_in(stage.doctor)
    address = sends(stage, host, visit)
    patient = guest(stage, visit)
    page = patient.get(address).content.decode()
    patient.post(address, {**answers(page), "do": "hand-in", "shown": seen(page)})
    Visit.objects.filter(id=visit.id).update(category="sexual-health")
    deliver_all(Event.FORM_ANSWERED, visit=visit.id)
    assert not Resource.objects.filter(type="QuestionnaireResponse").exists()
    assert "Husten" in host.get(f"/visits/{visit.id}/questions/").content.decode()


def test_without_scripts_a_further_question_comes_before_anything_is_handed_in(
    stage: Stage, signed_in: SignIn, visit: VisitCard
) -> None:
    address = sends(stage, signed_in(stage.doctor), visit)
    patient = guest(stage, visit)
    page = patient.get(address).content.decode()
    assert "How strong is the pain" not in page
    hurts = answers(page) | {named(page, "Are you in pain?"): "true"}
    page = patient.post(address, {**hurts, "do": "hand-in", "shown": seen(page)}).content.decode()
    assert "How strong is the pain" in page
    assert "A few more questions" in page
    assert "Husten" in page
    assert not FormAnswered.objects.exists()
    wrong = hurts | {named(page, "How strong is the pain"): "sehr"}
    answer = patient.post(address, {**wrong, "do": "hand-in", "shown": seen(page)})
    assert answer.status_code == 422
    assert "Please enter a whole number" in answer.content.decode()
    assert 'value="sehr"' in answer.content.decode()
    assert "Husten" in answer.content.decode()


def test_what_was_typed_is_there_again_and_nobody_reads_it_in_the_database(
    stage: Stage, signed_in: SignIn, visit: VisitCard
) -> None:
    address = sends(stage, signed_in(stage.doctor), visit)
    patient = guest(stage, visit)
    page = patient.get(address).content.decode()
    patient.post(address, {named(page, "What is it about?"): "Husten", "do": "keep"})
    assert "Husten" in patient.get(address).content.decode()
    assert b"Husten" not in bytes(FormDraft.objects.get().typed)


def test_a_group_that_repeats_takes_one_more(stage: Stage, signed_in: SignIn, visit: VisitCard) -> None:
    address = sends(stage, signed_in(stage.doctor), visit)
    patient = guest(stage, visit)
    page = patient.get(address).content.decode()
    takes = {named(page, "Do you take any medicines?"): "true"}
    page = patient.post(address, {**takes, "do": "keep"}).content.decode()
    count, value = re.findall(r'type="hidden" name="(n[^"]+)" value="(\d+)"', page)[0]
    first = named(page, "What is it called?")
    typed = {**takes, count: value, first: "Ramipril", "more": count[1:]}
    page = patient.post(address, typed).content.decode()
    assert page.count("What is it called?") == 2
    assert 'value="Ramipril"' in page


def test_what_was_handed_in_is_not_changed_any_more(
    stage: Stage, signed_in: SignIn, visit: VisitCard
) -> None:
    address = sends(stage, signed_in(stage.doctor), visit)
    patient = guest(stage, visit)
    page = patient.get(address).content.decode()
    said = {**answers(page), "do": "hand-in", "shown": seen(page)}
    patient.post(address, said)
    again = patient.post(address, said | {named(page, "What is it about?"): "etwas anderes"})
    assert "Thank you for your answers" in again.content.decode()
    assert FormAnswered.objects.count() == 1
    handed = [e.facts for e in of_patient(patient=visit.patient) if "answered" in e.facts["detail"]]
    assert [facts["action"] for facts in handed] == ["consult:visit:prepare"]


def test_the_waiting_room_says_that_there_are_questions_to_the_patient_alone(
    stage: Stage, signed_in: SignIn, visit: VisitCard
) -> None:
    address = sends(stage, signed_in(stage.doctor), visit)
    relative = guest(stage, visit, "relative")
    assert relative.get(address).status_code == 404
    assert relative.get("/visit/questions/").status_code == 404
    assert "/visit/questions/" not in relative.get("/visit/").content.decode()


def test_the_questionnaire_of_another_visit_is_not_there(
    stage: Stage, signed_in: SignIn, visit: VisitCard
) -> None:
    address = sends(stage, signed_in(stage.doctor), visit)
    another = stage.visit()
    assert guest(stage, another).get(address).status_code == 404


def test_a_questionnaire_is_not_sent_from_a_page_of_somebody_else(
    stage: Stage, signed_in: SignIn, visit: VisitCard
) -> None:
    card = questionnaires(practice=stage.practice.id)[0]
    fields = {"questionnaire": card.id, "loaded_for": stage.doctor.id}
    answer = signed_in(stage.doctor).post(f"/visits/{visit.id}/questions/", fields)
    assert (answer.status_code, FormAsked.objects.count()) == (409, 0)


def test_what_cannot_be_asked_is_refused_with_its_places_and_kept_in_the_field(admin: Client) -> None:
    bad = '{"resourceType": "Questionnaire", "status": "active", "item": [{"linkId": "x", "type": "choice"}]}'
    answer = admin.post("/questionnaires/", {"text": bad})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "x: A choice needs its answers written out" in page
    assert "&quot;linkId&quot;" in page
    unreadable = admin.post(
        "/questionnaires/", {"text": '{"resourceType": "Questionnaire", "status": "new"}'}
    )
    assert "Questionnaire.status" in unreadable.content.decode()
    assert not Resource.objects.filter(type="Questionnaire").exists()


def test_one_that_is_not_offered_any_more_stays_for_those_who_have_it(
    stage: Stage, signed_in: SignIn, admin: Client, visit: VisitCard
) -> None:
    host = signed_in(stage.doctor)
    address = sends(stage, host, visit)
    for card in questionnaires(practice=stage.practice.id):
        answer = admin.post(f"/questionnaires/{card.id}/retirement/")
        assert answer.status_code == 302, answer.content.decode()
    assert "Send a questionnaire" not in host.get(f"/visits/{visit.id}/questions/").content.decode()
    assert "What is it about?" in guest(stage, visit).get(address).content.decode()
