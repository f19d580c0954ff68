"""Keeping a resource: a new version where something changed, nothing where nothing did."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from teleward.access.grants import Action, Grant, written
from teleward.kernel.clock import now
from teleward.kernel.envelope import fresh_key, opened_key
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.prepared import rows
from teleward.records.connections.known import GOES_OUT
from teleward.records.fhir.reading import read, write
from teleward.records.fhir.search import values
from teleward.records.models import Resource
from teleward.records.queries.resources import body_of
from teleward.records.store.digests import digests_of
from teleward.records.store.finding import found_by
from teleward.records.store.keeping import NewVersion, keep_values
from teleward.records.store.resources import checked, kind_of
from teleward.records.store.stamping import kept_time, stamped
from teleward.records.store.statements import KEEP, NEW_KEY

MADE = "MADE"
KEEPS = (
    Action.RECORD_WRITE,
    Action.DIRECTORY_WRITE,
    Action.FORM_CHANGE,
    Action.DOCUMENT_BRING,
    Action.READING_WRITE,
)


class OfAnotherPatient(Problem):
    """A resource of this type and id stands in somebody else's record."""

    code = "records:of-another-patient"
    status = 409
    message = _(
        "This stands in another patient's record already, so nothing was saved. Open the patient anew."
    )


def keep(*, grant: Grant, resource: Struct) -> int:
    """Stores the resource of the grant's patient, or of the practice itself; returns its version. Idempotent.

    It is Teleward's own: programs may read it and not change it. Raises OfAnotherPatient.
    """
    grant.must_cover(*KEEPS)
    kind, strict = kind_of(resource), checked(resource)
    body, logical_id = write(strict), UUID(strict.id)
    with transaction.atomic():
        with connection.cursor() as cursor:  # one writer per resource
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{kind}/{logical_id}"])
        newest = body_of(grant=grant, kind=kind, logical_id=logical_id)
        if newest is None:
            _must_be_nobodys(kind, logical_id)
            return _add(grant, strict, logical_id, 1, body)
        same = stamped(body, logical_id=logical_id, version=newest.version, at=newest.last_updated)
        if newest.body == same:
            return newest.version
        return _add(grant, strict, logical_id, newest.version + 1, body)


def keep_text(*, grant: Grant, kind: str, body: bytes) -> int:
    """The same of FHIR JSON of this type. Raises Invalid where it is none."""
    grant.must_cover(*KEEPS)
    return keep(grant=grant, resource=read(kind, body))


def _must_be_nobodys(kind: str, logical_id: UUID) -> None:
    if Resource.objects.filter(type=kind, logical_id=logical_id).exists():
        raise OfAnotherPatient


def _add(grant: Grant, resource: Any, logical_id: UUID, version: int, body: bytes) -> int:  # noqa: ANN401 - any struct
    patient, practice = grant.subject.patient, grant.organisation
    at, kind = kept_time(now()), kind_of(resource)
    new = NewVersion(
        kind=kind,
        logical_id=logical_id,
        version=version,
        patient=patient,
        practice=practice,
        body=stamped(body, logical_id=logical_id, version=version, at=at),
        deed=MADE,
        found=found_by(kind, values(resource), digests_of(practice)),
    )
    entry = written(grant=grant, detail={"resource": f"{kind}/{logical_id}", "version": version})
    ((wrapped,),) = rows(NEW_KEY.encode(), [patient or practice, fresh_key(), at])
    rows(KEEP.encode(), keep_values([entry], [new], [new.sealed(opened_key(wrapped=wrapped))], at))
    if patient is not None and kind in GOES_OUT:
        publish(Event.RESOURCE_KEPT, resource=new.id)
    return version
