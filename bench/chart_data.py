"""A practice with as many Observations as wanted, kept as the API keeps them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from psycopg import RawCursor

from bench.ground import NAME
from teleward.access.models import AppToken, Client, Organisation, Patient
from teleward.kernel.clock import now
from teleward.kernel.envelope import fresh_key
from teleward.kernel.fence import open_for
from teleward.kernel.ids import new_id, new_token, token_hash
from teleward.records.fhir.reading import read, write
from teleward.records.fhir.search import values
from teleward.records.store.digests import digests_of
from teleward.records.store.finding import found_by
from teleward.records.store.keeping import NewVersion, keep_values
from teleward.records.store.stamping import stamped
from teleward.records.store.statements import KEEP, NEW_KEY

PATIENTS = 100
BATCH = 500
CODES = ("8867-4", "8480-6", "8462-4", "59408-5", "29463-7", "8310-5")


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What the load asks for."""

    token: str
    patients: list[UUID]
    observations: list[UUID]


def observation(patient: UUID, number: int) -> dict[str, Any]:
    """One of a patient's many."""
    at = datetime(2026, 11, 1, tzinfo=UTC) - timedelta(minutes=number)
    category = "http://terminology.hl7.org/CodeSystem/observation-category"
    unit = {"unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"}
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": category, "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": CODES[number % len(CODES)]}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": at.isoformat(),
        "valueQuantity": {"value": 40 + number % 100, **unit},
        "note": [{"text": "Gemessen in Ruhe, im Sitzen, am linken Arm."}],
    }


def fill(size: int) -> Filled:
    """A practice, its patients, a program with a token, and so many Observations."""
    here = Organisation.objects.create(name=NAME, short_name="Bench")
    open_for(practice=here.id)
    names = {"organisation": here, "given_name": "P", "born_on": date(1980, 1, 1)}
    made = [Patient(family_name=str(number), **names) for number in range(PATIENTS)]
    patients = [patient.id for patient in Patient.objects.bulk_create(made)]
    with RawCursor(connection.connection) as cursor:
        keys = {
            each: cursor.execute(NEW_KEY, [each, fresh_key(), now()]).fetchall()[0][0] for each in patients
        }
        versions = (_version(here.id, patients[n % PATIENTS], n) for n in range(size))
        kept: list[UUID] = []
        while batch := list(islice(versions, BATCH)):
            sealed = [each.sealed(keys[each.patient]) for each in batch if each.patient]
            cursor.execute(KEEP, keep_values([], batch, sealed, now()), prepare=True, binary=True)
            kept += [each.logical_id for each in batch]
    return Filled(token=_token(here), patients=patients, observations=kept)


def _key(cursor: RawCursor[Any], patient: UUID) -> bytes:
    wrapped: bytes = cursor.execute(NEW_KEY, [patient, fresh_key(), now()]).fetchall()[0][0]
    return wrapped


def _version(practice: UUID, patient: UUID, number: int) -> NewVersion:
    resource, logical_id = read("Observation", msgspec.json.encode(observation(patient, number))), new_id()
    return NewVersion(
        kind="Observation",
        logical_id=logical_id,
        version=1,
        patient=patient,
        practice=practice,
        body=stamped(write(resource), logical_id=logical_id, version=1, at=now()),
        deed="POST",
        found=found_by("Observation", values(resource), digests_of(practice)),
    )


def _token(here: Organisation) -> str:
    client = Client.objects.create(
        organisation=here,
        name="Bench",
        what_for="Measures.",
        kind="backend",
        scopes="system/*.cruds",
        per_minute=100_000_000,
    )
    token, until = new_token(), now() + timedelta(hours=2)
    AppToken.objects.create(
        client=client, kind="access", scopes=client.scopes, token_hash=token_hash(token), expires_at=until
    )
    return token
