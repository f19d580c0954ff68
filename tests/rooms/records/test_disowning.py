"""What is taken back in the chart is the patient's own: a device's, an app's, or of a consultation."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import pytest
from stage.deliveries import nothing_waits
from stage.programs import allows, connects, holds
from stage.visits import HERE, Stage
from stage.window import account

from teleward.access.grants import Action, Actor, ActorKind, Grant, authorise
from teleward.access.models import Patient, Person
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.access.queries.tokens import asker
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event
from teleward.kernel.ids import new_id
from teleward.records.models import Resource
from teleward.records.operations.disowning import NotTheirs, mark_wrong
from teleward.records.operations.versions import keep_text

Json = dict[str, Any]
TAGGED: Json = {"meta": {"tag": [{"code": "patient-supplied"}]}}
DEVICE: Json = {"device": {"reference": f"Device/{new_id()}"}}
VISIT: Json = {"encounter": {"reference": f"Encounter/{new_id()}"}, **DEVICE}
ELSEWHERE: Json = {"encounter": {"identifier": {"value": "Encounter/1"}}, **DEVICE}


def app(stage: Stage) -> Grant:
    """An app in the patient's name."""
    whose = Patient.objects.get(id=stage.patient.id)
    client = connects(stage.practice, scopes="patient/Observation.u")
    given = allows(client, Person.objects.get(id=account(whose).id), patient_id=whose.id)
    return asks(asker(token=holds(client, given)), whose.id)


def gateway(stage: Stage) -> Grant:
    """A device at the patient's home."""
    whose = stage.patient.id
    known = {"organisation": stage.practice.id, "patient": whose, "roles": frozenset({"device"})}
    return asks(Actor(kind=ActorKind.DEVICE, id=new_id(), **known), whose)


def asks(actor: Actor, patient: UUID) -> Grant:
    subject = replace(patient_subject(patient=patient), interaction="Observation.u")
    return authorise(actor=actor, action=Action.READING_WRITE, subject=subject, circumstances=HERE)


def kept(stage: Stage, *more: Json, kind: str = "Observation") -> UUID:
    """An Observation that stands in the patient's chart."""
    about, name = patient_subject(patient=stage.patient.id), new_id()
    grant = system_grant(action=Action.RECORD_WRITE, organisation=stage.practice.id, subject=about)
    body: Json = {"resourceType": kind, "id": str(name), "code": {"text": "Puls"}}
    body["subject"] = {"reference": f"Patient/{stage.patient.id}"}
    body |= {"status": "final", "note": [{"text": "Im Sitzen."}]} if kind == "Observation" else {}
    for each in more:
        body |= each
    keep_text(grant=grant, kind=kind, body=msgspec.json.encode(body))
    return name


@pytest.mark.parametrize(
    ("who", "what", "by"),
    [
        (gateway, TAGGED, "The gateway that sent it"),
        (app, TAGGED, "An app of the patient"),
        (app, VISIT, "An app of the patient"),
    ],
)
def test_it_says_that_it_is_wrong_beside_what_was_said_before_and_once(
    stage: Stage, who: Callable[[Stage], Grant], what: Json, by: str
) -> None:
    grant, named = who(stage), kept(stage, what)
    body = msgspec.json.decode(mark_wrong(grant=grant, logical_id=named).body)
    assert body["status"] == "entered-in-error"
    assert [note.get("authorString", note["text"]) for note in body["note"]] == ["Im Sitzen.", by]
    assert not nothing_waits(Event.OBSERVATION_DISOWNED, observation=named, patient=stage.patient.id)
    assert mark_wrong(grant=grant, logical_id=named).version == 2
    assert Resource.objects.filter(logical_id=named).count() == 2


@pytest.mark.parametrize(
    ("who", "what"),
    [(gateway, {}), (gateway, VISIT), (app, {}), (app, DEVICE), (app, ELSEWHERE)],
    ids=["a-note", "of-a-visit", "of-the-practice", "of-a-device-there", "of-a-stay-elsewhere"],
)
def test_what_somebody_else_measured_or_wrote_is_not_theirs_to_take_back(
    stage: Stage, who: Callable[[Stage], Grant], what: Json
) -> None:
    grant, named = who(stage), kept(stage, what)
    with pytest.raises(NotTheirs):
        mark_wrong(grant=grant, logical_id=named)
    assert Resource.objects.get(logical_id=named).version == 1


def test_what_another_system_wrote_for_a_visit_is_not_theirs_either(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as by_a_program:
        by_a_program.setattr("teleward.records.operations.versions.MADE", "POST")
        named = kept(stage, VISIT)
    with pytest.raises(NotTheirs):
        mark_wrong(grant=app(stage), logical_id=named)


def test_what_is_no_observation_or_of_nobody_is_not_there(stage: Stage) -> None:
    grant = gateway(stage)
    for named in (new_id(), kept(stage, {"meta": TAGGED["meta"]}, kind="Condition")):
        with pytest.raises(NotFound):
            mark_wrong(grant=grant, logical_id=named)
