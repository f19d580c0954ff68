"""Another practice with a chart of its own, and a connection to it, as two administrators make it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from stage.programs import connects
from stage.visits import Stage, practice
from teleward.access.grants import Action
from teleward.access.models import Client, Organisation
from teleward.access.operations.identifiers import give_identifier
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.records.connections.kinds.fhir import SENDS
from teleward.records.operations.connections import Wanted, connect
from teleward.records.operations.directory import project_patient
from teleward.records.queries.connections import public_keys

KVNR = "http://fhir.de/sid/gkv/kvid-10"
CARD = (KVNR, "A123456780")
FILES = "urn:oid:1.2.276.0.76.3.1.4711"  # the numbers of files in some other system
Number = tuple[str, str]
SCOPES = "system/*.cruds"


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """The other practice, the one there who is our patient, our connection, and our name there."""

    practice: Organisation
    patient: UUID
    connection: UUID
    client: Client


def numbered(patient: UUID, number: Number = CARD) -> None:
    """This patient has an insurance number, and the chart knows."""
    subject = patient_subject(patient=patient)
    grant = system_grant(
        action=Action.PATIENT_CHANGE, organisation=subject.organisation, subject=subject, via="job"
    )
    give_identifier(grant=grant, patient=patient, system=number[0], value=number[1])
    project_patient(patient=patient)


def patient_of(there: Organisation, number: Number = CARD, given: str = "Ayse") -> UUID:
    """Somebody in that practice, written in its own way."""
    grant = system_grant(action=Action.PATIENT_CREATE, organisation=there.id)
    name = {"given_name": given, "family_name": "Demir", "language": "de"}
    made = register_patient(grant=grant, born_on=date(1979, 5, 3), **name).id
    numbered(made, number)
    return made


def connection_to(stage: Stage, address: str, *, sends: tuple[str, ...] = SENDS, **settings: str) -> UUID:
    """What an administrator of ours enters."""
    grant = system_grant(action=Action.APP_CHANGE, organisation=stage.practice.id)
    wanted = Wanted(kind="fhir", name="Praxissystem Nord", address=address, sends=sends, settings=settings)
    return connect(grant=grant, wanted=wanted)


def elsewhere(stage: Stage, address: str, **settings: Any) -> Elsewhere:
    """Both sides: their administrator registers our keys, ours enters the name they gave us."""
    there = practice("Gegenüber")
    client = connects(there, kind="backend", scopes=SCOPES, redirect_uris=[])
    asked = {"client_id": str(client.id), "scopes": SCOPES, **settings}
    connection = connection_to(stage, address, **asked)
    Client.objects.filter(id=client.id).update(keys=public_keys(connection=connection))
    numbered(stage.patient.id)
    return Elsewhere(practice=there, patient=patient_of(there), connection=connection, client=client)
