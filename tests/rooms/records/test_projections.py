"""A consultation in the chart: FHIR R4, every version kept, held against an implementation from outside."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from fhir.resources.R4B import get_fhir_model_class
from stage.deliveries import deliver_again, deliver_all, nothing_waits
from stage.visits import HERE, Stage

from teleward.access.grants import SYSTEM, Action, Grant, NotCovered, authorise
from teleward.consult.cards import VisitCard
from teleward.consult.models import Ending, Seat, Visit
from teleward.consult.operations.choices import agree, withdraw
from teleward.consult.operations.endings import end
from teleward.consult.operations.moves import move_visit
from teleward.consult.operations.projections import project_encounter
from teleward.consult.operations.rescheduling import reschedule
from teleward.consult.operations.visits import cancel
from teleward.consult.queries.subjects import visit_subject
from teleward.consult.states import VisitEvent
from teleward.consult.tasks import mark_missed_visits
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.kernel.ids import new_id
from teleward.records.fhir.reading import read
from teleward.records.models import Resource
from teleward.records.queries.resources import Version, history, newest

# Required elements and their cardinality as FHIR R4 (4.0.1) publishes them.
REQUIRED = {
    "Appointment": {"status", "participant"},
    "Encounter": {"status", "class"},
    "Consent": {"status", "scope", "category"},
    "Communication": {"status"},
}


def reading(visit: VisitCard, action: Action = Action.RECORD_READ) -> Grant:
    return authorise(actor=SYSTEM, action=action, subject=visit_subject(visit=visit.id), circumstances=HERE)


def only(visit: VisitCard, kind: str) -> Mapping[str, Any]:
    (version,) = newest(grant=reading(visit), kind=kind)
    return checked(version)


def checked(version: Version) -> Mapping[str, Any]:
    """The resource as JSON, after our own strict decoder and the one from outside have both read it."""
    body: Mapping[str, Any] = json.loads(version.body)
    assert body.keys() >= REQUIRED[version.type]
    read(version.type, version.body)
    get_fhir_model_class(version.type).model_validate_json(version.body)
    return body


@pytest.fixture
def visit(stage: Stage) -> VisitCard:
    return stage.visit_now()


def hold(stage: Stage, visit: VisitCard, disposition: str = "completed") -> None:
    """The visit takes place, with an interpreter, and ends."""
    for number, role, name in (
        (1, "host", "Dr. Jana Novák"),
        (2, "patient", "Ayşe Demir"),
        (3, "interpreter", "Ali"),
    ):
        seat = Seat.objects.create(
            visit_id=visit.id,
            peer=str(number) * 32,
            number=number,
            role=role,
            name=name,
            state="admitted",
            pass_id=new_id(),
        )
        seat.admissions.create()
    grant = stage.grant(Action.VISIT_END, visit)
    end(grant=grant, visit=visit.id, disposition=disposition, follow_up_offered=False)


def test_a_booked_visit_is_an_appointment(visit: VisitCard) -> None:
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    body = only(visit, "Appointment")
    assert (body["status"], body["minutesDuration"]) == ("booked", 20)
    assert body["participant"][0]["actor"]["reference"] == f"Patient/{visit.patient}"


def test_the_virtual_service_leads_to_the_lobby_and_holds_no_secret(stage: Stage, visit: VisitCard) -> None:
    token = stage.link(visit).url.split("/join/")[1]
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    body = only(visit, "Appointment")
    parts = {part["url"]: part for part in body["extension"][0]["extension"]}
    assert parts["address"]["valueUrl"].endswith("/visit/")
    assert token not in json.dumps(body)


def test_the_encounter_is_virtual_and_names_everybody_but_the_patient_as_participant(
    stage: Stage, visit: VisitCard
) -> None:
    hold(stage, visit)
    deliver_all(Event.VISIT_ENDED, visit=visit.id)
    body = only(visit, "Encounter")
    assert body["class"] == {
        "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        "code": "VR",
        "display": "virtual",
    }
    assert body["status"] == "finished"
    assert [who["type"][0]["coding"][0]["code"] for who in body["participant"]] == ["PPRF", "translator"]
    assert body["subject"]["reference"] == f"Patient/{visit.patient}"
    assert body["length"]["code"] == "min"
    assert body["period"]["start"] <= body["period"]["end"]


def test_nobody_came_is_a_cancelled_encounter_and_a_noshow(stage: Stage, visit: VisitCard) -> None:
    hold(stage, visit, "no-show")
    deliver_all(Event.VISIT_ENDED, visit=visit.id)
    assert only(visit, "Encounter")["status"] == "cancelled"
    assert only(visit, "Appointment")["status"] == "noshow"
    assert Ending.objects.get().disposition == "no-show"


def test_an_encounter_waits_for_the_end(visit: VisitCard) -> None:
    project_encounter(grant=reading(visit, Action.RECORD_WRITE))
    assert newest(grant=reading(visit), kind="Encounter") == ()


def test_an_appointment_that_is_moved_is_moved_in_the_chart(stage: Stage) -> None:
    visit = stage.visit()
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    later = visit.starts_at + timedelta(hours=3)
    moving = stage.grant(Action.VISIT_INVITE, visit)
    reschedule(grant=moving, visit=visit.id, starts_at=later, ends_at=later + timedelta(minutes=20))
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    assert datetime.fromisoformat(only(visit, "Appointment")["start"]) == later


def test_nobody_came_to_an_open_door_and_the_chart_hears_of_it(visit: VisitCard) -> None:
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        mark_missed_visits(0)
    deliver_all(Event.VISIT_MISSED, visit=visit.id)
    assert only(visit, "Appointment")["status"] == "noshow"
    assert newest(grant=reading(visit), kind="Encounter") == ()


def test_who_waits_has_arrived_in_the_chart_and_who_went_away_again_has_not(visit: VisitCard) -> None:
    row, heard = Visit.objects.get(id=visit.id), []
    for step in (VisitEvent.ARRIVE, VisitEvent.WITHDRAW, VisitEvent.BEGIN):
        move_visit(row, step)
        deliver_all(Event.VISIT_ARRIVED, visit=visit.id)
        heard.append(only(visit, "Appointment")["status"])
    assert heard == ["arrived", "booked", "arrived"]
    move_visit(row, VisitEvent.ARRIVE)  # a second guest
    assert nothing_waits(Event.VISIT_ARRIVED)


def test_a_change_is_a_new_version_and_a_repetition_is_none(stage: Stage, visit: VisitCard) -> None:
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    deliver_again(Event.VISIT_BOOKED, visit=visit.id)
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="patient")
    deliver_all(Event.VISIT_CANCELLED, visit=visit.id)
    deliver_again(Event.VISIT_CANCELLED, visit=visit.id)
    versions = history(grant=reading(visit), kind="Appointment", logical_id=visit.id)
    assert [version.version for version in versions] == [2, 1]
    assert checked(versions[0])["cancelationReason"]["coding"][0]["code"] == "pat"


def test_a_consent_taken_back_is_inactive_from_then_on(visit: VisitCard) -> None:
    agree(grant=reading(visit, Action.VISIT_CONSENT), visit=visit.id, language="de")
    deliver_all(Event.CONSENT_GIVEN, visit=visit.id)
    assert only(visit, "Consent")["status"] == "active"
    withdraw(grant=reading(visit, Action.VISIT_CONSENT), visit=visit.id)
    deliver_all(Event.CONSENT_WITHDRAWN, visit=visit.id)
    body = only(visit, "Consent")
    assert body["status"] == "inactive"
    assert body["provision"]["period"].keys() == {"start", "end"}


def test_an_invitation_is_a_communication_without_content(stage: Stage, visit: VisitCard) -> None:
    stage.link(visit)
    deliver_all(Event.INVITATION_SENT, visit=visit.id)
    body = only(visit, "Communication")
    assert "payload" not in body
    assert body["about"] == [{"reference": f"Appointment/{visit.id}"}]


def test_no_resource_can_be_read_in_the_database(visit: VisitCard) -> None:
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    assert b"Appointment" not in bytes(Resource.objects.get().body)


def test_a_grant_for_something_else_opens_no_resource(stage: Stage, visit: VisitCard) -> None:
    with pytest.raises(NotCovered):
        newest(grant=stage.grant(Action.VISIT_READ, visit), kind="Appointment")
