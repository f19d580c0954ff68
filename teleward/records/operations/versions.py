"""Keeping a resource: a new version where something changed, nothing where nothing did."""

from uuid import UUID

import msgspec
from django.db import connection, transaction

from teleward.access.grants import Action, Grant, record
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal, unseal
from teleward.kernel.errors import NotFound
from teleward.records.fhir.appointment import Appointment
from teleward.records.fhir.communication import Communication
from teleward.records.fhir.consent import Consent
from teleward.records.fhir.encounter import Encounter
from teleward.records.models import Resource
from teleward.records.sealing import context_of

AnyResource = Appointment | Communication | Consent | Encounter


def keep(*, grant: Grant, resource: AnyResource) -> int:
    """Stores the resource for the grant's patient and returns its version number. Idempotent."""
    grant.must_cover(Action.RECORD_WRITE)
    kind, body = type(resource).__name__, msgspec.json.encode(resource)
    logical_id = UUID(resource.id)
    with transaction.atomic():
        with connection.cursor() as cursor:  # one writer per resource
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{kind}/{logical_id}"])
        newest = Resource.objects.filter(type=kind, logical_id=logical_id).order_by("-version").first()
        if newest is not None and _body(newest) == body:
            return newest.version
        return _add(grant, kind, logical_id, (newest.version if newest else 0) + 1, body)


def _add(grant: Grant, kind: str, logical_id: UUID, version: int, body: bytes) -> int:
    patient, organisation = grant.subject.patient, grant.subject.organisation
    if patient is None or organisation is None:
        raise NotFound
    Resource.objects.create(
        type=kind,
        logical_id=logical_id,
        version=version,
        organisation=organisation,
        patient=patient,
        body=seal(patient=patient, plaintext=body, context=context_of(kind, logical_id, version)),
        last_updated=now(),
    )
    record(grant=grant, detail={"resource": f"{kind}/{logical_id}", "version": version})
    return version


def _body(row: Resource) -> bytes:
    context = context_of(row.type, row.logical_id, row.version)
    return unseal(patient=row.patient, sealed=bytes(row.body), context=context)
