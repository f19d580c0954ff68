"""Files of another system, an administrator who brings them, and what became of them."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from stage.visits import HERE, Stage, person
from teleward.access.grants import Action, Grant, Subject, authorise
from teleward.access.models import Person
from teleward.access.operations.identifiers import give_identifier
from teleward.records.operations.imports import bring_import, carry_out
from teleward.records.queries.imports import LineCard, lines_left, one_import
from teleward.records.queries.resources import newest

MRN = "urn:oid:1.2.276.0.76.3.1"
PATIENT = {"resourceType": "Patient", "id": "p1", "identifier": [{"system": MRN, "value": "4711"}]}
STRANGER = {"resourceType": "Patient", "id": "p2", "identifier": [{"system": MRN, "value": "9999"}]}


def allergy(name: str = "a1", patient: str = "Patient/p1", **more: object) -> dict[str, object]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": name,
        "patient": {"reference": patient},
        "code": {"text": "Penicillin"},
        **more,
    }


def ndjson(*resources: object) -> bytes:
    return "\n".join(json.dumps(each) for each in resources).encode()


def bundle(*resources: dict[str, Any], kind: str = "collection") -> bytes:
    return json.dumps(
        {"resourceType": "Bundle", "type": kind, "entry": [{"resource": r} for r in resources]}
    ).encode()


@pytest.fixture
def numbered(stage: Stage) -> Stage:
    stage.visit()
    grant = stage.of_patient(Action.PATIENT_CHANGE)
    give_identifier(grant=grant, patient=stage.patient.id, system=MRN, value="4711")
    return stage


def admin(stage: Stage, action: Action = Action.APP_CHANGE) -> Grant:
    own = stage.practice.id
    who = Person.objects.filter(name="Ada Admin").first()
    who = who or person(stage.practice, "Ada Admin", "administrator")
    subject = Subject(kind="Organisation", id=own, organisation=own)
    actor = replace(stage.actor(who), method="passkey")
    return authorise(actor=actor, action=action, subject=subject, circumstances=HERE)


def bring(stage: Stage, content: bytes, source: str = "Praxis Meier") -> UUID:
    brought = bring_import(grant=admin(stage), content=content, source=source)
    carry_out(brought=brought)
    return brought


def counts(stage: Stage, brought: UUID) -> dict[str, int]:
    return one_import(grant=admin(stage, Action.APP_LIST), brought=brought).counts


def left(stage: Stage, brought: UUID) -> list[LineCard]:
    return list(lines_left(grant=admin(stage, Action.APP_LIST), brought=brought))


def chart(stage: Stage, kind: str) -> list[dict[str, Any]]:
    found = newest(grant=stage.of_patient(Action.RECORD_READ), kind=kind)
    return [json.loads(each.body) for each in found]
